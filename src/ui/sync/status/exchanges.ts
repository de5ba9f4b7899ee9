/** Owns telling sessions as exchanges: what went out, what came in, what did not work; and each state, cause and reason in words. */
import type { SyncSessionRow } from "../../../ports/sync/sessions.ts";
import { span } from "../../format/time.ts";
import { t } from "../../i18n/words.svelte.ts";
import type { IconName } from "../../parts/control/icons.ts";

export interface Exchange {
  readonly key: string;
  readonly icon: IconName;
  readonly words: string;
  readonly at: number;
}
/** Newest first; a session that moved nothing is told only when it went wrong or is the newest. */
export const exchangesOf = (sessions: readonly SyncSessionRow[]): readonly Exchange[] =>
  sessions.flatMap((session, i) => {
    const at = session.endedAt ?? session.startedAt;
    const { sent, received } = session.progress;
    const told: Exchange[] = [
      ...(sent === 0 ? [] : [{ key: `${session.id} out`, icon: "upload" as const, words: t("sync.entriesSent", { n: sent }), at }]),
      ...(received === 0 ? [] : [{ key: `${session.id} in`, icon: "download" as const, words: t("sync.entriesTaken", { n: received }), at }]),
    ];
    if (session.state === "completed" && told.length === 0 && i === 0) return [{ key: session.id, icon: "check", words: t("sync.nothingNew"), at }];
    if (session.state !== "completed") told.push({ key: session.id, icon: session.state === "failed" || session.state === "stale" || session.waiting === "network" ? "cloudOff" : "cloud", words: endWords(session), at });
    return told;
  });
/** "no answer, waited 8 s", "cancelled by you", "waits for the network". */
export const endWords = (session: SyncSessionRow): string => {
  if (session.state === "pending") return session.waiting === undefined ? t("sync.state.pending") : t(`sync.waits.${session.waiting}`);
  if (session.state === "syncing") return t("sync.state.syncing");
  if (session.reason === undefined) return t(`sync.state.${session.state}`);
  const took = session.endedAt === undefined ? undefined : session.endedAt - session.startedAt;
  return session.reason === "network" && took !== undefined ? t("sync.noAnswer", { time: span(took) }) : t(`sync.reason.${session.reason}`);
};
