/** Owns archive steps: create, extract, list; filters, traversal, the result JSON and the exit codes of Dagu's executor. */
import { goJsonString } from "../../../../core/value/go/text.ts";
import type { Json, JsonObject } from "../../../../core/value/json.ts";
import type { Files } from "../../../../ports/files.ts";
import { baseOf, isDirectory, makeDirectories, parentOf, readWhole, resolvePath, statOf, writeWhole } from "../../files/whole.ts";
import { succeeded, writeText, type Exit, type Kind, type KindContext } from "../../kind.ts";
import { BombError, entriesMax, FormatError, formatOf, noPasswords, pack, unpack, unpackedBytesMax } from "./format.ts";
import { isChosen } from "./glob.ts";
import type { Entry } from "./tar.ts";

interface Settings {
  readonly source: string;
  readonly destination: string;
  readonly format: string;
  readonly level: number;
  readonly overwrite: boolean;
  readonly preservePaths: boolean;
  readonly stripComponents: number;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly dryRun: boolean;
  readonly followSymlinks: boolean;
  readonly continueOnError: boolean;
  readonly verify: boolean;
}
const codes = { config: 2, source: 3, destination: 4, format: 5, extract: 6, create: 7, corrupted: 12 } as const;
class ArchiveError extends Error {
  readonly code: number;
  constructor(code: keyof typeof codes, message: string) {
    super(message);
    this.code = codes[code];
  }
}
const flag = (value: Json | undefined, fallback: boolean): boolean => (typeof value === "boolean" ? value : value === undefined ? fallback : value === "true");
const words = (value: Json | undefined): readonly string[] =>
  typeof value === "string" ? [value] : Array.isArray(value) ? (value as readonly Json[]).map(String) : [];
const readSettings = (from: JsonObject): Settings => ({
  source: String(from["source"] ?? ""),
  destination: String(from["destination"] ?? ""),
  format: String(from["format"] ?? ""),
  level: Number(from["compression_level"] ?? -1),
  overwrite: flag(from["overwrite"], false),
  preservePaths: flag(from["preserve_paths"], true),
  stripComponents: Number(from["strip_components"] ?? 0),
  include: words(from["include"]),
  exclude: words(from["exclude"]),
  dryRun: flag(from["dry_run"], false),
  followSymlinks: flag(from["follow_symlinks"], false),
  continueOnError: flag(from["continue_on_error"], false),
  verify: flag(from["verify_integrity"], false),
});

const isWithin = (base: string, path: string): boolean => path === base || path.startsWith(base === "/" ? "/" : `${base}/`);
/** Path of an entry below the destination after stripping; "" = skipped. Throws when it would leave it. */
const placeOf = (stored: string, settings: Settings): string => {
  const parts = stored.replaceAll("\\", "/").replace(/^\.\//, "").split("/").filter((part) => part !== "" && part !== ".");
  const left = parts.slice(settings.stripComponents);
  return settings.preservePaths ? left.join("/") : (left.at(-1) ?? "");
};

const sourceBytes = async (context: KindContext, path: string): Promise<Uint8Array> => {
  const found = await statOf(context.world.files, path);
  if (found === undefined) throw new ArchiveError("source", `source not found: ${path}`);
  if (found.kind === "directory") throw new ArchiveError("config", "source must be a file");
  if (found.size > unpackedBytesMax) throw new ArchiveError("source", `source is larger than ${unpackedBytesMax} bytes`);
  return readWhole(context.world.files, path);
};

interface Counts {
  files: number;
  bytes: number;
  skipped: number;
  readonly errors: string[];
}
const writeEntry = async (context: KindContext, settings: Settings, entry: Entry, target: string): Promise<void> => {
  const { files } = context.world;
  const root = resolvePath(context.cwd, settings.destination || ".");
  if (!isWithin(root, target)) throw new ArchiveError("corrupted", `target "${entry.path}" escapes destination`);
  if (!settings.overwrite && entry.kind !== "directory" && (await statOf(files, target)) !== undefined)
    throw new ArchiveError("destination", `destination "${target}" exists (overwrite disabled)`);
  await makeDirectories(files, parentOf(target));
  if (entry.kind === "directory") return makeDirectories(files, target);
  if (entry.kind === "file") return writeWhole(files, target, entry.bytes, entry.mode);
  if (entry.target.startsWith("/") || !isWithin(root, resolvePath(parentOf(target), entry.target)))
    throw new ArchiveError("corrupted", `symlink target "${entry.target}" escapes destination`);
  if ((await statOf(files, target)) !== undefined) await files.unlink(target);
  await files.symlink(entry.target, target);
};

const extractOne = async (context: KindContext, settings: Settings, entry: Entry, counts: Counts): Promise<void> => {
  const place = placeOf(entry.path, settings);
  if (place === "" || !isChosen(place, settings.include, settings.exclude)) {
    if (entry.kind !== "directory" || place !== "") counts.skipped++;
    return;
  }
  const target = resolvePath(resolvePath(context.cwd, settings.destination || "."), place);
  if (place.split("/").includes("..")) throw new ArchiveError("corrupted", `target "${entry.path}" escapes destination`);
  if (!settings.dryRun) await writeEntry(context, settings, entry, target);
  if (entry.kind === "directory") return;
  counts.files++;
  counts.bytes += entry.bytes.length;
};

const extract = async (context: KindContext, settings: Settings): Promise<readonly (readonly [string, Json])[]> => {
  const path = resolvePath(context.cwd, settings.source);
  const bytes = await sourceBytes(context, path);
  const entries = unpack(formatOf(settings.format, path, bytes), bytes, baseOf(path));
  const counts: Counts = { files: 0, bytes: 0, skipped: 0, errors: [] };
  for (const entry of entries) {
    try {
      await extractOne(context, settings, entry, counts);
    } catch (error) {
      if (!settings.continueOnError) throw error;
      counts.errors.push((error as Error).message);
      await writeText(context.stderr, `archive executor warning: continuing after error: ${(error as Error).message}\n`);
    }
  }
  return [
    ["operation", "extract"], ["source", settings.source], ["destination", settings.destination], ["filesExtracted", counts.files],
    ["bytesExtracted", counts.bytes], ["filesSkipped", counts.skipped], ["duration", "0s"],
    ...(counts.errors.length > 0 ? ([["errors", counts.errors]] as const) : []), ["verifyPerformed", settings.verify],
  ];
};

const collect = async ({ files, settings }: { readonly files: Files; readonly settings: Settings }, path: string, name: string, into: Entry[]): Promise<void> => {
  if (into.length > entriesMax) throw new ArchiveError("create", `more than ${entriesMax} entries`);
  const found = await files.stat(path, settings.followSymlinks);
  const base = { path: name, mode: found.mode, mtimeMs: found.mtimeMs, bytes: new Uint8Array(0), target: "" };
  if (found.kind === "symlink") into.push({ ...base, kind: "symlink", target: await files.readlink(path) });
  else if (found.kind === "file") into.push({ ...base, kind: "file", bytes: await readWhole(files, path) });
  else {
    into.push({ ...base, kind: "directory" });
    for (const child of await files.readdir(path)) await collect({ files, settings }, resolvePath(path, child), `${name}/${child}`, into);
  }
};

const create = async (context: KindContext, settings: Settings): Promise<readonly (readonly [string, Json])[]> => {
  const source = resolvePath(context.cwd, settings.source);
  const destination = resolvePath(context.cwd, settings.destination);
  const found = await statOf(context.world.files, source);
  if (found === undefined) throw new ArchiveError("source", `source not found: ${source}`);
  const format = formatOf(settings.format, destination);
  const all: Entry[] = [];
  await collect({ files: context.world.files, settings }, source, baseOf(source), all);
  const chosen = all.filter((entry) => isChosen(entry.path, settings.include, settings.exclude));
  if (!settings.dryRun) {
    await makeDirectories(context.world.files, parentOf(destination));
    if (await isDirectory(context.world.files, destination)) throw new ArchiveError("destination", `destination is a directory: ${destination}`);
    await writeWhole(context.world.files, destination, pack(format, chosen, settings.level));
  }
  return [
    ["operation", "create"], ["source", settings.source], ["destination", settings.destination], ["filesAdded", chosen.length],
    ["bytesArchived", chosen.reduce((sum, entry) => sum + entry.bytes.length, 0)], ["duration", "0s"], ["verifyPerformed", settings.verify],
  ];
};

const modeText = (entry: Entry): string => {
  const bits = [...entry.mode.toString(8).padStart(3, "0").slice(-3)].map((digit) => {
    const value = Number(digit);
    return `${value & 4 ? "r" : "-"}${value & 2 ? "w" : "-"}${value & 1 ? "x" : "-"}`;
  });
  return `${entry.kind === "directory" ? "d" : entry.kind === "symlink" ? "L" : "-"}${bits.join("")}`;
};
const list = async (context: KindContext, settings: Settings): Promise<readonly (readonly [string, Json])[]> => {
  const path = resolvePath(context.cwd, settings.source);
  const bytes = await sourceBytes(context, path);
  const entries = unpack(formatOf(settings.format, path, bytes), bytes, baseOf(path)).filter((entry) => isChosen(entry.path.replace(/\/$/, ""), settings.include, settings.exclude));
  const files: Json[] = entries.map((entry) => ({
    path: entry.path.replace(/\/$/, ""), size: entry.bytes.length, mode: modeText(entry), modTime: new Date(entry.mtimeMs).toISOString(), isDir: entry.kind === "directory",
  }));
  return [
    ["operation", "list"], ["source", settings.source], ["totalFiles", files.length], ["totalSize", entries.reduce((sum, entry) => sum + entry.bytes.length, 0)],
    ["files", files], ["verified", settings.verify], ["duration", "0s"],
  ];
};
const operations = { extract, create, list } as const;

/** Two spaces, keys in the given order. */
const ordered = (value: Json, level: number): string => {
  const pad = "  ".repeat(level);
  if (Array.isArray(value)) return value.length === 0 ? "[]" : `[\n${(value as readonly Json[]).map((each) => `${pad}  ${ordered(each, level + 1)}`).join(",\n")}\n${pad}]`;
  if (typeof value === "object" && value !== null) return `{\n${Object.entries(value).map(([key, each]) => `${pad}  ${goJsonString(key)}: ${ordered(each, level + 1)}`).join(",\n")}\n${pad}}`;
  return typeof value === "string" ? goJsonString(value) : JSON.stringify(value);
};

const exitOf = (error: unknown, operation: string): Exit => {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ArchiveError) return { exitCode: error.code, error: message };
  if (error instanceof BombError) return { exitCode: codes.corrupted, error: message, reason: "limit" };
  if (error instanceof FormatError) return { exitCode: codes.format, error: message, ...(message === noPasswords ? { reason: "unsupported" as const } : {}) };
  return { exitCode: operation === "create" ? codes.create : codes.extract, error: message };
};

export const archive: Kind = async (context) => {
  const operation = context.expand(context.step.commands[0] ?? "", "otherCommand").trim().split(/\s+/)[0]?.toLowerCase() ?? "";
  if (operation !== "extract" && operation !== "create" && operation !== "list")
    return { exitCode: 0, error: `archive: unsupported archive operation "${operation}"` };
  const settings = readSettings(context.settings);
  if (settings.source === "" || (operation === "create" && settings.destination === "")) return { exitCode: 0, error: `archive: source${operation === "create" ? " and destination are" : " is"} required` };
  try {
    if (operation === "create" && String(context.settings["password"] ?? "") !== "") throw new FormatError(noPasswords);
    const result = await operations[operation](context, settings);
    await writeText(context.stdout, `${ordered(Object.fromEntries(result), 0)}\n`);
    return succeeded;
  } catch (error) {
    await writeText(context.stderr, `${error instanceof Error ? error.message : String(error)}\n`);
    return exitOf(error, operation);
  }
};
