/**
 * Owns the device simulation: real devices (the shipped store transactions of replication over the reference store), the shipped server over
 * plain data, a network that drops, doubles and delays, profiles that are copied and rolled back, a server that is restored. One seed,
 * one story. The judge is `oracle.ts`.
 */
import { dagId } from "../../../src/core/base/brand.ts";
import type { Answer, Request } from "../../../src/core/replica/protocol.ts";
import { decodeRequest } from "../../../src/core/replica/wire/decode.ts";
import { packRows, unpackRows } from "../../../src/core/replica/wire/pack.ts";
import { apply, cut, isFirst, join } from "../../../src/host/sync/session.ts";
import { answer, sweepTombstones } from "../../../src/server/replication.ts";
import type { Random } from "../random.ts";
import { copied, keys, newDevice, recordOf, remove, saidBy, shownBy, write, type Device } from "./device.ts";
import { noteDestroyed, type Told } from "./oracle.ts";
import { newSpace, restore, spacesOf, type SpaceState } from "./server.ts";

export interface Faults {
  readonly network: boolean;
  readonly clones: boolean;
  readonly rollbacks: boolean;
  readonly retirement: boolean;
  readonly restores: boolean;
  /** A restored server may be accepted as it is, by whoever notices (rule 34). */
  readonly older: boolean;
  /** The last device may read everything, and write only the first record. */
  readonly roles: boolean;
}
export interface World {
  readonly faults: Faults;
  readonly random: Random;
  readonly devices: Device[];
  readonly server: { state: SpaceState };
  readonly told: Told;
  readonly story: string[];
  readonly late: { readonly request: Request; readonly isReader: boolean }[];
  readonly images: Map<number, Device>;
  backup?: SpaceState;
  made: number;
  /** Some identity was in doubt: what was one edit may be shown beside what followed it. */
  disturbed: boolean;
}
const deviceCount = 3;
const devicesMax = 5;

export const newWorld = async (random: Random, faults: Faults): Promise<World> => {
  const world: World = {
    random, faults, devices: [], server: { state: newSpace("first") }, story: [], late: [], images: new Map(), made: 0, disturbed: false,
    told: { saw: new Map(), record: new Map(), destroyed: new Set() },
  };
  for (let n = 0; n < deviceCount; n++) {
    const device = newDevice();
    await join({ store: device.store, ids: idsOf(world) }, world.server.state.head.chain);
    world.devices.push(device);
  }
  return world;
};
const idsOf = (world: World) => ({ next: () => `id-${String(++world.made).padStart(6, "0")}`, random: world.random.unit });
const overWire = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** The server's answer as the client reads it, after a way over the wire both ways. */
const deliver = async (world: World, request: Request, isReader = false): Promise<Answer> => {
  const read = decodeRequest(overWire(request));
  if (!read.ok) throw new Error(`not a request: ${read.error.path} ${read.error.message}`);
  // Everything may be collected at once: the undo window is long past.
  const dep = { spaces: spacesOf(world.server), ids: idsOf(world), now: () => Number.MAX_SAFE_INTEGER };
  const answered = await answer(dep, { space: "sim", isAllowed: (edit) => !isReader || edit.record === recordOf(keys[0]) }, read.value);
  if (answered === undefined || typeof answered === "string") throw new Error("no such space");
  if (answered.type !== "page") return overWire(answered);
  const rows = unpackRows(overWire(packRows(answered.rows)));
  if (rows === undefined) throw new Error("a page that cannot be unpacked");
  return { ...overWire(answered), rows };
};
const take = async (world: World, device: Device, said: Answer): Promise<void> => {
  const before = said.type === "page" ? await ghostly(world, device) : new Map<string, readonly string[]>();
  const isOfLostServer = "proof" in said && world.server.state.commits.get(said.token[0]) !== said.token[1];
  const choice = world.faults.older && world.random.chance(0.5) ? "accept" : "offer";
  if (said.type === "restored" && choice === "accept") world.story.push("accepts the older history");
  const go = (): Promise<void> => apply({ store: device.store, ids: idsOf(world) }, said, choice);
  if (isOfLostServer || said.type === "restored") await noteDestroyed(world, go);
  else await go();
  if (said.type === "fork" || said.type === "restored") world.disturbed = true;
  if (said.type !== "page") return;
  for (const [key, edits] of before) if ((await shownBefore(device, key)).length === 0) device.ghosts[key] = [...(device.ghosts[key] ?? []), ...edits];
};
const shownBefore = (device: Device, key: string) => device.store.transact((tx) => shownBy(tx, key), { readonly: true });
/** What is deleted here now, by record: when it goes at the end of a pull it was seen collected. */
const ghostly = async (world: World, device: Device): Promise<Map<string, readonly string[]>> => {
  const out = new Map<string, readonly string[]>();
  for (const key of keys) {
    const shown = await shownBefore(device, key);
    if (shown.length > 0 && shown.every((sibling) => sibling.deleted)) out.set(key, shown.map((sibling) => sibling.e));
  }
  return out;
};

const kinds = ["offer", "push", "pull"] as const;
export type Kind = (typeof kinds)[number];
/** One request of a device and what becomes of it. */
export const exchange = async (world: World, n: number, kind: Kind, luck: "well" | "lost" | "unanswered" | "twice" | "later" = "well"): Promise<boolean> => {
  const device = world.devices[n];
  if (device === undefined) return false;
  const request = await cut({ store: device.store, ids: idsOf(world) }, kind);
  if (request === undefined) return false;
  if (luck === "lost") return true;
  const isReader = world.faults.roles && n === deviceCount - 1;
  if (luck === "later") return world.late.push({ request, isReader }) > 0;
  const first = await deliver(world, request, isReader);
  const second = luck === "twice" ? await deliver(world, request, isReader) : undefined;
  if (luck !== "unanswered") await take(world, device, second !== undefined && world.random.chance(0.5) ? second : first);
  return true;
};
/** As the loop orders it: offers, pushes, then pulls until complete; the very first time a pull before the push. */
export const syncOnce = async (world: World, n: number): Promise<void> => {
  const device = world.devices[n];
  if (device === undefined) return;
  const order: readonly Kind[] = (await isFirst({ store: device.store, ids: idsOf(world) })) ? ["offer", "pull", "push", "pull"] : kinds;
  for (const kind of order)
    for (let i = 0; i < 60 && (await exchange(world, n, kind)); i++) {
      const head = await device.store.transact((tx) => tx.replica.head(), { readonly: true });
      if (kind === "pull" && head?.cursor === world.server.state.head.ord && !head.fetching) break;
    }
};

const edit = async (world: World, n: number): Promise<void> => {
  const device = world.devices[n];
  if (device === undefined) return;
  const key = world.random.pick(keys);
  const name = `${world.random.chance(0.25) ? "delete" : "text"} ${++world.made}`;
  const { seen, live } = await device.store.transact(async (tx) => {
    const shown = await shownBy(tx, key);
    const row = await tx.dag(dagId(key));
    return { live: row !== undefined && row.deletedAt === undefined, seen: [...shown.map((s) => saidBy(s) ?? s.e), ...(row === undefined ? [] : [row.description])] };
  }, { readonly: true });
  const isDelete = name.startsWith("delete");
  if (isDelete && !live) return;
  if (isDelete) await remove(device, key);
  else await write(device, key, name);
  world.told.saw.set(name, [...seen, ...(device.ghosts[key] ?? [])]);
  world.told.record.set(name, recordOf(key));
  world.story.push(`${n} ${name} on ${key}`);
};

/** One random thing happens. */
export const step = async (world: World): Promise<void> => {
  const { random, faults } = world;
  const n = random.below(world.devices.length);
  const dice = random.unit();
  const note = (text: string): number => world.story.push(text);
  if (dice < 0.4) return edit(world, n);
  if (dice < 0.86) {
    const kind = random.pick(kinds);
    const luck = faults.network ? random.pick(["well", "well", "well", "lost", "unanswered", "twice", "later"] as const) : "well";
    if (await exchange(world, n, kind, luck)) note(`${n} ${kind} ${luck}`);
    return;
  }
  if (dice < 0.89) {
    const sent = world.late.shift();
    if (sent === undefined) return;
    note(`late ${sent.request.type}`);
    await deliver(world, sent.request, sent.isReader);
    return;
  }
  if (dice < 0.92) {
    const gone = await sweepTombstones({ spaces: spacesOf(world.server), ids: idsOf(world), now: () => Number.MAX_SAFE_INTEGER }, "sim");
    if (gone > 0) note(`collected ${gone}`);
    return;
  }
  await disaster(world, n);
};
const disaster = async (world: World, n: number): Promise<void> => {
  const { random, devices, server, faults } = world;
  const device = devices[n];
  const note = (text: string): number => world.story.push(text);
  const what = random.pick(["clone", "image", "rollback", "retire", "backup", "restore"] as const);
  if (device === undefined) return;
  if (what === "clone" && faults.clones && devices.length < devicesMax) {
    devices.push(await copied(device));
    world.disturbed = true;
    note(`${n} is cloned as ${devices.length - 1}`);
  }
  if (what === "image" && faults.rollbacks) {
    world.images.set(n, await copied(device));
    note(`image of ${n}`);
  }
  const image = world.images.get(n);
  if (what === "rollback" && faults.rollbacks && image !== undefined) {
    note(`${n} rolls back`);
    world.disturbed = true;
    const back = await copied(image);
    await noteDestroyed(world, async () => void (devices[n] = back));
  }
  if (what === "retire" && faults.retirement) {
    const head = await device.store.transact((tx) => tx.replica.head(), { readonly: true });
    if (head !== undefined && (await spacesOf(server).retire("sim", head.replica))) note(`${n} is retired`);
  }
  if (what === "backup" && faults.restores) {
    world.backup = structuredClone(server.state);
    note("backup");
  }
  const { backup } = world;
  if (what === "restore" && faults.restores && backup !== undefined) {
    const declared = random.chance(0.7) ? `epoch-${++world.made}` : undefined;
    note(`restore ${declared ?? "by hand"}`);
    world.disturbed = true;
    await noteDestroyed(world, async () => restore(server, backup, declared));
  }
};
