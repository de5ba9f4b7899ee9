/**
 * Owns the shape of a parsed, validated DAG: every default filled in, names given, ids resolved, chain edges and router
 * conditions written into the steps. Texts are raw (unexpanded). Refuses to know: YAML, params given to a run, time.
 * Source: the contract's sections 1 to 8. Field names are Dagu's in camelCase; tokens are Dagu's own.
 */
import type { Json, JsonObject } from "../value/json.ts";

/** `NAME: text` of an env list, in order; later entries win. */
export interface EnvEntry {
  readonly name: string;
  readonly value: string;
}
export interface Label {
  readonly key: string;
  readonly value: string;
}
export interface Condition {
  readonly condition: string;
  /** "" means: run `condition` as a command and look at its exit code. */
  readonly expected: string;
  readonly negate: boolean;
}
export interface ContinueOn {
  readonly failure: boolean;
  readonly skipped: boolean;
  readonly exitCodes: readonly number[];
  readonly outputs: readonly string[];
  readonly markSuccess: boolean;
}
/** A number of a policy: settled at load, or a text that is expanded at step start with the host environment only (10.0). */
export type NumberText = number | string;
export interface RetryPolicy {
  readonly limit: NumberText;
  readonly intervalSec: NumberText;
  /** 0 = constant. */
  readonly backoff: number;
  /** 0 = no cap. */
  readonly maxIntervalSec: number;
  /** Empty = every failure. */
  readonly exitCodes: readonly number[];
}
export interface RepeatPolicy {
  readonly mode: "while" | "until";
  readonly condition?: Condition;
  readonly exitCodes: readonly number[];
  /** Total executions; ≤ 0 or "" = unlimited. */
  readonly limit: NumberText;
  readonly intervalSec: NumberText;
  readonly backoff: number;
  readonly maxIntervalSec: NumberText;
}
export type OutputSource = "stdout" | "stderr" | "file";
export type OutputEntry =
  | { readonly key: string; readonly type: "value"; readonly value: Json }
  | {
      readonly key: string;
      readonly type: "from";
      readonly from: OutputSource;
      readonly path: string;
      readonly decode: "text" | "json" | "yaml";
      readonly select: string;
    };
export type Output =
  | { readonly type: "name"; readonly name: string }
  | { readonly type: "object"; readonly entries: readonly OutputEntry[] };

/** Params written at a `call` step: text is expanded then split again; a list or map keeps values intact (5.4). */
export type CallParams =
  | { readonly type: "none" }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "pairs"; readonly pairs: readonly { readonly name: string; readonly value: string }[] };
export interface Call {
  readonly name: string;
  readonly params: CallParams;
}
export type ParallelItem =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "map"; readonly entries: readonly EnvEntry[] };
export interface Parallel {
  readonly source:
    | { readonly type: "expression"; readonly text: string }
    | { readonly type: "list"; readonly items: readonly ParallelItem[] };
  readonly maxConcurrent: number;
}
export interface Route {
  readonly pattern: string;
  readonly targets: readonly string[];
}
export interface Router {
  readonly value: string;
  /** In stored order (8.4). */
  readonly routes: readonly Route[];
}
export interface Approval {
  readonly prompt: string;
  readonly input: readonly string[];
  readonly required: readonly string[];
  /** Step name, resolved; absent = the step itself. */
  readonly rewindTo?: string;
}
export type HandlerName = "init" | "success" | "failure" | "abort" | "exit" | "wait";
/** The name a handler's node and `DAG_RUN_STEP_NAME` carry. */
export const handlerStepName: Readonly<Record<HandlerName, string>> = {
  init: "onInit",
  success: "onSuccess",
  failure: "onFailure",
  abort: "onAbort",
  exit: "onExit",
  wait: "onWait",
};

export interface Step {
  /** Unique within the DAG; generated when absent (1.3). */
  readonly name: string;
  readonly id?: string;
  readonly description: string;
  /** Resolved built-in type: "command" for the empty one; "dag", "parallel", "router", "http", "jq", … */
  readonly type: string;
  /** Name of the custom `step_types` entry it was written with. */
  readonly customType?: string;
  /** Command texts in order; one entry for a plain `command`. Empty when there is none. */
  readonly commands: readonly string[];
  readonly script?: string;
  readonly exec?: { readonly command: string; readonly args: readonly string[] };
  /** Step-level `shell` as argv; absent = the DAG's or the default one. Present removes the automatic -e (6b). */
  readonly shell?: readonly string[];
  readonly with: JsonObject;
  readonly workingDir?: string;
  /** `defaults.env` first, then own. */
  readonly env: readonly EnvEntry[];
  /** Step names, chain edges and router edges included, in order, ids resolved. */
  readonly depends: readonly string[];
  readonly preconditions: readonly Condition[];
  readonly continueOn: ContinueOn;
  readonly retry?: RetryPolicy;
  readonly repeat?: RepeatPolicy;
  /** 0 = none. */
  readonly timeoutSec: number;
  readonly signalOnStop?: string;
  readonly mailOnError: boolean;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly logOutput?: "separate" | "merged";
  readonly output?: Output;
  readonly call?: Call;
  readonly parallel?: Parallel;
  readonly router?: Router;
  readonly approval?: Approval;
  /** Fields we keep, show and export but do not run here (container, agent, llm, worker_selector …), as written. */
  readonly foreign: JsonObject;
  /** 1-based line of the step in the text. */
  readonly line: number;
}

export interface ParamDecl {
  /** Absent for a positional default. */
  readonly name?: string;
  /** Default text as steps would see it; absent = no default. */
  readonly default?: string;
  readonly eval?: string;
  readonly description: string;
  readonly type: "string" | "integer" | "number" | "boolean";
  readonly required: boolean;
  readonly enum?: readonly Json[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}
export interface Params {
  /** "plain": string, list, map; "rich": typed entries; "schema": inline or external JSON Schema (5.1). */
  readonly form: "none" | "plain" | "rich" | "schema";
  readonly declared: readonly ParamDecl[];
  /** JSON Schema for validation of form "schema"; `additionalProperties` decides unknown names. */
  readonly schema?: JsonObject;
}
export interface Secret {
  readonly name: string;
  readonly provider: string;
  readonly key: string;
  readonly options: JsonObject;
}
export interface ScheduleEntry {
  readonly kind: "cron" | "at";
  readonly expression: string;
}
export interface Schedule {
  readonly start: readonly ScheduleEntry[];
  readonly stop: readonly ScheduleEntry[];
  readonly restart: readonly ScheduleEntry[];
}

export interface Dag {
  readonly name: string;
  readonly description: string;
  readonly group: string;
  readonly type: "chain" | "graph";
  readonly labels: readonly Label[];
  readonly env: readonly EnvEntry[];
  /** Files besides `.env`, in order. */
  readonly dotenv: readonly string[];
  readonly secrets: readonly Secret[];
  readonly params: Params;
  readonly preconditions: readonly Condition[];
  readonly schedule: Schedule;
  readonly shell?: readonly string[];
  readonly workingDir?: string;
  readonly logOutput: "separate" | "merged";
  readonly artifacts: { readonly enabled: boolean; readonly dir?: string };
  /** 0 = unlimited. */
  readonly maxActiveSteps: number;
  readonly timeoutSec: number;
  readonly delaySec: number;
  readonly restartWaitSec: number;
  readonly maxCleanUpTimeSec: number;
  /** Bytes. */
  readonly maxOutputSize: number;
  readonly histRetentionDays: number;
  readonly histRetentionRuns: number;
  readonly runConfig: { readonly disableParamEdit: boolean; readonly disableRunIdEdit: boolean };
  readonly handlers: { readonly [Name in HandlerName]?: Step };
  readonly steps: readonly Step[];
  /** DAG-level retry, queue, catch-up, mail, otel, containers …: kept, shown and exported as written. */
  readonly foreign: JsonObject;
}
/** A file: document 0 and its local sub-DAGs by name. */
export interface Spec {
  readonly dag: Dag;
  readonly children: Readonly<Record<string, Dag>>;
}
