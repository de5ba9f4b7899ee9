/** Owns checksums of bytes: MD5, SHA-1, SHA-2 (FIPS 180-4), and the CRCs of cksum and sum. All work on chunks, without waiting. */

/** A running checksum. */
export interface Digest {
  readonly update: (chunk: Uint8Array) => void;
  /** Hexadecimal. */
  readonly finish: () => string;
}

/** Feeds whole blocks; pads the end with 0x80, zeros and the bit length. */
const createBlocks = (size: number, lengthBytes: number, littleEndian: boolean, block: (bytes: Uint8Array, at: number) => void) => {
  const held = new Uint8Array(size);
  let used = 0;
  let total = 0;
  const update = (chunk: Uint8Array): void => {
    total += chunk.length;
    let at = 0;
    if (used > 0) {
      at = Math.min(size - used, chunk.length);
      held.set(chunk.subarray(0, at), used);
      used += at;
      if (used < size) return;
      block(held, 0);
      used = 0;
    }
    for (; at + size <= chunk.length; at += size) block(chunk, at);
    held.set(chunk.subarray(at), 0);
    used = chunk.length - at;
  };
  const end = (): void => {
    const bits = BigInt(total) * 8n;
    const padded = new Uint8Array(used + 1 + lengthBytes <= size ? size : size * 2);
    padded.set(held.subarray(0, used));
    padded[used] = 0x80;
    for (let i = 0; i < 8; i++) padded[padded.length - 1 - i] = Number((bits >> BigInt(8 * (littleEndian ? 7 - i : i))) & 255n);
    for (let at = 0; at < padded.length; at += size) block(padded, at);
  };
  return { update, end };
};

const hex32 = (words: Int32Array, littleEndian = false): string =>
  [...words].map((word) => {
    const text = (word >>> 0).toString(16).padStart(8, "0");
    return littleEndian ? text.match(/../g)!.reverse().join("") : text;
  }).join("");

const MD5_SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const MD5_SINES = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 4_294_967_296) | 0);

export const createMd5 = (): Digest => {
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  const words = new Int32Array(16);
  const { update, end } = createBlocks(64, 8, true, (bytes, at) => {
    for (let i = 0; i < 16; i++) words[i] = bytes[at + 4 * i]! | (bytes[at + 4 * i + 1]! << 8) | (bytes[at + 4 * i + 2]! << 16) | (bytes[at + 4 * i + 3]! << 24);
    let [a, b, c, d] = [state[0]!, state[1]!, state[2]!, state[3]!];
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const mixed = round === 0 ? (b & c) | (~b & d) : round === 1 ? (d & b) | (~d & c) : round === 2 ? b ^ c ^ d : c ^ (b | ~d);
      const pick = round === 0 ? i : round === 1 ? (5 * i + 1) & 15 : round === 2 ? (3 * i + 5) & 15 : (7 * i) & 15;
      const sum = (a + mixed + MD5_SINES[i]! + words[pick]!) | 0;
      const shift = MD5_SHIFTS[round * 4 + (i & 3)]!;
      a = d;
      d = c;
      c = b;
      b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
    }
    state[0]! += a;
    state[1]! += b;
    state[2]! += c;
    state[3]! += d;
  });
  return { update, finish: () => (end(), hex32(state, true)) };
};

export const createSha1 = (): Digest => {
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const words = new Int32Array(80);
  const { update, end } = createBlocks(64, 8, false, (bytes, at) => {
    for (let i = 0; i < 16; i++) words[i] = (bytes[at + 4 * i]! << 24) | (bytes[at + 4 * i + 1]! << 16) | (bytes[at + 4 * i + 2]! << 8) | bytes[at + 4 * i + 3]!;
    for (let i = 16; i < 80; i++) {
      const word = words[i - 3]! ^ words[i - 8]! ^ words[i - 14]! ^ words[i - 16]!;
      words[i] = (word << 1) | (word >>> 31);
    }
    let [a, b, c, d, e] = [state[0]!, state[1]!, state[2]!, state[3]!, state[4]!];
    for (let i = 0; i < 80; i++) {
      const mixed = i < 20 ? ((b & c) | (~b & d)) + 0x5a827999 : i < 40 ? (b ^ c ^ d) + 0x6ed9eba1 : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc : (b ^ c ^ d) + 0xca62c1d6;
      const next = (((a << 5) | (a >>> 27)) + mixed + e + words[i]!) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = next;
    }
    state[0]! += a;
    state[1]! += b;
    state[2]! += c;
    state[3]! += d;
    state[4]! += e;
  });
  return { update, finish: () => (end(), hex32(state)) };
};

const primes = (count: number): number[] => {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
};

/** The first 64 bits of the fraction of a root, exact. */
const rootBits = (value: number, power: 2n | 3n): bigint => {
  const scaled = BigInt(value) << (64n * power);
  let low = 0n;
  let high = 1n << 72n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** power <= scaled) low = middle;
    else high = middle;
  }
  return low & ((1n << 64n) - 1n);
};

const CUBES = primes(80).map((prime) => rootBits(prime, 3n));
const SQUARES = primes(16).map((prime) => rootBits(prime, 2n));
const K256 = Int32Array.from(CUBES.slice(0, 64), (bits) => Number(bits >> 32n) | 0);
const K512 = CUBES.flatMap((bits) => [Number(bits >> 32n) | 0, Number(bits & 0xffffffffn) | 0]);

/** SHA-256, and SHA-224 by its own start (the low halves of the next roots). */
export const createSha256 = (bits: 224 | 256): Digest => {
  const state = Int32Array.from({ length: 8 }, (_, i) => (bits === 256 ? Number(SQUARES[i]! >> 32n) : Number(SQUARES[i + 8]! & 0xffffffffn)) | 0);
  const words = new Int32Array(64);
  const { update, end } = createBlocks(64, 8, false, (bytes, at) => {
    for (let i = 0; i < 16; i++) words[i] = (bytes[at + 4 * i]! << 24) | (bytes[at + 4 * i + 1]! << 16) | (bytes[at + 4 * i + 2]! << 8) | bytes[at + 4 * i + 3]!;
    for (let i = 16; i < 64; i++) {
      const [x, y] = [words[i - 15]!, words[i - 2]!];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      words[i] = (words[i - 16]! + s0 + words[i - 7]! + s1) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K256[i]! + words[i]!) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => (state[i]! += value));
  });
  return { update, finish: () => (end(), hex32(state).slice(0, bits / 4)) };
};

const MASK = (1n << 64n) - 1n;
const rotate = (x: bigint, n: bigint): bigint => ((x >> n) | (x << (64n - n))) & MASK;

/** SHA-512 and SHA-384, in BigInt: rarely large. */
export const createSha512 = (bits: 384 | 512): Digest => {
  const start = bits === 512 ? SQUARES.slice(0, 8) : primes(16).slice(8).map((prime) => rootBits(prime, 2n));
  const state = [...start];
  const words = new Array<bigint>(80).fill(0n);
  const keys = Array.from({ length: 80 }, (_, i) => (BigInt(K512[2 * i]! >>> 0) << 32n) | BigInt(K512[2 * i + 1]! >>> 0));
  const { update, end } = createBlocks(128, 16, false, (bytes, at) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, 128);
    for (let i = 0; i < 16; i++) words[i] = view.getBigUint64(8 * i);
    for (let i = 16; i < 80; i++) {
      const [x, y] = [words[i - 15]!, words[i - 2]!];
      const s0 = rotate(x, 1n) ^ rotate(x, 8n) ^ (x >> 7n);
      const s1 = rotate(y, 19n) ^ rotate(y, 61n) ^ (y >> 6n);
      words[i] = (words[i - 16]! + s0 + words[i - 7]! + s1) & MASK;
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
    for (let i = 0; i < 80; i++) {
      const t1 = h + (rotate(e, 14n) ^ rotate(e, 18n) ^ rotate(e, 41n)) + ((e & f) ^ (~e & MASK & g)) + keys[i]! + words[i]!;
      const t2 = (rotate(a, 28n) ^ rotate(a, 34n) ^ rotate(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) & MASK, c, b, a, (t1 + t2) & MASK];
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => (state[i] = (state[i]! + value) & MASK));
  });
  return { update, finish: () => (end(), state.map((word) => word.toString(16).padStart(16, "0")).join("").slice(0, bits / 4)) };
};

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, i) => {
  let value = i << 24;
  for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value >>> 0;
});

/** POSIX cksum: decimal CRC with the length appended. */
export const createCrc = (): Digest => {
  let crc = 0;
  let total = 0;
  const add = (byte: number): void => void (crc = ((crc << 8) ^ CRC_TABLE[((crc >>> 24) ^ byte) & 255]!) >>> 0);
  return {
    update: (chunk) => {
      total += chunk.length;
      for (let i = 0; i < chunk.length; i++) add(chunk[i]!);
    },
    finish: () => {
      for (let rest = total; rest > 0; rest = Math.floor(rest / 256)) add(rest & 255);
      return String(~crc >>> 0);
    },
  };
};

const mask64 = 0xffffffffffffffffn;
const blakeStart = [0x6a09e667f3bcc908n, 0xbb67ae8584caa73bn, 0x3c6ef372fe94f82bn, 0xa54ff53a5f1d36f1n, 0x510e527fade682d1n, 0x9b05688c2b3e6c1fn, 0x1f83d9abfb41bd6bn, 0x5be0cd19137e2179n];
/** The message schedule of BLAKE2b, one hexadecimal digit a word; its last two rounds use the first two rows again. */
const blakeOrder = ["0123456789abcdef", "ea489fd61c02b753", "b8c052fdae367194", "7931dcbe265a40f8", "905724afe1bc683d", "2c6a0b834d75fe19", "c51fed4a0763928b", "db7ec13950f4862a", "6fe9b308c2d714a5", "a2847615fb9e3cd0"];
const blakeMixes = [[0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15], [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14]] as const;
const rotate64 = (word: bigint, by: bigint): bigint => ((word >> by) | (word << (64n - by))) & mask64;

/** BLAKE2b with 512 bits (RFC 7693). */
export const createBlake2b = (): Digest => {
  const state = blakeStart.map((word, i) => (i === 0 ? word ^ 0x01010040n : word));
  const block = new Uint8Array(128);
  let held = 0;
  let total = 0n;
  const compress = (isLast: boolean): void => {
    const view = new DataView(block.buffer);
    const words = Array.from({ length: 16 }, (_, i) => view.getBigUint64(i * 8, true));
    const v = [...state, ...blakeStart];
    v[12] = (v[12] as bigint) ^ total;
    if (isLast) v[14] = (v[14] as bigint) ^ mask64;
    for (let round = 0; round < 12; round++) {
      const order = blakeOrder[round % 10] as string;
      blakeMixes.forEach(([a, b, c, d], i) => {
        const at = (n: number): bigint => words[parseInt(order[n] as string, 16)] as bigint;
        v[a] = ((v[a] as bigint) + (v[b] as bigint) + at(2 * i)) & mask64;
        v[d] = rotate64((v[d] as bigint) ^ (v[a] as bigint), 32n);
        v[c] = ((v[c] as bigint) + (v[d] as bigint)) & mask64;
        v[b] = rotate64((v[b] as bigint) ^ (v[c] as bigint), 24n);
        v[a] = ((v[a] as bigint) + (v[b] as bigint) + at(2 * i + 1)) & mask64;
        v[d] = rotate64((v[d] as bigint) ^ (v[a] as bigint), 16n);
        v[c] = ((v[c] as bigint) + (v[d] as bigint)) & mask64;
        v[b] = rotate64((v[b] as bigint) ^ (v[c] as bigint), 63n);
      });
    }
    for (let i = 0; i < 8; i++) state[i] = (state[i] as bigint) ^ (v[i] as bigint) ^ (v[i + 8] as bigint);
  };
  return {
    update: (chunk) => {
      for (let i = 0; i < chunk.length; i++) {
        if (held === 128) {
          total += 128n;
          compress(false);
          held = 0;
        }
        block[held++] = chunk[i] as number;
      }
    },
    finish: () => {
      total += BigInt(held);
      block.fill(0, held);
      compress(true);
      return state.map((word) => Array.from({ length: 8 }, (_, i) => Number((word >> BigInt(8 * i)) & 255n).toString(16).padStart(2, "0")).join("")).join("");
    },
  };
};

/** `sum`: BSD's rotating 16 bits, or System V's with -s. */
export const createSum = (systemV: boolean): Digest => {
  let sum = 0;
  return {
    update: (chunk) => {
      for (let i = 0; i < chunk.length; i++) sum = systemV ? (sum + chunk[i]!) >>> 0 : ((sum >> 1) + ((sum & 1) << 15) + chunk[i]!) & 0xffff;
    },
    finish: () => {
      if (!systemV) return String(sum).padStart(5, "0");
      const folded = (sum & 0xffff) + (sum >>> 16);
      return String((folded & 0xffff) + (folded >>> 16));
    },
  };
};
