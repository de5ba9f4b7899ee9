/** Owns the random schedules of the sync simulation: one seeded source, fault classes, the replay and the shrinking of a failure. */
import { noBudget, unlimited, type Action, type Budget, type Options, type World } from "./state.ts";
import { invariantBroken, verdict } from "./oracle.ts";
import { newWorld, step, type Rules } from "./world.ts";

export const faultClasses = {
  network: [],
  clone: ["clone"],
  rollback: ["rollback"],
  retirement: ["retire"],
  restore: ["restore"],
  "clone and rollback": ["clone", "rollback"],
  everything: ["clone", "rollback", "retire", "restore"],
} as const satisfies Record<string, readonly string[]>;
export type FaultClass = keyof typeof faultClasses;

/** 0 ≤ x < 1 from a 64-bit seed (splitmix64). */
export const randomFrom = (seed: number): (() => number) => {
  const mask = (1n << 64n) - 1n;
  let state = (BigInt(seed) * 0x9e3779b97f4a7c15n + 0x1234567n) & mask;
  return () => {
    state = (state + 0x9e3779b97f4a7c15n) & mask;
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask;
    return Number((z ^ (z >> 31n)) >> 11n) / 2 ** 53;
  };
};

interface Schedule {
  readonly options: Options;
  readonly steps: number;
  readonly next: (world: World) => Action;
}
export const scheduleOf = (faults: FaultClass, seed: number): Schedule => {
  const random = randomFrom(seed);
  const upTo = (n: number): number => Math.floor(random() * n);
  const has = new Set<string>(faultClasses[faults]);
  const records = ["a", "b", "c", "d", "e", "f"].slice(0, 1 + upTo(3) + (has.has("restore") ? 3 : 0));
  const clients = 2 + upTo(3);
  const budget: Budget = {
    ...noBudget, edit: unlimited, del: unlimited, net: unlimited, gc: unlimited,
    clone: has.has("clone") ? 2 : 0, image: has.has("rollback") ? 4 : 0, rollback: has.has("rollback") ? 3 : 0,
    retire: has.has("retire") ? unlimited : 0, backup: has.has("restore") ? 4 : 0, restore: has.has("restore") ? 2 : 0,
  };
  const identityFaults = has.has("clone") || has.has("rollback");
  const options: Options = {
    clients, clientsMax: clients + 2, records, batch: [0, 1, 2][upTo(3)] ?? 0, absorb: random() < 0.5, budget,
    noSetAside: faults === "network", noRebase: faults === "network", noFork: !identityFaults,
    staleAllowed: has.has("restore") && identityFaults, noRevive: !has.has("restore"), uniqueRecords: has.has("restore"),
  };
  return { options, steps: 40 + upTo(260), next: chooser(random, options, has) };
};

const chooser = (random: () => number, options: Options, has: ReadonlySet<string>): ((world: World) => Action) => {
  const upTo = (n: number): number => Math.floor(random() * n);
  const record = (): string => options.records[upTo(options.records.length)] ?? "a";
  const rate = { edit: 0.05 + random() * 0.2, del: 0.05 + random() * 0.15, fault: random() * 0.4, sweep: random() * 0.15, burst: random() * 0.15 };
  const offline = random() < 0.4 ? upTo(options.clients) : -1;
  const operator = ["gc", ...(has.has("clone") ? ["clone"] : []), ...(has.has("rollback") ? ["image", "rollback"] : []),
    ...(has.has("retire") ? ["retire"] : []), ...(has.has("restore") ? ["backup", "restore"] : [])];
  const queue: Action[] = [];
  const full = (who: number): readonly Action[] => [["offer", who], ["push", who], ["pull", who], ["pull", who], ["pull", who], ["pull", who]];
  return (world) => {
    const queued = queue.shift();
    if (queued !== undefined) return queued;
    const who = upTo(world.clients.length);
    if (random() < rate.burst) {
      queue.push(...full(who), ["push", who]);
      return ["offer", who];
    }
    if (random() < rate.sweep) {
      if (random() < 0.5) queue.push(["del", who, record()]);
      for (let round = 0; round < 2; round++)
        for (let i = 0; i < world.clients.length; i++) if (i !== offline || random() < 0.3) queue.push(...full(i));
      queue.push(["gc", 0], ["pull", who]);
      return ["push", who];
    }
    const x = random();
    if (x < rate.edit) return ["edit", who, record()];
    if (x < rate.edit + rate.del) return ["del", who, record()];
    const y = random();
    if (y < 0.07) return ["gc", 0];
    if (y < 0.16) return [operator[upTo(operator.length)] ?? "gc", who];
    if (y < 0.2 && world.late.length > 0) return ["late", upTo(world.late.length)];
    if (y < 0.26) return ["deliver", who, random() < 0.5 ? "push" : "pull"];
    if (who === offline && random() < 0.7) return ["edit", who, record()];
    const hasOffers = (world.clients[who]?.offers.length ?? 0) > 0;
    const kind = hasOffers && random() < 0.6 ? "offer" : random() < 0.5 ? "push" : "pull";
    return random() < rate.fault ? [kind, who, ["lost", "resp", "late", "slow", "dup"][upTo(5)]] : [kind, who];
  };
};

export interface Ran {
  readonly trace: readonly Action[];
  readonly options: Options;
  readonly broken?: string;
  readonly counts: World["counts"];
  readonly setAside: number;
}
export const runSeed = (rules: Rules, faults: FaultClass, seed: number): Ran => {
  const { options, steps, next } = scheduleOf(faults, seed);
  const world = newWorld(rules, options);
  const trace: Action[] = [];
  let broken: string | undefined;
  try {
    for (let i = 0; i < steps && broken === undefined; i++) {
      const action = next(world);
      if (!step(rules, options, world, action)) continue;
      trace.push(action);
      broken = invariantBroken(world);
    }
  } catch (error) {
    broken = `exception ${error instanceof Error ? error.message : String(error)}`;
  }
  broken ??= verdict(rules, options, world);
  return { trace, options, ...(broken === undefined ? {} : { broken }), counts: world.counts, setAside: world.setAside.length };
};

/** Runs a fixed trace to its verdict. */
export const replay = (rules: Rules, options: Options, trace: readonly Action[]): string | undefined => {
  const world = newWorld(rules, options);
  try {
    for (const action of trace) {
      step(rules, options, world, action);
      const broken = invariantBroken(world);
      if (broken !== undefined) return broken;
    }
  } catch (error) {
    return `exception ${error instanceof Error ? error.message : String(error)}`;
  }
  return verdict(rules, options, world);
};

const replaysMax = 4000;
/** The shortest trace found that fails in the same way. */
export const shrink = (rules: Rules, options: Options, found: readonly Action[]): readonly Action[] => {
  const kind = replay(rules, options, found)?.split(" ")[0];
  let trace = found;
  let replays = 0;
  for (let length = trace.length >> 1; length >= 1; ) {
    let shorter = false;
    for (let i = 0; i + length <= trace.length && replays < replaysMax; ) {
      const cut = [...trace.slice(0, i), ...trace.slice(i + length)];
      replays++;
      if (replay(rules, options, cut)?.split(" ")[0] === kind) {
        trace = cut;
        shorter = true;
      } else i++;
    }
    if (!shorter || length > 1) length >>= 1;
  }
  return trace;
};
export const storyOf = (trace: readonly Action[]): string => trace.map((action) => action.join(" ")).join("; ");
