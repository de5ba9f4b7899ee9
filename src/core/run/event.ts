/** Owns what a run's log may hold. Events are past tense: recorded once, never late, doubled or false. */
import type { Instant } from "../base/brand.ts";

export type RunEvent = { readonly type: string; readonly at: Instant; readonly [key: string]: unknown };
