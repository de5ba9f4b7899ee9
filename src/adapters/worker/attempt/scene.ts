/**
 * Owns the variables of one execution: layers, names for expansion, the process environment, the step's directory.
 * Source: 14.1 (precedence), 2 and 15.1 (`working_dir`), 5.4.
 */
import type { AttemptOrder, DagContext, RunPlaces, Scope, StepRef } from "../../../ports/executor.ts";
import type { Step } from "../../../core/spec/dag.ts";
import { expand, expandNow, type CommandResult, type Names } from "../../../core/value/expand/expand.ts";
import { fields } from "../../../core/value/expand/phases.ts";
import { environment, noLayers, variables, type Entry, type Layers } from "../../../core/value/scope.ts";
import { resolvePath } from "../files/whole.ts";
import { drive, ExpansionError, type CommandPlace } from "./world.ts";

export interface Scene {
  readonly layers: Layers;
  readonly names: Names;
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
}
const localNames = new Set(["PWD", "DAG_RUN_STEP_NAME"]);

/** Names of the host, by layer "host only": numbers of policies and dotenv paths (10.0). */
export const hostNames = (host: Readonly<Record<string, string>>): Names => {
  const get = (name: string): string | undefined => (Object.hasOwn(host, name) ? host[name] : undefined);
  return { get, host: get, ref: () => undefined };
};

const namesOf = (layers: Layers, host: Readonly<Record<string, string>>, refs: readonly StepRef[]): Names => {
  const known = variables(layers);
  const byId = new Map(refs.map((ref) => [ref.id, ref]));
  return { get: (name) => known.get(name), host: hostNames(host).host, ref: (id) => byId.get(id) };
};

const directory = (text: string, base: string, scope: Scope): string => {
  const names: Names = {
    get: (name) => variables({ ...noLayers, dagEnv: scope.dagEnv, dotenv: scope.dotenv }).get(name),
    host: hostNames(scope.host).host,
    ref: () => undefined,
  };
  const expanded = expandNow(text, fields.workingDir, names);
  const home = scope.host["HOME"] ?? "/";
  return resolvePath(base, expanded === "~" || expanded.startsWith("~/") ? home + expanded.slice(1) : expanded);
};
/** The DAG's directory: its own, what a call step handed down, or the run's work directory. */
export const dagDirectory = (dag: Pick<DagContext, "workingDir">, places: RunPlaces, scope: Scope): string =>
  dag.workingDir !== undefined && dag.workingDir !== ""
    ? directory(dag.workingDir, places.folder, scope)
    : (places.inherited ?? places.work);
export const stepDirectory = (step: Pick<Step, "workingDir">, dag: Pick<DagContext, "workingDir">, places: RunPlaces, scope: Scope): string => {
  const base = dagDirectory(dag, places, scope);
  return step.workingDir === undefined || step.workingDir === "" ? base : directory(step.workingDir, base, scope);
};

/** The scope without step env. `stepName` absent = a DAG-level evaluation. */
export const sceneOf = (scope: Scope, refs: readonly StepRef[], cwd: string, stepName?: string): Scene => {
  const named = stepName === undefined ? [] : [{ name: "DAG_RUN_STEP_NAME", value: stepName }];
  const layers: Layers = {
    special: scope.special, params: scope.params, dagEnv: scope.dagEnv, dotenv: scope.dotenv, secrets: scope.secrets,
    outputs: scope.outputs, local: [...named, { name: "PWD", value: cwd }], stepEnv: [],
    fixed: scope.fixed.filter((each) => !localNames.has(each.name)), pushBack: scope.pushBack,
  };
  return arranged(layers, scope.host, refs, cwd);
};
const arranged = (layers: Layers, host: Scope["host"], refs: readonly StepRef[], cwd: string): Scene => ({
  layers, names: namesOf(layers, host, refs), env: environment(host, variables(layers)), cwd,
});

function* entryValue(entry: Entry, names: Names): Generator<string, string | undefined, CommandResult> {
  try {
    return yield* expand(entry.value, fields.stepEnv, names);
  } catch (error) {
    if (error instanceof ExpansionError) return undefined; // 3 (`env`): an entry whose backtick fails is dropped; the step runs.
    throw error;
  }
}
/** Adds step env: each entry is evaluated against the scope below it, never seeing another entry. */
export const withStepEnv = async (scene: Scene, { step, scope, refs }: Pick<AttemptOrder, "step" | "scope" | "refs">, place: CommandPlace): Promise<Scene> => {
  const names = namesOf({ ...scene.layers, pushBack: [] }, scope.host, refs);
  const found: Entry[] = [];
  for (const entry of step.env) {
    const value = await drive(entryValue(entry, names), place);
    if (value !== undefined) found.push({ name: entry.name, value });
  }
  return arranged({ ...scene.layers, stepEnv: found }, scope.host, refs, scene.cwd);
};
/** The scene with more outputs: a repeat condition sees the node's newest one. */
export const withOutput = (scene: Scene, output: readonly Entry[], scope: Scope, refs: readonly StepRef[]): Scene =>
  arranged({ ...scene.layers, outputs: [...scene.layers.outputs, ...output] }, scope.host, refs, scene.cwd);
