/** Owns the world of the sync simulation: clients, one server, messages on their way, backups, and the oracle's memory. Plain data. */
import type { ClientHead, Recovered } from "../../../src/core/replica/client.ts";
import type { OwnEdit } from "../../../src/core/replica/own.ts";
import type { Answer, Offer, Request } from "../../../src/core/replica/protocol.ts";
import type { CopyRow, EditId, Row } from "../../../src/core/replica/row.ts";
import type { ReplicaEntry, SpaceHead } from "../../../src/core/replica/server.ts";

export interface SimClient {
  head: ClientHead;
  own: readonly OwnEdit[];
  offers: readonly Offer[];
  copy: Record<string, CopyRow>;
  recovered: readonly Recovered[];
  /** Edits in tombstones this client has seen collected, by record: the oracle counts them as seen. */
  ghosts: Record<string, string[]>;
  slowPush?: Answer;
  slowPull?: Answer;
}
export interface SimServer {
  head: SpaceHead;
  commits: string[];
  replicas: Record<string, ReplicaEntry>;
  rows: Record<string, Row & { record: string }>;
  log: Record<string, true>;
  collected: string[];
  /** dot → edit id, for P8. */
  dots: Record<string, string>;
}
export interface Budget {
  edit: number;
  del: number;
  net: number;
  gc: number;
  clone: number;
  image: number;
  rollback: number;
  retire: number;
  backup: number;
  restore: number;
  hand: number;
}
export interface World {
  clients: SimClient[];
  server: SimServer;
  backup?: SimServer;
  images: Record<number, SimClient>;
  late: Request[];
  budget: Budget;
  /** Everything the oracle remembers; never shown to the code under test. */
  saw: Record<string, string[]>;
  isDelete: Record<string, boolean>;
  made: Record<string, true>;
  recordOf: Record<string, string>;
  created: Record<string, true>;
  destroyed: Record<string, true>;
  setAside: { e: string; tombs: string[] }[];
  counts: { fork: number; rebase: number; restored: number; gc: number };
  next: { replica: Record<number, number>; edit: Record<number, number>; commit: number };
  /** Symmetry breaking of the exhaustive search: highest client used so far. */
  used: number;
  bad?: string;
}
export interface Options {
  clients: number;
  clientsMax: number;
  records: readonly string[];
  /** 0 = everything at once. */
  batch: number;
  absorb: boolean;
  budget: Budget;
  symmetric?: boolean;
  noFork?: boolean;
  noRebase?: boolean;
  noSetAside?: boolean;
  noRevive?: boolean;
  staleAllowed?: boolean;
  /** Two devices never invent the same record id (rule 24). */
  uniqueRecords?: boolean;
}
export type Action = readonly [kind: string, who: number, what?: string];
export type EditName = EditId;

export const unlimited = 1e9;
export const noBudget: Budget = {
  edit: 0, del: 0, net: 0, gc: 0, clone: 0, image: 0, rollback: 0, retire: 0, backup: 0, restore: 0, hand: 0,
};
