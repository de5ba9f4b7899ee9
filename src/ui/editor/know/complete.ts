/** Owns completion, read from the tables the parser itself reads: keys of the map at the cursor, values of a key, names of steps. Refuses to know YAML. */
import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { kinds } from "../../../core/spec/kinds.ts";
import { keysAt, valuesAt } from "../../../core/spec/schema/lookup.ts";
import { words } from "../../i18n/words.svelte.ts";
import { holderLine, insideScript, placeOf, valueBeside, type Place } from "./place.ts";

const wordForm = /^[\w.-]*$/;
export const typeWord = (type: string): string => (type.startsWith("[]") ? "list" : type.startsWith("@") || type.startsWith("{}") ? "map" : type === "custom" || type === "any" ? "" : type);

export const completeSpec = (context: CompletionContext): CompletionResult | null => {
  const line = context.state.doc.lineAt(context.pos);
  const variable = context.matchBefore(/\$\{[\w.-]*/);
  if (variable !== null) return { from: variable.from + 2, options: names(context, /^\s*(?:-\s+)?(?:id|name|output):\s*["']?([A-Za-z_][\w-]*)|^\s*-\s+([A-Za-z_]\w*):\s/gm), validFor: wordForm };
  if (insideScript(context.state.doc, line.number)) return null;
  const word = context.matchBefore(/[\w.-]*/);
  if (word === null || (word.from === word.to && !context.explicit)) return null;
  const place = placeOf(context.state.doc, line.number, context.pos - line.from);
  if (place.key !== undefined) return values(context, place, word.from);
  if (/(^|\.)(depends)(\[\])?$/.test(place.path)) return { from: word.from, options: names(context, stepNames), validFor: wordForm };
  const holder = /\.with$/.test(place.path) ? holderLine(context.state.doc, line.number, "with") : undefined;
  const type = holder === undefined ? undefined : valueBeside(context.state.doc, holder, "type");
  const options: Completion[] = keysAt(place.path, type).map((help) => {
    const info = words.locale === "en" ? help.en : help.zh;
    return { label: help.key, type: "property", detail: typeWord(help.type), apply: `${help.key}: `, ...(info === "" ? {} : { info }) };
  });
  return options.length === 0 ? null : { from: word.from, options, validFor: wordForm };
};
const stepNames = /^\s*(?:-\s+)?(?:id|name):\s*["']?([\w.-]+)/gm;
const values = (context: CompletionContext, place: Place, from: number): CompletionResult | null => {
  const key = place.key ?? "";
  if (key === "depends" || key === "call" || key === "rewind_to") return { from, options: names(context, stepNames), validFor: wordForm };
  const path = place.path === "" ? key : `${place.path}.${key}`;
  const options: Completion[] = valuesAt(path).map((help) => {
    const info = words.locale === "en" ? help.en : help.zh;
    const home = key === "type" ? kinds.get(help.value)?.home : undefined;
    return { label: help.value, ...(info === "" ? {} : { info }), ...(home === undefined || home === "here" ? {} : { detail: home }) };
  });
  return options.length === 0 ? null : { from, options, validFor: wordForm };
};
const names = (context: CompletionContext, pattern: RegExp): readonly Completion[] => {
  const found = [...context.state.doc.toString().matchAll(pattern)].map((match) => match[1] ?? match[2] ?? "");
  return [...new Set(found)].slice(0, 500).map((label) => ({ label }));
};
