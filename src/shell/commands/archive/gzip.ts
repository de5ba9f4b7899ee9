/** Owns the bodies of gzip, gunzip and zcat, over fflate's streams. */
import { Gunzip, Gzip } from "fflate";
import { FileError } from "../../contract.ts";
import { statOf } from "../files/tree.ts";
import { Stop, type Run } from "../option/declare.ts";
import { concat } from "../stream/bytes.ts";
import { closeInput, eachChunk, openInput, readAll, type Input } from "../stream/input.ts";

const LEVELS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

/** Compresses a stream piece by piece. */
const compress = async (run: Run, input: Input, level: number, to: { readonly emit: (bytes: Uint8Array) => void; readonly drain: () => Promise<void> }): Promise<void> => {
  const gzip = new Gzip({ level: level as 6, mtime: 0 }, to.emit);
  await eachChunk(run, input.file, async (chunk) => {
    gzip.push(chunk.slice());
    await to.drain();
  });
  gzip.push(new Uint8Array(), true);
};

export const isGzip = (bytes: Uint8Array): boolean => bytes.length > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;

/** All members of a gzip file, unpacked. Throws `Stop` when it is damaged. */
export const gunzipBytes = (bytes: Uint8Array, name: string): Uint8Array => {
  if (!isGzip(bytes)) throw new Stop(1, `${name}: not in gzip format`);
  const parts: Uint8Array[] = [];
  let ended = false;
  try {
    const gunzip = new Gunzip((chunk, final) => {
      parts.push(chunk);
      ended ||= final;
    });
    gunzip.push(bytes, true);
  } catch (error) {
    const text = error instanceof Error ? error.message : "";
    throw new Stop(1, `${name}: ${text.includes("EOF") ? "unexpected end of file" : "invalid compressed data--format violated"}`);
  }
  if (!ended) throw new Stop(1, `${name}: unexpected end of file`);
  return concat(parts);
};

const replaceFile = async (run: Run, name: string, target: string, bytes: Uint8Array): Promise<boolean> => {
  const { args, proc } = run;
  const stat = await statOf(run, name);
  if ((await statOf(run, target)) !== undefined && !args.has("f")) {
    await run.warn(`${target} already exists;\tnot overwritten`);
    return false;
  }
  const file = await proc.open(target, "w");
  await file.write(bytes);
  await proc.close(file);
  if (stat !== undefined) {
    await proc.fs.chmod(proc.resolve(target), stat.mode);
    await proc.fs.utimes(proc.resolve(target), stat.mtimeMs);
  }
  if (!args.has("k")) await proc.fs.unlink(proc.resolve(name));
  return true;
};

const list = (run: Run, name: string, { packed, plain }: { readonly packed: Uint8Array; readonly plain: Uint8Array }, isFirst: boolean): void => {
  if (isFirst) run.out.text("         compressed        uncompressed  ratio uncompressed_name\n");
  const ratio = plain.length === 0 ? 0 : (1 - (packed.length - 18) / plain.length) * 100;
  run.out.text(`${String(packed.length).padStart(19)} ${String(plain.length).padStart(19)} ${ratio.toFixed(1).padStart(5)}% ${name.replace(/\.gz$/, "")}\n`);
};

const handleFile = async (run: Run, name: string, mode: "pack" | "unpack" | "cat", isFirst: boolean): Promise<boolean> => {
  const { args } = run;
  if (name !== "-" && (await statOf(run, name))?.kind === "directory") {
    await run.warn(`${name} is a directory -- ignored`);
    return true;
  }
  const toStdout = mode === "cat" || args.has("c") || name === "-";
  const level = Number(args.given.findLast(({ key }) => LEVELS.includes(key))?.key ?? 6);
  const source = mode !== "pack" && name !== "-" && (await statOf(run, name)) === undefined && !name.endsWith(".gz") ? `${name}.gz` : name;
  const suffix = args.last("S") ?? ".gz";
  if (mode !== "pack" && !toStdout && !args.has("t") && !args.has("l") && !source.endsWith(suffix) && !source.endsWith(".tgz")) {
    await run.warn(`${source}: unknown suffix -- ignored`);
    return false;
  }
  if (mode === "pack" && !toStdout && name.endsWith(suffix)) {
    await run.warn(`${name} already has ${suffix} suffix -- unchanged`);
    return false;
  }
  const input = await openInput(run, source);
  try {
    if (mode === "pack" && toStdout) {
      await compress(run, input, level, { emit: run.out.bytes, drain: async () => run.out.drain() });
      return true;
    }
    if (mode === "pack") {
      const parts: Uint8Array[] = [];
      await compress(run, input, level, { emit: (bytes) => void parts.push(bytes), drain: async () => undefined });
      return await replaceFile(run, name, name + suffix, concat(parts));
    }
    const packed = await readAll(run, input.file);
    const plain = (mode === "cat" || args.has("c")) && args.has("f") && !isGzip(packed) ? packed : gunzipBytes(packed, source === "-" ? "stdin" : source);
    if (args.has("l")) list(run, source, { packed, plain }, isFirst);
    else if (args.has("t")) return true;
    else if (toStdout) run.out.bytes(plain);
    else return await replaceFile(run, source, source.replace(/\.tgz$/, ".tar").replace(new RegExp(`${suffix.replace(/\./g, "\\.")}$`), ""), plain);
    return true;
  } finally {
    await closeInput(run, input);
  }
};

export type GzipMode = "pack" | "unpack" | "cat";
export const runGzip = async (run: Run, mode: GzipMode): Promise<number> => {
  const { args } = run;
  const how = mode === "pack" && (args.has("d") || args.has("t") || args.has("l")) ? "unpack" : mode;
  let status = 0;
  for (const [i, file] of (args.operands.length === 0 ? ["-"] : args.operands).entries()) {
    try {
      if (!(await handleFile(run, file, how, i === 0))) status = Math.max(status, 2);
    } catch (error) {
      if (error instanceof Stop) await run.warn(error.message);
      else if (error instanceof FileError) await run.warn(`${file}: ${error.message}`);
      else throw error;
      status = 1;
    }
  }
  return status;
};

export const compressBytes = (bytes: Uint8Array): Uint8Array => {
  const parts: Uint8Array[] = [];
  new Gzip({ level: 6, mtime: 0 }, (chunk) => void parts.push(chunk)).push(bytes, true);
  return concat(parts);
};
