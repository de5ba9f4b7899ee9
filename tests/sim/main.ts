/**
 * `npm run sim -- --world NAME --seeds N [--seed S]`: runs N seeds from S on through a world; a replay is `--seeds 1 --seed S`. Prints the story
 * of each failing seed and ends with `N seeds, V violations`; exit code 1 unless V is 0.
 */
import { parseArgs } from "node:util";
import { runDevices } from "./worlds/devices.ts";
import { runEngine } from "./worlds/engine.ts";
import { runSmallWorld, runSyncSeed } from "./worlds/sync.ts";

type World = (seed: number) => string | undefined | Promise<string | undefined>;
const worlds: Readonly<Record<string, World>> = { engine: runEngine, sync: runSyncSeed, small: runSmallWorld, devices: (seed) => runDevices(seed) };

const { values } = parseArgs({
  options: { world: { type: "string", default: "engine" }, seeds: { type: "string", default: "200" }, seed: { type: "string", default: "1" } },
});
const world = worlds[values.world];
const [seeds, first] = [Number(values.seeds), Number(values.seed)];
if (world === undefined || !Number.isInteger(seeds) || !Number.isInteger(first)) {
  console.error(`usage: npm run sim -- --world ${Object.keys(worlds).join("|")} --seeds N [--seed S]`);
  process.exit(2);
}
let violations = 0;
for (let seed = first; seed < first + seeds; seed += 1) {
  const story = await world(seed);
  if (story === undefined) continue;
  violations += 1;
  console.log(`seed ${seed}: ${story}\n`);
}
console.log(`${seeds} seeds, ${violations} violations`);
process.exitCode = violations === 0 ? 0 : 1;
