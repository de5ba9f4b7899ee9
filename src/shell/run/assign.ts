/** Owns assignments: plain, to elements, compound, and as arguments of declarations. */
import { quoteListed } from "../expand/quote.ts";
import { fieldsOf, text } from "../expand/words.ts";
import type { Shell } from "../state/shell.ts";
import { settle } from "../state/thread.ts";
import type { Task } from "../state/thread.ts";
import { flags } from "../state/variables.ts";
import type { Assign, Word } from "../syntax/tree.ts";
import { quotedFromText } from "../syntax/lower.ts";
import { makeWord } from "../syntax/words.ts";

const emptyWord = makeWord("", []);

/** Elements of `( … )` into a list or map that was opened for them. */
function* assignElements(sh: Shell, assign: Assign): Task<void> {
  const elements = assign.elements ?? [];
  const values: { index: string | undefined; value: string; append: boolean }[] = [];
  for (const element of elements) {
    if (element.index !== undefined) {
      values.push({ index: yield* text(sh, element.index), value: yield* text(sh, element.value), append: element.append });
    } else for (const value of yield* fieldsOf(sh, [element.value])) values.push({ index: undefined, value, append: false });
  }
  const { name, next, isMap } = sh.vars.openCompound(assign.name, assign.append);
  if (isMap) return assignMap(sh, name, values);
  let at = next;
  for (const { index, value, append } of values) {
    if (index !== undefined) {
      const n = Number(sh.vars.evaluate(index));
      at = n < 0 ? sh.vars.entries(name).length + n : n;
    }
    sh.vars.setElement(name, String(at), value, append);
    at++;
  }
}
const assignMap = (sh: Shell, name: string, values: readonly { index: string | undefined; value: string; append: boolean }[]): void => {
  if (values.every((v) => v.index === undefined)) {
    for (let i = 0; i < values.length; i += 2) sh.vars.setElement(name, (values[i] as { value: string }).value, values[i + 1]?.value ?? "");
    return;
  }
  for (const { index, value, append } of values) if (index !== undefined) sh.vars.setElement(name, index, value, append);
};

/** Performs one assignment in the present scope. */
export function* performAssign(sh: Shell, assign: Assign): Task<void> {
  if (assign.elements !== undefined) return yield* assignElements(sh, assign);
  const word: Word = assign.value ?? emptyWord;
  if (assign.index !== undefined) {
    const index = yield* text(sh, assign.index);
    sh.vars.setElement(assign.name, index, yield* text(sh, word), assign.append);
  } else sh.vars.set(assign.name, yield* text(sh, word), assign.append);
  if (sh.options.allexport) sh.vars.declare(assign.name, flags.export, 0);
}

/** PS4, expanded; in bash its first character once for each level of substitution and eval. */
export function* tracePrompt(sh: Shell): Task<string> {
  const raw = sh.vars.get("PS4") ?? "+ ";
  const prompt = raw.includes("$") ? yield* text(sh, quotedFromText(raw, sh.dialect, "doc")) : raw;
  if (sh.dialect === "sh") return prompt;
  return prompt.slice(0, 1).repeat(sh.substitutionDepth + Math.max(sh.textDepth - 1, 0)) + prompt;
}
/** Shows an assignment for `set -x`. */
export function* traceAssign(sh: Shell, assign: Assign): Task<void> {
  const value = assign.elements === undefined ? (sh.vars.get(assign.name) ?? "") : assign.text.slice(assign.text.indexOf("=") + 1);
  const shown = assign.elements === undefined ? quoteListed(value) : value;
  const prompt = yield* tracePrompt(sh);
  yield* settle(sh.process.fds.get(2)?.writeText(`${prompt}${assign.name}=${shown}\n`));
}
