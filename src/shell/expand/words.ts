/**
 * Owns the expansion of words in the order a shell has: tilde, parameters, substitutions and arithmetic from left to right, then
 * splitting, then pathnames. Words that cannot wait take the synchronous way.
 */
import { ShellError } from "../state/errors.ts";
import { endStatus } from "../state/shell.ts";
import type { Shell } from "../state/shell.ts";
import type { Task } from "../state/thread.ts";
import type { ParamOp, ParamPart, Part, Word } from "../syntax/tree.ts";
import { evaluate } from "./number/evaluate.ts";
import { Fields } from "./fields.ts";
import { expandGlob } from "./glob.ts";
import * as operations from "./operations.ts";
import { scalarOf, unbound, valueByText, valueOf } from "./params.ts";
import type { ParamValue } from "./params.ts";
import { hasMagic } from "./pattern.ts";
import { escapeExpression } from "./regex.ts";

// ── the synchronous way ──

const tildeOf = (sh: Shell, user: string): string => {
  const { vars, kernel } = sh;
  if (user === "") return vars.get("HOME") ?? "/";
  if (user === "+") return vars.get("PWD") ?? "~+";
  if (user === "-") return vars.get("OLDPWD") ?? "~-";
  return user === "root" ? "/root" : user === kernel.world.user.name ? (vars.get("HOME") ?? `~${user}`) : `~${user}`;
};
/** What a parameter without operators adds to the fields. */
const emitSimple = (sh: Shell, part: ParamPart, fields: Fields): void => {
  const { name } = part;
  if (name === "@" || name === "*") return emitList(sh, fields, { values: sh.positional, star: name === "*" }, part.quoted);
  const value = scalarOf(sh, name);
  if (value === undefined) {
    const target = /^[A-Za-z_]/.test(name) ? sh.vars.target(name) : undefined;
    if (target?.index === "@" || target?.index === "*") return emit(sh, fields, valueOf(sh, name, undefined), part);
    if (sh.options.nounset) throw unbound(sh, name);
  }
  if (part.quoted) fields.quoted(value ?? "");
  else if (value !== undefined) fields.expanded(value);
};
/** Expands one part of a word that is `simple`. */
const emitSync = (sh: Shell, part: Part, fields: Fields, soft: boolean): void => {
  if (part.type === "text") {
    if (part.quoted) fields.quoted(part.text);
    else if (soft) fields.expanded(part.text);
    else fields.literal(part.text);
  } else if (part.type === "param") emitSimple(sh, part, fields);
  else if (part.type === "tilde") fields.quoted(tildeOf(sh, part.user));
  else if (part.type === "arithmetic") emitText(fields, String(evaluate(sh, textSync(sh, part.expression))), part.quoted);
};
const emitText = (fields: Fields, text: string, quoted: boolean): void => {
  if (quoted) fields.quoted(text);
  else fields.expanded(text);
};
const emitList = (sh: Shell, fields: Fields, { values, star }: { readonly values: readonly string[]; readonly star: boolean }, quoted: boolean): void => {
  if (!fields.splits || (quoted && star)) {
    const joined = values.join(star ? sh.ifs.joiner : " ");
    if (quoted && (values.length > 0 || star)) fields.quoted(joined);
    else if (values.length > 0) fields.expanded(joined);
    return;
  }
  // bash joins unquoted lists by a separator that is no blank and splits again: empty parameters stay.
  if (!quoted && sh.dialect === "bash" && sh.ifs.joiner !== "" && !sh.ifs.white.includes(sh.ifs.joiner)) return fields.expanded(values.join(sh.ifs.joiner));
  values.forEach((value, i) => {
    if (i > 0) fields.break();
    emitText(fields, value, quoted);
  });
};
const emit = (sh: Shell, fields: Fields, value: ParamValue, part: ParamPart): void => {
  if (value.list) emitList(sh, fields, value, part.quoted);
  else emitText(fields, value.value ?? "", part.quoted);
};
/** The text of a simple word, nothing split. */
export const textSync = (sh: Shell, word: Word): string => {
  if (word.literal !== undefined) return word.literal;
  const { parts } = word;
  if (parts.length === 1) {
    const only = parts[0] as Part;
    if (only.type === "text") return only.text;
    if (only.type === "param" && only.name !== "@" && only.name !== "*") {
      const value = scalarOf(sh, only.name);
      if (value !== undefined) return value;
    } else if (only.type === "arithmetic") return String(evaluate(sh, textSync(sh, only.expression)));
  }
  const fields = new Fields(undefined);
  for (const part of parts) emitSync(sh, part, fields, false);
  return fields.single;
};

// ── the way that may wait ──

export function* emitParts(sh: Shell, parts: readonly Part[], fields: Fields, soft: boolean): Task<void> {
  for (const part of parts) {
    if (part.type === "param" && (part.op !== undefined || part.index !== undefined || part.indirect)) yield* emitParam(sh, part, fields);
    else if (part.type === "command") emitText(fields, yield* sh.engine.substitute(sh, part.body()), part.quoted);
    else if (part.type === "process") fields.quoted(sh.engine.processSubstitution(sh, part.body(), part.write));
    else if (part.type === "arithmetic" && !part.expression.simple) {
      emitText(fields, String(evaluate(sh, yield* text(sh, part.expression))), part.quoted);
    } else emitSync(sh, part, fields, soft);
  }
}
function* textTask(sh: Shell, word: Word): Task<string> {
  const fields = new Fields(undefined);
  yield* emitParts(sh, word.parts, fields, false);
  return fields.single;
}
/** The text of a word: expanded, quotes gone, neither split nor globbed. */
export function* text(sh: Shell, word: Word): Task<string> {
  return word.simple ? textSync(sh, word) : yield* textTask(sh, word);
}
/** As a shell pattern: what was quoted is escaped. */
export function* patternText(sh: Shell, word: Word): Task<string> {
  const fields = new Fields(undefined);
  yield* emitParts(sh, word.parts, fields, false);
  return fields.singlePattern;
}
/** As a regular expression: what was quoted is escaped. */
export function* regexText(sh: Shell, word: Word): Task<string> {
  const fields = new Fields(undefined, escapeExpression, /[^]/);
  yield* emitParts(sh, word.parts, fields, false);
  return fields.singlePattern;
}

/** The fields of words, split and globbed. */
export function* fieldsOf(sh: Shell, words: readonly Word[]): Task<string[]> {
  const found: string[] = [];
  for (const word of words) {
    if (word.literal !== undefined) found.push(word.literal);
    else yield* addFields(sh, word, found);
  }
  return found;
}
export function* addFields(sh: Shell, word: Word, found: string[]): Task<void> {
  const fields = new Fields(sh.ifs);
  if (word.simple) for (const part of word.parts) emitSync(sh, part, fields, false);
  else yield* emitParts(sh, word.parts, fields, false);
  for (const field of fields.finish()) {
    if (field.pattern === undefined || sh.options.noglob || !hasMagic(field.pattern, sh.options.extglob)) {
      found.push(field.text);
      continue;
    }
    const paths = yield* expandGlob(sh, field.pattern);
    if (paths.length > 0) for (const path of paths) found.push(path);
    else if (sh.options.failglob) throw new ShellError(`no match: ${field.text}`, "line", 1);
    else if (!sh.options.nullglob) found.push(field.text);
  }
}

// ── ${…} ──

function* emitParam(sh: Shell, part: ParamPart, fields: Fields): Task<void> {
  const { op } = part;
  if (op?.type === "bad") throw new ShellError(`${part.text}: bad substitution`, "shell", endStatus(sh));
  if (op?.type === "names") return emitList(sh, fields, { values: namesWith(sh, part.name), star: op.star }, part.quoted);
  if (op?.type === "keys") return emitList(sh, fields, { values: sh.vars.entries(part.name).map((e) => e[0]), star: op.star }, part.quoted);
  const subscript = part.index === undefined ? undefined : part.index.kind === "word" ? yield* text(sh, part.index.word) : part.index.kind;
  let shown = part.index === undefined ? part.name : `${part.name}[${part.index.kind === "word" ? part.index.word.text : part.index.kind}]`;
  let value: ParamValue;
  let name = part.name;
  if (part.indirect && op === undefined && part.index === undefined) {
    const target = sh.vars.target(name);
    if (target.name !== name) return emitText(fields, target.index === undefined ? target.name : `${target.name}[${target.index}]`, part.quoted);
  }
  if (part.indirect) {
    const reference = indirection(sh, part, subscript);
    if (reference === undefined) return;
    shown = reference;
    name = reference;
    value = valueByText(sh, reference);
  } else value = valueOf(sh, name, subscript);
  if (op?.type === "default") return yield* emitDefault(sh, part, { value, shown, subscript }, fields);
  if (!value.list && value.value === undefined && sh.options.nounset && !(op?.type === "transform" && op.how === "a")) throw unbound(sh, shown);
  emit(sh, fields, op === undefined ? value : yield* applied(sh, op, value, name), part);
}
const namesWith = (sh: Shell, prefix: string): string[] => sh.vars.names().filter((name) => name.startsWith(prefix) && sh.vars.entries(name).length > 0).sort();

/** The name that `${!x}` means; for a nameref itself, the name it refers to. */
const indirection = (sh: Shell, part: ParamPart, subscript: string | undefined): string | undefined => {
  const target = sh.vars.target(part.name);
  if (subscript === undefined && target.name !== part.name) {
    return target.name;
  }
  const value = valueOf(sh, part.name, subscript);
  const reference = value.list ? value.values.join(" ") : value.value;
  if (reference !== undefined && reference !== "") return reference;
  if (part.op?.type === "default") return part.name;
  throw new ShellError(`${part.name}: invalid indirect expansion`, "line", 1);
};

interface Present {
  readonly value: ParamValue;
  readonly shown: string;
  readonly subscript: string | undefined;
}
function* emitDefault(sh: Shell, part: ParamPart, present: Present, fields: Fields): Task<void> {
  const op = part.op as Extract<ParamOp, { type: "default" }>;
  const { value, shown } = present;
  const isSet = value.list ? value.values.length > 0 : value.value !== undefined;
  const isNull = value.list ? value.values.join("") === "" && value.values.length < 2 : value.value === "";
  const present_ = isSet && !(op.colon && isNull);
  if (op.action === "+" ? !present_ : present_) {
    if (op.action !== "+") emit(sh, fields, value, part);
    else if (part.quoted) fields.quoted("");
    return;
  }
  if (op.action === "-" || op.action === "+") {
    if (part.quoted && op.word.parts.length === 0) fields.quoted("");
    return yield* emitParts(sh, op.word.parts, fields, !part.quoted);
  }
  const given = yield* text(sh, op.word);
  if (op.action === "?") {
    const words = given !== "" ? given : op.colon || isSet ? "parameter null or not set" : sh.dialect === "sh" ? "parameter not set" : "parameter not set";
    throw new ShellError(`${shown}: ${words}`, "shell", endStatus(sh));
  }
  if (!/^[A-Za-z_]/.test(part.name)) throw new ShellError(`$${shown}: cannot assign in this way`, "line", 1);
  if (present.subscript !== undefined) sh.vars.setElement(part.name, present.subscript, given);
  else sh.vars.set(part.indirect ? shown : part.name, given);
  const stored = part.indirect ? valueByText(sh, shown) : valueOf(sh, part.name, present.subscript);
  emit(sh, fields, stored, part);
}

function* applied(sh: Shell, op: ParamOp, value: ParamValue, name: string): Task<ParamValue> {
  switch (op.type) {
    case "length":
      if (sh.dialect === "sh" && value.list) return { list: false, value: String(value.values.join(sh.ifs.joiner).length) };
      return { list: false, value: String(operations.lengthOf(sh, value)) };
    case "slice": {
      const offset = yield* text(sh, op.offset);
      return operations.slice(sh, value, offset, op.length === undefined ? undefined : yield* text(sh, op.length));
    }
    case "trim": {
      const pattern = operations.exactPattern(sh, yield* patternText(sh, op.pattern));
      const given: ParamValue = value.list && value.star && sh.dialect === "sh" ? { list: false, value: value.values.join(sh.ifs.joiner) } : value;
      return mapped(given, (v) => (op.side === "#" ? pattern.trimPrefix(v, op.longest) : pattern.trimSuffix(v, op.longest)));
    }
    case "replace": {
      const pattern = yield* patternText(sh, op.pattern);
      const replacement = op.replacement === undefined ? "" : yield* replacementText(sh, op.replacement);
      if (pattern === "" && op.mode !== "start" && op.mode !== "end") return value;
      const compiled = operations.patternFor(sh, pattern);
      const replace = operations.replacer(replacement);
      return mapped(value, (v) => compiled.replace(v, op.mode, replace));
    }
    case "case": {
      const pattern = op.pattern === undefined ? undefined : operations.exactPattern(sh, yield* patternText(sh, op.pattern));
      return mapped(value, (v) => operations.changeCase(v, op.how, pattern));
    }
    case "transform": {
      const whole = value.list ? operations.transformList(sh, op.how, name) : undefined;
      if (whole !== undefined) return { list: true, values: whole, star: false };
      if (op.how === "a" && !value.list) return { list: false, value: operations.attributeLetters(sh, name) };
      return mapped(value, (v) => operations.transform(sh, op.how, v, name));
    }
    default:
      return value;
  }
}
function* replacementText(sh: Shell, word: Word): Task<string> {
  const fields = new Fields(undefined, (t) => t.replace(/[&\\]/g, "\\$&"), /[&\\]/);
  yield* emitParts(sh, word.parts, fields, false);
  return sh.options.shopt("patsub_replacement") === false ? fields.single.replace(/[&\\]/g, "\\$&") : fields.singlePattern;
}
const mapped = (value: ParamValue, change: (text: string) => string): ParamValue =>
  value.list ? { list: true, values: value.values.map(change), star: value.star } : { list: false, value: value.value === undefined ? undefined : change(value.value) };
