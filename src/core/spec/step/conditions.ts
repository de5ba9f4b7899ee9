/** Owns `preconditions` and `continue_on` in all their forms (contract 7 and 8.1). */
import type { Condition, ContinueOn } from "../dag.ts";
import { fieldFault } from "../decode/report.ts";
import { unmarshalFault, type Faults } from "../decode/texts.ts";
import { goType, isNull, printTree, type MapTree, type Tree } from "../yaml/tree.ts";

export const conditionsOf = (tree: Tree | undefined, faults: Faults): readonly Condition[] => {
  if (tree === undefined || isNull(tree)) return [];
  if (tree.kind === "list") return tree.items.flatMap((item) => conditionsOf(item, faults));
  if (tree.kind === "map") return [conditionOf(tree, faults)];
  if (tree.type === "string") return [{ condition: tree.text, expected: "", negate: false }];
  faults.push(fieldFault("precondition-form", tree, "preconditions", "precondition must be a string or an array of strings", tree.text));
  return [];
};
const conditionOf = (map: MapTree, faults: Faults): Condition => {
  const found = { condition: "", expected: "", negate: false };
  let complete = true;
  const refuse = (code: string, at: Tree, reason: string, value: string): void => {
    complete = false;
    faults.push(fieldFault(code, at, "preconditions", reason, value));
  };
  for (const field of [...map.fields.values()].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    const key = field.key.toLowerCase(), value = field.value;
    if (key === "negate") {
      if (value.kind === "scalar" && value.type === "bool") found.negate = value.value === true;
      else refuse("precondition-negate", value, "precondition negate must be a boolean", printTree(value));
    } else if (key === "condition" || key === "command" || key === "expected") {
      if (value.kind === "scalar" && value.type === "string") found[key === "command" ? "condition" : key] = value.text;
      else refuse("precondition-value", value, "precondition value must be a string", printTree(value));
    } else {
      refuse("precondition-key", { ...value, span: field.keySpan }, `precondition has invalid key: ${field.key}`, field.key);
    }
  }
  if (complete && found.condition === "") refuse("precondition-empty", map, "condition is required", printTree(map));
  return found;
};

export const noContinue: ContinueOn = { failure: false, skipped: false, exitCodes: [], outputs: [], markSuccess: false };
const keys: Readonly<Record<string, "failure" | "skipped" | "markSuccess">> = { failure: "failure", failed: "failure", skipped: "skipped", mark_success: "markSuccess" };

export const continueOnOf = (tree: Tree | undefined, faults: Faults): ContinueOn => {
  if (tree === undefined || isNull(tree)) return noContinue;
  const refuse = (code: string, at: Tree, reason: string): void => void faults.push(unmarshalFault(at, code, "continue_on", reason));
  if (tree.kind === "scalar" && tree.type === "string") {
    const word = tree.text.trim().toLowerCase();
    if (word === "failed") return { ...noContinue, failure: true };
    if (word === "skipped") return { ...noContinue, skipped: true };
    refuse("continue-word", tree, `continue_on: expected 'skipped' or 'failed', got "${tree.text}"`);
    return noContinue;
  }
  if (tree.kind !== "map") {
    refuse("continue-form", tree, `continue_on: expected string or map, got ${goType(tree)}`);
    return noContinue;
  }
  const found = { failure: false, skipped: false, exitCodes: [] as readonly number[], outputs: [] as readonly string[], markSuccess: false };
  for (const { key, keySpan, value } of tree.fields.values()) {
    const flag = Object.hasOwn(keys, key) ? keys[key] : undefined;
    if (flag !== undefined) {
      if (value.kind === "scalar" && value.type === "bool") found[flag] ||= value.value === true;
      else if (!isNull(value)) refuse("continue-flag", value, `continue_on.${key}: expected boolean, got ${goType(value)}`);
    } else if (key === "exit_code") found.exitCodes = exitCodesOf(value, (at, reason) => refuse("continue-exit-code", at, reason));
    else if (key === "output") found.outputs = outputsOf(value, (at, reason) => refuse("continue-output", at, reason));
    else refuse("continue-key", { ...value, span: keySpan }, `continue_on: unknown key "${key}"`);
  }
  return found;
};
type Refuse = (at: Tree, reason: string) => void;
const exitCodesOf = (tree: Tree, refuse: Refuse): readonly number[] => {
  if (isNull(tree)) return [];
  const items = tree.kind === "list" ? tree.items : [tree];
  return items.flatMap((item) => {
    const whole = item.kind === "scalar" && (item.type === "int" || item.type === "float") ? Math.trunc(item.value as number) : undefined;
    if (whole !== undefined) return [whole];
    if (item.kind === "scalar" && item.type === "string" && /^\s*[-+]?\d+\s*$/.test(item.text)) return [Number(item.text)];
    refuse(item, `continue_on.exit_code: expected integer, got ${goType(item)}`);
    return [];
  });
};
const outputsOf = (tree: Tree, refuse: Refuse): readonly string[] => {
  if (isNull(tree)) return [];
  const items = tree.kind === "list" ? tree.items : [tree];
  return items.flatMap((item) => {
    if (item.kind === "scalar" && item.type === "string") return item.text === "" ? [] : [item.text];
    refuse(item, `continue_on.output: expected string, got ${goType(item)}`);
    return [];
  });
};
