/** Owns a whole Dagbok in one Node process: store in memory, steps in threads that can be ended, the spec's folder on disk. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isBaseText } from "../core/spec/import/home.ts";
import { dagId, instant, revisionId, runId, type RunId } from "../core/base/brand.ts";
import { createMemoryFiles } from "../adapters/memory/files.ts";
import { createMemoryNotify } from "../adapters/memory/lock.ts";
import { createMemoryStore } from "../adapters/memory/store.ts";
import { createNodeAssets } from "../adapters/node/assets.ts";
import { createNodeClock, createNodeIds } from "../adapters/node/clock.ts";
import { createDiskFiles } from "../adapters/node/disk-files.ts";
import { createNodeSpawn } from "../adapters/node/threads.ts";
import { createPool } from "../adapters/worker/pool/pool.ts";
import { createDriver, type Driver } from "../host/driver.ts";
import { baseSetting } from "../host/edit/base.ts";
import type { Executor, LogPiece } from "../ports/executor.ts";
import { folderPath, type Files } from "../ports/files.ts";
import type { Store } from "../ports/store.ts";

export interface NodeHostOptions {
  readonly name: string;
  /** Name of the file in its folder. */
  readonly file: string;
  readonly text: string;
  /** Text of the base configuration. */
  readonly base?: string;
  /** The real folder that is the DAG's own. */
  readonly folder: string;
  readonly host: Readonly<Record<string, string>>;
  readonly onLog: (piece: LogPiece) => void;
  readonly onError: (message: string) => void;
}
export interface NodeHost {
  readonly store: Store;
  readonly files: Files;
  readonly driver: Driver;
  readonly dag: string;
  readonly start: (args: readonly string[]) => Promise<{ readonly ok: true; readonly run: RunId } | { readonly ok: false; readonly message: string }>;
  readonly close: () => Promise<void>;
}
const id = "spec";
const threadsWarm = 1;
const threadsMax = 24;

export const openNodeHost = async (options: NodeHostOptions): Promise<NodeHost> => {
  const store = createMemoryStore();
  const clock = createNodeClock();
  const ids = createNodeIds();
  const neighbours = neighboursOf(options);
  const files = [id, ...neighbours.map((one) => one.id)].reduce(
    (below, dag) => createDiskFiles({ at: folderPath(dag), folder: options.folder }, below), createMemoryFiles(() => Date.now()),
  );
  const threads = { size: threadsWarm, sizeMax: threadsMax, spawn: createNodeSpawn(new URL("./bin/step-thread.js", import.meta.url), files) };
  const executor = withLogs(createPool({ ...threads, assets: createNodeAssets().load, newId: ids.next }), options.onLog);
  const notify = createMemoryNotify();
  const driver = createDriver({
    store, executor, clock, ids, notify, host: () => options.host, slots: threadsMax,
    onError: (_, error) => options.onError(error instanceof Error ? error.message : String(error)),
  });
  const now = instant(Date.now());
  await store.transact(async (tx) => {
    if (options.base !== undefined) await tx.putSetting(baseSetting, options.base);
    for (const { id: dag, name, text } of [{ id, ...options }, ...neighbours]) {
      const revision = revisionId(dag);
      await tx.putRevision({ id: revision, dag: dagId(dag), number: 1, text, at: now, note: "", draft: false });
      await tx.putDag({
        id: dagId(dag), name, head: revision, description: "", group: "", labels: [], hasSchedule: false, stepCount: 0, errorCount: 0,
        hasDraft: false, createdAt: now, updatedAt: now,
      });
      await tx.putGrant({ dag: dagId(dag), host: "*", at: now });
    }
  });
  await driver.start();
  return {
    store, files, driver, dag: id,
    start: async (args) => {
      const run = runId(ids.next());
      const said = await driver.ask({ type: "start", dag: id, args, paramsText: args.join(" "), trigger: "manual", run });
      return said.ok ? { ok: true, run } : { ok: false, message: said.message };
    },
    close: async () => {
      await driver.close();
      await executor.close();
      await store.close();
    },
  };
};

interface Neighbour {
  readonly id: string;
  readonly name: string;
  readonly text: string;
}
const neighboursMax = 200;
/** The other DAG files of the folder: what a `call` step may name. */
const neighboursOf = ({ folder, file }: NodeHostOptions): readonly Neighbour[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/i.test(entry.name) && entry.name !== file)
    .slice(0, neighboursMax)
    .map((entry) => {
      const stem = stemOf(entry.name);
      return { id: `file-${stem}`, name: stem, text: readFileSync(join(folder, entry.name), "utf8") };
    })
    .filter(({ name, text }) => name !== "base" || !isBaseText(text));
/** What a file is called as a DAG. */
export const stemOf = (file: string): string => basename(file).replace(/\.ya?ml$/i, "");

/** The driver listens to an executor's logs alone; this lets the terminal see them too. */
const withLogs = (executor: Executor, onLog: (piece: LogPiece) => void): Executor => ({
  ...executor,
  onLog: (listener) =>
    executor.onLog((piece) => {
      onLog(piece);
      listener(piece);
    }),
});
