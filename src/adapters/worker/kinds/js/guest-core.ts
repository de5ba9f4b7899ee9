/**
 * Owns the JavaScript that is there before a script starts: console, process, timers, text and bytes, fetch, require. It runs inside
 * the sandbox and knows one function of ours, `__host(op, …)`, which answers at once, and `__start(id, op, …)`, which is settled later.
 */
export const guestCore = String.raw`
(() => {
const host = globalThis.__host, startHost = globalThis.__start;
delete globalThis.__host; delete globalThis.__start;
const modules = Object.create(null);
const isIdent = (key) => /^[A-Za-z_$][\w$]*$/.test(key);
const quote = (text) => {
  const mark = !text.includes("'") ? "'" : !text.includes('"') ? '"' : !text.includes("\x60") ? "\x60" : "'";
  return mark + text.replace(/\\/g, "\\\\").replace(/\n/g, "\\n").replace(/\t/g, "\\t").replace(/\r/g, "\\r").replaceAll(mark, mark === "'" ? "\\'" : mark) + mark;
};
const joined = (open, items, close, prefix) => {
  if (items.length === 0) return prefix + open + close;
  const flat = items.join(", ");
  if (flat.length + prefix.length + open.length <= 72 && !flat.includes("\n")) return prefix + open + " " + flat + " " + close;
  return prefix + open + "\n  " + items.map((item) => item.replaceAll("\n", "\n  ")).join(",\n  ") + "\n" + close;
};
const inspectValue = (value, depth, seen) => {
  switch (typeof value) {
    case "string": return quote(value);
    case "bigint": return value + "n";
    case "number": return Object.is(value, -0) ? "-0" : String(value);
    case "symbol": return value.toString();
    case "function": {
      const kind = /^class\b/.test(Function.prototype.toString.call(value)) ? "class" : "Function";
      return kind === "class" ? "[class " + (value.name || "(anonymous)") + "]" : "[Function" + (value.name ? ": " + value.name : " (anonymous)") + "]";
    }
    case "object": return value === null ? "null" : inspectObject(value, depth, seen);
    default: return String(value);
  }
};
const inspectObject = (value, depth, seen) => {
  if (seen.includes(value)) return "[Circular *1]";
  if (value instanceof Error) return errorText(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof RegExp) return String(value);
  const name = value.constructor && value.constructor.name;
  if (value instanceof Promise) return "Promise { <pending> }";
  if (depth < 0) return Array.isArray(value) ? "[Array]" : "[" + (name || "Object") + "]";
  const inner = [...seen, value];
  const show = (each) => inspectValue(each, depth - 1, inner);
  const entry = (key) => (typeof key === "symbol" ? "[" + key.toString() + "]" : isIdent(key) ? key : quote(key)) + ": " + show(value[key]);
  const keys = Object.keys(value);
  if (Array.isArray(value)) {
    const items = [];
    for (let i = 0; i < Math.min(value.length, 100); i++) items.push(i in value ? show(value[i]) : "<1 empty item>");
    if (value.length > 100) items.push("... " + (value.length - 100) + " more item" + (value.length > 101 ? "s" : ""));
    return joined("[", [...items, ...keys.filter((key) => !/^\d+$/.test(key)).map(entry)], "]", "");
  }
  if (value instanceof Map) return joined("{", [...value].map(([k, v]) => show(k) + " => " + show(v)), "}", "Map(" + value.size + ") ");
  if (value instanceof Set) return joined("{", [...value].map(show), "}", "Set(" + value.size + ") ");
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return joined("[", Array.from(value.slice(0, 100), String), "]", name + "(" + value.length + ") ");
  const prefix = name && name !== "Object" ? name + " " : Object.getPrototypeOf(value) === null ? "[Object: null prototype] " : "";
  return joined("{", keys.map(entry), "}", prefix);
};
const errorText = (error) => {
  const head = error.name + (error.message === "" ? "" : ": " + error.message);
  const extra = Object.keys(error).length ? " " + joined("{", Object.keys(error).map((key) => key + ": " + inspectValue(error[key], 1, [error])), "}", "") : "";
  return head + (error.stack ? "\n" + String(error.stack).trimEnd() : "") + (error.cause === undefined ? "" : "\n  [cause]: " + inspectValue(error.cause, 1, [error])) + extra;
};
const inspect = (value, options) => inspectValue(value, options && options.depth === null ? 50 : (options && options.depth) ?? 2, []);
const format = (...args) => {
  if (typeof args[0] !== "string") return args.map((each) => typeof each === "string" ? each : inspect(each)).join(" ");
  let at = 1;
  const text = args[0].replace(/%[sdifjoOc%]/g, (mark) => {
    if (mark === "%%") return "%";
    if (at >= args.length) return mark;
    const value = args[at++];
    if (mark === "%s") return typeof value === "string" ? value : typeof value === "object" ? inspect(value, { depth: 0 }) : String(value);
    if (mark === "%d") return typeof value === "object" ? "NaN" : String(Number(value));
    if (mark === "%i") return String(Number.parseInt(value));
    if (mark === "%f") return String(Number.parseFloat(value));
    if (mark === "%j") return JSON.stringify(value);
    return mark === "%c" ? "" : inspect(value, { depth: 4 });
  });
  return [text, ...args.slice(at).map((each) => typeof each === "string" ? each : inspect(each))].join(" ");
};
let indent = "";
const line = (fd, args) => host("write", fd, (indent + format(...args)).replaceAll("\n", "\n" + indent) + "\n");
const counts = new Map(), times = new Map();
const table = (rows) => {
  if (typeof rows !== "object" || rows === null) return line(1, [rows]);
  const entries = Object.entries(rows);
  const columns = [...new Set(entries.flatMap(([, row]) => typeof row === "object" && row !== null ? Object.keys(row) : []))];
  const hasValues = entries.some(([, row]) => typeof row !== "object" || row === null);
  const head = ["(index)", ...columns, ...(hasValues ? ["Values"] : [])];
  const body = entries.map(([key, row]) => {
    const isRow = typeof row === "object" && row !== null;
    return [key, ...columns.map((name) => isRow && name in row ? inspect(row[name], { depth: 0 }) : ""), ...(hasValues ? [isRow ? "" : inspect(row)] : [])];
  });
  const widths = head.map((name, i) => Math.max(name.length, ...body.map((row) => row[i].length)) + 2);
  const cells = (row) => "│" + row.map((cell, i) => " " + cell.padEnd(widths[i] - 1)).join("│") + "│";
  const rule = (a, b, c) => a + widths.map((width) => "─".repeat(width)).join(b) + c;
  line(1, [[rule("┌", "┬", "┐"), cells(head), rule("├", "┼", "┤"), ...body.map(cells), rule("└", "┴", "┘")].join("\n")]);
};
globalThis.console = {
  log: (...args) => line(1, args), info: (...args) => line(1, args), debug: (...args) => line(1, args),
  error: (...args) => line(2, args), warn: (...args) => line(2, args), trace: (...args) => line(2, ["Trace: " + format(...args)]),
  dir: (value, options) => line(1, [inspect(value, options)]), table,
  assert: (holds, ...args) => { if (!holds) line(2, ["Assertion failed" + (args.length ? ": " + format(...args) : "")]); },
  group: (...args) => { if (args.length) line(1, args); indent += "  "; }, groupEnd: () => { indent = indent.slice(2); },
  count: (label = "default") => { counts.set(label, (counts.get(label) ?? 0) + 1); line(1, [label + ": " + counts.get(label)]); },
  countReset: (label = "default") => { counts.delete(label); },
  time: (label = "default") => { times.set(label, host("now")); },
  timeEnd: (label = "default") => { line(1, [label + ": " + (host("now") - times.get(label)) + "ms"]); times.delete(label); },
};
console.groupCollapsed = console.group;

const waiting = new Map();
let lastId = 0;
const begin = (op, ...args) => new Promise((resolve, reject) => { const id = ++lastId; waiting.set(id, { resolve, reject }); startHost(id, op, ...args); });
globalThis.__settle = (id, ok, head, body) => {
  const each = waiting.get(id);
  waiting.delete(id);
  if (!each) return;
  if (ok) each.resolve({ head: head === undefined ? undefined : JSON.parse(head), body });
  else each.reject(Object.assign(new TypeError("fetch failed"), JSON.parse(head)));
};
const timers = new Map();
globalThis.__fire = (id) => {
  const each = timers.get(id);
  if (!each) return;
  if (each.every === undefined) timers.delete(id);
  else host("timer", id, each.every);
  each.run(...each.args);
};
class Timeout { constructor(id) { this.id = id; } ref() { return this; } unref() { host("unref", this.id); return this; } hasRef() { return true; } [Symbol.toPrimitive]() { return this.id; } }
const arm = (run, ms, args, repeats) => {
  const id = ++lastId;
  const delay = Math.max(1, Number(ms) || 1);
  timers.set(id, { run, args, every: repeats ? delay : undefined });
  host("timer", id, delay);
  return new Timeout(id);
};
globalThis.setTimeout = (run, ms, ...args) => arm(run, ms, args, false);
globalThis.setInterval = (run, ms, ...args) => arm(run, ms, args, true);
globalThis.setImmediate = (run, ...args) => arm(run, 0, args, false);
globalThis.clearTimeout = globalThis.clearInterval = globalThis.clearImmediate = (timer) => {
  const id = Number(timer);
  if (timers.delete(id)) host("clear", id);
};
globalThis.queueMicrotask = (run) => { Promise.resolve().then(run); };
globalThis.structuredClone = (value) => {
  const seen = new Map();
  const copy = (each) => {
    if (typeof each === "function" || typeof each === "symbol") throw new Error("could not be cloned");
    if (typeof each !== "object" || each === null) return each;
    if (seen.has(each)) return seen.get(each);
    if (each instanceof Date) return new Date(each);
    if (each instanceof RegExp) return new RegExp(each);
    if (ArrayBuffer.isView(each)) return each.slice();
    if (each instanceof ArrayBuffer) return each.slice(0);
    const made = Array.isArray(each) ? [] : each instanceof Map ? new Map() : each instanceof Set ? new Set() : {};
    seen.set(each, made);
    if (each instanceof Map) for (const [k, v] of each) made.set(copy(k), copy(v));
    else if (each instanceof Set) for (const v of each) made.add(copy(v));
    else for (const key of Object.keys(each)) made[key] = copy(each[key]);
    return made;
  };
  return copy(value);
};
const config = JSON.parse(host("config"));
const exit = (code) => { host("exit", Number(code ?? process.exitCode ?? 0)); for (;;); };
const stream = (fd) => ({ write: (text) => { host("write", fd, typeof text === "string" ? text : text instanceof Uint8Array ? text.slice().buffer : String(text)); return true; }, isTTY: false, fd, columns: 80 });
const listeners = new Map();
globalThis.process = {
  argv: config.argv, env: { ...config.env }, exit, exitCode: undefined, cwd: () => config.cwd, platform: "linux", arch: "wasm32", pid: 1, ppid: 0,
  version: "v20.0.0", versions: { node: "20.0.0", quickjs: "ng" }, title: "node", execPath: "/usr/bin/node", execArgv: [],
  stdout: stream(1), stderr: stream(2), stdin: { isTTY: false, fd: 0 },
  uptime: () => (host("now") - config.startedAt) / 1000,
  hrtime: Object.assign((since) => { const ms = host("now"); const s = [Math.floor(ms / 1000), Math.floor((ms % 1000) * 1e6)]; return since ? [s[0] - since[0], s[1] - since[1]] : s; }, { bigint: () => BigInt(Math.round(host("now") * 1e6)) }),
  memoryUsage: () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }),
  nextTick: (run, ...args) => { Promise.resolve().then(() => run(...args)); },
  on: (name, run) => { listeners.set(name, [...(listeners.get(name) ?? []), run]); return process; }, off: () => process,
  emitWarning: (text) => { host("write", 2, "Warning: " + text + "\n"); },
};
process.once = process.addListener = process.on;
process.removeListener = process.off;
globalThis.__ending = () => { for (const run of listeners.get("exit") ?? []) run(process.exitCode ?? 0); return Number(process.exitCode ?? 0); };
globalThis.__uncaught = (error) => host("write", 2, "Uncaught " + (error instanceof Error ? errorText(error) : inspect(error)) + "\n");
globalThis.global = globalThis;
globalThis.performance = { now: () => host("now") - config.startedAt, timeOrigin: config.startedAt, mark() {}, measure() {} };
modules.util = {
  inspect, format, promisify: (run) => (...args) => new Promise((resolve, reject) => run(...args, (error, value) => error ? reject(error) : resolve(value))),
  isDeepStrictEqual: (a, b) => deepEqual(a, b), types: { isDate: (v) => v instanceof Date, isRegExp: (v) => v instanceof RegExp, isPromise: (v) => v instanceof Promise },
};
const deepEqual = (a, b) => {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Date) return a.getTime() === b.getTime();
  if (a instanceof Map || a instanceof Set) return a.size === b.size && deepEqual([...a], [...b]);
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && deepEqual(a[key], b[key]));
};
globalThis.__kit = { host, begin, modules, config, inspect, deepEqual, exit };
})();
`;
