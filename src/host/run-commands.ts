/**
 * Owns the commands about runs: asked for in any tab, carried out by the driving one. Where this tab drives, the driver is asked at once;
 * elsewhere the wish becomes a request row and a nudge, and the answer is read from the row. Refuses to know rules.
 */
import { dagId, runId, type RunId } from "../core/base/brand.ts";
import { instant } from "../core/base/brand.ts";
import type { Request } from "../core/run/fact.ts";
import type { StepRow } from "../core/run/rows.ts";
import { isRunSettled, runStatuses, type RunStatus } from "../core/run/status.ts";
import { handlerStepName } from "../core/spec/dag.ts";
import { outputKey } from "../core/value/output/key.ts";
import type { Clock } from "../ports/clock.ts";
import type { Ids } from "../ports/ids.ts";
import type { Notify } from "../ports/notify.ts";
import type { Store, Tx } from "../ports/store.ts";
import { CommandError, type Commands, type RunView } from "./commands.ts";
import { existing } from "./edit/dags.ts";
import { decodeAnswer, type Ask, type AskAnswer } from "./drive/asks.ts";
import type { Driver } from "./driver.ts";

export type RunCommands = Pick<
  Commands,
  "start" | "stop" | "retry" | "retryStep" | "approve" | "reject" | "pushBack" | "waitForEnd" | "run" | "logs" | "runs"
>;
export interface RunCommandsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly notify: Notify;
  /** The driver, while this tab drives. */
  readonly driver: () => Driver | undefined;
}
const answerMsMax = 30_000;
const runsPageMax = 500;

export const createRunCommands = (options: RunCommandsOptions): RunCommands => {
  const { store, ids } = options;
  const ask = async (what: Ask): Promise<Extract<AskAnswer, { readonly ok: true }>> => {
    const driver = options.driver();
    const near = driver === undefined ? undefined : await driver.ask(what);
    const answer = near === undefined || (!near.ok && near.code === "not_driving") ? await askByRow(options, what) : near;
    if (answer.ok) return answer;
    throw new CommandError(answer.code, answer.message, answer.issues);
  };
  const request = async (run: string, wish: Request): Promise<void> => {
    await ask({ type: "run", run: runId(run), request: wish });
  };
  return {
    start: async (dag, wish = {}) => {
      const run = runId(ids.next());
      const { id } = await store.transact((tx) => existing(tx, dag), { readonly: true });
      const draft = wish.draft === true ? await draftRevision(store, id) : {};
      await ask({ type: "start", dag: id, run, trigger: "manual", ...draft, ...argsOf(wish.params) });
      return { run };
    },
    stop: (run) => request(run, { do: "stop" }),
    retry: (run) => request(run, { do: "retry" }),
    retryStep: (run, step) => request(run, { do: "retry-step", step }),
    approve: (run, step, inputs = {}) => request(run, { do: "approve", step, inputs }),
    reject: (run, step, reason = "") => request(run, { do: "reject", step, reason }),
    pushBack: (run, step, inputs = {}) => request(run, { do: "push-back", step, inputs }),
    waitForEnd: (run, { timeoutMs } = {}) => waitForEnd(options, runId(run), timeoutMs),
    run: (run) => readRun(store, runId(run)),
    logs: (run, step, { stream = "stdout", attempt } = {}) => readLogs(store, runId(run), { step, stream, attempt }),
    runs: async (filter = {}) => {
      const { dag, status, limit = 50, cursor } = filter;
      if (cursor !== undefined && !/^\d+\|./.test(cursor)) throw new CommandError("bad_request", "cursor is what an earlier page called next");
      const page = await store.transact(async (tx) => tx.runs({
        ...(dag === undefined ? {} : { dag: (await existing(tx, dag)).id }), ...(status === undefined ? {} : { statuses: knownStatuses(status) }),
      }, knownLimit(limit), cursor), { readonly: true });
      return { rows: page.rows, entry: page.csn, ...(page.next === undefined ? {} : { next: page.next }) };
    },
  };
};

const knownLimit = (limit: number): number => {
  if (!Number.isInteger(limit) || limit < 1) throw new CommandError("bad_request", "limit is a whole number of rows, 1 or more");
  return Math.min(limit, runsPageMax);
};
const knownStatuses = (names: readonly string[]): readonly RunStatus[] => {
  if (!Array.isArray(names)) throw new CommandError("bad_request", "status is a list of statuses");
  const unknown = names.find((name) => !(runStatuses as readonly string[]).includes(name));
  if (unknown !== undefined) throw new CommandError("bad_request", `unknown status ${unknown}`);
  return names as readonly RunStatus[];
};

/** Named values keep their spaces; text is what one would type after `--`. */
const argsOf = (params: Readonly<Record<string, string>> | string | undefined): { readonly args: readonly string[]; readonly paramsText: string } => {
  if (params === undefined) return { args: [], paramsText: "" };
  if (typeof params === "string") return { args: params.trim() === "" ? [] : [params], paramsText: params };
  const args = Object.entries(params).map(([name, value]) => (/^\d+$/.test(name) ? JSON.stringify(value) : `${name}=${JSON.stringify(value)}`));
  return { args, paramsText: args.join(" ") };
};

/** The draft's text as a revision of its own, kept because a run names it. */
const draftRevision = async (store: Store, dag: string) => {
  const revision = await store.transact(async (tx) => {
    const draft = await tx.draft(dagId(dag));
    if (draft === undefined) return undefined;
    const head = (await tx.revisions(dagId(dag))).find((row) => row.text === draft.text);
    return { draft, head };
  }, { readonly: true });
  if (revision === undefined) return {};
  if (revision.head !== undefined) return { revision: revision.head.id, isDraft: revision.head.draft };
  const { draft } = revision;
  const id = await revisionIdOf(dag, draft.text);
  await store.transact(async (tx) => {
    const number = ((await tx.revisions(dagId(dag)))[0]?.number ?? 0) + 1;
    await tx.putRevision({ id, dag: dagId(dag), number, text: draft.text, parent: draft.base, at: draft.at, note: "", draft: true });
  });
  return { revision: id, isDraft: true };
};
const revisionIdOf = async (dag: string, text: string) => {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${dag}\n${text}`));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("") as never;
};

const askByRow = async (options: RunCommandsOptions, what: Ask): Promise<AskAnswer> => {
  const { store, clock, ids, notify } = options;
  const id = ids.next();
  await store.transact((tx) => tx.putRequest({ id, at: clock.now(), type: what.type, body: JSON.stringify(what) }), { durability: "strict" });
  notify.send({ type: "command", id });
  const text = await watched(options, (tx) => tx.request(id).then((row) => row?.answer), answerMsMax);
  await store.transact((tx) => tx.deleteRequest(id));
  return text === undefined ? { ok: false, code: "no_driver", message: "no tab has answered" } : decodeAnswer(text);
};

/** The first defined answer of a read, or undefined when time is up. */
const watched = <T>({ store, clock }: RunCommandsOptions, read: (tx: Tx) => Promise<T | undefined>, timeoutMs: number | undefined): Promise<T | undefined> =>
  new Promise((resolve, reject) => {
    let close: () => void = () => undefined;
    let isDone = false;
    const finish = (act: () => void): void => {
      if (isDone) return;
      isDone = true;
      cancel?.();
      queueMicrotask(() => close());
      act();
    };
    const cancel = timeoutMs === undefined ? undefined : clock.alarm(instant(clock.now() + timeoutMs), () => finish(() => resolve(undefined)));
    close = store.watch(read, (found) => {
      if (found !== undefined) finish(() => resolve(found));
    }, (error) => finish(() => reject(error instanceof Error ? error : new Error(String(error)))));
  });

const waitForEnd = async (options: RunCommandsOptions, run: RunId, timeoutMs?: number): Promise<string> => {
  const status = await watched<string>(options, async (tx) => {
    const status = await tx.runStatus(run);
    if (status === undefined) return "not_found";
    if (status === "broken") return "failed";
    return isRunSettled(status) ? status : undefined;
  }, timeoutMs);
  if (status === undefined) throw new CommandError("timeout", `run ${run} did not end in ${timeoutMs} ms`);
  if (status === "not_found") throw new CommandError("not_found", `run ${run} not found`);
  return status;
};

const readRun = async (store: Store, run: RunId): Promise<RunView> => {
  const found = await store.transact(async (tx) => ({ row: await tx.run(run), steps: await tx.steps(run) }), { readonly: true });
  if (found.row === undefined) throw new CommandError("not_found", `run ${run} not found`);
  const { row, steps } = found;
  return {
    status: row.status, dag: row.dag, revision: row.revision, outputs: outputsOf(steps),
    steps: steps.filter((step) => step.handler === undefined).map(({ name, status, exitCode, retryCount, doneCount }) => ({
      name, status, retryCount, doneCount, ...(exitCode === undefined ? {} : { exitCode }),
    })),
    ...(row.reason === undefined ? {} : { reason: row.reason }),
  };
};
/** Run outputs by their camel-case keys: later steps in file order win; object outputs have no key of their own. */
export const outputsOf = (steps: readonly StepRow[]): Readonly<Record<string, string>> =>
  Object.fromEntries(steps.flatMap((step) =>
    step.handler === undefined && step.output !== undefined && step.output.name !== "" ? [[outputKey(step.output.name), step.output.value] as const] : [],
  ));

interface LogWish {
  readonly step: string;
  readonly stream: "stdout" | "stderr";
  readonly attempt: number | undefined;
}
const readLogs = async (store: Store, run: RunId, { step, stream, attempt }: LogWish): Promise<string> => {
  if (stream !== "stdout" && stream !== "stderr") throw new CommandError("bad_request", `there is no stream ${String(stream)}: stdout or stderr`);
  const chunks = await store.transact(async (tx) => {
    const row = (await tx.steps(run)).find((one) => one.name === step || (one.handler !== undefined && handlerStepName[one.handler] === step));
    if (row === undefined) throw new CommandError("not_found", `step ${step} not found in run ${run}`);
    return tx.logs({ run, attempt: attempt ?? row.logAttempt, step, stream });
  }, { readonly: true });
  const decoder = new TextDecoder();
  return chunks.map((chunk) => decoder.decode(chunk.bytes, { stream: true })).join("") + decoder.decode();
};
