/** Owns what a merge does to the graph: each step the same, changed (and how often), added or gone, with the steps it waits for. */
import { differences } from "./explain.ts";

/** A step as the spec's parser gives it. */
export interface Linked {
  readonly name: string;
  readonly depends: readonly string[];
}
export interface GraphStep extends Linked {
  readonly state: "same" | "changed" | "added" | "gone";
  /** Fields that differ; for a changed step at least 1. */
  readonly changes: number;
}
interface Version {
  readonly text: string;
  readonly steps: readonly Linked[];
}
/** In the order of `after`; what is gone comes last, waiting for what it waited for. */
export const graphDiff = (before: Version, after: Version): readonly GraphStep[] => {
  const counts = changesByStep(before.text, after.text);
  const [was, is] = [new Map(before.steps.map((step) => [step.name, step])), new Set(after.steps.map((step) => step.name))];
  const now = after.steps.map(({ name, depends }): GraphStep => {
    const old = was.get(name);
    if (old === undefined) return { name, depends, state: "added", changes: 0 };
    const changes = counts.get(name) ?? (sameSet(old.depends, depends) ? 0 : 1);
    return { name, depends, state: changes > 0 ? "changed" : "same", changes };
  });
  return [...now, ...before.steps.filter((step) => !is.has(step.name)).map(({ name, depends }): GraphStep => ({ name, depends, state: "gone", changes: 0 }))];
};
const changesByStep = (before: string, after: string): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const { path } of differences({ base: before, mine: after, theirs: after })) {
    const name = /^(?:document 0\/)?steps\/([^#]*)$/.exec(path)?.[1];
    if (name === undefined) continue;
    const step = name.split("/")[0] ?? "";
    counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  return counts;
};
const sameSet = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((name) => b.includes(name));
