/** Owns Dagu's status tokens and what they mean to the engine. Refuses to know words and colours. Source: contract 11.1. */

export const runStatuses = [
  "not_started", "running", "failed", "aborted", "succeeded", "queued", "partially_succeeded", "waiting", "rejected",
] as const;
export type RunStatus = (typeof runStatuses)[number];

export const stepStatuses = [
  "not_started", "running", "failed", "aborted", "succeeded", "skipped", "partially_succeeded", "waiting", "rejected", "retrying",
] as const;
export type StepStatus = (typeof stepStatuses)[number];

/** Why a run or step ended as it did, beside the status; never a status of its own. */
export type Reason =
  | "worker_lost" | "tab_closed" | "frozen" | "quota" | "timeout" | "user" | "dependency" | "policy" | "precondition"
  | "secret" | "unsupported" | "limit" | "broken" | "output" | "not_found";

export const isRunEnded = (status: RunStatus): boolean =>
  status === "succeeded" || status === "failed" || status === "aborted" || status === "partially_succeeded" || status === "rejected";
/** The engine is at rest: ended, or waiting for a person. */
export const isRunSettled = (status: RunStatus): boolean => isRunEnded(status) || status === "waiting";
export const isStepDone = (status: StepStatus): boolean =>
  status === "succeeded" || status === "failed" || status === "skipped" || status === "aborted" ||
  status === "partially_succeeded" || status === "rejected";
export const isSuccess = (status: RunStatus | StepStatus): boolean => status === "succeeded" || status === "partially_succeeded";
export type Trigger = "unknown" | "scheduler" | "manual" | "webhook" | "subdag" | "retry" | "catchup";
