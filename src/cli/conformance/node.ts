/** Owns the stage of a case in Node: real time, steps in this process, no network. */
import { createNodeAssets } from "../../adapters/node/assets.ts";
import { createNodeClock } from "../../adapters/node/clock.ts";
import { createInProcessExecutor } from "../../adapters/worker/in-process.ts";
import { kindTable } from "../../adapters/worker/kinds/table.ts";
import { createThread } from "../../adapters/worker/thread.ts";
import { networkError } from "../../ports/network.ts";
import type { Stage } from "./play.ts";

export const nodeStage = (): Stage => {
  const network = { fetch: () => Promise.reject(networkError("offline", "the network")) };
  const assets = createNodeAssets();
  return {
    clock: createNodeClock(),
    executor: (files) => createInProcessExecutor({ world: createThread({ files, network, assets }), kinds: kindTable }),
  };
};
