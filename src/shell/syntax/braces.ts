/** Owns brace expansion: textual, before anything else is looked at. Refuses to know what the text means. */

const mayHaveBraces = /\{[^]*(?:,|\.\.)[^]*\}/;

/** Where the quoted or nested piece that starts at `i` ends; `i` itself when nothing special starts there. */
export const skipQuoted = (text: string, i: number): number => {
  const char = text[i];
  if (char === "\\") return Math.min(i + 2, text.length);
  if (char === "'") {
    const end = text.indexOf("'", i + 1);
    return end < 0 ? text.length : end + 1;
  }
  if (char === '"' || char === "`") {
    let k = i + 1;
    while (k < text.length && text[k] !== char) {
      if (text[k] === "\\") k += 2;
      else if (char === '"' && text[k] === "$" && (text[k + 1] === "(" || text[k + 1] === "{")) k = skipQuoted(text, k);
      else k++;
    }
    return Math.min(k + 1, text.length);
  }
  const next = text[i + 1];
  if ((char === "$" && (next === "(" || next === "{")) || ((char === "<" || char === ">") && next === "(")) {
    const open = next;
    const close = open === "(" ? ")" : "}";
    let depth = 0;
    let k = i + 1;
    while (k < text.length) {
      if (text[k] === open) depth++;
      else if (text[k] === close && --depth === 0) return k + 1;
      else if (k > i + 1) {
        const after = skipQuoted(text, k);
        if (after > k) {
          k = after;
          continue;
        }
      }
      k++;
    }
    return text.length;
  }
  return i;
};

interface Braces {
  readonly open: number;
  readonly close: number;
  readonly commas: readonly number[];
}
const matchBraces = (text: string, open: number): Braces | undefined => {
  const commas: number[] = [];
  let depth = 0;
  for (let i = open; i < text.length; ) {
    const after = skipQuoted(text, i);
    if (after > i) {
      i = after;
      continue;
    }
    if (text[i] === "{") depth++;
    else if (text[i] === "," && depth === 1) commas.push(i);
    else if (text[i] === "}" && --depth === 0) return { open, close: i, commas };
    i++;
  }
  return undefined;
};

const sequence = /^(?:(-?\d+)\.\.(-?\d+)|([a-zA-Z])\.\.([a-zA-Z]))(?:\.\.(-?\d+))?$/;
const lengthMax = 1_000_000;

const expandSequence = (body: string): string[] | undefined => {
  const match = sequence.exec(body);
  if (match === null) return undefined;
  const letters = match[3] !== undefined;
  const from = letters ? (match[3] as string).charCodeAt(0) : Number(match[1]);
  const to = letters ? (match[4] as string).charCodeAt(0) : Number(match[2]);
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) return undefined;
  const step = Math.abs(Number(match[5] ?? 1)) || 1;
  if (Math.abs(to - from) / step > lengthMax) return undefined;
  const padded = !letters && /^-?0\d/.test(match[1] as string) || (!letters && /^-?0\d/.test(match[2] as string));
  const width = padded ? Math.max((match[1] as string).length, (match[2] as string).length) : 0;
  const show = (n: number): string => {
    if (letters) return String.fromCharCode(n);
    return n < 0 ? "-" + String(-n).padStart(width - 1, "0") : String(n).padStart(width, "0");
  };
  const values: string[] = [];
  if (from <= to) for (let n = from; n <= to; n += step) values.push(show(n));
  else for (let n = from; n >= to; n -= step) values.push(show(n));
  return values;
};

const alternatives = (text: string, braces: Braces): string[] | undefined => {
  const body = text.slice(braces.open + 1, braces.close);
  if (braces.commas.length === 0) return expandSequence(body);
  const cuts = [braces.open, ...braces.commas, braces.close];
  const found: string[] = [];
  for (let k = 0; k + 1 < cuts.length; k++) {
    for (const one of expand(text.slice((cuts[k] as number) + 1, cuts[k + 1]))) found.push(one);
  }
  return found;
};

const expand = (text: string): string[] => {
  for (let i = 0; i < text.length; ) {
    const after = skipQuoted(text, i);
    if (after > i) {
      i = after;
      continue;
    }
    const braces = text[i] === "{" ? matchBraces(text, i) : undefined;
    const middle = braces === undefined ? undefined : alternatives(text, braces);
    if (braces === undefined || middle === undefined) {
      i++;
      continue;
    }
    const before = text.slice(0, i);
    const rests = expand(text.slice(braces.close + 1));
    const found: string[] = [];
    for (const one of middle) for (const rest of rests) found.push(before + one + rest);
    return found;
  }
  return [text];
};

/** The texts that one word's text stands for; `undefined` when it has no braces to expand. */
export const expandBraces = (text: string): string[] | undefined => {
  if (!mayHaveBraces.test(text)) return undefined;
  const found = expand(text);
  return found.length === 1 && found[0] === text ? undefined : found;
};
