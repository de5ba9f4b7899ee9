/** Owns the body of tar: archives in the ustar format, long names as GNU writes them. */
import { FileError, type Stat } from "../../contract.ts";
import { formatDate } from "../date/format.ts";
import { modeText } from "../files/mode.ts";
import { join, lstatOf, statOf } from "../files/tree.ts";
import { Stop, type Run } from "../option/declare.ts";
import { globToRegExp } from "../paths/glob.ts";
import { dirName } from "../paths/names.ts";
import { concat, decode, encode } from "../stream/bytes.ts";
import { openInput, readAll, readOperand, toLines } from "../stream/input.ts";
import { compressBytes, gunzipBytes, isGzip } from "./gzip.ts";

const BLOCK = 512;
const RECORD = 20 * BLOCK;

interface Entry {
  readonly name: string;
  readonly kind: "file" | "directory" | "symlink" | "link";
  readonly mode: number;
  readonly mtimeMs: number;
  readonly target: string;
  readonly data: Uint8Array;
}

const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, "0")}\0`;

const header = (name: string, type: string, entry: Entry, size: number): Uint8Array => {
  const bytes = new Uint8Array(BLOCK);
  const put = (at: number, text: string): void => bytes.set(encode(text), at);
  put(0, name.slice(0, 100));
  put(100, octal(entry.mode, 8));
  put(108, octal(1000, 8));
  put(116, octal(1000, 8));
  put(124, octal(size, 12));
  put(136, octal(Math.floor(entry.mtimeMs / 1000), 12));
  put(148, "        ");
  put(156, type);
  put(157, entry.target.slice(0, 100));
  put(257, "ustar  \0");
  put(265, "user");
  put(297, "user");
  put(148, `${bytes.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\0 `);
  return bytes;
};

const padded = (data: Uint8Array): Uint8Array => {
  const whole = new Uint8Array(Math.ceil(data.length / BLOCK) * BLOCK);
  whole.set(data);
  return whole;
};

const writeEntry = (entry: Entry): Uint8Array[] => {
  const parts: Uint8Array[] = [];
  for (const [text, type] of [[entry.target, "K"], [entry.name, "L"]] as const) {
    if (text.length <= 100) continue;
    const data = encode(`${text}\0`);
    parts.push(header("././@LongLink", type, { ...entry, mode: 0, mtimeMs: 0, target: "" }, data.length), padded(data));
  }
  const type = { file: "0", directory: "5", symlink: "2", link: "1" }[entry.kind];
  parts.push(header(entry.name, type, entry, entry.data.length), padded(entry.data));
  return parts;
};

const readEntries = (bytes: Uint8Array): Entry[] => {
  const entries: Entry[] = [];
  const text = (at: number, length: number): string => decode(bytes.subarray(at, at + length)).replace(/\0[^]*$/, "");
  let longName: string | undefined;
  let longTarget: string | undefined;
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    if (bytes[at] === 0) break;
    if (!text(at + 257, 6).startsWith("ustar") && !/^[0-7 ]+$/.test(text(at + 148, 8))) throw new Stop(2, "This does not look like a tar archive\ntar: Exiting with failure status due to previous errors");
    const size = parseInt(text(at + 124, 12).trim() || "0", 8);
    const type = String.fromCharCode(bytes[at + 156]!);
    const data = bytes.subarray(at + BLOCK, at + BLOCK + size);
    if (data.length < size) throw new Stop(2, "Unexpected EOF in archive\ntar: Error is not recoverable: exiting now");
    const prefix = text(at + 257, 8) === "ustar" ? text(at + 345, 155) : "";
    const name = longName ?? (prefix === "" ? text(at, 100) : `${prefix}/${text(at, 100)}`);
    const kind = ({ "5": "directory", "2": "symlink", "1": "link" } as const)[type as "5"] ?? "file";
    if (type === "L") longName = decode(data).replace(/\0$/, "");
    else if (type === "K") longTarget = decode(data).replace(/\0$/, "");
    else if (type === "x" || type === "g") longName = /\d+ path=([^\n]*)\n/.exec(decode(data))?.[1];
    else {
      entries.push({ name, kind, mode: parseInt(text(at + 100, 8).trim() || "644", 8), mtimeMs: parseInt(text(at + 136, 12).trim() || "0", 8) * 1000, target: longTarget ?? text(at + 157, 100), data });
      longName = undefined;
      longTarget = undefined;
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return entries;
};

const excluder = (run: Run): ((name: string) => boolean) => {
  const globs = run.args.all("exclude").map((glob) => globToRegExp(glob.replace(/\/$/, "")));
  return (name) => {
    const bare = name.replace(/\/$/, "");
    const tails = bare.split("/").map((_, i, parts) => parts.slice(i).join("/"));
    return globs.some((regex) => regex.test(bare) || tails.some((tail) => regex.test(tail)));
  };
};

const showEntry = (run: Run, entry: Entry): void => {
  if (run.args.all("v").length === 0 && !run.args.has("v")) return run.out.text(`${entry.name}\n`);
  const kind: Stat["kind"] = entry.kind === "link" ? "file" : entry.kind;
  const zone = run.proc.env.get("TZ") ?? "UTC";
  const link = entry.kind === "symlink" ? ` -> ${entry.target}` : entry.kind === "link" ? ` link to ${entry.target}` : "";
  run.out.text(`${modeText(kind, entry.mode)} ${run.proc.user.name}/${run.proc.user.name} ${String(entry.data.length).padStart(9)} ${formatDate("%Y-%m-%d %H:%M", entry.mtimeMs, zone)} ${entry.name}${link}\n`);
};

/** Operands with the directory they are seen from (-C may come between them). */
const membersOf = async (run: Run): Promise<{ folder: string; name: string }[]> => {
  const folder = run.args.all("C").reduce((from, next) => (next.startsWith("/") ? next : join(from, next)), run.proc.cwd);
  const names = [...run.args.operands];
  const list = run.args.last("T");
  if (list !== undefined) names.push(...toLines(await readOperand(run, list, 2), run.args.has("null") ? "\0" : "\n").filter(Boolean));
  return names.map((name) => ({ folder, name }));
};

const create = async (run: Run): Promise<number> => {
  const { proc, args } = run;
  const excluded = excluder(run);
  const parts: Uint8Array[] = [];
  let status = 0;
  const renames = args.all("transform").map((text) => /^s(.)(.*?)\1(.*?)\1/.exec(text)).filter((match) => match !== null);
  const add = async (folder: string, name: string): Promise<void> => {
    await proc.tick(4);
    const path = join(folder, name);
    const stat = await (args.has("h") ? statOf(run, path) : lstatOf(run, path));
    if (stat === undefined) {
      await run.warn(`${name}: Cannot stat: No such file or directory`);
      status = 2;
      return;
    }
    if (excluded(name)) return;
    const isFolder = stat.kind === "directory";
    let shown = name.replace(/^\/+/, "") || "./";
    for (const match of renames) shown = shown.replace(new RegExp(match[2]!), match[3]!);
    if (isFolder && !shown.endsWith("/")) shown += "/";
    const data = stat.kind === "file" ? await proc.fs.read(proc.resolve(path), 0, stat.size) : new Uint8Array();
    const entry: Entry = { name: shown, kind: isFolder ? "directory" : stat.kind === "symlink" ? "symlink" : "file", mode: stat.mode, mtimeMs: stat.mtimeMs, target: stat.kind === "symlink" ? await proc.fs.readlink(proc.resolve(path)) : "", data };
    proc.hold(data.length + BLOCK);
    parts.push(...writeEntry(entry));
    if (args.has("v")) (args.last("f") ?? "-") === "-" ? await proc.stderr.write(encode(`${shown}\n`)) : run.out.text(`${shown}\n`);
    if (isFolder) for (const child of await proc.fs.readdir(proc.resolve(path))) await add(folder, join(name, child));
  };
  const members = await membersOf(run);
  if (members.length === 0) throw new Stop(2, "Cowardly refusing to create an empty archive\nTry 'tar --help' or 'tar --usage' for more information.");
  for (const { folder, name } of members) await add(folder, name);
  const target = args.last("f") ?? "-";
  const old = args.has("r") || args.has("A") ? readEntries(await load(run)).flatMap(writeEntry) : [];
  const body = concat([...old, ...parts, new Uint8Array(2 * BLOCK)]);
  const whole = new Uint8Array(Math.ceil(body.length / RECORD) * RECORD);
  whole.set(body);
  const packed = args.has("z") || (args.has("a") && /\.t?gz$/.test(target)) ? compressBytes(whole) : whole;
  if (target === "-") run.out.bytes(packed);
  else {
    const file = await proc.open(target, "w");
    await file.write(packed);
    await proc.close(file);
  }
  if (status !== 0) await run.warn("Exiting with failure status due to previous errors");
  return status;
};

const load = async (run: Run): Promise<Uint8Array> => {
  const name = run.args.last("f") ?? "-";
  try {
    const bytes = await readAll(run, (await openInput(run, name)).file);
    return isGzip(bytes) ? gunzipBytes(bytes, name) : bytes;
  } catch (error) {
    if (error instanceof FileError) throw new Stop(2, `${name}: Cannot open: ${error.message}\ntar: Error is not recoverable: exiting now`);
    throw error;
  }
};

const wanted = (run: Run): ((name: string) => boolean) => {
  const excluded = excluder(run);
  const names = run.args.operands.map((name) => name.replace(/\/$/, ""));
  const globs = run.args.has("wildcards") ? names.map((name) => globToRegExp(name)) : [];
  return (name) => {
    const bare = name.replace(/\/$/, "");
    return !excluded(name) && (names.length === 0 || names.some((one) => bare === one || bare.startsWith(`${one}/`)) || globs.some((regex) => regex.test(bare)));
  };
};

const makeFolders = async (run: Run, path: string): Promise<void> => {
  if ((await statOf(run, path)) !== undefined) return;
  await makeFolders(run, dirName(path));
  await run.proc.fs.mkdir(run.proc.resolve(path), 0o777 & ~run.proc.umask);
};

const extractEntry = async (run: Run, entry: Entry, folder: string): Promise<void> => {
  const { fs } = run.proc;
  const strip = Number(run.args.last("strip-components") ?? 0);
  const name = entry.name.split("/").filter((part) => part !== "" && part !== "." && part !== "..").slice(strip).join("/");
  if (name === "") return;
  const path = join(folder, name);
  if (run.args.has("O")) return run.out.bytes(entry.data);
  if (entry.kind === "directory") return makeFolders(run, path);
  await makeFolders(run, dirName(path));
  const existing = await lstatOf(run, path);
  if (existing !== undefined) {
    if (run.args.has("k")) return;
    await fs.unlink(path);
  }
  if (entry.kind === "symlink") return void (await fs.symlink(entry.target, path));
  if (entry.kind === "link") return void (await fs.link?.(join(folder, entry.target), path));
  await fs.create(path, entry.mode & ~(run.args.has("p") ? 0 : run.proc.umask), false);
  await fs.write(path, 0, entry.data);
  if (!run.args.has("m")) await fs.utimes(path, entry.mtimeMs);
};

const extract = async (run: Run): Promise<number> => {
  const { args, proc } = run;
  const isWanted = wanted(run);
  const folder = args.all("C").reduce((from, next) => proc.resolve(next.startsWith("/") ? next : join(from, next)), proc.cwd);
  if ((await statOf(run, folder)) === undefined) throw new Stop(2, `${args.last("C")}: Cannot open: No such file or directory\ntar: Error is not recoverable: exiting now`);
  const found = new Set<string>();
  for (const entry of readEntries(await load(run))) {
    await proc.tick(4);
    if (!isWanted(entry.name)) continue;
    args.operands.filter((name) => entry.name.startsWith(name.replace(/\/$/, ""))).forEach((name) => found.add(name));
    if (args.has("t")) showEntry(run, entry);
    else {
      if (args.has("v")) run.out.text(`${entry.name}\n`);
      await extractEntry(run, entry, folder);
    }
  }
  const missing = args.has("wildcards") ? [] : args.operands.filter((name) => !found.has(name));
  for (const name of missing) await run.warn(`${name}: Not found in archive`);
  if (missing.length === 0) return 0;
  await run.warn("Exiting with failure status due to previous errors");
  return 2;
};

export const tar = (run: Run): Promise<number> => {
  const { has } = run.args;
  if (has("c") || has("r")) return create(run);
  if (has("x") || has("t")) return extract(run);
  throw new Stop(2, "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options\nTry 'tar --help' or 'tar --usage' for more information.");
};
