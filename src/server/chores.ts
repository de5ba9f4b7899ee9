/** Owns what the server does by the clock: give up silent sessions, retire silent devices, collect tombstones, sweep blobs, find lost hints. Every node does all of it; each chore may run twice. */
import { graceMs } from "../core/replica/wire/blob.ts";
import type { Blobs } from "../ports/server/blobs.ts";
import type { Heads } from "./heads.ts";
import { errorFields, type Log } from "./observe/log.ts";
import type { Metrics } from "./observe/metrics.ts";
import { sweepTombstones, type ReplicationDep } from "./replication.ts";
import { retireSilent } from "./sync/devices.ts";
import { reapSessions, type SessionsDep } from "./sync/sessions.ts";

export interface ChoresDep extends ReplicationDep, Pick<SessionsDep, "sessions" | "devices"> {
  readonly blobs: Blobs;
  readonly heads: Heads;
  readonly metrics: Metrics;
  readonly log: Log;
}
const everyMs = { reap: 30_000, sweep: 10 * 60_000, blobs: 24 * 3_600_000, poll: 5_000 } as const;

export const reap = async ({ sessions, metrics }: ChoresDep): Promise<void> => metrics.count("dagbok_sessions_reaped_total", {}, await reapSessions({ sessions }));
export const sweep = async (dep: ChoresDep): Promise<void> => {
  dep.metrics.count("dagbok_devices_retired_total", {}, await retireSilent(dep.devices, dep.now()));
  for (const space of await dep.spaces.names()) dep.metrics.count("dagbok_tombstones_collected_total", {}, await sweepTombstones(dep, space));
};
export const sweepBlobs = async (dep: ChoresDep): Promise<void> => {
  for (const space of await dep.spaces.names()) dep.metrics.count("dagbok_blobs_swept_total", {}, await dep.blobs.sweep(space, dep.now() - graceMs));
};

/** Starts them, the first look at sessions at once. `isShared`: other nodes commit to the same database, and a hint of theirs may be lost. Answers what stops them, and waits for the one that runs. */
export const startChores = (dep: ChoresDep, { isShared }: { readonly isShared: boolean }): (() => Promise<void>) => {
  const running = new Set<Promise<void>>();
  const run = (name: string, work: () => Promise<void>): void => {
    const one = work().catch((error: unknown) => {
      dep.metrics.count("dagbok_database_errors_total", { where: name });
      dep.log.warn({ chore: name, ...errorFields(error) }, "a chore failed: it is tried again at its time");
    });
    const kept = one.finally(() => void running.delete(kept));
    running.add(kept);
  };
  const timers = [
    setInterval(() => run("reap", () => reap(dep)), everyMs.reap),
    setInterval(() => run("sweep", () => sweep(dep)), everyMs.sweep),
    setInterval(() => run("blobs", () => sweepBlobs(dep)), everyMs.blobs),
    ...(isShared ? [setInterval(() => run("poll", () => dep.heads.poll(dep.spaces.head)), everyMs.poll)] : []),
  ];
  run("reap", () => reap(dep));
  return async () => {
    for (const timer of timers) clearInterval(timer);
    await Promise.all(running);
  };
};
