/**
 * Owns where steps stand: Kahn ranks by longest path, barycentre sweeps against crossings, then a few passes that straighten edges.
 * Pure and bounded; a cycle is drawn, not refused: what Kahn cannot reach stands in the last ranks. Units: px, node centre lines apart.
 */
export interface Placed {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly rank: number;
  readonly order: number;
}
export interface Wire {
  readonly from: string;
  readonly to: string;
  /** SVG path. */
  readonly path: string;
  /** The step named in `depends` does not exist; `from` is drawn as a stub. */
  readonly unknown: boolean;
}
export interface Layout {
  readonly nodes: readonly Placed[];
  readonly wires: readonly Wire[];
  readonly width: number;
  readonly height: number;
}
export interface Linked {
  readonly name: string;
  readonly depends: readonly string[];
}
export type Direction = "right" | "down";
export const nodeWidth = 148;
export const nodeHeight = 44;
const margin = 14;
const sweeps = 8;

export const layOut = (steps: readonly Linked[], direction: Direction): Layout => {
  const work = layOutInSteps(steps, direction);
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
};
/** The same, a slice at a time, so that the page stays awake; answers a function that stops. */
export const layOutGently = (steps: readonly Linked[], direction: Direction, tell: (layout: Layout) => void): (() => void) => {
  const work = layOutInSteps(steps, direction);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const slice = (): void => {
    const until = performance.now() + sliceMs;
    do {
      const { done, value } = work.next();
      if (done === true) return tell(value);
    } while (performance.now() < until);
    timer = setTimeout(slice, 0);
  };
  slice();
  return () => clearTimeout(timer);
};
const sliceMs = 8;

/** Rests between passes; each pass is linear in steps and edges. */
function* layOutInSteps(steps: readonly Linked[], direction: Direction): Generator<void, Layout> {
  const { links, ranks, bends } = withBends(steps, rankOf(steps));
  yield;
  const rows = yield* orderRanks(links, ranks);
  const cross = direction === "right" ? nodeHeight + 12 : nodeWidth + 12;
  const along = direction === "right" ? nodeWidth + 56 : nodeHeight + 34;
  const at = yield* straighten(links, rows, cross);
  const least = Math.min(0, ...at.values());
  const placed: Placed[] = rows.flatMap((names, rank) => names.map((name, order) => {
    const c = margin + (at.get(name) ?? 0) - least;
    const a = margin + rank * along;
    return { name, rank, order, x: direction === "right" ? a : c, y: direction === "right" ? c : a };
  }));
  const byName = new Map(placed.map((node) => [node.name, node]));
  const nodes = placed.filter((node) => !node.name.startsWith(bendMark));
  return {
    nodes,
    wires: steps.flatMap((step) => step.depends.map((from) => wire(byName, [from, ...(bends.get(`${from}\n${step.name}`) ?? []), step.name], direction))),
    width: Math.max(0, ...nodes.map((node) => node.x + nodeWidth)) + margin,
    height: Math.max(0, ...nodes.map((node) => node.y + nodeHeight)) + margin,
  };
}

/** Longest path from a root; members of a cycle come after all others, in the order written. */
const rankOf = (steps: readonly Linked[]): ReadonlyMap<string, number> => {
  const known = new Set(steps.map((step) => step.name));
  const waits = new Map(steps.map((step) => [step.name, step.depends.filter((name) => known.has(name)).length]));
  const next = successors(steps);
  const ranks = new Map<string, number>();
  const ready = steps.filter((step) => waits.get(step.name) === 0).map((step) => step.name);
  for (const name of ready) ranks.set(name, 0);
  for (let at = 0; at < ready.length; at += 1) {
    const name = ready[at] ?? "";
    for (const to of next.get(name) ?? []) {
      ranks.set(to, Math.max(ranks.get(to) ?? 0, (ranks.get(name) ?? 0) + 1));
      const left = (waits.get(to) ?? 0) - 1;
      waits.set(to, left);
      if (left === 0) ready.push(to);
    }
  }
  const done = new Set(ready);
  let last = Math.max(-1, ...ranks.values());
  for (const step of steps) if (!done.has(step.name)) ranks.set(step.name, (last += 1));
  return ranks;
};
export const successors = (steps: readonly Linked[]): ReadonlyMap<string, readonly string[]> => {
  const next = new Map<string, string[]>();
  for (const step of steps) {
    for (const from of step.depends) {
      const list = next.get(from);
      if (list === undefined) next.set(from, [step.name]);
      else list.push(step.name);
    }
  }
  return next;
};
/** A long edge gets one empty place in each rank it crosses, so that no node stands on it. */
const bendMark = "\n";
const bendsMax = 2000;
const withBends = (steps: readonly Linked[], ranks: ReadonlyMap<string, number>): { links: readonly Linked[]; ranks: ReadonlyMap<string, number>; bends: ReadonlyMap<string, readonly string[]> } => {
  const all = new Map(ranks);
  const links: Linked[] = [];
  const bends = new Map<string, readonly string[]>();
  let used = 0;
  for (const step of steps) {
    const depends = step.depends.map((from) => {
      const [start, end] = [ranks.get(from) ?? 0, ranks.get(step.name) ?? 0];
      if (!ranks.has(from) || end - start < 2 || used > bendsMax) return from;
      const chain = Array.from({ length: end - start - 1 }, (_, n) => `${bendMark}${from}\n${step.name}\n${n}`);
      chain.forEach((name, n) => {
        all.set(name, start + 1 + n);
        links.push({ name, depends: [chain[n - 1] ?? from] });
      });
      used += chain.length;
      bends.set(`${from}\n${step.name}`, chain);
      return chain.at(-1) ?? from;
    });
    links.push({ name: step.name, depends });
  }
  return { links, ranks: all, bends };
};
function* orderRanks(steps: readonly Linked[], ranks: ReadonlyMap<string, number>): Generator<void, string[][]> {
  const rows: string[][] = [];
  for (const step of steps) (rows[ranks.get(step.name) ?? 0] ??= []).push(step.name);
  for (let rank = 0; rank < rows.length; rank += 1) rows[rank] ??= [];
  const before = new Map(steps.map((step) => [step.name, step.depends]));
  const after = successors(steps);
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const down = sweep % 2 === 0;
    const places = new Map<string, number>();
    for (const row of rows) row.forEach((name, order) => places.set(name, order));
    for (const row of down ? rows : rows.toReversed()) {
      const wish = new Map(row.map((name, order) => [name, mean((down ? before : after).get(name) ?? [], places) ?? order]));
      row.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0));
      row.forEach((name, order) => places.set(name, order));
    }
    yield;
  }
  return rows;
}
const mean = (names: readonly string[], places: ReadonlyMap<string, number>): number | undefined => {
  const found = names.map((name) => places.get(name)).filter((place) => place !== undefined);
  return found.length === 0 ? undefined : found.reduce((sum, place) => sum + place, 0) / found.length;
};
/** Cross-axis positions: towards the mean of neighbours, never closer than `gap`, order kept. */
function* straighten(steps: readonly Linked[], rows: readonly (readonly string[])[], gap: number): Generator<void, ReadonlyMap<string, number>> {
  const at = new Map<string, number>();
  for (const row of rows) row.forEach((name, order) => at.set(name, order * gap));
  const before = new Map(steps.map((step) => [step.name, step.depends]));
  const after = successors(steps);
  for (let pass = 0; pass < 6; pass += 1) {
    const down = pass % 2 === 0;
    for (const row of down ? rows : rows.toReversed()) {
      const wish = row.map((name) => mean((down ? before : after).get(name) ?? [], at) ?? at.get(name) ?? 0);
      const forth: number[] = [];
      wish.forEach((value, order) => forth.push(order === 0 ? value : Math.max(value, (forth[order - 1] ?? 0) + gap)));
      const back: number[] = [];
      for (let order = wish.length - 1; order >= 0; order -= 1) back[order] = order === wish.length - 1 ? wish[order] ?? 0 : Math.min(wish[order] ?? 0, (back[order + 1] ?? 0) - gap);
      row.forEach((name, order) => at.set(name, ((forth[order] ?? 0) + (back[order] ?? 0)) / 2));
    }
    yield;
  }
  return at;
}
const wire = (nodes: ReadonlyMap<string, Placed>, names: readonly string[], direction: Direction): Wire => {
  const from = names[0] ?? "";
  const to = names.at(-1) ?? "";
  const target = nodes.get(to);
  if (target === undefined) return { from, to, path: "", unknown: true };
  const [endX, endY] = direction === "right" ? [target.x - 2, target.y + nodeHeight / 2] : [target.x + nodeWidth / 2, target.y - 2];
  const source = nodes.get(from);
  if (source === undefined) return { from, to, path: curve([endX - 40, endY - 24], [endX, endY], direction), unknown: true };
  let at: Point = direction === "right" ? [source.x + nodeWidth, source.y + nodeHeight / 2] : [source.x + nodeWidth / 2, source.y + nodeHeight];
  let path = "";
  for (const name of names.slice(1, -1)) {
    const bend = nodes.get(name);
    if (bend === undefined) continue;
    const [enter, leave]: [Point, Point] = direction === "right"
      ? [[bend.x, bend.y + nodeHeight / 2], [bend.x + nodeWidth, bend.y + nodeHeight / 2]] : [[bend.x + nodeWidth / 2, bend.y], [bend.x + nodeWidth / 2, bend.y + nodeHeight]];
    path += `${curve(at, enter, direction)}L${leave[0]} ${leave[1]}`;
    at = leave;
  }
  return { from, to, path: path + curve(at, [endX, endY], direction), unknown: false };
};
type Point = readonly [number, number];
const curve = ([x1, y1]: Point, [x2, y2]: Point, direction: Direction): string => {
  const bend = direction === "right" ? Math.max(20, (x2 - x1) / 2) : Math.max(14, (y2 - y1) / 2);
  return direction === "right" ? `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}` : `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
};
