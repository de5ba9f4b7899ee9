/**
 * Owns QuickJS: one fresh module, memory and runtime per script; interruption; the calls between guest and host.
 * Refuses to know files, networks and processes: it is given `call` (answers at once) and `begin` (settled later).
 *
 * Measured: the runtime's own memory limit does not bite; the memory object's maximum does (allocation fails, the script ends with "out of
 * memory"). The stack must not exceed 128 KiB in a worker. After either the module is spoilt, which is why each script has its own.
 */
import variant from "@jitl/quickjs-ng-wasmfile-release-sync";
import { newQuickJSWASMModuleFromVariant, newVariant, type QuickJSContext, type QuickJSHandle, type QuickJSRuntime } from "quickjs-emscripten-core";
import type { Assets } from "../../../../ports/assets.ts";

const pageBytes = 64 * 1024;
/** Bytes one script may hold. */
export const memoryBytesMax = 256 * 1024 * 1024;
const memoryBytesFirst = 16 * 1024 * 1024;
export const stackBytesMax = 128 * 1024;

/** What crosses the border: text, number, bytes, nothing. */
export type Crossing = string | number | ArrayBuffer | undefined;
export interface HostCalls {
  readonly call: (op: string, args: readonly Crossing[]) => Crossing;
  readonly begin: (id: number, op: string, args: readonly Crossing[]) => void;
  readonly mustStop: () => boolean;
  /** Source of a module by absolute path, and its resolution. */
  readonly source: (path: string) => string;
  readonly resolve: (from: string, name: string) => string;
}
export interface Fault {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}
export interface Guest {
  /** Evaluates; a fault that the script did not catch comes back. */
  readonly evaluate: (code: string, file: string, type: "global" | "module") => Fault | undefined;
  /** Calls a global function of the guest with crossings; answers what it gives. */
  readonly invoke: (name: string, args: readonly Crossing[]) => { readonly fault?: Fault; readonly value?: Crossing };
  /** Runs what promises have queued. */
  readonly drain: () => Fault | undefined;
  /** Fault of the main module or of the promise that a script ended with, once it is rejected. */
  readonly mainFault: () => Fault | undefined;
  readonly isMainPending: () => boolean;
}

let compiled: Promise<WebAssembly.Module> | undefined;
const compile = (assets: Assets): Promise<WebAssembly.Module> => {
  compiled ??= assets.load("quickjs.wasm").then((bytes) => WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>));
  compiled.catch(() => {
    compiled = undefined; // The next script may find the pack installed.
  });
  return compiled;
};

const toHost = (context: QuickJSContext, handle: QuickJSHandle): Crossing => {
  const type = context.typeof(handle);
  if (type === "number") return context.getNumber(handle);
  if (type === "string") return context.getString(handle);
  if (type === "boolean") return context.dump(handle) === true ? 1 : 0;
  if (type !== "object" || context.dump(handle) === null) return undefined;
  const lifetime = context.getArrayBuffer(handle);
  const bytes = lifetime.value.slice().buffer as ArrayBuffer;
  lifetime.dispose();
  return bytes;
};
const toGuest = (context: QuickJSContext, value: Crossing): QuickJSHandle => {
  if (value === undefined) return context.undefined;
  if (typeof value === "number") return context.newNumber(value);
  return typeof value === "string" ? context.newString(value) : context.newArrayBuffer(value);
};
const faultOf = (context: QuickJSContext, handle: QuickJSHandle): Fault => {
  const dumped = context.dump(handle) as { readonly name?: string; readonly message?: string; readonly stack?: string } | string | undefined;
  if (typeof dumped !== "object" || dumped === null) return { name: "", message: String(dumped), stack: "" };
  return { name: String(dumped.name ?? "Error"), message: String(dumped.message ?? JSON.stringify(dumped)), stack: String(dumped.stack ?? "") };
};

const install = (context: QuickJSContext, calls: HostCalls): void => {
  const host = context.newFunction("__host", (op, ...args) => toGuest(context, calls.call(context.getString(op), args.map((arg) => toHost(context, arg)))));
  const begin = context.newFunction("__start", (id, op, ...args) => {
    calls.begin(context.getNumber(id), context.getString(op), args.map((arg) => toHost(context, arg)));
    return context.undefined;
  });
  context.setProp(context.global, "__host", host);
  context.setProp(context.global, "__start", begin);
  host.dispose();
  begin.dispose();
};

const createGuest = (context: QuickJSContext, runtime: QuickJSRuntime): Guest => {
  let main: QuickJSHandle | undefined;
  const evaluate = (code: string, file: string, type: "global" | "module"): Fault | undefined => {
    const result = context.evalCode(code, file, { type });
    if (result.error) return faultOf(context, result.error);
    main = result.value;
    return undefined;
  };
  const state = (): ReturnType<QuickJSContext["getPromiseState"]> | undefined => (main === undefined || context.typeof(main) !== "object" ? undefined : context.getPromiseState(main));
  return {
    evaluate,
    invoke: (name, args) => {
      const run = context.getProp(context.global, name);
      const result = context.callFunction(run, context.undefined, ...args.map((arg) => toGuest(context, arg)));
      run.dispose();
      if (result.error) return { fault: faultOf(context, result.error) };
      const value = toHost(context, result.value);
      result.value.dispose();
      return value === undefined ? {} : { value };
    },
    drain: () => {
      const result = runtime.executePendingJobs();
      return result.error ? faultOf(context, result.error) : undefined;
    },
    mainFault: () => {
      const now = state();
      return now?.type === "rejected" ? faultOf(context, now.error) : undefined;
    },
    isMainPending: () => state()?.type === "pending",
  };
};

/** A fresh guest. Dropped as a whole: nothing of it is ever reused. */
export const createEngine = async (assets: Assets, calls: HostCalls): Promise<Guest> => {
  const wasmModule = await compile(assets);
  const wasmMemory = new WebAssembly.Memory({ initial: memoryBytesFirst / pageBytes, maximum: memoryBytesMax / pageBytes });
  const quickjs = await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmModule, wasmMemory }));
  const runtime = quickjs.newRuntime();
  runtime.setMaxStackSize(stackBytesMax);
  runtime.setInterruptHandler(calls.mustStop);
  runtime.setModuleLoader((path) => calls.source(path), (from, name) => calls.resolve(from, name));
  const context = runtime.newContext();
  install(context, calls);
  return createGuest(context, runtime);
};
