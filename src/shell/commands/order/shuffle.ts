/** Owns shuf and tsort: a random order, and an order that respects pairs. */
import { defineCommand, Stop, type Run } from "../option/declare.ts";
import { decode, encode } from "../stream/bytes.ts";
import { readOperand, toLines } from "../stream/input.ts";

/** Uniform integers below `bound`; from the bytes of `source` when given, else from the platform. */
const createPick = (source: string | undefined): ((bound: number) => number) => {
  let at = 0;
  return (bound) => {
    if (source !== undefined && source.length > 0) {
      let value = 0;
      for (let i = 0; i < 4; i++) value = value * 256 + source.charCodeAt(at++ % source.length);
      return value % bound;
    }
    const random = crypto.getRandomValues(new Uint32Array(2));
    return Number(((BigInt(random[0]!) << 32n) | BigInt(random[1]!)) % BigInt(bound));
  };
};

const candidates = async (run: Run, end: string): Promise<string[]> => {
  const range = run.args.last("i");
  if (range !== undefined) {
    const match = /^(\d+)-(\d+)$/.exec(range);
    if (match === null) throw new Stop(1, `invalid input range: '${range}'`);
    const [from, to] = [Number(match[1]), Number(match[2])];
    if (to < from - 1) throw new Stop(1, `invalid input range: '${range}'`);
    return Array.from({ length: to - from + 1 }, (_, i) => String(from + i));
  }
  if (run.args.has("e")) return [...run.args.operands];
  return toLines(await readOperand(run, run.args.operands[0] ?? "-"), end);
};

export const shuf = defineCommand(
  {
    name: "shuf",
    en: "Print lines in random order.",
    zh: "以随机顺序输出各行。",
    synopsis: "[OPTION]... [FILE]",
    options: [
      ["-e, --echo", "the operands are the lines", "把参数当作行"],
      ["-i, --input-range=LO-HI", "the numbers LO to HI are the lines", "把 LO 到 HI 的数当作行"],
      ["-n, --head-count=COUNT", "at most COUNT lines", "最多 COUNT 行"],
      ["-o, --output=FILE", "write to FILE", "写入 FILE"],
      ["--random-source=FILE", "take random bytes from FILE", "从 FILE 取随机字节"],
      ["-r, --repeat", "lines may come again", "行可以重复出现"],
      ["-z, --zero-terminated", "lines end with NUL", "以 NUL 结束一行"],
    ],
  },
  async (run) => {
    const end = run.args.has("z") ? "\0" : "\n";
    const lines = await candidates(run, end);
    const source = run.args.last("random-source");
    const pick = createPick(source === undefined ? undefined : decode((await (await run.proc.open(source, "r")).read(65_536)) ?? new Uint8Array()));
    const count = Number(run.args.last("n") ?? (run.args.has("r") ? Infinity : lines.length));
    if (Number.isNaN(count)) throw new Stop(1, `invalid line count: '${run.args.last("n")}'`);
    if (run.args.has("r")) {
      if (lines.length === 0) throw new Stop(1, "no lines to repeat");
      for (let i = 0; i < count; i++) {
        run.out.text(lines[pick(lines.length)] + end);
        if (i % 256 === 0) await run.proc.tick(1);
        await run.out.drain();
      }
      return 0;
    }
    const most = Math.min(count, lines.length);
    for (let i = 0; i < most; i++) {
      const other = i + pick(lines.length - i);
      [lines[i], lines[other]] = [lines[other]!, lines[i]!];
    }
    const text = lines.slice(0, most).map((line) => line + end).join("");
    const target = run.args.last("o");
    if (target === undefined) run.out.text(text);
    else await (await run.proc.open(target, "w")).write(encode(text));
    return 0;
  },
);

interface Node {
  readonly name: string;
  /** How many others must come before. */
  before: number;
  readonly after: string[];
}

const buildGraph = (words: readonly string[]): Map<string, Node> => {
  const nodes = new Map<string, Node>();
  const node = (name: string): Node => {
    const known = nodes.get(name) ?? { name, before: 0, after: [] };
    nodes.set(name, known);
    return known;
  };
  for (let i = 0; i < words.length; i += 2) {
    const from = node(words[i]!);
    const to = node(words[i + 1]!);
    if (from === to) continue;
    to.before++;
    from.after.unshift(to.name);
  }
  return nodes;
};

/** The names of one circle among what is left. */
const findLoop = (nodes: ReadonlyMap<string, Node>): string[] => {
  const path: string[] = [];
  let name: string | undefined = [...nodes.keys()].sort()[0];
  const parentOf = (child: string): string | undefined => [...nodes.values()].find((node) => node.after.includes(child))?.name;
  while (name !== undefined && !path.includes(name)) {
    path.push(name);
    name = parentOf(name);
  }
  return name === undefined ? path : path.slice(path.indexOf(name)).reverse();
};

export const tsort = defineCommand(
  {
    name: "tsort",
    en: "Order words so that each pair's first comes before its second.",
    zh: "拓扑排序：每对中前者先于后者。",
    synopsis: "[FILE]",
  },
  async (run) => {
    const name = run.args.operands[0] ?? "-";
    const words = (await readOperand(run, name)).split(/[ \t\n]+/).filter(Boolean);
    if (words.length % 2 === 1) throw new Stop(1, `${name}: input contains an odd number of tokens`);
    const nodes = buildGraph(words);
    let status = 0;
    let ready = [...nodes.values()].filter((node) => node.before === 0).sort((a, b) => (a.name < b.name ? -1 : 1));
    while (nodes.size > 0) {
      while (ready.length > 0) {
        const node = ready.shift()!;
        run.out.text(`${node.name}\n`);
        nodes.delete(node.name);
        for (const next of node.after) if (--nodes.get(next)!.before === 0) ready.push(nodes.get(next)!);
      }
      if (nodes.size === 0) break;
      const loop = findLoop(nodes);
      status = 1;
      await run.warn(`${name}: input contains a loop:`);
      for (const member of loop) await run.warn(member);
      const last = nodes.get(loop.at(-1)!)!;
      const cut = last.after.indexOf(loop[0]!);
      if (cut >= 0) last.after.splice(cut, 1);
      const freed = nodes.get(loop[0]!)!;
      if (--freed.before <= 0) ready = [freed];
    }
    return status;
  },
);
