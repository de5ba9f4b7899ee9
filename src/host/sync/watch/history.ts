/**
 * Owns what happens when the server answers with another history than this device has seen (rules 30 and 34): where nothing could be lost
 * it goes on by itself, else it rests until a person has chosen. The copy that is given up is kept for 30 days. Refuses to know the network.
 */
import { instant, type Instant } from "../../../core/base/brand.ts";
import { commonOrdinal, type Restored } from "../../../core/replica/protocol.ts";
import type { Store, Tx } from "../../../ports/store.ts";
import { CommandError } from "../../commands.ts";
import { apply, type SyncDep } from "../session.ts";
import { choiceKey, readChoice, type HistoryChoice } from "../settings.ts";

const archiveRows = 500;
const archiveMs = 30 * 24 * 3_600_000;

/** Writes down that a person must choose; false when there is nothing to choose about. */
export const pauseForChoice = ({ store }: SyncDep, answer: Restored, now: Instant): Promise<boolean> =>
  store.transact(async (tx) => {
    const head = await tx.replica.head();
    if (head === undefined || head.epoch === answer.epoch) return false;
    const common = commonOrdinal(head.chain, answer.chain);
    const place = await tx.replica.ownPlace();
    const newer = head.seen <= common ? 0 : (await tx.replica.copyAll()).filter((row) => row.ord > common).length;
    if (newer === 0) return false;
    if (readChoice(await tx.setting(choiceKey))?.epoch === answer.epoch) return true;
    const choice: HistoryChoice = { type: "went-back", epoch: answer.epoch, chain: answer.chain, common, at: now, newer, unsent: place.end - place.first };
    await tx.putSetting(choiceKey, JSON.stringify(choice));
    return true;
  });

/** "upload": what this device holds is given back row by row; "accept": it is let go, own edits of that time become recovered items. */
export const chooseHistory = async (dep: SyncDep, which: "upload" | "accept", now: Instant): Promise<void> => {
  const choice = await dep.store.transact(async (tx) => readChoice(await tx.setting(choiceKey)), { readonly: true });
  if (choice === undefined) throw new CommandError("no-choice", "The server's history is the one this device knows.");
  await archive(dep, now);
  await apply(dep, { type: "restored", epoch: choice.epoch, chain: choice.chain }, which === "upload" ? "offer" : "accept");
  await dep.store.transact((tx) => tx.deleteSetting(choiceKey), { durability: "strict" });
};
const archive = (dep: SyncDep, now: Instant): Promise<void> =>
  dep.store.transact(async (tx) => {
    const rows = await tx.replica.copyAll();
    for (let from = 0; from < rows.length; from += archiveRows) await tx.replica.putArchive({ id: dep.ids.next(), at: now, rows: rows.slice(from, from + archiveRows) });
  });
/** Archives older than 30 days go. */
export const sweepArchives = (store: Store, now: Instant): Promise<void> =>
  store.transact(async (tx: Tx) => {
    for (const { id, at } of await tx.replica.archives()) if (at < instant(now - archiveMs)) await tx.replica.dropArchive(id);
  });
