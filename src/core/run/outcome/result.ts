/**
 * Owns what a call or parallel step prints and how it exits once its children have come to rest (contract 6.1, 8.5): JSON as Dagu's
 * encoder writes it, results in item order.
 */
import type { ChildNews, ChildResult } from "../fact.ts";
import { calledChildren } from "../state/call.ts";
import type { ChildState, NodeState } from "../state/state.ts";
import type { RunStatus } from "../status.ts";
import { isSuccess } from "../status.ts";

export interface CallResult {
  readonly stdout: string;
  readonly exitCode: number;
  readonly error?: string;
}
type Rested = Extract<ChildNews, { readonly attempt: number; readonly result: ChildResult }>;

export const callResult = (node: NodeState): CallResult => {
  const children = calledChildren(node);
  return node.call?.parallel === true ? parallelResult(children) : singleResult(children[0]);
};

const rested = (child: ChildState | undefined): Rested | undefined =>
  child?.news !== undefined && child.news.status !== null ? child.news : undefined;
const isBad = (status: RunStatus): boolean => status === "failed" || status === "aborted";

const singleResult = (child: ChildState | undefined): CallResult => {
  const news = child?.news;
  if (child === undefined || news === undefined) return { stdout: "", exitCode: 0, error: "no child run" };
  if (news.status === null) {
    return news.missing ? { stdout: "", exitCode: 0, error: news.message } : { stdout: "null\n", exitCode: 1, error: news.message };
  }
  const stdout = `${goJson(shape(child, news), 0)}\n`;
  if (!isBad(news.status)) return { stdout, exitCode: 0 };
  return { stdout, exitCode: news.status === "failed" ? 1 : 0, error: `sub DAG run ${child.run} failed with status: ${news.status}` };
};

const parallelResult = (children: readonly ChildState[]): CallResult => {
  const news = children.flatMap((child) => {
    const found = rested(child);
    return found === undefined ? [] : [{ child, news: found }];
  });
  const missing = children.find((child) => child.news?.status === null && child.news.missing);
  if (missing?.news?.status === null) return { stdout: "", exitCode: 0, error: missing.news.message };
  const good = news.filter((one) => isSuccess(one.news.status));
  const bad = children.filter((child) => child.news?.status === null || (child.news !== undefined && isBad(child.news.status)));
  const text = goJson({
    summary: { total: children.length, succeeded: good.length, failed: bad.length },
    results: news.map((one) => shape(one.child, one.news)),
    outputs: good.map((one) => sorted(one.news.result.outputs)),
  }, 0);
  const waits = news.some((one) => one.news.status === "waiting");
  const isFailure = bad.length > 0 && !waits;
  return { stdout: `${text}\n`, exitCode: isFailure ? 1 : 0, ...(isFailure ? { error: `parallel execution failed with ${bad.length} errors` } : {}) };
};

const sorted = (outputs: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.keys(outputs).sort().map((key) => [key, outputs[key]!]));

const shape = (child: ChildState, news: Rested): Tree => ({
  name: news.result.name,
  dagRunId: child.run,
  ...(news.result.params === "" ? {} : { params: news.result.params }),
  outputs: sorted(news.result.outputs),
  status: news.status,
});

type Tree = string | number | readonly Tree[] | { readonly [key: string]: Tree };
const escapes: Readonly<Record<string, string>> = {
  "<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029",
};
const quoted = (text: string): string => JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (char) => escapes[char]!);

/** Two-space indent, empty containers on one line, HTML characters escaped. */
const goJson = (value: Tree, depth: number): string => {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") return String(value);
  const pad = "  ".repeat(depth + 1);
  const lines = Array.isArray(value)
    ? (value as readonly Tree[]).map((item) => pad + goJson(item, depth + 1))
    : Object.entries(value as { readonly [key: string]: Tree }).map(([key, item]) => `${pad}${quoted(key)}: ${goJson(item, depth + 1)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return lines.length === 0 ? open + close : `${open}\n${lines.join(",\n")}\n${"  ".repeat(depth)}${close}`;
};
