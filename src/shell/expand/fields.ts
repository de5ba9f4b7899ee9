/**
 * Owns the making of fields: what is quoted stays together, what an expansion gave is split by IFS, what may be a pattern keeps a
 * pattern text in which everything quoted is escaped.
 */
import type { IfsCache } from "../state/shell.ts";
import { escapePattern } from "./pattern.ts";

export interface Field {
  readonly text: string;
  /** Present when something unquoted in it could be a pattern. */
  readonly pattern: string | undefined;
}
const active = /[*?[\\]|[+@!]\(/;

export class Fields {
  readonly done: Field[] = [];
  private readonly ifs: IfsCache | undefined;
  private readonly escape: (text: string) => string;
  private readonly active: RegExp;
  private text = "";
  private pattern: string | undefined;
  private has = false;

  /** Without `ifs` nothing is split. `escape` quotes text for the kind of pattern that is being made, `special` finds what makes one. */
  constructor(ifs: IfsCache | undefined, escape: (text: string) => string = escapePattern, special: RegExp = active) {
    this.ifs = ifs;
    this.escape = escape;
    this.active = special;
  }

  get splits(): boolean {
    return this.ifs !== undefined;
  }
  quoted(text: string): void {
    this.has = true;
    this.text += text;
    if (this.pattern !== undefined) this.pattern += this.escape(text);
  }
  /** Unquoted text of the script itself: never split. */
  literal(text: string): void {
    this.has = true;
    this.append(text);
  }
  private append(text: string): void {
    if (this.pattern !== undefined) this.pattern += text;
    else if (this.active.test(text)) this.pattern = this.escape(this.text) + text;
    this.text += text;
  }
  /** Unquoted result of an expansion. */
  expanded(text: string): void {
    if (text === "") return;
    const { ifs } = this;
    if (ifs === undefined || ifs.set === "") return this.literal(text);
    let from = 0;
    let at = 0;
    while (at < text.length) {
      const char = text[at] as string;
      if (!ifs.set.includes(char)) {
        at++;
        continue;
      }
      if (at > from) this.literal(text.slice(from, at));
      let hard = false;
      while (at < text.length && ifs.white.includes(text[at] as string)) at++;
      if (at < text.length && ifs.set.includes(text[at] as string)) {
        hard = true;
        at++;
        while (at < text.length && ifs.white.includes(text[at] as string)) at++;
      }
      if (hard || this.has) this.push();
      from = at;
    }
    if (at > from) this.literal(text.slice(from, at));
  }
  /** Ends a field between the elements of `$@`. */
  break(): void {
    if (this.has) this.push();
  }
  push(): void {
    this.done.push({ text: this.text, pattern: this.pattern });
    this.text = "";
    this.pattern = undefined;
    this.has = false;
  }
  finish(): readonly Field[] {
    if (this.has) this.push();
    return this.done;
  }
  /** The one text, when nothing is split. */
  get single(): string {
    return this.text;
  }
  /** The one pattern, when nothing is split: everything quoted is escaped. */
  get singlePattern(): string {
    return this.pattern ?? this.escape(this.text);
  }
}
