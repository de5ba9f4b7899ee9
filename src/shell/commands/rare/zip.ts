/** Owns the bodies of zip and unzip, over fflate. */
import { unzipSync, zipSync } from "fflate";
import type { Zippable } from "fflate";
import { formatDate } from "../date/format.ts";
import { join, statOf } from "../files/tree.ts";
import { globToRegExp } from "../paths/glob.ts";
import type { Run } from "../option/declare.ts";
import { Stop } from "../option/declare.ts";
import { decode } from "../stream/bytes.ts";
import { closeInput, openInput, readAll } from "../stream/input.ts";

interface Member {
  readonly bytes: Uint8Array;
  readonly mtimeMs: number;
}
const readBytes = async (run: Run, name: string): Promise<Uint8Array> => {
  const input = await openInput(run, name);
  const bytes = await readAll(run, input.file);
  await closeInput(run, input);
  return bytes;
};
const writeBytes = async (run: Run, path: string, bytes: Uint8Array): Promise<void> => {
  const file = await run.proc.open(path, "w");
  await file.write(bytes);
  await run.proc.close(file);
};
const withSuffix = async (run: Run, name: string): Promise<string> => ((await statOf(run, name)) === undefined && !name.includes(".") ? `${name}.zip` : name);
const matching = (patterns: readonly string[]): ((name: string) => boolean) => {
  const regexes = patterns.map((pattern) => globToRegExp(pattern));
  return (name) => regexes.some((regex) => regex.test(name));
};
const open = (bytes: Uint8Array, name: string, stored = new Set<string>()): Record<string, Uint8Array> => {
  const note = (member: { readonly name: string; readonly compression: number }): boolean => {
    if (member.compression === 0) stored.add(member.name);
    return true;
  };
  try {
    return unzipSync(bytes, { filter: note });
  } catch (error) {
    throw new Stop(9, `cannot find zipfile directory in ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** Files of the operands by their name in the archive; directories end in a slash. */
const gather = async (run: Run, names: readonly string[]): Promise<Map<string, Member & { readonly path: string }>> => {
  const { args } = run;
  const found = new Map<string, Member & { readonly path: string }>();
  const isOut = matching(args.all("x"));
  const add = async (path: string): Promise<void> => {
    const stat = await statOf(run, path);
    if (stat === undefined) return void (await run.warn(`warning: name not matched: ${path}`));
    const bare = path.replace(/^(?:\.?\/)+/, "").replace(/\/+$/, "");
    const name = args.has("j") ? bare.slice(bare.lastIndexOf("/") + 1) : bare;
    if (isOut(name)) return;
    if (stat.kind !== "directory") return void found.set(name, { path, bytes: await readBytes(run, path), mtimeMs: stat.mtimeMs });
    if (!args.has("j") && bare !== "" && bare !== ".") found.set(`${name}/`, { path, bytes: new Uint8Array(), mtimeMs: stat.mtimeMs });
    if (args.has("r")) for (const child of await run.proc.fs.readdir(run.proc.resolve(path))) await add(join(path, child));
  };
  for (const name of names) await add(name);
  return found;
};

export const zip = async (run: Run): Promise<number> => {
  const { args, proc } = run;
  const [given, ...names] = args.operands;
  if (given === undefined) return run.misuse("missing operand");
  const path = given.includes(".") ? given : `${given}.zip`;
  const old = (await statOf(run, path)) === undefined ? {} : open(await readBytes(run, path), path);
  const members: Zippable = Object.fromEntries(Object.entries(old));
  if (args.has("d")) {
    const goes = matching(names);
    for (const name of Object.keys(old).filter(goes)) {
      delete members[name];
      run.out.text(`deleting: ${name}\n`);
    }
    await writeBytes(run, path, zipSync(members));
    return 0;
  }
  const found = await gather(run, names);
  if (found.size === 0) throw new Stop(12, `error: Nothing to do! (${path})`);
  for (const [name, { bytes, mtimeMs }] of found) {
    const level = args.has("0") ? 0 : 6;
    const packed = name.endsWith("/") || level === 0 ? bytes.length : zipSync({ a: bytes }, { level: 6 }).length - 100;
    const saved = bytes.length === 0 || packed >= bytes.length ? 0 : Math.round((1 - packed / bytes.length) * 100);
    members[name] = [bytes, { level: saved === 0 ? 0 : 6, mtime: new Date(Math.max(mtimeMs, 315_532_800_000)) }];
    if (!args.has("q")) run.out.text(`  ${name in old ? "updating" : "adding"}: ${name} (${saved === 0 ? "stored 0%" : `deflated ${saved}%`})\n`);
  }
  await writeBytes(run, path, zipSync(members));
  if (args.has("m")) for (const [name, member] of found) if (!name.endsWith("/")) await proc.fs.unlink(proc.resolve(member.path));
  return 0;
};

const list = (run: Run, archive: string, names: readonly string[], members: Readonly<Record<string, Uint8Array>>): number => {
  const stamp = formatDate("%Y-%m-%d %H:%M", run.proc.now(), "UTC");
  run.out.text(`Archive:  ${archive}\n  Length      Date    Time    Name\n---------  ---------- -----   ----\n`);
  let total = 0;
  for (const name of names) {
    const size = members[name]?.length ?? 0;
    total += size;
    run.out.text(`${String(size).padStart(9)}  ${stamp}   ${name}\n`);
  }
  run.out.text(`---------                     -------\n${String(total).padStart(9)}                     ${names.length} file${names.length === 1 ? "" : "s"}\n`);
  return 0;
};
const makeFolders = async (run: Run, path: string): Promise<void> => {
  const parts = path.split("/");
  for (let i = 1; i < parts.length; i++) {
    const folder = parts.slice(0, i).join("/");
    if (folder !== "" && (await statOf(run, folder)) === undefined) await run.proc.fs.mkdir(run.proc.resolve(folder), 0o777 & ~run.proc.umask);
  }
};
export const unzip = async (run: Run): Promise<number> => {
  const { args } = run;
  const [given, ...wanted] = args.operands;
  if (given === undefined) return run.misuse("missing operand");
  const archive = await withSuffix(run, given);
  if ((await statOf(run, archive)) === undefined) throw new Stop(9, `cannot find or open ${given}, ${given}.zip or ${given}.ZIP.`);
  const stored = new Set<string>();
  const members = open(await readBytes(run, archive), archive, stored);
  const [isWanted, isOut] = [matching(wanted), matching(args.all("x"))];
  const names = Object.keys(members).filter((name) => (wanted.length === 0 || isWanted(name)) && !isOut(name));
  if (args.has("Z")) return run.out.text(names.map((name) => `${name}\n`).join("")), 0;
  if (args.has("l")) return list(run, archive, names, members);
  if (args.has("p")) return run.out.text(names.map((name) => decode(members[name] as Uint8Array)).join("")), 0;
  if (!args.has("q")) run.out.text(`Archive:  ${archive}\n`);
  if (args.has("t")) return run.out.text(`No errors detected in compressed data of ${archive}.\n`), 0;
  for (const name of names) await unpack(run, { name, bytes: members[name] as Uint8Array, isStored: stored.has(name) });
  return names.length === 0 ? 11 : 0;
};
const unpack = async (run: Run, { name, bytes, isStored }: { readonly name: string; readonly bytes: Uint8Array; readonly isStored: boolean }): Promise<void> => {
  const { args } = run;
  const inside = (args.has("j") ? name.slice(name.lastIndexOf("/") + 1) : name).split("/").filter((part) => part !== "..").join("/").replace(/^\/+/, "");
  if (inside === "") return;
  const path = args.has("d") ? join(args.last("d") as string, inside) : inside;
  await makeFolders(run, path);
  if (name.endsWith("/")) {
    if (!args.has("q")) run.out.text(`   creating: ${path}\n`);
    return;
  }
  if ((await statOf(run, path)) !== undefined && !args.has("o")) {
    if (!args.has("n")) await run.warn(`${path} is there already; -o overwrites it`);
    return;
  }
  await writeBytes(run, path, bytes);
  if (!args.has("q")) run.out.text(` ${isStored ? "extracting" : " inflating"}: ${path.padEnd(24)}\n`);
};
