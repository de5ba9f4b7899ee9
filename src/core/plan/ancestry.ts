/**
 * Owns which ancestors a step may hear from, in the order that decides between equal names (contract 6): breadth-first from the step
 * over `depends`, later ones override earlier ones. Only nodes that can export something are listed, so a step's scope costs what it
 * holds and not what lies above it. Pure in the plan; remembered per plan.
 */
import type { Plan, PlanNode } from "./plan.ts";

/** Shared tails: along a chain each node adds at most one link to the list of the node above. */
interface Link {
  readonly index: number;
  readonly next: Link | undefined;
}
interface Ancestry {
  readonly exportsAbove: readonly boolean[];
  readonly lists: Map<number, Link | undefined>;
}
const remembered = new WeakMap<Plan, Ancestry>();

/** A string output, or a step that may be approved with inputs (any call step may wait for its child). */
const canExport = (node: PlanNode): boolean =>
  node.step.output?.type === "name" || node.step.approval !== undefined || node.step.call !== undefined;

/** Exporting ancestors of a step, nearest first; the last one with a name wins. */
export const exportingAncestors = (plan: Plan, index: number): readonly number[] => {
  const ancestry = ancestryOf(plan);
  const found: number[] = [];
  for (let link = listOf(plan, ancestry, index); link !== undefined; link = link.next) found.push(link.index);
  return found;
};

const ancestryOf = (plan: Plan): Ancestry => {
  const known = remembered.get(plan);
  if (known !== undefined) return known;
  const exportsAbove: boolean[] = new Array<boolean>(plan.stepCount).fill(false);
  const open = plan.nodes.slice(0, plan.stepCount).map((node) => node.depends.length);
  const free = open.flatMap((count, index) => (count === 0 ? [index] : []));
  while (free.length > 0) {
    const node = plan.nodes[free.pop()!]!;
    const exports = exportsAbove[node.index]! || canExport(node);
    for (const next of node.dependents) {
      if (exports) exportsAbove[next] = true;
      open[next]! -= 1;
      if (open[next] === 0) free.push(next);
    }
  }
  const made: Ancestry = { exportsAbove, lists: new Map() };
  remembered.set(plan, made);
  return made;
};

const listOf = (plan: Plan, ancestry: Ancestry, index: number): Link | undefined => {
  const climbed: number[] = [];
  let at = index;
  while (!ancestry.lists.has(at) && ancestry.exportsAbove[at] === true && plan.nodes[at]!.depends.length === 1) {
    climbed.push(at);
    at = plan.nodes[at]!.depends[0]!;
  }
  let list = ancestry.lists.get(at);
  if (!ancestry.lists.has(at)) {
    list = ancestry.exportsAbove[at] === true ? walk(plan, ancestry, at) : undefined;
    ancestry.lists.set(at, list);
  }
  for (const below of climbed.reverse()) {
    const dep = plan.nodes[plan.nodes[below]!.depends[0]!]!;
    if (canExport(dep)) list = { index: dep.index, next: list };
    ancestry.lists.set(below, list);
  }
  return list;
};

const walk = (plan: Plan, ancestry: Ancestry, index: number): Link | undefined => {
  const queue = [...plan.nodes[index]!.depends];
  const seen = new Set(queue);
  for (let head = 0; head < queue.length; head += 1) {
    const node = plan.nodes[queue[head]!]!;
    if (ancestry.exportsAbove[node.index] !== true) continue;
    for (const dep of node.depends) {
      if (seen.has(dep)) continue;
      seen.add(dep);
      queue.push(dep);
    }
  }
  return queue
    .filter((at) => canExport(plan.nodes[at]!))
    .reduceRight<Link | undefined>((next, at) => ({ index: at, next }), undefined);
};
