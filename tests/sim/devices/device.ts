/** Owns a device of the simulation: the shipped store contract, edits through the app's own rows, and copies of it, as a profile is copied. */
import { createMemoryStore } from "../../../src/adapters/memory/store.ts";
import { dagId, instant, revisionId } from "../../../src/core/base/brand.ts";
import { numbering } from "../../../src/core/replica/client.ts";
import { view } from "../../../src/core/replica/own.ts";
import type { Sibling } from "../../../src/core/replica/row.ts";
import type { DagRow, Store, Tx } from "../../../src/ports/store.ts";

export interface Device {
  store: Store;
  /** Texts whose telling was in a tombstone that this device has seen collected, by record. */
  ghosts: Record<string, string[]>;
}
/** The records there are. */
export const keys = ["a", "b"] as const;
export const dagsOf = async (tx: Tx): Promise<readonly DagRow[]> => (await Promise.all(keys.map((key) => tx.dag(dagId(key))))).filter((row) => row !== undefined);
export const newDevice = (): Device => ({ store: createMemoryStore(), ghosts: {} });

/** As a copied profile or a disk image: the same rows, the same marks, and the same identity. */
export const copied = async ({ store, ghosts }: Device): Promise<Device> => {
  const twin = createMemoryStore();
  const rows = await store.transact(async (tx) => ({
    head: await tx.replica.head(), own: await tx.replica.own(), offers: await tx.replica.offers(), copy: await tx.replica.copyAll(),
    recovered: await tx.replica.recovered(), pending: await tx.pending(), dags: await dagsOf(tx),
  }), { readonly: true });
  await twin.transact(async (tx) => {
    tx.replica.quiet();
    await tx.replica.putHead(rows.head);
    await tx.replica.changeOwn(rows.own, []);
    await tx.replica.putOffers(rows.offers);
    await tx.replica.putCopy(rows.copy);
    await tx.replica.putRecovered(rows.recovered);
    for (const dag of rows.dags) await tx.putDag(dag);
  });
  await twin.transact((tx) => tx.replica.putMarks(rows.pending));
  return { store: twin, ghosts: structuredClone(ghosts) };
};

export const recordOf = (key: string): string => `dag/${key}`;
/** What an edit says: the oracle's name of it. */
export const saidBy = (sibling: Sibling): string | undefined => (sibling.deleted ? undefined : (sibling.body as { readonly description: string }).description);

/** Live and dead siblings in this device's view, by the text or the edit id. */
export const shownBy = async (tx: Tx, key: string): Promise<readonly Sibling[]> => {
  const record = recordOf(key);
  const head = await tx.replica.head();
  if (head === undefined) return [];
  const [copy] = await tx.replica.copyRows([record]);
  const own = await tx.replica.ownOf([record]);
  return view(copy, own, numbering(head, await tx.replica.ownPlace()), record)?.siblings ?? [];
};
/** Writes the text over all that is shown, or brings the record back. */
export const write = (device: Device, key: string, text: string): Promise<void> =>
  device.store.transact(async (tx) => {
    const { deletedAt: _gone, conflict: _open, ...before } = ((await tx.dag(dagId(key))) ?? {}) as Partial<DagRow>;
    const row: DagRow = {
      name: key, group: "", labels: [], hasSchedule: false, stepCount: 1, errorCount: 0, hasDraft: false, createdAt: instant(1),
      ...before, id: dagId(key), head: revisionId(`head of ${text}`), description: text, updatedAt: instant(2),
    };
    await tx.putDag(row);
  });
/** False when there is nothing to delete. */
export const remove = (device: Device, key: string): Promise<boolean> =>
  device.store.transact(async (tx) => {
    const row = await tx.dag(dagId(key));
    if (row === undefined || row.deletedAt !== undefined) return false;
    await tx.putDag({ ...row, deletedAt: instant(3) });
    return true;
  });
