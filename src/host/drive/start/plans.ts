/** Owns the way from a pinned revision to a plan, each text parsed once: a start, a retry and a child of the same text share it. */
import type { RevisionId } from "../../../core/base/brand.ts";
import { err, type Result } from "../../../core/base/result.ts";
import { planOf, type Plan } from "../../../core/plan/plan.ts";
import type { Dag, Spec } from "../../../core/spec/dag.ts";
import type { Store } from "../../../ports/store.ts";
import type { IssueView } from "../../commands.ts";

export type PlanRefused =
  | { readonly code: "invalid"; readonly message: string; readonly issues: readonly IssueView[] }
  | { readonly code: "cycle" | "not_found"; readonly message: string };
/** Text to spec; `name` is the DAG's stored name, used where the text gives none; `base` the text of the base configuration under it. */
export type Parse = (text: string, name: string, base?: string) => Result<Spec, { readonly message: string; readonly issues: readonly IssueView[] }>;

export interface PlanTarget {
  readonly revision: RevisionId;
  readonly document?: string;
  /** The base configuration the run was started with. */
  readonly base?: string;
}
export interface Plans {
  readonly plan: (target: PlanTarget) => Promise<Result<Plan, PlanRefused>>;
  /** Is there a child document of this name in the file? */
  readonly hasDocument: (revision: RevisionId, name: string, base?: string) => Promise<boolean>;
}
export interface PlansOptions {
  readonly store: Store;
  readonly parse: Parse;
  readonly slots: number;
}
/** Texts kept parsed, least recently used first to go. */
const specsMax = 64;

export const createPlans = ({ store, parse, slots }: PlansOptions): Plans => {
  const specs = new Map<string, Promise<Result<Spec, PlanRefused>>>();
  const plans = new WeakMap<Dag, Result<Plan, PlanRefused>>();

  const read = async (revision: RevisionId, base: string | undefined): Promise<Result<Spec, PlanRefused>> => {
    const found = await store.transact(async (tx) => {
      const row = await tx.revision(revision);
      return row === undefined ? undefined : { text: row.text, name: (await tx.dag(row.dag))?.name ?? "" };
    }, { readonly: true });
    if (found === undefined) return err({ code: "not_found", message: `revision ${revision} is not in the store` });
    const parsed = parse(found.text, found.name, base);
    return parsed.ok ? parsed : err({ code: "invalid", ...parsed.error });
  };
  const spec = async (revision: RevisionId, base: string | undefined): Promise<Result<Spec, PlanRefused>> => {
    const key = base === undefined ? revision : `${revision}\n${base}`;
    const known = specs.get(key) ?? read(revision, base);
    specs.delete(key);
    specs.set(key, known);
    if (specs.size > specsMax) specs.delete(specs.keys().next().value!);
    try {
      return await known;
    } catch (error) {
      specs.delete(key);
      throw error;
    }
  };
  const planDag = (dag: Dag): Result<Plan, PlanRefused> => {
    const known = plans.get(dag);
    if (known !== undefined) return known;
    const made = planOf(dag, slots);
    const answer: Result<Plan, PlanRefused> = made.ok
      ? made
      : err({ code: "cycle", message: `failed to setup execution plan: cyclic plan detected (${made.error.steps.join(" -> ")})` });
    plans.set(dag, answer);
    return answer;
  };
  return {
    plan: async ({ revision, document, base }) => {
      const found = await spec(revision, base);
      if (!found.ok) return found;
      const dag = document === undefined ? found.value.dag : found.value.children[document];
      return dag === undefined ? err({ code: "not_found", message: `document ${document} is not in the file` }) : planDag(dag);
    },
    hasDocument: async (revision, name, base) => {
      const found = await spec(revision, base);
      return found.ok && Object.hasOwn(found.value.children, name);
    },
  };
};
