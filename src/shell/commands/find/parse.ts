/** Owns reading find's expressions. */
import { Stop } from "../option/declare.ts";

export type FindNode =
  | { readonly type: "test" | "action"; readonly name: string; readonly args: readonly string[] }
  | { readonly type: "exec"; readonly name: string; readonly argv: readonly string[]; readonly many: boolean; readonly batch: string[][] }
  | { readonly type: "not"; readonly node: FindNode }
  | { readonly type: "and" | "or" | "list"; readonly left: FindNode; readonly right: FindNode };

export interface FindExpression {
  readonly node: FindNode;
  readonly options: { maxDepth: number; minDepth: number; depthFirst: boolean };
}

const ONE_ARG = new Set(["name", "iname", "path", "wholename", "ipath", "iwholename", "regex", "iregex", "regextype", "type", "xtype", "size", "mtime", "mmin", "atime", "amin", "ctime", "cmin", "newer", "newermt", "anewer", "cnewer", "perm", "user", "group", "uid", "gid", "links", "inum", "samefile", "lname", "ilname", "fstype", "maxdepth", "mindepth"]);
const NO_ARG = new Set(["empty", "true", "false", "readable", "writable", "executable", "nouser", "nogroup", "depth", "d", "daystart", "follow", "mount", "xdev", "noleaf", "warn", "nowarn", "ignore_readdir_race"]);
const ACTIONS = new Map([["print", 0], ["print0", 0], ["ls", 0], ["delete", 0], ["prune", 0], ["quit", 0], ["printf", 1], ["fprint", 1], ["fprint0", 1], ["fprintf", 2]]);

class FindReader {
  private at = 0;
  private hasAction = false;
  private readonly options = { maxDepth: Infinity, minDepth: 0, depthFirst: false };
  private readonly words: readonly string[];

  constructor(words: readonly string[]) {
    this.words = words;
  }

  read(): FindExpression {
    const print: FindNode = { type: "action", name: "print", args: [] };
    if (this.words.length === 0) return { node: print, options: this.options };
    const node = this.list();
    if (this.at < this.words.length) throw new Stop(1, this.words[this.at] === ")" ? "invalid expression; you have too many ')'" : `paths must precede expression: \`${this.words[this.at]}'`);
    return { node: this.hasAction ? node : { type: "and", left: node, right: print }, options: this.options };
  }

  private accept(...names: string[]): boolean {
    if (!names.includes(this.words[this.at] ?? "\0")) return false;
    this.at++;
    return true;
  }

  private list(): FindNode {
    let left = this.or();
    while (this.accept(",")) left = { type: "list", left, right: this.or() };
    return left;
  }
  private or(): FindNode {
    let left = this.and();
    while (this.accept("-o", "-or")) left = { type: "or", left, right: this.and() };
    return left;
  }
  private and(): FindNode {
    let left = this.unary();
    while (this.at < this.words.length && ![")", "-o", "-or", ","].includes(this.words[this.at]!)) {
      this.accept("-a", "-and");
      left = { type: "and", left, right: this.unary() };
    }
    return left;
  }
  private unary(): FindNode {
    if (this.accept("!", "-not")) return { type: "not", node: this.unary() };
    if (this.accept("(")) {
      const node = this.list();
      if (!this.accept(")")) throw new Stop(1, "invalid expression; expected to find a ')' but didn't see one. Perhaps you need an extra predicate after '('");
      return node;
    }
    return this.primary();
  }

  private argument(word: string): string {
    const value = this.words[this.at++];
    if (value === undefined) throw new Stop(1, `missing argument to \`${word}'`);
    return value;
  }

  private primary(): FindNode {
    const word = this.words[this.at++];
    if (word === undefined) throw new Stop(1, "invalid expression; I was expecting to find something");
    const name = word.slice(1);
    if (!word.startsWith("-")) throw new Stop(1, `paths must precede expression: \`${word}'`);
    if (["exec", "execdir", "ok", "okdir"].includes(name)) return this.exec(word);
    const count = ACTIONS.get(name);
    if (count !== undefined) {
      if (name !== "prune") this.hasAction = true;
      if (name === "delete") this.options.depthFirst = true;
      return { type: "action", name, args: Array.from({ length: count }, () => this.argument(word)) };
    }
    if (NO_ARG.has(name)) {
      if (name === "depth" || name === "d") this.options.depthFirst = true;
      return { type: "test", name, args: [] };
    }
    if (!ONE_ARG.has(name)) throw new Stop(1, `unknown predicate \`${word}'`);
    const value = this.argument(word);
    if (name === "maxdepth" || name === "mindepth") {
      if (!/^\d+$/.test(value)) throw new Stop(1, `Expected a positive decimal integer argument to ${word}, but got '${value}'`);
      this.options[name === "maxdepth" ? "maxDepth" : "minDepth"] = Number(value);
      return { type: "test", name: "true", args: [] };
    }
    return { type: "test", name, args: [value] };
  }

  private exec(word: string): FindNode {
    this.hasAction = true;
    const argv: string[] = [];
    for (;;) {
      const next = this.words[this.at++];
      if (next === undefined) throw new Stop(1, `missing argument to \`${word}'`);
      if (next === ";") return { type: "exec", name: word.slice(1), argv, many: false, batch: [] };
      if (next === "+" && argv.at(-1) === "{}") return { type: "exec", name: word.slice(1), argv: argv.slice(0, -1), many: true, batch: [] };
      argv.push(next);
    }
  }
}

export const parseFind = (words: readonly string[]): FindExpression => new FindReader(words).read();
