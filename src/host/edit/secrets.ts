/** Owns the commands around secret values: names, sizes, the words of a refusal. Values go in and never come out. */
import type { DagId } from "../../core/base/brand.ts";
import type { Store } from "../../ports/store.ts";
import { VaultError, type Vault } from "../../ports/vault.ts";
import { CommandError, type Commands } from "../commands.ts";

const namePattern = /^[A-Za-z_][\w.-]{0,127}$/;
export const valueBytesMax = 64 * 1024;
export const passphraseLengthMin = 8;

const told = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof VaultError) throw new CommandError(error.code, error.message);
    throw error;
  }
};
type SecretCommands = Pick<Commands, "secrets" | "putSecret" | "deleteSecret" | "protectSecrets" | "unprotectSecrets" | "unlockSecrets" | "lockSecrets">;

export const createSecretCommands = ({ vault, store }: { readonly vault: Vault; readonly store: Store }): SecretCommands => ({
  secrets: () => told(vault.view()),
  putSecret: async (scope, name, value) => {
    if (!namePattern.test(name)) throw new CommandError("bad_secret", `${name} is no name for a secret`);
    if (value === "") throw new CommandError("bad_secret", "a secret cannot be empty");
    if (new TextEncoder().encode(value).length > valueBytesMax) throw new CommandError("too_large", `a secret has at most ${valueBytesMax} bytes`);
    if (scope !== "" && (await store.transact((tx) => tx.dag(scope as DagId), { readonly: true })) === undefined) throw new CommandError("not_found", `there is no DAG ${scope}`);
    await told(vault.put(scope, name, value));
  },
  deleteSecret: (scope, name) => told(vault.delete(scope, name)),
  protectSecrets: async (passphrase) => {
    if (passphrase.length < passphraseLengthMin) throw new CommandError("weak_passphrase", `a passphrase has at least ${passphraseLengthMin} characters`);
    await told(vault.protect(passphrase));
  },
  unprotectSecrets: () => told(vault.unprotect()),
  unlockSecrets: (passphrase) => told(vault.unlock(passphrase)),
  lockSecrets: () => told(vault.lock()),
});
