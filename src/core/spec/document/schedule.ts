/** Owns `schedule` in all its forms (contract 12.1): expressions are checked, one-off times must carry an offset. */
import { neverFires, parseCron } from "../../schedule/cron.ts";
import type { Schedule, ScheduleEntry } from "../dag.ts";
import { addError, addWarning, type Report } from "../decode/report.ts";
import { unmarshalFault } from "../decode/texts.ts";
import { goType, isNull, printTree, stringOf, type MapTree, type Tree } from "../yaml/tree.ts";

type Part = keyof Schedule;
const parts: readonly Part[] = ["start", "stop", "restart"];
const empty: Schedule = { start: [], stop: [], restart: [] };

export const scheduleOf = (tree: Tree | undefined, report: Report): Schedule => {
  if (tree === undefined || isNull(tree)) return empty;
  if (tree.kind !== "map") return { ...empty, start: entriesOf(tree, "start", report) };
  const unknown = [...tree.fields.keys()].find((key) => !parts.includes(key as Part));
  if (unknown !== undefined) {
    if (unknown === "at" || unknown === "kind" || unknown === "expression") return { ...empty, start: entriesOf(tree, "start", report) };
    refuse(report, tree.fields.get(unknown)!.value, `unknown key "${unknown}"`);
    return empty;
  }
  const part = (key: Part): readonly ScheduleEntry[] => entriesOf(tree.fields.get(key)?.value, key, report);
  return { start: part("start"), stop: part("stop"), restart: part("restart") };
};
const refuse = (report: Report, at: Tree, reason: string): void =>
  addError(report, "decode", unmarshalFault(at, "schedule", "schedule", `schedule: ${reason}`));

const entriesOf = (tree: Tree | undefined, part: Part, report: Report): readonly ScheduleEntry[] => {
  if (tree === undefined || isNull(tree)) return [];
  if (tree.kind === "list") return tree.items.flatMap((item) => entriesOf(item, part, report));
  if (tree.kind === "map") return entryOf(tree, part, report);
  const text = stringOf(tree);
  if (text !== undefined) return cronEntry(text, tree, report);
  refuse(report, tree, `expected string or array, got ${goType(tree)}`);
  return [];
};
const cronEntry = (text: string, at: Tree, report: Report): readonly ScheduleEntry[] => {
  const cron = parseCron(text);
  if (!cron.ok) {
    refuse(report, at, `invalid cron expression "${text.trim()}": ${cron.error.message}`);
    return [];
  }
  for (const part of cron.value.uneven) {
    addWarning(report, "decode", { code: "cron-uneven", at, message: `"${part}" does not divide its field evenly: the last interval is shorter`, values: { part } });
  }
  if (neverFires(cron.value)) {
    addWarning(report, "decode", { code: "cron-never", at, message: `"${text.trim()}" never fires: there is no such date`, values: { expression: text.trim() } });
  }
  return [{ kind: "cron", expression: text.trim() }];
};
/** `{kind: cron, expression}` or `{at: RFC 3339 with offset}`; the latter only to start. */
const entryOf = (map: MapTree, part: Part, report: Report): readonly ScheduleEntry[] => {
  const text = (key: string): string | undefined => stringOf(map.fields.get(key)?.value);
  const unknown = [...map.fields.keys()].find((key) => !["kind", "expression", "at"].includes(key));
  if (unknown !== undefined) return none(() => refuse(report, map, `unknown key "${unknown}"`));
  const at = text("at");
  if (map.fields.has("at")) {
    if (part !== "start") return none(() => refuse(report, map, `one-off schedules are only supported for start, not ${part}`));
    if (at === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:00(\.0+)?)?(Z|[+-]\d\d:\d\d)$/.test(at.trim())) {
      return none(() => refuse(report, map, `invalid at "${at ?? printTree(map)}": must be RFC 3339 with an offset and minute precision`));
    }
    return [{ kind: "at", expression: at.trim() }];
  }
  const kind = text("kind") ?? "cron";
  if (kind !== "cron") return none(() => refuse(report, map, `unsupported kind "${kind}"`));
  const expression = text("expression");
  return expression === undefined ? none(() => refuse(report, map, "expression is required")) : cronEntry(expression, map.fields.get("expression")!.value, report);
};
const none = (act: () => void): readonly ScheduleEntry[] => {
  act();
  return [];
};
