/**
 * Owns the change between byte strings (one UTF-16 unit per byte), byte arrays and text.
 * Bytes that are not UTF-8 decode to U+DC80 + (byte − 0x80) and encode back to the same byte, so nothing is lost on the way.
 */

const nonAscii = /[\x80-\xff]/;
const chunkSize = 8192;

/** Byte string → bytes. */
export const toBytes = (text: string): Uint8Array => {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
};

/** Bytes → byte string. */
export const fromBytes = (bytes: Uint8Array): string => {
  if (bytes.length <= chunkSize) return String.fromCharCode.apply(null, bytes as unknown as number[]);
  let text = "";
  for (let at = 0; at < bytes.length; at += chunkSize) {
    text += String.fromCharCode.apply(null, bytes.subarray(at, at + chunkSize) as unknown as number[]);
  }
  return text;
};

export const isAscii = (text: string): boolean => !nonAscii.test(text);

/** Length of the UTF-8 sequence at `at`, or 0 when the bytes there are not UTF-8. */
const sequenceLength = (text: string, at: number): number => {
  const first = text.charCodeAt(at);
  const size = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (size === 0 || at + size > text.length) return 0;
  for (let i = 1; i < size; i++) if ((text.charCodeAt(at + i) & 0xc0) !== 0x80) return 0;
  const second = text.charCodeAt(at + 1);
  if (first === 0xe0 && second < 0xa0) return 0;
  if (first === 0xed && second > 0x9f) return 0;
  if (first === 0xf0 && second < 0x90) return 0;
  if (first === 0xf4 && second > 0x8f) return 0;
  return size;
};

/** Byte string → text; stray bytes become lone low surrogates. */
export const decodeText = (bytes: string): string => {
  if (isAscii(bytes)) return bytes;
  let text = "";
  for (let i = 0; i < bytes.length; ) {
    const code = bytes.charCodeAt(i);
    if (code < 0x80) {
      text += bytes[i];
      i++;
      continue;
    }
    const size = sequenceLength(bytes, i);
    if (size === 0) {
      text += String.fromCharCode(0xdc00 + code);
      i++;
      continue;
    }
    let point = code & (0xff >> (size + 1));
    for (let k = 1; k < size; k++) point = (point << 6) | (bytes.charCodeAt(i + k) & 0x3f);
    text += String.fromCodePoint(point);
    i += size;
  }
  return text;
};

/** The UTF-8 bytes of one code point. */
export const encodePoint = (point: number): string => {
  if (point < 0x80) return String.fromCharCode(point);
  if (point < 0x800) return String.fromCharCode(0xc0 | (point >> 6), 0x80 | (point & 0x3f));
  if (point < 0x10000) {
    return String.fromCharCode(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f));
  }
  return String.fromCharCode(
    0xf0 | (point >> 18),
    0x80 | ((point >> 12) & 0x3f),
    0x80 | ((point >> 6) & 0x3f),
    0x80 | (point & 0x3f),
  );
};

const notByteSafe = /[^\x00-\x7f]/;

/** Text → byte string (UTF-8); the inverse of `decodeText`. */
export const encodeText = (text: string): string => {
  if (!notByteSafe.test(text)) return text;
  let bytes = "";
  for (const char of text) {
    const point = char.codePointAt(0) as number;
    bytes += point >= 0xdc80 && point <= 0xdcff ? String.fromCharCode(point - 0xdc00) : encodePoint(point);
  }
  return bytes;
};

/** The characters (not bytes) of a byte string, each as its own byte string. */
export const characters = (bytes: string): string[] => {
  if (isAscii(bytes)) return bytes.split("");
  const found: string[] = [];
  for (let i = 0; i < bytes.length; ) {
    const size = bytes.charCodeAt(i) < 0x80 ? 1 : sequenceLength(bytes, i) || 1;
    found.push(bytes.slice(i, i + size));
    i += size;
  }
  return found;
};

/** How many characters a byte string has. */
export const characterCount = (bytes: string): number => (isAscii(bytes) ? bytes.length : characters(bytes).length);
