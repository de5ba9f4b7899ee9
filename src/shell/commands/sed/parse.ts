/** Owns reading sed scripts, GNU's additions included. */
import { Stop } from "../option/declare.ts";
import { createMatcher, type Matcher } from "../regex/match.ts";
import { PatternError } from "../regex/tree.ts";
import { splitChars } from "../stream/bytes.ts";
import { readReplacement, unescapeText } from "./replacement.ts";
import type { Address, SedCommand, SedScript, Substitution } from "./script.ts";

export interface SedDialect {
  readonly extended: boolean;
  readonly utf8: boolean;
}

const NO_ADDRESS = ":}#";

class ScriptReader {
  private at = 0;
  private readonly source: string;
  private readonly dialect: SedDialect;
  private readonly commands: SedCommand[] = [];
  private readonly blocks: SedCommand[] = [];
  private readonly labels = new Map<string, number>();
  private needsLast = false;

  constructor(source: string, dialect: SedDialect) {
    this.source = source;
    this.dialect = dialect;
  }

  read(): SedScript {
    const silent = /^#n(\n|$)/.test(this.source);
    for (;;) {
      this.skip(/[\s;]*/y);
      if (this.at >= this.source.length) break;
      this.command();
    }
    if (this.blocks.length > 0) this.fail("unmatched `{'", 0);
    for (const command of this.commands) {
      if (!"btT".includes(command.name)) continue;
      const target = command.text === "" ? this.commands.length : this.labels.get(command.text);
      if (target === undefined) throw new Stop(4, `can't find label for jump to \`${command.text}'`);
      command.number = target;
    }
    return { commands: this.commands, needsLast: this.needsLast, silent };
  }

  private fail(message: string, at = this.at): never {
    throw new Stop(1, `-e expression #1, char ${at}: ${message}`);
  }

  private skip(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const text = pattern.exec(this.source)?.[0] ?? "";
    this.at += text.length;
    return text;
  }

  private command(): void {
    const from = this.address(false);
    this.skip(/[ \t]*/y);
    let to: Address | undefined;
    if (from !== undefined && this.source.charAt(this.at) === ",") {
      this.at++;
      this.skip(/[ \t]*/y);
      to = this.address(true);
      if (to === undefined) this.fail("unexpected `,'");
      this.skip(/[ \t]*/y);
    }
    if (from?.type === "zero" && to?.type !== "match") this.fail("invalid usage of line address 0");
    let negated = false;
    while (this.source.charAt(this.at) === "!") {
      negated = true;
      this.at++;
      this.skip(/[ \t]*/y);
    }
    const name = this.source.charAt(this.at++);
    if (name === "") this.fail("missing command", this.source.length);
    if (from !== undefined && NO_ADDRESS.includes(name)) this.fail(name === ":" ? ": doesn't want any addresses" : name === "}" ? "} doesn't want any addresses" : "comments don't accept any addresses");
    const base = { name, from, to, negated, text: "", number: 0, open: false, until: 0 };
    this.body(base);
  }

  private body(base: SedCommand): void {
    const { name } = base;
    if (name === "#") return void this.skip(/[^\n]*/y);
    if (name === ":") {
      const label = this.skip(/[ \t]*[^\s;]*/y).trim();
      if (label === "") this.fail('":" lacks a label');
      this.labels.set(label, this.commands.length);
      return;
    }
    if (name === "{") return void (this.commands.push(base), this.blocks.push(base));
    if (name === "}") {
      const block = this.blocks.pop();
      if (block === undefined) this.fail("unexpected `}'");
      block!.number = this.commands.length;
      return this.end();
    }
    if ("aic".includes(name)) return void this.commands.push({ ...base, text: this.textBlock() });
    if ("rRwW".includes(name)) {
      this.skip(/[ \t]*/y);
      const file = this.skip(/[^\n]*/y);
      if (file === "") this.fail("missing filename in r/R/w/W commands");
      return void this.commands.push({ ...base, text: file });
    }
    if (name === "e") return void this.commands.push({ ...base, text: this.skip(/[^\n]*/y).trim() });
    if ("btT".includes(name)) {
      this.commands.push({ ...base, text: this.skip(/[ \t]*[^\s;}]*/y).trim() });
      return this.end();
    }
    if ("qQlL".includes(name)) {
      const digits = this.skip(/[ \t]*\d*/y).trim();
      this.commands.push({ ...base, number: digits === "" ? -1 : Number(digits) });
      return this.end();
    }
    if (name === "s") return this.substitute(base);
    if (name === "y") return this.transliterate(base);
    if (!"=dDgGhHnNpPxzFv".includes(name)) this.fail(`unknown command: \`${name}'`);
    if (name === "v") this.skip(/[^\n;]*/y);
    else this.commands.push(base);
    this.end();
  }

  /** After a command: blanks, then its end. */
  private end(): void {
    this.skip(/[ \t]*/y);
    const next = this.source.charAt(this.at);
    if (next === "" || next === "\n" || next === ";" || next === "}" || next === "#") return;
    this.at++;
    this.fail("extra characters after command");
  }

  private address(isSecond: boolean): Address | undefined {
    const char = this.source.charAt(this.at);
    if (/\d/.test(char)) {
      const line = Number(this.skip(/\d+/y));
      if (/^[ \t]*~/.test(this.source.slice(this.at))) {
        this.skip(/[ \t]*~[ \t]*/y);
        return { type: "step", first: line, step: Number(this.skip(/\d*/y)) };
      }
      return line === 0 && !isSecond ? { type: "zero" } : { type: "line", line };
    }
    if (isSecond && (char === "+" || char === "~")) {
      this.at++;
      const count = Number(this.skip(/\d*/y));
      return char === "+" ? { type: "plus", count } : { type: "multiple", of: count };
    }
    if (char === "$") {
      this.at++;
      this.needsLast = true;
      return { type: "last" };
    }
    if (char !== "/" && char !== "\\") return undefined;
    this.at += char === "\\" ? 2 : 1;
    const pattern = this.untilDelimiter(this.source.charAt(this.at - 1), "unterminated address regex", true);
    const flags = this.skip(/[IM]*/y);
    return { type: "match", matcher: this.matcher(pattern, flags.includes("I"), flags.includes("M")) };
  }

  /** The text up to an unescaped delimiter; an escaped delimiter stands for itself. */
  private untilDelimiter(delimiter: string, failure: string, isPattern: boolean): string {
    let text = "";
    for (;;) {
      const char = this.source.charAt(this.at++);
      if (char === "" || (char === "\n" && isPattern && failure.includes("address"))) this.fail(failure, this.source.length);
      if (char === delimiter) return text;
      if (char !== "\\") {
        text += char;
        continue;
      }
      const next = this.source.charAt(this.at++);
      if (next === "") this.fail(failure, this.source.length);
      if (next === delimiter && delimiter !== "\\") text += isPattern && /[nt]/.test(next) ? next : this.literalDelimiter(next, isPattern);
      else text += `\\${next}`;
    }
  }

  /** s|a\|b|x|: the escaped delimiter is the plain character, so one that would be special stays plain. */
  private literalDelimiter(char: string, isPattern: boolean): string {
    if (!isPattern) return char === "&" ? "\\&" : char;
    const special = this.dialect.extended ? "*.[]^$+?(){}|" : "*.[]^$";
    return special.includes(char) ? `[${char}]`.replace("[^]", "\\^") : char;
  }

  private matcher(pattern: string, ignoreCase: boolean, multiline: boolean): Matcher | undefined {
    if (pattern === "") return undefined;
    try {
      return createMatcher(pattern, { flavor: this.dialect.extended ? "extended" : "basic", escapes: true, utf8: this.dialect.utf8, ignoreCase, multiline });
    } catch (error) {
      if (error instanceof PatternError) return this.fail(error.message);
      throw error;
    }
  }

  private substitute(base: SedCommand): void {
    const delimiter = this.source.charAt(this.at++);
    const failure = "unterminated `s' command";
    const pattern = this.untilDelimiter(delimiter, failure, true);
    const replacement = this.untilDelimiter(delimiter, failure, false);
    const flags = this.skip(/[gpiImMe0-9]*/y);
    let file: string | undefined;
    if (this.source.charAt(this.at) === "w") {
      this.at++;
      this.skip(/[ \t]*/y);
      file = this.skip(/[^\n]*/y);
    }
    const after = this.source.charAt(this.at);
    if (after !== "" && !/[\s;}#]/.test(after)) {
      this.at++;
      this.fail("unknown option to `s'");
    }
    const number = /\d+/.exec(flags)?.[0];
    if (number === "0") this.fail("number option to `s' command may not be zero");
    const matcher = this.matcher(pattern, /i/i.test(flags), /m/i.test(flags));
    const parts = readReplacement(replacement);
    for (const part of parts) {
      if (part.type === "group" && matcher !== undefined && part.index > matcher.groupCount) this.fail(`invalid reference \\${part.index} on \`s' command's RHS`);
    }
    const substitution: Substitution = { matcher, parts, global: flags.includes("g"), nth: Number(number ?? 1), print: flags.includes("p"), evaluate: flags.includes("e"), file };
    this.commands.push({ ...base, substitution });
    if (file === undefined) this.end();
  }

  private transliterate(base: SedCommand): void {
    const delimiter = this.source.charAt(this.at++);
    const failure = "unterminated `y' command";
    const read = (): string[] => {
      const text = this.untilDelimiter(delimiter, failure, false).replace(/\\([^])/g, (whole, char: string) => (char === "\\" ? "\\" : char === "n" ? "\n" : char === "t" ? "\t" : char === "r" ? "\r" : whole));
      return this.dialect.utf8 ? splitChars(text) : text.split("");
    };
    const [from, to] = [read(), read()];
    if (from.length !== to.length) this.fail("strings for `y' command are different lengths");
    this.commands.push({ ...base, map: new Map(from.map((char, i) => [char, to[i]!] as const).reverse()) });
    this.end();
  }

  private textBlock(): string {
    this.skip(/[ \t]*/y);
    if (this.at >= this.source.length) this.fail("expected \\ after `a', `c' or `i'");
    if (this.source.charAt(this.at) === "\\") {
      const lead = /\\[ \t]*\n/y;
      lead.lastIndex = this.at;
      if (lead.test(this.source)) this.at = lead.lastIndex;
      else this.at++;
      if (this.at >= this.source.length) return "";
    }
    const literal = this.source.charAt(this.at - 1) === "\\" ? this.skip(/[a-z]?/y) : "";
    const raw = this.skip(/(?:[^\\\n]|\\[^]?)*/y);
    this.at++;
    return `${literal}${unescapeText(raw)}\n`;
  }
}

export const parseSed = (source: string, dialect: SedDialect): SedScript => new ScriptReader(source, dialect).read();
