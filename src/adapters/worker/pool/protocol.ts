/** Owns the messages between the pool and a step worker. Orders and reports are plain data; every message names what it is about. */
import type { VaultAnswer } from "../../../ports/vault.ts";
import type { AssetName } from "../../../ports/assets.ts";
import type { AttemptOrder, AttemptReport, AttemptToken, CancelHow, LogPiece, Prepared, PrepareOrder, StartInput, StartValues } from "../../../ports/executor.ts";

export type ToWorker =
  | { readonly type: "begin"; readonly files: MessagePort; readonly network: MessagePort }
  | { readonly type: "attempt"; readonly order: AttemptOrder }
  | { readonly type: "prepare"; readonly order: PrepareOrder }
  | { readonly type: "evaluate"; readonly id: string; readonly input: StartInput }
  | { readonly type: "abort"; readonly token: AttemptToken; readonly how: CancelHow }
  | { readonly type: "asset"; readonly name: AssetName; readonly bytes?: Uint8Array; readonly error?: string }
  /** Values of secrets that the job's own order declares, so many callers above. */
  | { readonly type: "secrets"; readonly level: number; readonly answer: VaultAnswer }
  /** So many bytes of log have been taken: the worker may send as many more. */
  | { readonly type: "credit"; readonly bytes: number };

export type FromWorker =
  | { readonly type: "ready" }
  | { readonly type: "log"; readonly pieces: readonly LogPiece[] }
  | { readonly type: "attempt"; readonly report: AttemptReport; readonly retire: boolean }
  | { readonly type: "prepared"; readonly prepared: Prepared; readonly retire: boolean }
  | { readonly type: "evaluated"; readonly id: string; readonly values: StartValues }
  | { readonly type: "aborting"; readonly token: AttemptToken }
  | { readonly type: "secrets"; readonly token: AttemptToken; readonly level: number }
  /** The job is about to block its thread: unless called off (no `ms`), end it after so long, with this error. */
  | { readonly type: "deadline"; readonly token: AttemptToken; readonly ms?: number; readonly error?: string }
  | { readonly type: "asset"; readonly name: AssetName };

/** Log bytes a worker may have under way before it waits for credit. */
export const creditBytes = 1 << 20;
/** Live output leaves a worker when it has this much or this old. */
export const batchBytes = 64 * 1024;
export const batchMs = 50;
