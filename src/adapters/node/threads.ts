/**
 * Owns the worker threads that steps run in on Node: started from one root file, with a line to the files that this process holds. A thread
 * that runs out of memory ends alone, and its step is lost. Refuses to know what a thread does.
 */
import { MessageChannel, Worker } from "node:worker_threads";
import type { Files } from "../../ports/files.ts";
import { serveFiles } from "../disk/remote.ts";
import type { FromWorker } from "../worker/pool/protocol.ts";
import type { SpawnThread, Thread } from "../worker/pool/seat.ts";

/** Megabytes of JavaScript objects in one thread; wasm runtimes have limits of their own. */
const heapMegabytesMax = 1024;

export const createNodeSpawn = (root: URL, files: Files): SpawnThread => () => {
  const worker = new Worker(root, { resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax } });
  const lines = { files: new MessageChannel(), network: new MessageChannel() };
  serveFiles(files, lines.files.port1 as unknown as MessagePort);
  // The thread reaches other hosts by itself: nobody sits at the other end of this line.
  lines.network.port1.close();
  const thread: Thread = {
    onmessage: null,
    onerror: null,
    postMessage: (message, transfer = []) => worker.postMessage(message, transfer as never),
    terminate: () => {
      lines.files.port1.close();
      void worker.terminate();
    },
  };
  const fail = (message: string): void => thread.onerror?.({ message } as ErrorEvent);
  worker.on("message", (data: FromWorker) => thread.onmessage?.({ data } as MessageEvent<FromWorker>));
  worker.on("error", (error: unknown) => fail(error instanceof Error ? error.message : String(error)));
  worker.on("exit", () => fail("the thread has ended"));
  return { thread, files: lines.files.port2 as unknown as MessagePort, network: lines.network.port2 as unknown as MessagePort };
};
