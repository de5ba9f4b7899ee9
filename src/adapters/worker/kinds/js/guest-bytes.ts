/** Owns the guest's text and byte types: TextEncoder, TextDecoder, base64, Buffer, URL and fetch's Response and Headers. */
export const guestBytes = String.raw`
(() => {
const { host, begin, modules } = globalThis.__kit;
globalThis.TextEncoder = class TextEncoder { get encoding() { return "utf-8"; } encode(text = "") { return new Uint8Array(host("encode", String(text))); } };
globalThis.TextDecoder = class TextDecoder {
  constructor(label = "utf-8") { this.encoding = String(label).toLowerCase(); }
  decode(bytes) {
    if (bytes === undefined) return "";
    const view = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return this.encoding === "latin1" || this.encoding === "iso-8859-1" ? Array.from(view, (byte) => String.fromCharCode(byte)).join("") : host("decode", view.slice().buffer);
  }
};
const utf8 = new TextEncoder(), fromUtf8 = new TextDecoder();
const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const toBase64 = (bytes) => {
  let out = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const n = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    out += digits[n >> 18] + digits[(n >> 12) & 63] + (i + 1 < bytes.length ? digits[(n >> 6) & 63] : "=") + (i + 2 < bytes.length ? digits[n & 63] : "=");
  }
  return out;
};
const fromBase64 = (text) => {
  const clean = text.replace(/-/g, "+").replace(/_/g, "/").replace(/[^A-Za-z0-9+/]/g, "");
  const out = new Uint8Array(Math.floor(clean.length * 3 / 4));
  let at = 0, bits = 0, held = 0;
  for (const char of clean) { held = (held << 6) | digits.indexOf(char); bits += 6; if (bits >= 8) { bits -= 8; out[at++] = (held >> bits) & 255; } }
  return out;
};
globalThis.btoa = (text) => toBase64(Uint8Array.from(String(text), (char) => char.charCodeAt(0)));
globalThis.atob = (text) => Array.from(fromBase64(String(text)), (byte) => String.fromCharCode(byte)).join("");
class Buffer extends Uint8Array {
  static from(value, encoding, length) {
    if (typeof value === "string") {
      const bytes = encoding === "base64" || encoding === "base64url" ? fromBase64(value)
        : encoding === "hex" ? Uint8Array.from(value.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
        : encoding === "latin1" || encoding === "binary" || encoding === "ascii" ? Uint8Array.from(value, (char) => char.charCodeAt(0) & 255) : utf8.encode(value);
      return Buffer.over(bytes);
    }
    if (value instanceof ArrayBuffer) return new Buffer(value, encoding ?? 0, length ?? value.byteLength - (encoding ?? 0));
    return Buffer.over(Uint8Array.from(value));
  }
  static over(bytes) { return new Buffer(bytes.buffer, bytes.byteOffset, bytes.byteLength); }
  static alloc(size, fill = 0) { return new Buffer(size).fill(fill); }
  static allocUnsafe(size) { return new Buffer(size); }
  static isBuffer(value) { return value instanceof Buffer; }
  static byteLength(value) { return typeof value === "string" ? utf8.encode(value).length : value.byteLength; }
  static concat(list) {
    const whole = new Buffer(list.reduce((sum, each) => sum + each.length, 0));
    let at = 0;
    for (const each of list) { whole.set(each, at); at += each.length; }
    return whole;
  }
  toString(encoding = "utf8", from = 0, to = this.length) {
    const part = this.subarray(from, to);
    if (encoding === "base64") return toBase64(part);
    if (encoding === "base64url") return toBase64(part).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    if (encoding === "hex") return Array.from(part, (byte) => byte.toString(16).padStart(2, "0")).join("");
    if (encoding === "latin1" || encoding === "binary" || encoding === "ascii") return Array.from(part, (byte) => String.fromCharCode(byte)).join("");
    return fromUtf8.decode(part);
  }
  equals(other) { return this.length === other.length && this.every((byte, i) => byte === other[i]); }
  toJSON() { return { type: "Buffer", data: Array.from(this) }; }
  write(text, at = 0) { const bytes = utf8.encode(text); this.set(bytes.subarray(0, this.length - at), at); return Math.min(bytes.length, this.length - at); }
  readUInt8(at = 0) { return this[at]; }
  readUInt32BE(at = 0) { return new DataView(this.buffer, this.byteOffset).getUint32(at); }
  readUInt32LE(at = 0) { return new DataView(this.buffer, this.byteOffset).getUint32(at, true); }
}
globalThis.Buffer = Buffer;
modules.buffer = { Buffer };
const params = (text) => text.replace(/^\?/, "").split("&").filter(Boolean).map((pair) => { const [key, ...rest] = pair.split("="); const read = (part) => decodeURIComponent(part.replaceAll("+", " ")); return [read(key), read(rest.join("="))]; });
const write = (part) => encodeURIComponent(part).replaceAll("%20", "+");
class URLSearchParams {
  #list; #changed;
  constructor(from = "", changed = () => {}) { this.#list = typeof from === "string" ? params(from) : from[Symbol.iterator] ? [...from] : Object.entries(from).map(([k, v]) => [k, String(v)]); this.#changed = changed; }
  get(key) { return this.#list.find(([k]) => k === key)?.[1] ?? null; }
  getAll(key) { return this.#list.filter(([k]) => k === key).map(([, v]) => v); }
  has(key) { return this.#list.some(([k]) => k === key); }
  set(key, value) { const at = this.#list.findIndex(([k]) => k === key); this.#list = this.#list.filter(([k], i) => k !== key || i === at); if (at < 0) this.#list.push([key, String(value)]); else this.#list[this.#list.findIndex(([k]) => k === key)] = [key, String(value)]; this.#changed(); }
  append(key, value) { this.#list.push([key, String(value)]); this.#changed(); }
  delete(key) { this.#list = this.#list.filter(([k]) => k !== key); this.#changed(); }
  sort() { this.#list.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)); this.#changed(); }
  forEach(run) { for (const [k, v] of this.#list) run(v, k, this); }
  keys() { return this.#list.map(([k]) => k)[Symbol.iterator](); }
  values() { return this.#list.map(([, v]) => v)[Symbol.iterator](); }
  entries() { return this.#list[Symbol.iterator](); }
  [Symbol.iterator]() { return this.entries(); }
  toString() { return this.#list.map(([k, v]) => write(k) + "=" + write(v)).join("&"); }
}
class URL {
  constructor(text, base) {
    const parts = JSON.parse(host("url", String(text), base === undefined ? "" : String(base)));
    if (!parts) throw Object.assign(new TypeError("Invalid URL"), { code: "ERR_INVALID_URL", input: String(text) });
    Object.assign(this, parts);
    Object.defineProperty(this, "searchParams", { value: new URLSearchParams(this.search, () => { const query = this.searchParams.toString(); this.search = query ? "?" + query : ""; }), enumerable: false });
  }
  get href() { return this.protocol + "//" + (this.username ? this.username + (this.password ? ":" + this.password : "") + "@" : "") + this.host + this.pathname + this.search + this.hash; }
  get origin() { return this.protocol + "//" + this.host; }
  toString() { return this.href; }
  toJSON() { return this.href; }
  static canParse(text, base) { return host("url", String(text), base === undefined ? "" : String(base)) !== "null"; }
}
Object.assign(globalThis, { URL, URLSearchParams });
modules.url = { URL, URLSearchParams, fileURLToPath: (url) => decodeURIComponent(new URL(String(url)).pathname), pathToFileURL: (path) => new URL("file://" + path) };
class Headers {
  #map = new Map();
  constructor(from = []) { for (const [k, v] of from instanceof Headers || Array.isArray(from) ? from : Object.entries(from)) this.append(k, v); }
  append(k, v) { const key = String(k).toLowerCase(); this.#map.set(key, this.#map.has(key) ? this.#map.get(key) + ", " + v : String(v)); }
  set(k, v) { this.#map.set(String(k).toLowerCase(), String(v)); }
  get(k) { return this.#map.get(String(k).toLowerCase()) ?? null; }
  has(k) { return this.#map.has(String(k).toLowerCase()); }
  delete(k) { this.#map.delete(String(k).toLowerCase()); }
  forEach(run) { for (const [k, v] of this) run(v, k, this); }
  keys() { return this.#map.keys(); } values() { return this.#map.values(); } entries() { return this.#map.entries(); }
  [Symbol.iterator]() { return [...this.#map].sort()[Symbol.iterator](); }
}
class Response {
  constructor(body, { status = 200, statusText = "", headers = [], url = "" } = {}) { this.status = status; this.statusText = statusText; this.headers = new Headers(headers); this.url = url; this.ok = status >= 200 && status < 300; this.redirected = false; this.bodyUsed = false; Object.defineProperty(this, "_bytes", { value: typeof body === "string" ? utf8.encode(body) : new Uint8Array(body ?? 0) }); }
  async bytes() { this.bodyUsed = true; return this._bytes; }
  async arrayBuffer() { return this._bytes.slice().buffer; }
  async text() { return fromUtf8.decode(this._bytes); }
  async json() { return JSON.parse(fromUtf8.decode(this._bytes)); }
}
Object.assign(globalThis, { Headers, Response });
globalThis.fetch = async (input, init = {}) => {
  const headers = new Headers(init.headers ?? []);
  let body = init.body;
  if (body instanceof URLSearchParams) { body = body.toString(); if (!headers.has("content-type")) headers.set("content-type", "application/x-www-form-urlencoded;charset=UTF-8"); }
  if (typeof body === "string" && !headers.has("content-type")) headers.set("content-type", "text/plain;charset=UTF-8");
  const bytes = body === undefined || body === null ? undefined : (typeof body === "string" ? utf8.encode(body) : new Uint8Array(body)).slice().buffer;
  const request = JSON.stringify({ url: String(input && input.url ? input.url : input), method: (init.method ?? "GET").toUpperCase(), headers: [...headers], redirect: init.redirect ?? "follow" });
  const answer = await begin("fetch", request, bytes);
  return new Response(answer.body, answer.head);
};
const crypto = {
  randomUUID: () => host("uuid"),
  getRandomValues: (view) => { view.set(new view.constructor(host("random", view.byteLength))); return view; },
  randomBytes: (size) => Buffer.over(new Uint8Array(host("random", size))),
  randomInt: (a, b) => { const [low, high] = b === undefined ? [0, a] : [a, b]; return low + Math.floor(new Uint32Array(host("random", 4))[0] / 2 ** 32 * (high - low)); },
  createHash: (name) => { const parts = []; const hash = { update: (data) => { parts.push(typeof data === "string" ? utf8.encode(data) : data); return hash; }, digest: (encoding) => { const out = Buffer.over(new Uint8Array(host("hash", name, Buffer.concat(parts).slice().buffer))); return encoding ? out.toString(encoding) : out; } }; return hash; },
};
globalThis.crypto = { randomUUID: crypto.randomUUID, getRandomValues: crypto.getRandomValues };
modules.crypto = { ...crypto, webcrypto: globalThis.crypto };
})();
`;
