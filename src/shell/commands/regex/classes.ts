/** Owns the POSIX character classes of the C locale as sets of bytes. */

const select = (test: RegExp): readonly number[] =>
  Array.from({ length: 128 }, (_, i) => i).filter((code) => test.test(String.fromCharCode(code)));

/** Class name → its bytes, ascending. */
export const CLASSES: ReadonlyMap<string, readonly number[]> = new Map([
  ["alnum", select(/[0-9A-Za-z]/)],
  ["alpha", select(/[A-Za-z]/)],
  ["blank", select(/[\t ]/)],
  ["cntrl", select(/[\x00-\x1f\x7f]/)],
  ["digit", select(/[0-9]/)],
  ["graph", select(/[!-~]/)],
  ["lower", select(/[a-z]/)],
  ["print", select(/[ -~]/)],
  ["punct", select(/[!-/:-@[-`{-~]/)],
  ["space", select(/[\t-\r ]/)],
  ["upper", select(/[A-Z]/)],
  ["xdigit", select(/[0-9A-Fa-f]/)],
]);
