/** Owns the axis: at most six round steps over a span. Pure; milliseconds. */
const steps = [100, 200, 500, 1000, 2000, 4000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000, 43_200_000, 86_400_000];
const ticksMax = 5;

export const ticksOf = (spanMs: number): readonly number[] => {
  const wanted = Math.max(20, spanMs / ticksMax);
  const step = steps.find((candidate) => candidate >= wanted) ?? Math.ceil(wanted / 86_400_000) * 86_400_000;
  return Array.from({ length: Math.floor(spanMs / step) + 1 }, (_, n) => n * step);
};
