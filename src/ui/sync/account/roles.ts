/** Owns the words for roles. A role that this version does not know is called by its own name. */
import { hasKey, t } from "../../i18n/words.svelte.ts";

export const roleWord = (role: string): string => {
  const key = `sync.role.${role}`;
  return hasKey(key) ? t(key) : role;
};
