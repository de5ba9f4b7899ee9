/**
 * Owns the workers that a driving tab holds: one with the files, one that reaches other origins, a warm pool for steps; who is connected
 * with whom, and letting go of all of them so that the next tab finds the files free. Refuses to know runs.
 */
import type { AssetName } from "../../ports/assets.ts";
import type { Site } from "../../ports/tab/site.ts";
import type { MayReach, Machinery } from "../../ports/tab/machinery.ts";
import type { FromBroker, ToBroker } from "../broker/protocol.ts";
import type { FromFileWorker, ToFileWorker } from "../disk/protocol.ts";
import { createRemoteFiles } from "../disk/remote.ts";
import { serveRelay } from "../disk/relay.ts";
import type { Vault } from "../../ports/vault.ts";
import { folderPath } from "../../ports/files.ts";
import type { Executor } from "../../ports/executor.ts";
import { createFork } from "../worker/pool/fork.ts";
import { createPool } from "../worker/pool/pool.ts";
import type { Thread } from "../worker/pool/seat.ts";

export interface WorkersOptions {
  readonly name: string;
  readonly site: Pick<Site, "workers" | "runtimes">;
  readonly newId: () => string;
  readonly mayReach: MayReach;
  /** The keeper of secrets. */
  readonly secrets: Vault["open"];
}
const warmMin = 2;
const warmMax = 4;
const closeMsMax = 500;

export const startWorkers = async ({ name, site, newId, mayReach, secrets }: WorkersOptions): Promise<Machinery> => {
  const fileWorker = await startFiles(site.workers["file"]!, name);
  const broker = startBroker(site.workers["broker"]!, mayReach);
  const files = createRemoteFiles(fileWorker.line());
  const assets = createAssetLoader(site);
  const pool = (root: string, size: number, sizeMax: number): Executor => createPool({
    spawn: () => ({
      thread: new Worker(site.workers[root]!, { type: "module", name: root }) as unknown as Thread, files: fileWorker.line(), network: broker.line(),
    }),
    assets, size, sizeMax, newId, secrets: (folder, names) => secrets(folder.slice(folderPath("").length), names),
  });
  const warm = Math.min(warmMax, Math.max(warmMin, navigator.hardwareConcurrency ?? warmMin));
  const executor = createFork({
    light: pool("step", warm, workersMax), python: pool("step-python", 0, heavyWorkersMax), postgres: pool("step-postgres", 0, heavyWorkersMax),
  });
  const stopRelay = serveRelay(`${name}:files`, files);
  return {
    executor,
    files,
    filesKind: fileWorker.kind,
    slots: workersMax,
    close: async () => {
      stopRelay();
      await executor.close();
      broker.close();
      await fileWorker.close();
    },
  };
};
const workersMax = 24;
/** An interpreter or a database server holds some hundred megabytes: few at a time, none kept warm. */
const heavyWorkersMax = 2;

interface FileWorker {
  readonly kind: string;
  readonly line: () => MessagePort;
  readonly close: () => Promise<void>;
}
const startFiles = (url: string, name: string): Promise<FileWorker> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(url, { type: "module", name: "file" });
    const say = (message: ToFileWorker, transfer: Transferable[] = []): void => worker.postMessage(message, transfer);
    let closed: () => void = () => undefined;
    worker.onerror = (event) => reject(new Error(`the file worker did not start: ${event.message}`));
    worker.onmessage = ({ data }: MessageEvent<FromFileWorker>) => {
      if (data.type === "failed") reject(new Error(data.message));
      else if (data.type === "closed") closed();
      else {
        resolve({
          kind: data.kind,
          line: () => {
            const { port1, port2 } = new MessageChannel();
            say({ type: "line", port: port2 }, [port2]);
            return port1;
          },
          close: () =>
            new Promise((done) => {
              const end = (): void => {
                worker.terminate();
                done();
              };
              closed = end;
              setTimeout(end, closeMsMax);
              say({ type: "close" });
            }),
        });
      }
    };
    say({ type: "open", name });
  });

const startBroker = (url: string, mayReach: MayReach): { readonly line: () => MessagePort; readonly close: () => void } => {
  const worker = new Worker(url, { type: "module", name: "broker" });
  const aborts = new Map<number, AbortController>();
  const say = (message: ToBroker, transfer: Transferable[] = []): void => worker.postMessage(message, transfer);
  worker.onmessage = async ({ data }: MessageEvent<FromBroker>) => {
    if (data.type === "forget") return void aborts.get(data.id)?.abort();
    const control = new AbortController();
    aborts.set(data.id, control);
    const granted = await mayReach({ run: data.run, step: data.step, host: data.host }, control.signal);
    aborts.delete(data.id);
    say({ type: "answer", id: data.id, granted });
  };
  return {
    line: () => {
      const { port1, port2 } = new MessageChannel();
      say({ type: "line", port: port2 }, [port2]);
      return port1;
    },
    close: () => worker.terminate(),
  };
};

/** Runtime files come from our own origin (or the service worker's cache), each fetched once per driver. */
const createAssetLoader = (site: Pick<Site, "runtimes">): ((name: AssetName) => Promise<Uint8Array>) => {
  const known = new Map<AssetName, Promise<Uint8Array>>();
  const load = async (name: AssetName): Promise<Uint8Array> => {
    const file = site.runtimes.find((runtime) => runtime.name === name);
    if (file === undefined) throw new Error(`this build has no runtime file ${name}`);
    const response = await fetch(file.url);
    if (!response.ok) throw new Error(`the runtime file ${name} could not be loaded (HTTP ${response.status}): open the app online once, so that it is kept`);
    return new Uint8Array(await response.arrayBuffer());
  };
  return (name) => {
    const found = known.get(name) ?? load(name);
    known.set(name, found);
    found.catch(() => known.delete(name));
    return found;
  };
};
