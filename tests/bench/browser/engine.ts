/**
 * Owns the engine's speed beside the probe: chain and fan-out as parts of its speed, whole runs in seconds and in bytes written. The probe
 * runs before and after each round; a round whose two probes differ too much is dropped while there are others.
 */
import type { Page } from "playwright";
import type { Row } from "../main.ts";
import { bytesOver } from "./bytes.ts";
import type { Parts, ProbeOrder } from "./probe.ts";
import { atLeast, atMost, medianOf, row } from "./rows.ts";
import { chainYaml, fanYaml, fib, runYaml } from "./runs.ts";

const rounds = 7;
/** Probes of one round may differ by this much. */
const driftMax = 1.5;

export interface Bench {
  readonly page: Page;
  readonly probe: (order: ProbeOrder) => Promise<number>;
  readonly parts: () => Promise<Parts>;
}
interface Measured {
  readonly ratios: readonly number[];
  readonly perStep: readonly number[];
  readonly commits: readonly number[];
}
const against = async ({ page, probe }: Bench, kind: "chain" | "fan", steps: number): Promise<Measured> => {
  const [ratios, perStep, commits]: [number[], number[], number[]] = [[], [], []];
  const yaml = kind === "chain" ? chainYaml(steps) : fanYaml(steps);
  for (let round = 0; round < rounds * 2 && ratios.length < rounds; round += 1) {
    const before = await probe({ kind, steps });
    const ours = await runYaml(page, yaml);
    const after = await probe({ kind, steps });
    if (Math.max(before, after) > Math.min(before, after) * driftMax && round < rounds) continue;
    ratios.push((before + after) / 2 / ours.ms);
    perStep.push(ours.ms / steps);
    commits.push(ours.commits / steps);
  }
  return { ratios, perStep, commits };
};

interface Whole {
  readonly seconds: readonly number[];
  readonly bytes: readonly number[];
}
const whole = async ({ page }: Bench, yaml: string, times: number): Promise<Whole> => {
  const [seconds, bytes]: [number[], number[]] = [[], []];
  for (let n = 0; n < times; n += 1) {
    const { value, written } = await bytesOver(() => runYaml(page, yaml));
    seconds.push(value.ms / 1000);
    if (written !== undefined) bytes.push(written / 1e6);
  }
  return { seconds, bytes };
};
const bytesRow = (steps: number, { bytes }: Whole, targetMB?: number): readonly Row[] =>
  bytes.length === 0 ? [] : [row(`chain of ${steps.toLocaleString("en")}, MB written`, bytes, targetMB === undefined ? undefined : atMost(targetMB, `${targetMB} MB, a hundredth of Dagu's`))];

export const measureEngine = async (bench: Bench): Promise<readonly Row[]> => {
  for (let n = 0; n < 5; n += 1) await runYaml(bench.page, chainYaml(40));
  const chain = await against(bench, "chain", 400);
  const fan = await against(bench, "fan", 1000);
  const light = await whole(bench, fanYaml(40, fib), 7);
  const runs = {
    40: await whole(bench, chainYaml(40), 9), 100: await whole(bench, chainYaml(100), 3), 1000: await whole(bench, chainYaml(1000), 3),
    3000: await whole(bench, chainYaml(3000), 1), 10000: await whole(bench, chainYaml(10_000), 1),
  };
  const perStep = (steps: 100 | 10000): number => medianOf(runs[steps].seconds) / steps;
  return [
    row("chain of 400, part of the probe's speed", chain.ratios, atLeast(0.7, "0.70")),
    row("fan-out of 1,000 over 4 workers, part of the probe's speed", fan.ratios, atLeast(0.6, "0.60")),
    row("chain, commits per step", chain.commits, atMost(2, "2")),
    row("fan-out, commits per step", fan.commits, atMost(0.6, "0.6")),
    row("chain, ms per step", chain.perStep),
    row("fan-out, ms per step", fan.perStep),
    row("40 light JavaScript steps, s", light.seconds, atMost(0.4, "0.4 s")),
    row("chain of 40, s", runs[40].seconds, atMost(0.25 / 3, "a third of 0.25 s")),
    row("chain of 1,000, s", runs[1000].seconds, atMost(32 / 12, "a twelfth of 32 s")),
    row("chain of 3,000, s", runs[3000].seconds, atMost(449 / 60, "a sixtieth of 449 s")),
    row("chain of 10,000, s", runs[10000].seconds, atMost(25, "25 s")),
    row("cost per step, 10,000 over 100", [perStep(10000) / perStep(100)], atMost(1.5, "1.5")),
    ...bytesRow(40, runs[40]), ...bytesRow(1000, runs[1000], 8), ...bytesRow(3000, runs[3000], 72), ...bytesRow(10_000, runs[10000]),
  ];
};
