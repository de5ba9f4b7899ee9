/**
 * Owns how the text of a word falls into parts: quotes, expansions, literal runs. Works on our own reading of the text, with the
 * parser's word on where substitutions end (`Mark`), since only a whole parser can know that.
 */
import { decodeAnsi } from "./ansi.ts";
import type { Dialect, Part, Program, Word } from "./tree.ts";

/** Where a substitution that starts at a position ends, and what it holds. */
export interface Mark {
  readonly kind: "command" | "arithmetic" | "process";
  readonly end: number;
  readonly body: () => Program;
}
export interface ScanContext {
  readonly dialect: Dialect;
  readonly marks: ReadonlyMap<number, Mark>;
  /** Reads `${…}` at the scanner's place and pushes its part. */
  readonly param: (scanner: Scanner, quoted: boolean) => void;
}
export type TildeRule = "none" | "start" | "assign";

const special = new Set("?*@#!$-0123456789");
const active = /[*?[]|[+@!]\(/;
const nameStart = /[A-Za-z_]/;
const nameAt = /[A-Za-z_][A-Za-z0-9_]*/y;
const tildePrefix = /~([+-]|[A-Za-z_][A-Za-z0-9_.-]*)?(?=[/:]|$)/y;

export const makeWord = (text: string, parts: readonly Part[]): Word => {
  let literal: string | undefined = "";
  for (const part of parts) {
    if (part.type !== "text" || (!part.quoted && active.test(part.text))) {
      literal = undefined;
      break;
    }
    literal += part.text;
  }
  return { text, parts, literal: parts.length === 0 ? undefined : literal, simple: parts.every(isSimple) };
};
const isSimple = (part: Part): boolean => {
  if (part.type === "param") return part.op === undefined && part.index === undefined && !part.indirect;
  return part.type === "text" || part.type === "tilde" || (part.type === "arithmetic" && part.expression.simple);
};

export class Scanner {
  readonly src: string;
  readonly end: number;
  readonly context: ScanContext;
  at: number;
  private parts: Part[] = [];
  private run = "";

  constructor(src: string, start: number, end: number, context: ScanContext) {
    this.src = src;
    this.at = start;
    this.end = end;
    this.context = context;
  }

  /** Scans with `read` into a fresh list of parts. */
  collect(read: () => void): Part[] {
    const parts = this.parts;
    const run = this.run;
    this.parts = [];
    this.run = "";
    read();
    this.flush();
    const found = this.parts;
    this.parts = parts;
    this.run = run;
    return found;
  }

  push(part: Part): void {
    this.flush();
    this.parts.push(part);
  }
  private flush(): void {
    if (this.run !== "") this.parts.push({ type: "text", text: this.run, quoted: false });
    this.run = "";
  }
  private quote(text: string): void {
    this.flush();
    const last = this.parts[this.parts.length - 1];
    if (last?.type === "text" && last.quoted) this.parts[this.parts.length - 1] = { type: "text", text: last.text + text, quoted: true };
    else this.parts.push({ type: "text", text, quoted: true });
  }

  /** Reads unquoted text up to one of `stops`. */
  unquoted(stops: string, tilde: TildeRule): Part[] {
    return this.collect(() => this.readUnquoted(stops, tilde));
  }
  private readUnquoted(stops: string, tilde: TildeRule): void {
    const start = this.at;
    while (this.at < this.end) {
      const char = this.src[this.at] as string;
      if (stops !== "" && stops.includes(char)) return;
      if (char === "~" && tilde !== "none" && (this.at === start || (tilde === "assign" && this.src[this.at - 1] === ":"))) {
        if (this.tilde()) continue;
      }
      if (char === "\\") this.backslash();
      else if (char === "'") this.single();
      else if (char === '"') {
        this.at++;
        this.doubleQuoted();
      } else if (char === "$") this.dollar(false);
      else if (char === "`") this.marked(false);
      else if ((char === "<" || char === ">") && this.context.marks.has(this.at)) this.marked(false);
      else {
        this.run += char;
        this.at++;
      }
    }
  }
  /** The rest of a double-quoted string. Only an empty one leaves a mark: `"$@"` without parameters must vanish. */
  private doubleQuoted(): void {
    const before = this.parts.length;
    this.flush();
    const flushed = this.parts.length;
    const open = this.at;
    this.readQuoted('"');
    if (this.parts.length === flushed && this.at - open <= 1 && before <= flushed) this.quote("");
  }
  private backslash(): void {
    const next = this.src[this.at + 1];
    this.at += 2;
    if (next === undefined || this.at > this.end) {
      this.at = this.end;
      this.quote("\\");
    } else if (next !== "\n") this.quote(next);
  }
  private single(): void {
    let close = this.src.indexOf("'", this.at + 1);
    if (close < 0 || close >= this.end) close = this.end;
    this.quote(this.src.slice(this.at + 1, close));
    this.at = Math.min(close + 1, this.end);
  }
  private tilde(): boolean {
    tildePrefix.lastIndex = this.at;
    const match = tildePrefix.exec(this.src.slice(0, this.end));
    if (match === null) {
      const rest = /^~([+-]|[A-Za-z_][A-Za-z0-9_.-]*)?(?=[}])/.exec(this.src.slice(this.at, this.end));
      if (rest === null) return false;
      this.push({ type: "tilde", user: rest[1] ?? "" });
      this.at += rest[0].length;
      return true;
    }
    this.push({ type: "tilde", user: match[1] ?? "" });
    this.at += match[0].length;
    return true;
  }

  /** Reads double-quoted text up to `stop` and past it; "}" stops before it; "doc" and "arithmetic" run to the end. */
  quoted(stop: '"' | "}" | "doc" | "arithmetic"): Part[] {
    return this.collect(() => this.readQuoted(stop));
  }
  private readQuoted(stop: '"' | "}" | "doc" | "arithmetic"): void {
    let from = this.at;
    const take = (): void => {
      if (this.at > from) this.quote(this.src.slice(from, this.at));
    };
    while (this.at < this.end) {
      const char = this.src[this.at] as string;
      if (char === "}" && stop === "}") break;
      if (char === '"' && stop !== "doc") {
        take();
        this.at++;
        if (stop === '"') return;
        if (stop === "}") this.readQuoted('"');
        from = this.at;
      } else if (char === "\\") {
        const next = this.src[this.at + 1];
        const escapes = next !== undefined && this.at + 1 < this.end && ("$`\\\n".includes(next) || (next === '"' && stop !== "doc") || (next === "}" && stop === "}"));
        if (!escapes) {
          this.at += 1;
          if (next === "\\") this.at++;
          continue;
        }
        take();
        if (next !== "\n") this.quote(next);
        this.at += 2;
        from = this.at;
      } else if (char === "$" || char === "`") {
        take();
        if (char === "$") this.dollar(true);
        else this.marked(true);
        from = this.at;
      } else this.at++;
    }
    take();
  }

  private dollar(quoted: boolean): void {
    const next = this.at + 1 < this.end ? this.src[this.at + 1] : undefined;
    if (next === undefined) return this.literalDollar(quoted);
    if (next === "(" || next === "[") return this.context.marks.has(this.at) ? this.marked(quoted) : this.literalDollar(quoted);
    if (next === "{") return this.context.param(this, quoted);
    if (nameStart.test(next)) {
      nameAt.lastIndex = this.at + 1;
      const name = (nameAt.exec(this.src) as RegExpExecArray)[0];
      const start = this.at;
      this.at = Math.min(start + 1 + name.length, this.end);
      return this.param(this.src.slice(start + 1, this.at), quoted);
    }
    if (special.has(next)) {
      this.at += 2;
      return this.param(next, quoted);
    }
    if (!quoted && this.context.dialect === "bash" && next === "'") return this.ansi();
    if (!quoted && this.context.dialect === "bash" && next === '"') {
      this.at += 2;
      return this.doubleQuoted();
    }
    this.literalDollar(quoted);
  }
  private literalDollar(quoted: boolean): void {
    if (quoted) this.quote("$");
    else this.run += "$";
    this.at++;
  }
  private param(name: string, quoted: boolean): void {
    this.push({ type: "param", quoted, name, index: undefined, indirect: false, op: undefined, text: "$" + name });
  }
  private ansi(): void {
    let close = this.at + 2;
    while (close < this.end && this.src[close] !== "'") close += this.src[close] === "\\" ? 2 : 1;
    this.quote(decodeAnsi(this.src.slice(this.at + 2, Math.min(close, this.end))));
    this.at = Math.min(close + 1, this.end);
  }

  /** A substitution whose end the parser has told. */
  private marked(quoted: boolean): void {
    const start = this.at;
    const mark = this.context.marks.get(start);
    if (mark === undefined) {
      this.run += this.src[start];
      this.at++;
      return;
    }
    this.at = Math.min(mark.end, this.end);
    if (mark.kind === "command") return this.push({ type: "command", quoted, body: mark.body });
    if (mark.kind === "process") return this.push({ type: "process", write: this.src[start] === ">", body: mark.body });
    const old = this.src[start + 1] === "[";
    const inner = new Scanner(this.src, start + (old ? 2 : 3), mark.end - (old ? 1 : 2), this.context);
    const text = this.src.slice(inner.at, inner.end);
    this.push({ type: "arithmetic", quoted, expression: makeWord(text, inner.quoted("arithmetic")) });
  }
}
