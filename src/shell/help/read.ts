/** Owns the help's entries as they are kept: what every builtin and command is for, how it is called, which options it takes. */
import kept from "./entries.json" with { type: "json" };

export interface HelpEntry {
  readonly name: string;
  readonly kind: "builtin" | "command";
  /** Not there in `sh`. */
  readonly bashOnly?: boolean;
  /** What follows the name in a usage line; empty when nothing does. */
  readonly synopsis: string;
  readonly en: string;
  readonly zh: string;
  readonly options: readonly (readonly [flag: string, en: string, zh: string])[];
  /** Refuses every other option. */
  readonly strict?: boolean;
  /** The first operand ends the options. */
  readonly stops?: boolean;
}
/** By name, in byte order. */
export const helpEntries = kept as unknown as readonly HelpEntry[];
