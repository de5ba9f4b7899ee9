/** The root of the file worker: the only one with files open. Every port that is handed over speaks the `Files` port. */
import { openDiskFiles } from "./adapters/disk/files.ts";
import { openIndexedDevices } from "./adapters/disk/indexed.ts";
import { openOpfsDevices } from "./adapters/disk/opfs.ts";
import type { FromFileWorker, ToFileWorker } from "./adapters/disk/protocol.ts";
import { serveFiles } from "./adapters/disk/remote.ts";


/** Bytes reach the disk at least this often. */
const flushMs = 1000;
const say = (message: FromFileWorker): void => self.postMessage(message);

const open = async (name: string) => {
  const opfs = await openOpfsDevices(name);
  const files = await openDiskFiles(opfs ?? (await openIndexedDevices(`${name}-files`)), Date.now);
  setInterval(() => void files.flush(), flushMs);
  say({ type: "opened", kind: opfs === undefined ? "indexeddb" : "opfs" });
  return files;
};
let opening: ReturnType<typeof open> | undefined;

self.onmessage = async ({ data }: MessageEvent<ToFileWorker>) => {
  try {
    if (data.type === "open") await (opening ??= open(data.name));
    else if (data.type === "line") serveFiles(await opening!, data.port);
    else {
      await (await opening)?.close();
      say({ type: "closed" });
      self.close();
    }
  } catch (error) {
    say({ type: "failed", message: error instanceof Error ? error.message : String(error) });
  }
};
