/** Owns the replacing of aliases in the text of commands, before they are parsed for running. */
import { forEachChild, parse as parseScript } from "unbash";
import type * as U from "unbash";

interface Replacement {
  readonly pos: number;
  readonly end: number;
  readonly name: string;
  readonly text: string;
}
const roundsMax = 16;

/** Command names, and words after an alias that ends in a blank, that are aliases. */
const findNames = (script: U.ParsedScript, source: string, aliases: ReadonlyMap<string, string>, done: ReadonlySet<string>): Replacement[] => {
  const found: Replacement[] = [];
  const take = (word: U.Word): boolean => {
    const name = source.slice(word.pos, word.end);
    const text = aliases.get(name);
    if (text === undefined || done.has(name)) return false;
    found.push({ pos: word.pos, end: word.end, name, text });
    return /[ \t]$/.test(text);
  };
  const visit = (node: U.SyntaxNode): void => {
    if (node.type === "Command" && node.name !== undefined) {
      let goesOn = take(node.name);
      for (const item of node.suffix) {
        if (!goesOn || item.type !== "Word") break;
        goesOn = take(item);
      }
    }
    if (node.type !== "CommandExpansion") forEachChild(node, visit);
  };
  visit(script);
  return found;
};

/** The text with aliases replaced; the same text when there were none. */
export const expandAliases = (text: string, aliases: ReadonlyMap<string, string>): string => {
  let source = text;
  const done = new Set<string>();
  for (let round = 0; round < roundsMax; round++) {
    const found = findNames(parseScript(source), source, aliases, done);
    if (found.length === 0) return source;
    for (const { pos, end, text: replacement } of found.reverse()) source = source.slice(0, pos) + replacement + source.slice(end);
    for (const { name } of found) done.add(name);
  }
  return source;
};
