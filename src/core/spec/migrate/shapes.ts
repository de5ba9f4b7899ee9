/** Owns the old keys whose value moves: `executor`, `artifactDir`, `enableArtifact`, `forwardHeaders` at the top. */
import { isNull, stringOf, type Field, type MapTree } from "../yaml/tree.ts";
import { beginsLine, columnOf, lineEnd, lineStart, shiftLines } from "./edits.ts";
import { record, type Migrating, type Note } from "./job.ts";

const sourceOf = (job: Migrating, field: Field): string => job.text.slice(field.value.span.from, field.value.span.to).trimEnd();
const note = (job: Migrating, field: Field, reason: Note["reason"], ...[message, keys = field.key]: readonly [message: string, keys?: string]): void => {
  job.notes.push({ code: "needs-a-look", path: field.value.path, line: job.lines.linePos(field.keySpan.from).line, message, reason, values: { key: keys } });
};

/** `executor: http` or `executor: {type, config}` becomes `type` and `with`. */
export const splitExecutor = (job: Migrating, map: MapTree): void => {
  const field = map.fields.get("executor");
  if (field === undefined || isNull(field.value)) return;
  if (map.fields.has("type") || map.fields.has("with")) return note(job, field, "executor-beside", "`executor` stands beside `type` or `with`; merge them by hand");
  if (stringOf(field.value) !== undefined) {
    job.edits.push({ ...field.keySpan, text: "type" });
    return record(job, field, "renamed", ["executor", "type"]);
  }
  if (field.value.kind !== "map") return note(job, field, "executor-form", "`executor` has no known form");
  const unknown = [...field.value.fields.keys()].filter((key) => key !== "type" && key !== "config");
  if (unknown.length > 0) return note(job, field, "executor-keys", `executor has keys that have no place today: ${unknown.join(", ")}`, unknown.join(", "));
  if (job.text[field.value.span.from] === "{") inlineExecutor(job, field, field.value);
  else blockExecutor(job, field, field.value);
  record(job, field, "reshaped", ["executor", "type, with"]);
};
const inlineExecutor = (job: Migrating, field: Field, map: MapTree): void => {
  const parts = [...map.fields.values()].map((inner) => `${inner.key === "config" ? "with" : "type"}: ${sourceOf(job, inner)}`);
  const flow = !beginsLine(job.text, field.keySpan.from);
  const gap = flow ? ", " : `\n${" ".repeat(columnOf(job.text, field.keySpan.from))}`;
  job.edits.push({ from: field.keySpan.from, to: field.value.span.to, text: parts.join(gap) });
};
/** The inner lines move left to where `executor:` stood; its own line goes, a comment on it stays. */
const blockExecutor = (job: Migrating, field: Field, map: MapTree): void => {
  const column = columnOf(job.text, field.keySpan.from);
  const inner = map.span.from;
  const by = columnOf(job.text, inner) - column;
  const comment = /:\s*(#[^\n]*)/.exec(job.text.slice(field.keySpan.to, inner))?.[1];
  const lead = comment === undefined ? "" : `${comment}\n${" ".repeat(column)}`;
  job.edits.push({ from: field.keySpan.from, to: inner, text: lead });
  job.edits.push(...shiftLines(job.text, inner, map.span.to, -by));
  const config = map.fields.get("config");
  if (config !== undefined) job.edits.push({ ...config.keySpan, text: "with" });
};

/** `artifactDir` and `enableArtifact` become one `artifacts` map. */
export const moveArtifacts = (job: Migrating, map: MapTree): void => {
  const fields = ["artifactDir", "enableArtifact"].flatMap((key) => map.fields.get(key) ?? []);
  if (fields.length === 0) return;
  if (map.fields.has("artifacts")) return fields.forEach((field) => note(job, field, "artifacts-beside", `"${field.key}" belongs into \`artifacts\`, which is also there`));
  const parts = fields.map((field) => `${field.key === "artifactDir" ? "dir" : "enabled"}: ${sourceOf(job, field)}`);
  const [first, second] = fields;
  job.edits.push({ from: first!.keySpan.from, to: first!.value.span.to, text: `artifacts: {${parts.join(", ")}}` });
  record(job, first!, "reshaped", [first!.key, "artifacts"]);
  if (second === undefined) return;
  job.edits.push({ from: lineStart(job.text, second.keySpan.from), to: Math.min(job.text.length, lineEnd(job.text, second.value.span.to - 1) + 1), text: "" });
  record(job, second, "reshaped", [second.key, "artifacts"]);
};
/** A top-level `forwardHeaders` moves below `webhook`. */
export const wrapHeaders = (job: Migrating, map: MapTree): void => {
  const field = map.fields.get("forwardHeaders");
  if (field === undefined) return;
  if (map.fields.has("webhook")) return note(job, field, "headers-beside", "`forwardHeaders` belongs into `webhook`, which is also there");
  job.edits.push({ ...field.keySpan, text: "webhook:\n  forward_headers" }, ...shiftLines(job.text, field.keySpan.to, field.value.span.to, 2));
  record(job, field, "reshaped", ["forwardHeaders", "webhook.forward_headers"]);
};
