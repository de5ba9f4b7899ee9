/** Owns the documents of the sync bench: the same ones for everybody, about 330 bytes of JSON each, from a fixed seed. */

export interface BenchRecord {
  readonly id: string;
  readonly name: string;
  readonly head: string;
  readonly description: string;
  readonly group: string;
  readonly labels: readonly string[];
  readonly hasSchedule: boolean;
  readonly stepCount: number;
  readonly errorCount: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}
const words = "load clean check fetch store report daily hourly sales stock price order client table merge split quarantine archive alert retry".split(" ");
/** A number from a number, well mixed. */
const mixed = (n: number): number => {
  let x = Math.imul(n ^ 0x9e3779b9, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
};
export const idOf = (n: number): string => `rec-${String(n).padStart(7, "0")}`;

/** The n-th record with a text that tells its writer and version. */
export const recordOf = (n: number, version: string): BenchRecord => {
  const word = (i: number): string => words[mixed(n * 7 + i) % words.length] ?? "";
  return {
    id: idOf(n),
    name: `${word(0)}-${word(1)}-${n}`,
    head: `${mixed(n).toString(16).padStart(8, "0")}${mixed(n + 1e6).toString(16).padStart(8, "0")}`,
    description: `${version} ${word(2)} ${word(3)} ${word(4)} ${word(5)} ${mixed(n + 2e6)}`,
    group: word(6),
    labels: [word(7)],
    hasSchedule: n % 3 === 0,
    stepCount: mixed(n) % 40,
    errorCount: 0,
    createdAt: 1_790_000_000_000 + (mixed(n) % 1e9),
    updatedAt: 1_795_000_000_000 + (mixed(n + 5) % 1e9),
  };
};
