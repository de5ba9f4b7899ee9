/** Owns the device world of `npm run sim`: one seed is one story, its fault class chosen by the seed. */
import { brokenAtRest, brokenNow } from "../devices/oracle.ts";
import { newWorld, step, syncOnce, type Faults, type World } from "../devices/world.ts";
import { seeded } from "../random.ts";

export const none: Faults = { network: false, clones: false, rollbacks: false, retirement: false, restores: false, older: false, roles: false };
const classes: readonly Faults[] = [
  none, { ...none, network: true }, { ...none, network: true, clones: true }, { ...none, network: true, rollbacks: true },
  { ...none, network: true, retirement: true }, { ...none, network: true, restores: true }, { ...none, network: true, restores: true, older: true }, { ...none, network: true, roles: true },
  { network: true, clones: true, rollbacks: true, retirement: true, restores: true, older: true, roles: true },
];
const stepsMax = 60;
const roundsMax = 12;

/** Everybody syncs, without faults, until nobody has anything to say. */
const settle = async (world: World): Promise<string | undefined> => {
  for (let round = 0; round < roundsMax; round++) {
    for (const n of world.devices.keys()) await syncOnce(world, n);
    const busy = await Promise.all(world.devices.map(({ store }) => store.transact(async (tx) => {
      const head = await tx.replica.head();
      return (await tx.replica.own()).length > 0 || (await tx.replica.offers()).length > 0 || (await tx.replica.marks(10)).length > 0 || head?.fetching === true || head?.seen !== world.server.state.head.ord;
    }, { readonly: true })));
    if (!busy.includes(true)) return undefined;
  }
  return "not at rest";
};
/** The story of a violation; undefined when the seed is clean. */
export const runDevices = async (seed: number, faults = classes[seed % classes.length] ?? none): Promise<string | undefined> => {
  const random = seeded(seed);
  const world = await newWorld(random, faults);
  const told = (what: string): string => `${JSON.stringify(faults)}: ${what}\n  ${world.story.join("\n  ")}`;
  try {
    const steps = 10 + random.below(stepsMax);
    for (let n = 0; n < steps; n++) {
      await step(world);
      const broken = await brokenNow(world);
      if (broken !== undefined) return told(broken);
    }
    world.story.push("rest");
    const broken = (await settle(world)) ?? (await brokenNow(world)) ?? (await brokenAtRest(world));
    return broken === undefined ? undefined : told(broken);
  } catch (error) {
    return told(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
};
