/**
 * Owns the renaming of a step in a text: its own name and every place that names it (`depends`, routes, `rewind_to`), as edits that
 * leave all other bytes alone. An id is another name: `renameId` changes it with `depends`, routes and `${id.…}` references.
 */
import { err, ok, type Result } from "../base/result.ts";
import { applyEdits, columnOf, type Edit } from "./migrate/edits.ts";
import { nestingFault } from "./yaml/nesting.ts";
import { readDocuments } from "./yaml/read.ts";
import { stringOf, valueAt, type Field, type MapTree, type Scalar, type Tree } from "./yaml/tree.ts";

export interface RenameRefusal {
  readonly type: "unreadable" | "unknown-step" | "name-taken" | "bad-name";
}
const nameMax = 255;
const idMax = 40;

/** `document`: 0-based number of the YAML document that holds the step. */
export const renameStep = (text: string, names: { readonly from: string; readonly to: string }, document = 0): Result<string, RenameRefusal> => {
  const to = names.to.trim();
  if (to === "" || to.length > nameMax || to.includes("\n")) return err({ type: "bad-name" });
  if (nestingFault(text) !== undefined) return err({ type: "unreadable" });
  const read = readDocuments(text);
  const root = read.documents[document];
  if (read.fault !== undefined || root?.kind !== "map") return err({ type: "unreadable" });
  const found = stepsIn(root);
  const own = found.find((step) => step.name === names.from);
  if (own === undefined) return err({ type: "unknown-step" });
  if (found.some((step) => step !== own && step.name === to)) return err({ type: "name-taken" });
  return ok(applyEdits(text, [ownEdit(text, own, to), ...placesOf(text, found, names.from, to)]));
};
/** Every place that names the step: `depends`, routes, `rewind_to`. */
const placesOf = (text: string, found: readonly Found[], ...[name, to]: readonly [name: string, to: string]): readonly Edit[] => {
  const edits: Edit[] = [];
  const swap = (tree: Tree | undefined): void => {
    if (tree?.kind === "list") tree.items.forEach(swap);
    else if (tree?.kind === "scalar" && tree.text.trim() === name) edits.push(scalarEdit(text, tree, to));
  };
  for (const { map } of found) {
    if (map === undefined) continue;
    swap(valueAt(map, "depends"));
    const routes = valueAt(map, "routes"), approval = valueAt(map, "approval");
    if (routes?.kind === "map") for (const field of routes.fields.values()) swap(field.value);
    if (approval?.kind === "map") swap(valueAt(approval, "rewind_to"));
  }
  return edits;
};
/** Renames a step's id, the references `${id.…}` with it. An id that is the step's only name is its name as well. */
export const renameId = (text: string, names: { readonly from: string; readonly to: string }, document = 0): Result<string, RenameRefusal> => {
  const to = names.to.trim();
  if (!/^[A-Za-z]\w*$/.test(to) || to.length > idMax) return err({ type: "bad-name" });
  if (nestingFault(text) !== undefined) return err({ type: "unreadable" });
  const read = readDocuments(text);
  const root = read.documents[document];
  if (read.fault !== undefined || root?.kind !== "map") return err({ type: "unreadable" });
  const found = stepsIn(root);
  const idOf = (step: Found): string | undefined => (step.map === undefined ? undefined : stringOf(valueAt(step.map, "id"))?.trim());
  const own = found.find((step) => idOf(step) === names.from);
  if (own === undefined) return err({ type: "unknown-step" });
  if (found.some((step) => step !== own && (idOf(step) === to || step.name === to))) return err({ type: "name-taken" });
  const edits: Edit[] = [scalarEdit(text, valueAt(own.map!, "id") as Scalar, to), ...placesOf(text, found, names.from, to)];
  const reference = new RegExp(`\\$\\{${names.from}(?=[.[}])`, "g");
  for (const match of text.slice(root.span.from, root.span.to).matchAll(reference)) {
    const from = root.span.from + match.index + 2;
    edits.push({ from, to: from + names.from.length, text: to });
  }
  return ok(applyEdits(text, edits));
};
interface Found {
  readonly name: string | undefined;
  readonly map: MapTree | undefined;
  /** The key of a map step. */
  readonly key?: Field;
}
const stepsIn = (root: MapTree): readonly Found[] => {
  const steps = valueAt(root, "steps");
  if (steps?.kind === "map") return [...steps.fields.values()].map((key) => ({ name: key.key, map: key.value.kind === "map" ? key.value : undefined, key }));
  const items = steps?.kind === "list" ? steps.items.flatMap((item) => (item.kind === "list" ? item.items : [item])) : [];
  return items.map((map) => (map.kind === "map" ? { name: stringOf(valueAt(map, "name"))?.trim() ?? stringOf(valueAt(map, "id"))?.trim(), map } : { name: undefined, map: undefined }));
};
const ownEdit = (text: string, own: Found, to: string): Edit => {
  if (own.key !== undefined) return { ...own.key.keySpan, text: written(text, own.key.keySpan.from, to) };
  const name = valueAt(own.map!, "name");
  if (name?.kind === "scalar") return scalarEdit(text, name, to);
  const id = own.map!.fields.get("id")!;
  const gap = text[own.map!.span.from] === "{" ? ", " : `\n${" ".repeat(columnOf(text, id.keySpan.from))}`;
  return { from: id.value.span.to, to: id.value.span.to, text: `${gap}name: ${plainOrQuoted(to)}` };
};
const scalarEdit = (text: string, tree: Scalar, to: string): Edit => ({ ...tree.span, text: written(text, tree.span.from, to) });
/** In the quotes the old name had. */
const written = (text: string, at: number, to: string): string => {
  if (text[at] === '"') return JSON.stringify(to);
  return text[at] === "'" ? `'${to.replaceAll("'", "''")}'` : plainOrQuoted(to);
};
const plainOrQuoted = (name: string): string => (/^[A-Za-z_][\w.-]*( [\w.-]+)*$/.test(name) && !/^(true|false|null|yes|no|on|off)$/i.test(name) ? name : JSON.stringify(name));
