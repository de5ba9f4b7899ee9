/** Owns the way between bytes and byte strings (one UTF-16 unit per byte), and between byte strings and Unicode text. */

const encoder = new TextEncoder();
const STEP = 8192;

/** Bytes → byte string. */
export const decode = (bytes: Uint8Array): string => {
  if (bytes.length <= STEP) return String.fromCharCode.apply(null, bytes as unknown as number[]);
  let text = "";
  for (let i = 0; i < bytes.length; i += STEP) {
    text += String.fromCharCode.apply(null, bytes.subarray(i, i + STEP) as unknown as number[]);
  }
  return text;
};

/** Byte string → bytes. Units above U+00FF lose their high byte. */
export const encode = (text: string): Uint8Array => {
  const bytes = new Uint8Array(text.length);
  if (text.length > 48) {
    const { read, written } = encoder.encodeInto(text, bytes);
    if (read === text.length && written === text.length) return bytes;
  }
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
};

export const concat = (parts: readonly Uint8Array[]): Uint8Array => {
  if (parts.length === 1 && parts[0] !== undefined) return parts[0];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

const HIGH = /[\x80-\xff]/;
/** Whether any byte is outside ASCII. */
export const hasHigh = (text: string): boolean => HIGH.test(text);

/** Length of the valid UTF-8 sequence at `at` of a byte string, or 0 when the byte starts none. */
export const sequenceLength = (text: string, at: number): number => {
  const lead = text.charCodeAt(at);
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  for (let i = 1; i < size; i++) {
    const next = text.charCodeAt(at + i);
    if (!(next >= 0x80 && next <= 0xbf)) return 0;
  }
  const second = text.charCodeAt(at + 1);
  if (lead === 0xe0 && second < 0xa0) return 0;
  if (lead === 0xed && second > 0x9f) return 0;
  if (lead === 0xf0 && second < 0x90) return 0;
  if (lead === 0xf4 && second > 0x8f) return 0;
  return size;
};

const codePointAt = (text: string, at: number, size: number): number => {
  const lead = text.charCodeAt(at);
  if (size === 1) return lead;
  let point = lead & (0xff >> (size + 1));
  for (let i = 1; i < size; i++) point = (point << 6) | (text.charCodeAt(at + i) & 0x3f);
  return point;
};

/** Byte string → Unicode. A byte that is not UTF-8 becomes the lone surrogate U+DC00 + byte, so that nothing is lost. */
export const toUnicode = (text: string): string => {
  if (!HIGH.test(text)) return text;
  let unicode = "";
  for (let i = 0; i < text.length; ) {
    const size = sequenceLength(text, i);
    unicode += size === 0 ? String.fromCharCode(0xdc00 + text.charCodeAt(i)) : String.fromCodePoint(codePointAt(text, i, size));
    i += size || 1;
  }
  return unicode;
};

/** Unicode (with the lone surrogates of `toUnicode`) → byte string. */
export const toBytesText = (unicode: string): string => {
  let ascii = true;
  for (let i = 0; i < unicode.length && ascii; i++) ascii = unicode.charCodeAt(i) < 0x80;
  if (ascii) return unicode;
  let text = "";
  for (const char of unicode) {
    const point = char.codePointAt(0) ?? 0;
    if (point < 0x80) text += char;
    else if (point >= 0xdc80 && point <= 0xdcff) text += String.fromCharCode(point - 0xdc00);
    else text += decode(encoder.encode(char));
  }
  return text;
};

/** Whether a byte string is valid UTF-8. */
export const isUtf8 = (text: string): boolean => {
  if (!HIGH.test(text)) return true;
  for (let i = 0; i < text.length; ) {
    const size = sequenceLength(text, i);
    if (size === 0) return false;
    i += size;
  }
  return true;
};

/** Number of characters as a UTF-8 locale counts them; a stray byte counts as one. */
export const countChars = (text: string): number => {
  if (!HIGH.test(text)) return text.length;
  let count = 0;
  for (let i = 0; i < text.length; count++) i += sequenceLength(text, i) || 1;
  return count;
};

/** The characters of a byte string, each again a byte string. */
export const splitChars = (text: string): string[] => {
  if (!HIGH.test(text)) return text.split("");
  const chars: string[] = [];
  for (let i = 0; i < text.length; ) {
    const size = sequenceLength(text, i) || 1;
    chars.push(text.slice(i, i + size));
    i += size;
  }
  return chars;
};

/** Whether the environment's character set is UTF-8 (LC_ALL, LC_CTYPE, LANG, the first that is set). */
export const isUtf8Locale = (env: ReadonlyMap<string, string>): boolean => {
  const locale = [env.get("LC_ALL"), env.get("LC_CTYPE"), env.get("LANG")].find((value) => value !== undefined && value !== "");
  return /utf-?8/i.test(locale ?? "");
};

/** Columns a Unicode character takes on a terminal: 0 for combining marks, 2 for wide East Asian ones and emoji. */
export const charWidth = (point: number): number => {
  if (point < 0x20 || (point >= 0x7f && point < 0xa0)) return 0;
  if (point < 0x300) return 1;
  if (point <= 0x36f || (point >= 0x200b && point <= 0x200f) || (point >= 0xfe00 && point <= 0xfe0f)) return 0;
  const isWide =
    (point >= 0x1100 && point <= 0x115f) || (point >= 0x2e80 && point <= 0x303e) || (point >= 0x3041 && point <= 0xa4cf) ||
    (point >= 0xac00 && point <= 0xd7a3) || (point >= 0xf900 && point <= 0xfaff) || (point >= 0xfe30 && point <= 0xfe6f) ||
    (point >= 0xff00 && point <= 0xff60) || (point >= 0xffe0 && point <= 0xffe6) || (point >= 0x1f300 && point <= 0x1f64f) ||
    (point >= 0x1f900 && point <= 0x1f9ff) || (point >= 0x20000 && point <= 0x3fffd);
  return isWide ? 2 : 1;
};

/** Terminal columns of a byte string in a UTF-8 locale. */
export const textWidth = (text: string): number => {
  if (!HIGH.test(text)) return text.length;
  let width = 0;
  for (const char of toUnicode(text)) width += charWidth(char.codePointAt(0) ?? 0);
  return width;
};
