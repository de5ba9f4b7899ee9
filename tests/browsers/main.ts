/**
 * The root of `npm run test:browsers`: the same story in Firefox and in WebKitGTK. An engine that is neither here nor can be installed
 * is left out with the reason; one that is here must live through every chapter.
 */
import { spawnSync } from "node:child_process";
import { onPath } from "../kit/browser.ts";
import { startServer } from "../e2e/kit/server.ts";
import type { EngineSource } from "./engine.ts";
import { firefox } from "./firefox.ts";
import { storyOf } from "./story.ts";
import { webkit } from "./webkit.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const chapterMsMax = 150_000;
let passed = 0;
let failed = 0;
let skipped = 0;

const install = (packages: readonly string[]): void => {
  if (process.getuid?.() !== 0 || onPath("apt-get") === undefined) return;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (args: readonly string[]): boolean => spawnSync("apt-get", [...args], { stdio: ["ignore", "ignore", "inherit"], env, timeout: 300_000 }).status === 0;
  const argv = ["install", "-y", "-qq", "--no-install-recommends", ...packages];
  if (!apt(argv) && apt(["update", "-qq"])) apt(argv);
};
const withLimit = <T>(work: Promise<T>): Promise<T> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${chapterMsMax / 1000} s`)), chapterMsMax);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};

const liveThrough = async (source: EngineSource): Promise<void> => {
  const server = await startServer();
  const engine = await source.launch();
  try {
    for (const { title, tell } of storyOf(engine, server)) {
      const began = Date.now();
      try {
        await withLimit(tell());
        passed++;
        say(`ok      ${source.name}: ${title} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
      } catch (error) {
        failed++;
        say(`FAILED  ${source.name}: ${title}\n        ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  } finally {
    await engine.close();
    await server.close();
  }
};

const asked = process.argv.slice(2).map((word) => word.toLowerCase());
for (const source of [firefox, webkit].filter(({ name }) => asked.length === 0 || asked.includes(name.toLowerCase()))) {
  if (!source.isHere()) {
    say(`Installing ${source.name} …`);
    install(source.packages);
  }
  if (!source.isHere()) {
    skipped++;
    say(`skipped ${source.name}: it is not installed and cannot be installed here (Debian packages ${source.packages.join(", ")}, as root)`);
    continue;
  }
  try {
    await liveThrough(source);
  } catch (error) {
    failed++;
    say(`FAILED  ${source.name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
say(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 ? 1 : 0);
