/** Owns the fields that steer: call params, parallel items, router, approval, exec (contract 5.4, 8.4 to 8.6). */
import type { Approval, CallParams, EnvEntry, Parallel, ParallelItem, Route, Router } from "../dag.ts";
import { fieldFault } from "../decode/report.ts";
import type { Faults } from "../decode/texts.ts";
import { bytewise } from "../../value/template/print.ts";
import { goType, isNull, printTree, stringOf, valueAt, type ListTree, type MapTree, type Tree } from "../yaml/tree.ts";

export const concurrentDefault = 10;
export const itemsMax = 1000;

/** Positional entries of a list are named by their 1-based place. */
export const callParamsOf = (tree: Tree | undefined): CallParams => {
  if (tree === undefined || isNull(tree)) return { type: "none" };
  if (tree.kind === "scalar") return tree.text.trim() === "" ? { type: "none" } : { type: "text", text: tree.text };
  const pairs = tree.kind === "map" ? pairsOf(tree) : tree.items.flatMap((item, i) => (item.kind === "map" ? pairsOf(item) : [pairOf(printTree(item), i + 1)]));
  return { type: "pairs", pairs };
};
const pairsOf = (map: MapTree): readonly EnvEntry[] => [...map.fields.values()].map((field) => ({ name: field.key, value: printTree(field.value) }));
const pairOf = (text: string, position: number): EnvEntry => {
  const named = /^([A-Za-z_][\w.-]*)=([^]*)$/.exec(text);
  return named === null ? { name: String(position), value: text } : { name: named[1]!, value: named[2]! };
};

export const parallelOf = (tree: Tree | undefined, faults: Faults): Parallel | undefined => {
  if (tree === undefined || isNull(tree)) return undefined;
  if (tree.kind !== "map") return withSource(tree, concurrentDefault, { faults, field: "parallel" });
  const max = valueAt(tree, "max_concurrent");
  let maxConcurrent = concurrentDefault;
  if (max !== undefined) {
    if (max.kind === "scalar" && (max.type === "int" || max.type === "float")) maxConcurrent = Math.trunc(max.value as number);
    else faults.push(fieldFault("parallel-max", max, "parallel.max_concurrent", `parallel.max_concurrent must be int, got ${goType(max)}`, printTree(max)));
  }
  const items = valueAt(tree, "items");
  if (items === undefined) return { source: { type: "list", items: [] }, maxConcurrent };
  return withSource(items, maxConcurrent, { faults, field: "parallel.items" });
};
interface Where {
  readonly faults: Faults;
  /** As Dagu names the field. */
  readonly field: string;
}
const withSource = (tree: Tree, maxConcurrent: number, where: Where): Parallel | undefined => {
  if (tree.kind === "list") return { source: { type: "list", items: itemsOf(tree, where) }, maxConcurrent };
  const text = stringOf(tree);
  if (text !== undefined) return { source: { type: "expression", text }, maxConcurrent };
  const forms = where.field === "parallel" ? "parallel must be string, array, or object" : "parallel.items must be string or array";
  where.faults.push(fieldFault("parallel-items", tree, where.field, `${forms}, got ${goType(tree)}`, printTree(tree)));
  return undefined;
};
const itemsOf = (list: ListTree, { faults, field }: Where): readonly ParallelItem[] =>
  list.items.flatMap((item): readonly ParallelItem[] => {
    if (item.kind === "scalar" && item.type !== "bool" && item.type !== "null") return item.text === "" ? [] : [{ type: "text", text: item.text }];
    if (item.kind === "map") {
      const bad = [...item.fields.values()].find(({ value }) => value.kind !== "scalar" || value.type === "null");
      if (bad === undefined) return [{ type: "map", entries: pairsOf(item) }];
      faults.push(fieldFault("parallel-item", bad.value, field, `parameter values must be strings, numbers, or booleans, got ${goType(bad.value)} for key ${bad.key}`, printTree(list)));
      return [];
    }
    faults.push(fieldFault("parallel-item", item, field, `parallel items must be strings, numbers, or objects, got ${goType(item)}`, printTree(list)));
    return [];
  });

/** `value` and `routes` of a router step; targets are checked where all names are known. */
export const routerOf = (map: MapTree, faults: Faults): Router => {
  const value = (stringOf(valueAt(map, "value")) ?? "").trim();
  const routes = valueAt(map, "routes");
  if (value === "") {
    faults.push(fieldFault("router-value", valueAt(map, "value") ?? map, "value", "router step requires 'value' field"));
    return { value, routes: [] };
  }
  const found = routes?.kind === "map" ? [...routes.fields.values()].map((field) => routeOf(field.key.trim(), field.value, faults)) : [];
  if (found.length === 0) faults.push(fieldFault("router-routes", routes ?? map, "routes", "router step requires at least one route"));
  return { value, routes: found.sort((a, b) => rank(a.pattern) - rank(b.pattern) || bytewise(a.pattern, b.pattern)) };
};
/** Stored order: literals, regexes, the catch-all last. */
const rank = (pattern: string): number => (pattern === "re:.*" ? 2 : pattern.startsWith("re:") ? 1 : 0);
const routeOf = (pattern: string, tree: Tree, faults: Faults): Route => {
  const targets = tree.kind === "list" ? tree.items.map((item) => (stringOf(item) ?? "").trim()) : [];
  if (pattern === "") faults.push(fieldFault("router-pattern", tree, "routes", "route pattern cannot be empty"));
  else if (targets.length === 0) faults.push(fieldFault("router-targets", tree, "routes", `route pattern "${pattern}" has no targets`, pattern));
  else if (targets.includes("")) faults.push(fieldFault("router-targets", tree, "routes", `route pattern "${pattern}" has empty target`, pattern));
  return { pattern, targets };
};

export const approvalOf = (tree: Tree | undefined, faults: Faults): Approval | undefined => {
  if (tree?.kind !== "map") return undefined;
  const texts = (key: string): readonly string[] => {
    const list = valueAt(tree, key);
    return list?.kind === "list" ? list.items.map(printTree) : [];
  };
  const input = texts("input"), required = texts("required");
  for (const name of required) {
    if (!input.includes(name)) {
      faults.push(fieldFault("approval-required", valueAt(tree, "required") ?? tree, "approval", `required field "${name}" is not in input list`));
    }
  }
  const rewindTo = stringOf(valueAt(tree, "rewind_to"))?.trim();
  return { prompt: stringOf(valueAt(tree, "prompt")) ?? "", input, required, ...(rewindTo === undefined || rewindTo === "" ? {} : { rewindTo }) };
};

export const execOf = (tree: Tree | undefined, faults: Faults): { readonly command: string; readonly args: readonly string[] } | undefined => {
  if (tree?.kind !== "map") return undefined;
  const command = (stringOf(valueAt(tree, "command")) ?? "").trim();
  if (command === "") faults.push(fieldFault("exec-command", tree, "exec.command", "step command is empty", ""));
  const args = valueAt(tree, "args");
  const items = args?.kind === "list" ? args.items : [];
  const wrong = items.findIndex((item) => item.kind !== "scalar" || item.type === "null");
  if (wrong >= 0) {
    const item = items[wrong]!;
    faults.push(fieldFault("exec-args", item, `exec.args[${wrong}]`, `exec args must be strings or primitive values, got ${goType(item)}`, printTree(item)));
  }
  return { command, args: items.map(printTree) };
};
export const printExec = (exec: { readonly command: string; readonly args: readonly string[] }): string => `&{Command:${exec.command} Args:[${exec.args.join(" ")}]}`;
export const printParallel = (parallel: Parallel): string => {
  const variable = parallel.source.type === "expression" ? parallel.source.text : "";
  const items = parallel.source.type === "list" ? parallel.source.items : [];
  const words = items.map((item) => (item.type === "text" ? `{Value:${item.text} Params:{}}` : "{Value: Params:{}}"));
  return `&{Variable:${variable} Items:[${words.join(" ")}] MaxConcurrent:${parallel.maxConcurrent}}`;
};
