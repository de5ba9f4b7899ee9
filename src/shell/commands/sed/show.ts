/** Owns sed's `l`: a line in an unambiguous form, folded. */
import { sequenceLength } from "../stream/bytes.ts";

const NAMES: Readonly<Record<string, string>> = { "\\": "\\\\", "\x07": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v" };

/** `width` 0 or 1 means not folded. Characters that a UTF-8 locale can print stay. */
export const unambiguous = (text: string, width: number, utf8: boolean): string => {
  let result = "";
  let column = 0;
  for (let i = 0; i < text.length; ) {
    const size = utf8 ? sequenceLength(text, i) || 1 : 1;
    const char = text.slice(i, i + size);
    const code = char.charCodeAt(0);
    const shown = NAMES[char] ?? (size > 1 || (code >= 32 && code < 127) ? char : `\\${code.toString(8).padStart(3, "0")}`);
    const length = size > 1 ? 1 : shown.length;
    if (width > 1 && column + length > width - 1) {
      result += "\\\n";
      column = 0;
    }
    result += shown;
    column += length;
    i += size;
  }
  return `${result}$\n`;
};
