/**
 * Owns a question to the server as rows for the screen: the last good answer with its time, and why there is no newer one. Refuses to know
 * what is asked. 1 An older answer never replaces a newer one. 2 A failure keeps the last good answer.
 */
import { untrack } from "svelte";

export class Ask<T> {
  value = $state.raw<T | undefined>(undefined);
  at = $state<number | undefined>(undefined);
  error = $state.raw<unknown>(undefined);
  busy = $state(false);
  #command: () => Promise<T>;
  #turn = 0;

  constructor(command: () => Promise<T>) {
    this.#command = command;
  }
  again(): void {
    const turn = ++this.#turn;
    this.busy = true;
    this.#command().then(
      (value) => {
        if (turn !== this.#turn) return;
        this.value = value;
        this.at = Date.now();
        this.error = undefined;
        this.busy = false;
      },
      (error: unknown) => {
        if (turn !== this.#turn) return;
        this.error = error;
        this.busy = false;
      },
    );
  }
}
/** Asks when the component appears, whenever `wanted()` becomes true or changes, and again after each `everyMs`; not while the tab is hidden. */
export const ask = <T>(command: () => Promise<T>, wanted: () => unknown, everyMs = 0): Ask<T> => {
  const question = new Ask(command);
  $effect(() => {
    if (!wanted()) return;
    untrack(() => question.again());
    if (everyMs === 0) return;
    const timer = setInterval(() => { if (!document.hidden) question.again(); }, everyMs);
    return () => clearInterval(timer);
  });
  return question;
};
