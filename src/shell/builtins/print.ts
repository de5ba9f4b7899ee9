/** Owns how functions are printed back: the body as written, in the frame that bash gives it. */
import type { FunctionDef } from "../state/shell.ts";

/** `name () \n{ \n    body\n}` with the source of the body. */
export const printFunction = (fn: FunctionDef): string => {
  const text = fn.text.trim();
  if (!text.startsWith("{")) return `${fn.name} () \n${text}`;
  const close = text.lastIndexOf("}");
  const inside = text.slice(1, close).trim().replace(/;$/, "");
  const lines = inside.includes("\n") ? inside.split("\n") : splitStatements(inside);
  const body = lines.map((line) => `    ${line.trim()}`).join("\n");
  return `${fn.name} () \n{ \n${body}\n}${text.slice(close + 1)}`;
};
/** Splits simple statements of one line; anything with structure stays as it is. */
const splitStatements = (text: string): string[] => {
  if (/["'`$({&|<>]|\b(?:if|for|while|until|case|do|then)\b/.test(text.replace(/"[^"$`\\]*"|'[^']*'|\$\w+|\$[@*#?]|"\$\w+"/g, ""))) return [text];
  const parts = text.split(/;\s*/);
  return parts.map((part, i) => (i < parts.length - 1 ? `${part};` : part));
};
