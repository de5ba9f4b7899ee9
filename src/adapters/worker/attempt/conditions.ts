/** Owns the evaluation of conditions (7): left side and match, or a command and its exit code. */
import type { Condition } from "../../../core/spec/dag.ts";
import type { ConditionResult } from "../../../ports/executor.ts";
import { expand } from "../../../core/value/expand/expand.ts";
import { fields } from "../../../core/value/expand/phases.ts";
import { matchesExpected } from "../../../core/value/match.ts";
import type { Scene } from "./scene.ts";
import { drive, ExpansionError, nowhere, type CommandPlace } from "./world.ts";

const isMet = async (condition: Condition, scene: Scene, place: CommandPlace): Promise<boolean> => {
  if (condition.expected !== "") {
    return matchesExpected(await drive(expand(condition.condition, fields.conditionValue, scene.names), place), condition.expected);
  }
  const command = await drive(expand(condition.condition, fields.conditionCommand, scene.names), place);
  const exit = await place.shell({
    argv: [...place.argv, "-c", command], env: place.env, cwd: place.cwd, stdout: nowhere, stderr: nowhere, signal: place.signal, hosts: place.hosts,
  });
  return exit.exitCode === 0;
};

/** One condition. `negate` flips met and unmet; an evaluation error stays an error. */
export const evaluateCondition = async (condition: Condition, scene: Scene, place: CommandPlace): Promise<ConditionResult> => {
  try {
    const met = await isMet(condition, scene, place);
    return { condition, met: met !== condition.negate };
  } catch (error) {
    if (!(error instanceof ExpansionError)) throw error;
    return { condition, met: false, error: `failed to evaluate the value: Error=${error.message}` };
  }
};
/** All of them, none is left out. */
export const evaluateConditions = async (conditions: readonly Condition[], scene: Scene, place: CommandPlace): Promise<ConditionResult[]> => {
  const results: ConditionResult[] = [];
  for (const condition of conditions) results.push(await evaluateCondition(condition, scene, place));
  return results;
};
/** Error of a skipped node: only when the last failing item was an evaluation error. */
export const skipError = (results: readonly ConditionResult[]): string | undefined => results.filter((each) => !each.met).at(-1)?.error;
