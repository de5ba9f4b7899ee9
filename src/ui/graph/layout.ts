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
  const ranks = orderRanks(steps, rankOf(steps));
  const cross = direction === "right" ? nodeHeight + 12 : nodeWidth + 12;
  const along = direction === "right" ? nodeWidth + 56 : nodeHeight + 34;
  const at = straighten(steps, ranks, cross);
  const least = Math.min(0, ...at.values());
  const nodes: Placed[] = ranks.flatMap((names, rank) => names.map((name, order) => {
    const c = margin + (at.get(name) ?? 0) - least;
    const a = margin + rank * along;
    return { name, rank, order, x: direction === "right" ? a : c, y: direction === "right" ? c : a };
  }));
  const byName = new Map(nodes.map((node) => [node.name, node]));
  return {
    nodes,
    wires: steps.flatMap((step) => step.depends.map((from) => wire(byName, from, step.name, direction))),
    width: Math.max(0, ...nodes.map((node) => node.x + nodeWidth)) + margin,
    height: Math.max(0, ...nodes.map((node) => node.y + nodeHeight)) + margin,
  };
};

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
  for (const step of steps) for (const from of step.depends) next.set(from, [...(next.get(from) ?? []), step.name]);
  return next;
};
const orderRanks = (steps: readonly Linked[], ranks: ReadonlyMap<string, number>): string[][] => {
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
  }
  return rows;
};
const mean = (names: readonly string[], places: ReadonlyMap<string, number>): number | undefined => {
  const found = names.map((name) => places.get(name)).filter((place) => place !== undefined);
  return found.length === 0 ? undefined : found.reduce((sum, place) => sum + place, 0) / found.length;
};
/** Cross-axis positions: towards the mean of neighbours, never closer than `gap`, order kept. */
const straighten = (steps: readonly Linked[], rows: readonly (readonly string[])[], gap: number): ReadonlyMap<string, number> => {
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
  }
  return at;
};
const wire = (nodes: ReadonlyMap<string, Placed>, from: string, to: string, direction: Direction): Wire => {
  const target = nodes.get(to);
  const source = nodes.get(from);
  if (target === undefined) return { from, to, path: "", unknown: true };
  const [x2, y2] = direction === "right" ? [target.x - 2, target.y + nodeHeight / 2] : [target.x + nodeWidth / 2, target.y - 2];
  const [x1, y1] = source === undefined
    ? direction === "right" ? [x2 - 40, y2 - 24] : [x2 - 40, y2 - 24]
    : direction === "right" ? [source.x + nodeWidth, source.y + nodeHeight / 2] : [source.x + nodeWidth / 2, source.y + nodeHeight];
  const bend = direction === "right" ? Math.max(24, (x2 - x1) / 2) : Math.max(16, (y2 - y1) / 2);
  const path = direction === "right" ? `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}` : `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
  return { from, to, path, unknown: source === undefined };
};
