/** Owns the way from a `curl` command line to a DAG with one `http` step; options without a counterpart are named. */
import { err, ok, type Result } from "../../base/result.ts";
import type { Json } from "../../value/json.ts";
import { dagNameOf, dagText, type Imported, type ImportNote } from "./document.ts";

interface Request {
  method: string;
  url: string;
  readonly headers: Map<string, string>;
  readonly body: string[];
  readonly query: string[];
  get: boolean;
  stdout: string;
  readonly with: Map<string, Json>;
  readonly notes: ImportNote[];
}
type Take = (request: Request, value: string) => void;
const note = (request: Request, code: string, ...[message, values = {}]: readonly [message: string, values?: Readonly<Record<string, string>>]): void =>
  void request.notes.push({ code, line: 1, message, values });
const header: Take = (request, value) => {
  const cut = value.indexOf(":");
  if (cut > 0) request.headers.set(value.slice(0, cut).trim(), value.slice(cut + 1).trim());
};
const data: Take = (request, value) => {
  if (value.startsWith("@")) note(request, "file-body", `the body came from the file ${value.slice(1)}; put its text into \`with.body\``, { file: value.slice(1) });
  request.body.push(value);
};
const json: Take = (request, value) => {
  data(request, value);
  request.headers.set("Content-Type", "application/json");
  request.headers.set("Accept", "application/json");
};
const valued: Readonly<Record<string, Take>> = {
  "-X": (request, value) => (request.method = value), "--request": (request, value) => (request.method = value), "-H": header, "--header": header,
  "-d": data, "--data": data, "--data-raw": data, "--data-binary": data, "--data-ascii": data, "--json": json,
  "--data-urlencode": (request, value) => request.body.push(encoded(value)),
  "-A": (request, value) => request.headers.set("User-Agent", value), "--user-agent": (request, value) => request.headers.set("User-Agent", value),
  "-e": (request, value) => request.headers.set("Referer", value), "--referer": (request, value) => request.headers.set("Referer", value),
  "-b": (request, value) => request.headers.set("Cookie", value), "--cookie": (request, value) => request.headers.set("Cookie", value),
  "-u": (request, value) => basic(request, value), "--user": (request, value) => basic(request, value),
  "-m": (request, value) => request.with.set("timeout", Math.ceil(Number(value)) || 0), "--max-time": (request, value) => request.with.set("timeout", Math.ceil(Number(value)) || 0),
  "-o": (request, value) => (request.stdout = value), "--output": (request, value) => (request.stdout = value),
  "--url": (request, value) => (request.url = value), "--url-query": (request, value) => request.query.push(value),
};
const plain: Readonly<Record<string, (request: Request) => void>> = {
  "-k": (request) => request.with.set("skip_tls_verify", true), "--insecure": (request) => request.with.set("skip_tls_verify", true),
  "-s": (request) => request.with.set("silent", true), "--silent": (request) => request.with.set("silent", true),
  "-G": (request) => (request.get = true), "--get": (request) => (request.get = true), "-I": (request) => (request.method = "HEAD"), "--head": (request) => (request.method = "HEAD"),
  "-L": () => undefined, "--location": () => undefined, "-S": () => undefined, "--show-error": () => undefined, "-f": () => undefined, "--fail": () => undefined, "--compressed": () => undefined,
  "-v": (request) => request.with.set("debug", true), "--verbose": (request) => request.with.set("debug", true), "-i": () => undefined, "--include": () => undefined,
};
const lossyValued = new Set("-F --form -T --upload-file -x --proxy --retry --retry-delay --connect-timeout --cert -E --key --cacert -w --write-out -c --cookie-jar --resolve --limit-rate -r --range --max-redirs".split(" "));

const encoded = (value: string): string => {
  const cut = value.indexOf("=");
  return cut < 0 ? encodeURIComponent(value) : `${value.slice(0, cut)}=${encodeURIComponent(value.slice(cut + 1))}`;
};
const basic = (request: Request, value: string): void => {
  request.headers.set("Authorization", `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(value)))}`);
  note(request, "secret", "the password stands in the text now; move it to a secret and refer to it");
};

export const importCurl = (line: string): Result<Imported, { readonly type: "not-curl"; readonly message: string }> => {
  const words = shellWords(line.replace(/\\\r?\n/g, " "));
  if (words[0] !== "curl") return err({ type: "not-curl", message: "the line must begin with curl" });
  const request: Request = { method: "", url: "", headers: new Map(), body: [], query: [], get: false, stdout: "", with: new Map(), notes: [] };
  for (let i = 1; i < words.length; i += 1) i += takeWord(request, words, i);
  if (request.url === "") return err({ type: "not-curl", message: "there is no address" });
  return ok(dagOf(request, line));
};
/** How many further words the option took. */
const takeWord = (request: Request, words: readonly string[], at: number): number => {
  const word = words[at]!, next = words[at + 1] ?? "";
  if (!word.startsWith("-") || word === "-") {
    if (request.url === "") request.url = word;
    else note(request, "second-url", `only the first address is kept, not ${word}`, { url: word });
    return 0;
  }
  const joined = /^(--[\w-]+)=([^]*)$/.exec(word);
  const name = joined?.[1] ?? word, value = joined?.[2] ?? next, used = joined === null ? 1 : 0;
  if (Object.hasOwn(valued, name)) {
    valued[name]!(request, value);
    return used;
  }
  if (lossyValued.has(name)) {
    note(request, "option", `${name} ${value} has no counterpart in an http step`, { option: `${name} ${value}` });
    return used;
  }
  if (Object.hasOwn(plain, name)) plain[name]!(request);
  else if (/^-[A-Za-z]{2,}$/.test(word)) return shortOptions(request, word, next);
  else note(request, "option", `${name} has no counterpart in an http step`, { option: name });
  return 0;
};
/** `-sSL`, `-XPOST`: letters in one word, the last may carry a value. */
const shortOptions = (request: Request, word: string, next: string): number => {
  for (let i = 1; i < word.length; i += 1) {
    const name = `-${word[i]!}`, rest = word.slice(i + 1);
    if (Object.hasOwn(valued, name)) {
      valued[name]!(request, rest === "" ? next : rest);
      return rest === "" ? 1 : 0;
    }
    if (Object.hasOwn(plain, name)) plain[name]!(request);
    else note(request, "option", `${name} has no counterpart in an http step`, { option: name });
  }
  return 0;
};
const dagOf = (request: Request, line: string): Imported => {
  const body = request.body.join("&");
  const method = request.method !== "" ? request.method : body !== "" && !request.get ? "POST" : "GET";
  const query = [...request.query, ...(request.get && body !== "" ? [body] : [])].join("&");
  const url = /^[a-z]+:\/\//i.test(request.url) || request.url.startsWith("$") ? request.url : `http://${request.url}`;
  const address = query === "" ? url : `${url}${url.includes("?") ? "&" : "?"}${query}`;
  if (body !== "" && !request.get) {
    request.with.set("body", body);
    if (![...request.headers.keys()].some((key) => key.toLowerCase() === "content-type")) request.headers.set("Content-Type", "application/x-www-form-urlencoded");
  }
  if (request.headers.size > 0) request.with.set("headers", Object.fromEntries(request.headers));
  note(request, "cors", "a browser asks the server for leave (CORS); one that does not grant it can only be reached from a backend");
  const host = /^[a-z]+:\/\/([^/:?#]+)/i.exec(url)?.[1] ?? "request";
  const name = dagNameOf(host, "request");
  const step = {
    name: "request", type: "http", ...(request.with.size === 0 ? {} : { with: Object.fromEntries(request.with) }), command: `${method} ${address}`,
    ...(request.stdout === "" || request.stdout === "-" ? {} : { stdout: request.stdout }),
  };
  return { name, text: dagText({ name, steps: [step] }, `Imported from a curl line:\n${line.trim().slice(0, 200)}`), notes: request.notes };
};

/** Words as a POSIX shell splits them; variables stay as they are. */
const shellWords = (line: string): readonly string[] => {
  const words: string[] = [];
  const pattern = /\s*((?:\$?'(?:\\.|[^'])*'|"(?:\\[^]|[^"\\])*"|\\[^]|[^\s'"\\])+)/gy;
  for (const match of line.matchAll(pattern)) words.push(unquoted(match[1]!));
  return words;
};
const unquoted = (word: string): string =>
  word.replace(/\$?'((?:\\.|[^'])*)'|"((?:\\[^]|[^"\\])*)"|\\([^])/g, (_, single?: string, double?: string, char?: string) => single ?? double?.replace(/\\(["\\$`])/g, "$1") ?? char ?? "");
