/** Owns the text of a dotenv file (2, `dotenv`): references reach earlier keys of the same file only; backticks are text. */
import type { Entry } from "./scope.ts";

const line = /^\s*(?:export\s+)?([A-Za-z_][\w.]*)\s*(?:=|:\s)\s*(.*)$/;

const unescapeDouble = (text: string): string =>
  text.replace(/\\([nrt"\\$`])/g, (match, char: string) =>
    char === "n" ? "\n" : char === "r" ? "\r" : char === "t" ? "\t" : char === "$" ? match : char);

const withReferences = (text: string, known: ReadonlyMap<string, string>): string =>
  text.replace(/\\\$|\$\{(\w+)\}|\$(\w+)/g, (match, braced?: string, bare?: string) =>
    match === "\\$" ? "$" : (known.get(braced ?? bare ?? "") ?? ""));

/** Where a quoted value that starts at `from` (after its quote) ends. */
const closing = (text: string, from: number, quote: string): number => {
  for (let i = from; i < text.length; i++) {
    if (quote === '"' && text[i] === "\\") i++;
    else if (text[i] === quote) return i;
  }
  return -1;
};

const valueOf = (raw: string, known: ReadonlyMap<string, string>): string => {
  const quote = raw[0];
  if (quote === "'" || quote === '"') {
    const end = closing(raw, 1, quote);
    if (end > 0) return quote === "'" ? raw.slice(1, end) : withReferences(unescapeDouble(raw.slice(1, end)), known);
  }
  return withReferences(raw.replace(/(?:^|\s+)#.*$/s, "").trim(), known);
};

/** Joins the lines of a quoted value that runs over several lines. */
const logicalLines = (text: string): string[] => {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const found: string[] = [];
  for (let i = 0; i < lines.length; i++) {
    let now = lines[i] as string;
    const open = /^\s*(?:export\s+)?[A-Za-z_][\w.]*\s*=\s*(["'])/.exec(now);
    while (open && closing(now, open[0].length, open[1] as string) < 0 && i + 1 < lines.length) now += `\n${lines[++i] as string}`;
    found.push(now);
  }
  return found;
};

/** Entries of the file in order; a later one of the same name wins. Lines that are no assignment are left out. */
export const parseDotenv = (text: string): readonly Entry[] => {
  const known = new Map<string, string>();
  for (const each of logicalLines(text.replace(/^\uFEFF/, ""))) {
    if (/^\s*(#|$)/.test(each)) continue;
    const found = line.exec(each.replaceAll("\n", "\u0000"));
    if (!found) continue;
    const raw = (found[2] as string).replaceAll("\u0000", "\n").trim();
    known.set(found[1] as string, valueOf(raw, known));
  }
  return [...known].map(([name, value]) => ({ name, value }));
};
