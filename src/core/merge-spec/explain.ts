/**
 * Owns telling a merge: every difference, who made it, and its lines in each text. Says the same conflicts as the merge (M7); everything
 * else is what one side alone, or both alike, changed. Refuses to know choices.
 */
import type { Json } from "../value/json.ts";
import { entriesOf } from "./edits.ts";
import { mergeLines, type Lines } from "./lines.ts";
import { allTrees, rootPath, type MergeInput } from "./merge.ts";
import type { Entry, Place, Tree } from "./node.ts";
import { byKey, isEqual } from "./three-way.ts";

export type Maker = "mine" | "theirs" | "both" | "conflict";
export interface Difference {
  readonly path: string;
  readonly by: Maker;
  readonly base?: Json;
  readonly mine?: Json;
  readonly theirs?: Json;
  /** Where it stands; absent where it does not. */
  readonly lines: { readonly base?: Lines; readonly mine?: Lines; readonly theirs?: Lines };
}
type Texts = Pick<MergeInput, "base" | "mine" | "theirs">;

/** In the order of my text, what only they have after what it follows there. */
export const differences = (texts: Texts, by: "structure" | "lines" = "structure"): readonly Difference[] => {
  const trees = by === "structure" ? allTrees(texts) : undefined;
  if (trees === undefined) {
    const { conflicts } = mergeLines({ ...texts, base: texts.base ?? "" }, new Map());
    return conflicts.map(({ at, ...conflict }) => ({ ...conflict, by: "conflict", lines: at }));
  }
  const telling = tellingOf(texts);
  return trees.mine.flatMap((mine, i) => {
    const [b, t] = [trees.base?.[i], trees.theirs[i]];
    return t === undefined ? [] : differ(telling, { base: rooted(b), mine: rooted(mine), theirs: rooted(t) }, rootPath(i, trees.mine.length));
  });
};

type At = Pick<Entry, "place" | "node">;
interface Sides {
  readonly base: At | undefined;
  readonly mine: At | undefined;
  readonly theirs: At | undefined;
}
interface Telling {
  readonly base: (place: Place) => Lines;
  readonly mine: (place: Place) => Lines;
  readonly theirs: (place: Place) => Lines;
}
const rooted = <T extends Tree | undefined>(tree: T): T extends Tree ? At : undefined => (tree === undefined ? undefined : { place: tree.place, node: tree }) as T extends Tree ? At : undefined;

const differ = (telling: Telling, sides: Sides, path: string): readonly Difference[] => {
  const { base, mine, theirs } = sides;
  const [b, m, t] = [base?.node.value, mine?.node.value, theirs?.node.value];
  const [changedHere, changedThere] = [!isEqual(b, m), !isEqual(b, t)];
  if (!changedHere && !changedThere) return [];
  const inner = bothContainers(sides);
  if (inner !== undefined) return [...differEntries(telling, inner, path), ...movesOf(telling, inner, path)];
  const by: Maker = !changedThere ? "mine" : !changedHere ? "theirs" : isEqual(m, t) ? "both" : "conflict";
  return [difference(telling, sides, { path, by })];
};
const difference = (telling: Telling, { base, mine, theirs }: Sides, { path, by }: { readonly path: string; readonly by: Maker }): Difference => ({
  path, by,
  ...(base === undefined ? {} : { base: base.node.value }), ...(mine === undefined ? {} : { mine: mine.node.value }), ...(theirs === undefined ? {} : { theirs: theirs.node.value }),
  lines: {
    ...(base === undefined ? {} : { base: telling.base(base.place) }), ...(mine === undefined ? {} : { mine: telling.mine(mine.place) }), ...(theirs === undefined ? {} : { theirs: telling.theirs(theirs.place) }),
  },
});

interface Containers {
  readonly base: Tree | undefined;
  readonly mine: Tree;
  readonly theirs: Tree;
  readonly at: Sides;
}
/** Both sides, and the base where there is one, are maps, or lists by name: their entries tell more than the whole. */
const bothContainers = (at: Sides): Containers | undefined => {
  const [base, mine, theirs] = [at.base?.node, at.mine?.node, at.theirs?.node];
  if (mine === undefined || theirs === undefined || mine.type === "leaf" || mine.type !== theirs.type) return undefined;
  return base === undefined ? (at.base === undefined ? { base, mine, theirs, at } : undefined) : base.type === mine.type ? { base, mine, theirs, at } : undefined;
};
const differEntries = (telling: Telling, { base, mine, theirs }: Containers, path: string): readonly Difference[] => {
  const [inBase, inMine, inTheirs] = [byKey(base), byKey(mine), byKey(theirs)];
  const keys = [...entriesOf(mine).map((entry) => entry.key)];
  for (const side of [theirs, base]) {
    let after = -1;
    for (const { key } of entriesOf(side)) {
      const at = keys.indexOf(key);
      if (at >= 0) after = at;
      else keys.splice(++after, 0, key);
    }
  }
  return keys.flatMap((key) => differ(telling, { base: inBase.get(key), mine: inMine.get(key), theirs: inTheirs.get(key) }, path === "" ? key : `${path}/${key}`));
};
/** The order of a list of steps is a difference of its own. */
const movesOf = (telling: Telling, { base, mine, theirs, at }: Containers, path: string): readonly Difference[] => {
  if (mine.type !== "list" || base === undefined) return [];
  const shared = (tree: Tree): string[] => entriesOf(tree).map((entry) => entry.key).filter((key) => [base, mine, theirs].every((side) => byKey(side).has(key)));
  const [b, m, t] = [shared(base), shared(mine), shared(theirs)];
  const [changedHere, changedThere] = [!isEqual(b, m), !isEqual(b, t)];
  if (!changedHere && !changedThere) return [];
  const by: Maker = !changedThere ? "mine" : !changedHere ? "theirs" : isEqual(m, t) ? "both" : "conflict";
  const whole = difference(telling, at, { path: `${path}#order`, by });
  return [{ ...whole, base: b, mine: m, theirs: t }];
};

const tellingOf = (texts: Texts): Telling => ({ base: linesIn(texts.base ?? ""), mine: linesIn(texts.mine), theirs: linesIn(texts.theirs) });
const linesIn = (text: string): ((place: Place) => Lines) => {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  const lineOf = (offset: number): number => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
  return ({ from, to }) => ({ from: lineOf(from), to: lineOf(Math.max(from, to - 1)) });
};
