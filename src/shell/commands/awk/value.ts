/** Owns awk's values and arrays. A value is a number, a string, input text that may look like a number, or nothing yet. */

/** Text that came from outside: compares as a number when it looks like one. */
export class InputText {
  readonly text: string;
  private parsed: number | undefined | null = null;
  constructor(text: string) {
    this.text = text;
  }
  /** Its number when it looks like one. */
  number(): number | undefined {
    if (this.parsed === null) this.parsed = LOOKS_NUMERIC.test(this.text) ? toNumber(this.text) : undefined;
    return this.parsed;
  }
}
export type Value = number | string | InputText | undefined;

const LOOKS_NUMERIC = /^[ \t\n\r\f\v]*[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|0[xX][0-9a-fA-F]+|inf(?:inity)?|nan)[ \t\n\r\f\v]*$/i;
const PREFIX = /^[ \t\n\r\f\v]*([-+]?)(?:0[xX]([0-9a-fA-F]+)|((?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(inf(?:inity)?|nan))/i;

/** The number at the start of a text, as strtod reads it; 0 when there is none. */
export const toNumber = (text: string): number => {
  const quick = text.length < 16 && /^\d+$/.test(text) ? Number(text) : undefined;
  if (quick !== undefined) return quick;
  const match = PREFIX.exec(text);
  if (match === null) return 0;
  const size = match[2] !== undefined ? parseInt(match[2], 16) : match[3] !== undefined ? Number(match[3]) : /^i/i.test(match[4] ?? "") ? Infinity : NaN;
  return match[1] === "-" ? -size : size;
};

export const numberOf = (value: Value): number => {
  if (typeof value === "number") return value;
  if (value === undefined) return 0;
  return typeof value === "string" ? toNumber(value) : (value.number() ?? toNumber(value.text));
};

export const isTrue = (value: Value): boolean => {
  if (typeof value === "number") return value !== 0;
  if (value === undefined) return false;
  if (typeof value === "string") return value !== "";
  const number = value.number();
  return number === undefined ? value.text !== "" : number !== 0;
};

/** Whole numbers that mawk writes with all digits. */
export const isPlainInteger = (value: number): boolean => value === Math.trunc(value) && Math.abs(value) < 2_147_483_648;

/** -1, 0, 1; as numbers when both look like numbers, else as strings. */
export const compareValues = (a: Value, b: Value, textOf: (value: Value) => string): number => {
  const left = numeric(a);
  const right = numeric(b);
  if (left !== undefined && right !== undefined) return left < right ? -1 : left > right ? 1 : left === right ? 0 : 1;
  const x = textOf(a);
  const y = textOf(b);
  return x < y ? -1 : x > y ? 1 : 0;
};
const numeric = (value: Value): number | undefined => (typeof value === "number" ? value : value === undefined ? 0 : typeof value === "string" ? undefined : value.number());

interface Cell {
  value: Value;
  readonly key: string;
  /** How lately its place in the list of strings, and of integers, was moved to the front. */
  textTurn: number;
  intTurn: number;
  isInt: boolean;
  hasText: boolean;
}

const BUCKET_MOST = 12;
const hash = (text: string): number => {
  let value = 2_166_136_261;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 16_777_619);
  return value >>> 0;
};

/**
 * An array whose order of `for (k in a)` is mawk's: buckets of a table that doubles, in each the one used last first; integer keys
 * get their place among strings when strings are first asked for.
 */
export class AwkArray {
  private cells = new Map<string, Cell>();
  private turns = 0;
  private hasText = false;
  private pending = 0;

  get size(): number {
    return this.cells.size;
  }

  clear(): void {
    this.cells = new Map();
    this.hasText = false;
    this.pending = 0;
  }

  private mask(): number {
    let size = 64;
    while (this.cells.size > size * BUCKET_MOST) size *= 2;
    return size - 1;
  }

  /** Gives integer keys their place among the strings. */
  private addTexts(): void {
    this.hasText = true;
    if (this.pending === 0) return;
    const mask = this.mask();
    const waiting = [...this.cells.values()].filter((cell) => !cell.hasText);
    waiting.sort((a, b) => (Number(a.key) & mask) - (Number(b.key) & mask) || b.intTurn - a.intTurn);
    for (const cell of waiting) {
      cell.hasText = true;
      cell.textTurn = ++this.turns;
    }
    this.pending = 0;
  }

  private touch(cell: Cell, isInt: boolean): void {
    if (isInt && cell.isInt) {
      cell.intTurn = ++this.turns;
      return;
    }
    if (!isInt && this.pending > 0) this.addTexts();
    if (isInt) cell.isInt = true;
    cell.intTurn = ++this.turns;
    cell.textTurn = ++this.turns;
  }

  private make(key: string, isInt: boolean): Cell {
    if (!isInt && this.pending > 0) this.addTexts();
    const onlyInt = isInt && !this.hasText;
    if (onlyInt) this.pending++;
    else this.hasText = true;
    const cell: Cell = { value: undefined, key, textTurn: ++this.turns, intTurn: ++this.turns, isInt, hasText: !onlyInt };
    this.cells.set(key, cell);
    return cell;
  }

  private cell(key: string, isInt: boolean): Cell {
    const found = this.cells.get(key);
    if (found === undefined) return this.make(key, isInt);
    this.touch(found, isInt);
    return found;
  }

  /** Reading makes the element, as awk does. */
  get(key: string, isInt: boolean): Value {
    return this.cell(key, isInt).value;
  }
  set(key: string, isInt: boolean, value: Value): void {
    this.cell(key, isInt).value = value;
  }
  has(key: string, isInt: boolean): boolean {
    const found = this.cells.get(key);
    if (found !== undefined) this.touch(found, isInt);
    return found !== undefined;
  }
  delete(key: string): void {
    const found = this.cells.get(key);
    if (found !== undefined && !found.hasText) this.pending--;
    this.cells.delete(key);
  }
  keys(): string[] {
    this.addTexts();
    const mask = this.mask();
    const places = [...this.cells.values()].map((cell) => ({ cell, bucket: hash(cell.key) & mask }));
    places.sort((a, b) => a.bucket - b.bucket || b.cell.textTurn - a.cell.textTurn);
    return places.map(({ cell }) => cell.key);
  }
}
