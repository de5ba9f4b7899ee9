/** The root of a step thread on Node: every kind, every runtime, each loaded when first used; the files of the process that started it. */
import { parentPort } from "node:worker_threads";
import { createRemoteFiles } from "../adapters/disk/remote.ts";
import { createNodeNetwork } from "../adapters/node/network.ts";
import { openNodePostgres } from "../adapters/node/postgres.ts";
import { createNodePython } from "../adapters/node/python.ts";
import { kindTable } from "../adapters/worker/kinds/table.ts";
import { createDesk } from "../adapters/worker/pool/desk.ts";
import type { ToWorker } from "../adapters/worker/pool/protocol.ts";

if (parentPort === null) throw new Error("a step thread is started by the command line");
const home = parentPort;
const network = createNodeNetwork();
const desk = createDesk({
  say: (message, transfer) => home.postMessage(message, (transfer ?? []) as never),
  files: createRemoteFiles, network: () => network, kinds: kindTable, python: createNodePython, postgres: openNodePostgres,
});
home.on("message", (message: ToWorker) => desk.hear(message));
