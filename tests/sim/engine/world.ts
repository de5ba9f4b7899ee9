/**
 * The engine's world: one store, two tabs, virtual time, people who ask for things, and a seed that decides what goes wrong and when. After the
 * storm one healthy tab must bring every run to rest; then the logs are read by somebody who knows only the rules.
 */
import { dagId, instant, revisionId, runId } from "../../../src/core/base/brand.ts";
import { createVirtualClock } from "../../../src/adapters/memory/clock.ts";
import { createMemoryLock, createMemoryNotify } from "../../../src/adapters/memory/lock.ts";
import { createMemoryStore } from "../../../src/adapters/memory/store.ts";
import type { Request } from "../../../src/core/run/fact.ts";
import type { AttemptEnd } from "../../../src/core/run/fact.ts";
import type { Spec } from "../../../src/core/spec/dag.ts";
import type { Ask } from "../../../src/host/drive/asks.ts";
import { seeded } from "../random.ts";
import { randomSpec } from "./dags.ts";
import { inspect } from "./inspect.ts";
import { openTab, type Tab } from "./tab.ts";

const stormSteps = 160;
const calmSteps = 4000;
export interface Story {
  /** What was broken; undefined = nothing. */
  readonly broken?: string;
  readonly lines: readonly string[];
}
/** All promises that can move have moved. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const runEngineSeed = async (seed: number): Promise<Story> => {
  const random = seeded(seed);
  const lines: string[] = [];
  const store = createMemoryStore();
  const clock = createVirtualClock();
  const lock = createMemoryLock();
  const notify = createMemoryNotify();
  const started = new Set<string>();
  const ended = new Map<string, AttemptEnd>();
  let broken: string | undefined;
  let ids = 0;
  let faults = true;
  const fail = (what: string): void => {
    broken ??= what;
    tell(`BROKEN ${what}`);
  };
  const tell = (line: string): void => void lines.push(`${String(clock.now() - 1_764_000_000_000).padStart(7)} ${line}`);
  const world = {
    store, clock, lock, notify, random, tell,
    faults: () => faults,
    onStart: (token: string) => {
      if (started.has(token)) fail(`token ${token} was started twice`);
      started.add(token);
    },
    onEnd: (token: string, end: AttemptEnd) => void (ended.has(token) || ended.set(token, end)),
    onError: (error: unknown) => fail(error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
    nextId: () => `id${(ids += 1)}`,
  };
  const names = ["leaf", "middle", "root"];
  const specs: Spec[] = names.map((name, at) => {
    const spec = randomSpec(random, names.slice(0, at));
    return { ...spec, dag: { ...spec.dag, name } };
  });
  await store.transact(async (tx) => {
    for (const [at, name] of names.entries()) {
      await tx.putRevision({ id: revisionId(name), dag: dagId(name), number: 1, text: JSON.stringify(specs[at]), at: clock.now(), note: "", draft: false });
      await tx.putDag({ id: dagId(name), name, head: revisionId(name), description: "", group: "", labels: [], hasSchedule: false, stepCount: 1, errorCount: 0, hasDraft: false, createdAt: clock.now(), updatedAt: clock.now() });
    }
  });
  let tabs: Tab[] = [openTab(world, "tab1"), openTab(world, "tab2")];
  let opened = 2;

  const ask = async (what: Ask): Promise<void> => {
    const id = world.nextId();
    await store.transact((tx) => tx.putRequest({ id, at: clock.now(), type: what.type, body: JSON.stringify(what) }));
    if (random.chance(0.8)) notify.send({ type: "command", id });
  };
  const wish = async (): Promise<void> => {
    const page = await store.transact((tx) => tx.runs({ withChildren: true }, 50), { readonly: true });
    if (page.rows.length === 0 || (page.rows.length < 40 && random.chance(0.25))) {
      const dag = random.pick(names);
      tell(`somebody starts ${dag}`);
      return ask({ type: "start", dag, args: [], paramsText: "", trigger: "manual", run: runId(world.nextId()) });
    }
    const row = random.pick(page.rows);
    const steps = await store.transact((tx) => tx.steps(row.id), { readonly: true });
    const waiting = steps.filter((one) => one.status === "waiting").map((one) => one.name);
    const name = waiting.length > 0 && random.chance(0.8) ? random.pick(waiting) : random.pick(steps).name;
    const request = random.pick<Request>([
      { do: "stop" }, { do: "retry" }, { do: "retry-step", step: name }, { do: "approve", step: name, inputs: { A: "1" } },
      { do: "approve", step: name, inputs: {} }, { do: "reject", step: name, reason: "" }, { do: "push-back", step: name, inputs: {} },
    ]);
    tell(`somebody asks ${request.do} of ${row.id} ${name}`);
    return ask({ type: "run", run: row.id, request });
  };
  const pass = (): void => {
    const next = clock.next();
    clock.advanceTo(instant(next === undefined ? clock.now() + 1000 : Math.max(next, clock.now()) + (random.chance(0.1) ? 3000 : 0)));
  };
  const trouble = (): void => {
    const alive = tabs.filter((tab) => tab.isAlive());
    const tab = random.pick(alive);
    const roll = random.unit();
    if (tab === undefined || (roll < 0.3 && alive.length < 3)) {
      opened += 1;
      tabs.push(openTab(world, `tab${opened}`));
      tell(`tab${opened} opens`);
    } else if (roll < 0.6 && alive.length > 1) tab.die("by force");
    else if (tab.isFrozen()) tab.thaw();
    else if (alive.some((other) => other !== tab && !other.isFrozen())) tab.freeze();
  };

  for (let n = 0; n < stormSteps && broken === undefined; n += 1) {
    const roll = random.unit();
    if (roll < 0.12) await wish();
    else if (roll < 0.17) trouble();
    else pass();
    await breathe();
  }
  faults = false;
  tell("calm");
  for (const tab of tabs) if (tab.isFrozen() && tab.isAlive()) tab.thaw();
  if (!tabs.some((tab) => tab.isAlive())) tabs = [...tabs, openTab(world, "last")];
  for (let n = 0; n < calmSteps && broken === undefined; n += 1) {
    await breathe();
    if (clock.next() === undefined && n > 5) {
      await Promise.all(tabs.filter((tab) => tab.isDriving()).map((tab) => tab.driver()?.poll()));
      await breathe();
      if (clock.next() === undefined) break;
    }
    pass();
  }
  await breathe();
  if (broken === undefined) for (const fault of await inspect(store, specs, ended)) fail(fault);
  return broken === undefined ? { lines } : { broken, lines };
};
