/** The contract with chance: the only source of ids and random numbers. */
export interface Ids {
  /** Time-ordered unique text (UUID v7). */
  readonly next: () => string;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
}
