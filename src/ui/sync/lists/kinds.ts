/** Owns the words for replicated kinds, in lists and in sums. A kind that this version does not know is called by its own name. */
import type { PendingEdit } from "../../../host/sync/views.ts";
import { hasKey, t } from "../../i18n/words.svelte.ts";

/** A phone by its name, else a laptop. */
export const deviceIcon = (label: string): "device" | "laptop" => (/phone|android|ios|ipad|手机/i.test(label) ? "device" : "laptop");

export const kindWord = (kind: string): string => {
  const key = `sync.kind.${kind}`;
  return hasKey(key) ? t(key) : kind;
};
/** "2 runs, 1 DAG". */
export const pendingByKind = (edits: readonly PendingEdit[]): string => {
  const counts = new Map<string, number>();
  for (const { kind } of edits) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, n]) => {
    const key = `sync.n.${kind}`;
    return hasKey(key) ? t(key, { n }) : `${n} ${kind}`;
  }).join(t("list.separator"));
};
