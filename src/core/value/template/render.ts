/**
 * Owns the one call of this room: a Go text/template over plain data, all of its output or none. Bounded in time and memory.
 * Source: the contract's section 4.1.3. Refuses to know where text and data come from.
 */
import { err, ok, type Result } from "../../base/result.ts";
import type { Json } from "../json.ts";
import { executeTemplate, type GoFunction } from "./exec.ts";
import { builtins } from "./functions/builtins.ts";
import { generalFunctions } from "./functions/general.ts";
import { listFunctions } from "./functions/lists.ts";
import { stringFunctions } from "./functions/strings.ts";
import { TemplateError } from "./lex.ts";
import { parseTemplate } from "./parse.ts";
import type { GoValue } from "./print.ts";

export interface TemplateRefusal {
  readonly type: "template";
  /** "parse": the text is no template; "execute": it failed over this data. */
  readonly stage: "parse" | "execute";
  /** `template: NAME:LINE:COLUMN: …` as Go words it. */
  readonly message: string;
}
const functions: ReadonlyMap<string, GoFunction> = new Map([...builtins, ...stringFunctions, ...listFunctions, ...generalFunctions]);

/** A data number is unsigned when whole, else a float; only literals and results of counting are Go `int`s. */
export const renderTemplate = (text: string, data: Json, name = "template"): Result<string, TemplateRefusal> => {
  let stage: TemplateRefusal["stage"] = "parse";
  try {
    const template = parseTemplate(text, (word) => functions.has(word));
    stage = "execute";
    return ok(executeTemplate(template, copy(data), functions));
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const before = text.slice(0, error.at);
    const line = before.split("\n").length, column = error.at - (before.lastIndexOf("\n") + 1);
    const where = stage === "parse" ? `${name}:${line}` : `${name}:${line}:${column}: executing ${JSON.stringify(name)}`;
    return err({ type: "template", stage, message: `template: ${where}: ${error.message}` });
  }
};
/** `set` and `unset` change maps, so a run works on its own copy. */
const copy = (value: Json): GoValue => {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => copy(item as Json));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]));
};
