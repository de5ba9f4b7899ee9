/**
 * Owns how a run comes to be: pinned text → spec → plan → values evaluated once → one record. A refused start leaves no record.
 * Refuses to know what happens afterwards. Source: contract 1.2, 5, 8.5, 11.2.
 */
import { instant, type RevisionId, type RunId, type Term } from "../../../core/base/brand.ts";
import { err, ok, type Result } from "../../../core/base/result.ts";
import type { Lent, RunStart } from "../../../core/run/event.ts";
import { emptyState } from "../../../core/run/state/state.ts";
import type { Trigger } from "../../../core/run/status.ts";
import { firstTurn } from "../../../core/run/turn.ts";
import type { RunIdentity } from "../../../core/run/view/rows.ts";
import type { EnvEntry } from "../../../core/spec/dag.ts";
import { shown } from "../../../core/value/seal.ts";
import { baseWorkingDir } from "../../../core/spec/document/base.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Executor } from "../../../ports/executor.ts";
import { folderPath } from "../../../ports/files.ts";
import type { RequestRow, RunStartRow, Store, Tx } from "../../../ports/store.ts";
import { baseOf } from "../../edit/base.ts";
import { appendOf, type LiveSeed } from "../live.ts";
import { specialVariables } from "../order.ts";
import type { PlanRefused, Plans } from "./plans.ts";

export interface LaunchWorld {
  readonly store: Store;
  readonly executor: Executor;
  readonly clock: Clock;
  readonly plans: Plans;
  readonly term: () => Term;
  readonly host: () => Readonly<Record<string, string>>;
}
/** What to run: a revision, or a local child document of one. */
export interface Target {
  readonly revision: RevisionId;
  readonly document?: string;
  /** The stored DAG whose record, folder and grants count. */
  readonly dag: string;
  readonly isDraft: boolean;
}
export interface Launch {
  readonly run: RunId;
  readonly target: Target;
  readonly args: readonly string[];
  readonly paramsText: string;
  readonly trigger: Trigger;
  readonly baseWorkingDir?: string;
  readonly parent?: {
    readonly run: RunId;
    readonly step: string;
    readonly root: RunId;
    readonly depth: number;
    readonly workingDir: string;
    /** Its secrets, should the params hold any. */
    readonly lent?: Lent;
    /** The caller's DAG-level scope, for `${NAME}` while loading (5.4). */
    readonly scope: readonly EnvEntry[];
  };
  /** Answered in the transaction that creates the run. */
  readonly request?: RequestRow;
}
export type LaunchRefusal = PlanRefused | { readonly code: "params" | "fenced" | "exists"; readonly message: string };

/** Runs below runs; a DAG that calls itself must end somewhere. */
export const depthMax = 32;

export const launch = async (world: LaunchWorld, wish: Launch): Promise<Result<LiveSeed, LaunchRefusal>> => {
  const { target, parent, run } = wish;
  const { hosts, base } = await world.store.transact(async (tx) => ({ hosts: await grantedHosts(tx, target.dag), base: await baseOf(tx) }), { readonly: true });
  const planned = await world.plans.plan(base === undefined ? target : { ...target, base });
  if (!planned.ok) return planned;
  const plan = planned.value;
  const folder = folderPath(target.dag);
  const values = await world.executor.evaluateStart({
    dag: plan.dag, args: wish.args, host: world.host(), folder, special: specialVariables(plan.dag.name, run),
    ...(parent === undefined ? {} : { caller: parent.scope }),
  });
  if (!values.ok) return err({ code: "params", message: values.message });
  const start: RunStart = {
    params: values.params, paramsText: wish.paramsText, dagEnv: values.dagEnv, folder, depth: parent?.depth ?? 0,
    hosts,
    ...(base === undefined ? {} : { base }),
    ...(values.paramsJson === undefined ? {} : { paramsJson: values.paramsJson }),
    ...baseDirectory(wish.baseWorkingDir, base),
    ...(parent === undefined ? {} : { inherited: parent.workingDir }),
    ...(parent?.lent === undefined ? {} : { lent: parent.lent }),
  };
  const identity: RunIdentity = {
    id: run, dag: target.dag, dagName: plan.dag.name, revision: target.revision, draft: target.isDraft, trigger: wish.trigger,
    params: start.params.map(({ name, value }) => ({ name, value: shown(value) })), paramsText: shown(start.paramsText),
    labels: plan.dag.labels.map(({ key, value }) => (value === "" ? key : `${key}=${value}`)),
    ...(parent === undefined ? {} : { parent: { run: parent.run, step: parent.step, root: parent.root } }),
  };
  return create(world, wish, { identity, start, plan });
};

const baseDirectory = (wished: string | undefined, base: string | undefined): Pick<RunStart, "baseWorkingDir"> => {
  const found = wished ?? (base === undefined ? undefined : baseWorkingDir(base));
  return found === undefined ? {} : { baseWorkingDir: found };
};
const grantedHosts = async (tx: Tx, dag: string): Promise<readonly string[]> => {
  const rows = await tx.grants();
  return rows.filter((row) => row.dag === dag).map((row) => row.host);
};

type Parts = Pick<LiveSeed, "identity" | "start" | "plan">;
const create = async (world: LaunchWorld, wish: Launch, { identity, start, plan }: Parts): Promise<Result<LiveSeed, LaunchRefusal>> => {
  const before = emptyState(plan, wish.run);
  const now = world.clock.now();
  const done = firstTurn(plan, before, now);
  const row: RunStartRow = {
    run: wish.run, revision: wish.target.revision, start: JSON.stringify(start),
    ...(wish.target.document === undefined ? {} : { document: wish.target.document }),
  };
  const append = appendOf({ plan, identity, before, done, term: world.term(), now: instant(now) });
  const answer = await world.store.transact(async (tx) => {
    const created = await tx.createRun(row, append);
    if (created.ok && wish.request !== undefined) await tx.putRequest({ ...wish.request, answer: JSON.stringify({ ok: true, run: wish.run }) });
    return created;
  }, { durability: "strict" });
  if (answer.ok) return ok({ identity, start, plan, state: done.state });
  return err({ code: answer.error.type === "run-exists" ? "exists" : "fenced", message: answer.error.type });
};
