/** Owns md5, sha1 and sha256 over byte strings, for programs that ask at once (the platform's own digest answers later). */
const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by));

/** Message padded to whole blocks as 32-bit words; `isBig` orders bytes and length. */
const wordsOf = (text: string, isBig: boolean): Uint32Array => {
  const blocks = ((text.length + 8) >>> 6) + 1;
  const words = new Uint32Array(blocks * 16);
  const put = (at: number, byte: number): void => {
    words[at >> 2] = (words[at >> 2] as number) | (byte << (isBig ? 24 - (at & 3) * 8 : (at & 3) * 8));
  };
  for (let i = 0; i < text.length; i++) put(i, text.charCodeAt(i));
  put(text.length, 0x80);
  const bits = text.length * 8;
  words[words.length - (isBig ? 1 : 2)] = bits >>> 0;
  words[words.length - (isBig ? 2 : 1)] = Math.floor(bits / 2 ** 32);
  return words;
};
const bytesOf = (state: Uint32Array, isBig: boolean): string =>
  Array.from(state, (word) => [24, 16, 8, 0].map((shift) => String.fromCharCode((word >>> (isBig ? shift : 24 - shift)) & 255)).join("")).join("");

/** First 32 bits of the fractional parts of roots of primes. */
const primes = (count: number): number[] => {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
};
const fraction = (value: number): number => Math.floor((value - Math.floor(value)) * 2 ** 32) >>> 0;
const sha256Keys = primes(64).map((prime) => fraction(Math.cbrt(prime)));
const sha256Start = primes(8).map((prime) => fraction(Math.sqrt(prime)));

const sha256 = (text: string): string => {
  const state = Uint32Array.from(sha256Start);
  const words = wordsOf(text, true);
  const w = new Uint32Array(64);
  for (let block = 0; block < words.length; block += 16) {
    for (let i = 0; i < 64; i++) {
      if (i < 16) w[i] = words[block + i] as number;
      else {
        const [a, b] = [w[i - 15] as number, w[i - 2] as number];
        const low = rotate(a, 25) ^ rotate(a, 14) ^ (a >>> 3);
        const high = rotate(b, 15) ^ rotate(b, 13) ^ (b >>> 10);
        w[i] = (w[i - 16] as number) + low + (w[i - 7] as number) + high;
      }
    }
    const [h0, h1, h2, h3, h4, h5, h6, h7] = state as unknown as [number, number, number, number, number, number, number, number];
    let [a, b, c, d, e, f, g, h] = [h0, h1, h2, h3, h4, h5, h6, h7];
    for (let i = 0; i < 64; i++) {
      const one = (h + (rotate(e, 26) ^ rotate(e, 21) ^ rotate(e, 7)) + ((e & f) ^ (~e & g)) + (sha256Keys[i] as number) + (w[i] as number)) | 0;
      const two = ((rotate(a, 30) ^ rotate(a, 19) ^ rotate(a, 10)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    state.set([h0 + a, h1 + b, h2 + c, h3 + d, h4 + e, h5 + f, h6 + g, h7 + h]);
  }
  return bytesOf(state, true);
};

const sha1 = (text: string): string => {
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const words = wordsOf(text, true);
  const w = new Uint32Array(80);
  for (let block = 0; block < words.length; block += 16) {
    let [a, b, c, d, e] = state as unknown as [number, number, number, number, number];
    for (let i = 0; i < 80; i++) {
      w[i] = i < 16 ? (words[block + i] as number) : rotate((w[i - 3] as number) ^ (w[i - 8] as number) ^ (w[i - 14] as number) ^ (w[i - 16] as number), 1);
      const mixed = i < 20 ? ((b & c) | (~b & d)) + 0x5a827999 : i < 40 ? (b ^ c ^ d) + 0x6ed9eba1 : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc : (b ^ c ^ d) + 0xca62c1d6;
      [e, d, c, b, a] = [d, c, rotate(b, 30), a, (rotate(a, 5) + mixed + e + (w[i] as number)) | 0];
    }
    state.set([(state[0] as number) + a, (state[1] as number) + b, (state[2] as number) + c, (state[3] as number) + d, (state[4] as number) + e]);
  }
  return bytesOf(state, true);
};

const md5Keys = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) >>> 0);
const md5Turns = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const md5 = (text: string): string => {
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  const words = wordsOf(text, false);
  for (let block = 0; block < words.length; block += 16) {
    let [a, b, c, d] = state as unknown as [number, number, number, number];
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const mixed = round === 0 ? (b & c) | (~b & d) : round === 1 ? (d & b) | (~d & c) : round === 2 ? b ^ c ^ d : c ^ (b | ~d);
      const at = round === 0 ? i : round === 1 ? (5 * i + 1) & 15 : round === 2 ? (3 * i + 5) & 15 : (7 * i) & 15;
      const sum = (a + mixed + (md5Keys[i] as number) + (words[block + at] as number)) | 0;
      [a, d, c, b] = [d, c, b, (b + rotate(sum, md5Turns[round * 4 + (i & 3)] as number)) | 0];
    }
    state.set([(state[0] as number) + a, (state[1] as number) + b, (state[2] as number) + c, (state[3] as number) + d]);
  }
  return bytesOf(state, false);
};

/** Digest of a byte string as a byte string. Throws for an unknown name. */
export const digest = (name: string, bytes: string): string => {
  const wanted = name.toLowerCase().replace("-", "");
  if (wanted === "sha256") return sha256(bytes);
  if (wanted === "sha1") return sha1(bytes);
  if (wanted === "md5") return md5(bytes);
  throw new Error(`digest ${name} is not built in; md5, sha1 and sha256 are`);
};
