/**
 * Owns fields that take several forms of text: env, labels, shell, string or list, log_output. A wrong form is a decode fault.
 * Refuses to know where they stand; `name` is the field's name as Dagu says it.
 */
import type { EnvEntry, Label } from "../dag.ts";
import { goType, isNull, printTree, type Tree } from "../yaml/tree.ts";
import type { Fault } from "./report.ts";

export type Faults = Fault[];
/** Dagu's words for a value whose own reader refuses it. */
export const unmarshalFault = (at: Tree, code: string, name: string, reason: string): Fault => ({
  code, at, message: reason, refusal: `'${name}' failed to unmarshal from YAML: ${reason}`, values: { field: name, value: printTree(at).slice(0, 80) },
});

export const envOf = (tree: Tree | undefined, name: string, faults: Faults): readonly EnvEntry[] => {
  if (tree === undefined || isNull(tree)) return [];
  if (tree.kind === "map") return [...tree.fields.values()].map((field) => ({ name: field.key, value: printTree(field.value) }));
  if (tree.kind === "list") return tree.items.flatMap((item, i) => envItem(item, `env[${i}]`, name, faults));
  faults.push(unmarshalFault(tree, "env-form", name, `env must be map or array, got ${goType(tree)}`));
  return [];
};
const envItem = (item: Tree, label: string, name: string, faults: Faults): readonly EnvEntry[] => {
  if (item.kind === "map") return [...item.fields.values()].map((field) => ({ name: field.key, value: printTree(field.value) }));
  if (item.kind === "scalar" && item.type === "string") {
    const cut = item.text.indexOf("=");
    if (cut >= 0) return [{ name: item.text.slice(0, cut), value: item.text.slice(cut + 1) }];
    faults.push(unmarshalFault(item, "env-entry", name, `${label}: invalid format "${item.text}" (expected KEY=value)`));
    return [];
  }
  faults.push(unmarshalFault(item, "env-entry", name, `${label}: expected map or string, got ${goType(item)}`));
  return [];
};

/** A string or a list whose items are texts or, with `loose`, any scalar. */
export const textsOf = (tree: Tree | undefined, name: string, faults: Faults): readonly string[] => {
  if (tree === undefined || isNull(tree)) return [];
  if (tree.kind === "scalar" && tree.type === "string") return [tree.text];
  if (tree.kind === "list") return tree.items.filter((item) => !isNull(item)).map(printTree);
  faults.push(unmarshalFault(tree, "text-or-list", name, `${name}: must be a string or an array of strings, got ${goType(tree)}`));
  return [];
};

/** Argv of a shell: a text is split at blanks outside quotes. */
export const shellOf = (tree: Tree | undefined, name: string, faults: Faults): readonly string[] | undefined => {
  if (tree === undefined || isNull(tree)) return undefined;
  const argv = tree.kind === "scalar" ? words(textsOf(tree, name, faults)[0] ?? "") : textsOf(tree, name, faults);
  return argv.length === 0 ? undefined : argv;
};
export const words = (text: string): readonly string[] =>
  [...text.matchAll(/(?:"((?:\\.|[^"\\])*)"|'([^']*)'|(\S+))/g)].map((match) => match[1]?.replace(/\\(.)/g, "$1") ?? match[2] ?? match[3]!);

export const logOutputOf = (tree: Tree | undefined, name: string, faults: Faults): "separate" | "merged" | undefined => {
  if (tree === undefined || isNull(tree)) return undefined;
  const text = tree.kind === "scalar" && tree.type === "string" ? tree.text.trim() : undefined;
  if (text === "separate" || text === "merged") return text;
  if (text === "") return undefined;
  faults.push(unmarshalFault(tree, "log-output", name, `log_output: must be 'separate' or 'merged', got "${printTree(tree)}"`));
  return undefined;
};

export const labelsOf = (tree: Tree | undefined, name: string, faults: Faults): readonly Label[] => {
  if (tree === undefined || isNull(tree)) return [];
  if (tree.kind === "scalar" && tree.type === "string") return labelTexts(tree.text).map((text) => labelOf(text, { at: tree, name, label: name, faults }));
  if (tree.kind === "map") return mapLabels(tree, { at: tree, name, label: name, faults });
  if (tree.kind === "scalar") {
    faults.push(unmarshalFault(tree, "labels-form", name, `${name}: must be a string, an array or a map, got ${goType(tree)}`));
    return [];
  }
  return tree.items.flatMap((item, i) => {
    const label = `${name}[${i}]`;
    if (item.kind === "map") return mapLabels(item, { at: item, name, label, faults });
    if (item.kind === "scalar" && item.type === "string") return item.text.trim() === "" ? [] : [labelOf(item.text.trim(), { at: item, name, label, faults })];
    faults.push(unmarshalFault(item, "labels-form", name, `${label}: must be a string or a map, got ${goType(item)}`));
    return [];
  });
};
/** With `=` and a blank and no comma the text is split at blanks, else at commas. */
const labelTexts = (text: string): readonly string[] =>
  (text.includes("=") && /\s/.test(text.trim()) && !text.includes(",") ? text.split(/\s+/) : text.split(",")).map((part) => part.trim()).filter((part) => part !== "");
interface LabelPlace {
  readonly at: Tree;
  readonly name: string;
  /** As Dagu says it: `labels[2]`. */
  readonly label: string;
  readonly faults: Faults;
}
const mapLabels = (tree: Extract<Tree, { kind: "map" }>, place: LabelPlace): readonly Label[] =>
  [...tree.fields.values()]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map((field) => checkedLabel(field.key, isNull(field.value) ? "" : printTree(field.value), { ...place, at: field.value }));
const labelOf = (text: string, place: LabelPlace): Label => {
  const cut = text.indexOf("=");
  return cut < 0 ? checkedLabel(text, "", place) : checkedLabel(text.slice(0, cut), text.slice(cut + 1), place);
};
const checkedLabel = (rawKey: string, rawValue: string, { at, name, label, faults }: LabelPlace): Label => {
  const key = rawKey.trim().toLowerCase(), value = rawValue.trim().toLowerCase();
  const refuse = (code: string, reason: string): void => void faults.push(unmarshalFault(at, code, name, `${label}: ${reason}`));
  if (key === "") refuse("label-key", "label key cannot be empty");
  else if (key.length > 63) refuse("label-key", `label key "${rawKey.trim()}" exceeds maximum length of 63 characters`);
  else if (!/^[a-z0-9][\w.-]*$/.test(key)) refuse("label-key", `label key "${rawKey.trim()}" contains invalid characters (allowed: a-z, A-Z, 0-9, -, _, .)`);
  if (value.length > 255) refuse("label-value", `label value "${value.slice(0, 40)}…" exceeds maximum length of 255 characters`);
  else if (value !== "" && !/^[a-z0-9][\w./-]*$/.test(value)) refuse("label-value", `label value "${rawValue.trim()}" contains invalid characters (allowed: a-z, A-Z, 0-9, -, _, ., /)`);
  return { key, value };
};
