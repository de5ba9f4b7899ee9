/**
 * Owns the expansion of one text (contract 15): protect `\$`, quoted references, dotted references, plain names, backticks, operators,
 * unprotect. Refuses to know fields (`phases.ts`), where values come from, and how a command runs: a backtick's command is yielded to the
 * caller, who resumes with its result, so that this stays synchronous and pure.
 *
 * E1 Every phase works on the text that the one before left behind. E2 A name nobody knows stays as written, except in "host" fields.
 */
import { goQuote } from "../go/text.ts";
import { expandHost, expandKnown } from "./operators.ts";
import { pathInText } from "./path.ts";
import { stepProperty, type StepRefValue } from "./step-ref.ts";

export interface Names {
  /** A variable of the scope; host names are unknown here. */
  readonly get: (name: string) => string | undefined;
  /** A variable of the host environment. */
  readonly host: (name: string) => string | undefined;
  readonly ref: (id: string) => StepRefValue | undefined;
}
export interface Phases {
  /** "script" leaves plain `${NAME}` and `$NAME` to the shell, but replaces `$1`. */
  readonly plain: "all" | "script" | "off";
  readonly quoted: boolean;
  readonly refs: boolean;
  /** "always" also inside single quotes. */
  readonly backticks: "off" | "on" | "always";
  readonly operators: "off" | "known" | "host";
  /** `\$` protects and becomes `$`. */
  readonly escapes: boolean;
}
/** What a command between backticks printed (raw), or why it failed. */
export type CommandResult = { readonly ok: true; readonly stdout: string } | { readonly ok: false; readonly message: string };
export type Expansion = Generator<string, string, CommandResult>;

/** A backtick failed; the text is Dagu's. */
export class ExpansionError extends Error {
  override readonly name = "ExpansionError";
}

const shelter = "\uE0D0dollar\uE0D0";
const quotedRef = /"\$\{([A-Za-z0-9_]\w*(?:\.[^}]+)?)\}"/g;
const dottedRef = /\$\{([A-Za-z0-9_]\w*)(\.[^}]+)\}|\$([A-Za-z0-9_]\w*)(\.\S+)/g;
const plainRef = /'?\$\{([^}]+)\}'?|'?\$([A-Za-z0-9_]\w*)'?/g;

const dotted = (names: Names, phases: Phases, name: string, path: string): string | undefined => {
  if (phases.refs) {
    const ref = names.ref(name);
    const value = ref && stepProperty(ref, path);
    if (value !== undefined) return value;
  }
  const text = names.get(name) ?? (phases.operators === "host" ? names.host(name) : undefined);
  return text === undefined ? undefined : pathInText(text, path);
};

const quotedPhase = (text: string, names: Names, phases: Phases): string =>
  text.replace(quotedRef, (match, ref: string) => {
    const dot = ref.indexOf(".");
    const value = dot < 0 ? names.get(ref) : dotted(names, phases, ref.slice(0, dot), ref.slice(dot));
    return value === undefined ? match : goQuote(value);
  });

const dottedPhase = (text: string, names: Names, phases: Phases): string =>
  text.replace(dottedRef, (match, braced: string | undefined, bracedPath: string, bare: string, barePath: string) => {
    const value = braced !== undefined ? dotted(names, phases, braced, bracedPath) : dotted(names, phases, bare, barePath);
    return value ?? match;
  });

/** Quotes directly around a name protect it; a quote on one side only makes the match a stranger, so it stays too. */
const plainPhase = (text: string, names: Names, phases: Phases): string =>
  text.replace(plainRef, (match: string, braced: string | undefined, bare: string | undefined) => {
    if (match.startsWith("'")) return match;
    const name = (braced ?? bare) as string;
    if (phases.plain === "script" && !/^\d+$/.test(name)) return match;
    if (match.endsWith("'")) {
      if (braced !== undefined) return match;
      const value = names.get(name);
      return value === undefined ? match : `${value}'`;
    }
    return names.get(name) ?? match;
  });

const endOfCommand = (text: string, from: number): number => {
  for (let i = from; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "`") return i;
  }
  return -1;
};

function* backtickPhase(text: string, always: boolean): Expansion {
  let out = "";
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (char === "\\" && text[i + 1] === "`") {
      out += "`";
      i++;
      continue;
    }
    if (char === "'") quoted = !quoted;
    const end = char === "`" && (always || !quoted || !text.includes("'", i)) ? endOfCommand(text, i + 1) : -1;
    if (end < 0) {
      out += char;
      continue;
    }
    const command = text.slice(i + 1, end).replaceAll("\\`", "`");
    if (command.trim() !== "") out += yield* commandText(command);
    i = end;
  }
  return out;
}
function* commandText(command: string): Expansion {
  const result = yield command;
  if (!result.ok) throw new ExpansionError(`phase substitute: failed to execute command ${goQuote(command)}: ${result.message}`);
  return result.stdout.trim();
}

/** Expands `text`; yields the commands of its backticks. Throws `ExpansionError`. */
export function* expand(text: string, phases: Phases, names: Names): Expansion {
  if (!/[$`\\]/.test(text)) return text;
  let now = phases.escapes ? text.replaceAll("\\$", shelter) : text;
  if (phases.quoted) now = quotedPhase(now, names, phases);
  now = dottedPhase(now, names, phases);
  if (phases.plain !== "off") now = plainPhase(now, names, phases);
  if (phases.backticks !== "off" && now.includes("`")) now = yield* backtickPhase(now, phases.backticks === "always");
  if (phases.operators === "known") now = expandKnown(now, names.get);
  if (phases.operators === "host") now = expandHost(now, (name) => names.get(name) ?? names.host(name));
  return phases.escapes ? now.replaceAll(shelter, "$") : now;
}

/** Expansion of a field without backticks. */
export const expandNow = (text: string, phases: Phases, names: Names): string => {
  const turn = expand(text, { ...phases, backticks: "off" }, names).next();
  return turn.value;
};
