/** Owns read, mapfile and readarray. */
import { characterCount, fromBytes } from "../../bytes.ts";
import type { OpenDescription } from "../../files/open.ts";
import { ShellError } from "../../state/errors.ts";
import { complain } from "../../state/shell.ts";
import type { IfsCache, Shell } from "../../state/shell.ts";
import { settle } from "../../state/thread.ts";
import type { Task } from "../../state/thread.ts";
import { info } from "../entry.ts";
import type { Builtin } from "../entry.ts";
import { readChunk } from "./lines.ts";

interface ReadRequest {
  raw: boolean;
  array: string | undefined;
  delimiter: string;
  /** Characters at most; `exact` ignores the delimiter. */
  count: number | undefined;
  exact: boolean;
  fd: number;
  timeoutMs: number | undefined;
  prompt: string;
  names: readonly string[];
  bad: string | undefined;
}
const parseRead = (args: readonly string[], isSh: boolean): ReadRequest => {
  const request: ReadRequest = { raw: false, array: undefined, delimiter: "\n", count: undefined, exact: false, fd: 0, timeoutMs: undefined, prompt: "", names: [], bad: undefined };
  let i = 0;
  for (; i < args.length; i++) {
    const arg = args[i] as string;
    if (arg === "--") {
      i++;
      break;
    }
    if (!/^-./.test(arg)) break;
    for (let k = 1; k < arg.length; k++) {
      const letter = arg[k] as string;
      if (isSh && letter !== "r" && letter !== "p") request.bad = `Illegal option -${letter}`;
      else if (letter === "r") request.raw = true;
      else if ("es".includes(letter)) continue;
      else if ("adinNptu".includes(letter)) {
        const value = k + 1 < arg.length ? arg.slice(k + 1) : (args[++i] ?? "");
        applyOption(request, letter, value);
        break;
      } else request.bad = `-${letter}: invalid option`;
    }
  }
  request.names = args.slice(i);
  return request;
};
const applyOption = (request: ReadRequest, letter: string, value: string): void => {
  if (letter === "a") request.array = value;
  else if (letter === "d") request.delimiter = value === "" ? "\0" : value.slice(0, 1);
  else if (letter === "n" || letter === "N") {
    request.count = Number(value);
    request.exact = letter === "N";
    if (!/^\d+$/.test(value)) request.bad = `${value}: invalid number`;
  } else if (letter === "p") request.prompt = value;
  else if (letter === "t") {
    request.timeoutMs = Number(value) * 1000;
    if (!/^\d*\.?\d*$/.test(value) || value === "") request.bad = `${value}: invalid timeout specification`;
  } else if (letter === "u") request.fd = Number(value);
};

/** What was read: characters, which of them a backslash protects, and how it ended. */
interface Got {
  readonly text: string;
  readonly protectedAt: ReadonlySet<number>;
  readonly ended: "delimiter" | "count" | "end" | "timeout";
}

/** Waits until something can be read; false when the time is up first. */
function* readableBefore(sh: Shell, file: OpenDescription, deadline: number | undefined): Task<boolean> {
  while (!file.readable) {
    if (deadline === undefined) yield file.whenReadable();
    else {
      const left = deadline - sh.kernel.world.clock.now();
      if (left <= 0) return false;
      const stop = new AbortController();
      yield Promise.race([file.whenReadable(), sh.kernel.world.clock.sleep(left, stop.signal)]);
      stop.abort();
    }
  }
  return true;
}
function* gather(sh: Shell, file: OpenDescription, request: ReadRequest): Task<Got> {
  const deadline = request.timeoutMs === undefined ? undefined : sh.kernel.world.clock.now() + request.timeoutMs;
  const protectedAt = new Set<number>();
  let text = "";
  let escaped = false;
  const full = (): boolean => request.count !== undefined && text.length >= request.count && characterCount(text) >= request.count && !isCut(text);
  if (request.count === 0) return { text, protectedAt, ended: "count" };
  for (;;) {
    if (!(yield* readableBefore(sh, file, deadline))) return { text, protectedAt, ended: "timeout" };
    const chunk = yield* settle(file.read());
    if (chunk === null) return { text, protectedAt, ended: "end" };
    for (let i = 0; i < chunk.length; i++) {
      const char = String.fromCharCode(chunk[i] as number);
      let ended: Got["ended"] | undefined;
      if (escaped) {
        escaped = false;
        if (char !== "\n") {
          protectedAt.add(text.length);
          text += char;
        }
      } else if (char === "\\" && !request.raw) escaped = true;
      else if (char === request.delimiter && !request.exact) ended = "delimiter";
      else if (char !== "\0") text += char;
      if (ended === undefined && full()) ended = "count";
      if (ended !== undefined) {
        if (i + 1 < chunk.length) file.unread(chunk.subarray(i + 1));
        return { text, protectedAt, ended };
      }
    }
    const slice = sh.process.tick(chunk.length >> 8);
    if (slice !== undefined) yield slice;
  }
}
/** True when the last character's bytes are not all there yet. */
const isCut = (text: string): boolean => /(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})$/.test(text);

/** Splits a line among `count` names: the last takes the rest with its separators. */
export const splitFields = (got: { readonly text: string; readonly protectedAt: ReadonlySet<number> }, ifs: IfsCache, count: number): string[] => {
  const { text, protectedAt } = got;
  const isIfs = (i: number): boolean => i < text.length && !protectedAt.has(i) && ifs.set.includes(text[i] as string);
  const isWhite = (i: number): boolean => i < text.length && !protectedAt.has(i) && ifs.white.includes(text[i] as string);
  const fields: string[] = [];
  let at = 0;
  while (isWhite(at)) at++;
  while (at < text.length && fields.length < count - 1) {
    const from = at;
    while (at < text.length && !isIfs(at)) at++;
    fields.push(text.slice(from, at));
    while (isWhite(at)) at++;
    if (isIfs(at) && !isWhite(at)) {
      at++;
      while (isWhite(at)) at++;
    }
  }
  if (at < text.length && fields.length < count) fields.push(lastField(text, at, isIfs, isWhite));
  return fields;
};
/** The rest of the line: trailing white separators go, and a single trailing other separator when it ends just one field. */
const lastField = (text: string, at: number, isIfs: (i: number) => boolean, isWhite: (i: number) => boolean): string => {
  let end = text.length;
  while (end > at && isWhite(end - 1)) end--;
  if (end > at && isIfs(end - 1)) {
    let first = at;
    while (first < end && !isIfs(first)) first++;
    let after = first;
    while (isWhite(after)) after++;
    if (isIfs(after) && !isWhite(after) && after === end - 1) end = first;
    else if (first === end - 1) end = first;
  }
  return text.slice(at, end);
};

function* runRead(sh: Shell, args: readonly string[]): Task<number> {
  const request = parseRead(args, sh.dialect === "sh");
  if (sh.dialect === "sh" && request.bad === undefined && request.names.length === 0) request.bad = "arg count";
  if (request.bad !== undefined) {
    yield* settle(complain(sh, `read: ${request.bad}`));
    return sh.dialect === "sh" || request.bad.includes("option") ? 2 : 1;
  }
  const file = sh.process.fds.get(request.fd);
  if (file === undefined) {
    yield* settle(complain(sh, `read: ${request.fd}: invalid file descriptor: Bad file descriptor`));
    return 1;
  }
  for (const name of request.names) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*(?:\[[^]*\])?$/.test(name)) throw new ShellError(`read: \`${name}': not a valid identifier`, "command", 1);
  }
  if (request.timeoutMs === 0) return file.readable ? 0 : 1;
  const got = yield* gather(sh, file, request);
  assignFields(sh, request, got);
  return got.ended === "timeout" ? 142 : got.ended === "end" ? 1 : 0;
}
const assignFields = (sh: Shell, request: ReadRequest, got: Got): void => {
  if (request.array !== undefined) {
    sh.vars.setList(request.array, splitAll(got, sh.ifs));
    return;
  }
  const names = request.names;
  if (names.length === 0) return assignTo(sh, "REPLY", got.text);
  if (request.exact) {
    names.forEach((name, i) => assignTo(sh, name, i === 0 ? got.text : ""));
    return;
  }
  const fields = sh.ifs.set === "" ? [got.text] : splitFields(got, sh.ifs, names.length);
  names.forEach((name, i) => assignTo(sh, name, fields[i] ?? ""));
};
/** All fields of a line, for `read -a`: a trailing separator makes no empty field. */
const splitAll = (got: Got, ifs: IfsCache): string[] => (ifs.set === "" ? (got.text === "" ? [] : [got.text]) : splitFields(got, ifs, Infinity));
const assignTo = (sh: Shell, name: string, value: string): void => {
  const open = name.indexOf("[");
  if (open < 0) sh.vars.set(name, value);
  else sh.vars.setElement(name.slice(0, open), name.slice(open + 1, -1), value);
};

interface MapRequest {
  trims: boolean;
  delimiter: number;
  count: number;
  skip: number;
  origin: number | undefined;
  fd: number;
  callback: string | undefined;
  quantum: number;
  name: string;
  bad: string | undefined;
}
const parseMap = (args: readonly string[]): MapRequest => {
  const request: MapRequest = { trims: false, delimiter: 10, count: 0, skip: 0, origin: undefined, fd: 0, callback: undefined, quantum: 5000, name: "MAPFILE", bad: undefined };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    if (!/^-./.test(arg) || arg === "--") {
      request.name = arg === "--" ? (args[i + 1] ?? "MAPFILE") : arg;
      break;
    }
    for (let k = 1; k < arg.length; k++) {
      const letter = arg[k] as string;
      if (letter === "t") {
        request.trims = true;
        continue;
      }
      const value = k + 1 < arg.length ? arg.slice(k + 1) : (args[++i] ?? "");
      if (letter === "d") request.delimiter = value === "" ? 0 : value.charCodeAt(0);
      else if (letter === "n") request.count = Number(value);
      else if (letter === "s") request.skip = Number(value);
      else if (letter === "O") request.origin = Number(value);
      else if (letter === "u") request.fd = Number(value);
      else if (letter === "C") request.callback = value;
      else if (letter === "c") request.quantum = Number(value);
      else request.bad = `-${letter}: invalid option`;
      break;
    }
  }
  return request;
};
/** One record with its delimiter; `undefined` at the end. */
function* readRecord(file: OpenDescription, delimiter: number): Task<string | undefined> {
  let record = "";
  for (;;) {
    const chunk = yield* readChunk(file);
    if (chunk === null) return record === "" ? undefined : record;
    const at = chunk.indexOf(delimiter);
    if (at >= 0) {
      if (at + 1 < chunk.length) file.unread(chunk.subarray(at + 1));
      return record + fromBytes(chunk.subarray(0, at + 1));
    }
    record += fromBytes(chunk);
  }
}
function* runMapfile(sh: Shell, args: readonly string[]): Task<number> {
  const request = parseMap(args);
  if (request.bad !== undefined) {
    yield* settle(complain(sh, `mapfile: ${request.bad}`));
    return 2;
  }
  const file = sh.process.fds.get(request.fd);
  if (file === undefined) {
    yield* settle(complain(sh, `mapfile: ${request.fd}: invalid file descriptor: Bad file descriptor`));
    return 1;
  }
  if (request.origin === undefined) sh.vars.setList(request.name, []);
  let at = request.origin ?? 0;
  let read = 0;
  for (let seen = 0; request.count === 0 || read < request.count; seen++) {
    const record = yield* readRecord(file, request.delimiter);
    if (record === undefined) break;
    if (seen < request.skip) continue;
    const ends = record.charCodeAt(record.length - 1) === request.delimiter;
    const value = (request.trims || request.delimiter === 0) && ends ? record.slice(0, -1) : record;
    read++;
    if (request.callback !== undefined && read % request.quantum === 0) yield* sh.engine.runText(sh, `${request.callback} ${at} ${quoteArgument(value)}`);
    sh.vars.setElement(request.name, String(at++), value.includes("\0") ? value.replaceAll("\0", "") : value);
    const slice = sh.process.tick(1);
    if (slice !== undefined) yield slice;
  }
  return 0;
}
const quoteArgument = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const mapOptions = [
  ["-t", "without the delimiters", "去掉分隔符"],
  ["-d C", "another delimiter than newline", "使用其他分隔符"],
  ["-n N", "at most N lines", "最多 N 行"],
  ["-s N", "skip N lines", "跳过前 N 行"],
  ["-O N", "from index N", "从下标 N 开始"],
  ["-u FD", "from a descriptor", "从描述符读取"],
  ["-C TEXT -c N", "run a text every N lines", "每 N 行执行一次"],
] as const;
export const readBuiltins: readonly Builtin[] = [
  {
    ...info("read", ["Read a line into variables", "读取一行到变量"], [
      ["-r", "backslashes are ordinary", "反斜杠不转义"],
      ["-a NAME", "into an array", "读入数组"],
      ["-d C", "up to C instead of a newline", "以 C 代替换行作为结束"],
      ["-n N -N N", "at most, exactly N characters", "最多、恰好 N 个字符"],
      ["-t SECONDS", "give up after a time", "超时放弃"],
      ["-u FD", "from a descriptor", "从描述符读取"],
      ["-p TEXT -s -e", "accepted; there is no terminal", "接受但无终端效果"],
    ]),
    run: runRead,
  },
  { ...info("mapfile", ["Read lines into an array", "将各行读入数组"], mapOptions), bashOnly: true, run: runMapfile },
  { ...info("readarray", ["Read lines into an array", "将各行读入数组"], mapOptions), bashOnly: true, run: runMapfile },
];
