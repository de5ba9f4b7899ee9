/**
 * Owns the reads that the sync screens are drawn from. Every state is derived from counters and evidence with its time (P16), never from a
 * flag. Refuses to know words. No view carries the token.
 */
import { dagId, type Instant, type RevisionId } from "../../core/base/brand.ts";
import type { Recovered } from "../../core/replica/client.ts";
import type { Outcome } from "../../core/merge-spec/merge.ts";
import type { CopyRow } from "../../core/replica/row.ts";
import type { RemoteRefusal } from "../../ports/sync/remote.ts";
import type { SyncSessionRow } from "../../ports/sync/sessions.ts";
import type { DagConflict, Tx } from "../../ports/store.ts";
import { conflictOf, nameOf, type ConflictView } from "./conflict.ts";
import { choiceKey, connectionKey, newsKey, readChoice, readConnection, readNews, type HistoryChoice, type PublicConnection } from "./settings.ts";

/** Evidence older than this is no evidence: nobody says "up to date" on it. */
export const evidenceMs = 90_000;
const sessionsMax = 50;
const pendingMax = 500;

export interface SyncStatus {
  readonly connection?: PublicConnection;
  readonly state: "off" | "idle" | "syncing" | "waiting" | "paused" | "signed-out";
  /** When the copy was last complete to the server's head: the evidence. */
  readonly completeAt?: Instant;
  readonly trouble?: RemoteRefusal;
  readonly retryAt?: Instant;
  /** Attempts since something last worked. */
  readonly attempts: number;
  /** Edits that are not acknowledged although the server answers, for too long: shown as an error with a way to export. */
  readonly stuckSince?: Instant;
  /** This device's clock less the server's, when that is a minute or more. */
  readonly skewMs?: number;
  readonly unsent: number;
  readonly conflicts: number;
  readonly recovered: number;
  /** The server's head as last heard, and how far the copy is complete. */
  readonly head: number;
  readonly seen: number;
  /** This device's id in the list of devices. */
  readonly replica?: string;
  /** Sessions by state. */
  readonly queue: Readonly<Partial<Record<SyncSessionRow["state"], number>>>;
  /** The one that goes on now. */
  readonly session?: SyncSessionRow;
  /** The server went back in time: sync rests until a person chooses. */
  readonly choice?: HistoryChoice;
}
export const syncStatus = async (tx: Tx): Promise<SyncStatus> => {
  const connection = readConnection(await tx.setting(connectionKey));
  const news = readNews(await tx.setting(newsKey));
  const choice = readChoice(await tx.setting(choiceKey));
  const [head, sessions, conflicts, recovered] = [await tx.replica.head(), await tx.replica.sessions(), await tx.replica.conflicts(), await tx.replica.recovered()];
  const queue: Partial<Record<SyncSessionRow["state"], number>> = {};
  for (const { state } of sessions) queue[state] = (queue[state] ?? 0) + 1;
  const session = sessions.find((row) => row.state === "syncing") ?? sessions.find((row) => row.state === "pending");
  const isSignedOut = news?.trouble?.type === "signed-out";
  return {
    ...(connection === undefined ? {} : { connection }),
    state: connection === undefined ? "off" : choice !== undefined ? "paused" : isSignedOut ? "signed-out" : (news?.state ?? "idle"),
    ...(news?.completeAt === undefined ? {} : { completeAt: news.completeAt }),
    ...(news?.trouble === undefined ? {} : { trouble: news.trouble }),
    ...(news?.retryAt === undefined ? {} : { retryAt: news.retryAt }),
    ...(news?.stuckSince === undefined ? {} : { stuckSince: news.stuckSince }),
    ...(news?.skewMs === undefined ? {} : { skewMs: news.skewMs }),
    attempts: news?.attempts ?? 0,
    unsent: await unsentCount(tx),
    conflicts: await openCount(tx, conflicts.filter(isShown)),
    recovered: recovered.length,
    head: Math.max(news?.head ?? 0, head?.seen ?? 0),
    seen: head?.seen ?? 0,
    ...(head === undefined ? {} : { replica: head.replica }),
    queue,
    ...(session === undefined ? {} : { session }),
    ...(choice === undefined ? {} : { choice }),
  };
};
const mergedOf = async (tx: Tx, record: string): Promise<DagConflict["merged"]> => (await tx.dag(dagId(record.slice(record.indexOf("/") + 1))))?.conflict?.merged ?? "open";
/** Those that wait for a person; where the merge is clean nobody has to decide. */
const openCount = async (tx: Tx, rows: readonly CopyRow[]): Promise<number> => {
  let count = 0;
  for (const row of rows) if ((await mergedOf(tx, row.record)) !== "clean") count++;
  return count;
};
/** Conflicts that a person decides: those of DAGs. Others have one value to show, the same on every device. */
const isShown = (row: CopyRow): boolean => row.record.startsWith("dag/");

/** How many things wait for a person. For the frame, which reads it after every commit: no mark and no session is looked at, and nothing at all while sync is off. */
export const syncDecisions = async (tx: Tx): Promise<number> => {
  if ((await tx.setting(connectionKey)) === undefined) return 0;
  const open = await openCount(tx, (await tx.replica.conflicts()).filter(isShown));
  return open + (await tx.replica.recovered()).length + ((await tx.setting(choiceKey)) === undefined ? 0 : 1);
};

/** Own edits that the server has not acknowledged, and marks not cut yet. */
export const unsentCount = async (tx: Tx): Promise<number> => {
  const place = await tx.replica.ownPlace();
  return place.end - place.first + (await tx.replica.marks(pendingMax)).filter((mark) => mark.kind !== "draft" && mark.kind !== "ship").length;
};

export interface PendingEdit {
  readonly record: string;
  readonly kind: string;
  readonly name: string;
  /** When it was made, as far as known. */
  readonly at?: Instant;
  readonly deleted: boolean;
  /** "queued": goes with the next exchange; "in-flight": sent, not answered; "not-cut": written, not numbered yet; "too-large": cannot be sent. */
  readonly reason: "queued" | "in-flight" | "not-cut" | "too-large";
}
/** Oldest first, at most 500. */
export const syncPending = async (tx: Tx): Promise<readonly PendingEdit[]> => {
  const head = await tx.replica.head();
  const place = await tx.replica.ownPlace();
  const edits: PendingEdit[] = [];
  for (const edit of await tx.replica.ownUnsent(pendingMax)) {
    const n = (head?.acked.n ?? 0) + 1 + (edit.at ?? 0) - place.first;
    edits.push({ ...(await described(tx, edit.record, edit.body)), deleted: edit.deleted, reason: n <= (head?.inflight?.n ?? 0) ? "in-flight" : "queued" });
  }
  for (const mark of await tx.replica.marks(pendingMax - edits.length)) {
    if (mark.kind === "draft" || mark.kind === "ship") continue;
    edits.push({ ...(await described(tx, `${mark.kind}/${mark.key}`, undefined)), deleted: false, reason: "not-cut" });
  }
  for (const item of await tx.replica.recovered()) {
    if (item.reason === "too large") edits.push({ ...(await described(tx, item.record, item.body)), deleted: item.deleted, reason: "too-large" });
  }
  return edits;
};
const described = async (tx: Tx, record: string, body: unknown): Promise<Pick<PendingEdit, "record" | "kind" | "name" | "at">> => {
  const at = (body as { readonly updatedAt?: Instant; readonly at?: Instant } | null | undefined)?.updatedAt ?? (body as { readonly at?: Instant } | null | undefined)?.at;
  return { record, kind: record.slice(0, record.indexOf("/")), name: await nameOf(tx, record, body), ...(at === undefined ? {} : { at }) };
};

/** Newest first, at most 50. */
export const syncSessions = async (tx: Tx): Promise<readonly SyncSessionRow[]> =>
  [...(await tx.replica.sessions())].sort((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? 1 : -1)).slice(0, sessionsMax);

export interface ConflictEntry {
  /** "dag/…": what every command about it takes. */
  readonly record: string;
  readonly name: string;
  readonly type: "text" | "delete-edit";
  readonly sides: number;
  /** "clean": the merge is shown and run already; publishing only makes it a revision. */
  readonly merged: DagConflict["merged"];
  /** Edit ids: changes whenever the conflict does. */
  readonly version: string;
}
/** The inbox: one row per DAG, without texts. */
export const syncConflicts = async (tx: Tx): Promise<readonly ConflictEntry[]> => {
  const entries: ConflictEntry[] = [];
  for (const row of (await tx.replica.conflicts()).filter(isShown)) {
    const live = row.siblings.find((sibling) => !sibling.deleted);
    entries.push({
      record: row.record,
      name: await nameOf(tx, row.record, live?.body),
      type: row.siblings.some((sibling) => sibling.deleted) ? "delete-edit" : "text",
      sides: row.siblings.length,
      merged: await mergedOf(tx, row.record),
      version: row.siblings.map((sibling) => sibling.e).sort().join(" "),
    });
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
};
/** One conflict with its texts, its base and what a merge gives; undefined once it is settled. */
export const syncConflict = (record: string) => (tx: Tx): Promise<ConflictView | undefined> => conflictOf(tx, record);
export type { ConflictView, Outcome, RevisionId };

export interface RecoveredEntry extends Recovered {
  readonly kind: string;
  readonly name: string;
}
/** Edits that were set aside, to be restored or discarded. */
export const syncRecovered = async (tx: Tx): Promise<readonly RecoveredEntry[]> => {
  const entries: RecoveredEntry[] = [];
  for (const item of await tx.replica.recovered()) entries.push({ ...item, kind: item.record.slice(0, item.record.indexOf("/")), name: await nameOf(tx, item.record, item.body) });
  return entries;
};
