/**
 * Owns the registry of what can be done now: the frame's actions and those of the screen in front. Palette, keys, menus and help read
 * this one list. Refuses to know how an action is drawn. 1 A key never fires while typing or composing. 2 An action that cannot run says why.
 */
import { untrack } from "svelte";
import type { IconName } from "../parts/control/icons.ts";

export interface Action {
  readonly id: string;
  readonly title: string;
  readonly group: "do" | "go";
  readonly icon: IconName;
  /** "g h", "r", "!", "Ctrl K"; single keys are case-sensitive. */
  readonly key?: string;
  readonly detail?: string;
  /** Why it cannot run now. */
  readonly off?: string;
  /** Listed in help and by key only. */
  readonly quiet?: boolean;
  readonly run: () => void;
}
type Source = () => readonly Action[];

class Actions {
  #sources = $state.raw<readonly Source[]>([]);
  /** Later sources (the screen in front) come first and win a key. */
  readonly all: readonly Action[] = $derived(this.#sources.toReversed().flatMap((source) => source()));

  add(source: Source): () => void {
    this.#sources = [...this.#sources, source];
    return () => {
      this.#sources = this.#sources.filter((other) => other !== source);
    };
  }
  byKey(key: string): Action | undefined {
    return this.all.find((action) => action.key === key);
  }
}
export const actions = new Actions();

/** Offers actions for as long as the calling component lives. */
export const offer = (source: Source): void => {
  $effect.pre(() => untrack(() => actions.add(source)));
};

const isTyping = (event: KeyboardEvent): boolean => {
  const target = event.target;
  if (event.isComposing || !(target instanceof HTMLElement)) return event.isComposing;
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type));
};
const nameOf = (event: KeyboardEvent): string => {
  const control = event.ctrlKey || event.metaKey ? "Ctrl " : "";
  const alt = event.altKey ? "Alt " : "";
  const long = event.key.length > 1;
  const shift = event.shiftKey && (long || control !== "") ? "Shift " : "";
  return `${control}${alt}${shift}${control !== "" && !long ? event.key.toUpperCase() : event.key}`;
};
/** Keys that lead a sequence ("g h") and how long the second may take. */
const leaders = ["g"];
const sequenceMs = 1200;

/** Listens to the keyboard; answers a function that stops. */
export const listenKeys = (): (() => void) => {
  let lead = "";
  let leadAt = 0;
  const press = (event: KeyboardEvent): void => {
    const name = nameOf(event);
    const dialogOpen = document.querySelector("dialog[open]") !== null;
    if (isTyping(event) && !name.startsWith("Ctrl ") && !name.startsWith("Alt ")) return;
    if (dialogOpen || event.defaultPrevented) return;
    const whole = lead !== "" && event.timeStamp - leadAt < sequenceMs ? `${lead} ${name}` : name;
    lead = leaders.includes(name) && whole === name ? name : "";
    leadAt = event.timeStamp;
    const action = actions.byKey(whole);
    if (action === undefined || action.off !== undefined) return;
    event.preventDefault();
    action.run();
  };
  addEventListener("keydown", press);
  return () => removeEventListener("keydown", press);
};
