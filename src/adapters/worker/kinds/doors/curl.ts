/** Owns `curl` and `wget` in scripts: the usual options over the network rule; failures in words, with curl's exit codes. */
import type { CommandEntry, Proc } from "../../../../shell/contract.ts";
import { decodeText } from "../../../../shell/bytes.ts";
import { NetworkError, type NetworkFailure, type NetworkResponse } from "../../../../ports/network.ts";
import { makeDirectories, parentOf, readWhole, resolvePath, writeWhole } from "../../files/whole.ts";
import type { Door, DoorRequest, DoorWorld } from "./door.ts";
import { complain, readAll, say } from "./proc.ts";

interface Wanted {
  urls: string[];
  method?: string;
  headers: [string, string][];
  data: Uint8Array[];
  output?: string;
  isRemoteName: boolean;
  isSilent: boolean;
  showsErrors: boolean;
  showsHeaders: boolean;
  isHead: boolean;
  failsOnError: boolean;
  follows: boolean;
  isGet: boolean;
  writeOut: string;
  timeoutMs?: number;
}
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const codes: Readonly<Record<NetworkFailure, number>> = {
  cors: 7, "mixed-content": 7, offline: 6, "refused-host": 7, timeout: 28, aborted: 42, "too-large": 63, "bad-url": 3, unreachable: 7, "unknown-host": 6, "no-listener": 7, "bad-certificate": 60,
};
const fresh = (): Wanted => ({
  urls: [], headers: [], data: [], isRemoteName: false, isSilent: false, showsErrors: false, showsHeaders: false, isHead: false, failsOnError: false, follows: false,
  isGet: false, writeOut: "",
});
type Reader = (text: string) => Promise<Uint8Array>;

/** Data of `-d`: `@file` is read, line breaks of it are dropped. */
const dataOf = async (text: string, read: Reader, isBinary: boolean): Promise<Uint8Array> => {
  if (!text.startsWith("@")) return encode(text);
  const bytes = await read(text.slice(1));
  return isBinary ? bytes : bytes.filter((byte) => byte !== 10 && byte !== 13 && byte !== 0);
};
const urlEncoded = (text: string): Uint8Array => {
  const cut = text.indexOf("=");
  return encode(cut < 0 ? encodeURIComponent(text) : cut === 0 ? encodeURIComponent(text.slice(1)) : `${text.slice(0, cut)}=${encodeURIComponent(text.slice(cut + 1))}`);
};
const header = (text: string): [string, string] => {
  const cut = text.indexOf(":");
  return [text.slice(0, cut).trim(), text.slice(cut + 1).trim()];
};
type Option = (wanted: Wanted, value: string, read: Reader) => void | Promise<void>;
/** Options with a value, by their long names. */
const valued: Readonly<Record<string, Option>> = {
  request: (w, v) => void (w.method = v), header: (w, v) => void w.headers.push(header(v)), output: (w, v) => void (w.output = v),
  data: async (w, v, read) => void w.data.push(await dataOf(v, read, false)), "data-ascii": async (w, v, read) => void w.data.push(await dataOf(v, read, false)),
  "data-binary": async (w, v, read) => void w.data.push(await dataOf(v, read, true)), "data-raw": (w, v) => void w.data.push(encode(v)),
  "data-urlencode": (w, v) => void w.data.push(urlEncoded(v)),
  json: async (w, v, read) => {
    w.data.push(await dataOf(v, read, true));
    w.headers.push(["Content-Type", "application/json"], ["Accept", "application/json"]);
  },
  user: (w, v) => void w.headers.push(["Authorization", `Basic ${btoa(v)}`]), "user-agent": (w, v) => void w.headers.push(["User-Agent", v]),
  referer: (w, v) => void w.headers.push(["Referer", v]), "max-time": (w, v) => void (w.timeoutMs = Number(v) * 1000), "connect-timeout": () => undefined,
  "write-out": (w, v) => void (w.writeOut = v), url: (w, v) => void w.urls.push(v), retry: () => undefined, "retry-delay": () => undefined, "max-redirs": () => undefined,
  "upload-file": async (w, v, read) => {
    w.data.push(await read(v));
    w.method ??= "PUT";
  },
};
const flags: Readonly<Record<string, (wanted: Wanted) => void>> = {
  silent: (w) => void (w.isSilent = true), "show-error": (w) => void (w.showsErrors = true), fail: (w) => void (w.failsOnError = true),
  "fail-with-body": (w) => void (w.failsOnError = true), location: (w) => void (w.follows = true), include: (w) => void (w.showsHeaders = true),
  head: (w) => void (w.isHead = true), "remote-name": (w) => void (w.isRemoteName = true), get: (w) => void (w.isGet = true), insecure: () => undefined,
  compressed: () => undefined, "no-progress-meter": () => undefined, "progress-bar": () => undefined, verbose: () => undefined, http1: () => undefined,
  "create-dirs": () => undefined, "no-buffer": () => undefined, ipv4: () => undefined, ipv6: () => undefined, "http1.1": () => undefined, http2: () => undefined,
};
const short: Readonly<Record<string, string>> = {
  X: "request", H: "header", o: "output", d: "data", u: "user", A: "user-agent", e: "referer", m: "max-time", w: "write-out", T: "upload-file",
  s: "silent", S: "show-error", f: "fail", L: "location", i: "include", I: "head", O: "remote-name", G: "get", k: "insecure", v: "verbose", "4": "ipv4", "6": "ipv6", N: "no-buffer", "#": "progress-bar",
};
/** Reads curl's words; a text is what is wrong with them. */
const readWords = async (words: readonly string[], read: Reader): Promise<Wanted | string> => {
  const wanted = fresh();
  const queue = [...words];
  const apply = async (name: string, glued: string | undefined): Promise<string | undefined> => {
    const option = valued[name];
    if (option === undefined) return flags[name] === undefined ? `option --${name}: is unknown` : void flags[name](wanted);
    const value = glued ?? queue.shift();
    if (value === undefined) return `option --${name}: requires parameter`;
    await option(wanted, value, read);
    return undefined;
  };
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word.startsWith("--")) {
      const fault = await apply(word.slice(2), undefined);
      if (fault !== undefined) return fault;
    } else if (word.startsWith("-") && word.length > 1) {
      for (let i = 1; i < word.length; i++) {
        const name = short[word[i] as string];
        if (name === undefined) return `option -${word[i] as string}: is unknown`;
        const takes = valued[name] !== undefined;
        const fault = await apply(name, takes && i + 1 < word.length ? word.slice(i + 1) : undefined);
        if (fault !== undefined) return fault;
        if (takes) break;
      }
    } else wanted.urls.push(word);
  }
  return wanted;
};

const bodyOf = (wanted: Wanted): Uint8Array | undefined => {
  if (wanted.data.length === 0 || wanted.isGet) return undefined;
  return encode(wanted.data.map((piece) => new TextDecoder().decode(piece)).join("&"));
};
const urlOf = (text: string, wanted: Wanted): string => {
  const url = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`;
  if (!wanted.isGet || wanted.data.length === 0) return url;
  return `${url}${url.includes("?") ? "&" : "?"}${wanted.data.map((piece) => new TextDecoder().decode(piece)).join("&")}`;
};
const headText = (response: NetworkResponse): string =>
  `HTTP/1.1 ${response.status} ${response.statusText}\r\n${response.headers.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
const writtenOut = (format: string, response: NetworkResponse): string =>
  format
    .replace(/%\{(\w+)\}/g, (_, name: string) =>
      name === "http_code" || name === "response_code" ? String(response.status).padStart(3, "0") : name === "size_download" ? String(response.body.length)
        : name === "url_effective" ? response.url : name === "content_type" ? (response.headers.find(([key]) => key.toLowerCase() === "content-type")?.[1] ?? "") : "")
    .replaceAll("\\n", "\n").replaceAll("\\t", "\t").replaceAll("%%", "%");

const fetchOne = async (proc: Proc, text: string, wanted: Wanted, place: { readonly world: DoorWorld; readonly request: DoorRequest }): Promise<number> => {
  const { world, request } = place;
  const body = bodyOf(wanted);
  const hasType = wanted.headers.some(([name]) => name.toLowerCase() === "content-type");
  const response = await world.network.fetch(
    {
      url: urlOf(text, wanted), method: wanted.method ?? (wanted.isHead ? "HEAD" : body === undefined ? "GET" : "POST"), followRedirects: wanted.follows,
      headers: body === undefined || hasType ? wanted.headers : [...wanted.headers, ["Content-Type", "application/x-www-form-urlencoded"]],
      ...(body === undefined ? {} : { body }), ...(wanted.timeoutMs === undefined ? {} : { timeoutMs: wanted.timeoutMs }),
    },
    request.hosts, request.signal,
  );
  if (wanted.failsOnError && response.status >= 400) {
    if (!wanted.isSilent || wanted.showsErrors) await say(proc.stderr, `curl: (22) The requested URL returned error: ${response.status}\n`);
    return 22;
  }
  const head = wanted.showsHeaders || wanted.isHead ? encode(headText(response)) : new Uint8Array(0);
  const output = wanted.isRemoteName ? (new URL(response.url || urlOf(text, wanted)).pathname.split("/").pop() ?? "") : wanted.output;
  if (output === undefined || output === "-") {
    await proc.stdout.write(head);
    await proc.stdout.write(response.body);
  } else if (output !== "/dev/null") {
    const path = resolvePath(decodeText(proc.cwd), output);
    await makeDirectories(world.files, parentOf(path));
    await writeWhole(world.files, path, response.body);
  }
  if (wanted.writeOut !== "") await say(proc.stdout, writtenOut(wanted.writeOut, response));
  return 0;
};
/** Runs `work`; a network failure is worded on stderr and becomes curl's exit code. */
const guarded = async (proc: Proc, isQuiet: boolean, work: () => Promise<number>): Promise<number> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    const code = codes[error.failure];
    if (!isQuiet) await say(proc.stderr, `${decodeText(proc.argv[0] ?? "curl")}: (${code}) ${error.message}\n`);
    return code;
  }
};
const readerOf = (proc: Proc, world: DoorWorld): Reader => (path) => (path === "-" ? readAll(proc.stdin) : readWhole(world.files, resolvePath(decodeText(proc.cwd), path)));

export const curlDoor: Door = (world, request) => {
  const run = async (proc: Proc): Promise<number> => {
    const wanted = await readWords(proc.argv.slice(1).map(decodeText), readerOf(proc, world));
    if (typeof wanted === "string") return complain(proc, wanted, 2);
    if (wanted.urls.length === 0) return complain(proc, "(2) no URL specified", 2);
    let status = 0;
    for (const url of wanted.urls) status = await guarded(proc, wanted.isSilent && !wanted.showsErrors, () => fetchOne(proc, url, wanted, { world, request }));
    return status;
  };
  const entry: CommandEntry = {
    name: "curl",
    summary: { en: "fetch a URL; only hosts that the DAG may reach", zh: "抓取网址；只限该 DAG 获准访问的主机" },
    options: Object.entries(short).map(([letter, name]) => ({ flag: `-${letter}, --${name}`, en: name.replaceAll("-", " "), zh: name })),
    run,
  };
  return entry;
};

export const wgetDoor: Door = (world, request) => {
  const run = async (proc: Proc): Promise<number> => {
    const wanted = fresh();
    Object.assign(wanted, { follows: true, failsOnError: true, isRemoteName: true, isSilent: true });
    const words = proc.argv.slice(1).map(decodeText);
    for (let word = words.shift(); word !== undefined; word = words.shift()) {
      const glued = /^(?:-O|--output-document=)(.+)$/.exec(word)?.[1];
      if (glued !== undefined || word === "-O" || word === "-qO" || word === "--output-document") Object.assign(wanted, { output: glued ?? words.shift() ?? "-", isRemoteName: false });
      else if (word === "-qO-" || word === "-O-") Object.assign(wanted, { output: "-", isRemoteName: false });
      else if (word.startsWith("--header=")) wanted.headers.push(header(word.slice(9)));
      else if (/^(-q|--quiet|-nv|--no-verbose|-c|--continue)$/.test(word)) continue;
      else if (word.startsWith("-")) return complain(proc, `unrecognized option '${word}'`, 2);
      else wanted.urls.push(word);
    }
    if (wanted.urls.length === 0) return complain(proc, "missing URL", 1);
    let status = 0;
    for (const url of wanted.urls) {
      const code = await guarded(proc, false, () => fetchOne(proc, url, wanted, { world, request }));
      status = code === 0 ? status : code === 22 ? 8 : 4;
    }
    return status;
  };
  const entry: CommandEntry = {
    name: "wget",
    summary: { en: "download a URL into a file; only hosts that the DAG may reach", zh: "把网址下载到文件；只限该 DAG 获准访问的主机" },
    options: [
      { flag: "-O FILE", en: "write to the file, - for standard output", zh: "写入该文件，- 表示标准输出" },
      { flag: "-q", en: "say nothing", zh: "不输出信息" },
      { flag: "--header=LINE", en: "add a header", zh: "添加请求头" },
    ],
    run,
  };
  return entry;
};
