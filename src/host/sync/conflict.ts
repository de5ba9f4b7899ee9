/** Owns ending a conflict: a person's choice among the siblings becomes a new edit that has seen them all. Nothing is lost: all stay in history. */
import type { Store } from "../../ports/store.ts";
import { CommandError } from "../commands.ts";
import { materialise } from "./kinds.ts";

export const settle = (store: Store, record: string, edit: string): Promise<void> =>
  store.transact(async (tx) => {
    const [row] = await tx.replica.copyRows([record]);
    const chosen = row?.siblings.find((sibling) => sibling.e === edit);
    if (row === undefined || chosen === undefined) throw new CommandError("no-conflict", "This conflict has been settled already.");
    await materialise(tx, record, { ...row, siblings: [chosen] });
  }, { durability: "strict" });
