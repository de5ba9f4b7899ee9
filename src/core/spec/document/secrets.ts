/** Owns the declaration of secrets: names, providers, keys; never values (contract 2). */
import type { Secret } from "../dag.ts";
import { addError, fieldFault, type Report } from "../decode/report.ts";
import { printTree, stringOf, toJsonObject, valueAt, type Tree } from "../yaml/tree.ts";

export const secretsOf = (tree: Tree | undefined, report: Report): readonly Secret[] => {
  if (tree?.kind !== "list") return [];
  const names = new Set<string>();
  return tree.items.flatMap((item, index) => {
    if (item.kind !== "map") return [];
    const text = (key: string): string => stringOf(valueAt(item, key)) ?? "";
    const options = valueAt(item, "options");
    const secret = { name: text("name"), provider: text("provider"), key: text("key"), options: options?.kind === "map" ? toJsonObject(options) : {} };
    const shown = `{Name:${secret.name} Provider:${secret.provider} Key:${secret.key} Options:${options === undefined ? "map[]" : printTree(options)}}`;
    const missing = (["name", "provider", "key"] as const).find((key) => secret[key] === "");
    if (missing !== undefined) {
      addError(report, "build", { ...fieldFault("secret-missing", item, "secrets", `secret at index ${index}: '${missing}' field is required`, shown), values: { key: missing } });
      return [];
    }
    if (names.has(secret.name)) {
      addError(report, "build", { ...fieldFault("secret-duplicate", item, "secrets", `duplicate secret name "${secret.name}"`, shown), values: { name: secret.name } });
      return [];
    }
    names.add(secret.name);
    return [secret];
  });
};
