/**
 * Owns the binding of arguments to declared params (5.1 to 5.3): which value goes where, coercion, refusals, `paramsList` and
 * DAG_PARAMS_JSON. Commands of `eval` are yielded to the caller. Refuses to know: steps, how a command runs.
 */
import { Validator } from "@cfworker/json-schema";
import { ExpansionError, expand, type CommandResult, type Names } from "../expand/expand.ts";
import { fields } from "../expand/phases.ts";
import { goJson, goValue } from "../go/text.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Entry } from "../scope.ts";
import { checkConstraints, coerce } from "./coerce.ts";
import type { Declared, DeclaredParams } from "./declared.ts";
import { tokenize } from "./tokens.ts";

export type Bound =
  | { readonly ok: true; readonly params: readonly Entry[]; readonly paramsJson?: string }
  | { readonly ok: false; readonly message: string };
/** Host names and, for a child, the caller's variables. */
export type OuterNames = Pick<Names, "host">;

interface Given {
  /** In order; later values of a name win. */
  readonly named: readonly Entry[];
  /** Values by position, in order, for forms whose params are filled in order. */
  readonly positional: readonly string[];
  /** The whole argument when it was one JSON object. */
  readonly json?: string;
}
class Refused extends Error {}
const alwaysAccepted = new Set(["WEBHOOK_PAYLOAD", "WEBHOOK_HEADERS"]);
const inField = (message: string): string => `failed to build DAG: field 'params': ${message}`;

const jsonObject = (text: string): JsonObject | undefined => {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined; // Not JSON: it is tokenised like any other argument.
  }
};

const readArguments = (args: readonly string[], fillsInOrder: boolean): Given => {
  const single = args.length === 1 ? args[0] : undefined;
  const object = single === undefined ? undefined : jsonObject(single);
  if (object !== undefined) {
    const named = Object.entries(object).map(([name, value]) => ({ name, value: value === null ? "" : goValue(value) }));
    return { named, positional: [], json: single as string };
  }
  const named: Entry[] = [];
  const positional: string[] = [];
  let index = 0;
  for (const token of args.flatMap(tokenize)) {
    index++;
    if (token.name !== undefined) named.push({ name: token.name, value: token.value });
    else {
      positional.push(token.value);
      if (!fillsInOrder) named.push({ name: String(index), value: token.value });
    }
  }
  return { named, positional };
};

const refuseUnknown = (declared: readonly Declared[], given: Given, isOpen: boolean): void => {
  const names = declared.flatMap((each) => (each.name === undefined ? [] : [each.name]));
  if (names.length === 0 || isOpen) return;
  const unknown = [...new Set(given.named.map((each) => each.name))]
    .filter((name) => !names.includes(name) && !/^\d+$/.test(name) && !alwaysAccepted.has(name));
  if (unknown.length === 0) return;
  throw new Refused(inField(`unknown parameter(s): ${unknown.sort().map((name) => `"${name}"`).join(", ")}; accepted parameters are: ${names.join(", ")}`));
};

const refuseTooMany = (params: DeclaredParams, given: Given): void => {
  if (params.form === "none" || given.json !== undefined) return;
  const expected = params.form === "schema" ? 0 : params.declared.length;
  if (given.positional.length > expected)
    throw new Refused(`too many positional params: expected at most ${expected}, got ${given.positional.length}`);
};

const textOf = (decl: Declared, name: string, text: string): { readonly text: string; readonly value: Json } => {
  const coerced = coerce(name, text, decl.type);
  if (!coerced.ok) throw new Refused(inField(`parameter validation failed: ${coerced.message}`));
  const broken = checkConstraints({ ...decl, name }, coerced.value);
  if (broken !== undefined) throw new Refused(inField(broken));
  return coerced;
};

interface Seen {
  /** Params bound so far. */
  readonly known: ReadonlyMap<string, string>;
  readonly outer: OuterNames;
}
function* evaluated(decl: Declared, name: string, { known, outer }: Seen): Generator<string, string, CommandResult> {
  const names: Names = { get: (each) => known.get(each), host: outer.host, ref: () => undefined };
  try {
    return yield* expand(decl.eval as string, fields.dagEnv, names) as Generator<string, string, CommandResult>;
  } catch (error) {
    if (!(error instanceof ExpansionError)) throw error;
    if (decl.default !== undefined) return decl.default;
    throw new Refused(inField(`invalid parameter value: parameter "${name}" eval failed: ${error.message} (value: ${decl.eval as string})`));
  }
}

/** The value a declared param takes: given, evaluated, default; undefined leaves it unset. */
function* chosen(decl: Declared, name: string, given: Map<string, string>, seen: Seen): Generator<string, string | undefined, CommandResult> {
  if (given.has(name)) {
    const value = given.get(name) as string;
    given.delete(name);
    return value;
  }
  if (decl.eval !== undefined) return yield* evaluated(decl, name, seen);
  return decl.default;
}

function* bindDeclared(params: DeclaredParams, given: Given, outer: OuterNames): Generator<string, Map<string, string>, CommandResult> {
  const fills = params.form === "rich";
  const left = new Map(given.named.map((each) => [each.name, each.value]));
  const queue = [...given.positional];
  const known = new Map<string, string>();
  const typedValues: Record<string, Json> = {};
  const missing: string[] = [];
  let at = 0;
  for (const decl of params.declared) {
    at++;
    const name = decl.name ?? String(at);
    if (fills && queue.length > 0 && !left.has(name)) left.set(name, queue.shift() as string);
    const raw: string | undefined = yield* chosen(decl, name, left, { known, outer });
    if (raw === undefined) {
      if (decl.required) missing.push(name);
      continue;
    }
    const { text, value } = params.form === "plain" ? { text: raw, value: raw } : textOf(decl, name, raw);
    known.set(name, text);
    typedValues[name] = value;
  }
  if (missing.length > 0)
    throw new Refused(inField(`parameter validation failed: validating root: required: missing properties: [${missing.map((name) => `"${name}"`).join(" ")}]`));
  if (params.form === "schema" && params.schema !== undefined) checkSchema(params.schema, typedValues);
  for (const [name, value] of left) known.set(name, value);
  return known;
}

const checkSchema = (schema: JsonObject, value: JsonObject): void => {
  const result = new Validator(schema as object, "2020-12", false).validate(value);
  const first = result.errors[result.errors.length - 1];
  if (!result.valid && first !== undefined)
    throw new Refused(inField(`parameter validation failed: validating root: validating ${first.instanceLocation.replace(/^#/, "/properties")}: ${first.keyword}: ${first.error}`));
};

const isOpenSchema = (params: DeclaredParams): boolean => {
  const extra = params.form === "schema" ? params.schema?.["additionalProperties"] : false;
  return extra === true || (typeof extra === "object" && extra !== null);
};

/** Binds arguments (as typed, one string each) to the declaration. Yields the commands of `eval`. */
export function* bindParams(params: DeclaredParams, args: readonly string[], outer: OuterNames): Generator<string, Bound, CommandResult> {
  try {
    const given = readArguments(args, params.form === "rich");
    refuseUnknown(params.declared, given, isOpenSchema(params));
    const known = yield* bindDeclared(params, given, outer);
    refuseTooMany(params, given);
    const list = [...known].map(([name, value]) => ({ name, value }));
    if (list.length === 0) return { ok: true, params: list };
    return { ok: true, params: list, paramsJson: given.json ?? goJson(Object.fromEntries(known)) };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, message: error.message };
    throw error;
  }
}
