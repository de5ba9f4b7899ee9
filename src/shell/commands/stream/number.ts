/** Owns counts with unit suffixes ("10K", "5MB", "2b") and how sizes are shown to people. */

const POWERS = "KMGTPEZY";

/** "4", "4K" (1024), "4KB" (1000), "4KiB", "4b" (512) → number of bytes; `undefined` when it is none. */
export const parseSize = (text: string): number | undefined => {
  const match = /^(\d+)(?:(b)|([kKMGTPEZY])(iB|B)?|(B))?$/.exec(text);
  if (match === null) return undefined;
  const digits = match[1] ?? "0";
  if (match[2] !== undefined) return Number(digits) * 512;
  const letter = match[3];
  if (letter === undefined) return Number(digits);
  return Number(digits) * (match[4] === "B" ? 1000 : 1024) ** (POWERS.indexOf(letter.toUpperCase()) + 1);
};

/** As `ls -h` and `du -h` show sizes: rounded up, one decimal below 10. */
export const humanSize = (bytes: number, base = 1024): string => {
  if (bytes < base) return String(bytes);
  let value = bytes;
  let power = -1;
  while (value >= base && power < POWERS.length - 1) {
    value /= base;
    power++;
  }
  const letter = base === 1000 && power === 0 ? "k" : POWERS.charAt(power);
  const tenths = Math.ceil(value * 10 - 1e-9) / 10;
  if (tenths < 10) return `${tenths.toFixed(1)}${letter}`;
  const whole = Math.ceil(value - 1e-9);
  if (whole < base) return `${whole}${letter}`;
  return `1.0${POWERS.charAt(power + 1)}`;
};
