/**
 * Owns which database a postgres step means. Local: `pglite:NAME`, `pglite://PATH`, and any PostgreSQL address of this machine
 * (`postgres://localhost/NAME`, `host=localhost dbname=NAME`). A plain name is kept in the DAG's own folder as `NAME.pglite`; a path is seen
 * from the step's directory; `:memory:` is kept nowhere. Every other address is a server, which a step here cannot reach.
 */
import { resolvePath } from "../../files/whole.ts";

export type Place =
  | { readonly type: "memory" }
  | { readonly type: "file"; readonly path: string }
  /** A server somewhere else. */
  | { readonly type: "remote"; readonly host: string }
  | { readonly type: "bad"; readonly message: string };

const localHosts: ReadonlySet<string> = new Set(["", "localhost", "127.0.0.1", "[::1]", "::1"]);
/** What PostgreSQL calls the database when the address names none. */
const defaultName = "postgres";
const suffix = ".pglite";

const named = (name: string, folder: string): Place => ({ type: "file", path: resolvePath(folder, `${name.replaceAll(/[^\w.-]/g, "_")}${suffix}`) });
const pgliteOf = (rest: string, cwd: string, folder: string): Place => {
  const path = rest.replace(/^\/\//, "").replace(/\?.*$/s, "");
  if (path === "" || path === ":memory:" || path === "memory") return { type: "memory" };
  return path.includes("/") || path.endsWith(suffix) ? { type: "file", path: resolvePath(cwd, path) } : named(path, folder);
};
const urlOf = (dsn: string, folder: string): Place => {
  const found = /^postgres(?:ql)?:\/\/(?:[^@/?]*@)?(\[[^\]]*\]|[^:/?]*)(?::\d+)?(?:\/([^?]*))?(?:\?(.*))?$/s.exec(dsn);
  if (!found) return { type: "bad", message: "dsn is no PostgreSQL address" };
  const asked = new URLSearchParams(found[3] ?? "").get("host");
  const host = asked ?? (found[1] as string);
  if (!localHosts.has(host) && !host.startsWith("/")) return { type: "remote", host };
  return named(decoded(found[2] ?? "") || defaultName, folder);
};
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text; // A stray "%" is part of the name.
    throw error;
  }
};
const wordsOf = (dsn: string, folder: string): Place => {
  const words = new Map([...dsn.matchAll(/(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(\S*))/g)].map((word) => [word[1] as string, word[2] ?? word[3] ?? ""]));
  const host = words.get("host") ?? words.get("hostaddr") ?? "";
  if (!localHosts.has(host) && !host.startsWith("/")) return { type: "remote", host };
  return named(words.get("dbname") ?? defaultName, folder);
};

export const placeOf = (dsn: string, at: { readonly cwd: string; readonly folder: string }): Place => {
  if (dsn.startsWith("pglite:")) return pgliteOf(dsn.slice("pglite:".length), at.cwd, at.folder);
  if (/^postgres(ql)?:\/\//.test(dsn)) return urlOf(dsn, at.folder);
  if (/\w\s*=/.test(dsn)) return wordsOf(dsn, at.folder);
  return { type: "bad", message: `dsn ${JSON.stringify(dsn)} is no PostgreSQL address: write pglite:NAME, postgres://localhost/NAME, or host=localhost dbname=NAME` };
};
