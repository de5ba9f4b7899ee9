/** The root of a tab's host worker: builds the browser's adapters, opens the host, answers the page. */
import * as Comlink from "comlink";
import { openDexieStore, type DexieStore } from "./adapters/dexie/store.ts";
import { createHttpGate } from "./adapters/http/gate.ts";
import { createRelayedFiles } from "./adapters/disk/relay.ts";
import { createWebClock } from "./adapters/web/clock.ts";
import { createWebIds } from "./adapters/web/ids.ts";
import { createWebLock } from "./adapters/web/lock.ts";
import { createWebNotify } from "./adapters/web/notify.ts";
import { layBallast, readSentinel } from "./adapters/web/reserve.ts";
import { createQuestions } from "./adapters/web/questions.ts";
import { createWebVault } from "./adapters/web/vault.ts";
import { startWorkers } from "./adapters/web/workers.ts";
import { CommandError } from "./host/commands.ts";
import { serveCommands, type CallCommand } from "./host/tab/desk.ts";
import { openHost, type Host, type HostNews } from "./host/tab/host.ts";
import type { Site } from "./ports/tab/site.ts";

export interface OpenOptions {
  /** Of the database, the channels and the folder of files. */
  readonly name: string;
  /** Absolute addresses. */
  readonly site: Pick<Site, "workers" | "runtimes">;
}
/** What the page talks to. */
export interface HostDesk {
  readonly open: (options: OpenOptions, tell: (news: HostNews) => void) => Promise<void>;
  readonly call: CallCommand;
  readonly refuse: (dag: string, host: string) => Promise<void>;
  readonly pause: () => Promise<void>;
  readonly resume: () => Promise<void>;
  readonly stats: () => Promise<{ readonly commits: number; readonly driving: boolean }>;
}
interface Opened {
  readonly host: Host;
  readonly store: DexieStore;
}

const open = async ({ name, site }: OpenOptions, tell: (news: HostNews) => void): Promise<Opened> => {
  const [clock, ids, lock, notify] = [createWebClock(), createWebIds(), createWebLock(), createWebNotify(`${name}:nudges`)];
  const ballast = layBallast(name);
  const store = await openDexieStore({ name, onState: (state) => tell({ type: "store", state }), onFull: ballast.drop });
  if ((await readSentinel(name, await store.install(ids.next()))) === "lost") tell({ type: "store", state: "lost" });
  const vault = createWebVault({ name: `${name}:vault`, now: clock.now });
  const host = openHost({
    store, clock, ids, lock, notify, tell,
    questions: createQuestions(`${name}:questions`),
    elsewhere: createRelayedFiles(`${name}:files`, ids.next()),
    machinery: (mayReach) => startWorkers({ name, site, newId: ids.next, mayReach, secrets: vault.open }),
    vault,
    gate: createHttpGate(),
    lockName: `${name}:drive`,
  });
  return { host, store };
};

let opening: Promise<Opened> | undefined;
const opened = (): Promise<Opened> => opening ?? Promise.reject(new CommandError("not_open", "the host is not open"));
const desk: HostDesk = {
  open: async (options, tell) => {
    opening = open(options, (news) => void tell(news));
    await opening;
  },
  call: serveCommands(async () => (await opened()).host.commands),
  refuse: async (dag, name) => (await opened()).host.refuse(dag, name),
  pause: async () => (await opened()).host.pause(),
  resume: async () => {
    const { host, store } = await opened();
    await store.reopen();
    host.resume();
  },
  stats: async () => {
    const { host, store } = await opened();
    return { commits: store.commits(), driving: host.isDriving() };
  },
};
Comlink.expose(desk);
