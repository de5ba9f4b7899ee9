/** Owns arithmetic on a shell's variables: reading and writing them as numbers, and what a failure does to the shell. */
import { ShellError } from "../../state/errors.ts";
import { endStatus } from "../../state/shell.ts";
import type { Shell } from "../../state/shell.ts";
import { ArithmeticError, compileArithmetic } from "./arithmetic.ts";
import type { ArithmeticScope } from "./arithmetic.ts";
import type { Int } from "./integer.ts";

const plainNumber = /^-?(?:0|[1-9][0-9]{0,14})$/;
const depthMax = 256;

class Scope implements ArithmeticScope {
  private readonly sh: Shell;
  private depth = 0;
  constructor(sh: Shell) {
    this.sh = sh;
  }
  private key(name: string, subscript: string): string {
    return this.sh.vars.isMap(name) ? unquote(subscript) : String(this.value(subscript));
  }
  value(text: string): Int {
    if (plainNumber.test(text)) return Number(text);
    if (++this.depth > depthMax) throw new ArithmeticError(`expression recursion level exceeded (error token is "${text}")`);
    const result = compileArithmetic(text)(this);
    this.depth--;
    return result;
  }
  readonly read = (name: string, subscript: string | undefined): Int => {
    const { vars } = this.sh;
    const text = subscript === undefined ? vars.get(name) : vars.getElement(name, this.key(name, subscript));
    if (text === undefined) {
      if (this.sh.options.nounset && this.sh.dialect === "bash") throw new ShellError(`${name}: unbound variable`, "shell", endStatus(this.sh));
      return 0;
    }
    if (this.sh.dialect === "sh" && !/^\s*(?:[-+]?(?:0[xX][0-9a-fA-F]+|\d+))?\s*$/.test(text)) throw new ShellError(`Illegal number: ${text}`, "shell", 2);
    return text === "" ? 0 : this.value(text);
  };
  readonly write = (name: string, subscript: string | undefined, value: Int): void => {
    if (subscript === undefined) this.sh.vars.set(name, String(value));
    else this.sh.vars.setElement(name, this.key(name, subscript), String(value));
  };
}
const unquote = (text: string): string => text.replace(/^(["'])([^]*)\1$/, "$2");
const scopes = new WeakMap<Shell, Scope>();

/** dash has no ++, --, comma, power or base#digits, and holds constants at the largest number. */
const posixOnly = (text: string): string => {
  if (/(?:\+\+|--)\s*[A-Za-z_]|[A-Za-z_]\w*\s*(?:\+\+|--)(?!\s*[\w(])|\*\*/.test(text)) throw new ArithmeticError("expecting primary");
  if (/,|#/.test(text)) throw new ArithmeticError("expecting EOF");
  return text.replace(/(?<![\w.])\d{19,}(?!\w)/g, (digits) => (BigInt(digits) > 9223372036854775807n ? "9223372036854775807" : digits));
};
/** Evaluates an expression whose expansions are done. Throws `ArithmeticError`. */
export const evaluateRaw = (sh: Shell, text: string): Int => {
  if (plainNumber.test(text)) return Number(text);
  if (sh.dialect === "sh") text = posixOnly(text);
  let scope = scopes.get(sh);
  if (scope === undefined) scopes.set(sh, (scope = new Scope(sh)));
  return compileArithmetic(text)(scope);
};

/** As `evaluateRaw`; a failure says so in bash's words and drops the line (dash: ends the shell). */
export const evaluate = (sh: Shell, text: string): Int => {
  try {
    return evaluateRaw(sh, text);
  } catch (error) {
    if (!(error instanceof ArithmeticError)) throw error;
    const shown = text.trim();
    if (sh.dialect === "sh") throw new ShellError(`arithmetic expression: ${error.message}: "${shown}"`, "shell", 2);
    throw new ShellError(`${shown}: ${error.message}`, "line", 1);
  }
};
