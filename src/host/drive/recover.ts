/** Owns taking over: what ran elsewhere is lost, what must run is asked for again, callers learn what their children did meanwhile. */
import type { RunId, Term } from "../../core/base/brand.ts";
import { calledChildren } from "../../core/run/state/call.ts";
import { members, nodeAt, type RunState } from "../../core/run/state/state.ts";
import type { PlanNode } from "../../core/plan/plan.ts";
import { handlerStepName } from "../../core/spec/dag.ts";
import { attemptToken } from "../../core/run/token.ts";
import type { Executor } from "../../ports/executor.ts";
import type { RunRow } from "../../core/run/rows.ts";
import type { Store } from "../../ports/store.ts";
import type { Children } from "./children.ts";
import type { Live } from "./live.ts";
import { storedBytes, type Printed } from "./logs.ts";

export interface RecoveryWorld {
  readonly store: Store;
  readonly executor: Executor;
  readonly load: (run: RunId) => Promise<Live | undefined>;
  readonly children: Children;
  readonly term: () => Term;
}
export interface Recovery {
  readonly adopt: (run: RunId) => Promise<void>;
  /** Callers that wait for a child which has gone on meanwhile. */
  readonly wakeCallers: () => Promise<void>;
}
const waitingPage = 200;

export const createRecovery = ({ store, executor, load, children, term }: RecoveryWorld): Recovery => {
  /** What lost work had written before it was lost. */
  const leftBehind = ({ run, attempt }: RunState, node: PlanNode): Promise<Printed> =>
    store.transact(async (tx) => {
      const of = { run, attempt, step: node.handler === undefined ? node.step.name : handlerStepName[node.handler] };
      return { stdoutBytes: await storedBytes(tx, { ...of, stream: "stdout" }), stderrBytes: await storedBytes(tx, { ...of, stream: "stderr" }) };
    }, { readonly: true });

  const adopt = async (run: RunId): Promise<void> => {
    const live = await load(run);
    if (live === undefined) return;
    live.post({ type: "adopted", term: term() });
    const here = new Set(executor.running());
    const state = live.state();
    for (const index of members(state.active)) {
      const token = attemptToken(state, live.plan.nodes[index]!, nodeAt(state, index));
      const { phase } = nodeAt(state, index);
      if ((phase !== "executing" && phase !== "finishing") || here.has(token)) continue;
      live.forget(token);
      live.post({ type: "report", report: { token, end: { type: "lost" }, conditions: [], ...(await leftBehind(state, live.plan.nodes[index]!)) } });
    }
    live.reconcileAll();
  };

  const wakeCaller = async (row: RunRow): Promise<void> => {
    const kids = await store.transact((tx) => tx.childRuns(row.id), { readonly: true });
    if (!kids.some((kid) => kid.status !== "waiting")) return;
    const live = await load(row.id);
    if (live === undefined) return;
    for (const child of live.plan.nodes.flatMap((node) => calledChildren(nodeAt(live.state(), node.index)))) {
      const loaded = kids.some((kid) => kid.id === child.run && kid.attempt > child.attempt) ? await load(child.run) : undefined;
      if (loaded?.state().phase === "settled") children.tell(loaded);
    }
  };
  const wakeCallers = async (): Promise<void> => {
    let cursor: string | undefined;
    do {
      const page = await store.transact((tx) => tx.runs({ statuses: ["waiting"], withChildren: true }, waitingPage, cursor), { readonly: true });
      for (const row of page.rows) await wakeCaller(row);
      cursor = page.next;
    } while (cursor !== undefined);
  };
  return { adopt, wakeCallers };
};
