/** Owns putting the app on the page: styles, the frame or the page that says why not. The root hands in what it built. */
import { mount, unmount } from "svelte";
import App from "./App.svelte";
import type { Door, HostFacts } from "./door.ts";
import Cannot from "./frame/Cannot.svelte";
import { tab } from "./frame/tab.svelte.ts";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";

const paint = (): void => {
  document.documentElement.dataset["theme"] = tab.dark ? "dark" : "light";
};
/** Shows the app; answers a function that takes it away. */
export const showApp = (target: HTMLElement, door: Door): (() => void) => {
  const app = mount(App, { target, props: { door } });
  return () => void unmount(app);
};
export const showCannot = (target: HTMLElement, facts: HostFacts, message?: string): void => {
  paint();
  mount(Cannot, { target, props: message === undefined ? { facts } : { facts, message } });
};
