/** Owns the body of csplit: pieces between line numbers and matches. */
import type { Run } from "../option/declare.ts";
import { Stop } from "../option/declare.ts";
import { createMatcher } from "../regex/match.ts";
import { encode, isUtf8Locale } from "../stream/bytes.ts";
import { readOperand, toLines } from "../stream/input.ts";

interface Cut {
  readonly shown: string;
  readonly line?: number;
  readonly matches?: (line: string) => boolean;
  readonly offset: number;
  /** `%…%`: what comes before is not written. */
  readonly drops: boolean;
}
const readCut = (run: Run, text: string): Cut => {
  if (/^\d+$/.test(text)) return { shown: text, line: Number(text), offset: 0, drops: false };
  const match = /^([/%])([^]*)\1([-+]?\d+)?$/.exec(text);
  if (match === null) throw new Stop(1, `'${text}': invalid pattern`);
  const matcher = createMatcher(match[2] as string, { flavor: "basic", escapes: false, utf8: isUtf8Locale(run.proc.env) });
  return { shown: text, matches: (line) => matcher.test(line), offset: Number(match[3] ?? 0), drops: match[1] === "%" };
};
/** Cuts with their repetitions: Infinity for `{*}`. */
const readCuts = (run: Run, words: readonly string[]): { readonly cut: Cut; readonly more: number }[] => {
  const cuts: { readonly cut: Cut; readonly more: number }[] = [];
  for (const word of words) {
    const times = /^\{(\d+|\*)\}$/.exec(word)?.[1];
    const last = cuts[cuts.length - 1];
    if (times !== undefined && last !== undefined) cuts[cuts.length - 1] = { cut: last.cut, more: times === "*" ? Infinity : Number(times) };
    else cuts.push({ cut: readCut(run, word), more: 0 });
  }
  return cuts;
};

export const csplit = async (run: Run): Promise<number> => {
  const { args, proc } = run;
  const [name, ...words] = args.operands;
  if (name === undefined || words.length === 0) return run.misuse(name === undefined ? "missing operand" : `missing operand after '${name}'`);
  const lines = toLines(await readOperand(run, name)).map((line) => `${line}\n`);
  const made: string[] = [];
  let at = 0;
  const write = async (from: number, to: number): Promise<void> => {
    const text = lines.slice(from, to).join("");
    if (text === "" && args.has("z")) return;
    const path = `${args.last("f") ?? "xx"}${String(made.length).padStart(Number(args.last("n") ?? 2), "0")}`;
    const file = await proc.open(path, "w");
    await file.write(encode(text));
    await proc.close(file);
    made.push(path);
    if (!args.has("s")) run.out.text(`${text.length}\n`);
  };
  const next = ({ line, matches, offset }: Cut, round: number): number => {
    if (line !== undefined) return line * (round + 1) - 1 <= lines.length ? line * (round + 1) - 1 : -1;
    const found = lines.findIndex((text, i) => i >= (at === 0 ? 0 : at + 1) && matches?.(text.slice(0, -1)) === true);
    return found < 0 ? -1 : found + offset;
  };
  try {
    for (const { cut, more } of readCuts(run, words)) {
      for (let round = 0; round <= more; round++) {
        const to = next(cut, round);
        if (to < at || (cut.line !== undefined && to >= lines.length)) {
          if (more === Infinity) break;
          if (!cut.drops) await write(at, lines.length);
          throw new Stop(1, `'${cut.shown}': ${cut.line === undefined ? "match not found" : "line number out of range"}${round > 0 ? ` on repetition ${round}` : ""}`);
        }
        if (!cut.drops) await write(at, to);
        at = args.has("suppress-matched") ? to + 1 : to;
      }
    }
    await write(at, lines.length);
  } catch (error) {
    if (!args.has("k")) for (const path of made) await proc.fs.unlink(proc.resolve(path));
    throw error;
  }
  return 0;
};
