/**
 * Owns the one option parser of all commands: clusters, attached values, `--long=value`, unambiguous abbreviations, `--`.
 * Refuses to know: any command. What options there are is read from the flag column of a command's table.
 */

/** One row of a command's table: the flag as the help shows it, and a line in both languages. */
export type OptionRow = readonly [flag: string, en: string, zh: string];

type Takes = "none" | "required" | "optional";
interface OptionSpec {
  readonly key: string;
  readonly takes: Takes;
}
export interface OptionIndex {
  readonly short: ReadonlyMap<string, OptionSpec>;
  readonly long: ReadonlyMap<string, OptionSpec>;
}

/** One option as it was given: `key` is its first short letter, or its long name when it has none. */
export interface GivenOption {
  readonly key: string;
  readonly value: string | undefined;
}

export interface Args {
  /** In the order of the command line. */
  readonly given: readonly GivenOption[];
  readonly operands: readonly string[];
  readonly has: (key: string) => boolean;
  /** The value of the last one given. */
  readonly last: (key: string) => string | undefined;
  readonly all: (key: string) => readonly string[];
}
export type ParsedArgs = { readonly ok: true; readonly args: Args } | { readonly ok: false; readonly message: string };

/** "-n, --lines=NUM" | "--color[=WHEN]" | "-i[SUFFIX]" | "-n NUM" → its names and whether it takes a value. */
const readFlag = (flag: string): { names: string[]; takes: Takes } => {
  const names: string[] = [];
  let takes: Takes = "none";
  for (const part of flag.split(", ")) {
    const match = /^(--?[^\s=[]+|-\[)(\[=?.*\]|[= ].*)?$/.exec(part);
    if (match === null) continue;
    names.push(match[1] ?? "");
    if (match[2] !== undefined) takes = match[2].startsWith("[") ? "optional" : "required";
  }
  return { names, takes };
};

export const indexOptions = (rows: readonly OptionRow[]): OptionIndex => {
  const short = new Map<string, OptionSpec>();
  const long = new Map<string, OptionSpec>();
  for (const [flag] of rows) {
    const { names, takes } = readFlag(flag);
    const first = names.find((name) => !name.startsWith("--")) ?? names[0] ?? "";
    const spec = { key: first.replace(/^--?/, ""), takes };
    for (const name of names) {
      if (name.startsWith("--")) long.set(name.slice(2), spec);
      else short.set(name.slice(1), spec);
    }
  }
  return { short, long };
};

const findLong = (index: OptionIndex, name: string): OptionSpec | string => {
  const exact = index.long.get(name);
  if (exact !== undefined) return exact;
  const candidates = [...index.long].filter(([candidate]) => candidate.startsWith(name));
  const first = candidates[0];
  if (first === undefined) return `unrecognized option '--${name}'`;
  if (candidates.every(([, spec]) => spec === first[1])) return first[1];
  return `option '--${name}' is ambiguous; possibilities:${candidates.map(([candidate]) => ` '--${candidate}'`).join("")}`;
};

const createArgs = (given: readonly GivenOption[], operands: readonly string[]): Args => ({
  given,
  operands,
  has: (key) => given.some((option) => option.key === key),
  last: (key) => given.findLast((option) => option.key === key)?.value,
  all: (key) => given.flatMap((option) => (option.key === key && option.value !== undefined ? [option.value] : [])),
});

interface Cursor {
  readonly argv: readonly string[];
  at: number;
  readonly given: GivenOption[];
}

const takeLong = (cursor: Cursor, index: OptionIndex, text: string): string | undefined => {
  const equals = text.indexOf("=");
  const name = equals < 0 ? text.slice(2) : text.slice(2, equals);
  const spec = findLong(index, name);
  if (typeof spec === "string") return spec;
  let value = equals < 0 ? undefined : text.slice(equals + 1);
  const full = [...index.long].find(([long, other]) => other === spec && long.startsWith(name))?.[0] ?? name;
  if (value !== undefined && spec.takes === "none") return `option '--${full}' doesn't allow an argument`;
  if (value === undefined && spec.takes === "required") {
    value = cursor.argv[cursor.at++];
    if (value === undefined) return `option '--${full}' requires an argument`;
  }
  cursor.given.push({ key: spec.key, value });
  return undefined;
};

const takeCluster = (cursor: Cursor, index: OptionIndex, text: string): string | undefined => {
  for (let i = 1; i < text.length; i++) {
    const letter = text.charAt(i);
    const spec = index.short.get(letter);
    if (spec === undefined) return `invalid option -- '${letter}'`;
    if (spec.takes === "none") {
      cursor.given.push({ key: spec.key, value: undefined });
      continue;
    }
    const rest = text.slice(i + 1);
    let value: string | undefined = rest === "" ? undefined : rest;
    if (value === undefined && spec.takes === "required") {
      value = cursor.argv[cursor.at++];
      if (value === undefined) return `option requires an argument -- '${letter}'`;
    }
    cursor.given.push({ key: spec.key, value });
    return undefined;
  }
  return undefined;
};

/**
 * Parses arguments (without the command's name). With `stopAtOperand` the first operand ends the options, else operands
 * and options may mix. `isOperand` lets a command keep words like "-5" for itself.
 */
export const parseOptions = (
  argv: readonly string[],
  index: OptionIndex,
  stopAtOperand: boolean,
  isOperand: (word: string) => boolean = () => false,
): ParsedArgs => {
  const cursor: Cursor = { argv, at: 0, given: [] };
  const operands: string[] = [];
  while (cursor.at < argv.length) {
    const word = argv[cursor.at++] ?? "";
    if (word === "--") {
      operands.push(...argv.slice(cursor.at));
      break;
    }
    if (word.length < 2 || !word.startsWith("-") || isOperand(word)) {
      operands.push(word);
      if (!stopAtOperand) continue;
      operands.push(...argv.slice(cursor.at));
      break;
    }
    const message = word.startsWith("--") ? takeLong(cursor, index, word) : takeCluster(cursor, index, word);
    if (message !== undefined) return { ok: false, message };
  }
  return { ok: true, args: createArgs(cursor.given, operands) };
};
