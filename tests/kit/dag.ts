/** Builders of DAGs for tests, so that a case reads like the YAML it stands for. */
import type { ContinueOn, Dag, HandlerName, Step } from "../../src/core/spec/dag.ts";

export const noContinue: ContinueOn = { failure: false, skipped: false, exitCodes: [], outputs: [], markSuccess: false };
export const onFailure: ContinueOn = { ...noContinue, failure: true };

export const step = (name: string, fields: Partial<Step> = {}): Step => ({
  name, description: "", type: "noop", commands: [], with: {}, env: [], depends: [], preconditions: [], continueOn: noContinue,
  timeoutSec: 0, mailOnError: false, foreign: {}, line: 1, ...fields,
});
/** Steps as written; `depends` as given (graph). */
export const graph = (steps: readonly Step[], fields: Partial<Dag> = {}): Dag => ({
  name: "dag", description: "", group: "", type: "graph", labels: [], env: [], dotenv: [], secrets: [],
  params: { form: "none", declared: [] }, preconditions: [], schedule: { start: [], stop: [], restart: [] }, logOutput: "separate",
  artifacts: { enabled: false }, maxActiveSteps: 0, timeoutSec: 0, delaySec: 0, restartWaitSec: 0, maxCleanUpTimeSec: 5,
  maxOutputSize: 1_048_576, histRetentionDays: 30, histRetentionRuns: 0,
  runConfig: { disableParamEdit: false, disableRunIdEdit: false }, handlers: {}, steps, foreign: {}, ...fields,
});
/** Each step depends on the one before. */
export const chain = (steps: readonly Step[], fields: Partial<Dag> = {}): Dag =>
  graph(steps.map((one, at) => (at === 0 ? one : { ...one, depends: [steps[at - 1]!.name] })), { type: "chain", ...fields });
export const handlers = (...names: readonly HandlerName[]): Dag["handlers"] =>
  Object.fromEntries(names.map((name) => [name, step(name)]));
