/** Owns the declarations under `step_types` (contract 4.3); their use is in `step/custom.ts`. */
import { isBuiltin } from "../kinds.ts";
import { addError, fieldFault, type Report } from "../decode/report.ts";
import { isNull, stringOf, valueAt, type MapTree, type Tree } from "../yaml/tree.ts";

const nameForm = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** All declarations are checked, also unused ones; the first fault of each ends that one. */
export const customTypesOf = (tree: Tree | undefined, report: Report): ReadonlyMap<string, MapTree> => {
  const types = new Map<string, MapTree>();
  if (tree?.kind !== "map") return types;
  for (const { key, value } of [...tree.fields.values()].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    const refuse = (code: string, field: string, reason: string, shown?: string): void =>
      addError(report, "types", { ...fieldFault(code, value, field, reason, shown), values: { type: key } });
    const map = value.kind === "map" ? value : undefined;
    const name = `step_types.${key}`;
    const base = map === undefined ? "" : (stringOf(valueAt(map, "type")) ?? "").trim();
    const schema = map && valueAt(map, "input_schema"), template = map && valueAt(map, "template");
    if (!nameForm.test(key)) refuse("custom-name", name, `custom step type names must match ${nameForm.source}`, key);
    else if (isBuiltin(key)) refuse("custom-shadow", name, `custom step type name "${key}" conflicts with a builtin step type`, key);
    else if (map === undefined || base === "") refuse("custom-type", `${name}.type`, "type is required");
    else if (!isBuiltin(base)) refuse("custom-type", `${name}.type`, `unknown builtin step type "${base}"`, base);
    else if (schema?.kind !== "map") refuse("custom-schema", `${name}.input_schema`, "input_schema is required");
    else if (stringOf(valueAt(schema, "type")) !== "object") refuse("custom-schema", `${name}.input_schema`, "input_schema must declare type: object");
    else if (template?.kind !== "map") refuse("custom-template", `${name}.template`, "template is required");
    else if (!isNull(template.fields.get("type")?.value)) refuse("custom-template", `${name}.template.type`, `template.type is not allowed; use step_types.${key}.type instead`);
    else types.set(key, map);
  }
  return types;
};
