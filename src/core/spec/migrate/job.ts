/** Owns what a migration gathers on its way: edits, changes to show, notes to read. */
import type { LineCounter } from "yaml";
import type { Field } from "../yaml/tree.ts";
import type { Edit } from "./edits.ts";

export interface Change {
  readonly code: "renamed" | "reshaped" | "completed" | "number-form";
  readonly path: string;
  readonly line: number;
  readonly from: string;
  readonly to: string;
}
export interface Note {
  readonly code: "unknown-key" | "needs-a-look";
  readonly path: string;
  readonly line: number;
  /** English. */
  readonly message: string;
  /** What exactly, for the translated text. */
  readonly reason: "unknown-key" | "both-names" | "executor-beside" | "executor-form" | "executor-keys" | "artifacts-beside" | "headers-beside";
  readonly values: Readonly<Record<string, string>>;
}
export interface Migration {
  readonly text: string;
  readonly changes: readonly Change[];
  /** What was kept as it is though Dagu 2.6 does not know it, or what a person should look at. */
  readonly notes: readonly Note[];
}
export interface Migrating {
  readonly text: string;
  readonly lines: LineCounter;
  readonly edits: Edit[];
  readonly changes: Change[];
  readonly notes: Note[];
  readonly seen: Set<number>;
}

export const record = (job: Migrating, field: Field, code: Change["code"], words: readonly [from: string, to: string]): void => {
  job.changes.push({ code, path: field.value.path, line: job.lines.linePos(field.keySpan.from).line, from: words[0], to: words[1] });
};
