/** Owns the splitting of params text into named and unnamed values (5.2) and its inverse. */

export interface Token {
  /** Absent = by position. */
  readonly name?: string;
  readonly value: string;
  /** Was written between double quotes or backticks. */
  readonly quoted: boolean;
}
const form = /(?:([^\s="`]+)=)?("(?:\\"|[^"])*"|`(?:\\`|[^`])*`|[^"\s]+)|([^\s="`]+)=(?=\s|$)/g;

/** Tokens of a text in order: `NAME="a b"`, `NAME=x`, "a b", `cmd`, word. */
export const tokenize = (text: string): Token[] =>
  Array.from(text.matchAll(form), (found) => {
    const raw = found[2] ?? "";
    const name = found[1] ?? found[3];
    const isQuoted = raw.startsWith('"') && raw.length > 1 && raw.endsWith('"');
    const value = isQuoted ? raw.slice(1, -1).replaceAll('\\"', '"') : raw;
    return { ...(name === undefined ? {} : { name }), value, quoted: isQuoted || raw.startsWith("`") };
  });

export const quoteValue = (value: string): string => `"${value.replaceAll('"', '\\"')}"`;
/** Text that `tokenize` reads back to the same values. */
export const paramsText = (pairs: readonly { readonly name?: string; readonly value: string }[]): string =>
  pairs.map(({ name, value }) => (name === undefined ? quoteValue(value) : `${name}=${quoteValue(value)}`)).join(" ");
