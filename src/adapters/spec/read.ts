/** Owns one reading of a text, in whatever thread: parsed, its scripts looked through, cut to what the page draws. Refuses to know threads. */
import type { Dag, Step } from "../../core/spec/dag.ts";
import { parseSpec } from "../../core/spec/parse.ts";
import type { JsonObject } from "../../core/value/json.ts";
import { issuesMax, type SpecReading, type SpecReadOptions } from "../../ports/tab/spec-reader.ts";
import { scriptIssues } from "./scripts.ts";

const lineMax = 120;

export const readSpec = (text: string, options: SpecReadOptions): SpecReading => {
  const { spec, issues } = parseSpec(text, options);
  const all = [...issues, ...scriptIssues(text)].slice(0, issuesMax);
  return spec === undefined ? { issues: all } : { issues: all, dag: slimDag(spec.dag) };
};
const firstLine = (text: string): string => text.split("\n", 1)[0]!.slice(0, lineMax);
const slimDag = (dag: Dag): Dag => ({ ...dag, steps: dag.steps.map(slimStep) });
const slimStep = (step: Step): Step => ({
  ...step,
  commands: step.commands.slice(0, 1).map(firstLine),
  with: step.with["skip_tls_verify"] === undefined ? {} : { skip_tls_verify: step.with["skip_tls_verify"] },
  env: [],
  foreign: Object.fromEntries(Object.keys(step.foreign).map((key) => [key, true])) as JsonObject,
  ...(step.script === undefined ? {} : { script: firstLine(step.script) }),
});
