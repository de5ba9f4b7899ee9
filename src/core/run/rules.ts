/**
 * Owns the rules of the engine as code: what holds after every turn, whatever the facts were. Tests and simulation check all of them; a
 * broken one throws its number. `full` ones look at every node and are left out of big runs.
 *
 * R1 Only events that can follow are folded (in `reduce`). R2 Folding the log from nothing gives the state that the turn gave.
 * R3 A step that has ended in a run attempt has nothing under way but silence. R4 A lost execution spends its retry budget.
 * R5 A run at rest has no step left that could still run. R6 No step starts before each of its dependencies lets it pass.
 * R7 A turn comes to rest (in `turn`). R8 At most `max_active_steps` steps and `slots` executions are under way.
 * R9 Counters, ready and active sets say what the nodes say. R10 A run that is not at rest is owed something, or waits for a fact it asked for.
 * R11 After a turn nothing is due at its `now`. R12 A stopped run starts no step.
 */
import { invariant } from "../base/invariant.ts";
import type { Plan } from "../plan/plan.ts";
import type { RunEvent } from "./event.ts";
import { outstanding } from "./outstanding.ts";
import { passage } from "./state/pass.ts";
import { fold } from "./state/reduce.ts";
import { hasBit, nodeAt, type RunState } from "./state/state.ts";
import { isStepDone, stepStatuses, type StepStatus } from "./status.ts";
import type { Turn } from "./turn.ts";

/** Nodes above which rules that look at every node are not checked. */
const fullMax = 400;

export const checkTurn = (plan: Plan, before: RunState, done: Turn): void => {
  const after = done.state;
  checkStarts(plan, before, done);
  if (plan.nodes.length > fullMax) return;
  checkFold(plan, before, done);
  checkSets(plan, after);
  checkRest(plan, after);
};

/** Replays events one by one to see the world in which each start was decided. */
const checkStarts = (plan: Plan, before: RunState, done: Turn): void => {
  if (plan.nodes.length > fullMax) return;
  let state = before;
  for (const event of done.events) {
    if (event.type === "step-started") checkStart(plan, state, event);
    state = fold(plan, state, [event]);
  }
};
const checkStart = (plan: Plan, state: RunState, event: Extract<RunEvent, { readonly type: "step-started" }>): void => {
  const index = plan.byName.get(event.step);
  if (index === undefined) return;
  const node = nodeAt(state, index);
  invariant(state.stoppedAt === undefined, "R12", { step: event.step });
  invariant(event.execution === node.execution + 1, "R3", { step: event.step, execution: event.execution });
  if (node.status !== "not_started") return;
  for (const dependency of plan.nodes[index]!.depends) {
    invariant(passage(plan, state, dependency) === "pass", "R6", { step: event.step, dependency: plan.nodes[dependency]!.name });
  }
};

const checkFold = (plan: Plan, before: RunState, done: Turn): void => {
  const folded = fold(plan, before, done.events);
  invariant(folded.seq === done.state.seq && folded.status === done.state.status && folded.phase === done.state.phase, "R2", { seq: folded.seq });
  for (let index = 0; index < plan.nodes.length; index += 1) {
    const mine = nodeAt(folded, index);
    const theirs = nodeAt(done.state, index);
    invariant(mine.status === theirs.status && mine.phase === theirs.phase && mine.cursor === theirs.cursor, "R2", { step: plan.nodes[index]!.name });
  }
};

const checkSets = (plan: Plan, state: RunState): void => {
  const counts = Object.fromEntries(stepStatuses.map((status) => [status, 0])) as Record<StepStatus, number>;
  let active = 0;
  let executing = 0;
  for (const { index, name } of plan.nodes) {
    const node = nodeAt(state, index);
    if (index < plan.stepCount) counts[node.status] += 1;
    if (node.phase !== "idle") active += 1;
    if (node.phase === "executing" || node.phase === "finishing") executing += 1;
    invariant(hasBit(state.active, index) === (node.phase !== "idle"), "R9", { step: name, phase: node.phase });
    invariant(!hasBit(state.ready, index) || node.status === "not_started", "R9", { step: name, status: node.status });
    invariant(!isStepDone(node.status) || node.phase === "idle" || node.phase === "closing", "R3", { step: name, status: node.status, phase: node.phase });
  }
  invariant(active === state.activeCount && executing === state.executing, "R9", { active, executing });
  for (const status of stepStatuses) invariant(counts[status] === state.counts[status], "R9", { status, counted: counts[status], held: state.counts[status] });
  const { maxActiveSteps } = plan.dag;
  invariant(maxActiveSteps <= 0 || counts.running <= maxActiveSteps || counts.retrying > 0 || state.attempt > 1 || hasRetried(plan, state), "R8", { running: counts.running });
};
/** A retry that wakes up takes its place back even when another step has taken the slot meanwhile. */
const hasRetried = (plan: Plan, state: RunState): boolean => plan.nodes.some((node) => nodeAt(state, node.index).retryCount > 0);

const checkRest = (plan: Plan, state: RunState): void => {
  if (state.attempt === 0) return;
  if (state.phase === "settled") {
    invariant(state.activeCount === 0, "R5", { active: state.activeCount });
    invariant(outstanding(plan, state).length === 0, "R5", {});
    return;
  }
  const closing = plan.nodes.some((node) => nodeAt(state, node.index).phase === "closing");
  invariant(closing || outstanding(plan, state).length > 0, "R10", { phase: state.phase });
};
