/**
 * Owns the step list of a document: string, map and nested items, generated names, chain edges (contract 1, 1.1, 1.3).
 * The first bad step ends the list; all faults of that step are kept. Refuses to know what a step does.
 */
import type { Step } from "../dag.ts";
import { decodeRefusal, fieldText } from "../issue.ts";
import { addError, fieldFault, type Fault, type Report } from "../decode/report.ts";
import { expandCustom } from "../step/custom.ts";
import { stepOf, type RawStep, type StepContext } from "../step/step.ts";
import { isNull, printTree, stringOf, valueAt, type MapTree, type Tree } from "../yaml/tree.ts";

export const stepsMax = 10_000;
/** Edges that chain groups may make together: two neighbouring groups of n make n². */
export const edgesMax = 200_000;

export interface BuiltSteps {
  readonly raw: readonly RawStep[];
  readonly steps: readonly Step[];
}
interface Item {
  readonly map: MapTree;
  /** 1-based place in the top list; members of a nested list share it. */
  readonly place: number;
}
/** Undefined when the list is refused; the report then says why. */
export const stepsOf = (tree: Tree | undefined, type: "chain" | "graph", context: StepContext, report: Report): BuiltSteps | undefined => {
  if (tree === undefined || isNull(tree)) return { raw: [], steps: [] };
  const items = tree.kind === "list" ? listItems(tree.items, report) : tree.kind === "map" ? mapItems(tree, report) : undefined;
  if (items === undefined) {
    if (tree.kind === "scalar") refuse(report, [fieldFault("steps-form", tree, "steps", "steps must be an array or a map", printTree(tree))]);
    return undefined;
  }
  if (items.length > stepsMax) {
    addError(report, "limit", { code: "too-many-steps", at: tree, message: `more than ${stepsMax} steps`, values: { max: String(stepsMax) } });
    return undefined;
  }
  const raw = buildAll(items, context, report);
  if (raw === undefined) return undefined;
  const names = namesOf(raw, items);
  const named = raw.map((one, i): Step => ({ ...one.step, name: names[i]!, depends: one.writtenDepends ?? [] }));
  if (type === "graph") return { raw, steps: named };
  if (!chainAllowed(raw, named, report)) return undefined;
  return { raw, steps: tree.kind === "map" ? named : chained(named, items, tree, report) };
};
/** One line for the whole list in Dagu's words: `field 'steps': ` and all faults of the bad step. */
const refuse = (report: Report, faults: readonly Fault[]): void => {
  const pieces = faults.map((fault) => fault.refusal ?? fault.message).filter((piece) => piece !== "");
  faults.forEach((fault, i) => addError(report, "build", { ...fault, refusal: i === 0 ? `field 'steps': ${pieces.join("; ")}` : "" }));
};

const listItems = (trees: readonly Tree[], report: Report): Item[] | undefined => {
  const items: Item[] = [];
  for (const [index, tree] of trees.entries()) {
    const members = tree.kind === "list" ? tree.items : [tree];
    for (const member of members) {
      const map = itemMap(member);
      if (map === undefined) {
        refuse(report, [fieldFault("step-data", member.span.to === 0 ? tree : member, "steps", "invalid step data", printTree(member))]);
        return undefined;
      }
      items.push({ map, place: index + 1 });
    }
  }
  return items;
};
/** A text is short for `command`. */
const itemMap = (tree: Tree): MapTree | undefined => {
  if (tree.kind === "map") return tree;
  if (stringOf(tree) === undefined) return undefined;
  const field = { key: "command", keySpan: tree.span, value: tree };
  return { kind: "map", fields: new Map([["command", field]]), span: tree.span, path: tree.path };
};
const mapItems = (tree: MapTree, report: Report): Item[] | undefined => {
  const items: Item[] = [];
  const fields = [...tree.fields.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const [index, field] of fields.entries()) {
    const map = itemMap(field.value);
    if (map === undefined) {
      refuse(report, [fieldFault("step-data", { span: field.keySpan, path: field.value.path }, "steps", "invalid step data", printTree(field.value))]);
      return undefined;
    }
    const name: Tree = { kind: "scalar", type: "string", value: field.key, text: field.key, span: field.keySpan, path: field.value.path };
    items.push({ map: { ...map, fields: new Map([...map.fields, ["name", { key: "name", keySpan: field.keySpan, value: name }]]) }, place: index + 1 });
  }
  return items;
};

const buildAll = (items: readonly Item[], context: StepContext, report: Report): readonly RawStep[] | undefined => {
  const raw: RawStep[] = [];
  const line = (offset: number): number => report.lines.linePos(offset).line;
  for (const { map } of items) {
    const faults: Fault[] = [];
    const built = buildOne(map, context, faults, line);
    if (built === undefined || faults.length > 0) {
      refuse(report, wrapDecode(faults, map));
      return undefined;
    }
    raw.push(built);
  }
  return raw;
};
/** Builds a step, first expanding a type of the document's own. */
export const buildOne = (map: MapTree, context: StepContext, faults: Fault[], line: (offset: number) => number): RawStep | undefined => {
  const type = stringOf(valueAt(map, "type"))?.trim();
  const custom = type === undefined ? undefined : context.customTypes.get(type);
  if (type === undefined || custom === undefined) return stepOf(map, context, faults, { line });
  const expanded = expandCustom(map, type, custom, faults);
  return expanded === undefined ? undefined : stepOf(expanded, context, faults, { line, customType: type });
};
/** Decode faults of a step (their texts begin with a quote) stand together inside one `field 'steps'`. */
export const wrapDecode = (faults: readonly Fault[], map: MapTree): readonly Fault[] => {
  const lines = faults.map((fault) => fault.refusal ?? fault.message).filter((text) => text.startsWith("'"));
  if (lines.length === 0) return faults;
  const refusal = fieldText("steps", decodeRefusal(lines), printTree(map));
  return faults.map((fault, i) => ({ ...fault, refusal: i === 0 ? refusal : "" }));
};

/** `<kind>_<place>`, counted up while an earlier step has the name. */
const namesOf = (raw: readonly RawStep[], items: readonly Item[]): readonly string[] => {
  const taken = new Set<string>();
  const nextFree = new Map<string, number>();
  return raw.map((one, i) => {
    let name = one.givenName;
    if (name === undefined) {
      const start = `${one.kindName}_${items[i]!.place}`;
      let n = nextFree.get(start) ?? items[i]!.place;
      while (taken.has(`${one.kindName}_${n}`)) n += 1;
      nextFree.set(start, n + 1);
      name = `${one.kindName}_${n}`;
    }
    taken.add(name);
    return name;
  });
};

const chainAllowed = (raw: readonly RawStep[], steps: readonly Step[], report: Report): boolean => {
  const depending = raw.findIndex((one) => one.writtenDepends !== undefined);
  if (depending >= 0) {
    const { map, writtenDepends } = raw[depending]!;
    const reason = `step '${steps[depending]!.name}': depends field is not allowed for DAGs with type 'chain'; use type 'graph' for explicit dependencies`;
    refuse(report, [{ ...fieldFault("depends-in-chain", map.fields.get("depends")!.value, "depends", reason, `[${writtenDepends!.join(" ")}]`), values: { step: steps[depending]!.name } }]);
    return false;
  }
  const router = steps.findIndex((step) => step.router !== undefined);
  if (router < 0) return true;
  const { name } = steps[router]!;
  const reason = `step '${name}': router steps require type 'graph'; change DAG type from 'chain' to 'graph' to use router steps`;
  refuse(report, [{ ...fieldFault("router-in-chain", raw[router]!.map, "type", reason, name), values: { step: name } }]);
  return false;
};
/** Every item of a list depends on all members of the item before it. Members of a group share one list of names. */
const chained = (steps: readonly Step[], items: readonly Item[], at: Tree, report: Report): readonly Step[] => {
  let before: readonly string[] = [], group: string[] = [], edges = 0;
  const linked = steps.map((step, i) => {
    if (i > 0 && items[i]!.place !== items[i - 1]!.place) {
      before = group;
      group = [];
    }
    group.push(step.name);
    edges += before.length;
    return { ...step, depends: before };
  });
  if (edges <= edgesMax) return linked;
  addError(report, "limit", { code: "too-many-edges", at, message: `more than ${edgesMax} dependencies between groups`, values: { max: String(edgesMax) } });
  return steps;
};
