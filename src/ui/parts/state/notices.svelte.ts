/** Owns what the app says in passing: toasts with undo, and refusals. Refuses to know which command spoke. */
import { refusalText } from "../../format/words-of.ts";
import { t } from "../../i18n/words.svelte.ts";

export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly bad: boolean;
  readonly undo?: () => void;
}
const lifeSeconds = 8;

class Notices {
  items = $state.raw<readonly Notice[]>([]);
  left = $state<Record<number, number>>({});
  held = $state(false);
  #next = 1;

  say(text: string, undo?: () => void): void {
    this.#add({ id: this.#next++, text, bad: false, ...(undo === undefined ? {} : { undo }) });
  }
  fail(error: unknown): void {
    this.#add({ id: this.#next++, text: `${t("error.title")} ${refusalText(error)}`, bad: true });
  }
  drop(id: number): void {
    this.items = this.items.filter((item) => item.id !== id);
    delete this.left[id];
  }
  /** One second passes, unless somebody hovers or has focus inside. */
  tick(): void {
    if (this.held) return;
    for (const item of this.items) {
      const left = (this.left[item.id] ?? 1) - 1;
      if (left <= 0) this.drop(item.id);
      else this.left[item.id] = left;
    }
  }
  #add(notice: Notice): void {
    this.items = [...this.items.slice(-2), notice];
    this.left[notice.id] = lifeSeconds;
  }
}
export const notices = new Notices();

/** Sends a command; a refusal becomes a notice, an answer goes on. Components stay free of promises. */
export const send = <T>(command: Promise<T>, then?: (answer: T) => void): void => {
  command.then((answer) => then?.(answer)).catch((error: unknown) => notices.fail(error));
};
