/** Owns the ways a value is written so that a shell reads it back: `@Q`, `%q`, `declare -p`, `set`, `trap`. */

const ansiNames: Readonly<Record<string, string>> = { "\x07": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r", "\x1b": "\\E" };
const control = /[\x00-\x1f\x7f]/;
// Bytes that cannot be UTF-8 are written as octal escapes as well.
const strayByte = /[\xc0\xc1\xf5-\xff]|[\xc2-\xf4](?![\x80-\xbf])|(?<![\x80-\xbf\xc2-\xf4])[\x80-\xbf]/;

export const needsAnsi = (text: string): boolean => control.test(text) || strayByte.test(text);

/** `$'…'`. */
export const ansiQuote = (text: string): string => {
  let quoted = "";
  for (const char of text) {
    if (char === "'" || char === "\\") quoted += `\\${char}`;
    else if (ansiNames[char] !== undefined) quoted += ansiNames[char];
    else if (control.test(char) || (strayByte.test(text) && char > "\x7f")) quoted += `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`;
    else quoted += char;
  }
  return `$'${quoted}'`;
};
/** `'it'\''s'`. */
export const singleQuote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
/** `${v@Q}`. */
export const quoteValue = (text: string): string => (needsAnsi(text) ? ansiQuote(text) : singleQuote(text));
/** `printf %q`. */
export const quoteBackslash = (text: string): string => {
  if (text === "") return "''";
  if (needsAnsi(text)) return ansiQuote(text);
  return text.replace(/[ !"$&'()*;<>?[\\\]^`{|},]/g, "\\$&").replace(/^[#~]|(?<=[:=])~/g, "\\$&");
};
/** The value in `declare -p`: always in double quotes. */
export const quoteDouble = (text: string): string => (needsAnsi(text) ? ansiQuote(text) : `"${text.replace(/["$`\\]/g, "\\$&")}"`);
const bare = /^[A-Za-z0-9_@%+=:,./^-]+$/;
/** As `set` and `xtrace` show it: quoted only when it must be. */
export const quoteIfNeeded = (text: string): string => {
  if (text === "") return "''";
  return bare.test(text) ? text : needsAnsi(text) ? ansiQuote(text) : singleQuote(text);
};
/** As `set` lists variables: a value without special characters stays bare, an empty one is nothing. */
export const quoteListed = (text: string): string => (text === "" ? "" : quoteIfNeeded(text));
