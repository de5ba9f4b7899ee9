/** Owns the way from a shell, JavaScript or Python script to a DAG of one step, arguments becoming params. */
import { dagNameOf, dagText, type Imported, type ImportNote } from "./document.ts";

const positionalMax = 9;

export const importScript = (text: string, fileName = "script"): Imported => {
  const notes: ImportNote[] = [];
  const name = dagNameOf(fileName.replace(/\.\w+$/, ""), "script");
  const body = text.replace(/\r\n/g, "\n").trim();
  const shebang = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(body);
  const program = shebang === null ? "sh" : (shebang[1]!.endsWith("/env") ? (shebang[2] ?? "sh") : shebang[1]!).split("/").at(-1)!;
  const isShell = /^(sh|bash|dash|zsh|ksh|ash)$/.test(program);
  const used = isShell ? argumentsOf(body) : 0;
  if (used > 0) notes.push({ code: "arguments", line: 1, message: `the script reads ${used} argument${used === 1 ? "" : "s"}: they are params now, without values`, values: { n: String(used) } });
  if (isShell && /\$[@*#]|"\$@"|\bshift\b|\bgetopts\b/.test(body)) notes.push({ code: "argument-list", line: lineOf(body, /\$[@*#]|\bshift\b|\bgetopts\b/), message: "a step gets no argument list; pass params by name instead" });
  if (shebang === null && isShell) notes.push({ code: "errexit", line: 1, message: "without a shebang the script stops at its first failing command" });
  if (isShell && /(^|[\s;&|])read\s/.test(body)) notes.push({ code: "stdin", line: lineOf(body, /(^|[\s;&|])read\s/), message: "a step has no keyboard: `read` finds an empty input unless something is piped in" });
  if (/\b(sudo|systemctl|docker|apt-get|brew)\b/.test(body)) notes.push({ code: "host-program", line: lineOf(body, /\b(sudo|systemctl|docker|apt-get|brew)\b/), message: "this calls a program of the machine, which a tab does not have" });
  const params = used === 0 ? undefined : Array.from({ length: used }, () => '""').join(" ");
  return { name, text: dagText({ name, params, steps: [{ name: "run", script: body }] }, `Imported from the script ${fileName}`), notes };
};
const argumentsOf = (body: string): number => {
  let most = 0;
  for (const match of body.matchAll(/\$(?:\{([1-9])\b|([1-9]))/g)) most = Math.max(most, Number(match[1] ?? match[2]));
  return Math.min(most, positionalMax);
};
const lineOf = (text: string, pattern: RegExp): number => text.slice(0, text.search(pattern) + 1).split("\n").length;
