/** Owns how a note on an import, a change of a migration and a refused file are told. Refuses to know how they came about. */
import type { ImportNote } from "../../core/spec/import/document.ts";
import type { Change } from "../../core/spec/migrate/job.ts";
import { bytes } from "../format/time.ts";
import { fill, t, words } from "../i18n/words.svelte.ts";
import { notes } from "../i18n/zh/notes.ts";
import { archiveMax, fileMax, textMax, type Refused } from "./gather.ts";

/** In the chosen language; the English text where the other has no words for the code. */
export const noteText = (note: ImportNote): string => {
  const own = words.locale === "zh-CN" ? notes[note.code] : undefined;
  return own === undefined ? note.message : fill(own, note.values ?? {});
};
export const changeText = (change: Change): string => (change.from === "" ? t("in.change.completed", { to: change.to }) : t("in.change.renamed", { from: change.from, to: change.to }));
export const refusedText = ({ path, why, size }: Refused): string => {
  const name = path === "" ? t("in.pasted") : path;
  const limit = /\.zip$/i.test(path) ? archiveMax : /\.ya?ml$/i.test(path) || path === "" ? textMax : fileMax;
  return t(`in.refused.${why}`, { name, size: bytes(size), limit: bytes(limit) });
};
