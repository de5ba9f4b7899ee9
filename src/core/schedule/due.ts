/**
 * Owns which occurrences of a schedule are owed after a gap, and which of them a tick takes (contract 12.2 to 12.4a).
 * Pure: the caller brings now, the last tick and what is active. Refuses to know runs, stores and queues.
 *
 * D1 Owed are the slots after max(now − window, last tick, watermark) up to now; without a window only the minute of now.
 * D2 At most `slotsMax` are owed; the newest are kept.
 * D3 One start per tick, a one-off before a cron slot of the same time, else the oldest.
 * D4 While a run is active `skip` drops the oldest, `all` waits, `latest` keeps only the newest.
 * D5 No slot vanishes unseen: what is not taken or kept is named among `dropped`, with its cause.
 */
import { instant, type Instant } from "../base/brand.ts";
import { nextFire, parseCron } from "./cron.ts";
import type { Zone } from "./zone.ts";

export const slotsMax = 1000;
const minuteMs = 60_000;

export interface Slot {
  readonly at: Instant;
  readonly kind: "cron" | "at";
  readonly expression: string;
}
export interface Entry {
  readonly kind: "cron" | "at";
  readonly expression: string;
}
export type OverlapPolicy = "skip" | "all" | "latest";

/** Milliseconds of an RFC 3339 text with offset; NaN, which lies nowhere, for any other. Pure, so no clock and no locale. */
const oneOffMs = (text: string): number => {
  const found = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?:Z|([+-])(\d\d):(\d\d))$/.exec(text);
  if (found === null) return Number.NaN;
  const [year, month, day, hour, minute, second, offsetHour, offsetMinute] = [1, 2, 3, 4, 5, 6, 8, 9].map((i) => Number(found[i] ?? 0)) as [number, number, number, number, number, number, number, number];
  const offset = (offsetHour * 60 + offsetMinute) * minuteMs * (found[7] === "-" ? -1 : 1);
  return Date.UTC(year, month - 1, day, hour, minute, second) - offset;
};
/** Fire times of one entry in (after, until], ascending, the newest `slotsMax`. A refused expression never fires. */
export const slotsOf = (entry: Entry, after: Instant, until: Instant, zone: Zone): readonly Slot[] => {
  if (entry.kind === "at") {
    const at = instant(oneOffMs(entry.expression));
    return at > after && at <= until ? [{ at, kind: "at", expression: entry.expression }] : [];
  }
  const cron = parseCron(entry.expression);
  if (!cron.ok) return [];
  const slots: Slot[] = [];
  for (let at = nextFire(cron.value, after, zone); at !== undefined && at <= until; at = nextFire(cron.value, at, zone)) {
    slots.push({ at, kind: "cron", expression: entry.expression });
    if (slots.length > 2 * slotsMax) slots.splice(0, slotsMax);
  }
  return slots.slice(-slotsMax);
};

export interface DueInput {
  readonly entries: readonly Entry[];
  readonly now: Instant;
  /** The tick before this one; absent at the very first. */
  readonly lastTick?: Instant;
  /** The newest slot of this DAG already settled. */
  readonly watermark?: Instant;
  /** 0: no catch-up. */
  readonly windowMs: number;
  readonly zone: Zone;
}
export interface Due {
  /** Ascending; a one-off stands before a cron slot of the same time; equal times of several expressions stand once. */
  readonly slots: readonly Slot[];
  /** Older ones beyond `slotsMax`. */
  readonly dropped: number;
}
export const dueSlots = (input: DueInput): Due => {
  const minuteStart = Math.floor(input.now / minuteMs) * minuteMs;
  const floor = input.windowMs > 0 ? Math.max(input.now - input.windowMs, input.lastTick ?? -Infinity) : minuteStart - 1;
  const cronAfter = instant(Math.max(floor, input.watermark ?? -Infinity));
  const oneOffAfter = instant(Math.max(input.lastTick ?? minuteStart - 1, input.watermark ?? -Infinity));
  const all = input.entries.flatMap((entry) => slotsOf(entry, entry.kind === "at" ? instant(Math.min(cronAfter, oneOffAfter)) : cronAfter, input.now, input.zone));
  const sorted = all.sort((a, b) => a.at - b.at || rank(a) - rank(b));
  const single = sorted.filter((slot, i) => i === 0 || slot.at !== sorted[i - 1]!.at);
  return { slots: single.slice(-slotsMax), dropped: Math.max(0, single.length - slotsMax) };
};
const rank = (slot: Slot): number => (slot.kind === "at" ? 0 : 1);

export interface Choice {
  readonly start?: Slot;
  /** Still owed at the next tick, ascending. */
  readonly kept: readonly Slot[];
  readonly dropped: readonly { readonly slot: Slot; readonly cause: "overlap-skip" | "overlap-latest" }[];
}
/** What one tick does with the slots that are owed. */
export const chooseSlot = (owed: readonly Slot[], active: boolean, policy: OverlapPolicy): Choice => {
  if (owed.length === 0) return { kept: [], dropped: [] };
  const newestOnly = policy === "latest";
  const candidates = newestOnly ? owed.slice(-1) : owed;
  const dropped = newestOnly ? owed.slice(0, -1).map((slot) => ({ slot, cause: "overlap-latest" as const })) : [];
  if (!active) return { start: candidates[0]!, kept: candidates.slice(1), dropped };
  if (policy === "skip") return { kept: candidates.slice(1), dropped: [...dropped, { slot: candidates[0]!, cause: "overlap-skip" }] };
  return { kept: candidates, dropped };
};

/** `skip_if_successful`: the last success lies in [fire time before `slot`, slot). */
export const coveredBySuccess = (entry: Entry, slot: Instant, success: Instant, zone: Zone): boolean => {
  const before = previousFire(entry, slot, zone);
  return before !== undefined && success >= before && success < slot;
};
/** The newest fire time before `at`, looked for in windows that double, up to five years back. */
export const previousFire = (entry: Entry, at: Instant, zone: Zone): Instant | undefined => {
  const fiveYears = 5 * 366 * 24 * 60 * minuteMs;
  for (let span = 60 * minuteMs; span < 2 * fiveYears; span *= 4) {
    const last = slotsOf(entry, instant(at - span - 1), instant(at - 1), zone).at(-1);
    if (last !== undefined) return last.at;
  }
  return undefined;
};

/** Name of the run of a slot: the same on every device, so that no slot runs twice. `hash` is the caller's hash of the DAG's name. */
export const slotRunId = (dag: string, hash: string, slot: Slot, zoneless: (at: Instant) => string): string =>
  `${slot.kind === "at" ? "oneoff" : "catchup"}-${dag}-${hash}-${zoneless(slot.at)}`;
