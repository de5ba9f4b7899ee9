/** Owns the judge of the device simulation: completeness after every step (P5), and at rest convergence, no lost edit, no resurrection (P7, P9). */
import { dagId } from "../../../src/core/base/brand.ts";
import { isDead } from "../../../src/core/replica/row.ts";
import { dagsOf, keys, recordOf, saidBy, shownBy } from "./device.ts";
import type { World } from "./world.ts";

/** What the judge remembers; never shown to the code under test. */
export interface Told {
  /** Edit (its text, "delete 7", or an id) → what its author saw on that record. */
  readonly saw: Map<string, readonly string[]>;
  readonly record: Map<string, string>;
  /** Edits all of whose storage was destroyed. */
  readonly destroyed: Set<string>;
}
const closure = (told: Told, from: Iterable<string>): Set<string> => {
  const out = new Set<string>();
  const todo = [...from];
  for (let e = todo.pop(); e !== undefined; e = todo.pop()) {
    if (out.has(e)) continue;
    out.add(e);
    todo.push(...(told.saw.get(e) ?? []));
  }
  return out;
};
const textOf = (body: unknown): readonly string[] => (typeof body === "object" && body !== null && "description" in body ? [String(body.description)] : []);

/** Every text that some storage holds, and what those texts saw. */
export const held = async (world: World): Promise<Set<string>> => {
  const all: string[] = [...world.server.state.rows.values()].flatMap((row) => row.siblings.flatMap((s) => textOf(s.body)));
  for (const { store } of world.devices)
    await store.transact(async (tx) => {
      for (const row of await tx.replica.copyAll()) all.push(...row.siblings.flatMap((s) => textOf(s.body)));
      for (const offer of await tx.replica.offers()) all.push(...offer.siblings.flatMap((s) => textOf(s.body)));
      all.push(...(await tx.replica.own()).flatMap((one) => textOf(one.body)), ...(await tx.replica.recovered()).flatMap((one) => textOf(one.body)));
      all.push(...(await dagsOf(tx)).map((dag) => dag.description));
    }, { readonly: true });
  return closure(world.told, all);
};
/** Does a thing that may destroy storage, and remembers what only that storage held. */
export const noteDestroyed = async (world: World, act: () => Promise<void>): Promise<void> => {
  const before = await held(world);
  await act();
  const after = await held(world);
  for (const e of before) if (!after.has(e)) world.told.destroyed.add(e);
};

/** P5 now; undefined = holds. */
export const brokenNow = async (world: World): Promise<string | undefined> => {
  const { state } = world.server;
  for (const [n, { store }] of world.devices.entries()) {
    const { head, copy } = await store.transact(async (tx) => ({ head: await tx.replica.head(), copy: await tx.replica.copyAll() }), { readonly: true });
    if (head === undefined || head.fetching || head.epoch !== state.head.chain.at(-1)?.id || state.commits.get(head.token[0]) !== head.token[1]) continue;
    const here = new Map(copy.map((row) => [row.record, row]));
    for (const row of state.rows.values()) {
      const mine = here.get(row.record);
      if (row.ord <= head.seen && (mine === undefined ? !isDead(row) : mine.ord !== row.ord)) return `P5 device ${n} seen ${head.seen}: ${row.record} is ${row.ord} there, ${mine?.ord} here`;
    }
  }
  return undefined;
};

/** At rest; undefined = all hold. */
export const brokenAtRest = async (world: World): Promise<string | undefined> => (await diverged(world)) ?? (await lost(world)) ?? resurrected(world);

const diverged = async (world: World): Promise<string | undefined> => {
  const { state } = world.server;
  for (const [n, { store }] of world.devices.entries())
    for (const key of keys) {
      const there = state.rows.get(recordOf(key));
      const { shown, row } = await store.transact(async (tx) => ({ shown: await shownBy(tx, key), row: await tx.dag(dagId(key)) }), { readonly: true });
      const sorted = (siblings: typeof shown): string => siblings.every((s) => s.deleted) ? "" : siblings.map((s) => s.e).sort().join();
      if (sorted(shown) !== sorted(there?.siblings ?? [])) return `device ${n} shows [${sorted(shown)}] of ${key}, the server has [${sorted(there?.siblings ?? [])}]`;
      const live = shown.flatMap((s) => saidBy(s) ?? []);
      const drawn = row === undefined || row.deletedAt !== undefined ? undefined : row.description;
      if (drawn === undefined ? live.length > 0 : !live.includes(drawn)) return `device ${n} draws "${drawn}" of ${key}, its view holds [${live.join()}]`;
    }
  return undefined;
};
const lost = async (world: World): Promise<string | undefined> => {
  const { told } = world;
  const live = [...world.server.state.rows.values()].flatMap((row) => row.siblings.flatMap((s) => saidBy(s) ?? []));
  const kept: string[] = [];
  for (const { store } of world.devices) kept.push(...(await store.transact((tx) => tx.replica.recovered(), { readonly: true })).flatMap((item) => textOf(item.body)));
  const deletes = [...told.saw.keys()].filter((name) => name.startsWith("delete"));
  const accounted = closure(told, [...live, ...kept, ...deletes]);
  const gone = [...told.saw.keys()].find((name) => name.startsWith("text") && !accounted.has(name) && !told.destroyed.has(name));
  return gone === undefined ? undefined : `lost: ${gone}`;
};
/** Where no identity was ever in doubt, nothing is shown beside what followed it. */
const resurrected = (world: World): string | undefined => {
  if (world.disturbed) return undefined;
  for (const row of world.server.state.rows.values()) {
    const live = row.siblings.flatMap((s) => saidBy(s) ?? []);
    for (const text of live) {
      const older = live.find((other) => other !== text && closure(world.told, world.told.saw.get(text) ?? []).has(other));
      if (older !== undefined) return `"${older}" is shown beside "${text}", whose author saw it`;
    }
  }
  return undefined;
};
