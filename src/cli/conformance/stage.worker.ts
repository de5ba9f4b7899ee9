/** The root of a worker in which cases are played: the same stage as in Node, its runtimes fetched from where it was served. */
import { createInProcessExecutor } from "../../adapters/worker/in-process.ts";
import { kindTable } from "../../adapters/worker/kinds/table.ts";
import { createThread } from "../../adapters/worker/thread.ts";
import { createWebClock } from "../../adapters/web/clock.ts";
import type { Assets } from "../../ports/assets.ts";
import { networkError } from "../../ports/network.ts";
import type { CaseFolder, CaseReport } from "./case.ts";
import { play, type Stage } from "./play.ts";

export interface PlayCall {
  readonly id: number;
  readonly folder: CaseFolder;
}
export type PlayAnswer = { readonly id: number } & ({ readonly report: CaseReport } | { readonly failed: string });

const assets: Assets = {
  load: async (name) => {
    const answer = await fetch(`/runtimes/${name}`);
    if (!answer.ok) throw new Error(`${name} is not served`);
    return new Uint8Array(await answer.arrayBuffer());
  },
};
const network = { fetch: () => Promise.reject(networkError("offline", "the network")) };
const stage: Stage = {
  clock: createWebClock(),
  executor: (files) => createInProcessExecutor({ world: createThread({ files, network, assets }), kinds: kindTable }),
};

self.onmessage = ({ data: { id, folder } }: MessageEvent<PlayCall>) => {
  play(stage, folder).then(
    (report) => self.postMessage({ id, report } satisfies PlayAnswer),
    (error: unknown) => self.postMessage({ id, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) } satisfies PlayAnswer),
  );
};
