/**
 * Owns everything in one file and back: a zip of rows as JSON, logs as they are, and the files of folders and runs. A restore adds: what is
 * there already (by id) stays. Into an empty browser it gives equal rows and equal bytes. The bin and open requests stay at home.
 */
import { strFromU8, strToU8, unzipSync, zipSync, type Zippable } from "fflate";
import { seq, type RunId } from "../../core/base/brand.ts";
import type { RunRow, StepRow } from "../../core/run/rows.ts";
import type { Files } from "../../ports/files.ts";
import type { DagRow, DraftRow, EventRow, GrantRow, LogChunk, RevisionRow, RunStartRow, SettingRow, Store } from "../../ports/store.ts";
import { CommandError } from "../commands.ts";
import { isPrivateSetting } from "../sync/settings.ts";
import { freeName, type EditWorld } from "./dags.ts";
import { exists, listTree, readWhole, writeWhole } from "./files.ts";

const format = 1;
const runsPage = 200;
const bytesMax = 2 ** 31;

interface Head {
  readonly format: number;
  readonly dags: readonly DagRow[];
  readonly revisions: readonly RevisionRow[];
  readonly drafts: readonly DraftRow[];
  readonly grants: readonly GrantRow[];
  readonly settings: readonly SettingRow[];
  readonly files: readonly { readonly path: string; readonly mode: number; readonly mtimeMs: number }[];
}
interface SavedRun {
  readonly row: RunRow;
  readonly start: RunStartRow;
  readonly events: readonly EventRow[];
  readonly steps: readonly StepRow[];
  /** Without bytes: those lie end to end in `logs/<run>.bin`. */
  readonly logs: readonly (Omit<LogChunk, "bytes"> & { readonly length: number })[];
}

export const exportAll = async ({ store, files }: { readonly store: Store; readonly files: Files }): Promise<Uint8Array> => {
  const zip: Zippable = {};
  const head = await store.transact(async (tx) => {
    const dags = (await tx.dags()).filter((row) => row.deletedAt === undefined);
    const revisions: RevisionRow[] = [];
    const drafts: DraftRow[] = [];
    for (const dag of dags) {
      revisions.push(...(await tx.revisions(dag.id)));
      const draft = await tx.draft(dag.id);
      if (draft !== undefined) drafts.push(draft);
    }
    return { dags, revisions, drafts, grants: await tx.grants(), settings: (await tx.settings()).filter((row) => !isPrivateSetting(row.key)) };
  }, { readonly: true });
  const runs = await saveRuns(store, zip);
  const saved = await saveFiles(files, zip, [...head.dags.map((dag) => `/folders/${dag.id}`), ...runs.map((run) => `/runs/${run}`)]);
  zip["dagbok.json"] = strToU8(JSON.stringify({ format, ...head, files: saved } satisfies Head));
  return zipSync(zip, { level: 3 });
};

const saveRuns = async (store: Store, zip: Zippable): Promise<RunId[]> => {
  const ids: RunId[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.transact((tx) => tx.runs({ withChildren: true }, runsPage, cursor), { readonly: true });
    for (const { id } of page.rows) {
      const saved = await saveRun(store, id);
      if (saved === undefined) continue;
      ids.push(id);
      zip[`runs/${id}.json`] = strToU8(JSON.stringify(saved.run));
      zip[`logs/${id}.bin`] = saved.bytes;
    }
    cursor = page.next;
  } while (cursor !== undefined);
  return ids;
};
const saveRun = (store: Store, id: RunId): Promise<{ readonly run: SavedRun; readonly bytes: Uint8Array } | undefined> =>
  store.transact(async (tx) => {
    const [row, start] = [await tx.run(id), await tx.runStart(id)];
    if (row === undefined || start === undefined) return undefined;
    const steps = await tx.steps(id);
    const chunks: LogChunk[] = [];
    for (const step of steps) {
      for (let attempt = 1; attempt <= row.attempt; attempt += 1) {
        for (const stream of ["stdout", "stderr"] as const) chunks.push(...(await tx.logs({ run: id, attempt, step: step.name, stream })));
      }
    }
    const logs = chunks.map(({ bytes, ...rest }) => ({ ...rest, length: bytes.length }));
    return { run: { row, start, events: await tx.events(id), steps, logs }, bytes: joined(chunks) };
  }, { readonly: true });
const joined = (chunks: readonly LogChunk[]): Uint8Array => {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0));
  let at = 0;
  for (const { bytes } of chunks) {
    whole.set(bytes, at);
    at += bytes.length;
  }
  return whole;
};
const saveFiles = async (files: Files, zip: Zippable, roots: readonly string[]): Promise<Head["files"]> => {
  const saved: { path: string; mode: number; mtimeMs: number }[] = [];
  let total = 0;
  for (const root of roots) {
    for (const entry of await listTree(files, root)) {
      const path = `${root}/${entry.path}`;
      total += entry.size;
      if (total > bytesMax) throw new CommandError("too_large", "the files are too large for one export");
      zip[`files${path}`] = await readWhole(files, path);
      saved.push({ path, mode: (await files.stat(path)).mode, mtimeMs: entry.mtimeMs });
    }
  }
  return saved;
};

export const importAll = async ({ store, clock }: EditWorld, files: Files, bytes: Uint8Array): Promise<void> => {
  const zip = opened(bytes);
  const head = headOf(zip);
  for (const entry of head.files) {
    const content = zip[`files${entry.path}`];
    if (content === undefined || (await exists(files, entry.path))) continue;
    await writeWhole(files, entry.path, content);
    await files.chmod(entry.path, entry.mode);
    await files.utimes(entry.path, entry.mtimeMs);
  }
  await store.transact(async (tx) => {
    for (const row of head.dags) {
      if ((await tx.dag(row.id)) !== undefined) continue;
      const taken = await tx.dagByName(row.name);
      await tx.putDag(taken === undefined ? row : { ...row, name: await freeName(tx, row.name), updatedAt: clock.now() });
    }
    for (const row of head.revisions) if ((await tx.revision(row.id)) === undefined) await tx.putRevision(row);
    for (const row of head.drafts) if ((await tx.draft(row.dag)) === undefined) await tx.putDraft(row);
    for (const row of head.grants) await tx.putGrant(row);
    for (const { key, value } of head.settings) if ((await tx.setting(key)) === undefined) await tx.putSetting(key, value);
  }, { durability: "strict" });
  for (const name of Object.keys(zip)) if (name.startsWith("runs/")) await restoreRun(store, zip, name);
};
const opened = (bytes: Uint8Array): Readonly<Record<string, Uint8Array>> => {
  try {
    return unzipSync(bytes);
  } catch (error) {
    throw new CommandError("not_a_backup", `this is no file that Dagbok saved: ${error instanceof Error ? error.message : String(error)}`);
  }
};
const headOf = (zip: Readonly<Record<string, Uint8Array>>): Head => {
  const text = zip["dagbok.json"];
  if (text === undefined) throw new CommandError("not_a_backup", "this is no file that Dagbok saved: it has no dagbok.json");
  const head = JSON.parse(strFromU8(text)) as Head;
  if (head.format !== format) throw new CommandError("newer", `the file has format ${head.format}, this version reads ${format}`);
  return head;
};
const restoreRun = async (store: Store, zip: Readonly<Record<string, Uint8Array>>, name: string): Promise<void> => {
  const { row, start, events, steps, logs } = JSON.parse(strFromU8(zip[name]!)) as SavedRun;
  const bytes = zip[`logs/${row.id}.bin`] ?? new Uint8Array(0);
  let at = 0;
  const chunks = logs.map(({ length, ...rest }): LogChunk => {
    const chunk = { ...rest, bytes: bytes.slice(at, at + length) };
    at += length;
    return chunk;
  });
  await store.transact(async (tx) => {
    const term = await tx.term();
    const made = await tx.createRun(start, { run: row.id, expected: seq(0), term, at: row.createdAt, events: events.map((event) => event.event), row, steps });
    if (made.ok) await tx.putLog(chunks);
  });
};
