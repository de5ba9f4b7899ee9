/** Owns a whole Dagbok in one Node process: store in memory, steps in process, the spec's folder on disk. */
import { dagId, instant, revisionId, runId, type RunId } from "../core/base/brand.ts";
import { createMemoryFiles } from "../adapters/memory/files.ts";
import { createMemoryNotify } from "../adapters/memory/lock.ts";
import { createMemoryStore } from "../adapters/memory/store.ts";
import { createNodeAssets } from "../adapters/node/assets.ts";
import { createNodeClock, createNodeIds } from "../adapters/node/clock.ts";
import { createDiskFiles } from "../adapters/node/disk-files.ts";
import { createNodeNetwork } from "../adapters/node/network.ts";
import { createNodePython } from "../adapters/node/python.ts";
import { createInProcessExecutor } from "../adapters/worker/in-process.ts";
import { kindTable } from "../adapters/worker/kinds/table.ts";
import { createThread } from "../adapters/worker/thread.ts";
import { createDriver, type Driver } from "../host/driver.ts";
import type { Executor, LogPiece } from "../ports/executor.ts";
import { folderPath, type Files } from "../ports/files.ts";
import type { Store } from "../ports/store.ts";

export interface NodeHostOptions {
  readonly name: string;
  readonly text: string;
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

export const openNodeHost = async (options: NodeHostOptions): Promise<NodeHost> => {
  const store = createMemoryStore();
  const clock = createNodeClock();
  const ids = createNodeIds();
  const files = createDiskFiles({ at: folderPath(id), folder: options.folder }, createMemoryFiles(() => Date.now()));
  const world = createThread({ files, network: createNodeNetwork(), assets: createNodeAssets(), python: createNodePython });
  const executor = withLogs(createInProcessExecutor({ world, kinds: kindTable }), options.onLog);
  const notify = createMemoryNotify();
  const driver = createDriver({
    store, executor, clock, ids, notify, host: () => options.host,
    onError: (_, error) => options.onError(error instanceof Error ? error.message : String(error)),
  });
  const now = instant(Date.now());
  await store.transact(async (tx) => {
    const revision = revisionId(id);
    await tx.putRevision({ id: revision, dag: dagId(id), number: 1, text: options.text, at: now, note: "", draft: false });
    await tx.putDag({
      id: dagId(id), name: options.name, head: revision, description: "", group: "", labels: [], hasSchedule: false, stepCount: 0, errorCount: 0,
      hasDraft: false, createdAt: now, updatedAt: now,
    });
    await tx.putGrant({ dag: dagId(id), host: "*", at: now });
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

/** The driver listens to an executor's logs alone; this lets the terminal see them too. */
const withLogs = (executor: Executor, onLog: (piece: LogPiece) => void): Executor => ({
  ...executor,
  onLog: (listener) =>
    executor.onLog((piece) => {
      onLog(piece);
      listener(piece);
    }),
});
