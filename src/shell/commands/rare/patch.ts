/** Owns the body of patch: unified diffs applied to files, with shifts and a little fuzz, as far as they fit. */
import { statOf } from "../files/tree.ts";
import type { Run } from "../option/declare.ts";
import { Stop } from "../option/declare.ts";
import { encode } from "../stream/bytes.ts";
import { readOperand } from "../stream/input.ts";

interface Hunk {
  readonly start: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly lead: number;
  readonly tail: number;
  readonly text: string;
}
interface FilePatch {
  readonly from: string;
  readonly to: string;
  readonly hunks: readonly Hunk[];
}

const hunkHead = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;
const readHunk = (lines: readonly string[], at: number, isReverse: boolean): { readonly hunk: Hunk; readonly next: number } => {
  const head = hunkHead.exec(lines[at] as string) as RegExpExecArray;
  let [old, fresh] = [Number(head[2] ?? 1), Number(head[4] ?? 1)];
  const before: string[] = [];
  const after: string[] = [];
  const marks: string[] = [];
  let i = at + 1;
  for (; i < lines.length && (old > 0 || fresh > 0 || lines[i]?.startsWith("\\") === true); i++) {
    const line = lines[i] as string;
    if (line.startsWith("\\")) {
      const last = marks[marks.length - 1];
      if (last !== "+") before[before.length - 1] = (before[before.length - 1] ?? "").replace(/\n$/, "");
      if (last !== "-") after[after.length - 1] = (after[after.length - 1] ?? "").replace(/\n$/, "");
      continue;
    }
    const mark = line === "" ? " " : (line[0] as string);
    if (mark !== "+") old--;
    if (mark !== "-") fresh--;
    if (mark !== "+") before.push(`${line.slice(1)}\n`);
    if (mark !== "-") after.push(`${line.slice(1)}\n`);
    marks.push(mark);
  }
  const lead = marks.findIndex((mark) => mark !== " ");
  const tail = [...marks].reverse().findIndex((mark) => mark !== " ");
  const start = Number(isReverse ? head[3] : head[1]);
  return { hunk: { start, before: isReverse ? after : before, after: isReverse ? before : after, lead, tail, text: lines.slice(at, i).join("\n") }, next: i };
};
const nameIn = (line: string): string => (line.slice(4).split("\t")[0] ?? "").trim();
const readPatch = (text: string, isReverse: boolean): FilePatch[] => {
  const lines = text.replace(/\n$/, "").split("\n");
  const found: { from: string; to: string; hunks: Hunk[] }[] = [];
  for (let i = 0; i < lines.length; ) {
    const line = lines[i] as string;
    if (line.startsWith("--- ") && lines[i + 1]?.startsWith("+++ ") === true) {
      const [from, to] = [nameIn(line), nameIn(lines[i + 1] as string)];
      found.push(isReverse ? { from: to, to: from, hunks: [] } : { from, to, hunks: [] });
      i += 2;
    } else if (hunkHead.test(line)) {
      const { hunk, next } = readHunk(lines, i, isReverse);
      if (found.length === 0) found.push({ from: "", to: "", hunks: [] });
      found[found.length - 1]?.hunks.push(hunk);
      i = next;
    } else i++;
  }
  return found;
};

/** Where a hunk fits nearest to where it should be; with less and less of its context. */
const place = (lines: readonly string[], hunk: Hunk, shift: number): { readonly at: number; readonly fuzz: number; readonly cut: readonly [number, number] } | undefined => {
  const wanted = (hunk.before.length === 0 ? hunk.start : hunk.start - 1) + shift;
  for (let fuzz = 0; fuzz <= 2; fuzz++) {
    const cut = [Math.min(fuzz, hunk.lead), Math.min(fuzz, hunk.tail)] as const;
    const body = hunk.before.slice(cut[0], hunk.before.length - cut[1]);
    const fits = (at: number): boolean => at >= 0 && at + body.length <= lines.length && body.every((line, i) => lines[at + i] === line);
    for (let distance = 0; distance <= lines.length; distance++) {
      for (const at of distance === 0 ? [wanted] : [wanted + distance, wanted - distance]) if (fits(at + cut[0])) return { at: at + cut[0], fuzz, cut };
    }
  }
  return undefined;
};

const strip = (name: string, count: number): string => {
  const parts = name.split("/").filter((part, i) => part !== "" || i === 0);
  return parts.slice(Math.min(count, parts.length - 1)).join("/");
};
const targetOf = async (run: Run, { from, to }: FilePatch): Promise<string> => {
  const given = run.args.operands[0];
  if (given !== undefined) return given;
  const count = run.args.last("p");
  const shorten = (name: string): string => (count === undefined ? name.slice(name.lastIndexOf("/") + 1) : strip(name, Number(count)));
  for (const name of [from, to]) if (name !== "/dev/null" && (await statOf(run, shorten(name))) !== undefined) return shorten(name);
  return shorten(to === "/dev/null" ? from : to);
};

const writeFile = async (run: Run, path: string, text: string): Promise<void> => {
  const file = await run.proc.open(path, "w");
  await file.write(encode(text));
  await run.proc.close(file);
};
interface Outcome {
  readonly lines: string[];
  readonly failed: readonly Hunk[];
}
const applyHunks = (run: Run, lines: string[], hunks: readonly Hunk[]): Outcome => {
  const failed: Hunk[] = [];
  let shift = 0;
  for (const [i, hunk] of hunks.entries()) {
    const found = place(lines, hunk, shift);
    if (found === undefined) {
      failed.push(hunk);
      run.out.text(`Hunk #${i + 1} FAILED at ${hunk.start}.\n`);
      continue;
    }
    const { at, fuzz, cut } = found;
    const moved = at - cut[0] - ((hunk.before.length === 0 ? hunk.start : hunk.start - 1) + shift);
    if ((moved !== 0 || fuzz > 0) && !run.args.has("s")) {
      run.out.text(`Hunk #${i + 1} succeeded at ${at - cut[0] + 1}${fuzz > 0 ? ` with fuzz ${fuzz}` : ""}${moved !== 0 ? ` (offset ${moved} line${Math.abs(moved) === 1 ? "" : "s"})` : ""}.\n`);
    }
    lines.splice(at, hunk.before.length - cut[0] - cut[1], ...hunk.after.slice(cut[0], hunk.after.length - cut[1]));
    shift += moved + hunk.after.length - hunk.before.length;
  }
  return { lines, failed };
};
const isApplied = (lines: readonly string[], hunks: readonly Hunk[]): boolean =>
  hunks.every((hunk) => place(lines, { ...hunk, before: hunk.after, after: hunk.before }, 0)?.fuzz === 0) && hunks.some((hunk) => place(lines, hunk, 0) === undefined);

const patchFile = async (run: Run, one: FilePatch): Promise<boolean> => {
  const { args, proc } = run;
  const path = await targetOf(run, one);
  const isNew = one.from === "/dev/null";
  const old = isNew && (await statOf(run, path)) === undefined ? "" : await readOperand(run, path);
  const lines = old.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  if (!args.has("s")) run.out.text(`${args.has("dry-run") ? "checking" : "patching"} file ${args.last("o") === undefined ? path : `${args.last("o") as string} (read from ${path})`}\n`);
  if (isApplied(lines, one.hunks)) {
    run.out.text(`Reversed (or previously applied) patch detected!  Skipping patch.\n${one.hunks.length} out of ${one.hunks.length} hunk${one.hunks.length === 1 ? "" : "s"} ignored${args.has("N") ? "" : ` -- saving rejects to file ${path}.rej`}\n`);
    return false;
  }
  const { lines: changed, failed } = applyHunks(run, lines, one.hunks);
  const dry = args.has("dry-run");
  if (failed.length > 0) {
    run.out.text(`${failed.length} out of ${one.hunks.length} hunk${one.hunks.length === 1 ? "" : "s"} FAILED${dry ? "" : ` -- saving rejects to file ${path}.rej`}\n`);
    if (!dry) await writeFile(run, `${path}.rej`, `--- ${one.from}\n+++ ${one.to}\n${failed.map((hunk) => `${hunk.text}\n`).join("")}`);
  }
  if (dry) return failed.length === 0;
  if (args.has("b") || failed.length > 0) await writeFile(run, `${path}.orig`, old);
  const text = changed.join("");
  if (text === "" && (one.to === "/dev/null" || args.has("E")) && !isNew) await proc.fs.unlink(proc.resolve(path));
  else await writeFile(run, args.last("o") ?? path, text);
  return failed.length === 0;
};

export const patch = async (run: Run): Promise<number> => {
  const { args } = run;
  const text = await readOperand(run, args.last("i") ?? args.operands[1] ?? "-", 2);
  const files = readPatch(text, args.has("R"));
  if (files.length === 0) throw new Stop(2, "**** Only garbage was found in the patch input.");
  let status = 0;
  for (const one of files) if (!(await patchFile(run, one))) status = 1;
  return status;
};
