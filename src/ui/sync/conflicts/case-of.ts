/** Owns turning a conflict as the host tells it into what the merge screen shows: numbers and names beside the texts. */
import type { ConflictSide, ConflictView } from "../../../host/sync/conflict.ts";
import type { RevisionId } from "../../../core/base/brand.ts";
import type { RevisionRow, Tx } from "../../../ports/store.ts";
import { syncConflict } from "../../../host/sync/views.ts";
import type { DevicesView } from "../../../ports/sync/office.ts";
import { t } from "../../i18n/words.svelte.ts";
import type { MergeCase, Version } from "../merge/case.ts";

export interface ConflictRows {
  readonly view: ConflictView | undefined;
  readonly revisions: ReadonlyMap<RevisionId, RevisionRow>;
}
export const conflictRows = (record: string) => async (tx: Tx): Promise<ConflictRows> => {
  const view = await syncConflict(record)(tx);
  const revisions = new Map<RevisionId, RevisionRow>();
  for (const id of [view?.base?.revision, ...(view?.sides ?? []).map((side) => side.revision)]) {
    const row = id === undefined ? undefined : await tx.revision(id);
    if (row !== undefined) revisions.set(row.id, row);
  }
  return { view, revisions };
};
/** A device's own name where the server has told it, else "another device". */
export const deviceOf = (side: ConflictSide, devices: DevicesView | undefined): string =>
  side.isThis ? t("sync.thisOne") : (devices?.devices.find((device) => device.replica === side.replica)?.label ?? t("sync.otherDevice"));

/** Undefined while the text of a side has not arrived. */
export const mergeCaseOf = ({ view, revisions }: ConflictRows, devices: DevicesView | undefined): MergeCase | undefined => {
  if (view === undefined) return undefined;
  const versions = view.sides.flatMap((side): readonly Version[] => {
    if (side.text === undefined) return [];
    const row = side.revision === undefined ? undefined : revisions.get(side.revision);
    return [{ by: deviceOf(side, devices), text: side.text, ...(row === undefined ? {} : { at: row.at, number: row.number }) }];
  });
  const [mine, ...others] = versions;
  if (mine === undefined || others.length === 0 || versions.length < view.sides.length) return undefined;
  const base = view.base === undefined ? undefined : revisions.get(view.base.revision);
  return {
    record: view.record, name: view.name, isClean: view.merged === "clean", mine, others,
    ...(view.base === undefined ? {} : { base: { by: t("sync.base"), text: view.base.text, ...(base === undefined ? {} : { at: base.at, number: base.number }) } }),
  };
};
