/** Owns the words of bc: its text cut into tokens, and what its operators do at a scale. */
import { Stop } from "../option/declare.ts";
import { add, divide, multiply, negate, raise, remainder, type Decimal } from "./decimal.ts";

const TOKEN = /\/\*[^]*?\*\/|#[^\n]*|\\\n|[ \t\r]+|("[^"]*")|((?:[0-9A-F]+\.?[0-9A-F]*|\.[0-9A-F]+))|([a-z][a-z0-9_]*)|(\+\+|--|[-+*\/%^]=|==|<=|>=|!=|&&|\|\||[-+*\/%^=<>!(){}[\],;\n])/y;

export const tokenize = (source: string): string[] => {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    if (match === null) throw new Stop(1, `(standard_in) 1: illegal character: ${source.charAt(at)}`);
    const text = match[1] ?? match[2] ?? match[3] ?? match[4];
    if (text !== undefined) tokens.push(text);
  }
  return [...tokens, "\n"];
};

export const applyOperator = (op: string, left: Decimal, right: Decimal, scale: number): Decimal => {
  switch (op) {
    case "+": return add(left, right);
    case "-": return add(left, negate(right));
    case "*": return multiply(left, right, scale);
    case "/": return divide(left, right, scale);
    case "%": return remainder(left, right, scale);
    default: return raise(left, right, scale);
  }
};
