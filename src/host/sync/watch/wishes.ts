/**
 * Owns wishes about sync that any tab may have and the driving one carries out: "now", "cancel". They travel as request rows, are answered
 * once, and a second "now" joins the exchange under way. Also brings the driver's answers to wishes of other devices back to them.
 */
import { instant } from "../../../core/base/brand.ts";
import type { Json } from "../../../core/value/json.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Ids } from "../../../ports/ids.ts";
import type { RequestRow, Store, Tx } from "../../../ports/store.ts";
import { CommandError } from "../../commands.ts";
import { foreignRequest } from "../kinds.ts";
import { connectionKey } from "../settings.ts";

export interface WishesDep {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly onError: (error: unknown) => void;
}
export interface Desk {
  /** Undefined: this tab does not sync. */
  readonly now: () => Promise<void> | undefined;
  readonly cancel: () => void;
  readonly changed: () => void;
}
export interface Wishes {
  readonly now: () => Promise<void>;
  readonly cancel: () => Promise<void>;
  readonly close: () => void;
}
const kind = "sync";
const answerMsMax = 60_000;

export const createWishes = (dep: WishesDep, desk: Desk): Wishes => {
  const { store, clock, ids } = dep;
  const answering = new Set<string>();
  const carryOut = async (row: RequestRow): Promise<void> => {
    const doing = row.body === "cancel" ? desk.cancel() : desk.now();
    if (row.body !== "cancel" && doing === undefined) return;
    answering.add(row.id);
    await doing;
    await store.transact(async (tx) => {
      if ((await tx.request(row.id)) !== undefined) await tx.putRequest({ ...row, answer: "{}" });
    });
    answering.delete(row.id);
  };
  const look = async (rows: readonly RequestRow[]): Promise<void> => {
    for (const row of rows) if (row.type === kind && row.answer === undefined && !answering.has(row.id)) carryOut(row).catch(dep.onError);
    const answered = rows.filter((row) => row.id.startsWith(foreignRequest) && row.answer !== undefined);
    if (answered.length === 0) return;
    await store.transact((tx) => bringBack(tx, answered.map((row) => row.id)));
    desk.changed();
  };
  const stop = store.watch((tx) => tx.requests(false), (rows) => void look(rows).catch(dep.onError), dep.onError);

  /** Waits for whoever syncs; when nobody does it in time, that is said. */
  const ask = async (body: "now" | "cancel"): Promise<void> => {
    if ((await store.transact((tx) => tx.setting(connectionKey), { readonly: true })) === undefined) throw new CommandError("off", "Sync is off.");
    const id = ids.next();
    await store.transact((tx) => tx.putRequest({ id, at: clock.now(), type: kind, body }));
    const isDone = await new Promise<boolean>((resolve) => {
      const cancel = clock.alarm(instant(clock.now() + answerMsMax), () => resolve(false));
      const close = store.watch((tx) => tx.request(id), (row) => {
        if (row !== undefined && row.answer === undefined) return;
        cancel();
        queueMicrotask(() => close());
        resolve(true);
      }, dep.onError);
    });
    await store.transact((tx) => tx.deleteRequest(id));
    if (!isDone) throw new CommandError("no_leader", "No tab of this browser syncs.");
  };
  return {
    now: async () => (desk.now() ?? ask("now")),
    cancel: () => ask("cancel"),
    close: stop,
  };
};

/** The owner's answer becomes part of the wish's record, and travels. */
const bringBack = async (tx: Tx, ids: readonly string[]): Promise<void> => {
  for (const id of ids) {
    const row = await tx.request(id);
    const record = `request/${id.slice(foreignRequest.length)}`;
    const shared = await tx.replica.shared(record);
    if (row?.answer !== undefined && shared !== undefined) await tx.replica.putShared({ record, body: { ...(shared.body as { readonly [key: string]: Json }), answer: row.answer } });
    await tx.deleteRequest(id);
  }
};
