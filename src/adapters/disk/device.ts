/** Owns the contract with a place for bytes that one worker has to itself: random access, at once, kept over restarts. */
export interface Device {
  readonly size: () => number;
  /** Fills `into` from `at`; bytes past the end stay as they are. */
  readonly read: (at: number, into: Uint8Array) => void;
  readonly write: (at: number, bytes: Uint8Array) => void;
  readonly truncate: (size: number) => void;
  /** Answers when what was written so far is safe from a crash of the machine (or, in the fallback, of the tab). */
  readonly flush: () => Promise<void>;
  readonly close: () => Promise<void>;
}
export interface Devices {
  readonly open: (name: string) => Promise<Device>;
  readonly remove: (name: string) => Promise<void>;
}

/** Bytes in memory alone: tests, and a private window that keeps nothing. */
export const createMemoryDevices = (): Devices => {
  const kept = new Map<string, Device>();
  return {
    open: async (name) => {
      const device = kept.get(name) ?? memoryDevice();
      kept.set(name, device);
      return device;
    },
    remove: async (name) => void kept.delete(name),
  };
};
const memoryDevice = (): Device => {
  let bytes = new Uint8Array(0);
  let size = 0;
  return {
    size: () => size,
    read: (at, into) => into.set(bytes.subarray(Math.min(at, size), Math.min(at + into.length, size))),
    write: (at, piece) => {
      if (at + piece.length > bytes.length) {
        const grown = new Uint8Array(Math.max(at + piece.length, bytes.length * 2));
        grown.set(bytes);
        bytes = grown;
      }
      bytes.set(piece, at);
      size = Math.max(size, at + piece.length);
    },
    truncate: (to) => {
      bytes.fill(0, to, size);
      size = Math.min(size, to);
    },
    flush: async () => undefined,
    close: async () => undefined,
  };
};
