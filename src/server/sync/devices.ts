/** Owns what people are told of a workspace's devices: who is behind, who holds collection back, who is retired when. */
import { retireAfterMs, type Device, type DeviceList } from "../../core/replica/wire/device.ts";
import type { DeviceRow, Devices, SpaceState } from "../../ports/server/devices.ts";

export interface Asking {
  readonly token: string;
  /** The asking device's own replica, when it said. */
  readonly replica?: string;
  readonly now: number;
}
/** Tombstones wait for the slowest active devices (rule 22), when there are tombstones past what they have seen. */
const slowest = (rows: readonly DeviceRow[], state: SpaceState): number | undefined => {
  const active = rows.filter((row) => !row.retired).map((row) => row.acknowledged);
  const low = Math.min(...active);
  return active.length > 0 && low < state.lastTombstone ? low : undefined;
};

export const deviceList = (rows: readonly DeviceRow[], state: SpaceState, asking: Asking): DeviceList => {
  const low = slowest(rows, state);
  const mine = asking.replica ?? rows.find((row) => row.token === asking.token)?.replica;
  const device = (row: DeviceRow): Device => ({
    replica: row.replica, label: row.label ?? "", user: row.userName ?? "", state: row.retired ? "retired" : "active", seenAt: row.seenAt, acknowledged: row.acknowledged,
    behind: Math.max(0, state.head - row.acknowledged), holdsBack: !row.retired && low === row.acknowledged,
    ...(row.retired ? {} : { retiresAt: row.seenAt + retireAfterMs }), ...(row.token === undefined ? {} : { token: row.token }),
    ...(row.appVersion === undefined ? {} : { appVersion: row.appVersion }), isThis: row.replica === mine,
  });
  const { head, floor, tombstones, rows: count } = state;
  return { devices: rows.map(device), head, floor, tombstones, rows: count, serverTime: asking.now };
};

/** Retires what was silent for 90 days; its next request undoes it (rule 25). */
export const retireSilent = (devices: Devices, now: number): Promise<number> => devices.retireSilent(now - retireAfterMs);
