/** Owns everything on disk that is not a run: DAGs with their texts, requests, grants, settings, the bin, marks for sync. */
import { csn, term, type DagId, type RunId } from "../../core/base/brand.ts";
import type { BinRow, DagRow, DraftRow, GrantRow, PendingRow, RequestRow, RevisionRow, SettingRow, Tx } from "../../ports/store.ts";
import { NarrowError, type Session } from "./session.ts";
import { isSharedSetting } from "../../ports/sync/replica.ts";
import { createReplicaTx } from "./replica.ts";
import { appendRun, newestTerm, putLogs, runOperations, under, type Mark } from "./runs.ts";
import type { TableName } from "./schema.ts";

/** One mark per record, however often it changed: the newest commit that changed it; of a run, that of an earlier one since sync took the last. */
const marker = (session: Session): Mark => (kind, key) => {
  if (session.isQuiet()) return;
  if (kind === "run" && session.isBlind() && session.known.marked.has(key)) return;
  session.put("pending", { kind, key, csn: csn(session.known.csn + 1) } satisfies PendingRow);
  if (kind === "run") session.after(() => void session.known.marked.add(key));
};

/** Whatever is asked of it, and however deep: the transaction begins again with everything. */
const beginAgain: unknown = new Proxy(() => undefined, {
  get: () => beginAgain,
  apply: () => {
    throw new NarrowError();
  },
});
/** A transaction that is to carry a turn and nothing else. Making all the other operations would cost as much as the turn itself. */
export const createTurnTx = (session: Session): Tx => {
  const own: Pick<Tx, "append" | "putLog" | "putRequest"> = {
    append: (append) => appendRun(session, marker(session), append),
    putLog: async (chunks) => putLogs(session, chunks),
    putRequest: async (row) => putRequest(session, row),
  };
  return new Proxy(own, { get: (_, name) => Reflect.get(own, name) ?? beginAgain }) as Tx;
};
export const createTx = (session: Session, isReadonly: boolean): Tx => {
  const mark = marker(session);
  const runs = runOperations(session, mark);
  return {
    csn: async () => csn((await session.journal()).newest + (isReadonly || session.marks.changed.size === 0 ? 0 : 1)),
    replica: createReplicaTx(session, mark),
    ...runs,
    ...dagOperations(session, mark, runs),
    ...hostOperations(session, mark),
  };
};

/** A table whose every watcher looks again when any row changes: small ones. */
const tableOf = <Row>(session: Session, name: TableName) => ({
  get: (key: IDBValidKey): Promise<Row | undefined> => {
    session.saw(name);
    return session.get<Row>(name, key);
  },
  list: (query: Parameters<Session["list"]>[1] = {}): Promise<Row[]> => {
    session.saw(name);
    return session.list<Row>(name, query);
  },
  put: (row: Row): void => {
    session.changed(name);
    session.put(name, row);
  },
  remove: (key: IDBValidKey | IDBKeyRange): void => {
    session.changed(name);
    session.remove(name, key);
  },
});

type DagOperations = Pick<
  Tx,
  | "dags" | "dag" | "dagByName" | "putDag" | "revision" | "revisions" | "putRevision" | "draft" | "putDraft" | "deleteDraft" | "grants" | "putGrant"
  | "deleteGrant" | "purgeDag"
>;
const dagOperations = (session: Session, mark: Mark, runs: Pick<Tx, "deleteRuns">): DagOperations => {
  const dags = tableOf<DagRow>(session, "dags");
  const revisions = tableOf<RevisionRow>(session, "revisions");
  const drafts = tableOf<DraftRow>(session, "drafts");
  const grants = tableOf<GrantRow>(session, "grants");
  return {
    dags: () => dags.list(),
    dag: (id) => dags.get(id),
    dagByName: async (name) => (await dags.list({ index: "name", range: IDBKeyRange.only(name) })).find((row) => row.deletedAt === undefined),
    putDag: async (row) => {
      dags.put(row);
      mark("dag", row.id);
    },
    revision: (id) => revisions.get(id),
    revisions: async (dag) => (await revisions.list({ index: "[dag+number]", range: under(dag) })).reverse(),
    putRevision: async (row) => {
      revisions.put(row);
      mark("revision", row.id);
    },
    draft: (dag) => drafts.get(dag),
    putDraft: async (row) => {
      drafts.put(row);
      mark("draft", row.dag);
    },
    deleteDraft: async (dag) => {
      drafts.remove(dag);
      mark("draft", dag);
    },
    grants: (dag) => grants.list(dag === undefined ? {} : { range: under(dag) }),
    putGrant: async (row) => grants.put(row),
    deleteGrant: async (dag, host) => grants.remove([dag, host]),
    purgeDag: async (id: DagId) => {
      const owned = await session.keys("runs", { index: "dag", range: IDBKeyRange.only(id) });
      await runs.deleteRuns(owned as unknown as RunId[]);
      for (const revision of await revisions.list({ index: "[dag+number]", range: under(id) })) revisions.remove(revision.id);
      grants.remove(under(id));
      drafts.remove(id);
      dags.remove(id);
      mark("dag", id);
    },
  };
};

type HostOperations = Pick<
  Tx,
  | "requests" | "request" | "putRequest" | "deleteRequest" | "setting" | "settings" | "putSetting" | "deleteSetting" | "nextTerm" | "term" | "pending"
  | "counts" | "bins" | "putBin" | "deleteBin"
>;
type StoredRequest = RequestRow & { readonly open?: 1 };
/** An old driver is fenced by finding the term after its own: so many are kept. */
const termsKept = 1000;
const putRequest = (session: Session, row: RequestRow): void => {
  session.changed("requests");
  session.put("requests", row.answer === undefined ? { ...row, open: 1 } : row);
};
const requestOf = ({ open: _, ...row }: StoredRequest): RequestRow => row;

const hostOperations = (session: Session, mark: Mark): HostOperations => {
  const requests = tableOf<StoredRequest>(session, "requests");
  const settings = tableOf<SettingRow>(session, "settings");
  const bin = tableOf<BinRow>(session, "bin");
  return {
    requests: async (onlyOpen) => {
      const rows = (await requests.list(onlyOpen ? { index: "open" } : {})).map(requestOf);
      return rows.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    },
    request: async (id) => {
      const found = await requests.get(id);
      return found === undefined ? undefined : requestOf(found);
    },
    putRequest: async (row) => putRequest(session, row),
    deleteRequest: async (id) => requests.remove(id),
    setting: async (key) => (await settings.get(key))?.value,
    settings: () => settings.list(),
    putSetting: async (key, value) => {
      settings.put({ key, value });
      if (isSharedSetting(key)) mark("setting", key);
    },
    deleteSetting: async (key) => {
      settings.remove(key);
      if (isSharedSetting(key)) mark("setting", key);
    },
    nextTerm: async () => {
      const next = (await newestTerm(session)) + 1;
      session.add("terms", { term: next });
      session.remove("terms", IDBKeyRange.upperBound(next - termsKept));
      session.changed("term");
      session.after(() => session.known.tails.clear());
      return term(next);
    },
    term: async () => term(await newestTerm(session)),
    pending: () => session.list<PendingRow>("pending"),
    counts: async () => {
      const tables = ["dags", "revisions", "drafts", "runs", "requests", "grants", "settings"] as const;
      tables.forEach((table) => session.saw(table));
      const found = await Promise.all(tables.map((table) => session.count(table)));
      return Object.fromEntries(tables.map((table, at) => [table, found[at]!]));
    },
    bins: () => bin.list(),
    putBin: async (row) => bin.put(row),
    deleteBin: async (id) => bin.remove(id),
  };
};
