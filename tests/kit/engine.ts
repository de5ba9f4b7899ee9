/** The pure engine under test: facts in, statuses out; every turn is checked against the rules. */
import { instant, runId, type Instant } from "../../src/core/base/brand.ts";
import { planOf, type Plan } from "../../src/core/plan/plan.ts";
import type { RunEvent } from "../../src/core/run/event.ts";
import type { AttemptEnd, Fact, Request, RequestRefusal } from "../../src/core/run/fact.ts";
import { outstanding, type Work } from "../../src/core/run/outstanding.ts";
import { checkTurn } from "../../src/core/run/rules.ts";
import { emptyState, nodeAt, type NodeState, type RunState } from "../../src/core/run/state/state.ts";
import { attemptToken, prepareToken } from "../../src/core/run/token.ts";
import { firstTurn, turn, type Turn } from "../../src/core/run/turn.ts";
import type { Dag } from "../../src/core/spec/dag.ts";

export const exit = (exitCode = 0, fields: Partial<Extract<AttemptEnd, { type: "exited" }>> = {}): AttemptEnd => ({
  type: "exited", exitCode, outputMatched: false, ran: true, ...(exitCode === 0 ? {} : { error: `exit status ${exitCode}` }), ...fields,
});

export interface Bench {
  readonly plan: Plan;
  state: RunState;
  now: Instant;
  readonly log: RunEvent[];
  readonly feed: (...facts: readonly Fact[]) => Turn;
  readonly wait: (ms: number) => Turn;
  readonly prepare: (fields?: { readonly met?: boolean; readonly secretError?: string }) => Turn;
  readonly end: (step: string, end?: AttemptEnd) => Turn;
  readonly silent: (step: string) => Turn;
  readonly ask: (request: Request) => RequestRefusal | undefined;
  readonly node: (step: string) => NodeState;
  readonly statuses: () => Readonly<Record<string, string>>;
  readonly work: () => readonly Work[];
  readonly running: () => readonly string[];
}
export const bench = (dag: Dag, options: { readonly slots?: number; readonly prepared?: boolean } = {}): Bench => {
  const made = planOf(dag, options.slots);
  if (!made.ok) throw new Error(`cycle: ${made.error.steps.join(",")}`);
  const plan = made.value;
  const nodeOf = (name: string) => plan.nodes.find((one) => one.name === name)!;
  const self: Bench = {
    plan,
    state: emptyState(plan, runId("run")),
    now: instant(1_000_000),
    log: [],
    feed: (...facts) => take(turn(plan, self.state, facts, self.now)),
    wait: (ms) => {
      self.now = instant(self.now + ms);
      return self.feed();
    },
    prepare: ({ met = true, secretError } = {}) =>
      self.feed({
        type: "prepared",
        prepared: {
          token: prepareToken(self.state), dotenv: [],
          conditions: met ? [] : [{ condition: { condition: "false", expected: "", negate: false }, met: false }],
          ...(secretError === undefined ? {} : { secretError }),
        },
      }),
    end: (name, end = exit()) => {
      const node = nodeOf(name);
      const token = attemptToken(self.state, node, nodeAt(self.state, node.index));
      return self.feed({ type: "report", report: { token, end, conditions: [], stdoutBytes: 0, stderrBytes: 0 } });
    },
    silent: (name) => {
      const node = nodeOf(name);
      return self.feed({ type: "closed", token: attemptToken(self.state, node, nodeAt(self.state, node.index)) });
    },
    ask: (request) => self.feed({ type: "request", id: "q", request }).answers[0]!.refusal,
    node: (name) => nodeAt(self.state, nodeOf(name).index),
    statuses: () => ({ run: self.state.status, ...Object.fromEntries(plan.nodes.map((node) => [node.name, nodeAt(self.state, node.index).status])) }),
    work: () => outstanding(plan, self.state),
    running: () => outstanding(plan, self.state).flatMap((work) => (work.type === "attempt" ? [plan.nodes[work.index]!.name] : [])),
  };
  const take = (done: Turn): Turn => {
    checkTurn(plan, self.state, done);
    self.state = done.state;
    self.log.push(...done.events);
    return done;
  };
  take(firstTurn(plan, self.state, self.now));
  if (options.prepared !== false) self.prepare();
  return self;
};
