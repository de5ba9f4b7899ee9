/**
 * `npm run bench -- sync`: Dagbok beside PouchDB 9 (with express-pouchdb, LevelDB) and RxDB 17 (open-source Dexie storage, its HTTP
 * replication over SQLite), in one run, on one machine, with the same documents, in fresh profiles of the same Chromium, behind the
 * same compression. What the peers do not do: RxDB keeps one version of a conflict, neither keeps users and roles here, PouchDB's
 * deletes stay for ever. RxDB says that faster storages are sold. `--small` leaves out the 100,000.
 */
import type { Row } from "../main.ts";
import type { Contender } from "./contender.ts";
import { contenders, installPeers, openStage, type Cost, type Stage } from "./stage.ts";

const isSmall = process.argv.includes("--small");
const rounds = isSmall ? 1 : 3;
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const spread = (name: string, values: readonly number[], target?: string, held?: boolean): Row =>
  ({ name, median: median(values), low: Math.min(...values), high: Math.max(...values), ...(target === undefined ? {} : { target, held: held === true }) });
const call = (stage: Stage, method: string, ...args: readonly unknown[]): Promise<any> =>
  stage.page.evaluate(([name, given]) => (window as any).peer[name as string](...(given as unknown[])), [method, args] as const);

/** What each contender's rounds of one workload cost. */
type Costs = ReadonlyMap<string, readonly Cost[]>;
const staged = async <T>(contender: Contender, records: number, work: (stage: Stage) => Promise<T>): Promise<T> => {
  const stage = await openStage(contender, records);
  try {
    return await work(stage);
  } finally {
    await stage.close();
  }
};
const each = async (times: number, work: (contender: Contender) => Promise<Cost>): Promise<Costs> => {
  const costs = new Map<string, Cost[]>();
  for (let round = 0; round < times; round++)
    for (const contender of contenders) costs.set(contender.name, [...(costs.get(contender.name) ?? []), await work(contender)]);
  return costs;
};
const firstSync = (contender: Contender, records: number): Promise<Cost> =>
  staged(contender, records, async (stage) => {
    const cost = await stage.measure(() => call(stage, "sync"));
    const count = await call(stage, "count");
    if (count !== records) throw new Error(`${contender.name} has ${count} of ${records}`);
    return cost;
  });
const offlineEdits = (contender: Contender, records: number): Promise<Cost> =>
  staged(contender, records, async (stage) => {
    await call(stage, "sync");
    await call(stage, "edit", 0, records, "offline");
    return stage.measure(() => call(stage, "sync"));
  });
const conflicts = (contender: Contender, records: number): Promise<Cost> =>
  staged(contender, records, async (stage) => {
    await call(stage, "sync");
    await stage.server.write(0, records, "theirs");
    await call(stage, "edit", 0, records, "mine");
    const cost = await stage.measure(() => call(stage, "sync"));
    const found = await call(stage, "conflicts");
    if (found < records) throw new Error(`${contender.name} noticed ${found} of ${records} conflicts`);
    return cost;
  });
const changes = 5;
/** Median of several changes seen by a page that holds everything and stays connected. */
const oneChange = (contender: Contender, records: number): Promise<Cost> =>
  staged(contender, records, async (stage) => {
    await call(stage, "sync");
    await call(stage, "live");
    const costs: Cost[] = [];
    for (let n = 0; n < changes; n++) {
      let from = 0;
      let seenAt = 0;
      const cost = await stage.measure(async () => {
        const seen = call(stage, "seen", n, `change ${n}`);
        await stage.page.waitForTimeout(1_500);
        from = Date.now();
        await stage.server.write(n, n + 1, `change ${n}`);
        seenAt = await seen;
        await stage.page.waitForTimeout(500);
      });
      costs.push({ ...cost, seconds: (seenAt - from) / 1000 });
    }
    const of = (pick: (cost: Cost) => number): number => median(costs.map(pick));
    return { seconds: of((c) => c.seconds), requests: of((c) => c.requests), bytes: of((c) => c.bytes), heapMb: of((c) => c.heapMb) };
  });

interface Goal {
  readonly words: string;
  readonly holds: (value: number) => boolean;
}
const table = (title: string, costs: Costs, goals: { readonly seconds?: Goal; readonly bytes?: Goal; readonly heapMb?: Goal } = {}): readonly Row[] =>
  [...costs].flatMap(([name, all]) =>
    (["seconds", "requests", "bytes", "heapMb"] as const).map((key) => {
      const values = all.map((cost) => cost[key]);
      const goal = name === "Dagbok" && key !== "requests" ? goals[key] : undefined;
      return spread(`${title}, ${name}, ${key === "heapMb" ? "heap MB" : key}`, values, goal?.words, goal?.holds(median(values)));
    }),
  );
/** How many times less than each peer. */
const against = (title: string, costs: Costs, key: "seconds" | "bytes", least: number): readonly Row[] => {
  const mine = median((costs.get("Dagbok") ?? []).map((cost) => cost[key]));
  return [...costs].filter(([name]) => name !== "Dagbok").map(([name, all]) => {
    const ratios = all.map((cost) => cost[key] / mine);
    return spread(`${title}, ${name} over Dagbok, ${key}`, ratios, `at least ${least}`, median(ratios) >= least);
  });
};
const small = (limit: number, words: string): Goal => ({ words: `at most ${words}`, holds: (value) => value <= limit });

export const run = async (): Promise<readonly Row[]> => {
  await installPeers();
  const rows: Row[] = [];
  const add = (more: readonly Row[]): void => void rows.push(...more);
  const first = await each(rounds, (contender) => firstSync(contender, 20_000));
  add([...table("first sync of 20,000", first), ...against("first sync of 20,000", first, "seconds", 3), ...against("first sync of 20,000", first, "bytes", 1)]);
  if (!isSmall) {
    const large = await each(1, (contender) => firstSync(contender, 100_000));
    add([...table("first sync of 100,000", large, { heapMb: small(150, "150") }), ...against("first sync of 100,000", large, "seconds", 3), ...against("first sync of 100,000", large, "bytes", 1)]);
  }
  const held = isSmall ? 20_000 : 100_000;
  const one = await each(1, (contender) => oneChange(contender, held));
  add(table(`one change among ${held.toLocaleString("en")}`, one, { seconds: small(0.1, "0.1"), bytes: small(1024, "1,024") }));
  const offline = await each(rounds, (contender) => offlineEdits(contender, 10_000));
  add([...table("10,000 offline edits", offline), ...against("10,000 offline edits", offline, "seconds", 1)]);
  const clash = await each(rounds, (contender) => conflicts(contender, 1_000));
  add([...table("1,000 conflicts", clash), ...against("1,000 conflicts", clash, "seconds", 1)]);
  return rows;
};
