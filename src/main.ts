/** The root of a tab: builds what the screens need, mounts them, and says plainly when the browser lacks something. */
import { mount } from "svelte";
import site from "virtual:site";
import { boot, type BootNews } from "./boot.ts";
import { createOffline, type OfflineNews } from "./adapters/web/offline.ts";
import App from "./ui/App.svelte";
import type { Door, HostFacts, TabNews } from "./ui/door.ts";
import Cannot from "./ui/frame/Cannot.svelte";
import "./ui/styles/tokens.css";
import "./ui/styles/base.css";
import "./ui/styles/parts.css";

const target = document.getElementById("app") ?? document.body;
const facts: HostFacts = {
  secure: isSecureContext,
  locks: "locks" in navigator,
  indexedDb: "indexedDB" in globalThis,
  opfs: typeof navigator.storage?.getDirectory === "function",
  serviceWorker: "serviceWorker" in navigator,
  isolated: globalThis.crossOriginIsolated === true,
};
/** Asking to persist may wait for a person in some browsers: never longer than this. */
const persistMs = 3_000;

const open = async (): Promise<void> => {
  const booted = await boot(site);
  const offline = createOffline();
  const door: Door = {
    store: booted.store,
    commands: booted.commands,
    facts,
    news: (tell) => joinNews(booted.news, offline.listen, tell),
    answer: booted.answer,
    update: offline.update,
    persist: async () => {
      const asked = navigator.storage?.persist?.() ?? Promise.resolve(false);
      return Promise.race([asked, new Promise<boolean>((late) => setTimeout(() => late(false), persistMs))]);
    },
    estimate: async () => {
      if (typeof navigator.storage?.estimate !== "function") return undefined;
      const { usage = 0, quota = 0 } = await navigator.storage.estimate();
      return { usage, quota, persisted: (await navigator.storage.persisted?.()) ?? false };
    },
  };
  mount(App, { target, props: { door } });
};

/** One stream of news out of two. */
const joinNews = (
  ofHost: (tell: (news: BootNews) => void) => () => void,
  ofOffline: (tell: (news: OfflineNews) => void) => () => void,
  tell: (news: TabNews) => void,
): (() => void) => {
  let host: BootNews | undefined;
  let away: OfflineNews = { offlineReady: false, updateReady: false };
  const say = (): void =>
    tell({ driving: host?.driving ?? false, questions: host?.questions ?? [], offlineReady: away.offlineReady, updateReady: away.updateReady });
  const stops = [
    ofHost((news) => {
      host = news;
      say();
    }),
    ofOffline((news) => {
      away = news;
      say();
    }),
  ];
  return () => stops.forEach((stop) => stop());
};

if (!facts.secure || !facts.indexedDb || !facts.locks) mount(Cannot, { target, props: { facts } });
else open().catch((error: unknown) => mount(Cannot, { target, props: { facts, error: error instanceof Error ? error.message : String(error) } }));
