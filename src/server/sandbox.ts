/** Owns the one inline script that the artifact frame may run: its hash goes into the frame's policy. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const script = /<script>([\s\S]*?)<\/script>/;
/** `sha256-…` of the bootstrap of a sandbox page's text. */
export const hashOfScript = (html: string): string => {
  const found = script.exec(html)?.[1];
  if (found === undefined) throw new Error("sandbox.html has no inline script");
  return `sha256-${createHash("sha256").update(found).digest("base64")}`;
};
export const sandboxHash = (): string => hashOfScript(readFileSync(join(import.meta.dirname, "../sandbox.html"), "utf8"));
