/** Owns what a JavaScript program may ask of us at once: output, files, time, randomness, encodings. Nothing else is reachable. */
import { toBytes, fromBytes } from "../../../../shell/bytes.ts";
import type { Crossing, Fault, Guest } from "./engine.ts";
import { digest } from "./digest.ts";
import type { Program } from "./run.ts";
import { TreeError, type Tree } from "./tree.ts";

export interface ProgramState {
  readonly program: Program;
  readonly tree: Tree;
  readonly now: () => number;
  readonly startedAt: number;
  /** Calls under way. */
  open: number;
  exitCode: number | undefined;
  fault: Fault | undefined;
  /** Export names of a built-in module, as a JSON list. */
  names: (module: string) => string;
  readonly setTimer: (id: number, ms: number) => void;
  readonly clearTimer: (id: number) => void;
  readonly unref: (id: number) => void;
  readonly hasTimer: () => boolean;
  readonly dueTimer: (guest: Guest) => (() => void) | undefined;
  readonly nextTimer: () => Promise<void>;
  readonly isStopped: () => boolean;
}
type Call = (state: ProgramState, args: readonly Crossing[]) => Crossing;

const bufferOf = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer as ArrayBuffer;
const bytesAt = (args: readonly Crossing[], at: number): Uint8Array => {
  const value = args[at];
  return value instanceof ArrayBuffer ? new Uint8Array(value) : new TextEncoder().encode(String(value ?? ""));
};
const textAt = (args: readonly Crossing[], at: number): string => String(args[at] ?? "");
const numberAt = (args: readonly Crossing[], at: number): number => Number(args[at] ?? 0);

const write: Call = ({ program }, args) => {
  void (numberAt(args, 0) === 2 ? program.stderr : program.stdout).write(bytesAt(args, 1));
  return undefined;
};
const parts = ["protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "hash"] as const;
const url: Call = (_state, args) => {
  try {
    const base = textAt(args, 1);
    const found = base === "" ? new URL(textAt(args, 0)) : new URL(textAt(args, 0), base);
    return JSON.stringify(Object.fromEntries(parts.map((part) => [part, found[part]])));
  } catch {
    return "null"; // The guest throws its own "Invalid URL".
  }
};
/** File calls answer "!ERRNO" instead of throwing. */
const guarded = (work: Call): Call => (state, args) => {
  try {
    return work(state, args);
  } catch (error) {
    if (error instanceof TreeError) return `!${error.message}`;
    throw error;
  }
};
const howOf = (text: string): "w" | "a" | "x" => (text === "a" || text === "x" ? text : "w");

const calls: Readonly<Record<string, Call>> = {
  write,
  url,
  now: ({ now }) => now(),
  exit: (state, args) => {
    state.exitCode = numberAt(args, 0) & 255;
    return undefined;
  },
  config: ({ program, startedAt }) =>
    JSON.stringify({ argv: ["/usr/bin/node", program.file, ...program.argv], env: Object.fromEntries(program.env), cwd: program.cwd, script: program.file, startedAt }),
  timer: ({ setTimer }, args) => void setTimer(numberAt(args, 0), numberAt(args, 1)) as undefined,
  clear: ({ clearTimer }, args) => void clearTimer(numberAt(args, 0)) as undefined,
  unref: ({ unref }, args) => void unref(numberAt(args, 0)) as undefined,
  encode: (_state, args) => bufferOf(new TextEncoder().encode(textAt(args, 0))),
  decode: (_state, args) => new TextDecoder().decode(bytesAt(args, 0)),
  uuid: () => crypto.randomUUID(),
  random: (_state, args) => bufferOf(crypto.getRandomValues(new Uint8Array(Math.min(65536, numberAt(args, 0))))),
  hash: (_state, args) => bufferOf(toBytes(digest(textAt(args, 0), fromBytes(bytesAt(args, 1))))),
  "fs.stat": guarded(({ tree }, args) => JSON.stringify(tree.stat(textAt(args, 0)))),
  "fs.read": guarded(({ tree }, args) => bufferOf(tree.read(textAt(args, 0)))),
  "fs.write": guarded(({ tree }, args) => void tree.write(textAt(args, 0), bytesAt(args, 1), howOf(textAt(args, 2))) as undefined),
  "fs.list": guarded(({ tree }, args) => JSON.stringify(tree.list(textAt(args, 0)))),
  "fs.mkdir": guarded(({ tree }, args) => void tree.mkdir(textAt(args, 0)) as undefined),
  "fs.unlink": guarded(({ tree }, args) => void tree.unlink(textAt(args, 0)) as undefined),
  "fs.rmdir": guarded(({ tree }, args) => void tree.rmdir(textAt(args, 0)) as undefined),
  "fs.rename": guarded(({ tree }, args) => void tree.rename(textAt(args, 0), textAt(args, 1)) as undefined),
};

/** Answers one call; an unknown one is an error inside the program. */
export const hostCall = (state: ProgramState, op: string, args: readonly Crossing[]): Crossing => {
  const call = calls[op];
  if (call === undefined) throw new Error(`unknown call: ${op}`);
  return call(state, args);
};
