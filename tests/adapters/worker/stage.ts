/** Owns a stage for attempts: files in memory, the in-process executor, one report per order. */
import { createMemoryFiles } from "../../../src/adapters/memory/files.ts";
import { createNodeAssets } from "../../../src/adapters/node/assets.ts";
import { createNodePython } from "../../../src/adapters/node/python.ts";
import { openNodePostgres } from "../../../src/adapters/node/postgres.ts";
import { makeDirectories, parentOf, readTextFile, writeWhole } from "../../../src/adapters/worker/files/whole.ts";
import { createInProcessExecutor } from "../../../src/adapters/worker/in-process.ts";
import { kindTable } from "../../../src/adapters/worker/kinds/table.ts";
import { createThread } from "../../../src/adapters/worker/thread.ts";
import type { OpenPostgres } from "../../../src/adapters/worker/kinds/postgres/engine.ts";
import { runId, term } from "../../../src/core/base/brand.ts";
import type { AttemptEnd, AttemptOrder, AttemptReport, Executor, Report, Scope } from "../../../src/ports/executor.ts";
import type { Dag, Step } from "../../../src/core/spec/dag.ts";
import type { Network } from "../../../src/ports/network.ts";
import { networkError } from "../../../src/ports/network.ts";
import { parseSpec } from "../../../src/core/spec/parse.ts";

export interface Stage {
  readonly executor: Executor;
  readonly put: (path: string, text: string) => Promise<void>;
  readonly putBytes: (path: string, bytes: Uint8Array) => Promise<void>;
  readonly get: (path: string) => Promise<string>;
  readonly run: (step: Step, rest?: Partial<AttemptOrder>) => Promise<Ran>;
  readonly shown: () => string;
}
export interface Ran {
  readonly report: AttemptReport;
  readonly end: Extract<AttemptEnd, { type: "exited" }>;
  readonly stdout: string;
  readonly stderr: string;
}
export const folder = "/folders/d";
/** The DAG's own folder; steps work in another. */
const ownFolder = "/folders/own";
export const scope: Scope = {
  host: { PATH: "/usr/bin:/bin", HOME: "/home/u", LIMIT: "3" }, params: [], dagEnv: [], dotenv: [], secrets: [], outputs: [], pushBack: [], special: [], fixed: [],
};
const offline: Network = { fetch: (request) => Promise.reject(networkError("offline", new URL(request.url).host)) };

/** The first step of a DAG text. */
export const stepOf = (text: string): Step => dagOf(text).steps[0] as Step;
export const dagOf = (text: string): Dag => {
  const parsed = parseSpec(text, { name: "d" });
  if (parsed.spec === undefined) throw new Error(JSON.stringify(parsed.issues));
  return parsed.spec.dag;
};

export const createStage = async (network: Network = offline, postgres: OpenPostgres = openNodePostgres): Promise<Stage> => {
  const files = createMemoryFiles(() => Date.now());
  for (const path of [folder, "/tmp", "/runs/r/work"]) await makeDirectories(files, path);
  const executor = createInProcessExecutor({ world: createThread({ files, network, assets: createNodeAssets(), postgres, python: createNodePython, folder: () => ownFolder }), kinds: kindTable });
  const waiting = new Map<string, (report: AttemptReport) => void>();
  const shown: Uint8Array[] = [];
  executor.onReport((report: Report) => {
    if (report.type === "attempt") waiting.get(report.report.token)?.(report.report);
  });
  executor.onLog((piece) => void shown.push(piece.bytes));
  const get = (path: string): Promise<string> => readTextFile(files, path);
  let count = 0;
  const run = async (step: Step, rest: Partial<AttemptOrder> = {}): Promise<Ran> => {
    count += 1;
    const token = `r/1/${step.name}/${count}`;
    const places = { folder, work: "/runs/r/work", inherited: folder, stdoutLog: `/runs/r/logs/1/${count}.out`, stderrLog: `/runs/r/logs/1/${count}.err` };
    const order: AttemptOrder = {
      token, term: term(1), run: runId("r"), attempt: 1, step, places, scope, refs: [], first: true, hosts: [],
      dag: { name: "d", logOutput: "separate", maxOutputSize: 1_048_576, maxCleanUpTimeSec: 5, secrets: [] }, ...rest,
    };
    const report = await new Promise<AttemptReport>((resolve) => {
      waiting.set(token, resolve);
      executor.start(order);
    });
    const read = (path: string): Promise<string> => get(path).catch(() => "");
    return { report, end: report.end as Ran["end"], stdout: await read(order.places.stdoutLog), stderr: await read(order.places.stderrLog) };
  };
  const putBytes = async (path: string, bytes: Uint8Array): Promise<void> => {
    await makeDirectories(files, parentOf(path));
    await writeWhole(files, path, bytes);
  };
  const put = (path: string, text: string): Promise<void> => putBytes(path, new TextEncoder().encode(text));
  return { executor, put, putBytes, get, run, shown: () => shown.map((piece) => new TextDecoder().decode(piece)).join("") };
};
