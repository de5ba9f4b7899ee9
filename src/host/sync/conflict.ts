/**
 * Owns conflicts as data: the sides of one, what they come from, what a merge gives, and how a person ends it. Nothing is lost by deciding:
 * every side stays in the history. Two devices with the same sides see the same (P24). Refuses to know words.
 */
import { dagId, revisionId, runId, type Instant, type RevisionId } from "../../core/base/brand.ts";
import { mergeSpec, type Outcome } from "../../core/merge-spec/merge.ts";
import type { CopyRow, Sibling } from "../../core/replica/row.ts";
import { parseSpec } from "../../core/spec/parse.ts";
import type { DagConflict, DagRow, RevisionRow, Store, Tx } from "../../ports/store.ts";
import { CommandError, type ConflictChoice } from "../commands.ts";
import { freeName, rowOf, type EditWorld } from "../edit/dags.ts";
import { revisionIdOf } from "../edit/revision.ts";
import { commonBase } from "./ancestors.ts";
import { materialise } from "./kinds.ts";

export interface ConflictSide {
  /** The edit that made it. */
  readonly edit: string;
  readonly deleted: boolean;
  /** Made on this device. */
  readonly isThis: boolean;
  /** The replica that made it: a device in the list of devices. */
  readonly replica: string;
  readonly at?: Instant;
  readonly revision?: RevisionId;
  /** Undefined while the revision has not arrived yet, or for a delete. */
  readonly text?: string;
}
export interface ConflictView {
  readonly record: string;
  readonly name: string;
  readonly type: "text" | "delete-edit";
  /** This device's side first, then by edit id. */
  readonly sides: readonly ConflictSide[];
  /** What all sides come from; absent when there is none, or several. */
  readonly base?: { readonly revision: RevisionId; readonly text: string };
  /** Merge of the first two texts, this device's as mine. */
  readonly outcome?: Outcome;
  readonly shown?: RevisionId;
  readonly merged: DagConflict["merged"];
}

export const conflictOf = async (tx: Tx, record: string): Promise<ConflictView | undefined> => {
  const [row] = await tx.replica.copyRows([record]);
  if (row === undefined || row.siblings.length < 2 || !record.startsWith("dag/")) return undefined;
  const [head, dag] = [await tx.replica.head(), await tx.dag(dagId(record.slice(4)))];
  const sides = await Promise.all([...row.siblings].sort(byEdit).map((sibling) => sideOf(tx, sibling, head?.replica)));
  sides.sort((a, b) => Number(b.isThis) - Number(a.isThis));
  const texts = sides.flatMap((side) => side.text ?? []);
  const base = await commonBase(tx.revision, sides.flatMap((side) => side.revision ?? []));
  const [mine, theirs] = texts;
  const name = dag?.name ?? "";
  return {
    record, name, sides,
    type: row.siblings.some((sibling) => sibling.deleted) ? "delete-edit" : "text",
    merged: dag?.conflict?.merged ?? "open",
    ...(base === undefined ? {} : { base: { revision: base.id, text: base.text } }),
    ...(mine === undefined || theirs === undefined ? {} : { outcome: mergeSpec({ base: base?.text, mine, theirs, isValid: isValidAs(name) }) }),
    ...(dag?.conflict === undefined ? {} : { shown: dag.conflict.shown }),
  };
};
const byEdit = (a: Sibling, b: Sibling): number => (a.e < b.e ? -1 : 1);
const isValidAs = (name: string) => (text: string): boolean => parseSpec(text, { name }).spec !== undefined;
const sideOf = async (tx: Tx, sibling: Sibling, replica: string | undefined): Promise<ConflictSide> => {
  const body = sibling.body as { readonly head?: string; readonly updatedAt?: Instant } | null;
  const revision = sibling.deleted || body?.head === undefined ? undefined : await tx.revision(revisionId(body.head));
  const made = sibling.dots.at(-1)?.[0] ?? "";
  return {
    edit: sibling.e, deleted: sibling.deleted, replica: made, isThis: sibling.dots.some(([by]) => by === replica),
    ...(body?.updatedAt === undefined ? {} : { at: body.updatedAt }),
    ...(sibling.deleted || body?.head === undefined ? {} : { revision: revisionId(body.head) }),
    ...(revision === undefined ? {} : { text: revision.text }),
  };
};

/** What a record is called on screen. */
export const nameOf = async (tx: Tx, record: string, body: unknown): Promise<string> => {
  const cut = record.indexOf("/");
  const [kind, key] = [record.slice(0, cut), record.slice(cut + 1)];
  const fields = body as { readonly name?: string; readonly dag?: string; readonly row?: { readonly dagName?: string }; readonly run?: string } | null | undefined;
  const runName = async (id: string): Promise<string> => (await tx.run(runId(id)))?.dagName ?? id;
  if (kind === "dag") return fields?.name ?? (await tx.dag(dagId(key)))?.name ?? key;
  if (kind === "revision") return (await tx.dag(dagId(fields?.dag ?? (await tx.revision(revisionId(key)))?.dag ?? "")))?.name ?? key;
  if (kind === "run") return fields?.row?.dagName ?? runName(key);
  if (kind === "page") return runName(key.slice(0, Math.max(0, key.indexOf("/"))));
  return fields?.run === undefined ? key : runName(fields.run);
};

/**
 * Looks at every conflict that nobody has looked at yet: where the merge is clean it is shown and run, without a write (it is a pure
 * function of the sides); else what all sides come from is. Answers how many it looked at.
 */
export const showConflicts = async (store: Store): Promise<number> => {
  const open = await store.transact(async (tx) => (await tx.dags()).filter((row) => row.deletedAt === undefined && row.conflict?.merged === "open"), { readonly: true });
  for (const dag of open) await showOne(store, dag);
  return open.length;
};
const showOne = async (store: Store, dag: DagRow): Promise<void> => {
  const conflict = dag.conflict;
  if (conflict === undefined) return;
  const { base, sides } = await store.transact(async (tx) => ({
    base: await commonBase(tx.revision, conflict.heads),
    sides: await Promise.all(conflict.heads.map((head) => tx.revision(head))),
  }), { readonly: true });
  const known = sides.filter((side) => side !== undefined);
  if (known.length < sides.length) return;
  const text = conflict.deleted || base === undefined ? undefined : mergedOf(base.text, known.map((side) => side.text), dag.name);
  const id = text === undefined ? undefined : await revisionIdOf(dag.id, text);
  await store.transact(async (tx) => {
    const now = await tx.dag(dag.id);
    if (now?.conflict === undefined || now.deletedAt !== undefined || now.conflict.heads.join() !== conflict.heads.join()) return;
    tx.replica.quiet();
    const found = id === undefined ? undefined : await tx.revision(id);
    if (text !== undefined && id !== undefined && found === undefined) await tx.putRevision(virtual(dag, { id, text, sides: known }));
    const shown = text !== undefined && id !== undefined ? { id, text } : conflict.deleted || base === undefined ? { id: dag.head, text: undefined } : { id: base.id, text: base.text };
    const spec = shown.text === undefined ? undefined : parseSpec(shown.text, { name: now.name }).spec?.dag;
    const row = spec === undefined ? now : { ...now, ...rowOf(spec, { id: now.id, name: now.name, head: shown.id, at: now.updatedAt, before: now }) };
    await tx.putDag({ ...row, hasDraft: now.hasDraft, head: shown.id, conflict: { ...conflict, shown: shown.id, merged: text === undefined ? "base" : "clean" } });
  });
};
const mergedOf = (base: string, texts: readonly string[], name: string): string | undefined => {
  let [text] = texts;
  for (const theirs of texts.slice(1)) {
    const outcome: Outcome | undefined = text === undefined ? undefined : mergeSpec({ base, mine: text, theirs, isValid: isValidAs(name) });
    text = outcome?.type === "clean" ? outcome.text : undefined;
  }
  return text;
};
/** A merge that nobody has published: on no list, the same on every device. */
const virtual = (dag: DagRow, { id, text, sides }: { readonly id: RevisionId; readonly text: string; readonly sides: readonly RevisionRow[] }): RevisionRow => ({
  id, dag: dag.id, text, note: "", draft: true,
  number: Math.max(...sides.map((side) => side.number)),
  at: sides.reduce((latest, side) => (side.at > latest ? side.at : latest), sides[0]?.at ?? dag.updatedAt),
  ...(sides[0] === undefined ? {} : { parent: sides[0].id }), parents: sides.map((side) => side.id),
});

/** Ends a conflict by one side, by a text of one's own, or by the delete. The next edit has seen every side. */
export const settle = async (world: EditWorld, record: string, choice: ConflictChoice): Promise<void> => {
  const { store, clock } = world;
  const id = dagId(record.slice(record.indexOf("/") + 1));
  const text = typeof choice === "object" && "text" in choice ? choice.text : undefined;
  const revision = text === undefined ? undefined : await revisionIdOf(id, text);
  await store.transact(async (tx) => {
    const row = await openConflict(tx, record);
    if (text !== undefined && revision !== undefined) {
      const dag = await tx.dag(id);
      const spec = parseSpec(text, { name: dag?.name ?? "" }).spec;
      if (dag === undefined || spec === undefined) throw new CommandError("invalid", "the text does not load");
      await putJoined(tx, { dag, revision, text, at: clock.now() });
      return tx.putDag(rowOf(spec.dag, { id, name: dag.name, head: revision, at: clock.now(), before: dag }));
    }
    const edit = typeof choice === "string" ? choice : "edit" in choice ? choice.edit : undefined;
    const chosen = edit === undefined ? row.siblings.find((sibling) => sibling.deleted) : row.siblings.find((sibling) => sibling.e === edit);
    if (chosen === undefined) throw noConflict();
    const dag = await tx.dag(id);
    if (chosen.deleted) return dag === undefined ? undefined : tx.putDag({ ...dag, deletedAt: clock.now() });
    await materialise(tx, [{ record, view: { ...row, siblings: [chosen] } }]);
  }, { durability: "strict" });
};
const noConflict = (): CommandError => new CommandError("no-conflict", "This conflict has been settled already.");
const openConflict = async (tx: Tx, record: string): Promise<CopyRow> => {
  const [row] = await tx.replica.copyRows([record]);
  if (row === undefined || row.siblings.length < 2) throw noConflict();
  return row;
};
interface Joined {
  readonly dag: DagRow;
  readonly revision: RevisionId;
  readonly text: string;
  readonly at: Instant;
}
const putJoined = async (tx: Tx, { dag, revision, text, at }: Joined): Promise<void> => {
  const known = await tx.revision(revision);
  if (known !== undefined && !known.draft) return;
  const heads = dag.conflict?.heads.filter((head) => head !== revision) ?? [];
  const number = ((await tx.revisions(dag.id))[0]?.number ?? 0) + (known === undefined ? 1 : 0);
  await tx.putRevision({ id: revision, dag: dag.id, number, text, at, note: "", draft: false, ...(heads[0] === undefined ? {} : { parent: heads[0], parents: heads }) });
};

/** Ends a conflict by making a DAG of its own of every side but the first of `conflictOf`. Answers the new ones. */
export const keepBoth = async (world: EditWorld, record: string): Promise<{ readonly dags: readonly string[] }> => {
  const { store, clock, ids } = world;
  const found = await store.transact((tx) => conflictOf(tx, record), { readonly: true });
  const [first, ...others] = found?.sides.filter((side) => side.text !== undefined) ?? [];
  if (found === undefined || first === undefined) throw noConflict();
  const copies = await Promise.all(others.map(async ({ text = "" }) => {
    const id = dagId(ids.next());
    return { id, text, revision: await revisionIdOf(id, text) };
  }));
  await store.transact(async (tx) => {
    for (const { id, text, revision } of copies) {
      const name = await freeName(tx, found.name);
      const spec = parseSpec(text, { name }).spec;
      if (spec === undefined) throw new CommandError("invalid", "the text does not load");
      await tx.putRevision({ id: revision, dag: id, number: 1, text, at: clock.now(), note: "", draft: false });
      await tx.putDag(rowOf(spec.dag, { id, name, head: revision, at: clock.now(), before: undefined }));
    }
  }, { durability: "strict" });
  await settle(world, record, first.edit);
  return { dags: copies.map((copy) => copy.id) };
};
