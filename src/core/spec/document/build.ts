/**
 * Owns one document: from its map to a `Dag`, phase by phase (contract 1.2, 2). Refuses to know other documents and YAML.
 */
import type { Json, JsonObject } from "../../value/json.ts";
import { validateDagName, validateSteps } from "../check/validate.ts";
import { withRoutes } from "../check/routes.ts";
import type { Dag, HandlerName, Schedule, Step } from "../dag.ts";
import { handlerStepName } from "../dag.ts";
import { decodeMap } from "../decode/keys.ts";
import { addError, fieldFault, hasErrors, type Fault, type Report } from "../decode/report.ts";
import { envOf, labelsOf, logOutputOf, shellOf, textsOf } from "../decode/texts.ts";
import { fieldText } from "../issue.ts";
import { conditionsOf, continueOnOf } from "../step/conditions.ts";
import type { StepContext } from "../step/step.ts";
import { isNull, printTree, stringOf, toJson, valueAt, type MapTree } from "../yaml/tree.ts";
import { customTypesOf } from "./custom-types.ts";
import { checkFields, dagRetry } from "./fields.ts";
import { paramsOf } from "./params.ts";
import { scheduleOf } from "./schedule.ts";
import { secretsOf } from "./secrets.ts";
import { buildOne, stepsOf, wrapDecode } from "./steps.ts";

export interface BuildOptions {
  /** File stem: the name when the document has none. */
  readonly name: string;
  /** The text mentions the artifacts directory. */
  readonly artifacts: boolean;
}
/** Undefined when any phase refuses; the report then holds why. */
export const buildDag = (map: MapTree, options: BuildOptions, report: Report): Dag | undefined => {
  const decoded = decodeDag(map, report);
  if (decoded === undefined) return undefined;
  const customTypes = customTypesOf(valueAt(map, "step_types"), report);
  if (hasErrors(report)) return undefined;

  const params = paramsOf(valueAt(map, "params"), report);
  const fields = dagFields(map, decoded, options, report);
  const defaults = valueAt(map, "defaults");
  const context: StepContext = { ...(defaults?.kind === "map" ? { defaults } : {}), bareType: bareTypeOf(map), customTypes, handler: false };
  const handlers = handlersOf(map, context, report);
  const type = fields.type;
  const built = stepsOf(valueAt(map, "steps"), type, context, report);
  if (built === undefined || hasErrors(report)) return undefined;
  const routed = withRoutes(built.steps, built.raw.map((one) => one.map));
  if (routed.fault !== undefined) {
    addError(report, "build", { ...routed.fault, refusal: `field 'steps': ${routed.fault.refusal ?? ""}` });
    return undefined;
  }
  const steps = validateSteps(routed.steps, built.raw.map((one) => one.map), report);
  validateDagName(fields.name, map.fields.get("name")?.value ?? map, report);
  return hasErrors(report) ? undefined : { ...fields, params, handlers, steps };
};

interface Decoded {
  readonly env: Dag["env"];
  readonly labels: Dag["labels"];
  readonly dotenv: readonly string[];
  readonly schedule: Schedule;
  readonly shell?: readonly string[];
  readonly logOutput?: "separate" | "merged";
}
const decodeDag = (map: MapTree, report: Report): Decoded | undefined => {
  if (map.fields.has("labels") && map.fields.has("tags")) {
    addError(report, "decode", { code: "labels-and-tags", at: map.fields.get("tags")!.value, message: "labels and deprecated tags cannot both be set" });
    return undefined;
  }
  const faults: Fault[] = [];
  const unknown = decodeMap(map, "dag");
  const labelKey = map.fields.has("tags") ? "tags" : "labels";
  const labels = labelsOf(valueAt(map, labelKey), labelKey, faults);
  const env = envOf(valueAt(map, "env"), "env", faults), dotenv = textsOf(valueAt(map, "dotenv"), "dotenv", faults);
  const defaults = valueAt(map, "defaults");
  if (defaults?.kind === "map") {
    envOf(valueAt(defaults, "env"), "defaults.env", faults);
    continueOnOf(valueAt(defaults, "continue_on"), faults);
  }
  const schedule = scheduleOf(valueAt(map, "schedule"), report);
  const shell = shellOf(valueAt(map, "shell"), "shell", faults), logOutput = logOutputOf(valueAt(map, "log_output"), "log_output", faults);
  for (const fault of [...faults, ...unknown]) addError(report, "decode", fault);
  return hasErrors(report) ? undefined : { env, labels, dotenv, schedule, ...(shell === undefined ? {} : { shell }), ...(logOutput === undefined ? {} : { logOutput }) };
};

const modelled: ReadonlySet<string> = new Set(
  `name description group type labels tags env dotenv secrets params preconditions schedule shell working_dir log_output artifacts max_active_steps
 timeout_sec delay_sec restart_wait_sec max_clean_up_time_sec max_output_size hist_retention_days hist_retention_runs run_config handler_on steps
 step_types defaults`.split(/\s+/),
);
const maxOutputDefault = 1_048_576;
const cleanUpDefault = 5;
const retentionDaysDefault = 30;

const dagFields = (map: MapTree, decoded: Decoded, options: BuildOptions, report: Report): Omit<Dag, "params" | "handlers" | "steps"> => {
  const text = (key: string): string | undefined => stringOf(valueAt(map, key));
  const number = (key: string, absent: number): number => {
    const value = valueAt(map, key);
    return value?.kind === "scalar" && typeof value.value === "number" ? Math.trunc(value.value) : absent;
  };
  const faults: Fault[] = [];
  const preconditions = conditionsOf(valueAt(map, "preconditions"), faults), defaults = valueAt(map, "defaults");
  if (defaults?.kind === "map") conditionsOf(valueAt(defaults, "preconditions"), faults);
  for (const fault of faults) addError(report, "build", fault);
  checkFields(map, report);
  dagRetry(valueAt(map, "retry_policy"), report);
  const type = text("type")?.trim() ?? "chain";
  if (type !== "chain" && type !== "graph" && type !== "") {
    addError(report, "build", fieldFault("dag-type", valueAt(map, "type")!, "type", `invalid type: ${type} (must be one of: graph, chain)`, type));
  }
  const artifacts = valueAt(map, "artifacts"), runConfig = valueAt(map, "run_config");
  const flag = (tree: typeof artifacts, key: string): boolean | undefined => {
    const value = tree?.kind === "map" ? valueAt(tree, key) : undefined;
    return value === undefined ? undefined : printTree(value) === "true";
  };
  const dir = artifacts?.kind === "map" ? stringOf(valueAt(artifacts, "dir")) : undefined;
  const runs = number("hist_retention_runs", 0);
  const workingDir = text("working_dir");
  return {
    name: text("name")?.trim() || options.name, description: text("description") ?? "", group: text("group") ?? "", type: type === "graph" ? "graph" : "chain",
    labels: decoded.labels, env: decoded.env, dotenv: decoded.dotenv.filter((path) => path.trim() !== ""), secrets: secretsOf(valueAt(map, "secrets"), report),
    preconditions, schedule: decoded.schedule, ...(decoded.shell === undefined ? {} : { shell: decoded.shell }), ...(workingDir ? { workingDir } : {}),
    logOutput: decoded.logOutput ?? "separate", artifacts: { enabled: flag(artifacts, "enabled") ?? options.artifacts, ...(dir === undefined ? {} : { dir }) },
    maxActiveSteps: Math.max(0, number("max_active_steps", 0)), timeoutSec: Math.max(0, number("timeout_sec", 0)), delaySec: Math.max(0, number("delay_sec", 0)),
    restartWaitSec: Math.max(0, number("restart_wait_sec", 0)), maxCleanUpTimeSec: number("max_clean_up_time_sec", cleanUpDefault) || cleanUpDefault,
    maxOutputSize: number("max_output_size", maxOutputDefault) || maxOutputDefault,
    histRetentionDays: runs > 0 ? 0 : number("hist_retention_days", retentionDaysDefault) || retentionDaysDefault, histRetentionRuns: runs,
    runConfig: { disableParamEdit: flag(runConfig, "disable_param_edit") ?? false, disableRunIdEdit: flag(runConfig, "disable_run_id_edit") ?? false },
    foreign: foreignOf(map),
  };
};
const foreignOf = (map: MapTree): JsonObject =>
  Object.fromEntries([...map.fields.values()].filter((field) => !modelled.has(field.key) && !isNull(field.value)).map((field): [string, Json] => [field.key, toJson(field.value)]));
/** What a step without a type becomes when the DAG names a place for its commands. */
const bareTypeOf = (map: MapTree): string => {
  for (const key of ["container", "ssh", "redis", "harness"]) if (!isNull(map.fields.get(key)?.value)) return key;
  return "command";
};

const handlersOf = (map: MapTree, context: StepContext, report: Report): Dag["handlers"] => {
  const tree = valueAt(map, "handler_on");
  if (tree?.kind !== "map") return {};
  const handlers: { [Name in HandlerName]?: Step } = {};
  for (const name of Object.keys(handlerStepName) as HandlerName[]) {
    const own = valueAt(tree, name);
    if (own?.kind !== "map") continue;
    const faults: Fault[] = [];
    const raw = buildOne(own, { ...context, handler: true }, faults, (offset) => report.lines.linePos(offset).line);
    if (raw === undefined || faults.length > 0) {
      const pieces = wrapDecode(faults, own).map((fault) => fault.refusal ?? fault.message).filter((piece) => piece !== "");
      faults.forEach((fault, i) => addError(report, "build", { ...fault, refusal: i === 0 ? fieldText("handler_on", pieces.join("; ")) : "" }));
    } else handlers[name] = { ...raw.step, name: handlerStepName[name] };
  }
  return handlers;
};
