/**
 * The contract with the keeper of secret values. V1 A value is never told but to `open`, and never stored, sent or exported in clear. V2 While
 * the vault is locked nothing can be opened or put. V3 A secret of a DAG hides the workspace's of the same name. V4 What is kept stays on this
 * device: neither sync nor a backup sees it.
 */
import type { Instant } from "../core/base/brand.ts";

export interface SecretInfo {
  readonly name: string;
  /** The DAG it is for; "" = every DAG of this workspace. */
  readonly scope: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** When a run was given the value last. */
  readonly lastUsedAt?: Instant;
}
export interface VaultView {
  /** False where the browser gives the page no cryptography (plain HTTP): nothing can be kept. */
  readonly isAvailable: boolean;
  /** The key is wrapped by a passphrase. */
  readonly isProtected: boolean;
  readonly isLocked: boolean;
  /** By name, then scope. */
  readonly secrets: readonly SecretInfo[];
}
/** Values by name, as far as there are any; or the name that is there and cannot be opened. */
export type VaultAnswer =
  | { readonly ok: true; readonly values: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly reason: "locked" | "damaged"; readonly name: string };

export type VaultFailure = "locked" | "wrong_passphrase" | "no_crypto" | "damaged";
/** The only error that a vault rejects with on purpose. */
export class VaultError extends Error {
  override readonly name = "VaultError";
  readonly code: VaultFailure;
  constructor(code: VaultFailure, message: string) {
    super(message);
    this.code = code;
  }
}
export interface Vault {
  readonly view: () => Promise<VaultView>;
  readonly put: (scope: string, name: string, value: string) => Promise<void>;
  readonly delete: (scope: string, name: string) => Promise<void>;
  /** What a run of this DAG is given for these names; notes the use. */
  readonly open: (dag: string, names: readonly string[]) => Promise<VaultAnswer>;
  /** Wraps the key by a passphrase (a new one, if there is one already). */
  readonly protect: (passphrase: string) => Promise<void>;
  readonly unprotect: () => Promise<void>;
  /** For every tab of this browser. */
  readonly unlock: (passphrase: string) => Promise<void>;
  readonly lock: () => Promise<void>;
}
