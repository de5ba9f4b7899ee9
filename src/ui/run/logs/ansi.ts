/** Owns the colours of a log line: SGR sequences become named pieces, all other escapes vanish. Pure; bounded by the line's length. */
export interface Piece {
  readonly text: string;
  /** Space-separated classes: "a-red a-bold". */
  readonly tone: string;
}
const colours = ["", "red", "green", "yellow", "blue", "magenta", "cyan", ""];
const escape = /\u001b(?:\[([0-9;]*)([A-Za-z])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[()][A-Z0-9]|[=>78])/g;

interface Look {
  colour: string;
  bold: boolean;
  dim: boolean;
  under: boolean;
}
const paint = (look: Look, codes: string): void => {
  for (const part of codes === "" ? ["0"] : codes.split(";")) {
    const code = Number(part);
    if (code === 0) Object.assign(look, { colour: "", bold: false, dim: false, under: false });
    else if (code === 1) look.bold = true;
    else if (code === 2) look.dim = true;
    else if (code === 4) look.under = true;
    else if (code === 22) look.bold = look.dim = false;
    else if (code === 24) look.under = false;
    else if (code >= 30 && code <= 37) look.colour = colours[code - 30] ?? "";
    else if (code >= 90 && code <= 97) look.colour = code === 90 ? "dim" : colours[code - 90] ?? "";
    else if (code === 39) look.colour = "";
    else if (code === 38 || code === 48) return;
  }
};
const toneOf = (look: Look): string => [look.colour && `a-${look.colour}`, look.bold && "a-bold", look.dim && "a-dim", look.under && "a-under"].filter(Boolean).join(" ");

export const pieces = (line: string): readonly Piece[] => {
  if (!line.includes("\u001b")) return [{ text: line, tone: "" }];
  const found: Piece[] = [];
  const look: Look = { colour: "", bold: false, dim: false, under: false };
  let from = 0;
  for (const match of line.matchAll(escape)) {
    if (match.index > from) found.push({ text: line.slice(from, match.index), tone: toneOf(look) });
    if (match[2] === "m") paint(look, match[1] ?? "");
    from = match.index + match[0].length;
  }
  if (from < line.length) found.push({ text: line.slice(from), tone: toneOf(look) });
  return found;
};
export const plain = (line: string): string => (line.includes("\u001b") ? line.replace(escape, "") : line);
/** A line that tells of an error, for the soft ground; a hint, not a rule. */
export const isBad = (line: string): boolean => /^\W*(?:\[?(?:error|fatal|panic)\b|Traceback|Uncaught|Runtime error)/i.test(line) || /\b(?:command not found|No such file or directory)\b/.test(line);
