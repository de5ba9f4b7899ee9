/**
 * Owns how compiled awk code waits. A compiled expression answers at once or with a promise; `waits` says that it may be a promise, so that
 * what never waits is run without asking.
 */
import type { Maybe } from "../../contract.ts";
import { isPromise } from "../../contract.ts";
import type { Value } from "./value.ts";

export interface Code<T = Value> {
  (): Maybe<T>;
  waits?: boolean;
}

export const code = <T>(run: () => Maybe<T>, waits = false): Code<T> => {
  const made: Code<T> = run;
  made.waits = waits;
  return made;
};

export const bind = <A, B>(value: Maybe<A>, next: (value: A) => Maybe<B>): Maybe<B> => (isPromise(value) ? value.then(next) : next(value));

/** Applies `f` to one result. */
export const lift1 = <A, B>(a: Code<A>, f: (a: A) => Maybe<B>, waits = false): Code<B> =>
  a.waits === true ? code(() => bind(a(), f), true) : code(() => f(a() as A), waits);

/** Applies `f` to two results, evaluated left to right. */
export const lift2 = <A, B, C>(a: Code<A>, b: Code<B>, f: (a: A, b: B) => Maybe<C>, waits = false): Code<C> =>
  a.waits === true || b.waits === true
    ? code(() => bind(a(), (x) => bind(b(), (y) => f(x, y))), true)
    : code(() => f(a() as A, b() as B), waits);

/** All results in order. */
export const liftAll = (codes: readonly Code[]): Code<Value[]> => {
  if (!codes.some((one) => one.waits === true)) return code(() => codes.map((one) => one() as Value));
  return code(async () => {
    const values: Value[] = [];
    for (const one of codes) values.push(await one());
    return values;
  }, true);
};
