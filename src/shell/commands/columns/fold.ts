/** Owns expand, unexpand, fold, fmt and column: how lines fill a width. */
import { defineCommand, Stop, type Run } from "../option/declare.ts";
import { textWidth } from "../stream/bytes.ts";
import { eachInputLine } from "../stream/input.ts";

/** Where tabs stop: a list, then every so many columns. */
const readStops = (text: string): ((column: number) => number) => {
  const words = text.split(/[ ,]+/).filter(Boolean);
  const bad = words.find((word) => !/^[/+]?\d+$/.test(word));
  if (bad !== undefined) throw new Stop(1, `tab size contains invalid character(s): '${bad}'`);
  const stops = words.filter((word) => /^\d/.test(word)).map(Number);
  const every = words.find((word) => /^[/+]/.test(word));
  if (stops.length === 1 && every === undefined) return (column) => (Math.floor(column / stops[0]!) + 1) * stops[0]!;
  const repeat = Number(every?.slice(1) ?? 0);
  return (column) => stops.find((stop) => stop > column) ?? (repeat > 0 ? (Math.floor(column / repeat) + 1) * repeat : column + 1);
};

const numericForm = (argv: readonly string[]): readonly string[] => argv.map((word) => (/^-\d[\d,]*$/.test(word) ? `-t${word.slice(1)}` : word));

export const expand = defineCommand(
  { name: "expand", en: "Turn tabs into spaces.", zh: "把制表符变成空格。", synopsis: "[OPTION]... [FILE]...", rewrite: numericForm, options: [["-i, --initial", "only tabs before other characters", "只处理行首制表符"], ["-t, --tabs=LIST", "tab stops instead of every 8", "制表位，默认每 8 列"]] },
  (run) => {
    const next = readStops(run.args.all("t").join(",") || "8");
    const onlyInitial = run.args.has("i");
    return eachInputLine(run, run.args.operands, (line, terminated) => {
      let column = 0;
      let result = "";
      let initial = true;
      for (const char of line.includes("\t") ? line : "") {
        if (char === "\t" && (initial || !onlyInitial)) {
          const stop = next(column);
          result += " ".repeat(stop - column);
          column = stop;
          continue;
        }
        if (char !== " " && char !== "\t") initial = false;
        column = char === "\b" ? Math.max(0, column - 1) : column + 1;
        result += char;
      }
      run.out.text((line.includes("\t") ? result : line) + (terminated ? "\n" : ""));
    });
  },
);

export const unexpand = defineCommand(
  { name: "unexpand", en: "Turn spaces into tabs.", zh: "把空格变成制表符。", synopsis: "[OPTION]... [FILE]...", rewrite: numericForm, options: [["-a, --all", "all blanks, not only the first ones", "处理所有空白"], ["--first-only", "only the first blanks", "只处理行首空白"], ["-t, --tabs=LIST", "tab stops instead of every 8; implies -a", "制表位；含 -a"]] },
  (run) => {
    const next = readStops(run.args.all("t").join(",") || "8");
    const all = (run.args.has("a") || run.args.has("t")) && !run.args.has("first-only");
    return eachInputLine(run, run.args.operands, (line, terminated) => {
      let column = 0;
      let result = "";
      let pending = "";
      let initial = true;
      for (const char of line) {
        const isBlank = char === " " || char === "\t";
        if (isBlank && (initial || all)) {
          const stop = next(column);
          column = char === "\t" ? stop : column + 1;
          pending += char;
          if (column === stop) {
            result += pending.length > 1 || char === "\t" ? "\t" : pending;
            pending = "";
          }
          continue;
        }
        initial = initial && isBlank;
        result += pending + char;
        pending = "";
        column++;
      }
      run.out.text(result + pending + (terminated ? "\n" : ""));
    });
  },
);

const foldLine = (line: string, width: number, atSpaces: boolean, byBytes: boolean): string => {
  let rest = line;
  let result = "";
  for (;;) {
    let column = 0;
    let at = 0;
    for (; at < rest.length; at++) {
      const char = rest.charAt(at);
      const next = byBytes ? column + 1 : char === "\t" ? column + 8 - (column % 8) : char === "\b" ? Math.max(0, column - 1) : char === "\r" ? 0 : column + 1;
      if (next > width && at > 0) break;
      column = next;
    }
    if (at >= rest.length) return result + rest;
    const blank = atSpaces ? Math.max(rest.lastIndexOf(" ", at - 1), rest.lastIndexOf("\t", at - 1)) : -1;
    const cut = blank >= 0 ? blank + 1 : at;
    result += `${rest.slice(0, cut)}\n`;
    rest = rest.slice(cut);
  }
};

const readWidth = (run: Run, otherwise: number): number => {
  const text = run.args.last("w");
  if (text === undefined) return otherwise;
  if (!/^\d+$/.test(text) || Number(text) === 0) throw new Stop(1, run.name === "fold" ? `invalid number of columns: '${text}'` : `invalid width: '${text}'`);
  return Number(text);
};

export const fold = defineCommand(
  { name: "fold", en: "Break lines at a width.", zh: "按宽度折行。", synopsis: "[OPTION]... [FILE]...", rewrite: (argv) => argv.map((word) => (/^-\d+$/.test(word) ? `-w${word.slice(1)}` : word)), options: [["-b, --bytes", "count bytes, not columns", "按字节计"], ["-s, --spaces", "break at spaces", "在空格处折行"], ["-w, --width=WIDTH", "columns instead of 80", "宽度，默认 80"]] },
  (run) => {
    const width = readWidth(run, 80);
    return eachInputLine(run, run.args.operands, (line, terminated) => run.out.text(foldLine(line, width, run.args.has("s"), run.args.has("b")) + (terminated ? "\n" : "")));
  },
);

/** The break points with the least raggedness, as GNU fmt weighs them: squared shortage against the goal, and a few favours. */
const breakWords = (words: readonly string[], indents: { readonly first: number; readonly other: number }, most: number, goal: number): string[][] => {
  const cost: number[] = new Array<number>(words.length + 1).fill(Infinity);
  const next: number[] = new Array<number>(words.length + 1).fill(words.length);
  cost[words.length] = 0;
  for (let start = words.length - 1; start >= 0; start--) {
    let width = start === 0 ? indents.first : indents.other;
    for (let end = start; end < words.length; end++) {
      width += words[end]!.length + (end > start ? 1 : 0);
      if (width > most && end > start) break;
      const isLast = end === words.length - 1;
      const sentence = /[.?!]["')\]]*$/.test(words[end]!) ? -2500 : 0;
      const shortage = isLast ? 0 : (goal - width) * (goal - width) * 100 + sentence;
      if (shortage + cost[end + 1]! < cost[start]!) {
        cost[start] = shortage + cost[end + 1]!;
        next[start] = end + 1;
      }
    }
  }
  const lines: string[][] = [];
  for (let at = 0; at < words.length; at = next[at]!) lines.push(words.slice(at, next[at]));
  return lines;
};

export const fmt = defineCommand(
  { name: "fmt", en: "Fill paragraphs to a width.", zh: "按宽度重排段落。", synopsis: "[-WIDTH] [OPTION]... [FILE]...", rewrite: (argv) => argv.map((word) => (/^-\d+$/.test(word) ? `-w${word.slice(1)}` : word)), options: [["-c, --crown-margin", "ignored", "忽略"], ["-s, --split-only", "split long lines, join none", "只拆分长行"], ["-t, --tagged-paragraph", "ignored", "忽略"], ["-u, --uniform-spacing", "one space between words", "单词间一个空格"], ["-w, --width=WIDTH", "columns instead of 75", "宽度，默认 75"], ["-g, --goal=WIDTH", "the width to aim at", "目标宽度"], ["-p, --prefix=STRING", "ignored", "忽略"]] },
  async (run) => {
    const most = readWidth(run, 75);
    const goal = Number(run.args.last("g") ?? Math.floor((most * 187) / 200));
    let words: string[] = [];
    let indent = "";
    let otherIndent: string | undefined;
    const flush = (): void => {
      if (words.length > 0) {
        const other = otherIndent ?? indent;
        breakWords(words, { first: indent.length, other: other.length }, most, goal).forEach((line, i) => run.out.text(`${i === 0 ? indent : other}${line.join(" ")}\n`));
      }
      words = [];
      otherIndent = undefined;
    };
    const status = await eachInputLine(run, run.args.operands, (line) => {
      const margin = /^[ \t]*/.exec(line)?.[0] ?? "";
      if (line.trim() === "") {
        flush();
        run.out.text("\n");
        return;
      }
      if (words.length > 0 && (margin !== (otherIndent ?? indent) || run.args.has("s"))) flush();
      if (words.length === 0) indent = margin;
      words.push(...line.trim().split(/[ \t]+/));
    });
    flush();
    return status;
  },
);

export const column = defineCommand(
  {
    name: "column",
    en: "Lay lines out in columns.",
    zh: "把行排成列。",
    synopsis: "[OPTION]... [FILE]...",
    options: [["-t, --table", "make a table", "排成表格"], ["-s, --separator=CHARS", "cells are separated by these", "单元格分隔符"], ["-o, --output-separator=STR", "between the cells of a table", "输出的分隔"], ["-c, --output-width=N", "width of the output", "输出宽度"], ["-x, --fillrows", "fill rows before columns", "先填行"], ["-n, --table-name=NAME", "ignored", "忽略"], ["-R, --table-right=COLUMNS", "columns to the right", "右对齐的列"], ["-N, --table-columns=NAMES", "names of the columns", "列名"], ["-L, --keep-empty-lines", "keep empty lines", "保留空行"], ["-e", "ignored", "忽略"]],
  },
  async (run) => {
    const { args } = run;
    const lines: string[] = [];
    const status = await eachInputLine(run, args.operands, (line) => void (line.trim() !== "" || args.has("L") ? lines.push(line) : undefined));
    if (args.has("t")) tableRows(run, lines).forEach((row) => run.out.text(`${row}\n`));
    else fillColumns(lines, Number(args.last("c") ?? 80), args.has("x")).forEach((row) => run.out.text(`${row}\n`));
    return status;
  },
);

const tableRows = (run: Run, lines: readonly string[]): string[] => {
  const { args } = run;
  const separator = args.last("s");
  const gap = args.last("o") ?? "  ";
  const set = separator === undefined ? undefined : new RegExp(`[${separator.replace(/[\\\]^-]/g, "\\$&")}]`);
  const rows = lines.map((line) => (set === undefined ? line.trim().split(/[ \t]+/) : line.split(set)));
  const names = args.last("N");
  if (names !== undefined) rows.unshift(names.split(","));
  const right = new Set((args.last("R") ?? "").split(",").filter(Boolean));
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, c) => (widths[c] = Math.max(widths[c] ?? 0, textWidth(cell))));
  const isRight = (c: number): boolean => right.has(String(c + 1)) || right.has(rows[0]?.[c] ?? "\0");
  return rows.map((row) =>
    row.map((cell, c) => {
      const space = " ".repeat((widths[c] ?? 0) - textWidth(cell));
      if (isRight(c)) return space + cell;
      return c === widths.length - 1 || (c === row.length - 1 && c === row.length - 1 && row.length === widths.length) ? cell : cell + space;
    }).join(gap),
  );
};

const fillColumns = (cells: readonly string[], width: number, byRows: boolean): string[] => {
  const widest = Math.max(0, ...cells.map(textWidth));
  const step = (Math.floor(widest / 8) + 1) * 8;
  const columns = Math.max(1, Math.floor(width / step));
  const rows = Math.ceil(cells.length / columns);
  return Array.from({ length: rows }, (_, r) => {
    const row = byRows ? cells.slice(r * columns, (r + 1) * columns) : Array.from({ length: columns }, (__, c) => cells[c * rows + r]).filter((cell) => cell !== undefined);
    return row.map((cell, c) => (c === row.length - 1 ? cell : cell + "\t".repeat(Math.ceil((step - textWidth(cell)) / 8)))).join("");
  });
};
