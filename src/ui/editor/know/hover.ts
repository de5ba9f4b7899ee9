/**
 * Owns what the pointer is told: the meaning of a key, the next times of a cron expression, the last real value of a variable, why a
 * step does not run here. Refuses to know where values come from (they are handed in, masked as they were stored).
 */
import { hoverTooltip, type Tooltip } from "@codemirror/view";
import type { EditorState } from "@codemirror/state";
import { instant } from "../../../core/base/brand.ts";
import { nextFire, parseCron } from "../../../core/schedule/cron.ts";
import { zoneOf } from "../../../core/schedule/zone.ts";
import { referenceAt } from "../../../core/spec/refs.ts";
import { describe, keysAt } from "../../../core/spec/schema/lookup.ts";
import { dateTime } from "../../format/time.ts";
import { t, words } from "../../i18n/words.svelte.ts";
import { typeWord } from "./complete.ts";
import { insideScript, keyOf, placeOf } from "./place.ts";

export interface LastValue {
  readonly value: string;
  /** The step that gave it; "" for a parameter. */
  readonly step: string;
  readonly at: number;
}
export type LastValues = ReadonlyMap<string, LastValue>;
const timesShown = 5;
const valueMax = 600;

/** The next times an expression fires, here or in the zone it names; undefined when it is none. */
export const nextTimes = (expression: string, now: number, count = timesShown): readonly number[] | undefined => {
  const cron = parseCron(expression);
  const here = zoneOf(Intl.DateTimeFormat().resolvedOptions().timeZone) ?? zoneOf("UTC");
  if (!cron.ok || here === undefined) return undefined;
  const times: number[] = [];
  let at = instant(now);
  while (times.length < count) {
    const next = nextFire(cron.value, at, here);
    if (next === undefined) break;
    times.push(next);
    at = next;
  }
  return times;
};

export const specHover = (values: () => LastValues) =>
  hoverTooltip((view, pos) => {
    const { state } = view;
    return variableTip(state, pos, values()) ?? cronTip(state, pos) ?? keyTip(state, pos);
  });
const tip = (pos: number, end: number, build: (dom: HTMLElement) => void): Tooltip => ({
  pos, end,
  create: () => {
    const dom = document.createElement("div");
    dom.className = "cm-hover";
    build(dom);
    return { dom };
  },
});
const add = (dom: HTMLElement, tag: string, text: string): void => {
  const node = document.createElement(tag);
  node.textContent = text;
  dom.append(node);
};

const variableTip = (state: EditorState, pos: number, values: LastValues): Tooltip | null => {
  const line = state.doc.lineAt(pos);
  const found = referenceAt(line.text, pos - line.from);
  if (found?.kind !== "variable") return null;
  const last = values.get(found.name);
  return tip(line.from + found.from, line.from + found.to, (dom) => {
    add(dom, "b", found.name);
    if (last === undefined) return add(dom, "p", t("ed.noValue"));
    add(dom, "pre", last.value.length > valueMax ? `${last.value.slice(0, valueMax)}…` : last.value);
    add(dom, "small", last.step === "" ? t("ed.valueParam", { time: dateTime(last.at) }) : t("ed.valueOf", { step: last.step, time: dateTime(last.at) }));
  });
};
/** The text of a scalar under the cursor: in quotes, or what follows the key or dash. */
const scalarAt = (text: string, column: number): { readonly from: number; readonly to: number; readonly value: string } | undefined => {
  for (const match of text.matchAll(/"([^"]*)"|'([^']*)'/g)) if (match.index <= column && column <= match.index + match[0].length) return { from: match.index, to: match.index + match[0].length, value: match[1] ?? match[2] ?? "" };
  const plain = /^\s*(?:-\s+)*(?:[\w.-]+\s*:\s+)?([^\s#"'[{][^#]*)/.exec(text);
  if (plain === null) return undefined;
  const from = text.indexOf(plain[1]!, plain[0].length - plain[1]!.length);
  return { from, to: from + plain[1]!.length, value: plain[1]!.trim() };
};
const cronTip = (state: EditorState, pos: number): Tooltip | null => {
  const line = state.doc.lineAt(pos);
  const scalar = scalarAt(line.text, pos - line.from);
  if (scalar === undefined || pos - line.from < scalar.from) return null;
  const place = placeOf(state.doc, line.number, line.length);
  if (!/(^|\.|\])(schedule|start|stop|restart|expression)(\[\])?$/.test(place.key === undefined ? place.path : `${place.path}.${place.key}`)) return null;
  const times = nextTimes(scalar.value, Date.now());
  if (times === undefined) return null;
  return tip(line.from + scalar.from, line.from + scalar.to, (dom) => {
    add(dom, "b", t("ed.next"));
    for (const time of times) add(dom, "div", dateTime(time));
    if (times.length === 0) add(dom, "p", t("ed.never"));
  });
};
const keyTip = (state: EditorState, pos: number): Tooltip | null => {
  const line = state.doc.lineAt(pos);
  const key = keyOf(line.text);
  if (key === undefined || insideScript(state.doc, line.number)) return null;
  const from = line.from + line.text.indexOf(key);
  if (pos < from || pos > from + key.length) return null;
  const { path } = placeOf(state.doc, line.number, 0);
  const full = path === "" ? key : `${path}.${key}`;
  const text = describe(full, words.locale === "en" ? "en" : "zh");
  const type = keysAt(path).find((help) => help.key === key)?.type;
  if (text === undefined && type === undefined) return null;
  return tip(from, from + key.length, (dom) => {
    add(dom, "b", key);
    dom.append(` ${typeWord(type ?? "")}`);
    if (text !== undefined) add(dom, "p", text);
  });
};
