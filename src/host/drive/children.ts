/**
 * Owns what lies between a call step and its children: bringing a wanted child into being, ending an unwanted one, and telling the caller
 * when one comes to rest. Level-triggered: asked again it does nothing twice.
 */
import type { RunId } from "../../core/base/brand.ts";
import type { ChildNews } from "../../core/run/fact.ts";
import type { ChildState, RunState } from "../../core/run/state/state.ts";
import { isRunSettled } from "../../core/run/status.ts";
import { childResult } from "../../core/run/view/outputs.ts";
import { tokenName } from "../../core/plan/plan.ts";
import { isSealed } from "../../core/value/seal.ts";
import type { Lent } from "../../core/run/event.ts";
import { workPath } from "../../ports/files.ts";
import type { Store } from "../../ports/store.ts";
import { depthMax, launch, type LaunchWorld, type Target } from "./start/launch.ts";
import type { Live, LiveSeed } from "./live.ts";
import { specialVariables } from "./order.ts";

export interface ChildrenWorld extends LaunchWorld {
  readonly store: Store;
  readonly adopt: (seed: LiveSeed) => Live;
  /** The run, driven here; loaded if need be; undefined = there is none, or it is broken. Rejects when storage fails. */
  readonly load: (run: RunId) => Promise<Live | undefined>;
  /** The run, if it is in memory. */
  readonly peek: (run: RunId) => Live | undefined;
  /** Does the work, again and again until storage lets it; settles when it is done or this host no longer drives. */
  readonly insist: (run: RunId, work: () => Promise<void>) => Promise<void>;
}
export interface Children {
  readonly want: (parent: Live, index: number, child: ChildState) => void;
  readonly end: (parent: Live, index: number, child: ChildState) => void;
  /** Tells the caller of a run at rest. */
  readonly tell: (live: Live) => void;
}

export const newsOf = (live: Live, state: RunState): ChildNews => ({
  status: state.status, attempt: state.attempt, result: childResult(live.plan, state, live.start.params),
});

export const createChildren = (world: ChildrenWorld): Children => {
  const underWay = new Map<RunId, Promise<void>>();
  const stepName = (parent: Live, index: number): string => tokenName(parent.plan.nodes[index]!);

  /** One thing at a time per child. */
  const inTurn = (parent: Live, child: ChildState, work: () => Promise<void>): void => {
    const before = underWay.get(child.run) ?? Promise.resolve();
    const next = before.then(() => world.insist(parent.id, work));
    underWay.set(child.run, next);
    void next.finally(() => {
      if (underWay.get(child.run) === next) underWay.delete(child.run);
    });
  };
  const refuse = (parent: Live, index: number, child: ChildState, { message, missing = false }: { message: string; missing?: boolean }): void =>
    parent.post({ type: "child", step: stepName(parent, index), child: child.run, news: { status: null, attempt: 0, message, missing } });

  const want = async (parent: Live, index: number, child: ChildState): Promise<void> => {
    const row = await world.store.transact((tx) => tx.run(child.run), { readonly: true });
    if (row === undefined) return bring(parent, index, child);
    const live = await world.load(child.run);
    if (live === undefined) return refuse(parent, index, child, { message: `child run ${child.run} is broken` });
    const state = live.state();
    if (state.phase !== "settled") return;
    if (state.attempt >= child.attempt) parent.post({ type: "child", step: stepName(parent, index), child: child.run, news: newsOf(live, state) });
    else await live.ask({ type: "request", id: `${child.run}/retry/${child.attempt}`, request: { do: "retry" } });
  };

  const bring = async (parent: Live, index: number, child: ChildState): Promise<void> => {
    if (parent.start.depth >= depthMax) return refuse(parent, index, child, { message: `sub-DAG depth exceeds ${depthMax}` });
    const target = await targetOf(parent, child);
    if (target === undefined) {
      return refuse(parent, index, child, { message: `failed to find DAG "${child.dag}": failed to locate DAG ${child.dag}: DAG ${child.dag} not found: file does not exist`, missing: true });
    }
    const { start, plan, identity } = parent;
    const made = await launch(world, {
      run: child.run, target, args: child.params === "" ? [] : [child.params], paramsText: child.params, trigger: "subdag",
      parent: {
        run: parent.id, step: plan.nodes[index]!.name, root: identity.parent?.root ?? parent.id, depth: start.depth + 1, workingDir: child.workingDir,
        ...(isSealed(child.params) ? { lent: lentBy(parent) } : {}),
        scope: [...start.params, ...start.dagEnv, ...specialVariables(plan.dag.name, parent.id)],
      },
      ...(start.baseWorkingDir === undefined ? {} : { baseWorkingDir: start.baseWorkingDir }),
    });
    if (made.ok) world.adopt(made.value).reconcileAll();
    else if (made.error.code !== "fenced" && made.error.code !== "exists") refuse(parent, index, child, { message: made.error.message });
  };

  /** What it takes to resolve the parent's secrets again. */
  const lentBy = ({ plan, start, id }: Live): Lent => {
    const workingDir = plan.dag.workingDir ?? (start.inherited === undefined ? start.baseWorkingDir : undefined);
    return {
      secrets: plan.dag.secrets, folder: start.folder, work: workPath(id), params: start.params, dagEnv: start.dagEnv, special: specialVariables(plan.dag.name, id),
      ...(workingDir === undefined ? {} : { workingDir }),
      ...(start.inherited === undefined ? {} : { inherited: start.inherited }),
      ...(start.lent === undefined ? {} : { lent: start.lent }),
    };
  };

  /** A document of the same file, else a stored DAG by name. */
  const targetOf = async (parent: Live, child: ChildState): Promise<Target | undefined> => {
    const { identity } = parent;
    if (await world.plans.hasDocument(identity.revision, child.dag, parent.start.base)) {
      return { revision: identity.revision, document: child.dag, dag: identity.dag, isDraft: identity.draft };
    }
    const row = await world.store.transact((tx) => tx.dagByName(child.dag), { readonly: true });
    return row === undefined ? undefined : { revision: row.head, dag: row.id, isDraft: false };
  };

  const end = async (parent: Live, index: number, child: ChildState): Promise<void> => {
    const row = await world.store.transact((tx) => tx.run(child.run), { readonly: true });
    if (row === undefined) return refuse(parent, index, child, { message: "never started" });
    const live = await world.load(child.run);
    if (live === undefined) return refuse(parent, index, child, { message: `child run ${child.run} is broken` });
    if (live.state().phase === "settled") {
      const news = newsOf(live, live.state());
      const attempt = Math.max(live.state().attempt, child.attempt);
      return parent.post({ type: "child", step: stepName(parent, index), child: child.run, news: news.status === null ? news : { ...news, attempt } });
    }
    await live.ask({ type: "request", id: `${child.run}/stop`, request: { do: "stop" } });
  };

  return {
    want: (parent, index, child) => {
      const live = world.peek(child.run);
      if (live === undefined || live.state().phase === "settled") inTurn(parent, child, () => want(parent, index, child));
    },
    end: (parent, index, child) => inTurn(parent, child, () => end(parent, index, child)),
    tell: (live) => {
      const caller = live.identity.parent;
      const state = live.state();
      if (caller === undefined || !isRunSettled(state.status)) return;
      const news = newsOf(live, state);
      void world.insist(caller.run, async () => {
        (await world.load(caller.run))?.post({ type: "child", step: caller.step, child: live.id, news });
      });
    },
  };
};
