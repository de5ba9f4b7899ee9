/** Owns what a typed parameter accepts and the sentence when it does not. Same rules as the engine's own check, told early. */
import type { ParamDecl } from "../../../core/spec/dag.ts";
import { t } from "../../i18n/words.svelte.ts";

export const keyOf = (param: ParamDecl, index: number): string => param.name ?? String(index + 1);
/** The fault of `text` for `param`, or "". */
export const faultOf = (param: ParamDecl, text: string): string => {
  if (text === "") return param.required && param.default === undefined ? t("start.missing") : "";
  if (param.type === "integer" && !/^[+-]?\d+$/.test(text)) return t("start.wrongInteger");
  if (param.type === "number" && !Number.isFinite(Number(text))) return t("start.wrongNumber");
  if (param.type === "integer" || param.type === "number") return rangeFault(param, Number(text));
  if (param.minLength !== undefined && [...text].length < param.minLength) return t("start.tooShort", { min: param.minLength });
  if (param.maxLength !== undefined && [...text].length > param.maxLength) return t("start.tooLong", { max: param.maxLength });
  if (param.pattern !== undefined && !fits(param.pattern, text)) return t("start.pattern", { pattern: param.pattern });
  return "";
};
const rangeFault = (param: ParamDecl, value: number): string => {
  if (param.minimum !== undefined && value < param.minimum) return t("start.tooSmall", { min: param.minimum });
  if (param.maximum !== undefined && value > param.maximum) return t("start.tooBig", { max: param.maximum });
  return "";
};
/** A pattern this browser cannot read is left to the engine. */
const fits = (pattern: string, text: string): boolean => {
  if (text.length > 2000) return true;
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return true;
  }
};
export const hintOf = (param: ParamDecl): string => {
  const parts: string[] = [];
  if (param.enum !== undefined) parts.push(t("start.oneOf", { n: param.enum.length }));
  else parts.push(param.type === "boolean" ? t("start.boolean") : param.type === "string" ? t("start.text") : t(`start.${param.type}`));
  if (param.minimum !== undefined && param.maximum !== undefined) parts.push(t("start.range", { min: param.minimum, max: param.maximum }));
  else if (param.minimum !== undefined) parts.push(t("start.atLeast", { min: param.minimum }));
  else if (param.maximum !== undefined) parts.push(t("start.atMost", { max: param.maximum }));
  if (param.required) parts.push(t("start.required"));
  return parts.join(t("list.separator"));
};
