/** Owns the rules a rich parameter's own default and enum must meet at load (contract 5.1). */
import type { ParamDecl } from "../dag.ts";
import { fieldFault, type Fault } from "../decode/report.ts";
import { regexOf } from "../../value/template/functions/regex.ts";
import { isNull, toJson, type MapTree, type Tree } from "../yaml/tree.ts";

export const checkDecl = (decl: ParamDecl, map: MapTree, faults: Fault[]): void => {
  const at = (key: string): Tree => map.fields.get(key)?.value ?? map;
  const refuse = (code: string, key: string, reason: string): void => {
    faults.push({ ...fieldFault(code, at(key), "params", `parameter "${decl.name ?? ""}": ${reason}`), values: { name: decl.name ?? "" } });
  };
  const numeric = decl.type === "integer" || decl.type === "number";
  if (!numeric && (decl.minimum !== undefined || decl.maximum !== undefined)) refuse("param-constraint", "minimum", "minimum and maximum are only supported for integer and number types");
  if (decl.type !== "string" && (decl.minLength !== undefined || decl.maxLength !== undefined)) {
    refuse("param-constraint", "min_length", "min_length and max_length are only supported for string type");
  }
  if (decl.type !== "string" && decl.pattern !== undefined) refuse("param-constraint", "pattern", "pattern is only supported for string type");
  if (decl.minimum !== undefined && decl.maximum !== undefined && decl.minimum > decl.maximum) refuse("param-range", "minimum", "minimum must be less than or equal to maximum");
  if (decl.minLength !== undefined && decl.maxLength !== undefined && decl.minLength > decl.maxLength) refuse("param-range", "min_length", "min_length must be less than or equal to max_length");
  if (decl.pattern !== undefined && regexOf(decl.pattern) === undefined) refuse("param-pattern", "pattern", `invalid pattern "${decl.pattern}"`);
  const list = at("enum");
  if (decl.enum !== undefined && list.kind === "list") {
    for (const item of list.items) {
      const reason = valueFault(item, decl);
      if (reason !== undefined) refuse("param-enum", "enum", `enum value ${reason}`);
    }
  }
  const given = map.fields.get("default")?.value;
  if (given === undefined || isNull(given)) return;
  const reason = valueFault(given, decl);
  if (reason !== undefined) refuse("param-default", "default", `default ${reason}`);
  else if (decl.enum !== undefined && !decl.enum.some((item) => item === toJson(given))) refuse("param-default", "default", "default must be one of enum values");
};
const valueFault = (tree: Tree, decl: ParamDecl): string | undefined => {
  const value = tree.kind === "scalar" ? tree.value : undefined;
  switch (decl.type) {
    case "string": {
      if (typeof value !== "string") return "must be a string";
      const length = [...value].length;
      if (decl.minLength !== undefined && length < decl.minLength) return `must have at least ${decl.minLength} characters`;
      if (decl.maxLength !== undefined && length > decl.maxLength) return `must have at most ${decl.maxLength} characters`;
      const regex = decl.pattern === undefined ? undefined : regexOf(decl.pattern);
      return regex === undefined || regex.matcher(value).find() ? undefined : `must match pattern "${decl.pattern!}"`;
    }
    case "boolean":
      return typeof value === "boolean" ? undefined : "must be a boolean";
    case "integer":
    case "number":
      if (typeof value !== "number") return `must be ${decl.type === "integer" ? "an integer" : "a number"}`;
      if (decl.type === "integer" && !Number.isInteger(value)) return "must be an integer";
      if (decl.minimum !== undefined && value < decl.minimum) return `must be at least ${decl.minimum}`;
      return decl.maximum !== undefined && value > decl.maximum ? `must be at most ${decl.maximum}` : undefined;
  }
};
