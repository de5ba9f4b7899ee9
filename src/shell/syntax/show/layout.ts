/** Owns the sheet that commands are printed on: indentation, separators, here-documents that wait for the end of their line. */
import type * as U from "unbash";

/** Prints one node on the sheet. */
export type Show = (layout: Layout, node: U.SyntaxNode) => void;

const step = 4;

export class Layout {
  readonly source: string;
  text = "";
  private margin = 0;
  /** How many of the next commands start in the middle of a line. */
  private skips = 0;
  /** Functions around: inside one every command has its own line. */
  functions: number;
  private waiting: U.HereDoc[] = [];
  private justDocument = false;

  constructor(source: string, functions: number) {
    this.source = source;
    this.functions = functions;
  }
  slice(node: { readonly pos: number; readonly end: number }): string {
    return this.source.slice(node.pos, node.end);
  }
  put(text: string): void {
    this.text += text;
  }
  indent(): void {
    this.text += " ".repeat(this.margin);
  }
  /** A new line that starts with `text`. */
  line(text: string): void {
    this.text += "\n";
    this.indent();
    this.text += text;
  }
  /** Starts a command: at the margin, unless it goes on in its line. */
  start(): void {
    if (this.skips > 0) this.skips--;
    else this.indent();
  }
  skip(): void {
    this.skips++;
  }
  deeper(act: () => void): void {
    this.margin += step;
    act();
    this.margin -= step;
  }
  /** ";" unless the line already ends in a separator. */
  semicolon(): void {
    if (!/[&\n]$/.test(this.text)) this.text += ";";
  }

  // ── here-documents ──

  defer(doc: U.HereDoc): void {
    this.waiting.push(doc);
  }
  /** Bodies that wait, after `before`; answers whether there were any. */
  flush(before = ""): boolean {
    if (this.waiting.length === 0) return false;
    this.text += before;
    this.text += "\n";
    for (const doc of this.waiting) {
      const body = this.slice(doc.body);
      const end = (doc.delimiter === undefined ? "" : this.slice(doc.delimiter)).replace(/['"\\]/g, "");
      this.text += `${doc.operator === "<<-" ? body.replace(/^\t+/gm, "") : body}${end}\n`;
    }
    this.waiting = [];
    this.justDocument = true;
    return true;
  }
  /** Between two commands of a list. */
  between(): void {
    const inside = this.functions > 0;
    if (!this.flush(inside ? "" : ";")) {
      if (!this.justDocument) this.text += ";";
      this.justDocument = false;
    }
    this.justDocument = false;
    this.text += inside ? "\n" : " ";
    if (!inside) this.skip();
  }

  // ── frames ──

  /** A function's head, body and redirections. */
  function(name: string, body: U.SyntaxNode | undefined, show: Show): void {
    this.put(`${name} () \n`);
    this.indent();
    this.put("{ \n");
    this.functions++;
    const redirected = body?.type === "Redirected" && body.command.type === "BraceGroup" ? body : undefined;
    const inner = redirected?.command ?? body;
    this.deeper(() => {
      if (inner?.type === "BraceGroup") show(this, inner.body);
      else if (inner !== undefined) show(this, inner);
      this.flush();
    });
    this.functions--;
    this.line("}");
    if (redirected !== undefined) show(this, { ...redirected, type: "Redirected", command: emptyGroup } as U.SyntaxNode);
  }
}
/** Stands for a command that is printed already, so that only its redirections follow. */
export const emptyGroup = { type: "BraceGroup", pos: -1, end: -1, body: { type: "CompoundList", pos: -1, end: -1, commands: [] } } as const;
