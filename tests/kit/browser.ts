/** Owns finding (or installing) the Chromium that tests drive, and how it is launched. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

export const chromeArgs: readonly string[] = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
const usualNames = ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "chrome"];
const macPath = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/** Path of a program, or undefined. */
export const onPath = (name: string): string | undefined => {
  const found = spawnSync("which", [name], { encoding: "utf8" });
  return found.status === 0 ? found.stdout.trim() : undefined;
};
const installed = (): string | undefined => {
  const given = process.env["CHROME_PATH"];
  if (given !== undefined && given !== "" && existsSync(given)) return given;
  return usualNames.map(onPath).find((path) => path !== undefined) ?? (existsSync(macPath) ? macPath : undefined);
};
const downloadMs = 60_000;

/** CHROME_PATH, then the usual names, then the system's packages when root, then Playwright's own download. Throws with the way out. */
export const findBrowser = async (say: (line: string) => void): Promise<string> => {
  const here = installed();
  if (here !== undefined) return here;
  if (process.getuid?.() === 0 && onPath("apt-get") !== undefined) {
    say("Installing Chromium for the tests …");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    execFileSync("apt-get", ["update", "-qq"], { stdio: "inherit", env });
    execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], { stdio: ["ignore", "ignore", "inherit"], env });
    const now = installed();
    if (now !== undefined) return now;
  }
  say("Downloading Chromium for the tests …");
  spawnSync("npx", ["playwright", "install", "chromium"], { stdio: "inherit", timeout: downloadMs });
  const { chromium } = await import("playwright");
  if (existsSync(chromium.executablePath())) return chromium.executablePath();
  throw new Error("No Chrome or Chromium was found and none could be installed. Install one and set CHROME_PATH to its executable.");
};
