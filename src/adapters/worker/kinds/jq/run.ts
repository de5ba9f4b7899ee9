/** Owns jq itself: one filter over one JSON text through the wasm build, results as values. */
import type { Json } from "../../../../core/value/json.ts";
import type { Assets } from "../../../../ports/assets.ts";
import { guarded, markKey } from "./guard.ts";
import { callJq } from "./wasm.ts";

export type JqResult = { readonly type: "value"; readonly value: Json } | { readonly type: "error"; readonly message: string };
export type JqAnswer = { readonly ok: true; readonly results: readonly JqResult[] } | { readonly ok: false; readonly message: string; readonly limit?: string };

const kinds = /^(null|boolean|number|string|array|object)/;
/** jq's wording → gojq's, for the errors people meet. */
const reworded = (message: string): string => {
  const pair = /^(.+) and (.+) cannot be (added|subtracted|multiplied|divided)(.*)$/s.exec(message);
  if (pair && kinds.test(pair[1] as string)) {
    const verbs: Readonly<Record<string, string>> = { added: "add", subtracted: "subtract", multiplied: "multiply", divided: "divide" };
    return `cannot ${verbs[pair[3] as string] as string}: ${pair[1] as string} and ${pair[2] as string}`;
  }
  const over = /^Cannot iterate over (.+)$/.exec(message);
  if (over) return `cannot iterate over: ${over[1] as string}`;
  const index = /^Cannot index (\w+) with (.+)$/.exec(message);
  if (index) return `expected ${/^"/.test(index[2] as string) ? "an object" : "an array"} but got: ${index[1] as string}`;
  return message;
};

const readLine = (line: string): JqResult => {
  const value = JSON.parse(line) as Json;
  if (Array.isArray(value)) return { type: "value", value: (value as readonly Json[])[0] as Json };
  const inner = (value as { readonly [key: string]: Json })[markKey];
  return { type: "error", message: reworded(typeof inner === "string" ? inner : JSON.stringify(inner)) };
};
const undefinedName = /error: (\S+\/\d+) is not defined/;
const runningError = /jq: error \(at [^)]*\)(?: \(not a string\))?: (.*)/s;

const results = (stdout: Uint8Array): JqResult[] =>
  new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "").map(readLine);

/** Runs `filter` over the JSON text `input`. `ok: false` = the filter does not parse. */
export const runJq = async (assets: Assets, input: string, filter: string): Promise<JqAnswer> => {
  const files = new Map([["/filter", new TextEncoder().encode(guarded(filter))]]);
  const end = await callJq(assets, { args: ["-c", "-S", "-f", "/filter"], stdin: new TextEncoder().encode(input), files });
  if (end.isSpent) return { ok: false, message: "limit reached: memory", limit: "memory" };
  if (end.exitCode === 0) return { ok: true, results: results(end.stdout) };
  const missing = undefinedName.exec(end.stderr);
  if (missing) return { ok: true, results: [{ type: "error", message: `function not defined: ${missing[1] as string}` }] };
  return plain(assets, input, filter);
};
/** Without the guard: a filter that the rewriting cannot take apart; it ends at its first error. */
const plain = async (assets: Assets, input: string, filter: string): Promise<JqAnswer> => {
  const files = new Map([["/filter", new TextEncoder().encode(`(${filter}\n) | [.]`)]]);
  const end = await callJq(assets, { args: ["-c", "-S", "-f", "/filter"], stdin: new TextEncoder().encode(input), files });
  const running = runningError.exec(end.stderr);
  if (end.exitCode === 0 || running) {
    const error: JqResult[] = running ? [{ type: "error", message: reworded((running[1] as string).trim()) }] : [];
    return { ok: true, results: [...results(end.stdout), ...error] };
  }
  return { ok: false, message: end.stderr.trim() };
};
