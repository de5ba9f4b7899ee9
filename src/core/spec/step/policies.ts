/** Owns retry and repeat policies and the number forms they take (contract 10.0 to 10.2). */
import type { Condition, NumberText, RepeatPolicy, RetryPolicy } from "../dag.ts";
import { fieldFault } from "../decode/report.ts";
import { unmarshalFault, type Faults } from "../decode/texts.ts";
import { goType, isNull, printTree, valueAt, type MapTree, type Tree } from "../yaml/tree.ts";

export const retryOf = (tree: Tree | undefined, faults: Faults, prefix = "retry_policy"): RetryPolicy | undefined => {
  if (tree?.kind !== "map") return undefined;
  const required = (key: string): NumberText => {
    const value = valueAt(tree, key);
    if (value !== undefined) return retryNumber(value, `${prefix}.${key}`, faults);
    faults.push(fieldFault("retry-missing", tree, `${prefix}.${key}`, `${key} is required when retry_policy is specified`));
    return 0;
  };
  const limit = required("limit"), intervalSec = required("interval_sec");
  const backoff = backoffOf(valueAt(tree, "backoff"), `${prefix}.backoff`, false, faults);
  return { limit, intervalSec, backoff, maxIntervalSec: wholeOf(valueAt(tree, "max_interval_sec")), exitCodes: codesOf(tree) };
};
const retryNumber = (value: Tree, field: string, faults: Faults): NumberText => {
  if (value.kind === "scalar" && value.type === "int") return value.value as number;
  if (value.kind === "scalar" && value.type === "string") return digits(value.text) ?? value.text;
  faults.push(fieldFault("policy-number", value, field, `invalid type: ${goType(value)}`, printTree(value)));
  return 0;
};
const digits = (text: string): number | undefined => (/^[-+]?\d{1,15}$/.test(text) ? Number(text) : undefined);
const wholeOf = (value: Tree | undefined): number =>
  value?.kind === "scalar" && typeof value.value === "number" ? Math.max(0, Math.trunc(value.value)) : 0;
const codesOf = (tree: MapTree): readonly number[] => {
  const list = valueAt(tree, "exit_code");
  return list?.kind === "list" ? list.items.flatMap((item) => (item.kind === "scalar" && typeof item.value === "number" ? [Math.trunc(item.value)] : [])) : [];
};

/** 0 = constant. A whole literal is refused in a retry and taken in a repeat: Dagu's reader gives it an unsigned type (10.0). */
const backoffOf = (value: Tree | undefined, field: string, wholeAllowed: boolean, faults: Faults): number => {
  if (value === undefined) return 0;
  if (value.kind === "scalar" && value.type === "bool") return value.value === true ? 2 : 0;
  const whole = value.kind === "scalar" && value.type === "int" && !value.text.startsWith("-");
  if (value.kind !== "scalar" || typeof value.value !== "number" || (whole && !wholeAllowed)) {
    faults.push(fieldFault("backoff-type", value, field, `invalid type for ${field}: ${goType(value)} (must be boolean or number)`, printTree(value)));
    return 0;
  }
  if (value.value <= 0) return 0;
  if (value.value > 1) return value.value;
  faults.push(fieldFault("backoff-range", value, field, `${field} must be greater than 1.0 for exponential growth, got: ${printTree(value)}`, printTree(value)));
  return 0;
};

export const repeatOf = (tree: Tree | undefined, faults: Faults, prefix = "repeat_policy"): RepeatPolicy | undefined => {
  if (tree?.kind !== "map") return undefined;
  const number = (key: string): NumberText => {
    const value = valueAt(tree, key);
    return value === undefined ? 0 : repeatNumber(value, `${prefix}.${key}`, faults);
  };
  const limit = number("limit"), intervalSec = number("interval_sec"), maxIntervalSec = number("max_interval_sec");
  const backoff = backoffOf(valueAt(tree, "backoff"), `${prefix}.backoff`, true, faults);
  const exitCodes = codesOf(tree);
  const condition = repeatCondition(tree);
  const mode = modeOf(tree, condition, exitCodes, faults);
  return mode === undefined ? undefined : { mode, ...(condition === undefined ? {} : { condition }), exitCodes, limit, intervalSec, backoff, maxIntervalSec };
};
const repeatNumber = (value: Tree, field: string, faults: Faults): NumberText => {
  if (value.kind === "scalar" && value.type === "int") return value.value as number;
  if (value.kind === "scalar" && value.type === "string") {
    const whole = digits(value.text);
    if (whole !== undefined) return whole;
    if (value.text === "" || value.text.includes("${") || value.text.includes("`") || value.text.startsWith("$")) return value.text;
  }
  faults.push(fieldFault("policy-number", value, field, `invalid value for ${field}: must be an integer or an expression`, printTree(value)));
  return 0;
};
const repeatCondition = (tree: MapTree): Condition | undefined => {
  const condition = valueAt(tree, "condition"), expected = valueAt(tree, "expected");
  if (condition === undefined || printTree(condition) === "") return undefined;
  return { condition: printTree(condition), expected: expected === undefined ? "" : printTree(expected), negate: false };
};
const modeOf = (tree: MapTree, condition: Condition | undefined, exitCodes: readonly number[], faults: Faults): "while" | "until" | undefined => {
  const repeat = tree.fields.get("repeat")?.value;
  const conditioned = condition !== undefined || exitCodes.length > 0;
  if (repeat === undefined || isNull(repeat) || (repeat.kind === "scalar" && repeat.value === false)) {
    if (!conditioned || (condition !== undefined && exitCodes.length > 0)) return undefined;
    return condition !== undefined && condition.expected !== "" ? "until" : "while";
  }
  if (repeat.kind === "scalar" && repeat.value === true) return "while";
  const word = repeat.kind === "scalar" && repeat.type === "string" ? repeat.text : "";
  if (word !== "while" && word !== "until") {
    faults.push(unmarshalFault(repeat, "repeat-word", "repeat_policy.repeat", `invalid value for repeat: '${printTree(repeat)}'. It must be 'while', 'until', or a boolean`));
    return undefined;
  }
  if (!conditioned) {
    faults.push(fieldFault("repeat-unconditional", tree, "repeat_policy", `repeat mode '${word}' requires either 'condition' or 'exit_code' to be specified`));
  }
  return word;
};
