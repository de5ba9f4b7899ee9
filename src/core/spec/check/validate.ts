/**
 * Owns the rules between steps: names, ids, dependencies, rewind targets, work that is missing, the DAG's name (contract 1, phase V).
 * All faults are kept. Cycles are the plan's. Linear in steps and edges.
 */
import type { Step } from "../dag.ts";
import { nearest } from "../decode/keys.ts";
import { addError, addWarning, fieldFault, type Report } from "../decode/report.ts";
import { fieldText } from "../issue.ts";
import { kinds, needsCommand } from "../kinds.ts";
import type { MapTree, Tree } from "../yaml/tree.ts";
import { itemsMax, printParallel } from "../step/flow.ts";

const reservedIds = new Set(["env", "params", "args", "stdout", "stderr", "output", "outputs"]);
const idForm = /^[a-zA-Z][a-zA-Z0-9_]*$/;
const nameMax = 255;
const idMax = 40;
const dagNameMax = 40;

export const validateSteps = (steps: readonly Step[], maps: readonly MapTree[], report: Report): readonly Step[] => {
  const index = indexOf(steps);
  steps.forEach((step, i) => checkNames(step, maps[i]!, index, report));
  steps.forEach((step, i) => checkConflicts(step, maps[i]!, index, report));
  const resolved = steps.map((step, i) => ({ ...step, depends: resolveDepends(step, maps[i]!, index, report) }));
  const upstream = createUpstream(resolved);
  return resolved.map((step, i) => {
    checkWork(step, maps[i]!, report);
    return step.approval?.rewindTo === undefined ? step : { ...step, approval: { ...step.approval, rewindTo: rewindOf(step, maps[i]!, { ...index, upstream }, report) } };
  });
};
interface Index {
  readonly nameCount: ReadonlyMap<string, number>;
  readonly nameById: ReadonlyMap<string, string>;
  readonly idCount: Map<string, number>;
  readonly seenNames: Set<string>;
  readonly seenIds: Set<string>;
}
const indexOf = (steps: readonly Step[]): Index => {
  const nameCount = new Map<string, number>(), nameById = new Map<string, string>();
  for (const step of steps) {
    nameCount.set(step.name, (nameCount.get(step.name) ?? 0) + 1);
    if (step.id !== undefined && !nameById.has(step.id)) nameById.set(step.id, step.name);
  }
  return { nameCount, nameById, idCount: new Map(), seenNames: new Set(), seenIds: new Set() };
};
const checkNames = (step: Step, map: MapTree, index: Index, report: Report): void => {
  const at = (key: string): Tree => map.fields.get(key)?.value ?? map;
  const refuse = (code: string, key: string, reason: string, value: string): void =>
    addError(report, "validate", { ...fieldFault(code, at(key), "steps", reason, value), values: { value } });
  if (index.seenNames.has(step.name)) refuse("step-name-duplicate", "name", "step name must be unique", step.name);
  index.seenNames.add(step.name);
  const id = step.id;
  if (id === undefined) return;
  if (id.length > idMax) refuse("step-id-long", "id", `step ID must be less than ${idMax} characters`, id);
  if (!idForm.test(id)) refuse("step-id-form", "id", "invalid step ID format: must match ^[a-zA-Z][a-zA-Z0-9_]*$ (use '_' instead of '-')", id);
  if (index.seenIds.has(id)) refuse("step-id-duplicate", "id", `duplicate step ID: ${id}`, id);
  index.seenIds.add(id);
  if (reservedIds.has(id.toLowerCase())) refuse("step-id-reserved", "id", `step ID '${id}' is a reserved word`, id);
};
/** An id must not be another step's name, nor a name another's id; a step may carry the same word as both. */
const checkConflicts = (step: Step, map: MapTree, index: Index, report: Report): void => {
  const refuse = (code: string, key: string, reason: string, value: string): void =>
    addError(report, "validate", { ...fieldFault(code, map.fields.get(key)?.value ?? map, "steps", reason, value), values: { value } });
  if (step.id !== undefined && index.nameCount.has(step.id) && step.name !== step.id) {
    refuse("step-id-name", "id", `step ID '${step.id}' conflicts with another step's name`, step.id);
  }
  if (index.nameById.has(step.name) && step.id !== step.name) refuse("step-name-id", "name", `step name '${step.name}' conflicts with another step's ID`, step.name);
};
const resolveDepends = (step: Step, map: MapTree, index: Index, report: Report): readonly string[] => {
  if (step.depends.every((name) => index.nameCount.has(name))) return step.depends;
  const tree = map.fields.get("depends")?.value;
  return step.depends.flatMap((name, i) => {
    if (index.nameCount.has(name)) return [name];
    const byId = index.nameById.get(name);
    if (byId !== undefined) return [byId];
    const at = tree?.kind === "list" ? (tree.items[i] ?? tree) : (tree ?? map);
    addError(report, "validate", {
      ...fieldFault("depends-unknown", at, "depends", `step ${step.name} depends on non-existent step ${name}`, name), values: { step: step.name, depends: name },
    });
    return [];
  });
};

const checkWork = (step: Step, map: MapTree, report: Report): void => {
  const at = (key: string): Tree => map.fields.get(key)?.value ?? map;
  const refuse = (code: string, key: string, field: string, ...[reason, value]: readonly [reason: string, value?: string]): void =>
    addError(report, "validate", { ...fieldFault(code, at(key), field, reason, value), values: { step: step.name } });
  if (step.name.length > nameMax) {
    const reason = step.id === step.name ? `step ID '${step.name}' is used as display name but exceeds ${nameMax} characters; add an explicit shorter 'name' field` : `step name must be less than ${nameMax} characters`;
    refuse("step-name-long", "name", "name", reason, step.name);
  }
  const parallel = step.parallel;
  if (parallel !== undefined) {
    if (step.call === undefined) {
      refuse("parallel-without-call", "parallel", "parallel", "parallel execution is only supported for child-DAGs (must have 'run' field)", printParallel(parallel));
    }
    if (parallel.maxConcurrent <= 0) {
      refuse("parallel-max", "parallel", "parallel.max_concurrent", "max_concurrent must be greater than 0", String(parallel.maxConcurrent));
    }
    const list = parallel.source.type === "list" ? parallel.source.items : undefined;
    const written = at("parallel").kind === "map" ? (at("parallel") as MapTree).fields.get("items")?.value : at("parallel");
    if (list !== undefined && (written === undefined || (written.kind === "list" && written.items.length === 0))) {
      refuse("parallel-empty", "parallel", "parallel", "parallel must have either items array or variable reference", printParallel(parallel));
    }
    if (list !== undefined && list.length > itemsMax) {
      refuse("parallel-many", "parallel", "parallel", `parallel execution supports maximum ${itemsMax} items, got ${list.length}`);
    }
  }
  if (needsCommand.has(step.type) && step.commands.length === 0 && step.script === undefined && step.exec === undefined && step.call === undefined
    && (step.type === "command" || step.type === "shell")) {
    refuse("step-without-work", "name", "command", "step command is required");
  }
  if ((step.type === "dag" || step.type === "subworkflow" || step.type === "parallel") && step.call === undefined && parallel === undefined) {
    refuse("step-without-call", "type", "call", `step type "${step.type}" requires 'call' field`);
  }
  warnUnknownSettings(step, map, report);
  const fault = withFault(step, map);
  if (fault !== undefined) refuse("with-value", fault.key, fault.field, fault.reason);
};
/** Keys of `with` that the type does not know: Dagu passes most of them over in silence. */
const warnUnknownSettings = (step: Step, map: MapTree, report: Report): void => {
  const known = kinds.get(step.type)?.withKeys;
  const settings = map.fields.get("with")?.value ?? map.fields.get("config")?.value;
  if (known === undefined || step.type === "log" || settings?.kind !== "map" || step.customType !== undefined) return;
  for (const field of settings.fields.values()) {
    if (known.includes(field.key)) continue;
    const use = nearest(field.key, known);
    addWarning(report, "validate", {
      code: "unknown-setting", at: { span: field.keySpan, path: field.value.path }, values: { key: field.key, type: step.type, ...(use === undefined ? {} : { use }) },
      message: `step type "${step.type}" has no setting "${field.key}"${use === undefined ? "" : `; did you mean "${use}"?`}`,
      ...(use === undefined ? {} : { fix: { label: `use ${use}`, ...field.keySpan, text: use } }),
    });
  }
};
const withFault = (step: Step, map: MapTree): { readonly key: string; readonly field: string; readonly reason: string } | undefined => {
  const key = map.fields.has("with") ? "with" : "config";
  if (step.type === "log") {
    if (step.with["message"] === undefined || step.with["message"] === null) return { key, field: "type", reason: "log: message is required" };
    if (typeof step.with["message"] !== "string") return { key, field: "type", reason: "log: message must be a string" };
    const extra = Object.keys(step.with).filter((name) => name !== "message");
    return extra.length === 0 ? undefined : { key, field: "type", reason: `log: has invalid keys: ${extra.join(", ")}` };
  }
  if (step.type === "template") {
    if (step.script === undefined) return { key: "script", field: "script", reason: "script is required for template step" };
    const data = step.with["data"];
    return data === undefined || data === null || (typeof data === "object" && !Array.isArray(data)) ? undefined : { key, field: "type", reason: "template: data must be a map" };
  }
  if (step.type === "sqlite" && typeof step.with["dsn"] !== "string") return { key, field: "type", reason: "sqlite: dsn is required" };
  return undefined;
};

/** Whether `above` lies on a path up from `step`; walks once per question. */
const createUpstream = (steps: readonly Step[]) => {
  const byName = new Map(steps.map((step) => [step.name, step]));
  return (step: string, above: string): boolean => {
    const seen = new Set([step]), todo = [step];
    while (todo.length > 0) {
      for (const name of byName.get(todo.pop()!)?.depends ?? []) {
        if (name === above) return true;
        if (!seen.has(name)) {
          seen.add(name);
          todo.push(name);
        }
      }
    }
    return step === above;
  };
};
const rewindOf = (step: Step, map: MapTree, index: Index & { readonly upstream: (step: string, above: string) => boolean }, report: Report): string => {
  const written = step.approval!.rewindTo!;
  const name = index.nameCount.has(written) ? written : index.nameById.get(written);
  const at = map.fields.get("approval")?.value ?? map;
  if (name === undefined) {
    addError(report, "validate", { ...fieldFault("rewind-unknown", at, "approval.rewind_to", `step ${step.name} approval.rewind_to references non-existent step ${written}`, written), values: { step: step.name, target: written } });
    return written;
  }
  if (!index.upstream(step.name, name)) {
    addError(report, "validate", { ...fieldFault("rewind-downstream", at, "approval.rewind_to", `step ${step.name} approval.rewind_to must reference the step itself or an upstream dependency`, written), values: { step: step.name, target: written } });
  }
  return name;
};

export const validateDagName = (name: string, at: Tree, report: Report): void => {
  const refuse = (code: string, reason: string): void => addError(report, "validate", { code, at, message: reason, refusal: fieldText("name", reason, name), values: { value: name } });
  if (name.length > dagNameMax) refuse("dag-name-long", `name must be less than ${dagNameMax} characters`);
  else if (name !== "" && (!/^[a-zA-Z0-9_.-]+$/.test(name) || name === "." || name === "..")) {
    refuse("dag-name-form", "name must only contain alphanumeric characters, dashes, dots, and underscores");
  }
};
