/** Owns what a call or parallel step prints and how it exits once its children have come to rest (contract 6.1, 8.5), in item order. */
import { callResultText, parallelResultText, type CallResult as Shape } from "../../value/output/result.ts";
import type { ChildNews, ChildResult } from "../fact.ts";
import { calledChildren } from "../state/call.ts";
import type { ChildState, NodeState } from "../state/state.ts";
import type { RunStatus } from "../status.ts";

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
  const stdout = callResultText(shapeOf(child, news));
  if (!isBad(news.status)) return { stdout, exitCode: 0 };
  return { stdout, exitCode: news.status === "failed" ? 1 : 0, error: `sub DAG run ${child.run} failed with status: ${news.status}` };
};

const parallelResult = (children: readonly ChildState[]): CallResult => {
  const missing = children.find((child) => child.news?.status === null && child.news.missing);
  if (missing?.news?.status === null) return { stdout: "", exitCode: 0, error: missing.news.message };
  const shapes = children.flatMap((child) => {
    const news = rested(child);
    return news === undefined ? [] : [shapeOf(child, news)];
  });
  const waits = shapes.some((shape) => shape.status === "waiting");
  const bad = children.filter((child) => child.news?.status === null || (child.news !== undefined && isBad(child.news.status)));
  const error = bad.length > 0 && !waits ? `parallel execution failed with ${bad.length} errors` : undefined;
  return { stdout: parallelResultText(shapes), exitCode: error === undefined ? 0 : 1, ...(error === undefined ? {} : { error }) };
};

const shapeOf = (child: ChildState, news: Rested): Shape => {
  const { name, params, outputs } = news.result;
  const sorted = Object.fromEntries(Object.keys(outputs).sort().map((key) => [key, outputs[key]!]));
  return { name, dagRunId: child.run, params, outputs: sorted, status: news.status };
};
