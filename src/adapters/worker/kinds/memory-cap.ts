/** Owns the cap on a wasm runtime's memory: growth past it is refused, which the runtime tells in its own words. One runtime per thread at a time. */
const pageBytes = 65536;

/** Refuses growth past `bytesMax` until the answered function is called. */
export const capMemory = (bytesMax: number, onSpent: () => void): (() => void) => {
  const grow = WebAssembly.Memory.prototype.grow;
  WebAssembly.Memory.prototype.grow = function capped(this: WebAssembly.Memory, pages: number): number {
    if (this.buffer.byteLength + pages * pageBytes > bytesMax) {
      onSpent();
      throw new RangeError("memory cap");
    }
    return grow.call(this, pages);
  };
  return () => {
    WebAssembly.Memory.prototype.grow = grow;
  };
};
