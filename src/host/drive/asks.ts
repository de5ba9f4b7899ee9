/**
 * Owns the shape of what any tab may ask of the driver, as it travels in a request row, and of the answers. Decoded here, at the border.
 */
import type { RevisionId, RunId } from "../../core/base/brand.ts";
import type { Request } from "../../core/run/fact.ts";
import type { Trigger } from "../../core/run/status.ts";
import type { IssueView } from "../commands.ts";

export interface StartAsk {
  readonly type: "start";
  readonly dag: string;
  /** The published head when absent. */
  readonly revision?: RevisionId;
  readonly isDraft?: boolean;
  readonly args: readonly string[];
  readonly paramsText: string;
  readonly trigger: Trigger;
  /** Chosen by the caller, so that asking twice starts once. */
  readonly run: RunId;
  readonly baseWorkingDir?: string;
}
export interface RunAsk {
  readonly type: "run";
  readonly run: RunId;
  readonly request: Request;
}
export type Ask = StartAsk | RunAsk;
export type AskAnswer =
  | { readonly ok: true; readonly run?: RunId }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly issues?: readonly IssueView[] };

export const requestTypes: readonly string[] = ["start", "run"];
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null;

/** Nothing, when the body was not written by this version or its kin. */
export const decodeAsk = (body: string): Ask | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (!isObject(value) || typeof value.run !== "string") return undefined;
  if (value.type === "start" && typeof value.dag === "string" && Array.isArray(value.args)) return value as unknown as StartAsk;
  if (value.type === "run" && isObject(value.request) && typeof value.request.do === "string") return value as unknown as RunAsk;
  return undefined;
};
export const decodeAnswer = (text: string): AskAnswer => {
  const value: unknown = JSON.parse(text);
  if (isObject(value) && value.ok === true) return value as unknown as AskAnswer;
  if (isObject(value) && typeof value.code === "string" && typeof value.message === "string") return value as unknown as AskAnswer;
  return { ok: false, code: "bad_answer", message: text };
};
