/** Owns what a step does: its type as written, `command`, `script`, `with` (contract 3). */
import type { JsonObject } from "../../value/json.ts";
import { fieldFault } from "../decode/report.ts";
import type { Faults } from "../decode/texts.ts";
import { isBuiltin } from "../kinds.ts";
import { goType, isNull, printTree, stringOf, toJsonObject, valueAt, type MapTree, type Tree } from "../yaml/tree.ts";

export interface Work {
  readonly type: string;
  /** `type` was written. */
  readonly explicit: boolean;
  readonly commands: readonly string[];
  readonly script?: string;
  readonly fromScript: boolean;
  /** A command was written as a list. */
  readonly list: boolean;
  readonly config: JsonObject;
  /** There is a command, a script or an exec. */
  readonly any: boolean;
}
export const workOf = (map: MapTree, bareType: string, faults: Faults): Work => {
  const explicitType = stringOf(valueAt(map, "type"))?.trim() ?? "";
  if (explicitType !== "" && !isBuiltin(explicitType)) {
    faults.push(fieldFault("unknown-step-type", valueAt(map, "type")!, "type", `unknown step type "${explicitType}"`, explicitType));
  }
  const command = commandOf(map.fields.get("command")?.value, faults);
  const script = stringOf(valueAt(map, "script"))?.trim();
  const multiLine = command.length === 1 && !isList(map) && command[0]!.includes("\n") && script === undefined;
  const body = multiLine ? command[0] : script === "" ? undefined : script;
  const commands = multiLine ? [] : command;
  const any = commands.length > 0 || body !== undefined || !isNull(map.fields.get("exec")?.value);
  return {
    type: explicitType !== "" ? explicitType : bareType, explicit: explicitType !== "", commands, ...(body === undefined ? {} : { script: body }),
    fromScript: body !== undefined, list: isList(map), config: configOf(map, faults), any,
  };
};
const isList = (map: MapTree): boolean => map.fields.get("command")?.value.kind === "list";
const configOf = (map: MapTree, faults: Faults): JsonObject => {
  if (map.fields.has("with") && map.fields.has("config")) {
    faults.push(fieldFault("with-and-config", map.fields.get("config")!.value, "with", "fields 'with' and 'config' cannot both be set"));
  }
  const tree = valueAt(map, "with") ?? valueAt(map, "config");
  if (tree === undefined) return {};
  if (tree.kind === "map") return toJsonObject(tree);
  faults.push(fieldFault("with-form", tree, "with", "with must be a map", printTree(tree)));
  return {};
};
const refuse = (faults: Faults, at: Tree, code: string, reason: string): readonly string[] => {
  faults.push(fieldFault(code, at, "command", reason, printTree(at)));
  return [];
};
const formReason = "step command must be an array of strings or a string";
const commandOf = (tree: Tree | undefined, faults: Faults): readonly string[] => {
  if (tree === undefined || isNull(tree)) return [];
  if (tree.kind === "scalar" && tree.type === "string") {
    const text = tree.text.trim();
    return text === "" ? refuse(faults, tree, "command-empty", "step command is empty") : [text];
  }
  if (tree.kind !== "list") return refuse(faults, tree, "command-form", formReason);
  const found: string[] = [];
  for (const [i, item] of tree.items.entries()) {
    const text = commandItem(item);
    if (text === undefined) {
      faults.push(fieldFault("command-item", item, `command[${i}]`, itemReason(item), printTree(item)));
      return [];
    }
    if (text.trim() !== "") found.push(text.trim());
  }
  return found.length === 0 ? refuse(faults, tree, "command-empty", "step command is empty") : found;
};
/** `- echo: hi` inside a list is the text `echo: hi` that YAML took for a map. */
const commandItem = (item: Tree): string | undefined => {
  if (item.kind === "scalar") return item.type === "null" ? undefined : item.text;
  if (item.kind !== "map" || item.fields.size !== 1) return undefined;
  const [field] = item.fields.values();
  return field!.value.kind === "scalar" && field!.value.type !== "null" ? `${field!.key}: ${field!.value.text}` : undefined;
};
const itemReason = (item: Tree): string => {
  if (item.kind !== "map") return `command array elements must be strings or primitive types, got ${goType(item)}`;
  const [field] = item.fields.values();
  const nested = item.fields.size === 1 ? `. Got nested ${goType(field!.value)}` : "";
  return `command array elements must be strings. If this contains a colon, wrap it in quotes${nested}`;
};
