/**
 * Owns which step ids a step's texts may refer to (`${id.…}`), so that an order carries these snapshots and not one per step.
 * Small DAGs carry all: a reference may also reach a step inside a value.
 */
import type { Plan } from "./plan.ts";

const carryAllMax = 64;
const dotted = /\$\{?([A-Za-z][A-Za-z0-9_]*)[.]/g;
const remembered = new WeakMap<Plan, Map<number, readonly number[]>>();

/** Nodes (by plan position) whose reference a step may need, in plan order. */
export const mentionedBy = (plan: Plan, index: number): readonly number[] => {
  const lists = remembered.get(plan) ?? new Map<number, readonly number[]>();
  remembered.set(plan, lists);
  const key = plan.byId.size <= carryAllMax ? -1 : index;
  const known = lists.get(key);
  if (known !== undefined) return known;
  const found = key === -1 ? [...plan.byId.values()] : idsIn(plan, JSON.stringify(plan.nodes[index]!.step));
  lists.set(key, found);
  return found;
};

const idsIn = (plan: Plan, text: string): readonly number[] => {
  const found = new Set<number>();
  for (const match of text.matchAll(dotted)) {
    const index = plan.byId.get(match[1]!);
    if (index !== undefined) found.add(index);
  }
  return [...found].sort((a, b) => a - b);
};
