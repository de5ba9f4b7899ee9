/**
 * Owns the way from older Dagu texts to the current form: keys, shapes and number forms (contract section 16), as edits of the text,
 * so that comments, order, anchors and quoting stay. Unknown keys are kept and named. Refuses to know files and the result's use.
 */
import { legacyKeys, shapes } from "../schema/shapes.ts";
import { shapeOfField } from "../schema/lookup.ts";
import { nestingFault } from "../yaml/nesting.ts";
import { readDocuments } from "../yaml/read.ts";
import { isNull, stringOf, valueAt, type Field, type MapTree, type Tree } from "../yaml/tree.ts";
import { applyEdits } from "./edits.ts";
import { record, type Migrating, type Migration } from "./job.ts";
import { moveArtifacts, splitExecutor, wrapHeaders } from "./shapes.ts";

/** A text that cannot be read comes back unchanged, without changes: the parser will say why. */
export const migrate = (text: string): Migration => {
  const unchanged: Migration = { text, changes: [], notes: [] };
  if (nestingFault(text) !== undefined) return unchanged;
  const read = readDocuments(text);
  if (read.fault !== undefined) return unchanged;
  const job: Migrating = { text, lines: read.lines, edits: [], changes: [], notes: [], seen: new Set() };
  for (const tree of read.documents) {
    if (tree?.kind !== "map") continue;
    walkMap(job, tree, "dag");
    graphType(job, tree);
  }
  return { text: applyEdits(text, job.edits), changes: job.changes, notes: job.notes };
};

const extra: ReadonlyMap<string, string> = new Map([["tags", "labels"], ["config", "with"], ["minLength", "min_length"], ["maxLength", "max_length"], ["cancel", "abort"]]);
const extraShapes: Readonly<Record<string, readonly string[]>> = { tags: ["dag"], config: ["step"], minLength: ["param"], maxLength: ["param"], cancel: ["handler_on"] };

/** The current name of a key in a map of this shape; undefined when it needs none or has none. */
const currentKey = (key: string, shape: string): string | undefined => {
  const known = shapes[shape]!;
  if (Object.hasOwn(extraShapes, key) && extraShapes[key]!.includes(shape)) return extra.get(key);
  if (Object.hasOwn(known, key)) return undefined;
  const legacy = legacyKeys.get(key) ?? legacyKeys.get(key.charAt(0).toLowerCase() + key.slice(1));
  const last = legacy?.split(".").at(-1);
  return last !== undefined && Object.hasOwn(known, last) ? last : undefined;
};
const walkMap = (job: Migrating, map: MapTree, shape: string): void => {
  if (job.seen.has(map.span.from)) return;
  job.seen.add(map.span.from);
  if (shape === "step") splitExecutor(job, map);
  if (shape === "dag") {
    moveArtifacts(job, map);
    wrapHeaders(job, map);
  }
  for (const field of map.fields.values()) {
    const current = currentKey(field.key, shape);
    if (current !== undefined && !map.fields.has(current)) {
      job.edits.push({ ...field.keySpan, text: current });
      record(job, field, "renamed", [field.key, current]);
    } else if (!Object.hasOwn(shapes[shape]!, field.key) && !handled.has(field.key)) keep(job, field, current);
    walkField(job, field.value, `${shape}.${current ?? field.key}`);
  }
  if (shape === "retry" || shape === "dag_retry" || shape === "repeat") policyForms(job, map, shape);
};
/** Keys that a reshaping of their own takes care of. */
const handled: ReadonlySet<string> = new Set(["executor", "artifactDir", "enableArtifact", "forwardHeaders"]);
const keep = (job: Migrating, field: Field, current: string | undefined): void => {
  const message = current === undefined ? `Dagu 2.6 does not know "${field.key}"; it is kept as it is` : `"${field.key}" is the old name of "${current}", which is also there; one must go`;
  job.notes.push({ code: current === undefined ? "unknown-key" : "needs-a-look", path: field.value.path, line: job.lines.linePos(field.keySpan.from).line, message, reason: current === undefined ? "unknown-key" : "both-names", values: { key: field.key, use: current ?? "" } });
};
const walkField = (job: Migrating, value: Tree, name: string): void => {
  const [shape, key] = name.split(".") as [string, string];
  if (name === "dag.steps") return walkSteps(job, value);
  const type = shapeOfField[name] ?? shapes[shape]?.[key] ?? "";
  const inner = /^((?:\[\]|\{\})?)@?(\w+)$/.exec(type);
  if (inner === null || !Object.hasOwn(shapes, inner[2]!)) return;
  if (name === "dag.params" && value.kind === "map") return;
  if (value.kind === "list") for (const item of value.items) item.kind === "map" && fitsList(name, item) && walkMap(job, item, inner[2]!);
  else if (value.kind === "map" && inner[1] === "{}") for (const field of value.fields.values()) field.value.kind === "map" && !isLiteral(name, field.value) && walkMap(job, field.value, inner[2]!);
  else if (value.kind === "map" && inner[1] === "") walkMap(job, value, inner[2]!);
};
/** A list entry of params is a definition only with a name; any other map holds values. */
const fitsList = (name: string, item: MapTree): boolean => name !== "dag.params" || item.fields.has("name");
const isLiteral = (name: string, map: MapTree): boolean => name === "step.output" && ![...map.fields.keys()].some((key) => Object.hasOwn(shapes["output_entry"]!, key));
const walkSteps = (job: Migrating, value: Tree): void => {
  const trees = value.kind === "list" ? value.items : value.kind === "map" ? [...value.fields.values()].map((field) => field.value) : [];
  for (const tree of trees) {
    if (tree.kind === "map") walkMap(job, tree, "step");
    else if (tree.kind === "list") walkSteps(job, tree);
  }
};

/** Older texts ordered steps by `depends` alone; today that needs `type: graph`. */
const graphType = (job: Migrating, map: MapTree): void => {
  const steps = valueAt(map, "steps");
  if (steps === undefined || stringOf(valueAt(map, "type")) !== undefined) return;
  const trees = steps.kind === "list" ? steps.items : steps.kind === "map" ? [...steps.fields.values()].map((field) => field.value) : [];
  if (!trees.some((tree) => tree.kind === "map" && !isNull(tree.fields.get("depends")?.value))) return;
  const field = map.fields.get("steps")!;
  job.edits.push({ from: field.keySpan.from, to: field.keySpan.from, text: "type: graph\n" });
  record(job, field, "completed", ["", "type: graph"]);
};
/** `interval_sec` is required today, `backoff: 2` must be 2.0 in a retry, `exit_code` must be a list. */
const policyForms = (job: Migrating, map: MapTree, shape: string): void => {
  const at = (...keys: readonly string[]): Field | undefined => keys.map((key) => map.fields.get(key)).find((field) => field !== undefined);
  const backoff = at("backoff"), codes = at("exit_code", "exitCode"), limit = at("limit");
  if (shape !== "repeat" && backoff?.value.kind === "scalar" && backoff.value.type === "int" && (backoff.value.value as number) > 1) {
    job.edits.push({ from: backoff.value.span.to, to: backoff.value.span.to, text: ".0" });
    record(job, backoff, "number-form", [backoff.value.text, `${backoff.value.text}.0`]);
  }
  if (codes?.value.kind === "scalar" && codes.value.type === "int") {
    const { from, to } = codes.value.span;
    job.edits.push({ from, to: from, text: "[" }, { from: to, to, text: "]" });
    record(job, codes, "number-form", [codes.value.text, `[${codes.value.text}]`]);
  }
  if (shape === "retry" && limit !== undefined && at("interval_sec", "intervalSec") === undefined) {
    const end = limit.value.span.to;
    const flow = job.text[map.span.from] === "{";
    const indent = " ".repeat(limit.keySpan.from - job.text.lastIndexOf("\n", limit.keySpan.from - 1) - 1);
    job.edits.push({ from: end, to: end, text: flow ? ", interval_sec: 0" : `\n${indent}interval_sec: 0` });
    record(job, limit, "completed", ["", "interval_sec: 0"]);
  }
};
