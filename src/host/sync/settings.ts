/** Owns what sync writes into settings for every tab to see, and which settings stay on this device. Refuses to know who reads them. */
import type { Instant } from "../../core/base/brand.ts";
import type { Epoch } from "../../core/replica/protocol.ts";
import type { Connection, RemoteRefusal } from "../../ports/sync/remote.ts";

export const connectionKey = "sync.connection";
export const newsKey = "sync.news";
export const choiceKey = "sync.choice";
/** Settings that never leave this device, in a backup or otherwise. */
export const isPrivateSetting = (key: string): boolean => key.startsWith("sync.");

/** What the loop knows, and since when. */
export interface SyncNews {
  readonly state: "idle" | "syncing" | "waiting";
  /** When the copy was last complete to the server's head. */
  readonly completeAt?: Instant;
  /** The last trouble, until something works again. */
  readonly trouble?: RemoteRefusal;
  readonly retryAt?: Instant;
  readonly attempts?: number;
  readonly stuckSince?: Instant;
  readonly skewMs?: number;
  /** The server's head as last heard. */
  readonly head?: number;
}
/** The server answers with another history than this device has seen (rule 30): a person chooses. */
export interface HistoryChoice {
  readonly type: "went-back";
  readonly epoch: string;
  readonly chain: readonly Epoch[];
  /** Last ordinal that both histories share. */
  readonly common: number;
  readonly at: Instant;
  /** Records here that are newer than what both share: what the server may have lost. */
  readonly newer: number;
  /** Own edits that no server has acknowledged. */
  readonly unsent: number;
}
export type PublicConnection = Omit<Connection, "token">;

const read = <T>(text: string | undefined): T | undefined => (text === undefined ? undefined : (JSON.parse(text) as T));
export const readNews = (text: string | undefined): SyncNews | undefined => read<SyncNews>(text);
export const readChoice = (text: string | undefined): HistoryChoice | undefined => read<HistoryChoice>(text);
export const readConnection = (text: string | undefined): PublicConnection | undefined => {
  const found = read<Connection>(text);
  if (found === undefined) return undefined;
  const { token: _secret, ...rest } = found;
  return rest;
};
