/**
 * Owns completion and hover in the editor, read from the parser's own key tables, so that both know exactly what the parser accepts.
 * Refuses to know YAML's finer points: the path at the cursor is found by indentation, which holds for block style as people write it.
 */
import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { Text } from "@codemirror/state";
import { hoverTooltip } from "@codemirror/view";
import { kinds } from "../../core/spec/kinds.ts";
import { shapes, type Shape } from "../../core/spec/schema/shapes.ts";
import { docOf } from "./docs.ts";

interface Place {
  /** Keys from the root to the cursor's map; list items as "[]". */
  readonly path: readonly string[];
  /** Key of this line when the cursor stands in its value. */
  readonly key: string | undefined;
}
const indentOf = (line: string): number => {
  const found = /^(\s*(?:-\s+)*)/.exec(line)?.[1] ?? "";
  return found.length;
};
const keyOf = (line: string): string | undefined => /^\s*(?:-\s+)*["']?([\w.-]+)["']?\s*:/.exec(line)?.[1];

/** The path of the map that holds `line` (1-based). */
export const placeOf = (doc: Text, line: number, column: number): Place => {
  const text = doc.line(line).text;
  const own = keyOf(text);
  let indent = own === undefined && text.trim() !== "" && !text.trim().startsWith("-") ? indentOf(text) : text.trim() === "" ? column : indentOf(text);
  const path: string[] = [];
  if (/^\s*-\s/.test(text)) path.unshift("[]");
  for (let at = line - 1; at >= 1 && indent > 0; at -= 1) {
    const above = doc.line(at).text;
    if (above.trim() === "" || above.trim().startsWith("#")) continue;
    const dash = /^(\s*)-\s+/.exec(above);
    const depth = indentOf(above);
    const key = keyOf(above);
    if (dash !== null && depth === indent && path[0] !== "[]") path.unshift("[]");
    const outer = (dash?.[1] ?? /^(\s*)/.exec(above)?.[1] ?? "").length;
    if (depth >= indent && !(dash !== null && outer < indent && depth > indent)) {
      if (dash !== null && depth === indent) indent = outer;
      if (!(path[0] === "[]" && key !== undefined && outer === indent && dash === null && /:\s*$/.test(above))) continue;
    }
    if (key !== undefined && depth <= indent && (depth < indent || path[0] === "[]")) {
      path.unshift(key);
      indent = outer;
      if (dash !== null) path.unshift("[]");
    }
  }
  const colon = text.indexOf(":");
  return { path, key: own !== undefined && colon >= 0 && column > colon ? own : undefined };
};
/** The shape at a path, followed through the tables' `@name` and `[]` types. */
export const shapeAt = (path: readonly string[]): Shape | undefined => {
  let shape: Shape | undefined = shapes["dag"];
  for (const part of path) {
    if (part === "[]") continue;
    if (shape === undefined) return undefined;
    if (part === "steps" || part === "handler_on") {
      shape = part === "steps" ? shapes["step"] : shapes["handler_on"];
      continue;
    }
    if (part === "params" && path.length > 1) { shape = shapes["param"]; continue; }
    if (part === "preconditions") { shape = shapes["condition"]; continue; }
    if (part === "continue_on") { shape = shapes["continue_on"]; continue; }
    const type: string | undefined = shape[part];
    const name: string | undefined = type === undefined ? undefined : /@(\w+)/.exec(type)?.[1];
    shape = name === undefined ? undefined : shapes[name];
  }
  return shape;
};
const values: Readonly<Record<string, readonly string[]>> = {
  "dag.type": ["chain", "graph"], "param.type": ["string", "integer", "number", "boolean"], log_output: ["separate", "merged"], backoff: ["true", "false"],
  repeat: ["while", "until"], overlap_policy: ["skip", "all", "latest"],
};
const insideScript = (doc: Text, line: number): boolean => {
  const indent = /^(\s*)/.exec(doc.line(line).text)?.[1]?.length ?? 0;
  for (let at = line - 1; at >= 1; at -= 1) {
    const above = doc.line(at).text;
    const depth = /^(\s*)/.exec(above)?.[1]?.length ?? 0;
    if (above.trim() === "" || depth >= indent) continue;
    return /:\s*[|>][+-]?\d*\s*$/.test(above);
  }
  return false;
};
export const schemaCompletion = (context: CompletionContext): CompletionResult | null => {
  const line = context.state.doc.lineAt(context.pos);
  if (insideScript(context.state.doc, line.number)) return null;
  const word = context.matchBefore(/[\w.-]*/);
  if (word === null || (word.from === word.to && !context.explicit)) return null;
  const place = placeOf(context.state.doc, line.number, context.pos - line.from);
  if (place.key !== undefined) return valueCompletion(context, place, word.from);
  const shape = shapeAt(place.path);
  if (shape === undefined) return null;
  const options: Completion[] = Object.entries(shape).map(([key, type]) => ({ label: key, type: "property", detail: typeWord(type), info: docOf(key) || undefined, apply: `${key}: ` }) as Completion);
  return { from: word.from, options, validFor: /^[\w.-]*$/ };
};
const valueCompletion = (context: CompletionContext, place: Place, from: number): CompletionResult | null => {
  const level = place.path.includes("params") ? "param" : place.path.includes("steps") || place.path.includes("handler_on") ? "step" : "dag";
  if (place.key === "type" && level === "step") return { from, options: [...kinds.values()].map((kind) => ({ label: kind.type, detail: kind.home === "here" ? "" : kind.home })), validFor: /^[\w.-]*$/ };
  const known = values[`${level}.${place.key ?? ""}`] ?? values[place.key ?? ""];
  if (known !== undefined) return { from, options: known.map((label) => ({ label })), validFor: /^[\w.-]*$/ };
  if (place.key === "depends" || place.key === "call" || place.path.includes("depends")) {
    const names = [...context.state.doc.toString().matchAll(/^\s*-?\s*(?:id|name):\s*["']?([\w.-]+)/gm)].map((match) => match[1] ?? "");
    return { from, options: [...new Set(names)].map((label) => ({ label })), validFor: /^[\w.-]*$/ };
  }
  return null;
};
const typeWord = (type: string): string => (type.startsWith("[]") ? "list" : type.startsWith("@") || type.startsWith("{}") ? "map" : type === "custom" || type === "any" ? "" : type);

export const schemaHover = hoverTooltip((view, pos) => {
  const line = view.state.doc.lineAt(pos);
  const key = keyOf(line.text);
  if (key === undefined || insideScript(view.state.doc, line.number)) return null;
  const from = line.from + line.text.indexOf(key);
  if (pos < from || pos > from + key.length) return null;
  const place = placeOf(view.state.doc, line.number, 0);
  const type = shapeAt(place.path)?.[key];
  const doc = docOf(key);
  if (type === undefined && doc === "") return null;
  return {
    pos: from,
    end: from + key.length,
    create: () => {
      const dom = document.createElement("div");
      dom.className = "cm-hover";
      const title = document.createElement("b");
      title.textContent = key;
      dom.append(title, ` ${typeWord(type ?? "")}`, document.createElement("br"), doc);
      return { dom };
    },
  };
});
