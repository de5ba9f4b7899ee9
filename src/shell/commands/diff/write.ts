/** Owns the forms in which differences are written: normal, unified, context, ed, side by side. */
import type { Hunk } from "./changes.ts";

/** One file: its lines, and whether the last has its end. */
export interface Text {
  readonly label: string;
  readonly lines: readonly string[];
  readonly terminated: boolean;
}
export interface Pair {
  readonly left: Text;
  readonly right: Text;
  readonly hunks: readonly Hunk[];
}
const MISSING = "\\ No newline at end of file\n";

const lineText = (mark: string, text: Text, index: number): string => `${mark}${text.lines[index]}\n${index === text.lines.length - 1 && !text.terminated ? MISSING : ""}`;

const range = (from: number, to: number): string => (to - from <= 1 ? String(to) : `${from + 1},${to}`);

export const writeNormal = ({ left, right, hunks }: Pair): string => {
  let out = "";
  for (const { aFrom, aTo, bFrom, bTo } of hunks) {
    const letter = aFrom === aTo ? "a" : bFrom === bTo ? "d" : "c";
    out += `${range(aFrom, aTo)}${letter}${range(bFrom, bTo)}\n`;
    for (let i = aFrom; i < aTo; i++) out += lineText("< ", left, i);
    if (letter === "c") out += "---\n";
    for (let i = bFrom; i < bTo; i++) out += lineText("> ", right, i);
  }
  return out;
};

/** Hunks with so few lines between them that their contexts touch, together. */
const grouped = (hunks: readonly Hunk[], context: number): Hunk[][] => {
  const groups: Hunk[][] = [];
  for (const hunk of hunks) {
    const last = groups.at(-1)?.at(-1);
    if (last !== undefined && hunk.aFrom - last.aTo <= 2 * context) groups.at(-1)!.push(hunk);
    else groups.push([hunk]);
  }
  return groups;
};

const bounds = (group: readonly Hunk[], { left, right }: Pair, context: number): Hunk => {
  const [first, last] = [group[0]!, group.at(-1)!];
  return {
    aFrom: Math.max(0, first.aFrom - context), aTo: Math.min(left.lines.length, last.aTo + context),
    bFrom: Math.max(0, first.bFrom - context), bTo: Math.min(right.lines.length, last.bTo + context),
  };
};

export const writeUnified = (pair: Pair, context: number): string => {
  const { left, right } = pair;
  let out = `--- ${left.label}\n+++ ${right.label}\n`;
  const span = (from: number, to: number): string => (to - from === 1 ? String(to) : to === from ? `${from},0` : `${from + 1},${to - from}`);
  for (const group of grouped(pair.hunks, context)) {
    const box = bounds(group, pair, context);
    out += `@@ -${span(box.aFrom, box.aTo)} +${span(box.bFrom, box.bTo)} @@\n`;
    let at = box.aFrom;
    for (const { aFrom, aTo, bFrom, bTo } of group) {
      for (; at < aFrom; at++) out += lineText(" ", left, at);
      for (; at < aTo; at++) out += lineText("-", left, at);
      for (let i = bFrom; i < bTo; i++) out += lineText("+", right, i);
    }
    for (; at < box.aTo; at++) out += lineText(" ", left, at);
  }
  return out;
};

export const writeContext = (pair: Pair, context: number): string => {
  const { left, right } = pair;
  let out = `*** ${left.label}\n--- ${right.label}\n`;
  const side = (text: Text, from: number, to: number, changes: readonly (readonly [number, number, string])[]): string => {
    let part = "";
    for (let i = from; i < to; i++) part += lineText(`${changes.find(([start, end]) => i >= start && i < end)?.[2] ?? " "} `, text, i);
    return part;
  };
  for (const group of grouped(pair.hunks, context)) {
    const box = bounds(group, pair, context);
    const marked = group.map((hunk) => ({ hunk, mark: hunk.aFrom === hunk.aTo || hunk.bFrom === hunk.bTo ? "" : "!" }));
    out += `***************\n*** ${range(box.aFrom, box.aTo)} ****\n`;
    if (group.some(({ aFrom, aTo }) => aTo > aFrom)) out += side(left, box.aFrom, box.aTo, marked.map(({ hunk, mark }) => [hunk.aFrom, hunk.aTo, mark || "-"] as const));
    out += `--- ${range(box.bFrom, box.bTo)} ----\n`;
    if (group.some(({ bFrom, bTo }) => bTo > bFrom)) out += side(right, box.bFrom, box.bTo, marked.map(({ hunk, mark }) => [hunk.bFrom, hunk.bTo, mark || "+"] as const));
  }
  return out;
};

export const writeEd = ({ right, hunks }: Pair): string => {
  let out = "";
  for (const { aFrom, aTo, bFrom, bTo } of [...hunks].reverse()) {
    const letter = aFrom === aTo ? "a" : bFrom === bTo ? "d" : "c";
    out += `${range(aFrom, aTo)}${letter}\n`;
    if (letter === "d") continue;
    out += `${right.lines.slice(bFrom, bTo).map((line) => `${line}\n`).join("")}.\n`;
  }
  return out;
};

/** Tabs, then blanks, from one column to another. */
const fillTo = (from: number, to: number): string => {
  let text = "";
  let column = from;
  for (let stop = column + 8 - (column % 8); stop <= to; stop = column + 8 - (column % 8)) {
    text += "\t";
    column = stop;
  }
  return text + " ".repeat(Math.max(0, to - column));
};

/** Two columns as GNU lays them out: the second begins at a tab stop past the middle. */
export const writeSides = ({ left, right, hunks }: Pair, width: number, onlyChanges: boolean): string => {
  const middle = (width >> 1) + 5 + (width & 1);
  const second = middle - (middle % 8);
  const half = Math.max(0, Math.min(second - 3, width - second));
  let out = "";
  const row = (a: string | undefined, mark: string, b: string | undefined): void => {
    let text = (a ?? "").slice(0, half);
    let column = text.length;
    if (mark !== " ") {
      const at = Math.floor((half + second - 1) / 2);
      text += fillTo(column, at) + mark;
      column = at + 1;
    }
    if (b !== undefined && b !== "") text += fillTo(column, second) + b.slice(0, half);
    out += `${text}\n`;
  };
  let at = 0;
  for (const { aFrom, aTo, bFrom, bTo } of [...hunks, { aFrom: left.lines.length, aTo: left.lines.length, bFrom: 0, bTo: 0 }]) {
    for (; at < aFrom; at++) if (!onlyChanges) row(left.lines[at], " ", left.lines[at]);
    for (let i = 0; i < Math.max(aTo - aFrom, bTo - bFrom); i++) {
      const [a, b] = [aFrom + i < aTo ? left.lines[aFrom + i] : undefined, bFrom + i < bTo ? right.lines[bFrom + i] : undefined];
      row(a, a === undefined ? ">" : b === undefined ? "<" : "|", b);
    }
    at = aTo;
  }
  return out;
};
