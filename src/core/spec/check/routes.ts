/** Owns what a router does to the graph: its targets get an edge, a condition and `continue_on.skipped` (contract 8.4). */
import type { Condition, Step } from "../dag.ts";
import { fieldFault, type Fault } from "../decode/report.ts";
import type { MapTree } from "../yaml/tree.ts";

interface Injected {
  readonly depends: string[];
  readonly conditions: Condition[];
}
/** The steps with all router edges written in, or the first fault. */
export const withRoutes = (steps: readonly Step[], maps: readonly MapTree[]): { readonly steps: readonly Step[]; readonly fault?: Fault } => {
  const names = new Set(steps.map((step) => step.name));
  const injected = new Map<string, Injected>();
  for (const [i, step] of steps.entries()) {
    if (step.router === undefined) continue;
    const fault = collect(step, names, injected, maps[i]!);
    if (fault !== undefined) return { steps, fault };
  }
  if (injected.size === 0) return { steps };
  return {
    steps: steps.map((step) => {
      const own = injected.get(step.name);
      const skipped = own !== undefined || step.router !== undefined;
      if (!skipped) return step;
      return {
        ...step, depends: [...step.depends, ...(own?.depends ?? []).filter((name) => !step.depends.includes(name))],
        preconditions: [...step.preconditions, ...(own?.conditions ?? [])], continueOn: { ...step.continueOn, skipped: true },
      };
    }),
  };
};
const collect = (router: Step, names: ReadonlySet<string>, injected: Map<string, Injected>, map: MapTree): Fault | undefined => {
  const at = map.fields.get("routes")?.value ?? map;
  const patternOf = new Map<string, string>();
  for (const { pattern, targets } of router.router!.routes) {
    for (const target of targets) {
      if (!names.has(target)) {
        return { ...fieldFault("router-target", at, "routes", `router "${router.name}" references non-existent step "${target}"`, target), values: { router: router.name, target } };
      }
      const first = patternOf.get(target);
      if (first !== undefined) {
        const reason = `router "${router.name}": step "${target}" is targeted by multiple routes ("${first}" and "${pattern}"); each step can only be a target of one route`;
        return { ...fieldFault("router-duplicate", at, "routes", reason, target), values: { router: router.name, target } };
      }
      patternOf.set(target, pattern);
      const own = injected.get(target) ?? { depends: [], conditions: [] };
      injected.set(target, own);
      own.depends.push(router.name);
      own.conditions.push({ condition: router.router!.value, expected: pattern, negate: false });
    }
  }
  return undefined;
};
