/** Owns the rules a rich parameter's own default and enum must meet at load (contract 5.1). */
import type { ParamDecl } from "../dag.ts";
import { fieldFault, type Fault } from "../decode/report.ts";
import { regexOf } from "../../value/template/functions/regex.ts";
import { isNull, printTree, toJson, type MapTree, type Tree } from "../yaml/tree.ts";

export const checkDecl = (decl: ParamDecl, map: MapTree, faults: Fault[]): void => {
  const at = (key: string): Tree => map.fields.get(key)?.value ?? map;
  const refuse = (code: string, key: string, reason: string): void => {
    faults.push({ ...fieldFault(code, at(key), "params", `parameter "${decl.name ?? ""}" ${reason}`), values: { name: decl.name ?? "" } });
  };
  const numeric = decl.type === "integer" || decl.type === "number";
  if (!numeric && (decl.minimum !== undefined || decl.maximum !== undefined)) refuse("param-constraint", "minimum", `uses minimum/maximum but type is "${decl.type}"`);
  if (decl.type !== "string" && (decl.minLength !== undefined || decl.maxLength !== undefined || decl.pattern !== undefined)) {
    refuse("param-constraint", "min_length", `uses string constraints but type is "${decl.type}"`);
  }
  if (decl.minimum !== undefined && decl.maximum !== undefined && decl.minimum > decl.maximum) refuse("param-range", "minimum", "minimum must be less than or equal to maximum");
  if (decl.minLength !== undefined && decl.maxLength !== undefined && decl.minLength > decl.maxLength) refuse("param-range", "min_length", "min_length must be less than or equal to max_length");
  if (decl.pattern !== undefined && regexOf(decl.pattern) === undefined) refuse("param-pattern", "pattern", `has invalid pattern: ${decl.pattern}`);
  const list = at("enum");
  if (decl.enum !== undefined && list.kind === "list") {
    for (const item of list.items) {
      const reason = valueFault(item, decl);
      if (reason !== undefined) refuse("param-enum", "enum", `enum contains an invalid value: ${reason}`);
    }
  }
  const given = map.fields.get("default")?.value;
  if (given === undefined || isNull(given)) return;
  const reason = valueFault(given, decl);
  if (reason !== undefined) refuse("param-default", "default", `default is invalid: ${reason}`);
  else if (decl.enum !== undefined && !decl.enum.some((item) => String(item) === String(toJson(given)))) refuse("param-default", "default", "default must be one of enum values");
  else {
    const limit = limitFault(given, decl);
    if (limit !== undefined) refuse("param-default", "default", `default ${limit}`);
  }
};
/** Texts of numbers and booleans count as such; anything plain counts as text. */
const valueFault = (tree: Tree, decl: ParamDecl): string | undefined => {
  if (tree.kind !== "scalar" || tree.type === "null") return `cannot use ${printTree(tree)} as ${decl.type}`;
  const refuse = `cannot coerce ${JSON.stringify(tree.text)} to ${decl.type}`;
  switch (decl.type) {
    case "string":
      return undefined;
    case "boolean":
      return /^(true|false)$/i.test(tree.text.trim()) ? undefined : refuse;
    case "integer":
      return /^[-+]?\d+$/.test(tree.text.trim()) || (tree.type === "float" && Number.isInteger(tree.value)) ? undefined : refuse;
    case "number":
      return tree.text.trim() !== "" && Number.isFinite(Number(tree.text)) ? undefined : refuse;
  }
};
const limitFault = (tree: Tree, decl: ParamDecl): string | undefined => {
  const text = printTree(tree);
  if (decl.type === "string") {
    const length = [...text].length;
    if (decl.minLength !== undefined && length < decl.minLength) return "is shorter than min_length";
    if (decl.maxLength !== undefined && length > decl.maxLength) return "is longer than max_length";
    const regex = decl.pattern === undefined ? undefined : regexOf(decl.pattern);
    return regex === undefined || regex.matcher(text).find() ? undefined : "does not match pattern";
  }
  if (decl.minimum !== undefined && Number(text) < decl.minimum) return "is below minimum";
  return decl.maximum !== undefined && Number(text) > decl.maximum ? "is above maximum" : undefined;
};
