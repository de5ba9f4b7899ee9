/**
 * An executor whose steps end as the seed says, late, doubled or never: workers die, cancels take their time. Tokens it starts are written
 * into the world's ledger, so that one started twice anywhere is found.
 */
import type { AttemptEnd, AttemptOrder, AttemptToken, Executor, LogPiece, Report } from "../../../src/ports/executor.ts";
import { exit } from "../../kit/engine.ts";
import type { Random } from "../random.ts";

export interface SimExecutorWorld {
  readonly random: Random;
  /** Runs `work` after virtual milliseconds, unless the tab has died. */
  readonly later: (ms: number, work: () => void) => void;
  readonly onStart: (token: AttemptToken) => void;
  /** What is about to be reported of a token, the first time. */
  readonly onEnd: (token: AttemptToken, end: AttemptEnd) => void;
  readonly faults: boolean;
  readonly tell: (line: string) => void;
}

export const createSimExecutor = ({ random, later, onStart, onEnd, faults, tell }: SimExecutorWorld): Executor => {
  const running = new Set<AttemptToken>();
  const silent = new Set<AttemptToken>();
  let report: (report: Report) => void = () => undefined;
  let show: (piece: LogPiece) => void = () => undefined;

  const say = (token: AttemptToken, what: Report): void => {
    if (silent.has(token)) return;
    running.delete(token);
    tell(`hears ${token} ${what.type === "attempt" ? what.report.end.type : "prepared"}`);
    if (what.type === "attempt") onEnd(token, what.report.end);
    report(what);
    if (faults && random.chance(0.1)) later(random.below(3000), () => !silent.has(token) && report(what));
  };
  const start = (order: AttemptOrder): void => {
    if (running.has(order.token)) return;
    onStart(order.token);
    tell(`runs ${order.token}`);
    running.add(order.token);
    if (random.chance(0.3)) show({ token: order.token, run: order.run, attempt: order.attempt, step: order.step.name, stream: "stdout", bytes: new Uint8Array([65, 10]) });
    const end = endOf(order, random, faults);
    const report: Report = { type: "attempt", report: { token: order.token, end, conditions: [], stdoutBytes: 0, stderrBytes: 0 } };
    later(random.pick([0, 1, 50, 500, 2500, 9000]), () => say(order.token, report));
  };
  return {
    start,
    prepare: (order) => {
      if (running.has(order.token)) return;
      running.add(order.token);
      const bad = random.chance(0.04);
      const prepared = {
        token: order.token, dotenv: [], conditions: bad ? [{ condition: { condition: "no", expected: "", negate: false }, met: false }] : [],
        ...(random.chance(0.02) ? { secretError: "no such secret" } : {}),
      };
      later(random.below(200), () => say(order.token, { type: "prepared", prepared }));
    },
    cancel: (token, how) =>
      new Promise((settle) => {
        tell(`cancels ${token} (${how.reason})`);
        later(Math.min(how.graceMs, random.below(2500)), () => {
          silent.add(token);
          running.delete(token);
          settle();
        });
      }),
    running: () => [...running],
    evaluateStart: async () => (random.chance(0.03) ? { ok: false, message: "refused" } : { ok: true, params: [], dagEnv: [] }),
    onReport: (listener) => {
      report = listener;
    },
    onLog: (listener) => {
      show = listener;
    },
    close: async () => running.clear(),
  };
};

const endOf = (order: AttemptOrder, random: Random, faults: boolean): AttemptEnd => {
  if (order.result !== undefined) return exit(order.result.exitCode, order.result.error === undefined ? {} : { error: order.result.error });
  if (faults && random.chance(0.03)) return { type: "lost" };
  if (order.step.call !== undefined && random.chance(0.9)) {
    const count = random.pick([1, 1, 2, 3]);
    const children = Array.from({ length: count }, () => ({ dag: order.step.call!.name, params: String(random.below(3)), workingDir: "/w" }));
    return { type: "called", children, maxConcurrent: 1 + random.below(3), parallel: count > 1 };
  }
  const roll = random.unit();
  if (roll < 0.06 && order.first) return { type: "skipped" };
  if (roll < 0.28) return exit(random.pick([1, 2]), { outputMatched: random.chance(0.1) });
  if (roll < 0.3) return exit(0, { error: "policy", ran: false });
  return exit(0, { output: "x" });
};
