/** The contract with nudges among tabs and workers: best effort, may be lost; the store is the truth. */
export type Nudge =
  | { readonly type: "committed"; readonly csn: number }
  | { readonly type: "command"; readonly id: string }
  | { readonly type: "log"; readonly run: string; readonly step: string };
export interface Notify {
  readonly send: (nudge: Nudge) => void;
  readonly listen: (onNudge: (nudge: Nudge) => void) => () => void;
}
