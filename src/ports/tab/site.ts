/** The contract with the build: names of workers and runtimes, and where they lie. Plain data: travels to the host worker by message. */

export interface RuntimeFile {
  /** "quickjs.wasm", "pyodide.asm.wasm" … */
  readonly name: string;
  /** The pack it belongs to; files of pack "core" are cached right after the first paint, the others on demand. */
  readonly pack: "core" | "python" | "postgres";
  readonly url: string;
  readonly bytes: number;
}
export interface Site {
  readonly version: string;
  /** URL by root name: "host", "step", "file", "broker", "spec". */
  readonly workers: Readonly<Record<string, string>>;
  readonly runtimes: readonly RuntimeFile[];
}
