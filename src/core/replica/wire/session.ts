/** Owns how sessions of sync look on the wire, and the header by which a request of replication names its session. */
import * as v from "valibot";
import { sessionCauses, sessionReasons, sessionStates, type Session } from "../session.ts";
import { count, id, text } from "./scalar.ts";

const progress = v.strictObject({ sent: count, received: count, unsent: count, head: count, seen: count });
/** `key` names one session for ever: asking again, also at the same moment, answers the same one. */
export const openSession = v.strictObject({ key: id, replica: id, cause: v.picklist(sessionCauses) });
export const moveSession = v.strictObject({
  fence: count,
  state: v.optional(v.picklist(["syncing", "completed", "failed"])),
  reason: v.optional(v.picklist(sessionReasons)),
  progress: v.optional(progress),
});
export const session = v.strictObject({
  id, replica: id, state: v.picklist(sessionStates), fence: count, leaseUntil: count, startedAt: count,
  endedAt: v.optional(count), reason: v.optional(v.picklist(sessionReasons)), cause: v.picklist(sessionCauses), progress, device: text,
});
export const oneSession = v.strictObject({ session, serverTime: count });
export const sessionList = v.strictObject({ sessions: v.array(session), serverTime: count });
export const sessionsMax = 200;

/** Sent with push, pull and offer: renews the lease. The answer carries it as well, with `live` or `superseded`. */
export const sessionHeader = "Dagbok-Session";
/** Sent with every request of a device: the app's own version, for the list of devices. */
export const versionHeader = "Dagbok-Version";
export const sessionMark = ({ id: name, fence }: Pick<Session, "id" | "fence">): string => `${name}.${fence}`;
export const readSessionMark = (value: string | undefined): { readonly id: string; readonly fence: number } | undefined => {
  const found = /^([\w-]{1,200})\.(\d{1,15})$/.exec(value ?? "");
  return found === null ? undefined : { id: found[1] ?? "", fence: Number(found[2]) };
};
