/**
 * Owns the tab before anything is drawn: the page's own view of the store, its host worker, what the browser lacks, what the tab knows.
 * `window.dagbok` is the command object itself, so scripts and buttons end in the same place.
 */
import * as Comlink from "comlink";
import { openDexieStore, type DexieStore } from "./adapters/dexie/store.ts";
import type { HostDesk } from "./host.worker.ts";
import type { Commands, GrantQuestion } from "./host/commands.ts";
import { createRemoteCommands } from "./host/tab/desk.ts";
import type { HostNews } from "./host/tab/host.ts";
import type { Site } from "./ports/tab/site.ts";

export interface Booted {
  readonly store: DexieStore;
  readonly commands: Commands;
  readonly news: (tell: (news: BootNews) => void) => () => void;
  readonly answer: (question: GrantQuestion, granted: boolean) => void;
  /** Commits of this tab's host since it opened, and whether it drives: for benches and the Doctor. */
  readonly stats: () => Promise<{ readonly commits: number; readonly driving: boolean }>;
}
export interface BootNews {
  readonly driving: boolean;
  readonly questions: readonly GrantQuestion[];
  /** "opfs", "indexeddb"; absent while this tab does not drive. */
  readonly filesKind?: string;
  readonly storeState: string;
  /** Everything that was kept in this browser is gone, and nobody cleared it on purpose. */
  readonly isLost?: boolean;
  /** The newest thing that went wrong in the host. */
  readonly error?: string;
}
export const databaseName = "dagbok";

export const boot = async (site: Site, name: string = databaseName): Promise<Booted> => {
  const worker = new Worker(site.workers["host"]!, { type: "module", name: "host" });
  const desk = Comlink.wrap<HostDesk>(worker);
  const listeners = new Set<(news: BootNews) => void>();
  let news: BootNews = { driving: false, questions: [], storeState: "opening" };
  const set = (change: Partial<BootNews>): void => {
    news = { ...news, ...change };
    for (const tell of listeners) tell(news);
  };
  const hear = (said: HostNews): void => {
    if (said.type === "driving") set({ driving: said.driving, ...(said.filesKind === undefined ? {} : { filesKind: said.filesKind }) });
    else if (said.type === "questions") set({ questions: said.questions });
    else if (said.type === "store") set(said.state === "lost" ? { isLost: true } : { storeState: said.state });
    else set({ error: said.message });
  };
  const failed = new Promise<never>((_, reject) => {
    worker.onerror = (event) => reject(new Error(`the host worker did not start: ${event.message}`));
  });
  const { workers, runtimes } = site;
  await Promise.race([desk.open({ name, site: { workers: absolute(workers), runtimes } }, Comlink.proxy(hear)), failed]);
  const store = await openDexieStore({ name, onState: (storeState) => set({ storeState }) });
  const commands = createRemoteCommands((command, values) => desk.call(command, values));
  followLife(worker, desk, store);
  Object.defineProperty(window, "dagbok", { value: commands, configurable: true, enumerable: true });
  return {
    store,
    commands,
    news: (tell) => {
      listeners.add(tell);
      tell(news);
      return () => void listeners.delete(tell);
    },
    answer: (question, granted) => {
      const done = granted ? commands.grantHost(question.dag, question.host) : desk.refuse(question.dag, question.host);
      done.catch((error: unknown) => set({ error: error instanceof Error ? error.message : String(error) }));
    },
    stats: () => desk.stats(),
  };
};
/** A worker's own base is its script: hand it whole addresses. */
const absolute = (urls: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, new URL(url, location.href).href]));

/**
 * A page that is frozen lets others drive, and looks at what it missed when it comes back. One that is put away into the browser's page
 * cache ends its host first: WebKit suspends workers in the middle of a transaction, and every later tab would wait for it for ever. When
 * such a page is shown again it starts anew.
 */
const followLife = (worker: Worker, desk: Comlink.Remote<HostDesk>, store: DexieStore): void => {
  window.addEventListener("pagehide", (event) => {
    if (!event.persisted) return;
    worker.terminate();
    void store.close();
  });
  window.addEventListener("pageshow", (event) => void (event.persisted && location.reload()));
  document.addEventListener("freeze", () => void desk.pause());
  document.addEventListener("resume", () => {
    void store.reopen();
    void desk.resume();
  });
};
