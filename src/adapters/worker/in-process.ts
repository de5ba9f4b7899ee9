/**
 * Owns an executor without workers: attempts run in this thread, one promise each. For the command line, conformance and simulation.
 * Refuses to know: pools, message ports. It cannot end a tight loop; a browser's pool can.
 */
import type {
  AttemptOrder, AttemptToken, CancelHow, Executor, LogPiece, PrepareOrder, Report, StartInput, StartValues,
} from "../../ports/executor.ts";
import type { EnvEntry } from "../../core/spec/dag.ts";
import type { KindTable, KindWorld } from "./kind.ts";
import { evaluateStart, prepareRun } from "./attempt/prepare.ts";
import { runAttempt } from "./attempt/run.ts";
import { fillOrder, type Filled } from "./attempt/secrets.ts";
import type { AttemptWorld } from "./attempt/world.ts";

interface Task {
  readonly control: AbortController;
  readonly settled: Promise<void>;
  silent: boolean;
}

export interface InProcess {
  readonly world: KindWorld;
  readonly kinds: KindTable;
}
const wait = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

export const createInProcessExecutor = ({ world, kinds }: InProcess): Executor => {
  const tasks = new Map<AttemptToken, Task>();
  const secrets = new Map<string, readonly EnvEntry[]>();
  let report: (report: Report) => void = () => undefined;
  let show: (piece: LogPiece) => void = () => undefined;

  const begin = (token: AttemptToken, work: (world: AttemptWorld, send: (report: Report) => void) => Promise<void>): void => {
    if (tasks.has(token)) return;
    const control = new AbortController();
    const attemptWorld: AttemptWorld = {
      ...world, kinds, signal: control.signal,
      onLog: (piece) => {
        if (!task.silent) show(piece);
      },
    };
    const send = (each: Report): void => {
      if (task.silent) return;
      tasks.delete(token);
      report(each);
    };
    const settled = Promise.resolve()
      .then(() => work(attemptWorld, send))
      .catch(() => send({ type: "attempt", report: { token, end: { type: "lost" }, conditions: [], stdoutBytes: 0, stderrBytes: 0 } }))
      .finally(() => {
        if (tasks.get(token) === task) tasks.delete(token);
      });
    const task: Task = { control, settled, silent: false };
    tasks.set(token, task);
  };

  /** Secrets of a run: from its preparation, or resolved again after a hand-over. */
  const withSecrets = async (order: AttemptOrder): Promise<Filled> => {
    const filled = await fillOrder(secrets.has(order.run) ? { ...order, dag: { ...order.dag, secrets: [] } } : order, world);
    const found = filled.ok ? filled.order : { ...order, borrowed: [] };
    const values = order.dag.secrets.length === 0 ? order.scope.secrets : secrets.get(order.run) ?? found.scope.secrets;
    if (order.dag.secrets.length > 0) secrets.set(order.run, values);
    return { ...found, dag: order.dag, scope: { ...found.scope, secrets: values } };
  };

  const start = (order: AttemptOrder): void =>
    begin(order.token, async (attemptWorld, send) => {
      const outcome = await runAttempt(await withSecrets(order), attemptWorld);
      send({ type: "attempt", report: outcome.report });
    });
  const prepare = (order: PrepareOrder): void =>
    begin(order.token, async (attemptWorld, send) => {
      const found = await prepareRun(order, attemptWorld);
      secrets.set(order.run, found.secrets);
      send({ type: "prepared", prepared: found.prepared });
    });
  const cancel = async (token: AttemptToken, how: CancelHow): Promise<void> => {
    const task = tasks.get(token);
    if (task === undefined) return;
    task.control.abort(how.signal);
    await Promise.race([task.settled, wait(how.graceMs)]);
    task.silent = true;
    tasks.delete(token);
  };
  const evaluate = (input: StartInput): Promise<StartValues> =>
    evaluateStart(input, { ...world, kinds, signal: new AbortController().signal, onLog: () => undefined });

  return {
    start, prepare, cancel, evaluateStart: evaluate,
    running: () => [...tasks.keys()],
    onReport: (listener) => {
      report = listener;
    },
    onLog: (listener) => {
      show = listener;
    },
    close: async () => {
      await Promise.all([...tasks.keys()].map((token) => cancel(token, { signal: "SIGKILL", graceMs: 0, reason: "gone" })));
    },
  };
};
