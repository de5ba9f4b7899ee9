/** Owns the judge of the sync simulation: what must hold after every step (P5, P8) and once everybody is at rest (P7, P9, P11). */
import type { Options, World } from "./state.ts";
import { closure, collectNow, copyOf, isDead, step, type Rules } from "./world.ts";

/** P5 and P8 now; undefined = holds. */
export const invariantBroken = (world: World): string | undefined => {
  if (world.bad !== undefined) return world.bad;
  const { server } = world;
  for (const [i, client] of world.clients.entries()) {
    const { head } = client;
    if (head.fetching || head.epoch !== server.head.chain.at(-1)?.id) continue;
    if (server.commits[head.token[0]] !== head.token[1] || server.commits[head.seen] === undefined) continue;
    for (const record of new Set([...Object.keys(server.rows), ...Object.keys(client.copy)])) {
      const there = server.rows[record];
      const here = client.copy[record];
      if (there !== undefined && there.ord <= head.seen && there.ord > 0 && (here === undefined ? !isDead(there) : here.ord !== there.ord))
        return `P5 client ${i} seen ${head.seen} row ${record} server ord ${there.ord} has ${here?.ord}`;
      if (there === undefined && here !== undefined && !isDead(here) && server.head.floor <= head.seen && here.ord <= head.seen)
        return `P5 client ${i} shows collected row ${record}`;
    }
  }
  return undefined;
};

const roundsMax = 14;
/** Lets everybody sync until nothing moves; undefined = at rest. */
export const settle = (rules: Rules, options: Options, world: World): string | undefined => {
  world.budget = { ...world.budget, net: 0, gc: 0 };
  const { server } = world;
  const isIdle = (): boolean => world.clients.every((c) =>
    c.offers.length === 0 && c.head.inflight === undefined && c.own.length === 0 && !c.head.fetching &&
    c.head.cursor === server.head.ord && c.head.seen === server.head.ord);
  for (let round = 0; round < roundsMax; round++) {
    for (let i = 0; i < world.clients.length; i++) {
      settleOne(rules, options, world, i);
      const broken = invariantBroken(world);
      if (broken !== undefined) return broken;
    }
    if (isIdle()) return undefined;
  }
  return `not at rest: ${world.clients.map((c, i) => `${i} own ${c.own.length} cursor ${c.head.cursor}/${server.head.ord}`).join("; ")}`;
};
const settleOne = (rules: Rules, options: Options, world: World, i: number): void => {
  const client = (): World["clients"][number] | undefined => world.clients[i];
  const offersMax = 40;
  for (let n = 0; n < offersMax && (client()?.offers.length ?? 0) > 0; n++) step(rules, { ...options, symmetric: false }, world, ["offer", i]);
  for (let n = 0; n < 6 && step(rules, { ...options, symmetric: false }, world, ["push", i]); n++);
  for (let n = 0; n < 30; n++) {
    step(rules, { ...options, symmetric: false }, world, ["pull", i]);
    const c = client();
    if (c === undefined || c.offers.length > 0 || (c.head.cursor === world.server.head.ord && !c.head.fetching)) return;
  }
};

const signature = (row: { siblings: readonly { e: string; deleted: boolean }[] } | undefined): string =>
  row === undefined || isDead(row) ? "" : row.siblings.map((s) => s.e).sort().join();
const strict = (world: World, e: string): Set<string> => closure(world, world.saw[e] ?? []);
/** What an edit's author saw, not counting what only a delete that was collected and lost with the server could have told. */
const strictLive = (world: World, edit: string): Set<string> => {
  const out = new Set<string>();
  const todo = [...(world.saw[edit] ?? [])];
  while (todo.length > 0) {
    const e = todo.pop();
    if (e === undefined || out.has(e)) continue;
    out.add(e);
    if (world.isDelete[e] && !world.server.log[e]) continue;
    todo.push(...(world.saw[e] ?? []));
  }
  return out;
};

/** The end-of-run properties; undefined = all hold. */
export const oracle = (rules: Rules, options: Options, world: World): string | undefined =>
  divergence(rules, options, world) ?? lostEdit(world) ?? staleHead(options, world) ?? revival(options, world) ?? disturbed(options, world);

const divergence = (rules: Rules, options: Options, world: World): string | undefined => {
  for (const [record, row] of Object.entries(world.server.rows))
    if (new Set(row.siblings.map((s) => s.e)).size < row.siblings.length) return `duplicate: same edit twice on ${record}`;
  for (const [i, client] of world.clients.entries())
    for (const record of options.records) {
      const mine = signature(rules.own.view(client.copy[record], client.own, rules.client.numbering(client.head), record));
      const theirs = signature(world.server.rows[record]);
      if (mine !== theirs) return `diverge: client ${i} ${record} shows [${mine}] server [${theirs}]`;
    }
  return undefined;
};
const lostEdit = (world: World): string | undefined => {
  const heads = Object.values(world.server.rows).flatMap((row) => row.siblings.map((s) => s.e as string));
  const told = world.clients.flatMap((c) => [...c.recovered.map((r) => r.e as string), ...Object.values(c.ghosts).flat()]);
  const accounted = closure(world, [...heads, ...world.server.collected, ...told]);
  const lost = Object.keys(world.saw).find((e) => !world.destroyed[e] && !accounted.has(e));
  return lost === undefined ? undefined : `lost edit ${lost}${world.isDelete[lost] ? " (delete)" : ""}`;
};
const staleHead = (options: Options, world: World): string | undefined => {
  const heads = Object.values(world.server.rows).flatMap((row) => row.siblings.map((s) => ({ record: row.record, e: s.e as string })));
  if (!options.staleAllowed)
    for (const newer of heads) {
      const seen = strictLive(world, newer.e);
      const old = heads.find((h) => h.record === newer.record && h.e !== newer.e && seen.has(h.e));
      if (old !== undefined) return `stale: ${old.e} shown beside ${newer.e} which saw it`;
    }
  for (const tomb of world.server.collected) {
    const seen = strict(world, tomb);
    const back = heads.find((h) => seen.has(h.e));
    if (back !== undefined) return `resurrected: ${back.e} was deleted by collected ${tomb}`;
  }
  return undefined;
};
/** A collected delete may not be undone by blind edits alone (P9). */
const revival = (options: Options, world: World): string | undefined => {
  if (!options.noRevive) return undefined;
  for (const [record, row] of Object.entries(world.server.rows)) {
    const live = row.siblings.filter((s) => !world.isDelete[s.e]).map((s) => s.e as string);
    if (live.length > 0 && live.length === row.siblings.length && live.every((e) => isBlindRevival(world, record, e)))
      return `revived in silence: ${live.join()} on ${record}`;
  }
  return undefined;
};
const isBlindRevival = (world: World, record: string, e: string): boolean =>
  !world.made[e] && world.server.collected.some((tomb) => {
    if (world.recordOf[tomb] !== record) return false;
    const tombSaw = strict(world, tomb);
    const mine = closure(world, [e]);
    if (tombSaw.has(e) || mine.has(tomb) || ![...strict(world, e)].some((x) => tombSaw.has(x))) return false;
    const tombClosure = closure(world, [tomb]);
    return ![...mine].some((x) => world.made[x] && !tombClosure.has(x));
  });
const disturbed = (options: Options, world: World): string | undefined => {
  if (options.noSetAside && world.setAside.length > 0) return `active replica lost its place: ${world.setAside[0]?.e} set aside although nobody was retired`;
  if (options.noFork && world.counts.fork > 0) return "fork without clone or rollback";
  if (options.noRebase && world.counts.rebase > 0) return "re-base forced on an active replica";
  return undefined;
};

/** The whole check of a state: the invariant now, and correctness if faults stop here, then once more after a last collection. */
export const verdict = (rules: Rules, options: Options, at: World): string | undefined => {
  const now = invariantBroken(at);
  if (now !== undefined) return now;
  const world = copyOf(at);
  try {
    const rest = settle(rules, options, world) ?? oracle(rules, options, world);
    if (rest !== undefined) return rest;
    if (!collectNow(rules, world)) return undefined;
    const after = settle(rules, options, world) ?? oracle(rules, options, world);
    return after === undefined ? undefined : `after final collection: ${after}`;
  } catch (error) {
    return `exception ${error instanceof Error ? error.message : String(error)}`;
  }
};
