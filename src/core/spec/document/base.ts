/**
 * Owns the merge of a base configuration under a document (contract 1): maps deeply, env and labels appended, some keys whole.
 * Works on trees, so the document's own positions stay true. Refuses to know what the keys mean. `working_dir` is not merged: a called DAG
 * takes its call step's directory before the base's, so a start has to know whose it is (`baseWorkingDir`).
 */
import { addError, type Report } from "../decode/report.ts";
import { fieldText } from "../issue.ts";
import { nestingFault } from "../yaml/nesting.ts";
import { readDocuments } from "../yaml/read.ts";
import { isNull, printTree, stringOf, valueAt, type Field, type ListTree, type MapTree, type Tree } from "../yaml/tree.ts";

const replacedWhole: ReadonlySet<string> = new Set(["mail_on", "retry_policy", "webhook", "schedule", "params", "steps", "shell", "preconditions"]);
const appended: ReadonlySet<string> = new Set(["env", "labels", "tags"]);

/** The directory a base configuration gives to DAGs without one. */
export const baseWorkingDir = (text: string): string | undefined => {
  if (nestingFault(text) !== undefined) return undefined;
  const [tree] = readDocuments(text).documents;
  const found = tree?.kind === "map" ? stringOf(valueAt(tree, "working_dir")) : undefined;
  return found === "" ? undefined : found;
};
/** `child`: a local sub-DAG, which does not get the base's handlers. */
export const mergeBase = (base: MapTree, own: MapTree, child: boolean, report: Report): MapTree => {
  const fields = new Map<string, Field>();
  const retention = own.fields.has("hist_retention_days") || own.fields.has("hist_retention_runs");
  for (const [key, field] of base.fields) {
    if (key === "steps" || key === "working_dir" || (child && key === "handler_on") || (retention && key.startsWith("hist_retention_"))) continue;
    fields.set(key, field);
  }
  for (const [key, field] of own.fields) {
    const inherited = fields.get(key === "labels" && !fields.has("labels") ? "tags" : key);
    if (inherited === undefined || isNull(inherited.value)) fields.set(key, field);
    else if (isNull(field.value)) continue;
    else if (key === "step_types") fields.set(key, { ...field, value: mergeTypes(inherited.value, field.value, report) });
    else if (appended.has(key)) {
      fields.delete(inherited.key);
      fields.set(key, { ...field, value: appendLists(inherited.value, field.value) });
    } else fields.set(key, { ...field, value: replacedWhole.has(key) ? field.value : mergeDeep(inherited.value, field.value, key === "harnesses") });
  }
  return { ...own, fields };
};
const mergeDeep = (base: Tree, own: Tree, nullDeletes: boolean): Tree => {
  if (base.kind !== "map" || own.kind !== "map") return own;
  const fields = new Map(base.fields);
  for (const [key, field] of own.fields) {
    const inherited = fields.get(key);
    if (nullDeletes && isNull(field.value)) fields.delete(key);
    else fields.set(key, inherited === undefined ? field : { ...field, value: mergeDeep(inherited.value, field.value, false) });
  }
  return { ...own, fields };
};
const asList = (tree: Tree): readonly Tree[] => {
  if (tree.kind === "list") return tree.items;
  if (tree.kind === "map") return [...tree.fields.values()].map((field): Tree => ({ kind: "map", fields: new Map([[field.key, field]]), span: tree.span, path: tree.path }));
  return printTree(tree).split(/[,\s]+/).filter((word) => word !== "").map((word): Tree => ({ ...tree, value: word, text: word }));
};
const appendLists = (base: Tree, own: Tree): ListTree => ({ kind: "list", items: [...asList(base), ...asList(own)], span: own.span, path: own.path });
const mergeTypes = (base: Tree, own: Tree, report: Report): Tree => {
  if (base.kind !== "map" || own.kind !== "map") return own;
  for (const key of own.fields.keys()) {
    if (base.fields.has(key)) {
      addError(report, "types", { code: "custom-duplicate", at: own.fields.get(key)!.value, message: `duplicate custom step type "${key}" is defined in both base config and DAG`, refusal: fieldText(`step_types.${key}`, `duplicate custom step type "${key}" is defined in both base config and DAG`, key), values: { type: key } });
    }
  }
  return { ...own, fields: new Map([...base.fields, ...own.fields]) };
};
