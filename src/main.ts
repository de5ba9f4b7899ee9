/** The tab's root: what this browser gives, the boot, the page. Order only: no rule, no word. */
import site from "virtual:site";
import { createSpecReader } from "./adapters/spec/remote.ts";
import { createOffline, type OfflineNews } from "./adapters/web/offline.ts";
import { boot, type BootNews, type Booted } from "./boot.ts";
import type { Door, HostFacts, TabNews } from "./ui/door.ts";
import { showApp, showCannot } from "./ui/mount.ts";

const factsHere = (): HostFacts => ({
  secure: window.isSecureContext,
  locks: "locks" in navigator,
  indexedDb: typeof indexedDB !== "undefined" && indexedDB !== null,
  opfs: typeof navigator.storage?.getDirectory === "function",
  serviceWorker: "serviceWorker" in navigator,
  isolated: window.crossOriginIsolated,
});

/** Firefox waits for a person before it answers `persist`; nobody waits longer than this for it. */
const persistTimeoutMs = 60_000;
const persist = async (): Promise<boolean> => {
  if (typeof navigator.storage?.persist !== "function") return false;
  return Promise.race([navigator.storage.persist(), new Promise<boolean>((resolve) => setTimeout(() => resolve(false), persistTimeoutMs))]);
};
const estimate: Door["estimate"] = async () => {
  if (typeof navigator.storage?.estimate !== "function") return undefined;
  const { usage = 0, quota = 0 } = await navigator.storage.estimate();
  return { usage, quota, persisted: await navigator.storage.persisted() };
};

const doorOf = (booted: Booted, facts: HostFacts): Door => {
  const offline = createOffline();
  return {
    store: booted.store,
    commands: booted.commands,
    facts,
    ...(site.workers["spec"] === undefined ? {} : { reader: createSpecReader(site.workers["spec"]) }),
    news: (tell) => {
      let host: BootNews = { driving: false, questions: [], storeState: "opening" };
      let cache: OfflineNews = offline.news();
      const say = (): void => tell(newsOf(host, cache));
      const stops = [booted.news((news) => { host = news; say(); }), offline.listen((news) => { cache = news; say(); })];
      return () => stops.forEach((stop) => stop());
    },
    answer: booted.answer,
    update: offline.update,
    persist,
    estimate,
  };
};
const newsOf = (host: BootNews, cache: OfflineNews): TabNews => ({
  driving: host.driving, questions: host.questions, offlineReady: cache.offlineReady, updateReady: cache.updateReady,
  storeLost: host.storeState === "outdated" || host.storeState === "closed",
  dataLost: host.isLost === true,
  ...(host.error === undefined ? {} : { error: host.error }),
});

const start = async (target: HTMLElement): Promise<void> => {
  const facts = factsHere();
  if (!facts.secure || !facts.indexedDb || !facts.locks) return showCannot(target, facts);
  try {
    showApp(target, doorOf(await boot(site), facts));
  } catch (error) {
    showCannot(target, facts, error instanceof Error ? error.message : String(error));
  }
};
const target = document.getElementById("app");
if (target !== null) void start(target);
