/**
 * Owns how interpreter code waits: it is written as generators, runs without a promise as long as nothing blocks, and can be
 * interrupted by an error wherever it waits. Yield a promise to wait for it; yield a task to run it without deepening the stack.
 */
import { isPromise } from "../contract.ts";
import type { Maybe } from "../contract.ts";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a task is resumed with depends on what it yielded
export type Task<T> = Generator<Promise<unknown> | Task<unknown>, T, any>;

/** Waits for a value that may be there already. */
export function* settle<T>(value: Maybe<T>): Task<T> {
  return isPromise(value) ? ((yield value) as T) : value;
}
/** Runs a task on the thread's own stack instead of JavaScript's: recursion in scripts must not end ours. */
export function* call<T>(task: Task<T>): Task<T> {
  return (yield task as Task<unknown>) as T;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

export class Thread<T> {
  private readonly stack: Task<unknown>[];
  private readonly onEnd: (outcome: Outcome<T>) => void;
  private turn = 0;
  private blocked = false;

  constructor(task: Task<T>, onEnd: (outcome: Outcome<T>) => void) {
    this.stack = [task as Task<unknown>];
    this.onEnd = onEnd;
  }

  start(): void {
    this.resume(undefined, false);
  }
  get isBlocked(): boolean {
    return this.blocked;
  }
  /** Throws `error` where the thread waits. Only when blocked. */
  interrupt(error: unknown): void {
    this.turn++;
    this.resume(error, true);
  }

  private resume(given: unknown, thrown: boolean): void {
    this.blocked = false;
    let value = given;
    let failed = thrown;
    for (;;) {
      const task = this.stack[this.stack.length - 1] as Task<unknown>;
      let step: IteratorResult<Promise<unknown> | Task<unknown>, unknown>;
      try {
        step = failed ? task.throw(value) : task.next(value);
      } catch (error) {
        this.stack.pop();
        if (this.stack.length === 0) return this.onEnd({ ok: false, error });
        value = error;
        failed = true;
        continue;
      }
      failed = false;
      if (step.done === true) {
        this.stack.pop();
        if (this.stack.length === 0) return this.onEnd({ ok: true, value: step.value as T });
        value = step.value;
      } else if (isPromise(step.value)) return this.block(step.value);
      else {
        this.stack.push(step.value);
        value = undefined;
      }
    }
  }
  private block(promise: Promise<unknown>): void {
    const turn = ++this.turn;
    this.blocked = true;
    promise.then(
      (value) => {
        if (this.turn === turn && this.blocked) this.resume(value, false);
      },
      (error: unknown) => {
        if (this.turn === turn && this.blocked) this.resume(error, true);
      },
    );
  }
}

/** Runs a task for code that is not one: answers at once when nothing blocked. */
export const drive = <T>(task: Task<T>): Maybe<T> => {
  let outcome: Outcome<T> | undefined;
  let later: ((outcome: Outcome<T>) => void) | undefined;
  new Thread(task, (ended) => {
    outcome = ended;
    later?.(ended);
  }).start();
  const unwrap = (ended: Outcome<T>): T => {
    if (!ended.ok) throw ended.error;
    return ended.value;
  };
  const ended = outcome as Outcome<T> | undefined;
  if (ended !== undefined) return unwrap(ended);
  return new Promise<Outcome<T>>((resolve) => (later = resolve)).then(unwrap);
};
