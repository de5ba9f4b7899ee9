/** Owns the places of the rail and the phone's tabs: only what exists. */
import type { Key } from "../i18n/words.svelte.ts";
import type { IconName } from "../parts/control/icons.ts";
import type { Route } from "../router.svelte.ts";

export interface Place {
  readonly href: string;
  readonly word: Key;
  readonly icon: IconName;
  readonly views: readonly Route["view"][];
}
export const places: readonly Place[] = [
  { href: "/", word: "nav.home", icon: "home", views: ["home"] },
  { href: "/dags", word: "nav.dags", icon: "workflow", views: ["dags", "dag", "import"] },
  { href: "/runs", word: "nav.runs", icon: "list", views: ["runs", "run"] },
  { href: "/sync", word: "nav.sync", icon: "cloud", views: ["sync"] },
  { href: "/settings", word: "nav.settings", icon: "settings", views: ["settings"] },
];
