/** Owns what a call or parallel step asks for (8.5): child names, expanded params, items. Refuses to know: run ids, collapsing, results. */
import type { ParallelItem, Step } from "../../../core/spec/dag.ts";
import type { AttemptEnd, ChildOrder } from "../../../ports/executor.ts";
import { expandNow, type Names } from "../../../core/value/expand/expand.ts";
import { fields } from "../../../core/value/expand/phases.ts";
import { goJson } from "../../../core/value/go/text.ts";
import { itemsMax, splitItems } from "../../../core/value/items.ts";
import { callParams } from "../../../core/value/params/call.ts";
import { failed, type Exit } from "../kind.ts";
import type { Scene } from "./scene.ts";

type Called = Extract<AttemptEnd, { readonly type: "called" }>;

const nameOf = (step: Step, names: Names): string => expandNow(step.call?.name ?? "", fields.callName, names);

export const callOrders = (step: Step, scene: Scene): Called => ({
  type: "called",
  children: [{ dag: nameOf(step, scene.names), params: callParams(step.call?.params ?? { type: "none" }, scene.names), workingDir: scene.cwd }],
  maxConcurrent: 1,
  parallel: false,
});

const itemText = (item: ParallelItem, names: Names): string =>
  item.type === "text"
    ? expandNow(item.text, fields.callName, names)
    : goJson(Object.fromEntries(item.entries.map((each) => [each.name, expandNow(each.value, fields.callName, names)])));

const itemsOf = (step: Step, names: Names): readonly string[] => {
  const source = step.parallel?.source;
  if (source === undefined) return [];
  if (source.type === "expression") return splitItems(expandNow(source.text, { ...fields.callName, quoted: false }, names));
  return source.items.map((item) => itemText(item, names)).filter((item) => item !== "");
};

/** Without step params an item is the child's params: a JSON object as it is, a scalar as its first positional. */
const paramsOf = (step: Step, item: string, names: Names): string => {
  const given = step.call?.params ?? { type: "none" as const };
  if (given.type !== "none") {
    const withItem: Names = { ...names, get: (name) => (name === "ITEM" ? item : names.get(name)) };
    return callParams(given, withItem);
  }
  return item;
};

export const parallelOrders = (step: Step, scene: Scene): Called | Exit => {
  const items = itemsOf(step, scene.names);
  if (items.length === 0) return failed("parallel execution requires at least one item");
  if (items.length > itemsMax) return failed(`parallel execution exceeds maximum limit: ${items.length} items (max: ${itemsMax})`);
  const children: ChildOrder[] = items.map((item) => ({
    dag: nameOf(step, { ...scene.names, get: (name) => (name === "ITEM" ? item : scene.names.get(name)) }),
    params: paramsOf(step, item, scene.names),
    workingDir: scene.cwd,
  }));
  return { type: "called", children, maxConcurrent: step.parallel?.maxConcurrent ?? 10, parallel: true };
};
