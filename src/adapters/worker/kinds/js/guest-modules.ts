/** Owns the guest's node modules: fs, fs/promises, path, os, assert, events, timers, and the loader `require`. */
export const guestModules = String.raw`
(() => {
const { host, modules, config, deepEqual, inspect } = globalThis.__kit;
delete globalThis.__kit;
const normal = (path) => {
  const isAbsolute = path.startsWith("/");
  const parts = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== ".." || !isAbsolute) parts.push(part);
  }
  return (isAbsolute ? "/" : "") + parts.join("/") || (isAbsolute ? "/" : ".");
};
const path = {
  sep: "/", delimiter: ":", normalize: (p) => normal(p) + (p.length > 1 && p.endsWith("/") ? "/" : ""), join: (...parts) => normal(parts.filter((p) => p !== "").join("/")),
  resolve: (...parts) => { let whole = ""; for (const part of [config.cwd, ...parts]) whole = part.startsWith("/") ? part : whole + "/" + part; return normal(whole); },
  isAbsolute: (p) => p.startsWith("/"), dirname: (p) => { const cut = p.replace(/\/+$/, "").lastIndexOf("/"); return cut < 0 ? "." : cut === 0 ? "/" : p.slice(0, cut); },
  basename: (p, ext = "") => { const base = p.replace(/\/+$/, "").split("/").pop(); return ext && base.endsWith(ext) && base !== ext ? base.slice(0, -ext.length) : base; },
  extname: (p) => { const base = path.basename(p); const dot = base.lastIndexOf("."); return dot <= 0 ? "" : base.slice(dot); },
  relative: (from, to) => { const a = path.resolve(from).split("/").filter(Boolean), b = path.resolve(to).split("/").filter(Boolean); let i = 0; while (i < a.length && i < b.length && a[i] === b[i]) i++; return [...a.slice(i).map(() => ".."), ...b.slice(i)].join("/"); },
  parse: (p) => { const base = path.basename(p), ext = path.extname(p); return { root: p.startsWith("/") ? "/" : "", dir: path.dirname(p) === "." && !p.includes("/") ? "" : path.dirname(p), base, ext, name: ext ? base.slice(0, -ext.length) : base }; },
  format: ({ dir = "", root = "", base, name = "", ext = "" }) => (dir ? dir + (dir === root ? "" : "/") : root) + (base ?? name + ext),
};
path.posix = path;
const words = { ENOENT: "no such file or directory", EEXIST: "file already exists", EISDIR: "illegal operation on a directory", ENOTDIR: "not a directory", ENOTEMPTY: "directory not empty", EFBIG: "file is too large to be opened here", EINVAL: "invalid argument" };
const call = (op, syscall, target, ...args) => {
  const full = path.resolve(target instanceof URL ? decodeURIComponent(target.pathname) : String(target));
  const answer = host("fs." + op, full, ...args);
  if (typeof answer === "string" && answer.startsWith("!")) {
    const code = answer.slice(1);
    throw Object.assign(new Error(code + ": " + (words[code] ?? code) + ", " + syscall + " '" + target + "'"), { code, syscall, path: String(target), errno: -1 });
  }
  return answer;
};
const bytesOf = (data) => typeof data === "string" ? new TextEncoder().encode(data).buffer : ArrayBuffer.isView(data) ? data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) : data instanceof ArrayBuffer ? data : new TextEncoder().encode(String(data)).buffer;
const encodingOf = (options) => typeof options === "string" ? options : options && options.encoding;
class Stats { constructor(v) { Object.assign(this, v); this.mtime = new Date(v.mtimeMs); this.atime = this.ctime = this.birthtime = this.mtime; } isFile() { return this.kind === "file"; } isDirectory() { return this.kind === "directory"; } isSymbolicLink() { return this.kind === "symlink"; } }
const fs = {
  readFileSync: (p, options) => { const data = p === 0 || p === "/dev/stdin" ? new ArrayBuffer(0) : call("read", "open", p); const bytes = Buffer.from(data); return encodingOf(options) ? bytes.toString(encodingOf(options)) : bytes; },
  writeFileSync: (p, data, options) => { call("write", "open", p, bytesOf(data), options && options.flag === "a" ? "a" : options && options.flag === "wx" ? "x" : "w"); },
  appendFileSync: (p, data) => { call("write", "open", p, bytesOf(data), "a"); },
  existsSync: (p) => { try { call("stat", "stat", p); return true; } catch { return false; } },
  statSync: (p, options) => { try { return new Stats(JSON.parse(call("stat", "stat", p))); } catch (error) { if (options && options.throwIfNoEntry === false) return undefined; throw error; } },
  readdirSync: (p, options) => {
    const list = JSON.parse(call("list", "scandir", p));
    const all = options && options.recursive ? list.flatMap((each) => each.kind === "directory" ? [each, ...fs.readdirSync(path.join(String(p), each.name), { withFileTypes: true, recursive: true }).map((e) => ({ ...e, kind: e.kind, name: each.name + "/" + e.name }))] : [each]) : list;
    return options && options.withFileTypes ? all.map((each) => Object.assign(new Stats({ ...each, mtimeMs: 0 }), { name: each.name, parentPath: String(p), path: String(p) })) : all.map((each) => each.name);
  },
  mkdirSync: (p, options) => { const full = path.resolve(String(p)); if (options && options.recursive) { let at = ""; for (const part of full.split("/").filter(Boolean)) { at += "/" + part; if (!fs.existsSync(at)) call("mkdir", "mkdir", at); } } else call("mkdir", "mkdir", p); },
  mkdtempSync: (prefix) => { const p = prefix + Math.random().toString(36).slice(2, 8).padEnd(6, "x"); fs.mkdirSync(p); return p; },
  unlinkSync: (p) => { call("unlink", "unlink", p); },
  rmdirSync: (p) => { call("rmdir", "rmdir", p); },
  rmSync: (p, options = {}) => {
    const found = fs.statSync(p, { throwIfNoEntry: false });
    if (!found) { if (options.force) return; call("stat", "rm", p); }
    if (!found.isDirectory()) return fs.unlinkSync(p);
    if (!options.recursive) throw Object.assign(new Error("Path is a directory: rm returned EISDIR " + p), { code: "ERR_FS_EISDIR" });
    for (const name of fs.readdirSync(p)) fs.rmSync(path.join(String(p), name), options);
    fs.rmdirSync(p);
  },
  renameSync: (from, to) => { call("rename", "rename", from, path.resolve(String(to))); },
  copyFileSync: (from, to) => { call("write", "copyfile", to, call("read", "copyfile", from), "w"); },
  accessSync: (p) => { call("stat", "access", p); },
  truncateSync: (p, size = 0) => { const old = Buffer.from(call("read", "open", p)); const cut = Buffer.alloc(size); cut.set(old.subarray(0, size)); fs.writeFileSync(p, cut); },
  chmodSync: () => {}, utimesSync: () => {}, constants: { F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1 },
};
fs.lstatSync = fs.statSync;
fs.realpathSync = (p) => path.resolve(String(p));
fs.writeSync = (fd, data) => { process[fd === 2 ? "stderr" : "stdout"].write(data); return data.length; };
fs.promises = {};
for (const [name, run] of Object.entries(fs)) {
  if (!name.endsWith("Sync")) continue;
  const short = name.slice(0, -4);
  fs.promises[short] = async (...args) => run(...args);
  fs[short] = (...args) => { const done = args.pop(); Promise.resolve().then(() => run(...args)).then((value) => done(null, value), (error) => done(error)); };
}
fs.createWriteStream = (p, options) => { fs.writeFileSync(p, "", options && options.flags === "a" ? { flag: "a" } : undefined); const s = { write: (d) => { fs.appendFileSync(p, d); return true; }, end: (d, done) => { if (d !== undefined && typeof d !== "function") fs.appendFileSync(p, d); const run = typeof d === "function" ? d : done; for (const each of s.finish) each(); if (run) run(); }, finish: [], on: (name, run) => { if (name === "finish" || name === "close") s.finish.push(run); return s; } }; s.once = s.on; return s; };
class AssertionError extends Error { constructor(message) { super(message); this.name = "AssertionError"; this.code = "ERR_ASSERTION"; } }
const assert = (value, message) => { if (!value) throw message instanceof Error ? message : new AssertionError(message ?? "The expression evaluated to a falsy value"); };
const compared = (a, b, message, isEqual, sign) => { if (!isEqual) throw message instanceof Error ? message : new AssertionError(message ?? "Expected values to be " + sign + ":\n\n" + inspect(a) + " !== " + inspect(b) + "\n"); };
Object.assign(assert, {
  ok: assert, AssertionError, equal: (a, b, m) => compared(a, b, m, a == b, "loosely equal"), strictEqual: (a, b, m) => compared(a, b, m, Object.is(a, b), "strictly equal"),
  notEqual: (a, b, m) => compared(a, b, m, a != b, "unequal"), notStrictEqual: (a, b, m) => compared(a, b, m, !Object.is(a, b), "strictly unequal"),
  deepEqual: (a, b, m) => compared(a, b, m, deepEqual(a, b), "loosely deep-equal"), deepStrictEqual: (a, b, m) => compared(a, b, m, deepEqual(a, b), "strictly deep-equal"),
  throws: (run, m) => { try { run(); } catch { return; } throw new AssertionError(typeof m === "string" ? m : "Missing expected exception."); }, fail: (m) => { throw new AssertionError(m ?? "Failed"); },
  match: (text, pattern, m) => compared(text, pattern, m, pattern.test(text), "matching"), rejects: async (work, m) => { try { await (typeof work === "function" ? work() : work); } catch { return; } throw new AssertionError(typeof m === "string" ? m : "Missing expected rejection."); },
});
assert.strict = assert;
class EventEmitter {
  #on = new Map();
  on(name, run) { this.#on.set(name, [...(this.#on.get(name) ?? []), run]); return this; }
  addListener(name, run) { return this.on(name, run); }
  once(name, run) { const one = (...args) => { this.off(name, one); run(...args); }; return this.on(name, one); }
  off(name, run) { this.#on.set(name, (this.#on.get(name) ?? []).filter((each) => each !== run)); return this; }
  removeListener(name, run) { return this.off(name, run); }
  emit(name, ...args) { const all = this.#on.get(name) ?? []; if (name === "error" && all.length === 0) throw args[0]; for (const run of all) run.apply(this, args); return all.length > 0; }
  listenerCount(name) { return (this.#on.get(name) ?? []).length; }
}
EventEmitter.EventEmitter = EventEmitter;
const sleep = (ms, value) => new Promise((resolve) => setTimeout(resolve, ms, value));
Object.assign(modules, {
  fs, path, assert, events: EventEmitter, process, console, "fs/promises": fs.promises, "path/posix": path, "assert/strict": assert, "timers/promises": { setTimeout: sleep, setImmediate: (v) => sleep(0, v) },
  timers: { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate }, perf_hooks: { performance },
  os: { EOL: "\n", platform: () => "linux", type: () => "Linux", release: () => "0", arch: () => "wasm32", hostname: () => "dagbok", homedir: () => process.env.HOME ?? "/", tmpdir: () => process.env.TMPDIR ?? "/tmp", cpus: () => [{ model: "wasm", speed: 0 }], totalmem: () => 268435456, freemem: () => 134217728, userInfo: () => ({ username: "user", uid: 1000, gid: 1000 }) },
});
globalThis.__module = (name) => modules[name.replace(/^node:/, "")];
globalThis.__names = (name) => { const found = globalThis.__module(name); return found === undefined ? "" : JSON.stringify(Object.keys(found).filter((key) => /^[A-Za-z_$][\w$]*$/.test(key) && key !== "default")); };
const unknown = (name, from) => Object.assign(new Error("Cannot find module '" + name + "'" + (from ? "\nRequire stack:\n- " + from : "")), { code: "MODULE_NOT_FOUND" });
const cache = new Map();
const requireFrom = (folder, from) => {
  const load = (name) => {
    const builtin = globalThis.__module(name);
    if (builtin !== undefined) return builtin;
    if (name === "child_process" || name.startsWith("node:")) throw Object.assign(new Error("module '" + name + "' is not available in a sandboxed step; use a shell step for other programs"), { code: "MODULE_NOT_FOUND" });
    const base = name.startsWith(".") || name.startsWith("/") ? path.resolve(folder, name) : path.resolve(folder, "node_modules", name);
    const full = [base, base + ".js", base + ".cjs", base + ".json", base + "/index.js"].find((each) => { const found = fs.statSync(each, { throwIfNoEntry: false }); return found && found.isFile(); });
    if (full === undefined) throw unknown(name, from);
    if (cache.has(full)) return cache.get(full).exports;
    const text = fs.readFileSync(full, "utf8").replace(/^#!.*/, "");
    const module = { exports: {}, id: full, filename: full, loaded: false };
    cache.set(full, module);
    if (full.endsWith(".json")) module.exports = JSON.parse(text);
    else new Function("module", "exports", "require", "__filename", "__dirname", text)(module, module.exports, requireFrom(path.dirname(full), full), full, path.dirname(full));
    module.loaded = true;
    return module.exports;
  };
  load.resolve = (name) => name;
  load.cache = {};
  return load;
};
globalThis.require = requireFrom(path.dirname(config.script), config.script);
require.main = globalThis.module = { exports: {}, id: ".", filename: config.script };
globalThis.exports = module.exports;
globalThis.__filename = config.script;
globalThis.__dirname = path.dirname(config.script);
})();
`;
