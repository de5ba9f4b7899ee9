/** Owns what a merged text means as a DAG: valid or not and why, its graph against the base, where its steps can run. */
import { graphDiff, type GraphStep } from "../../../core/merge-spec/graph-diff.ts";
import { planOf } from "../../../core/plan/plan.ts";
import type { Dag } from "../../../core/spec/dag.ts";
import { parseSpec } from "../../../core/spec/parse.ts";
import { badgesOf } from "../../../core/spec/portability.ts";
import { issueText } from "../../format/words-of.ts";
import { t } from "../../i18n/words.svelte.ts";

export interface Checked {
  readonly isValid: boolean;
  /** In the chosen language. */
  readonly faults: readonly string[];
  readonly dag: Dag | undefined;
  readonly runsHere: boolean;
  readonly runsOnDagu: boolean;
}
/** Valid: it loads, and no step waits for itself. */
export const isValidSpec = (text: string, name: string): boolean => {
  const { spec } = parseSpec(text, { name });
  return spec !== undefined && planOf(spec.dag).ok;
};
export const checked = (text: string, name: string): Checked => {
  const { spec, issues } = parseSpec(text, { name });
  const plan = spec === undefined ? undefined : planOf(spec.dag);
  const errors = issues.filter((issue) => issue.severity === "error").map((issue) => `${t("sync.line", { n: issue.line })} ${issueText(issue)}`);
  const badges = spec === undefined ? [] : badgesOf(spec.dag);
  return {
    isValid: plan?.ok === true,
    faults: plan?.ok === false ? [t("sync.cycle", { steps: plan.error.steps.join(" → ") })] : errors,
    dag: spec?.dag,
    runsHere: badges.every((badge) => badge.home === "here"),
    runsOnDagu: badges.every((badge) => badge.home !== "dagu"),
  };
};
const linked = (text: string, name: string): { readonly text: string; readonly steps: readonly { readonly name: string; readonly depends: readonly string[] }[] } => ({
  text, steps: parseSpec(text, { name }).spec?.dag.steps.map((step) => ({ name: step.name, depends: step.depends })) ?? [],
});
export const graphOf = (before: string, after: string, name: string): readonly GraphStep[] => graphDiff(linked(before, name), linked(after, name));
