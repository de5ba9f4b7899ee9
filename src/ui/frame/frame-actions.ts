/** Owns the actions that exist on every screen. Refuses to know which screen is in front. */
import { t, words } from "../i18n/words.svelte.ts";
import type { Action } from "../palette/actions.svelte.ts";
import { router } from "../router.svelte.ts";
import { tab } from "./tab.svelte.ts";

const step = (by: number): void => {
  const tabs = [...document.querySelectorAll<HTMLAnchorElement>("nav.tabs a")];
  const at = tabs.findIndex((link) => link.getAttribute("aria-current") === "page");
  const next = tabs[(at + by + tabs.length) % Math.max(1, tabs.length)];
  if (next !== undefined) router.go(next.href);
};
const regions = "nav[aria-label], main, [data-region]";
const nextRegion = (): void => {
  const all = [...document.querySelectorAll<HTMLElement>(regions)].filter((node) => node.offsetParent !== null);
  const at = all.findIndex((node) => node.contains(document.activeElement));
  const next = all[(at + 1) % Math.max(1, all.length)];
  if (next === undefined) return;
  const inside = next.querySelector<HTMLElement>("a[href], button, input, [tabindex='0']");
  (next.tabIndex >= -1 && next.hasAttribute("tabindex") ? next : inside ?? next).focus();
};
/** One layer up: out of a dialog, an object, a list. */
const upFrom = (): void => {
  if (router.query.has("dialog")) router.set({ dialog: undefined });
  else if (router.route.view === "run") router.go("/runs");
  else if (router.route.view === "dag") router.go("/dags");
  else if (router.route.view !== "home") router.go("/");
};

export const frameActions = (show: (dialog: string) => void): readonly Action[] => [
  { id: "palette", title: t("act.palette"), group: "do", icon: "search", key: "Ctrl K", quiet: true, run: () => show("palette") },
  { id: "search", title: t("act.search"), group: "do", icon: "search", key: "/", quiet: true, run: () => (document.querySelector<HTMLInputElement>("input[type=search]") ?? { focus: () => show("palette") }).focus() },
  { id: "help", title: t("act.help"), group: "do", icon: "info", key: "?", run: () => show("help") },
  { id: "new", title: t("act.newDag"), group: "do", icon: "plus", key: "n", run: () => router.go("/dags?dialog=new") },
  { id: "import", title: t("act.import"), group: "do", icon: "download", run: () => router.go("/import") },
  { id: "home", title: t("act.home"), group: "go", icon: "home", key: "g h", run: () => router.go("/") },
  { id: "dags", title: t("act.dags"), group: "go", icon: "workflow", key: "g d", run: () => router.go("/dags") },
  { id: "runs", title: t("act.runs"), group: "go", icon: "list", key: "g r", run: () => router.go("/runs") },
  { id: "sync", title: t("act.sync"), group: "go", icon: "cloud", key: "g y", run: () => router.go("/sync") },
  { id: "settings", title: t("act.settings"), group: "go", icon: "settings", key: "g s", run: () => router.go("/settings") },
  { id: "theme", title: t("act.theme"), group: "do", icon: "theme", key: "D", run: () => tab.chooseTheme(tab.dark ? "light" : "dark") },
  { id: "language", title: t("act.language"), group: "do", icon: "language", detail: words.locale === "en" ? "中文" : "English", run: () => words.choose(words.locale === "en" ? "zh-CN" : "en") },
  { id: "backup", title: t("act.backup"), group: "do", icon: "disk", run: () => router.go("/settings/storage") },
  { id: "prev-tab", title: t("act.prevTab"), group: "do", icon: "left", key: "[", quiet: true, run: () => step(-1) },
  { id: "next-tab", title: t("act.nextTab"), group: "do", icon: "right", key: "]", quiet: true, run: () => step(1) },
  { id: "regions", title: t("act.regions"), group: "do", icon: "panel", key: "F6", quiet: true, run: nextRegion },
  { id: "up", title: t("act.up"), group: "do", icon: "up", key: "Escape", quiet: true, run: upFrom },
];
