/** The root of a step worker that carries Python: as `step.worker.ts`, with the pack's interpreter bundled in. */
import createPyodideModule from "pyodide/pyodide.asm.mjs";
import { createRemoteNetwork } from "./adapters/broker/line.ts";
import { createRemoteFiles } from "./adapters/disk/remote.ts";
import { createPython } from "./adapters/worker/kinds/python/run.ts";
import { createByteLoader } from "./adapters/worker/kinds/python/loader.ts";
import { kindTable } from "./adapters/worker/kinds/table.ts";
import { confine } from "./adapters/worker/pool/confine.ts";
import { createDesk } from "./adapters/worker/pool/desk.ts";
import type { ToWorker } from "./adapters/worker/pool/protocol.ts";

const open = confine();
if (open.length > 0) throw new Error(`this browser leaves ${open.join(", ")} open to steps`);
const loader = createByteLoader(createPyodideModule);
const desk = createDesk({
  say: (message, transfer) => self.postMessage(message, { transfer: transfer ?? [] }), files: createRemoteFiles, network: createRemoteNetwork, kinds: kindTable,
  python: (world) => createPython(world, loader),
});
self.onmessage = ({ data }: MessageEvent<ToWorker>) => desk.hear(data);
