/** Owns what happens around the steps: DAG env and params at a start (phase B), dotenv, secrets and DAG preconditions of an attempt. */
import type { Dag, EnvEntry } from "../../../core/spec/dag.ts";
import type { Prepared, PrepareOrder, Scope, StartInput, StartValues } from "../../../ports/executor.ts";
import { parseDotenv } from "../../../core/value/dotenv.ts";
import { expand, expandNow, type Names } from "../../../core/value/expand/expand.ts";
import { fields } from "../../../core/value/expand/phases.ts";
import { bindParams } from "../../../core/value/params/bind.ts";
import type { DeclaredParams } from "../../../core/value/params/declared.ts";
import { externalSchema, withSchema } from "../../../core/value/params/external.ts";
import { environment } from "../../../core/value/scope.ts";
import { readSchema, SchemaError } from "../files/schema.ts";
import { findFile, provide, readTextFile } from "../files/whole.ts";
import { evaluateConditions } from "./conditions.ts";
import { dagDirectory, hostNames, sceneOf } from "./scene.ts";
import { borrow, openScope, resolveSecrets } from "./secrets.ts";
import { drive, ExpansionError, type AttemptWorld, type CommandPlace } from "./world.ts";

const startPlace = (input: StartInput, world: AttemptWorld, known: ReadonlyMap<string, string>): CommandPlace => ({
  shell: world.shell, argv: ["sh"], env: environment(input.host, known), cwd: input.folder, signal: world.signal, hosts: [],
});
const entriesToMap = (...lists: readonly (readonly EnvEntry[])[]): Map<string, string> =>
  new Map(lists.flat().map(({ name, value }) => [name, value]));

class EnvFault extends Error {}

/** DAG env in order: later entries see earlier ones and the params; unknown names are empty. */
const evaluateEnv = async (input: StartInput, world: AttemptWorld, params: readonly EnvEntry[], host: (name: string) => string | undefined): Promise<EnvEntry[]> => {
  const known = entriesToMap(input.caller ?? [], input.special, params);
  const names: Names = { get: (name) => (own.has(name) ? own.get(name) : undefined), host, ref: () => undefined };
  const own = entriesToMap(input.special, params);
  const found: EnvEntry[] = [];
  for (const entry of input.dag.env) {
    try {
      const value = await drive(expand(entry.value, fields.dagEnv, names), startPlace(input, world, known));
      found.push({ name: entry.name, value });
      own.set(entry.name, value);
      known.set(entry.name, value);
    } catch (error) {
      if (!(error instanceof ExpansionError)) throw error;
      throw new EnvFault(`env config should be map of strings or array of key=value formatted string: ${entry.value}`);
    }
  }
  return found;
};

/** Params with a schema that lies in the DAG's folder, read when the run starts. */
const declaredParams = async ({ dag, folder }: StartInput, world: AttemptWorld): Promise<DeclaredParams | { readonly message: string }> => {
  const name = externalSchema(dag.params);
  if (name === undefined) return dag.params;
  try {
    return withSchema(dag.params, await readSchema(world.files, folder, name));
  } catch (error) {
    if (error instanceof SchemaError) return { message: `failed to build DAG: field 'params': ${error.message}` };
    throw error;
  }
};

/** Binds params and evaluates DAG env; a refusal leaves no record. */
export const evaluateStart = async (input: StartInput, world: AttemptWorld): Promise<StartValues> => {
  const caller = entriesToMap(input.caller ?? []);
  const host = (name: string): string | undefined => caller.get(name) ?? hostNames(input.host).host(name);
  const known = entriesToMap(input.caller ?? [], input.special);
  const declared = await declaredParams(input, world);
  if ("message" in declared) return { ok: false, message: declared.message };
  const result = await drive(bindParams(declared, input.args, { host }), startPlace(input, world, known));
  if (!result.ok) return { ok: false, message: result.message };
  try {
    const dagEnv = await evaluateEnv(input, world, result.params, host);
    return { ok: true, params: result.params, dagEnv, ...(result.paramsJson === undefined ? {} : { paramsJson: result.paramsJson }) };
  } catch (error) {
    if (error instanceof EnvFault) return { ok: false, message: `failed to build DAG: field 'env': ${error.message}` };
    throw error;
  }
};
/** `.env` first, then the listed files; later files override; missing or unreadable ones are ignored. */
const readDotenv = async (dag: Dag, scope: Scope, bases: readonly string[], world: AttemptWorld): Promise<EnvEntry[]> => {
  const found: EnvEntry[] = [];
  const read = new Set<string>();
  for (const text of [".env", ...dag.dotenv]) {
    const path = expandNow(text, fields.numbers, hostNames(scope.host));
    const full = path === "" ? undefined : await findFile(world.files, path, bases);
    if (full === undefined || (read.has(full) && text === ".env")) continue;
    read.add(full);
    found.push(...parseDotenv(await readTextFile(world.files, full)));
  }
  return found;
};

/** Dotenv, secrets, DAG preconditions of one run attempt. Conditions are not evaluated after a secrets failure. */
export const prepareRun = async (order: PrepareOrder, world: AttemptWorld): Promise<{ readonly prepared: Prepared; readonly secrets: readonly EnvEntry[] }> => {
  const { dag, places } = order;
  const borrowed = await borrow(order.lent, order.scope.host, world);
  const scope = borrowed.ok ? openScope(order.scope, borrowed.values) : order.scope;
  await provide(world.files, [places.folder, places.work, ...(places.artifacts === undefined ? [] : [places.artifacts])]);
  const bases = [dagDirectory(dag, places, scope), places.folder];
  const dotenv = await readDotenv(dag, scope, bases, world);
  const secrets = borrowed.ok ? await resolveSecrets({ dag, scope, places, level: 0 }, world) : borrowed;
  if (!secrets.ok) return { prepared: { token: order.token, dotenv, secretError: secrets.message, conditions: [] }, secrets: [] };
  const scene = sceneOf({ ...scope, dotenv: [...scope.dotenv, ...dotenv], secrets: secrets.values }, [], bases[0] as string);
  const argv = dag.shell === undefined || dag.shell.length === 0 || dag.shell[0] === "direct" ? ["sh"] : dag.shell;
  const place: CommandPlace = { shell: world.shell, argv, env: scene.env, cwd: places.folder, signal: world.signal, hosts: [] };
  const conditions = await evaluateConditions(dag.preconditions, scene, place);
  return { prepared: { token: order.token, dotenv, conditions }, secrets: secrets.values };
};
