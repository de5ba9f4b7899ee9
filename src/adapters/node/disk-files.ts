/**
 * Owns one real folder as a part of the step's file system; nothing outside of it can be reached, by ".." or by symlink. Everything else
 * is handed on to the files below. Refuses to know runs and DAGs.
 */
import * as fs from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { provide, statOf } from "../worker/files/whole.ts";
import type { FileStat, Files } from "../../ports/files.ts";

const refuse = (code: string, path: string): Error => Object.assign(new Error(`${code}: ${path}`), { code, path });
const toRefusal = (error: unknown, path: string): Error =>
  refuse(typeof error === "object" && error !== null && "code" in error ? String(error.code) : "EIO", path);

/** Symlinks followed on one path. */
const linksMax = 40;
const linkOf = (path: string): string | undefined => {
  const found = fs.lstatSync(path, { throwIfNoEntry: false });
  return found?.isSymbolicLink() === true ? fs.readlinkSync(path) : undefined;
};

export interface Mount {
  /** Where it shows: "/folders/x". */
  readonly at: string;
  /** The real folder. */
  readonly folder: string;
}

export const createDiskFiles = ({ at, folder }: Mount, below: Files): Files => {
  const root = fs.realpathSync(resolve(folder));
  const isInside = (path: string): boolean => path === at || path.startsWith(`${at}/`);
  const real = (path: string): string => join(root, ...path.slice(at.length).split("/"));
  /** The deepest existing ancestor must lie inside after links are followed, also links that lead nowhere yet; a last link is followed when asked. */
  const checked = (path: string, follow: boolean): string => {
    const target = real(path);
    let probe = follow ? target : join(target, "..");
    for (let links = 0; !fs.existsSync(probe); ) {
      const link = linkOf(probe);
      links += link === undefined ? 0 : 1;
      if (links > linksMax) throw refuse("ELOOP", path);
      probe = link === undefined ? join(probe, "..") : resolve(probe, "..", link);
    }
    const way = relative(root, fs.realpathSync(probe));
    if (way === ".." || way.startsWith(`..${sep}`)) throw refuse("EACCES", path);
    return target;
  };
  const on = <T>(path: string, follow: boolean, work: (real: string) => T): T => {
    const target = checked(path, follow);
    try {
      return work(target);
    } catch (error) {
      throw toRefusal(error, path);
    }
  };
  const statOf = (stat: fs.Stats): FileStat => ({
    kind: stat.isDirectory() ? "directory" : stat.isSymbolicLink() ? "symlink" : "file",
    size: stat.size, mode: stat.mode & 0o7777, mtimeMs: Math.trunc(stat.mtimeMs), ino: stat.ino,
  });
  const withFile = <T>(path: string, flags: string, work: (fd: number) => T): T => {
    const fd = fs.openSync(path, flags);
    try {
      return work(fd);
    } finally {
      fs.closeSync(fd);
    }
  };
  const disk: Files = {
    stat: (path, follow = true) => on(path, follow, (file) => statOf(follow ? fs.statSync(file) : fs.lstatSync(file))),
    read: (path, offset, length) => on(path, true, (file) => withFile(file, "r", (fd) => {
      const bytes = new Uint8Array(Math.min(length, Math.max(0, fs.fstatSync(fd).size - offset)));
      return bytes.subarray(0, fs.readSync(fd, bytes, 0, bytes.byteLength, offset));
    })),
    write: (path, offset, bytes) => on(path, true, (file) => withFile(file, offset === "end" ? "a" : "r+", (fd) => {
      fs.writeSync(fd, bytes, 0, bytes.byteLength, offset === "end" ? null : offset);
      return fs.fstatSync(fd).size;
    })),
    create: (path, mode, exclusive) => on(path, !exclusive, (file) => fs.closeSync(fs.openSync(file, exclusive ? "wx" : "a", mode))),
    truncate: (path, size) => on(path, true, (file) => fs.truncateSync(file, size)),
    mkdir: (path, mode) => on(path, false, (file) => fs.mkdirSync(file, { mode })),
    readdir: (path) => on(path, true, (file) => fs.readdirSync(file).sort()),
    unlink: (path) => on(path, false, (file) => fs.unlinkSync(file)),
    rmdir: (path) => on(path, false, (file) => fs.rmdirSync(file)),
    rename: (from, to) => on(from, false, (source) => fs.renameSync(source, checked(to, false))),
    symlink: (target, path) => on(path, false, (file) => fs.symlinkSync(target, file)),
    readlink: (path) => on(path, false, (file) => fs.readlinkSync(file)),
    chmod: (path, mode) => on(path, true, (file) => fs.chmodSync(file, mode)),
    utimes: (path, mtimeMs) => on(path, true, (file) => fs.utimesSync(file, mtimeMs / 1000, mtimeMs / 1000)),
    removeTree: (path) => on(path, false, (file) => fs.rmSync(file, { recursive: true, force: true })),
  };
  return routed(disk, below, isInside);
};

/** Log files of steps are there as soon as they are asked for, as in a tab's file worker: whoever starts a step need not wait for them. */
const isLog = (path: string): boolean => /^\/runs\/[^/]+\/logs\/\d+\/[^/]+\.(out|err)$/.test(path);
const isAbsent = async (files: Files, path: string): Promise<boolean> => (await statOf(files, path)) === undefined;

/** Paths inside go to `disk`, others to `below`; a rename across the border is refused like one across devices. */
const routed = (disk: Files, below: Files, isInside: (path: string) => boolean): Files => {
  const of = (path: string): Files => (isInside(path) ? disk : below);
  const both: Files = {
    stat: (path, follow) => of(path).stat(path, follow),
    read: (path, offset, length) => of(path).read(path, offset, length),
    write: (path, offset, bytes) => of(path).write(path, offset, bytes),
    create: (path, mode, exclusive) => of(path).create(path, mode, exclusive),
    truncate: (path, size) => of(path).truncate(path, size),
    mkdir: (path, mode) => of(path).mkdir(path, mode),
    readdir: (path) => of(path).readdir(path),
    unlink: (path) => of(path).unlink(path),
    rmdir: (path) => of(path).rmdir(path),
    rename: (from, to) => {
      if (isInside(from) !== isInside(to)) throw refuse("EXDEV", to);
      return of(from).rename(from, to);
    },
    symlink: (target, path) => of(path).symlink(target, path),
    readlink: (path) => of(path).readlink(path),
    chmod: (path, mode) => of(path).chmod(path, mode),
    utimes: (path, mtimeMs) => of(path).utimes(path, mtimeMs),
    removeTree: (path) => of(path).removeTree(path),
  };
  const needed = async (path: string): Promise<void> => {
    if (isLog(path) && (await isAbsent(both, path))) await provide(both, [], [path]);
  };
  return {
    ...both,
    provide: (directories, empty) => provide(both, directories, empty),
    stat: (path, follow) => (isLog(path) ? needed(path).then(() => both.stat(path, follow)) : both.stat(path, follow)),
    read: (path, offset, length) => (isLog(path) ? needed(path).then(() => both.read(path, offset, length)) : both.read(path, offset, length)),
    write: (path, offset, bytes) => (isLog(path) ? needed(path).then(() => both.write(path, offset, bytes)) : both.write(path, offset, bytes)),
  };
};
