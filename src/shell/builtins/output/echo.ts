/** Owns `echo`: bash's with -n -e -E, dash's which always reads escapes. */
import { encodePoint } from "../../bytes.ts";
import type { Shell } from "../../state/shell.ts";
import type { Task } from "../../state/thread.ts";
import { info, say } from "../entry.ts";
import type { Builtin } from "../entry.ts";

const simple: Readonly<Record<string, string>> = { a: "\x07", b: "\b", e: "\x1b", E: "\x1b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "\\": "\\" };

/** Reads backslash escapes; `stopped` after `\c`. `octal` says how octal codes are written: `\0nnn` or also `\nnn`. */
export const readEscapes = (text: string, octal: "zero" | "any", bash: boolean): { readonly text: string; readonly stopped: boolean } => {
  if (!text.includes("\\")) return { text, stopped: false };
  let result = "";
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    const next = text[i + 1];
    if (char !== "\\" || next === undefined) {
      result += char;
      continue;
    }
    i++;
    if (next === "c") return { text: result, stopped: true };
    const known = next === "E" && !bash ? undefined : simple[next];
    const code = known === undefined ? numeric(text, i, octal, bash) : undefined;
    if (known !== undefined) result += known;
    else if (code !== undefined) {
      result += code.value;
      i = code.end - 1;
    } else result += `\\${next}`;
  }
  return { text: result, stopped: false };
};
const numeric = (text: string, at: number, octal: "zero" | "any", bash: boolean): { readonly value: string; readonly end: number } | undefined => {
  const rest = text.slice(at, at + 10);
  const digits = (octal === "any" ? /^(?:0[0-7]{1,3}|[1-7][0-7]{0,2}|0)/ : /^0[0-7]{0,3}/).exec(rest)?.[0];
  if (digits !== undefined) return { value: String.fromCharCode(parseInt(digits, 8) & 255), end: at + digits.length };
  if (!bash) return undefined;
  const hex = /^(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))/.exec(rest);
  if (hex === null) return undefined;
  const value = hex[1] !== undefined ? String.fromCharCode(parseInt(hex[1], 16)) : encodePoint(parseInt((hex[2] ?? hex[3]) as string, 16));
  return { value, end: at + hex[0].length };
};

const runEcho = (sh: Shell, args: readonly string[]): number | Task<number> => {
  const bash = sh.dialect === "bash";
  let escapes = !bash || sh.options.shopt("xpg_echo") === true;
  let newline = true;
  let from = 0;
  for (; from < args.length; from++) {
    const arg = args[from] as string;
    if (bash ? !/^-[neE]+$/.test(arg) : arg !== "-n" || from > 0) break;
    for (const letter of arg.slice(1)) {
      if (letter === "n") newline = false;
      else escapes = letter === "e";
    }
  }
  const words = from === 0 ? args.join(" ") : args.slice(from).join(" ");
  if (!escapes) return say(sh, newline ? words + "\n" : words);
  const { text, stopped } = readEscapes(words, "zero", bash);
  return say(sh, newline && !stopped ? text + "\n" : text);
};

export const echoBuiltins: readonly Builtin[] = [
  {
    ...info("echo", ["Write arguments to standard output", "将参数写到标准输出"], [
      ["-n", "no newline at the end", "结尾不换行"],
      ["-e", "read backslash escapes", "解释反斜杠转义"],
      ["-E", "leave backslashes alone", "不解释反斜杠转义"],
    ]),
    run: runEcho,
  },
];
