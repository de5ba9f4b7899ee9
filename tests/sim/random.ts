/** One seeded source: 64 bits of seed, the same story every time (sfc32 over a splitmix of the seed). */
export interface Random {
  /** 0 ≤ x < 1. */
  readonly unit: () => number;
  readonly chance: (probability: number) => boolean;
  /** 0 ≤ x < n, whole. */
  readonly below: (n: number) => number;
  readonly pick: <T>(from: readonly T[]) => T;
}
export const seeded = (seed: number): Random => {
  let mix = BigInt.asUintN(64, BigInt(seed) + 0x9e3779b97f4a7c15n);
  const word = (): number => {
    mix = BigInt.asUintN(64, mix + 0x9e3779b97f4a7c15n);
    let z = mix;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return Number((z ^ (z >> 31n)) & 0xffffffffn);
  };
  let [a, b, c, d] = [word(), word(), word(), 1];
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t | 0;
    return t >>> 0;
  };
  for (let warm = 0; warm < 12; warm += 1) next();
  const unit = (): number => next() / 2 ** 32;
  return {
    unit,
    chance: (probability) => unit() < probability,
    below: (n) => Math.floor(unit() * n),
    pick: (from) => from[Math.floor(unit() * from.length)]!,
  };
};
