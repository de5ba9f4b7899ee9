/** Owns what this tab knows of itself: theme, density, folded rail, news of the root. Refuses to know the store. */
import type { TabNews } from "../door.ts";

export type Theme = "system" | "light" | "dark";
export type Density = "standard" | "compact" | "touch";
const kept = <T extends string>(key: string, all: readonly T[], fallback: T): T => all.find((item) => item === localStorage.getItem(key)) ?? fallback;
export const themes: readonly Theme[] = ["system", "light", "dark"];
export const densities: readonly Density[] = ["standard", "compact", "touch"];

class Tab {
  theme = $state<Theme>(kept("dagbok.theme", themes, "system"));
  density = $state<Density>(kept("dagbok.density", densities, "standard"));
  folded = $state(localStorage.getItem("dagbok.rail") === "folded");
  /** The full log folds the rail by default, without changing what was chosen elsewhere. */
  logFolded = $state(true);
  systemDark = $state(matchMedia("(prefers-color-scheme: dark)").matches);
  news = $state.raw<TabNews>({ driving: false, offlineReady: false, updateReady: false, questions: [], storeLost: false });
  readonly dark: boolean = $derived(this.theme === "system" ? this.systemDark : this.theme === "dark");

  chooseTheme(theme: Theme): void {
    this.theme = theme;
    localStorage.setItem("dagbok.theme", theme);
  }
  chooseDensity(density: Density): void {
    this.density = density;
    localStorage.setItem("dagbok.density", density);
  }
  fold(folded: boolean): void {
    this.folded = folded;
    localStorage.setItem("dagbok.rail", folded ? "folded" : "open");
  }
  /** Follows the system's theme; answers a function that stops. */
  listen(): () => void {
    const media = matchMedia("(prefers-color-scheme: dark)");
    const read = (): void => {
      this.systemDark = media.matches;
    };
    media.addEventListener("change", read);
    return () => media.removeEventListener("change", read);
  }
}
export const tab = new Tab();
