/**
 * Owns the list of what the service worker keeps: every built file but runtimes, the workers that carry one, pictures and itself, written into `sw.js` in place of
 * Workbox's marker. Own code instead of workbox-build: that brings two hundred packages and a second bundler for these lines.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";

const kept = new Set([".html", ".js", ".css", ".svg", ".png", ".webmanifest", ".json"]);
const left = /^(sw\.js|build\.json|runtimes\/|workers\/step-(python|postgres)-|screenshots\/)/;
/** A hashed name says its content: no revision beside it. */
const hashed = /-[\w-]{8,}\.(js|css)$/;
const marker = "self.__WB_MANIFEST";

export const writePrecache = (dist: string): void => {
  const files = readdirSync(dist, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && kept.has(extname(entry.name)))
    .map((entry) => relative(dist, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => !left.test(path))
    .sort();
  const entries = files.map((path) => {
    const revision = hashed.test(path) ? null : createHash("sha256").update(readFileSync(join(dist, path))).digest("hex").slice(0, 16);
    return { url: `/${path}`, revision };
  });
  const script = readFileSync(join(dist, "sw.js"), "utf8");
  if (script.split(marker).length !== 2) throw new Error(`sw.js must name ${marker} exactly once`);
  writeFileSync(join(dist, "sw.js"), script.replace(marker, () => JSON.stringify(entries)));
};
