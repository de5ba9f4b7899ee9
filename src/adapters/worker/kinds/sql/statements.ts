/** Owns SQL text: statements of a script, which of them answer rows, parameters by name or position. */
import type { Json, JsonObject } from "../../../../core/value/json.ts";

/** End (exclusive) of the quoted, commented or dollar-quoted piece that starts at `at`; `at` itself when none starts there. */
const pieceEnd = (text: string, at: number): number => {
  const char = text[at] as string;
  if (char === "'" && /(^|\W)[eE]$/.test(text.slice(Math.max(0, at - 2), at))) return escapedEnd(text, at);
  if (char === "'" || char === '"') {
    for (let i = at + 1; i < text.length; i++) if (text[i] === char && text[i + 1] !== char) return i + 1;
      else if (text[i] === char) i++;
    return text.length;
  }
  if (char === "-" && text[at + 1] === "-") return text.indexOf("\n", at) < 0 ? text.length : text.indexOf("\n", at);
  if (char === "/" && text[at + 1] === "*") return text.indexOf("*/", at + 2) < 0 ? text.length : text.indexOf("*/", at + 2) + 2;
  const tag = char === "$" ? /^\$([A-Za-z_]\w*)?\$/.exec(text.slice(at, at + 64))?.[0] : undefined;
  if (tag === undefined) return at;
  const close = text.indexOf(tag, at + tag.length);
  return close < 0 ? text.length : close + tag.length;
};

/** PostgreSQL's E'…': a backslash takes the next character along. */
const escapedEnd = (text: string, at: number): number => {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "'" && text[i + 1] === "'") i++;
    else if (text[i] === "'") return i + 1;
  }
  return text.length;
};

/** Statements in order, trimmed, without empty ones. A trigger's body stays whole. */
export const splitStatements = (script: string): readonly string[] => {
  const found: string[] = [];
  let from = 0;
  for (let i = 0; i < script.length; ) {
    const end = pieceEnd(script, i);
    if (end > i) {
      i = end;
      continue;
    }
    if (script[i] === ";" && !isInsideTrigger(script.slice(from, i))) {
      found.push(script.slice(from, i).trim());
      from = i + 1;
    }
    i++;
  }
  found.push(script.slice(from).trim());
  return found.filter((each) => each !== "" && withoutComments(each).trim() !== "");
};
const isInsideTrigger = (text: string): boolean => /\bBEGIN\s+ATOMIC\b(?![\s\S]*\bEND\s*$)/i.test(text) || /\bCREATE\s+(TEMP\w*\s+)?TRIGGER\b/i.test(text) && /\bBEGIN\b/i.test(text) && !/\bEND\s*$/i.test(text);

export const withoutComments = (text: string): string => {
  let out = "";
  for (let i = 0; i < text.length; ) {
    const end = pieceEnd(text, i);
    if (end === i) out += text[i++];
    else {
      if (!/^(--|\/\*)/.test(text.slice(i, i + 2))) out += text.slice(i, end);
      i = end;
    }
  }
  return out;
};

/** Whether a statement answers rows. */
export const answersRows = (statement: string): boolean => {
  const text = withoutComments(statement).trim().toUpperCase();
  return /^(SELECT|WITH|TABLE|VALUES|PRAGMA|EXPLAIN)\b/.test(text) || /\sRETURNING(\s|$)/.test(text);
};

const isList = (params: readonly Json[] | JsonObject): params is readonly Json[] => Array.isArray(params);
/** Statement with `$1`… as PostgreSQL counts: names are written `:name`, a list is meant by the statement's own numbers. */
export const bindNumbers = (statement: string, params: readonly Json[] | JsonObject): { readonly sql: string; readonly values: readonly Json[] } => {
  if (!isList(params)) return bindNames(statement, params, (n) => `$${n}`);
  const used = [...withoutComments(statement).matchAll(/\$(\d+)/g)].map((found) => Number(found[1]));
  const count = Math.max(0, ...used);
  if (count > params.length) throw new Error(`not enough parameters: ${params.length} given`);
  return { sql: statement, values: params.slice(0, count) };
};
/** Statement with `?` for every parameter, and the values in order. Names are written `:name`; throws for one without a value. */
export const bindNames = (statement: string, params: readonly Json[] | JsonObject, mark: (n: number) => string): { readonly sql: string; readonly values: readonly Json[] } => {
  const values: Json[] = [];
  let sql = "";
  for (let i = 0; i < statement.length; ) {
    const end = pieceEnd(statement, i);
    const name = end === i && statement[i] === ":" && statement[i - 1] !== ":" ? /^:([A-Za-z_]\w*)/.exec(statement.slice(i, i + 128))?.[1] : undefined;
    if (name !== undefined && !isList(params)) {
      if (!Object.hasOwn(params, name)) throw new Error(`missing parameter: ${name}`);
      values.push(params[name] as Json);
      sql += mark(values.length);
      i += name.length + 1;
    } else if (end === i && statement[i] === "?" && isList(params)) {
      const value = params[values.length];
      if (value === undefined) throw new Error(`not enough parameters: ${params.length} given`);
      values.push(value);
      sql += mark(values.length);
      i++;
    } else {
      sql += statement.slice(i, Math.max(end, i + 1));
      i = Math.max(end, i + 1);
    }
  }
  return { sql, values };
};
