/** Owns a step's `output`: a variable's name, or an object of literals and sources (contract 6). */
import type { Output, OutputEntry, OutputSource } from "../dag.ts";
import { fieldFault } from "../decode/report.ts";
import type { Faults } from "../decode/texts.ts";
import { shapes } from "../schema/shapes.ts";
import { goType, isNull, toJson, valueAt, type Field, type MapTree, type Tree } from "../yaml/tree.ts";

const reserved = Object.keys(shapes["output_entry"]!);

export const outputOf = (tree: Tree | undefined, faults: Faults): Output | undefined => {
  if (tree === undefined || isNull(tree)) return undefined;
  if (tree.kind === "scalar" && tree.type === "string") {
    const name = tree.text.trim().replace(/^\$/, "");
    return name === "" ? undefined : { type: "name", name };
  }
  if (tree.kind === "map") return { type: "object", entries: [...tree.fields.values()].flatMap((field) => entryOf(field, faults)) };
  const reason = `output must be a string or object, got ${goType(tree)}`;
  faults.push(fieldFault("output-form", tree, "output", reason), { ...fieldFault("output-form", tree, "structured_output", reason) });
  return undefined;
};
const entryOf = (field: Field, faults: Faults): readonly OutputEntry[] => {
  const value = field.value;
  const key = field.key;
  if (value.kind !== "map" || !reserved.some((name) => value.fields.has(name))) return [{ key, type: "value", value: toJson(value) }];
  const name = `output.${key}`;
  const refuse = (code: string, reason: string, at: Tree = value): readonly OutputEntry[] => {
    const words = `${name}: ${reason}`;
    faults.push(fieldFault(code, at, "output", words), fieldFault(code, at, "structured_output", words));
    return [];
  };
  const unknown = [...value.fields.keys()].filter((item) => !reserved.includes(item));
  if (unknown.length > 0) return refuse("output-key", `unknown field ${JSON.stringify(unknown[0])}`);
  if (value.fields.has("value")) {
    if (value.fields.has("from")) return refuse("output-both", "value and from cannot be used together");
    if (value.fields.size > 1) return refuse("output-both", "path, decode, and select are only valid with from");
    return [{ key, type: "value", value: toJson(value.fields.get("value")!.value) }];
  }
  return sourceOf(key, value, refuse);
};
const sourceOf = (key: string, map: MapTree, refuse: (code: string, reason: string, at?: Tree) => readonly OutputEntry[]): readonly OutputEntry[] => {
  const texts: Record<string, string> = {};
  for (const name of ["from", "path", "decode", "select"]) {
    const value = valueAt(map, name);
    if (value === undefined) continue;
    if (value.kind !== "scalar" || value.type !== "string") return refuse("output-type", `${name} must be a string`, value);
    texts[name] = value.text.trim();
  }
  const from = texts["from"] ?? "", path = texts["path"] ?? "", select = texts["select"] ?? "", decode = texts["decode"] ?? "text";
  if (from === "") return refuse("output-from", "entry must specify either a literal value or from");
  if (!["stdout", "stderr", "file"].includes(from)) return refuse("output-from", 'from must be one of "stdout", "stderr", or "file"');
  if (from === "file" && path === "") return refuse("output-path", "path is required when from is file");
  if (from !== "file" && path !== "") return refuse("output-path", "path is only valid when from is file");
  if (!["text", "json", "yaml"].includes(decode)) return refuse("output-decode", 'decode must be one of "text", "json", or "yaml"');
  if (select !== "" && decode === "text") return refuse("output-select", 'select requires decode to be "json" or "yaml"');
  return [{ key, type: "from", from: from as OutputSource, path, decode: decode as "text" | "json" | "yaml", select }];
};

/** Whether the output needs the step to have printed something: such a step is no `noop`. */
export const readsStreams = (output: Output | undefined): boolean =>
  output?.type === "object" && output.entries.some((entry) => entry.type === "from" && entry.from !== "file");
