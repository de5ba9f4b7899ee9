/** Owns what is looked at in a call of a command: whether it exists here, and whether it takes its options. Refuses to know the dialect's syntax. */
import type * as U from "unbash";
import { indexOptions, parseOptions } from "../commands/option/parse.ts";
import type { OptionIndex } from "../commands/option/parse.ts";
import { helpEntries } from "../help/read.ts";
import type { HelpEntry } from "../help/read.ts";
import { elsewhere } from "./elsewhere.ts";
import type { Findings } from "./findings.ts";

const entries = new Map(helpEntries.map((entry) => [entry.name, entry]));
const shells = new Set(["sh", "bash"]);
const plain = /^[\w./+@%:,~-]+$/;
const indexes = new Map<string, OptionIndex>();
const indexOf = (entry: HelpEntry): OptionIndex => {
  let index = indexes.get(entry.name);
  if (index === undefined) indexes.set(entry.name, (index = indexOptions([...entry.options, ["--help", "", ""], ["--version", "", ""]])));
  return index;
};

/** Whether one slip of a finger lies between two names: a letter more, less, other or swapped with its neighbour. */
const isNear = (name: string, other: string): boolean => {
  if (Math.abs(other.length - name.length) > 1 || name.length < 3) return false;
  let i = 0;
  while (i < name.length && i < other.length && name[i] === other[i]) i++;
  const [a, b] = [name.slice(i), other.slice(i)];
  return a.slice(1) === b.slice(1) || a.slice(1) === b || a === b.slice(1) || (a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2));
};

/** What the script itself brings: functions and aliases. */
export type OwnNames = ReadonlySet<string>;

const reportMissing = (name: string, at: number, findings: Findings): void => {
  const known = elsewhere.get(name);
  if (known !== undefined) {
    if (known.use !== "" || known.why === "other") findings.add(at, known.use === "" ? "command-unknown" : "command-instead", { name, use: known.use });
    else findings.add(at, `command-${known.why}` as "command-process", { name });
    return;
  }
  const near = helpEntries.find((entry) => isNear(name, entry.name));
  findings.add(at, near === undefined ? "command-unknown" : "command-near", near === undefined ? { name } : { name, use: near.name });
};

/** The word as the command will see it, if it is plain enough to tell; otherwise a word that is certainly no option. */
const literalOf = (node: U.CommandArgument | U.Redirection): string =>
  node.type === "Word" && (plain.test(node.text) || /^--?[\w-]+=/.test(node.text)) ? (plain.test(node.text) ? node.text : node.text.replace(/=.*$/s, "=value")) : "\u0000";

const checkOptions = (entry: HelpEntry, call: U.Command, at: (pos: number) => number, findings: Findings): void => {
  const words = call.suffix.filter((item) => item.type === "Word").map((word) => ({ pos: word.pos, text: literalOf(word) }));
  const known = words.filter(({ text }) => !/^[-+]\d/.test(text) && !(entry.name === "chmod" && /^-[rwxXst]+$/.test(text)));
  for (let count = 1; count <= known.length; count++) {
    const parsed = parseOptions(known.slice(0, count).map(({ text }) => text), indexOf(entry), entry.stops === true);
    const last = known[count - 1];
    if (parsed.ok || /requires an argument|ambiguous/.test(parsed.message) || last === undefined) continue;
    const option = /invalid option -- '(.)'/.exec(parsed.message)?.[1];
    findings.add(at(last.pos), "option-unknown", { name: entry.name, option: option === undefined ? last.text.replace(/=.*$/s, "") : `-${option}` });
    return;
  }
};

/** Looks at one call; `at` turns its offsets into those of the whole text. */
export const checkCall = (call: U.Command, at: (pos: number) => number, own: OwnNames, findings: Findings): HelpEntry | undefined => {
  if (call.name === undefined || !plain.test(call.name.text)) return undefined;
  const path = call.name.text;
  if (own.has(path)) return undefined;
  const inBin = /^(?:\/usr(?:\/local)?)?\/s?bin\/([^/]+)$/.exec(path)?.[1];
  if (inBin === undefined && path.includes("/")) return undefined;
  const name = inBin ?? path;
  const entry = entries.get(name);
  if (entry === undefined) {
    if (!shells.has(name)) reportMissing(name, at(call.name.pos), findings);
    return undefined;
  }
  if (entry.strict === true) checkOptions(entry, call, at, findings);
  return entry;
};
