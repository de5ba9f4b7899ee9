/** Owns the server's side of sync sessions: opening, moving, renewing, giving up. The machine is `core/replica/session`; knows no HTTP. */
import { err, ok, type Result } from "../../core/base/result.ts";
import { leaseMs, move, type Session, type SessionCause, type SessionMove, type Superseded } from "../../core/replica/session.ts";
import { readSessionMark } from "../../core/replica/wire/session.ts";
import type { Ids } from "../../ports/ids.ts";
import type { Devices } from "../../ports/server/devices.ts";
import type { Sessions } from "../../ports/server/sessions.ts";

export interface SessionsDep {
  readonly sessions: Sessions;
  readonly devices: Devices;
  readonly ids: Ids;
  /** Names this process: it ends its own sessions when it stops. */
  readonly node: string;
}
export interface Owner {
  readonly user: string;
  /** What its token calls the device. */
  readonly device: string;
}
const keptPerReplica = 50;
const keptMs = 30 * 24 * 3_600_000;
/** Two requests of one owner may meet; more than these do not. */
const triesMax = 5;

export const openSession = async (dep: SessionsDep, space: string, owner: Owner, asked: { readonly key: string; readonly replica: string; readonly cause: SessionCause }): Promise<Result<Session, { readonly type: "foreign-replica" }>> => {
  const bound = await dep.devices.owner(space, asked.replica);
  if (bound !== undefined && bound !== owner.user) return err({ type: "foreign-replica" });
  await dep.sessions.reap();
  const opened = await dep.sessions.open({ id: dep.ids.next(), space, ...owner, ...asked, node: dep.node }, leaseMs);
  // The key of somebody else's session: as absent as any other of theirs.
  return (await dep.sessions.find(space, opened.id, owner.user)) === undefined ? err({ type: "foreign-replica" }) : ok(opened);
};

/** Undefined: no such session of this user. */
export const moveSession = async (dep: SessionsDep, at: { readonly space: string; readonly id: string; readonly user: string }, asked: SessionMove): Promise<Result<Session, Superseded> | undefined> => {
  await dep.sessions.reap();
  for (let tries = 0; ; tries++) {
    const before = await dep.sessions.find(at.space, at.id, at.user);
    if (before === undefined) return undefined;
    const moved = move(before, asked, await dep.sessions.now());
    if (!moved.ok || moved.value === before) return moved;
    if (await dep.sessions.put(before, moved.value, dep.node)) return moved;
    if (tries === triesMax) return err({ type: "superseded", session: before });
  }
};

/** What a request of replication does to the session it names; undefined when it names none. Its data is taken either way. */
export const renewSession = async (dep: SessionsDep, at: { readonly space: string; readonly user: string }, header: string | undefined): Promise<"live" | "superseded" | undefined> => {
  const mark = readSessionMark(header);
  if (mark === undefined) return undefined;
  return (await dep.sessions.renew({ ...at, ...mark, node: dep.node }, leaseMs)) ? "live" : "superseded";
};

export const listSessions = async (dep: SessionsDep, space: string, limit: number): Promise<readonly Session[]> => {
  await dep.sessions.reap();
  return dep.sessions.list(space, limit);
};

/** Every 30 s on every node, and at boot. Answers how many were given up. */
export const reapSessions = async (dep: Pick<SessionsDep, "sessions">): Promise<number> => {
  const reaped = await dep.sessions.reap();
  await dep.sessions.trim(keptPerReplica, keptMs);
  return reaped;
};
