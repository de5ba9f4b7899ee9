/** Owns the state of a running awk program: the record and its fields, variables, special variables, patterns. */
import { Stop, type Run } from "../option/declare.ts";
import { createMatcher, type Matcher } from "../regex/match.ts";
import { PatternError } from "../regex/tree.ts";
import { createRandom, numberText } from "./format.ts";
import { Streams } from "./stream.ts";
import { AwkArray, InputText, numberOf, type Value } from "./value.ts";

const LITERAL = "^.$|()[]+*?\\{}";

/** One call of a function: its parameters and local variables. */
export type Frame = (Value | AwkArray)[];

export class Runtime {
  readonly run: Run;
  readonly streams: Streams;
  readonly globals = new Map<string, { value: Value }>();
  readonly arrays = new Map<string, AwkArray>();
  frame: Frame = [];
  depth = 0;
  random = createRandom(0);
  seed = 0;
  private record = "";
  private fields: string[] = [];
  private isSplit = true;
  private isJoined = true;
  private count = 0;
  private readonly patterns = new Map<string, Matcher>();
  private readonly specials: { readonly nf: { value: Value }; readonly fs: { value: Value }; readonly ofs: { value: Value }; readonly convfmt: { value: Value }; readonly rs: { value: Value } };

  constructor(run: Run) {
    this.run = run;
    this.streams = new Streams(run);
    const initial: readonly (readonly [string, Value])[] = [["FS", " "], ["OFS", " "], ["ORS", "\n"], ["RS", "\n"], ["SUBSEP", "\x1c"], ["CONVFMT", "%.6g"], ["OFMT", "%.6g"], ["NR", 0], ["FNR", 0], ["NF", 0], ["RSTART", 0], ["RLENGTH", -1], ["FILENAME", undefined]];
    for (const [name, value] of initial) this.globals.set(name, { value });
    const nf = this.global("NF");
    Object.defineProperty(nf, "value", { get: () => this.fieldCount(), set: (value: Value) => this.setFieldCount(Math.trunc(numberOf(value))) });
    this.specials = { nf, fs: this.global("FS"), ofs: this.global("OFS"), convfmt: this.global("CONVFMT"), rs: this.global("RS") };
  }

  global(name: string): { value: Value } {
    const known = this.globals.get(name);
    if (known !== undefined) return known;
    const made = { value: undefined };
    this.globals.set(name, made);
    return made;
  }

  array(name: string): AwkArray {
    const known = this.arrays.get(name);
    if (known !== undefined) return known;
    const made = new AwkArray();
    this.arrays.set(name, made);
    return made;
  }

  readonly textOf = (value: Value): string => {
    if (typeof value === "string") return value;
    if (value === undefined) return "";
    if (typeof value === "number") return numberText(value, this.specials.convfmt.value as string);
    return value.text;
  };

  get rs(): string {
    return this.textOf(this.specials.rs.value);
  }

  setRecord(text: string): void {
    this.record = text;
    this.isSplit = false;
    this.isJoined = true;
  }

  private split(): void {
    this.fields = this.splitText(this.record, this.textOf(this.specials.fs.value), true);
    this.count = this.fields.length;
    this.isSplit = true;
  }

  private fieldCount(): number {
    if (!this.isSplit) this.split();
    return this.count;
  }

  private setFieldCount(count: number): void {
    if (!this.isSplit) this.split();
    while (this.fields.length < count) this.fields.push("");
    this.fields.length = Math.max(0, count);
    this.count = this.fields.length;
    this.isJoined = false;
  }

  recordText(): string {
    if (!this.isJoined) {
      this.record = this.fields.join(this.textOf(this.specials.ofs.value));
      this.isJoined = true;
    }
    return this.record;
  }

  getField(index: number): Value {
    if (index === 0) return new InputText(this.recordText());
    if (index < 0 || Number.isNaN(index)) throw new Stop(2, `run time error: negative field index $${index}`);
    if (!this.isSplit) this.split();
    const field = this.fields[index - 1];
    return field === undefined ? undefined : new InputText(field);
  }

  setField(index: number, value: Value): void {
    if (index === 0) return this.setRecord(this.textOf(value));
    if (index < 0) throw new Stop(2, `run time error: negative field index $${index}`);
    if (!this.isSplit) this.split();
    if (index > this.count) this.setFieldCount(index);
    this.fields[index - 1] = this.textOf(value);
    this.isJoined = false;
  }

  /** A compiled pattern of awk's regular expressions. */
  pattern(source: string): Matcher {
    const known = this.patterns.get(source);
    if (known !== undefined) return known;
    try {
      const made = createMatcher(source, { flavor: "awk", escapes: true, utf8: false });
      this.patterns.set(source, made);
      return made;
    } catch (error) {
      if (error instanceof PatternError) throw new Stop(2, `run time error: regular expression compile failed (${error.message})\n${source}`);
      throw error;
    }
  }

  /** Splits as FS and split() do; newlines also part fields when records are paragraphs. */
  splitText(text: string, separator: string, isRecord = false): string[] {
    const paragraphs = isRecord && this.specials.rs.value === "";
    if (separator === " ") {
      const trimmed = text.replace(/^[ \t\n\r\f\v]+|[ \t\n\r\f\v]+$/g, "");
      return trimmed === "" ? [] : trimmed.split(/[ \t\n\r\f\v]+/);
    }
    if (text === "") return [];
    if (separator === "") return text.split("");
    if (separator.length === 1 && !paragraphs) return text.split(separator);
    const source = separator.length === 1 && LITERAL.includes(separator) ? `\\${separator}` : separator;
    return this.splitBy(text, this.pattern(paragraphs ? `(${source})|\n` : source));
  }

  splitBy(text: string, matcher: Matcher): string[] {
    if (text === "") return [];
    const parts: string[] = [];
    let from = 0;
    for (let at = 0; at <= text.length; ) {
      const match = matcher.exec(text, at);
      if (match === undefined || (match.end === match.start && match.start >= text.length)) break;
      if (match.end === match.start) {
        at = match.end + 1;
        continue;
      }
      parts.push(text.slice(from, match.start));
      from = match.end;
      at = match.end;
    }
    parts.push(text.slice(from));
    return parts;
  }
}
