/** Random DAGs that use everything the engine decides about: edges, policies, gates, calls, handlers, limits. */
import type { Dag, HandlerName, Spec, Step } from "../../../src/core/spec/dag.ts";
import { graph, noContinue, step } from "../../kit/dag.ts";
import type { Random } from "../random.ts";

const stepsMax = 8;
const noParams = { type: "none" as const };

export const randomSpec = (random: Random, names: readonly string[]): Spec => ({ dag: randomDag(random, "root", names), children: {} });

const randomDag = (random: Random, name: string, callable: readonly string[]): Dag => {
  const count = 1 + random.below(stepsMax);
  const steps: Step[] = [];
  for (let n = 0; n < count; n += 1) steps.push(randomStep(random, steps, callable));
  return graph(steps, {
    name,
    handlers: randomHandlers(random),
    maxActiveSteps: random.chance(0.3) ? 1 + random.below(3) : 0,
    timeoutSec: random.chance(0.15) ? 20 + random.below(60) : 0,
    delaySec: random.chance(0.1) ? 1 : 0,
    maxCleanUpTimeSec: 1 + random.below(4),
  });
};
const randomHandlers = (random: Random): Dag["handlers"] => {
  const names: readonly HandlerName[] = ["init", "success", "failure", "abort", "exit", "wait"];
  return Object.fromEntries(names.filter(() => random.chance(0.25)).map((name) => [name, step(name, random.chance(0.2) ? { timeoutSec: 5 } : {})]));
};

const randomStep = (random: Random, before: readonly Step[], callable: readonly string[]): Step => {
  const calls = callable.length > 0 && random.chance(0.25);
  return step(`s${before.length}`, {
    id: `s${before.length}`,
    depends: before.filter(() => random.chance(0.35)).map((one) => one.name),
    continueOn: random.chance(0.3)
      ? { ...noContinue, failure: random.chance(0.7), skipped: random.chance(0.5), exitCodes: random.chance(0.3) ? [2] : [], markSuccess: random.chance(0.3) }
      : noContinue,
    timeoutSec: random.chance(0.15) ? 1 + random.below(8) : 0,
    ...(random.chance(0.3)
      ? { retry: { limit: random.below(4), intervalSec: random.below(4), backoff: random.pick([0, 2]), maxIntervalSec: random.pick([0, 5]), exitCodes: random.chance(0.2) ? [1] : [] } }
      : {}),
    ...(random.chance(0.12)
      ? { repeat: { mode: random.pick(["while", "until"] as const), exitCodes: random.chance(0.3) ? [0] : [], limit: 1 + random.below(4), intervalSec: random.below(3), backoff: 0, maxIntervalSec: 0 } }
      : {}),
    ...(random.chance(0.15) ? { approval: { prompt: "", input: [], required: [], ...(random.chance(0.3) && before.length > 0 ? {} : {}) } } : {}),
    ...(random.chance(0.3) ? { output: { type: "name" as const, name: `OUT_${before.length}` } } : {}),
    ...(calls ? { type: "dag", call: { name: random.pick(callable), params: noParams } } : {}),
  });
};
