/**
 * Owns what each file of a folder or archive is to us: a DAG, the base configuration, a file that goes with a DAG, or nothing of ours.
 * Knows how a home of Dagu is laid out (`dags/`, `base.yaml`, `logs/` …). Refuses to know bytes.
 */

export type Role = "yaml" | "base" | "server" | "noise" | "file";
export interface Placed {
  readonly path: string;
  readonly role: Role;
}
const noise = new Set(["__MACOSX", ".git", ".svn", ".hg", "node_modules", ".DS_Store", "Thumbs.db"]);
/** Dagu's own folders beside `dags/`. */
const ownFolders = new Set(["data", "logs", "suspend", "admin", "queue", "proc", "service-registry", "dag-runs", "users", "apikeys", "webhooks", "git-sync"]);
const serverFiles = /(^|\/)(config|admin|dagu)\.ya?ml$/i;

/** Paths use `/` and have neither `..` nor a leading `/`. */
export const rolesOf = (paths: readonly string[]): readonly Placed[] => {
  const homes = new Set(paths.flatMap((path) => /^(.*\/)?dags\//.exec(path)?.[1] ?? (path.startsWith("dags/") ? "" : [])));
  const isOwn = (path: string): boolean => [...homes].some((home) => path.startsWith(home) && ownFolders.has(path.slice(home.length).split("/")[0]!));
  const isServer = (path: string): boolean => serverFiles.test(path) && [...homes].some((home) => path.startsWith(home) && !path.slice(home.length).startsWith("dags/"));
  return paths.map((path) => {
    if (path.split("/").some((part) => noise.has(part)) || isOwn(path)) return { path, role: "noise" };
    if (/(^|\/)base\.ya?ml$/i.test(path)) return { path, role: "base" };
    if (isServer(path)) return { path, role: "server" };
    return { path, role: /\.ya?ml$/i.test(path) ? "yaml" : "file" };
  });
};

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);
const stemOf = (path: string): string => path.slice(0, path.length - (/\.ya?ml$/i.exec(path)?.[0].length ?? 0));

export interface Companion {
  /** Path in the archive. */
  readonly from: string;
  /** Path in the DAG's folder. */
  readonly to: string;
}
/**
 * Files that go into the folder of the DAG at `path`: those in a folder of its name, `.env` beside it, those its text names; all below it
 * when it is the only one.
 */
export const companionsOf = (path: string, text: string, files: readonly string[], isOnly: boolean): readonly Companion[] => {
  const here = folderOf(path), own = `${stemOf(path)}/`;
  return files.flatMap((from) => {
    if (from.startsWith(own)) return [{ from, to: from.slice(own.length) }];
    if (!from.startsWith(here)) return [];
    const to = from.slice(here.length);
    return isOnly || to === ".env" || text.includes(to) ? [{ from, to }] : [];
  });
};
/** A base configuration has no steps; a DAG that happens to be called base.yaml has. */
export const isBaseText = (text: string): boolean => !/^(steps|["']steps["'])\s*:/m.test(text);
/** A path from an archive in our form; undefined when it would lead outside. */
export const safePath = (raw: string): string | undefined => {
  const parts = raw.replaceAll("\\", "/").split("/").filter((part) => part !== "" && part !== ".");
  return parts.length === 0 || parts.includes("..") || parts.some((part) => part.includes("\0")) ? undefined : parts.join("/");
};
