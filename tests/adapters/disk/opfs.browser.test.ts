/** The files contract over the origin private file system, across the file worker's port. */
import { createRemoteFiles } from "../../../src/adapters/disk/remote.ts";
import { filesContract } from "../../contracts/files.contract.ts";

let last = 0;
filesContract("the private file system of Chromium", async () => {
  last += 1;
  const worker = new Worker(new URL("../../../src/file.worker.ts", import.meta.url), { type: "module" });
  const opened = new Promise<{ readonly kind: string }>((resolve) => {
    worker.onmessage = ({ data }) => resolve(data as { kind: string });
  });
  worker.postMessage({ type: "open", name: `files-${Date.now()}-${last}` });
  const { kind } = await opened;
  if (kind !== "opfs") throw new Error(`expected the private file system, found ${kind}`);
  const { port1, port2 } = new MessageChannel();
  worker.postMessage({ type: "line", port: port2 }, [port2]);
  return createRemoteFiles(port1);
});
