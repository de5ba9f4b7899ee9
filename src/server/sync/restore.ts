/** Owns what follows a restore: a new epoch on every space that lost something, so that devices give back what they still hold (rules 29 and 30). */
import { openEpoch } from "../../core/replica/server.ts";
import type { Ids } from "../../ports/ids.ts";
import type { Devices } from "../../ports/server/devices.ts";
import type { Spaces } from "../../ports/server/spaces.ts";
import { judge, type Noted } from "./sidecar.ts";

export interface RestoreDep {
  readonly spaces: Spaces;
  readonly devices: Devices;
  readonly ids: Ids;
}
/** `isKnown`: the space holds a true beginning of its history, up to its head; else nothing in common is taken for granted (rule 33). */
const renew = async ({ spaces, ids }: RestoreDep, space: string, isKnown: boolean): Promise<number | undefined> => {
  const commit = ids.next();
  const at = await spaces.transact(space, { replicas: [], records: [], edits: [], ordinals: [] }, {
    commit, work: ({ head }) => ({ delta: openEpoch(head, commit, isKnown ? head.ord : 0, !isKnown), value: head.ord }),
  });
  return typeof at === "number" ? at : undefined;
};

export interface Renewed {
  readonly space: string;
  /** Where its history goes on from. */
  readonly head: number;
  readonly lost?: number;
}
/** Somebody said so: every space begins a new epoch at its head. */
export const declareRestored = async (dep: RestoreDep): Promise<readonly Renewed[]> => {
  const renewed: Renewed[] = [];
  for (const space of await dep.spaces.names()) {
    const head = await renew(dep, space, true);
    if (head !== undefined) renewed.push({ space, head });
  }
  return renewed;
};
/** At boot: the spaces whose database disagrees with what was kept outside it. */
export const detectRestore = async (dep: RestoreDep, noted: readonly Noted[]): Promise<readonly Renewed[]> => {
  const found = new Map((await dep.devices.heads()).map((one) => [one.space, one]));
  const renewed: Renewed[] = [];
  for (const one of noted) {
    const here = found.get(one.space);
    if (here === undefined) continue;
    const verdict = judge(one, here, await dep.devices.commitAt(one.space, one.head));
    if (verdict === "in-step") continue;
    const head = await renew(dep, one.space, verdict === "behind");
    if (head !== undefined) renewed.push({ space: one.space, head, ...(verdict === "behind" ? { lost: one.head - head } : {}) });
  }
  return renewed;
};
