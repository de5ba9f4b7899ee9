/**
 * Owns one step: from its map to a `Step` with every default, or the list of its faults. Names, ids and edges come later.
 * Refuses to know its neighbours. Source: the contract's sections 3, 4.1.1 and 1.3.
 */
import type { Json } from "../../value/json.ts";
import type { Step } from "../dag.ts";
import { decodeMap } from "../decode/keys.ts";
import { envOf, logOutputOf, shellOf, textsOf, type Faults } from "../decode/texts.ts";
import { isNull, printTree, stringOf, toJson, valueAt, type MapTree, type Tree } from "../yaml/tree.ts";
import { conditionsOf, continueOnOf } from "./conditions.ts";
import { approvalOf, callParamsOf, execOf, parallelOf, routerOf } from "./flow.ts";
import { outputOf, readsStreams } from "./output.ts";
import { repeatOf, retryOf } from "./policies.ts";
import { checkStep } from "./rules.ts";
import { workOf } from "./work.ts";

/** What a step may inherit: `defaults`, and the DAG-level fields that decide the type of a bare command. */
export interface StepContext {
  readonly defaults?: MapTree;
  readonly bareType: string;
  readonly customTypes: ReadonlyMap<string, MapTree>;
  readonly handler: boolean;
}
export interface StepOrigin {
  /** 1-based line of an offset. */
  readonly line: (offset: number) => number;
  /** The document's own type it was expanded from. */
  readonly customType?: string;
}
/** A step whose name and dependencies are still as written. */
export interface RawStep {
  readonly step: Step;
  readonly map: MapTree;
  /** The name as written, if any; otherwise `kindName` begins the generated one (1.3). */
  readonly givenName?: string;
  readonly kindName: string;
  /** Undefined when absent or null; an empty list is still "written". */
  readonly writtenDepends?: readonly string[];
}
const inherited = ["continue_on", "retry_policy", "repeat_policy", "timeout_sec", "mail_on_error", "signal_on_stop", "agent"] as const;
const handlerInherits: ReadonlySet<string> = new Set(["timeout_sec"]);
const foreignKeys = ["container", "llm", "messages", "agent", "worker_selector", "shell_packages"] as const;

/** Undefined when the map breaks a rule; `faults` then says which. A decode fault hides all others of the step. */
export const stepOf = (written: MapTree, context: StepContext, faults: Faults, { line, customType }: StepOrigin): RawStep | undefined => {
  const before = faults.length;
  faults.push(...decodeMap(written, "step"));
  const env = envOf(valueAt(written, "env"), "env", faults), depends = textsOf(written.fields.get("depends")?.value, "depends", faults);
  const shell = shellOf(valueAt(written, "shell"), "shell", faults), logOutput = logOutputOf(valueAt(written, "log_output"), "log_output", faults);
  const map = withDefaults(written, context);
  const continueOn = continueOnOf(valueAt(map, "continue_on"), faults);
  if (faults.length > before) return undefined;

  const text = (key: string): string | undefined => stringOf(valueAt(map, key));
  const work = workOf(map, context.bareType, faults);
  const output = outputOf(valueAt(map, "output"), faults);
  const type = typeOf(work.type, work.explicit, map, output?.type === "object" && !readsStreams(output) && !work.any);
  const parallel = parallelOf(valueAt(map, "parallel"), faults);
  const router = type === "router" ? routerOf(map, faults) : undefined;
  const defaults = context.defaults;
  const retry = retryOf(valueAt(map, "retry_policy"), faults), repeat = repeatOf(valueAt(map, "repeat_policy"), faults);
  const approval = context.handler ? undefined : approvalOf(valueAt(map, "approval"), faults);
  const exec = execOf(valueAt(map, "exec"), faults);
  const preconditions = [...conditionsOf(defaults && valueAt(defaults, "preconditions"), []), ...conditionsOf(valueAt(map, "preconditions"), faults)];
  const call = text("call")?.trim();
  const timeout = valueAt(map, "timeout_sec");
  const id = text("id")?.trim();
  const step: Step = {
    name: "", ...(id ? { id } : {}), description: text("description") ?? "", type: parallel !== undefined && type === "dag" ? "parallel" : type,
    ...(customType === undefined ? {} : { customType }), commands: work.commands, ...(work.script === undefined ? {} : { script: work.script }),
    ...(exec === undefined ? {} : { exec }), ...(shell === undefined ? {} : { shell }),
    with: work.config, ...present("workingDir", text("working_dir")),
    env: context.handler ? [] : [...envOf(defaults && valueAt(defaults, "env"), "env", []), ...env],
    depends: [], preconditions, continueOn, ...(retry === undefined ? {} : { retry }), ...(repeat === undefined ? {} : { repeat }),
    timeoutSec: timeout?.kind === "scalar" && typeof timeout.value === "number" ? Math.trunc(timeout.value) : 0,
    ...present("signalOnStop", text("signal_on_stop")), mailOnError: valueAt(map, "mail_on_error")?.kind === "scalar" && printTree(valueAt(map, "mail_on_error")!) === "true",
    ...present("stdout", text("stdout")?.trim()), ...present("stderr", text("stderr")?.trim()), ...(logOutput === undefined ? {} : { logOutput }),
    ...(output === undefined ? {} : { output }), ...(call ? { call: { name: call, params: callParamsOf(valueAt(map, "params")) } } : {}),
    ...(parallel === undefined ? {} : { parallel }), ...(router === undefined ? {} : { router }), ...(approval === undefined ? {} : { approval }),
    foreign: foreignOf(map), line: line(written.span.from),
  };
  checkStep(step, map, work, faults);
  if (faults.length > before) return undefined;
  const dependsTree = written.fields.get("depends")?.value;
  const givenName = text("name")?.trim();
  return {
    step, map: written, ...(givenName ? { givenName } : id ? { givenName: id } : {}), kindName: kindName(step, work.explicit, work.fromScript, customType),
    ...(dependsTree === undefined || isNull(dependsTree) ? {} : { writtenDepends: depends }),
  };
};
const present = <Key extends string>(key: Key, value: string | undefined): { readonly [K in Key]?: string } =>
  (value === undefined || value === "" ? {} : { [key]: value }) as { readonly [K in Key]?: string };

const withDefaults = (map: MapTree, context: StepContext): MapTree => {
  const defaults = context.defaults;
  if (defaults === undefined) return map;
  const missing = inherited.filter((key) => !map.fields.has(key) && defaults.fields.has(key) && (!context.handler || handlerInherits.has(key)));
  if (missing.length === 0) return map;
  const fields = new Map(map.fields);
  for (const key of missing) fields.set(key, defaults.fields.get(key)!);
  return { ...map, fields };
};
const typeOf = (type: string, explicit: boolean, map: MapTree, pureOutput: boolean): string => {
  if (explicit) return type;
  if (!isNull(map.fields.get("call")?.value) && stringOf(valueAt(map, "call"))?.trim() !== "") return "dag";
  if (!isNull(map.fields.get("container")?.value)) return "docker";
  return pureOutput ? "noop" : type;
};
const foreignOf = (map: MapTree): Step["foreign"] => {
  const found: Record<string, Json> = {};
  for (const key of foreignKeys) {
    const value: Tree | undefined = valueAt(map, key);
    if (value !== undefined) found[key] = toJson(value);
  }
  const params = valueAt(map, "params");
  if (params !== undefined && isNull(map.fields.get("call")?.value)) found["params"] = toJson(params);
  return found;
};
const kindName = (step: Step, explicit: boolean, fromScript: boolean, customType: string | undefined): string => {
  if (customType !== undefined) return customType;
  if (explicit || step.type !== "command") return step.type;
  if (fromScript) return "script";
  return step.commands.length > 0 || step.exec !== undefined ? "cmd" : "step";
};
