/** Owns how devices of a workspace look on the wire, when a silent one is retired, and what a restored server tells of its recovery. */
import * as v from "valibot";
import { count, id, text } from "./scalar.ts";

const dayMs = 24 * 3_600_000;
/** Silent for so long: retired (undone by its next request); warned of from `warnAfterMs` on. */
export const retireAfterMs = 90 * dayMs;
export const warnAfterMs = 76 * dayMs;

export const device = v.strictObject({
  replica: id, label: text, user: text, state: v.picklist(["active", "retired"]), seenAt: count, acknowledged: count,
  /** Ordinals between what it has acknowledged and the head. */
  behind: count,
  /** Tombstones wait for it alone, or for it among the slowest. */
  holdsBack: v.boolean(),
  retiresAt: v.optional(count), token: v.optional(id), appVersion: v.optional(text), isThis: v.boolean(),
});
export const deviceList = v.strictObject({ devices: v.array(device), head: count, floor: count, tombstones: count, rows: count, serverTime: count });
export type Device = v.InferOutput<typeof device>;
export type DeviceList = v.InferOutput<typeof deviceList>;

/** For admins: what devices have given back since the present epoch began. Absent epoch: the server was never restored. */
export const recovery = v.strictObject({
  epoch: v.optional(id), restoredAt: v.optional(count), records: count, devices: count, left: count,
});
export type Recovery = v.InferOutput<typeof recovery>;
