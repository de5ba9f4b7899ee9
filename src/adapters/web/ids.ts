/** Owns chance in the browser (and in Node): UUID v7 and the platform's random numbers. */
import { v7 } from "uuid";
import type { Ids } from "../../ports/ids.ts";

export const createWebIds = (): Ids => ({
  next: () => v7(),
  random: () => crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32,
});
