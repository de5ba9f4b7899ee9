/** Owns the run of one JavaScript program as `node` would run it: arguments, output, files, timers, fetch, exit code. */
import { NetworkError, type Network } from "../../../../ports/network.ts";
import type { Assets } from "../../../../ports/assets.ts";
import type { Files } from "../../../../ports/files.ts";
import { parentOf, resolvePath } from "../../files/whole.ts";
import { writeText, type Sink } from "../../kind.ts";
import { createEngine, memoryBytesMax, stackBytesMax, type Crossing, type Fault, type Guest, type HostCalls } from "./engine.ts";
import { guestBytes } from "./guest-bytes.ts";
import { guestCore } from "./guest-core.ts";
import { guestModules } from "./guest-modules.ts";
import { hostCall, type ProgramState } from "./host.ts";
import { fetchTree, mentionedPaths } from "./tree.ts";

export interface Program {
  readonly source: string;
  /** Absolute path of the script, or a made-up one (`-e`). */
  readonly file: string;
  readonly argv: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly hosts: readonly string[];
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly signal: AbortSignal;
  /** Wall clock ms; Infinity = none. */
  readonly deadlineMs: number;
}
export interface ProgramWorld {
  readonly files: Files;
  readonly network: Network;
  readonly assets: Assets;
  readonly now: () => number;
}
export interface ProgramExit {
  readonly exitCode: number;
  /** A limit ended it; the worker must go. */
  readonly limit?: string;
}

const wantsFiles = /\b(require|import|fs)\b/;
/** A module: import or export at the start of a line, or await outside of any function. */
const isModule = (source: string, file: string): boolean =>
  file.endsWith(".mjs") || (!file.endsWith(".cjs") && /^\s*(import\s*[\w{*"']|export\s+(default|const|let|function|class|async|\{))/m.test(source)) || (!/\brequire\(/.test(source) && /^(await\s|(const|let|var)\s[^=\n]*=\s*await\s|for\s+await)/m.test(source));

const builtinSource = (name: string, names: string): string => {
  if (names === "") throw new Error(`Cannot find module '${name}'`);
  return `const m = globalThis.__module(${JSON.stringify(name)}); export default m; ${(JSON.parse(names) as string[]).map((each) => `export const ${each} = m[${JSON.stringify(each)}];`).join("\n")}`;
};

/** Wakes the loop that waits for settled calls. What was rung before `rung` was called has been looked at already. */
interface Bell {
  readonly ring: () => void;
  readonly rung: () => Promise<void>;
}
const createBell = (): Bell => {
  let wake: () => void = () => undefined;
  return { ring: () => wake(), rung: () => new Promise((resolve) => (wake = resolve)) };
};

const fetchForGuest = async (program: Program, world: ProgramWorld, args: readonly Crossing[]): Promise<{ readonly head: string; readonly body: ArrayBuffer }> => {
  const request = JSON.parse(String(args[0])) as { readonly url: string; readonly method: string; readonly headers: [string, string][]; readonly redirect: string };
  const body = args[1] instanceof ArrayBuffer ? new Uint8Array(args[1]) : undefined;
  const response = await world.network.fetch(
    { url: request.url, method: request.method, headers: request.headers, followRedirects: request.redirect === "follow", ...(body === undefined ? {} : { body }) },
    program.hosts, program.signal,
  );
  const head = JSON.stringify({ status: response.status, statusText: response.statusText, headers: response.headers, url: response.url });
  return { head, body: response.body.slice().buffer as ArrayBuffer };
};

const callsOf = (program: Program, world: ProgramWorld, state: ProgramState, later: { readonly bell: Bell; readonly settled: (() => void)[]; guest?: Guest }): HostCalls => {
  const settle = (id: number, ok: boolean, head: string, body?: ArrayBuffer): void => {
    state.open--;
    later.settled.push(() => later.guest?.invoke("__settle", [id, ok ? 1 : 0, head, body]));
    later.bell.ring();
  };
  return {
    call: (op, args) => hostCall(state, op, args),
    begin: (id, _op, args) => {
      state.open++;
      fetchForGuest(program, world, args).then(
        ({ head, body }) => settle(id, true, head, body),
        (error: unknown) => settle(id, false, JSON.stringify({ message: (error as Error).message, code: error instanceof NetworkError ? error.failure : "failed" })),
      );
    },
    mustStop: () => state.exitCode !== undefined || program.signal.aborted || world.now() > program.deadlineMs,
    source: (path) => (path.startsWith("node:") ? builtinSource(path.slice(5), state.names(path.slice(5))) : new TextDecoder().decode(state.tree.read(path)).replace(/^#!.*/, "")),
    resolve: (from, name) => {
      if (!name.startsWith(".") && !name.startsWith("/")) return `node:${name.replace(/^node:/, "")}`;
      return resolvePath(parentOf(from), name);
    },
  };
};

const limitOf = (fault: Fault): string | undefined => {
  if (/out of memory/i.test(fault.message)) return `memory ${memoryBytesMax} bytes`;
  return /Maximum call stack|stack overflow/i.test(fault.message) ? `stack ${stackBytesMax} bytes` : undefined;
};
const faultText = (fault: Fault): string => `Uncaught ${fault.name === "" ? "" : `${fault.name}: `}${fault.message}\n${fault.stack}${fault.stack.endsWith("\n") || fault.stack === "" ? "" : "\n"}`;

/** Turns the guest's loop until nothing is left to wait for. */
const turn = async (guest: Guest, state: ProgramState, later: { readonly bell: Bell; readonly settled: (() => void)[] }): Promise<Fault | undefined> => {
  for (;;) {
    const drained = guest.drain();
    if (drained !== undefined || state.exitCode !== undefined) return drained;
    const failed = guest.mainFault();
    if (failed !== undefined) return failed;
    const next = later.settled.shift() ?? state.dueTimer(guest);
    if (next !== undefined) {
      next();
      if (state.fault !== undefined) return state.fault;
      continue;
    }
    if (state.open === 0 && !state.hasTimer()) return undefined;
    await state.tree.flush();
    if (later.settled.length > 0) continue;
    await Promise.race([later.bell.rung(), state.nextTimer()]);
    if (state.isStopped()) return undefined;
  }
};

const treeRoots = (program: Program): readonly string[] => {
  if (!wantsFiles.test(program.source)) return [];
  const named = ["DAG_RUN_WORK_DIR", "DAG_RUN_ARTIFACTS_DIR"].flatMap((name) => program.env.get(name) ?? []);
  return [program.cwd, parentOf(program.file), ...named, "/tmp", ...mentionedPaths([program.source, ...program.argv, ...program.env.values()])];
};

/** Runs a program to its exit code: 0, what it asked for, or 1 after an uncaught fault. */
export const runProgram = async (program: Program, world: ProgramWorld): Promise<ProgramExit> => {
  const tree = await fetchTree(world.files, treeRoots(program), world.now);
  const later: { readonly bell: Bell; readonly settled: (() => void)[]; guest?: Guest } = { bell: createBell(), settled: [] };
  const state = createState(program, world, tree);
  const onAbort = (): void => later.bell.ring();
  program.signal.addEventListener("abort", onAbort, { once: true });
  try {
    const guest = await createEngine(world.assets, callsOf(program, world, state, later));
    later.guest = guest;
    for (const part of [guestCore, guestBytes, guestModules]) {
      const fault = guest.evaluate(part, "internal", "global");
      if (fault !== undefined) throw new Error(`the runtime does not start: ${fault.message}`);
    }
    state.names = (module) => String(guest.invoke("__names", [module]).value ?? "");
    const source = program.source.replace(/^#!.*/, "");
    const fault = guest.evaluate(source, program.file, isModule(source, program.file) ? "module" : "global") ?? (await turn(guest, state, later));
    return await finish(program, guest, state, fault);
  } finally {
    program.signal.removeEventListener("abort", onAbort);
    await tree.flush();
  }
};
const finish = async (program: Program, guest: Guest, state: ProgramState, fault: Fault | undefined): Promise<ProgramExit> => {
  if (state.exitCode !== undefined) return { exitCode: state.exitCode };
  if (state.isStopped()) return { exitCode: 143 };
  if (fault !== undefined) {
    await writeText(program.stderr, faultText(fault));
    const limit = limitOf(fault);
    return { exitCode: 1, ...(limit === undefined ? {} : { limit }) };
  }
  const ended = guest.invoke("__ending", []);
  return { exitCode: state.exitCode ?? Number(ended.value ?? 0) };
};
const createState = (program: Program, world: ProgramWorld, tree: ProgramState["tree"]): ProgramState => {
  const timers = new Map<number, { readonly at: number; readonly isRef: boolean }>();
  const soonest = (): readonly [number, { readonly at: number }] | undefined => [...timers].sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0];
  const state: ProgramState = {
    program, tree, now: world.now, startedAt: world.now(), open: 0, exitCode: undefined, fault: undefined,
    names: () => "",
    setTimer: (id, ms) => void timers.set(id, { at: world.now() + ms, isRef: true }),
    clearTimer: (id) => void timers.delete(id),
    unref: (id) => {
      const timer = timers.get(id);
      if (timer !== undefined) timers.set(id, { ...timer, isRef: false });
    },
    hasTimer: () => [...timers.values()].some((timer) => timer.isRef),
    dueTimer: (guest) => {
      const next = soonest();
      if (next === undefined || next[1].at > world.now()) return undefined;
      return () => {
        timers.delete(next[0]);
        state.fault = guest.invoke("__fire", [next[0]]).fault;
      };
    },
    nextTimer: () => {
      const next = soonest();
      return new Promise((resolve) => {
        if (next !== undefined) setTimeout(resolve, Math.max(0, next[1].at - world.now()));
      });
    },
    isStopped: () => program.signal.aborted || world.now() > program.deadlineMs,
  };
  return state;
};
