/** The root of a step worker: shuts its doors, then sits down at the desk. */
import { createRemoteNetwork } from "./adapters/broker/line.ts";
import { createRemoteFiles } from "./adapters/disk/remote.ts";
import { kindTable } from "./adapters/worker/kinds/table.ts";
import { confine } from "./adapters/worker/pool/confine.ts";
import { createDesk } from "./adapters/worker/pool/desk.ts";
import type { ToWorker } from "./adapters/worker/pool/protocol.ts";

const open = confine();
if (open.length > 0) throw new Error(`this browser leaves ${open.join(", ")} open to steps`);
const desk = createDesk({ say: (message, transfer) => self.postMessage(message, { transfer: transfer ?? [] }), files: createRemoteFiles, network: createRemoteNetwork, kinds: kindTable });
self.onmessage = ({ data }: MessageEvent<ToWorker>) => desk.hear(data);
