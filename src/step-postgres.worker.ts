/** The root of a step worker that carries PostgreSQL: as `step.worker.ts`, with the pack bundled in. */
import { createRemoteNetwork } from "./adapters/broker/line.ts";
import { createRemoteFiles } from "./adapters/disk/remote.ts";
import { openPostgres } from "./adapters/worker/kinds/postgres/engine.ts";
import { kindTable } from "./adapters/worker/kinds/table.ts";
import { confine } from "./adapters/worker/pool/confine.ts";
import { createDesk } from "./adapters/worker/pool/desk.ts";
import type { ToWorker } from "./adapters/worker/pool/protocol.ts";

const open = confine();
if (open.length > 0) throw new Error(`this browser leaves ${open.join(", ")} open to steps`);
const desk = createDesk({
  say: (message, transfer) => self.postMessage(message, { transfer: transfer ?? [] }), files: createRemoteFiles, network: createRemoteNetwork, kinds: kindTable,
  postgres: openPostgres,
});
self.onmessage = ({ data }: MessageEvent<ToWorker>) => desk.hear(data);
