/**
 * Owns what may be said about being in step, and from when on it may not: only evidence says "up to date", a percentage is never said.
 * Refuses to know the wire. 1 Evidence older than 90 s is no evidence. 2 The worst is said first.
 */
import { evidenceMs, type SyncStatus } from "../../../host/sync/views.ts";
import { ago, clock, span } from "../../format/time.ts";
import { hasKey, t } from "../../i18n/words.svelte.ts";

export type Standing = "off" | "choice" | "signed-out" | "stuck" | "trouble" | "exchanging" | "in-step" | "old" | "never";
type Evidence = Pick<SyncStatus, "state" | "completeAt" | "trouble" | "stuckSince" | "session" | "choice">;

export const standingOf = (status: Evidence, now: number): Standing => {
  if (status.state === "off") return "off";
  if (status.choice !== undefined) return "choice";
  if (status.state === "signed-out" || status.trouble?.type === "signed-out") return "signed-out";
  if (status.stuckSince !== undefined) return "stuck";
  if (status.trouble !== undefined) return "trouble";
  if (isInStep(status, now)) return "in-step";
  if (status.session?.state === "syncing" && status.session.leaseUntil > now) return "exchanging";
  return status.completeAt === undefined ? "never" : "old";
};
export const isInStep = ({ completeAt, trouble }: Pick<SyncStatus, "completeAt" | "trouble">, now: number): boolean =>
  completeAt !== undefined && trouble === undefined && now - completeAt < evidenceMs;

/** The line beside the title. */
export const standingWords = (status: SyncStatus, now: number): string => {
  const standing = standingOf(status, now);
  switch (standing) {
    case "in-step": {
      const but = [...(status.conflicts === 0 ? [] : [t("sync.nConflicts", { n: status.conflicts })]), ...(status.unsent === 0 ? [] : [t("sync.nUnsent", { n: status.unsent })])];
      return but.length === 0 ? t("sync.inStep") : t("sync.inStepBut", { what: but.join(t("sync.and")) });
    }
    case "exchanging":
      return t("sync.exchanging", { sent: status.session?.progress.sent ?? 0, received: status.session?.progress.received ?? 0, left: status.session?.progress.unsent ?? status.unsent });
    default:
      return t(`sync.standing.${standing}`);
  }
};
/** What went wrong with the last exchange, in a sentence. */
export const troubleWords = ({ trouble }: Pick<SyncStatus, "trouble">): string => {
  if (trouble === undefined) return "";
  const key = `sync.${trouble.type}`;
  return hasKey(key) ? t(key, { message: "message" in trouble ? trouble.message : "" }) : trouble.type;
};
/** The freshness chip: verified, stale with the reason, or an offline copy. */
export const evidenceChip = (status: SyncStatus, now: number): { readonly freshness: "live" | "stale" | "loading"; readonly text: string } => {
  if (status.completeAt === undefined) return { freshness: "loading", text: t("sync.neverVerified") };
  if (isInStep(status, now)) return { freshness: "live", text: t("sync.verified", { time: ago(status.completeAt, now) }) };
  return status.trouble?.type === "unreachable"
    ? { freshness: "loading", text: t("sync.offlineCopy", { time: clock(status.completeAt) }) }
    : { freshness: "stale", text: t("sync.staleSince", { time: ago(status.completeAt, now) }) };
};
/** When something is tried next, without a person. */
export const nextWords = (status: SyncStatus, now: number): string => {
  if (status.state === "paused" || status.state === "signed-out") return t("sync.nextNever");
  if (status.session?.state === "syncing") return t("sync.nextGoing");
  if (status.retryAt !== undefined && status.trouble !== undefined) return status.retryAt <= now ? t("sync.nextNow") : t("sync.nextIn", { time: span(status.retryAt - now) });
  return t("sync.nextPoll");
};
