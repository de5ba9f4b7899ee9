/**
 * Owns the commands that change a DAG's text and name. E1 A text that does not load is refused with its issues and stored nowhere but as a
 * draft, unless an import asks to keep it: then it is listed with the number of its errors and does not start. E2 A published revision never changes; publishing the text of an older one makes that one the head again. E3 Nothing overwrites a
 * head that the author has not seen.
 */
import { dagId, type DagId, type Instant, type RevisionId } from "../../core/base/brand.ts";
import type { Dag } from "../../core/spec/dag.ts";
import { refusalText } from "../../core/spec/issue.ts";
import { parseSpec } from "../../core/spec/parse.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Ids } from "../../ports/ids.ts";
import type { DagRow, RevisionRow, Store, Tx } from "../../ports/store.ts";
import { CommandError, type Commands, type IssueView } from "../commands.ts";
import { issueView } from "../drive/start/parse.ts";
import { baseOf, under } from "./base.ts";
import { revisionIdOf } from "./revision.ts";

export type DagCommands = Pick<Commands, "importYaml" | "saveDraft" | "discardDraft" | "publish" | "renameDag">;
export interface EditWorld {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
}
const untitled = "untitled";
const nameMax = 40;
/** A draft may be broken and long, but not without end. */
const draftCharsMax = 4 * 1024 * 1024;

export const createDagCommands = ({ store, clock, ids }: EditWorld): DagCommands => ({
  importYaml: async (text, { name, sample, keepBroken } = {}) => {
    if (typeof text !== "string") throw new CommandError("bad_request", "a DAG is YAML text");
    if (name !== undefined) checkName(name);
    const { base, named } = await store.transact(async (tx) => ({ base: await baseOf(tx), named: name === undefined ? undefined : await tx.dagByName(name) }), { readonly: true });
    const read = keepBroken === true && name !== undefined ? readOrBroken(text, name, base) : { dag: loaded(text, name ?? untitled, base), errors: 0 };
    const fresh = dagId(ids.next());
    const dag = read.dag;
    const wanted = name ?? dag.name;
    const known = name === undefined ? await store.transact((tx) => tx.dagByName(wanted), { readonly: true }) : named;
    const isUnnamed = name === undefined && dag.name === untitled;
    const id = known === undefined || isUnnamed ? fresh : known.id;
    const revision = await revisionIdOf(id, text);
    return store.transact(async (tx) => {
      const now = await tx.dag(id);
      const own = isUnnamed ? await freeName(tx, untitled) : wanted;
      const other = await tx.dagByName(own);
      if (other !== undefined && other.id !== id) throw nameTaken(own);
      await put(tx, { dag: id, text, revision, at: clock.now() });
      const row = { ...rowOf(dag, { id, name: own, head: revision, at: clock.now(), before: now }), errorCount: read.errors, hasDraft: (await tx.draft(id)) !== undefined };
      await tx.putDag(sample === undefined ? row : { ...row, sample });
      return { dag: id };
    }, { durability: "strict" });
  },
  saveDraft: async (dag, text) => {
    if (text.length > draftCharsMax) throw new CommandError("too_large", `a draft may have ${draftCharsMax} characters at most`);
    await store.transact(async (tx) => {
      const row = await existing(tx, dag);
      const head = await tx.revision(row.head);
      const draft = await tx.draft(row.id);
      if (head?.text === text) await tx.deleteDraft(row.id);
      else await tx.putDraft({ dag: row.id, text, base: draft?.base ?? row.head, at: clock.now() });
      const hasDraft = head?.text !== text;
      if (row.hasDraft !== hasDraft) await tx.putDag({ ...row, hasDraft });
    });
  },
  discardDraft: (dag) =>
    store.transact(async (tx) => {
      const row = await existing(tx, dag);
      await tx.deleteDraft(row.id);
      if (row.hasDraft) await tx.putDag({ ...row, hasDraft: false });
    }),
  publish: async (dag, text, base) => {
    const { known, base: under } = await store.transact(async (tx) => ({ known: await existing(tx, dag), base: await baseOf(tx) }), { readonly: true });
    const spec = loaded(text, known.name, under);
    const revision = await revisionIdOf(known.id, text);
    return store.transact(async (tx) => {
      const row = await existing(tx, dag);
      if (base !== undefined && base !== row.head && revision !== row.head) {
        throw new CommandError("conflict", "somebody else has published a newer revision meanwhile: compare before publishing over it");
      }
      const kept = await put(tx, { dag: row.id, text, revision, at: clock.now() });
      await tx.deleteDraft(row.id);
      await tx.putDag(rowOf(spec, { id: row.id, name: row.name, head: revision, at: clock.now(), before: row }));
      return { revision, number: kept.number };
    }, { durability: "strict" });
  },
  renameDag: (dag, name) =>
    store.transact(async (tx) => {
      checkName(name);
      const row = await existing(tx, dag);
      const other = await tx.dagByName(name);
      if (other !== undefined && other.id !== row.id) throw nameTaken(name);
      if (row.conflict !== undefined) throw new CommandError("conflict", "this DAG was changed on several devices: decide that first");
      await tx.putDag({ ...row, name, updatedAt: clock.now() });
    }),
});

/** The DAG of this id, else of this name, unless it is absent or in the bin. */
export const existing = async (tx: Tx, dag: string): Promise<DagRow> => {
  if (typeof dag !== "string") throw new CommandError("bad_request", "a DAG is named by its id or its name");
  const row = (await tx.dag(dagId(dag))) ?? (await tx.dagByName(dag));
  if (row === undefined || row.deletedAt !== undefined) throw new CommandError("not_found", `DAG ${dag} not found`);
  return row;
};
/** `name`, or `name-2`, `name-3` … whichever nobody has. */
export const freeName = async (tx: Tx, name: string): Promise<string> => {
  const taken = new Set((await tx.dags()).flatMap((row) => (row.deletedAt === undefined ? [row.name] : [])));
  for (let n = 1; ; n += 1) {
    const candidate = name === untitled ? `${name}-${n}` : n === 1 ? name : `${name}-${n}`;
    if (!taken.has(candidate)) return candidate;
  }
};
const nameTaken = (name: string): CommandError => new CommandError("name_taken", `there is a DAG called ${name} already`);
const checkName = (name: string): void => {
  if (name.length > nameMax || !/^[\w.-]+$/.test(name)) {
    throw new CommandError("bad_name", `a DAG's name has at most ${nameMax} letters, digits, "_", "-" and "."`);
  }
};

const loaded = (text: string, name: string, base: string | undefined): Dag => {
  const { spec, issues } = parseSpec(text, { name, ...under(base) });
  if (spec !== undefined) return spec.dag;
  const views: readonly IssueView[] = issues.map(issueView);
  throw new CommandError("invalid", refusalText(issues, `${name}.yaml`) ?? "the text does not load", views);
};

type Outline = Pick<Dag, "name" | "description" | "group" | "labels" | "schedule"> & { readonly steps: readonly unknown[] };
/** What is known of a text that does not load: its name and how many errors it has. */
const readOrBroken = (text: string, name: string, base: string | undefined): { readonly dag: Outline; readonly errors: number } => {
  if (text.length > draftCharsMax) throw new CommandError("too_large", `a text may have ${draftCharsMax} characters at most`);
  const { spec, issues } = parseSpec(text, { name, ...under(base) });
  if (spec !== undefined) return { dag: spec.dag, errors: 0 };
  const outline: Outline = { name, description: "", group: "", labels: [], schedule: { start: [], stop: [], restart: [] }, steps: [] };
  return { dag: outline, errors: Math.max(1, issues.filter((issue) => issue.severity === "error").length) };
};

interface Publication {
  readonly dag: DagId;
  readonly text: string;
  readonly revision: RevisionId;
  readonly at: Instant;
}
const put = async (tx: Tx, { dag, text, revision, at }: Publication): Promise<RevisionRow> => {
  const known = await tx.revision(revision);
  if (known !== undefined && !known.draft) return known;
  const revisions = await tx.revisions(dag);
  const number = known?.number ?? (revisions[0]?.number ?? 0) + 1;
  const row: RevisionRow = { id: revision, dag, number, text, at, note: "", draft: false, ...parentsOf(await tx.dag(dag), revision) };
  await tx.putRevision(row);
  return row;
};
/** What a new revision is written over: the head, or every side of an open conflict. */
const parentsOf = (row: DagRow | undefined, fresh: RevisionId): Pick<RevisionRow, "parent" | "parents"> => {
  const heads = row?.conflict?.heads.filter((head) => head !== fresh) ?? [];
  if (heads[0] !== undefined) return { parent: heads[0], ...(heads.length > 1 ? { parents: heads } : {}) };
  return row === undefined || row.head === fresh ? {} : { parent: row.head };
};

interface RowParts {
  readonly id: DagId;
  readonly name: string;
  readonly head: RevisionId;
  readonly at: Instant;
  readonly before: DagRow | undefined;
}
export const rowOf = (dag: Outline, { id, name, head, at, before }: RowParts): DagRow => ({
  id,
  name,
  head,
  description: dag.description,
  group: dag.group,
  labels: dag.labels.map(({ key, value }) => (value === "" ? key : `${key}=${value}`)),
  hasSchedule: dag.schedule.start.length + dag.schedule.stop.length + dag.schedule.restart.length > 0,
  stepCount: dag.steps.length,
  errorCount: 0,
  hasDraft: false,
  createdAt: before?.createdAt ?? at,
  updatedAt: at,
  ...(before?.sample === undefined ? {} : { sample: before.sample }),
});
