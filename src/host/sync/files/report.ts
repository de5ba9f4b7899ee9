/** Owns what a person may take away when sync is in trouble: a report without contents or secrets, and the edits that no server has. */
import type { Instant } from "../../../core/base/brand.ts";
import type { Store } from "../../../ports/store.ts";
import { localKinds, writtenBy } from "../kinds.ts";
import { syncPending, syncSessions, syncStatus } from "../views.ts";

const marksMax = 10_000;

/** Cursors, ages, sessions, counts: enough to see why nothing moves, nothing to see what moves. */
export const syncReport = (store: Store, now: Instant): Promise<string> =>
  store.transact(async (tx) => {
    const head = await tx.replica.head();
    const marks = await tx.replica.marks(marksMax);
    const { connection, ...status } = await syncStatus(tx);
    const pending = await syncPending(tx);
    return JSON.stringify({
      format: 1, at: new Date(now).toISOString(),
      connection: connection === undefined ? null : { origin: connection.origin, workspace: connection.workspace, role: connection.role },
      status, head: head ?? null, place: await tx.replica.ownPlace(), offers: (await tx.replica.offers()).length,
      marks: Object.fromEntries([...new Set(marks.map((mark) => mark.kind))].map((kind) => [kind, marks.filter((mark) => mark.kind === kind).length])),
      pending: pending.map(({ record, kind, reason, at }) => ({ record, kind, reason, ...(at === undefined ? {} : { ageMs: now - at }) })),
      recovered: (await tx.replica.recovered()).map(({ record, reason }) => ({ record, reason })),
      sessions: await syncSessions(tx),
    }, null, 2);
  }, { readonly: true });

/** Every edit that is only here, with its body, oldest first. */
export const exportUnsent = (store: Store): Promise<string> =>
  store.transact(async (tx) => {
    const edits = (await tx.replica.own()).filter((edit) => edit.acked === undefined).map(({ record, deleted, body }) => ({ record, deleted, body }));
    for (const mark of await tx.replica.marks(marksMax)) {
      const written = localKinds.includes(mark.kind) ? undefined : await writtenBy(tx, mark);
      if (written !== undefined) edits.push(written);
    }
    for (const { record, deleted, body } of await tx.replica.recovered()) edits.push({ record, deleted, body });
    return JSON.stringify({ format: 1, edits }, null, 2);
  }, { readonly: true });
