/** Owns reading POSIX regular expressions (BRE, ERE, awk's) with GNU's additions. */
import { CLASSES } from "./classes.ts";
import { PatternError, type Node, type SetItem, type Syntax } from "./tree.ts";

export interface ParsedPattern {
  readonly node: Node;
  readonly groups: number;
}

const SIMPLE_ESCAPES: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, f: 12, v: 11, a: 7 };
const EMPTY: Node = { type: "cat", nodes: [] };

class PatternReader {
  private at = 0;
  private groups = 0;
  private readonly closed = new Set<number>();
  private readonly source: string;
  private readonly syntax: Syntax;

  constructor(source: string, syntax: Syntax) {
    this.source = source;
    this.syntax = syntax;
  }

  read(): ParsedPattern {
    const node = this.alternatives();
    if (this.at < this.source.length) throw new PatternError("Unmatched ) or \\)");
    return { node, groups: this.groups };
  }

  private get basic(): boolean {
    return this.syntax.flavor === "basic";
  }

  private looking(text: string): boolean {
    return this.source.startsWith(text, this.at);
  }

  private alternatives(): Node {
    const bar = this.basic ? "\\|" : "|";
    const nodes = [this.sequence()];
    while (this.looking(bar)) {
      this.at += bar.length;
      nodes.push(this.sequence());
    }
    return nodes.length === 1 ? nodes[0]! : { type: "alt", nodes };
  }

  private atEnd(): boolean {
    if (this.at >= this.source.length) return true;
    return this.basic ? this.looking("\\|") || this.looking("\\)") : this.looking("|") || this.looking(")");
  }

  private sequence(): Node {
    const nodes: Node[] = [];
    let isStart = true;
    while (!this.atEnd()) {
      const atom = this.atom(isStart);
      isStart = this.basic && atom.type === "assert" && atom.mark === "^";
      nodes.push(this.repeated(atom));
    }
    return nodes.length === 1 ? nodes[0]! : { type: "cat", nodes };
  }

  private repeated(atom: Node): Node {
    let node = atom;
    for (;;) {
      const bounds = this.quantifier(node);
      if (bounds === undefined) return node;
      node = { type: "repeat", node, min: bounds[0], max: bounds[1] };
    }
  }

  private quantifier(node: Node): readonly [number, number] | undefined {
    if (this.basic && node.type === "assert" && node.mark === "^") return undefined;
    if (this.looking("*")) return (this.at++, [0, Infinity]);
    const lead = this.basic ? "\\" : "";
    for (const [mark, min, max] of [["+", 1, Infinity], ["?", 0, 1]] as const) {
      if (this.looking(lead + mark)) return ((this.at += lead.length + 1), [min, max]);
    }
    if (this.syntax.flavor === "awk" || !this.looking(`${lead}{`)) return undefined;
    const pattern = this.basic ? /^\\\{(\d*)(,?)(\d*)\\\}/ : /^\{(\d*)(,?)(\d*)\}/;
    const match = pattern.exec(this.source.slice(this.at));
    if (match === null || (match[1] === "" && match[2] === "")) {
      if (this.basic) throw new PatternError(this.source.includes("\\}") ? "Invalid content of \\{\\}" : "Unmatched \\{");
      return undefined;
    }
    this.at += match[0].length;
    const min = Number(match[1] || 0);
    const max = match[2] === "" ? min : match[3] === "" ? Infinity : Number(match[3]);
    if (max < min) throw new PatternError("Invalid content of \\{\\}");
    if (min > 32767 || (max > 32767 && max !== Infinity)) throw new PatternError("Regular expression too big");
    return [min, max];
  }

  private point(): number {
    const point = this.source.codePointAt(this.at) ?? 0;
    this.at += point > 0xffff ? 2 : 1;
    return point;
  }

  private atom(isStart: boolean): Node {
    const char = this.source.charAt(this.at);
    if (char === "\\") return this.escape();
    if (char === "[") return this.set();
    if (char === ".") return (this.at++, { type: "any" });
    if (char === "^" && (!this.basic || isStart)) return (this.at++, { type: "assert", mark: "^" });
    if (char === "$" && (!this.basic || this.dollarEnds())) return (this.at++, { type: "assert", mark: "$" });
    if (!this.basic && char === "(") return this.group("(", ")");
    if (!this.basic && "*+?".includes(char) && isStart) {
      this.at++;
      return this.syntax.flavor === "awk" ? { type: "char", point: char.charCodeAt(0) } : EMPTY;
    }
    return { type: "char", point: this.point() };
  }

  private dollarEnds(): boolean {
    const rest = this.source.slice(this.at + 1);
    return rest === "" || rest.startsWith("\\)") || rest.startsWith("\\|");
  }

  private group(open: string, close: string): Node {
    this.at += open.length;
    const index = ++this.groups;
    const node = this.alternatives();
    if (!this.looking(close)) throw new PatternError("Unmatched ( or \\(");
    this.at += close.length;
    this.closed.add(index);
    return { type: "group", index, node };
  }

  private escape(): Node {
    const letter = this.source.charAt(this.at + 1);
    if (letter === "") {
      if (this.syntax.flavor !== "awk") throw new PatternError("Trailing backslash");
      this.at++;
      return { type: "char", point: 92 };
    }
    if (this.basic && letter === "(") return this.group("\\(", "\\)");
    if (this.basic && letter === "{") {
      this.at += 2;
      throw new PatternError("Invalid preceding regular expression");
    }
    const code = this.codeEscape();
    if (code !== undefined) return { type: "char", point: code };
    this.at += 2;
    if (this.syntax.flavor !== "awk") {
      if (/[1-9]/.test(letter)) {
        if (!this.closed.has(Number(letter))) throw new PatternError("Invalid back reference");
        return { type: "back", index: Number(letter) };
      }
      if ("<>bB`'".includes(letter)) return { type: "assert", mark: letter };
      if ("wWsS".includes(letter)) return { type: "set", negated: false, items: [{ type: "escape", letter: letter as "w" }] };
    }
    this.at--;
    return { type: "char", point: this.point() };
  }

  /** \n, \t, \xHH, \dNNN, \oNNN, \cX (sed) and \ddd (awk): the code they mean; moves past them. */
  private codeEscape(): number | undefined {
    if (!this.syntax.escapes) return undefined;
    const rest = this.source.slice(this.at + 1, this.at + 6);
    const isAwk = this.syntax.flavor === "awk";
    const numeric = isAwk ? /^([0-7]{1,3})/.exec(rest) : /^(?:x([0-9a-fA-F]{1,2})|o([0-7]{1,3})|d(\d{1,3}))/.exec(rest);
    if (numeric !== null) {
      this.at += 1 + numeric[0].length;
      if (isAwk) return parseInt(numeric[1]!, 8) & 255;
      return (numeric[1] !== undefined ? parseInt(numeric[1], 16) : numeric[2] !== undefined ? parseInt(numeric[2], 8) : Number(numeric[3])) & 255;
    }
    const letter = rest.charAt(0);
    if (!isAwk && letter === "c" && rest.length > 1) {
      this.at += 3;
      return rest.charAt(1).toUpperCase().charCodeAt(0) ^ 64;
    }
    const simple = SIMPLE_ESCAPES[letter] ?? (isAwk && letter === "b" ? 8 : undefined);
    if (simple !== undefined) this.at += 2;
    return simple;
  }

  private set(): Node {
    this.at++;
    const negated = this.looking("^");
    if (negated) this.at++;
    const items: SetItem[] = [];
    for (let isFirst = true; ; isFirst = false) {
      if (this.at >= this.source.length) throw new PatternError("Unmatched [, [^, [:, [., or [=");
      if (this.looking("]") && !isFirst) break;
      if (this.looking("[:")) {
        items.push(this.namedClass());
        continue;
      }
      const from = this.member();
      if (this.looking("-") && this.source.charAt(this.at + 1) !== "]" && this.at + 1 < this.source.length) {
        this.at++;
        const to = this.member();
        if (to < from) throw new PatternError("Invalid range end");
        items.push({ type: "range", from, to });
      } else items.push({ type: "range", from, to: from });
    }
    this.at++;
    return { type: "set", negated, items };
  }

  private namedClass(): SetItem {
    const match = /^\[:([a-z]+):\]/.exec(this.source.slice(this.at, this.at + 14));
    if (match === null) {
      if (!this.source.includes(":]", this.at)) return (this.at++, { type: "range", from: 91, to: 91 });
      throw new PatternError("Invalid character class name");
    }
    if (!CLASSES.has(match[1]!)) throw new PatternError("Invalid character class name");
    this.at += match[0].length;
    return { type: "class", name: match[1]! };
  }

  private member(): number {
    const collating = /^\[([.=])([^])\1\]/.exec(this.source.slice(this.at, this.at + 6));
    if (collating !== null) {
      this.at += collating[0].length;
      return collating[2]!.codePointAt(0)!;
    }
    if (this.looking("\\") && this.syntax.escapes) {
      const code = this.codeEscape();
      if (code !== undefined) return code;
      if (this.syntax.flavor === "awk" && this.at + 1 < this.source.length) this.at++;
    }
    return this.point();
  }
}

export const parsePattern = (source: string, syntax: Syntax): ParsedPattern => new PatternReader(source, syntax).read();
