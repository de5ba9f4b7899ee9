/**
 * Owns finding the shell scripts in a YAML text and placing what is said about them back into it. Refuses to know what is wrong with a
 * script (the shell does) and how issues are shown. 1 Dagu's own `${step.output}` is filled in before the shell sees it, so it is no fault.
 */
import { LineCounter } from "yaml";
import type { Issue } from "../../core/spec/issue.ts";
import { nestingFault } from "../../core/spec/yaml/nesting.ts";
import { readDocuments } from "../../core/spec/yaml/read.ts";
import { stringOf, valueAt, type MapTree, type Scalar, type Tree } from "../../core/spec/yaml/tree.ts";
import { issuesMax } from "../../ports/tab/spec-reader.ts";
import { lintScript } from "../../shell/lint.ts";
import { lintText } from "../../shell/lint/words.ts";

/** Scripts looked at, characters of them all and of one, and how deep one may nest: reading a shell text costs more than its length. */
const scriptsMax = 2_000;
const charsMax = 200_000;
const scriptCharsMax = 16_000;
const nestingMax = 40;

export const scriptIssues = (text: string): readonly Issue[] => {
  if (nestingFault(text) !== undefined) return [];
  const read = readDocuments(text);
  if (read.fault !== undefined) return [];
  const issues: Issue[] = [];
  let scripts = 0, chars = 0;
  for (const [document, tree] of read.documents.entries()) {
    if (tree?.kind !== "map") continue;
    for (const { scalar, mode } of scriptsOf(tree)) {
      scripts += 1;
      chars += scalar.text.length;
      if (scripts > scriptsMax || chars > charsMax || issues.length > issuesMax) return issues;
      if (scalar.text.length > scriptCharsMax || depthOf(scalar.text) > nestingMax) continue;
      const placed = placeIn(text, scalar, read.lines);
      for (const found of lintScript(withoutReferences(scalar.text), mode)) {
        const { line, column } = placed(found.line, found.column);
        issues.push({
          code: `shell-${found.code}`, severity: "warning", phase: "validate", document, path: scalar.path, line, column, endLine: line, endColumn: column + 1,
          message: found.text, refusal: "", values: { ...found.data, zh: lintText(found.code, found.data, "zh") },
        });
      }
    }
  }
  return issues;
};

const depthOf = (script: string): number => {
  let depth = 0, most = 0;
  for (const sign of script.matchAll(/[({]|[)}]/g)) {
    depth = Math.max(0, depth + (sign[0] === "(" || sign[0] === "{" ? 1 : -1));
    most = Math.max(most, depth);
  }
  return most;
};
interface Script {
  readonly scalar: Scalar;
  readonly mode: "sh" | "bash";
}
const scriptsOf = function* (root: MapTree): Generator<Script> {
  const shell = shellOf(valueAt(root, "shell"));
  const handlers = valueAt(root, "handler_on");
  const own = [...mapsIn(valueAt(root, "steps")), ...(handlers?.kind === "map" ? mapsIn(handlers) : [])];
  for (const step of own) {
    const type = stringOf(valueAt(step, "type")) ?? "command";
    if ((type !== "command" && type !== "shell") || ["container", "ssh"].some((key) => root.fields.has(key) || step.fields.has(key))) continue;
    const used = shellOf(valueAt(step, "shell")) ?? shell ?? "sh";
    for (const scalar of scalarsIn(valueAt(step, "command"))) yield* asScript(scalar, used);
    for (const scalar of scalarsIn(valueAt(step, "script"))) yield* asScript(scalar, used);
  }
  for (const scalar of plainSteps(valueAt(root, "steps"))) yield* asScript(scalar, shell ?? "sh");
};
/** A shebang chooses; anything that is no shell of ours is left alone. */
const asScript = function* (scalar: Scalar, shell: string): Generator<Script> {
  const shebang = /^#!\s*(?:\S*\/env\s+)?(\S+)/.exec(scalar.text)?.[1]?.split("/").at(-1);
  const used = shebang ?? shell;
  if (used === "bash" || used === "zsh" || used === "ksh") yield { scalar, mode: "bash" };
  else if (used === "sh" || used === "dash" || used === "ash") yield { scalar, mode: "sh" };
};
const shellOf = (tree: Tree | undefined): string | undefined => {
  const first = tree?.kind === "list" ? stringOf(tree.items[0]) : stringOf(tree)?.split(/\s+/)[0];
  return first?.split("/").at(-1);
};
const mapsIn = function* (tree: Tree | undefined): Generator<MapTree> {
  const items = tree?.kind === "list" ? tree.items : tree?.kind === "map" ? [...tree.fields.values()].map((field) => field.value) : [];
  for (const item of items) {
    if (item.kind === "map") yield item;
    else if (item.kind === "list") yield* mapsIn(item);
  }
};
const plainSteps = (tree: Tree | undefined): readonly Scalar[] => (tree === undefined || tree.kind === "scalar" ? [] : (tree.kind === "list" ? tree.items : [...tree.fields.values()].map((field) => field.value)).flatMap(scalarsIn));
const scalarsIn = (tree: Tree | undefined): readonly Scalar[] =>
  tree === undefined ? [] : tree.kind === "list" ? tree.items.flatMap(scalarsIn) : tree.kind === "scalar" && tree.type === "string" ? [tree] : [];
/** Same length, so that places stay true. */
const withoutReferences = (script: string): string => script.replace(/\$\{[A-Za-z_][\w-]*[.[][^}\n]*\}/g, (whole) => `$${"_".repeat(whole.length - 1)}`);

/** From a place in the script to one in the text; what a folded or quoted text does to lines is told by its first. */
const placeIn = (text: string, { span, text: value }: Scalar, lines: LineCounter): ((line: number, column: number) => { readonly line: number; readonly column: number }) => {
  const start = lines.linePos(span.from);
  const sign = text[span.from];
  if (sign === "|") {
    const below = text.slice(text.indexOf("\n", span.from) + 1, span.to);
    const indent = /^( *)\S/m.exec(below)?.[1]?.length ?? 0;
    const lead = /^\s*\n/.test(below) && !value.startsWith("\n") ? 1 : 0;
    return (line, column) => ({ line: start.line + line + lead, column: indent + column });
  }
  const quoted = sign === '"' || sign === "'" ? 1 : 0;
  const isOneLine = !text.slice(span.from, span.to).trimEnd().includes("\n") && sign !== ">";
  return (line, column) => (isOneLine && line === 1 ? { line: start.line, column: start.col + quoted + column - 1 } : { line: start.line, column: start.col });
};
