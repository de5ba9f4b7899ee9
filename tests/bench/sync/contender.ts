/** Owns what the sync bench asks of everybody it measures, on the server's side and on the page's. */

/** In the page, as `window.peer`. */
export interface PagePeer {
  /** Opens its local database. `how` is what the server's side said at its start. */
  readonly open: (how: unknown) => Promise<void>;
  /** Exchanges until both sides hold the same. */
  readonly sync: () => Promise<void>;
  readonly count: () => Promise<number>;
  /** Writes the version to records [from, to), 500 to a transaction, without the server. */
  readonly edit: (from: number, to: number, version: string) => Promise<void>;
  /** Stays connected from now on. */
  readonly live: () => Promise<void>;
  /** When (ms of the epoch) record n showed a text that starts with the version. */
  readonly seen: (n: number, version: string) => Promise<number>;
  /** Records that hold more than one version, or whose handler was asked. */
  readonly conflicts: () => Promise<number>;
}
/** The server's side: a process of its own with `records` documents in it. */
export interface ServerPeer {
  readonly port: number;
  /** For the page's `open`. */
  readonly how: unknown;
  /** Another device writes the version to records [from, to) and has it acknowledged. */
  readonly write: (from: number, to: number, version: string) => Promise<void>;
  readonly close: () => Promise<void>;
}
export interface Contender {
  readonly name: string;
  /** Of the page's script. */
  readonly page: string;
  readonly serve: (records: number) => Promise<ServerPeer>;
}
