/** Owns the report of a played case: what the store and the files hold afterwards, in the shape that is compared. */
import type { RunId } from "../../core/base/brand.ts";
import type { RunRow, StepRow } from "../../core/run/rows.ts";
import { outputKey } from "../../core/value/output/key.ts";
import { outputsOf } from "../../host/run-commands.ts";
import type { Files } from "../../ports/files.ts";
import { folderPath } from "../../ports/files.ts";
import type { Store } from "../../ports/store.ts";
import type { ActionReport, Case, CaseReport, NodeReport, SubRunReport } from "./case.ts";
import { normaliser, type Normalise } from "./compare.mjs";

export interface Reporter {
  readonly refused: (message: string) => CaseReport;
  readonly report: (actions: readonly ActionReport[]) => Promise<CaseReport>;
}
interface Read {
  readonly row: RunRow;
  readonly steps: readonly StepRow[];
}

export const createReporter = (store: Store, files: Files, played: Case, run: RunId): Reporter => {
  const empty: CaseReport = {
    startError: null, validateError: null, runStatus: null, nodes: [], handlers: {}, labels: [], actions: [], outputs: {}, files: {}, order: [], subRuns: [],
  };
  return {
    refused: (message) => ({ ...empty, startError: message }),
    report: async (actions) => {
      const all = await store.transact((tx) => tx.runs({ withChildren: true }, 10_000), { readonly: true });
      const clean = normaliser([
        [folderPath("case"), "<WORK>"], ["/home/user", "<HOME>"], [run, "<RUN>"], ...all.rows.filter((row) => row.id !== run).map((row) => [row.id, "<SUBRUN>"] as const),
      ]);
      const { row, steps } = (await read(store, run))!;
      const nodes = await Promise.all(steps.map((step) => nodeReport(store, row, step, clean)));
      return {
        ...empty,
        runStatus: row.status,
        nodes: nodes.filter((_, at) => steps[at]!.handler === undefined),
        handlers: Object.fromEntries(nodes.filter((_, at) => steps[at]!.handler !== undefined).map(({ name, status, stdout, stderr }) => [name, { status, stdout, stderr }])),
        labels: row.labels,
        actions,
        outputs: cleaned(outputsOf(steps), clean),
        files: Object.fromEntries(await Promise.all((played.compare.files ?? []).map(async (path) => [path, await fileText(files, path, clean)] as const))),
        order: (played.compare.order ?? []).map((pair) => ({ pair, ok: isInOrder(steps, pair) })),
        subRuns: await subRuns(store, steps, clean),
      };
    },
  };
};

const read = (store: Store, run: RunId): Promise<Read | undefined> =>
  store.transact(async (tx) => {
    const row = await tx.run(run);
    return row === undefined ? undefined : { row, steps: await tx.steps(run) };
  }, { readonly: true });

const cleaned = (texts: Readonly<Record<string, string>>, clean: Normalise): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, clean(text)]));

const nodeReport = async (store: Store, run: RunRow, step: StepRow, clean: Normalise): Promise<NodeReport> => {
  const log = async (stream: "stdout" | "stderr"): Promise<string> => {
    const chunks = await store.transact((tx) => tx.logs({ run: run.id, attempt: step.logAttempt, step: step.name, stream }), { readonly: true });
    const decoder = new TextDecoder();
    return clean(chunks.map((chunk) => decoder.decode(chunk.bytes, { stream: true })).join("") + decoder.decode());
  };
  const { inputs, rejectedReason, iteration, pushBackInputs } = step.approval ?? { iteration: 0 };
  return {
    name: step.name, status: step.status, retryCount: step.retryCount, doneCount: step.doneCount,
    stdout: await log("stdout"), stderr: await log("stderr"),
    ...(step.exitCode === undefined ? {} : { exitCode: step.exitCode }),
    ...(step.error === undefined ? {} : { error: clean(step.error) }),
    ...(inputs === undefined || Object.keys(inputs).length === 0 ? {} : { inputs: Object.fromEntries(Object.entries(inputs).map(([key, text]) => [outputKey(key), text])) }),
    ...(rejectedReason === undefined || rejectedReason === "" ? {} : { reason: rejectedReason }),
    ...(iteration === 0 ? {} : { iteration }),
    ...(pushBackInputs === undefined || Object.keys(pushBackInputs).length === 0 ? {} : { pushBackInputs }),
  };
};

const fileText = async (files: Files, path: string, clean: Normalise): Promise<string | null> => {
  const full = `${folderPath("case")}/${path}`;
  try {
    const { size } = await files.stat(full);
    return clean(new TextDecoder().decode(await files.read(full, 0, size)));
  } catch (error) {
    if ((error as { readonly code?: string }).code === "ENOENT" || (error as { readonly code?: string }).code === "ENOTDIR") return null;
    throw error;
  }
};

const isInOrder = (steps: readonly StepRow[], [first, second]: readonly [string, string]): boolean => {
  const end = steps.find((step) => step.name === first)?.finishedAt;
  const start = steps.find((step) => step.name === second)?.startedAt;
  return end !== undefined && start !== undefined && end <= start;
};

const subRuns = async (store: Store, steps: readonly StepRow[], clean: Normalise): Promise<readonly SubRunReport[]> => {
  const found = await Promise.all(steps.filter((step) => step.handler === undefined).flatMap((step) => step.children.map((child) => subRun(store, step.name, child, clean))));
  const key = ({ node, name, params, status }: SubRunReport): string => JSON.stringify([node, name, params, status]);
  return found.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
};
const subRun = async (store: Store, node: string, child: StepRow["children"][number], clean: Normalise): Promise<SubRunReport> => {
  const known = await read(store, child.run);
  if (known === undefined) return { node, name: child.dag, params: child.params, status: null, outputs: {}, nodes: [], subRuns: [] };
  const { row, steps } = known;
  return {
    node, name: row.dagName, params: child.params, status: row.status, outputs: cleaned(outputsOf(steps), clean),
    nodes: steps.filter((step) => step.handler === undefined).map(({ name, status }) => ({ name, status })),
    subRuns: await subRuns(store, steps, clean),
  };
};
