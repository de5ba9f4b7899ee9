/**
 * Owns the run of a parsed template over data: scopes, pipelines, loops, bounds on work and output.
 * A missing map key is an error, as Dagu sets it. Refuses to know the functions; they come as a table.
 */
import { TemplateError } from "./lex.ts";
import type { Arg, Branch, Command, Pipe, Template, TemplateNode } from "./parse.ts";
import { bytewise, goPrint, type GoValue } from "./print.ts";

export interface GoFunction {
  readonly least: number;
  /** Infinity: any number. */
  readonly most: number;
  readonly run: (args: readonly GoValue[]) => GoValue;
}
export type Functions = ReadonlyMap<string, GoFunction>;

export const workMax = 2_000_000;
export const outputMax = 16_777_216;
export const callsMax = 100;

interface Run {
  readonly template: Template;
  readonly functions: Functions;
  readonly out: string[];
  readonly variables: { name: string; value: GoValue }[];
  length: number;
  work: number;
  calls: number;
}
type Signal = "none" | "break" | "continue";

export const executeTemplate = (template: Template, data: GoValue, functions: Functions): string => {
  const run: Run = { template, functions, out: [], variables: [{ name: "$", value: data }], length: 0, work: 0, calls: 0 };
  walk(run, template.root, data);
  return run.out.join("");
};

const spend = (run: Run): void => {
  run.work += 1;
  if (run.work > workMax) throw new TemplateError(`the template does more than ${workMax} steps`);
};
const write = (run: Run, text: string): void => {
  run.length += text.length;
  if (run.length > outputMax) throw new TemplateError(`the template writes more than ${outputMax} characters`);
  run.out.push(text);
};
const walk = (run: Run, nodes: readonly TemplateNode[], dot: GoValue): Signal => {
  for (const node of nodes) {
    spend(run);
    const signal = step(run, node, dot);
    if (signal !== "none") return signal;
  }
  return "none";
};
const step = (run: Run, node: TemplateNode, dot: GoValue): Signal => {
  switch (node.type) {
    case "text":
      write(run, node.text);
      return "none";
    case "action": {
      const value = pipeValue(run, node.pipe, dot);
      if (node.pipe.variables.length === 0) write(run, value === null ? "<no value>" : goPrint(value));
      return "none";
    }
    case "break":
    case "continue":
      return node.type;
    case "template":
      return callTemplate(run, node, dot);
    case "if":
    case "with": {
      const mark = run.variables.length;
      const value = pipeValue(run, node.pipe, dot);
      const signal = isTrue(value) ? walk(run, node.body, node.type === "with" ? value : dot) : walk(run, node.otherwise, dot);
      run.variables.length = mark;
      return signal;
    }
    case "range":
      return range(run, node, dot);
  }
};
const callTemplate = (run: Run, { name, pipe, at }: Extract<TemplateNode, { type: "template" }>, dot: GoValue): Signal => {
  const nodes = run.template.named.get(name);
  if (nodes === undefined) throw new TemplateError(`template ${JSON.stringify(name)} not defined`, at);
  run.calls += 1;
  if (run.calls > callsMax) throw new TemplateError(`exceeded maximum template depth (${callsMax})`, at);
  const data = pipe === undefined ? null : pipeValue(run, pipe, dot);
  const kept = run.variables.splice(0, run.variables.length, { name: "$", value: data });
  walk(run, nodes, data);
  run.variables.splice(0, run.variables.length, ...kept);
  run.calls -= 1;
  return "none";
};
const range = (run: Run, { pipe, body, otherwise }: Branch, dot: GoValue): Signal => {
  const mark = run.variables.length;
  const value = pipeValue(run, { ...pipe, variables: [] }, dot);
  const pairs = pairsOf(value, pipe.at);
  let count = 0;
  for (const [key, item] of pairs) {
    spend(run);
    count += 1;
    bindRange(run, pipe, key, item);
    const signal = walk(run, body, item);
    run.variables.length = mark;
    if (signal === "break") break;
  }
  return count === 0 ? walk(run, otherwise, dot) : "none";
};
const bindRange = (run: Run, pipe: Pipe, key: GoValue, item: GoValue): void => {
  const values = pipe.variables.length === 1 ? [item] : [key, item];
  pipe.variables.forEach((name, i) => (pipe.assign ? assign(run, name, values[i]!) : run.variables.push({ name, value: values[i]! })));
};
function* pairsOf(value: GoValue, at: number): Generator<readonly [GoValue, GoValue]> {
  if (value === null) return;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i += 1) yield [BigInt(i), value[i] as GoValue];
    return;
  }
  if (typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value))) {
    for (let i = 0n; i < BigInt(value); i += 1n) yield [i, i];
    return;
  }
  if (typeof value !== "object") throw new TemplateError(`range can't iterate over ${goPrint(value)}`, at);
  const entries = Object.entries(value as Record<string, GoValue>).sort(([a], [b]) => bytewise(a, b));
  yield* entries;
}
const assign = (run: Run, name: string, value: GoValue): void => {
  const slot = run.variables.findLast((variable) => variable.name === name);
  if (slot === undefined) throw new TemplateError(`undefined variable ${JSON.stringify(name)}`);
  slot.value = value;
};

export const isTrue = (value: GoValue): boolean => {
  if (value === null || value === false || value === "" || value === 0 || value === 0n) return false;
  if (Array.isArray(value)) return value.length > 0;
  return typeof value !== "object" || Object.keys(value).length > 0;
};

const noFinal = Symbol("no final");
type Final = GoValue | typeof noFinal;

const pipeValue = (run: Run, pipe: Pipe, dot: GoValue): GoValue => {
  let value: Final = noFinal;
  for (const command of pipe.commands) value = commandValue(run, command, dot, value);
  const result = value === noFinal ? null : value;
  for (const name of pipe.variables) {
    if (pipe.assign) assign(run, name, result);
    else run.variables.push({ name, value: result });
  }
  return result;
};
const commandValue = (run: Run, command: Command, dot: GoValue, final: Final): GoValue => {
  spend(run);
  const [first, ...rest] = command.args;
  if (first!.type === "function") return callFunction(run, first!, rest, { dot, final });
  if (rest.length > 0 || final !== noFinal) throw new TemplateError(`can't give argument to non-function ${describe(first!)}`, command.at);
  if (first!.type === "value" && first!.value === null) throw new TemplateError("nil is not a command", command.at);
  return argValue(run, first!, dot);
};
const describe = (arg: Arg): string => (arg.type === "field" ? `.${arg.names.join(".")}` : arg.type === "variable" ? arg.name : arg.type);

/** What a function sees beside its written arguments: dot, and the value piped in. */
interface Piped {
  readonly dot: GoValue;
  readonly final: Final;
}
const callFunction = (run: Run, { name, at }: Extract<Arg, { type: "function" }>, args: readonly Arg[], piped: Piped): GoValue => {
  const { dot, final } = piped;
  const fn = run.functions.get(name)!;
  const count = args.length + (final === noFinal ? 0 : 1);
  if (count < fn.least || count > fn.most) {
    const want = fn.most === Infinity ? `at least ${fn.least}` : String(fn.most);
    throw new TemplateError(`wrong number of args for ${name}: want ${want} got ${count}`, at);
  }
  if (name === "and" || name === "or") return shortCircuit(run, name, args, piped);
  const values = args.map((arg) => argValue(run, arg, dot));
  if (final !== noFinal) values.push(final);
  try {
    return fn.run(values);
  } catch (error) {
    if (error instanceof TemplateError && error.at === 0) throw new TemplateError(`error calling ${name}: ${error.message}`, at);
    throw error;
  }
};
const shortCircuit = (run: Run, name: "and" | "or", args: readonly Arg[], { dot, final }: Piped): GoValue => {
  let value: GoValue = null;
  for (const arg of args) {
    value = argValue(run, arg, dot);
    if (isTrue(value) === (name === "or")) return value;
  }
  return final === noFinal ? value : final;
};
const argValue = (run: Run, arg: Arg, dot: GoValue): GoValue => {
  switch (arg.type) {
    case "dot":
      return dot;
    case "value":
      return arg.value;
    case "field":
      return fields(dot, arg.names, arg.at);
    case "variable": {
      const variable = run.variables.findLast((item) => item.name === arg.name);
      if (variable === undefined) throw new TemplateError(`undefined variable ${JSON.stringify(arg.name)}`, arg.at);
      return fields(variable.value, arg.names, arg.at);
    }
    case "function":
      return callFunction(run, arg, [], { dot, final: noFinal });
    case "chain":
      return fields(argValue(run, arg.of, dot), arg.names, arg.at);
    case "pipe":
      return pipeValue(run, arg.pipe, dot);
  }
};
const fields = (start: GoValue, names: readonly string[], at: number): GoValue => {
  let value = start;
  for (const name of names) {
    if (value === null) throw new TemplateError(`nil data; no entry for key ${JSON.stringify(name)}`, at);
    if (typeof value !== "object" || Array.isArray(value)) throw new TemplateError(`can't evaluate field ${name} in type ${typeName(value)}`, at);
    if (!Object.hasOwn(value, name)) throw new TemplateError(`map has no entry for key ${JSON.stringify(name)}`, at);
    value = (value as Record<string, GoValue>)[name]!;
  }
  return value;
};
/** The Go type a value has: data numbers are unsigned when whole, literals are `int`. */
export const typeName = (value: GoValue): string => {
  if (value === null) return "<nil>";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "bigint") return "int";
  if (typeof value === "number") return !Number.isInteger(value) ? "float64" : value < 0 ? "int64" : "uint64";
  return Array.isArray(value) ? "[]interface {}" : "map[string]interface {}";
};
