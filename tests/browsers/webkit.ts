/**
 * Owns driving WebKitGTK: its small browser in automation mode, through its own WebDriver, on a virtual screen. This engine has no file
 * storage and no shared memory, so it is where every fallback is proved.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onPath } from "../kit/browser.ts";
import type { Engine, EngineSource, Tab } from "./engine.ts";

const driverPort = 24_680;
const readyMs = 30_000;
const scriptMs = 60_000;

const program = (): string | undefined => {
  const libraries = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/libexec"];
  const folders = libraries.filter(existsSync).flatMap((library) => readdirSync(library).filter((name) => name.startsWith("webkit2gtk-")).map((name) => join(library, name)));
  return folders.map((folder) => join(folder, "MiniBrowser")).find(existsSync);
};

const call = async <T>(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<T> => {
  const answer = await fetch(`http://127.0.0.1:${driverPort}${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const { value } = (await answer.json()) as { value: T & { readonly error?: string; readonly message?: string } };
  if (!answer.ok) throw new Error(`${path}: ${value.error ?? answer.status} ${value.message ?? ""}`);
  return value;
};
const wrap = (body: string): string =>
  `const done = arguments[arguments.length - 1]; const args = arguments[0];
   (async (args) => { ${body} })(args).then((value) => done({ value: value === undefined ? null : value }), (error) => done({ error: (error && error.code ? error.code + ": " : "") + String(error && error.message || error) }));`;

/** One command at a time: every command first turns to its own window. */
const createWindows = (session: string) => {
  let queue: Promise<unknown> = Promise.resolve();
  const inWindow = <T>(handle: string, work: () => Promise<T>): Promise<T> => {
    const next = queue.then(async () => {
      await call("POST", `${session}/window`, { handle });
      return work();
    });
    queue = next.catch(() => undefined);
    return next;
  };
  return (handle: string): Tab => ({
    goto: (url) => inWindow(handle, () => call<void>("POST", `${session}/url`, { url })),
    run: <T>(body: string, ...args: readonly unknown[]) =>
      inWindow(handle, async () => {
        const { value, error } = await call<{ value?: T; error?: string }>("POST", `${session}/execute/async`, { script: wrap(body), args: [args] });
        if (error !== undefined) throw new Error(error);
        return value as T;
      }),
    close: () => inWindow(handle, () => call<void>("DELETE", `${session}/window`)),
  });
};

const launch = async (): Promise<Engine> => {
  const home = mkdtempSync(join(tmpdir(), "dagbok-webkit-"));
  const env = { ...process.env, HOME: home, XDG_DATA_HOME: join(home, "data"), XDG_CACHE_HOME: join(home, "cache"), LANG: "en_US.UTF-8", LIBGL_ALWAYS_SOFTWARE: "1" };
  const driver = spawn("xvfb-run", ["-a", "WebKitWebDriver", `--port=${driverPort}`], { env, stdio: "ignore", detached: true });
  const end = Date.now() + readyMs;
  while (Date.now() < end && !(await call<{ ready: boolean }>("GET", "/status").then(({ ready }) => ready, () => false))) await new Promise((resolve) => setTimeout(resolve, 200));
  const { sessionId } = await call<{ sessionId: string }>("POST", "/session", {
    capabilities: { alwaysMatch: { "webkitgtk:browserOptions": { binary: program(), args: ["--automation"] }, timeouts: { script: scriptMs, pageLoad: scriptMs } } },
  });
  const session = `/session/${sessionId}`;
  const tabOf = createWindows(session);
  let first: string | undefined = await call<string>("GET", `${session}/window`);
  return {
    name: "WebKitGTK",
    newTab: async () => {
      if (first === undefined) return tabOf((await call<{ handle: string }>("POST", `${session}/window/new`, { type: "tab" })).handle);
      const handle = first;
      first = undefined;
      return tabOf(handle);
    },
    close: async () => {
      await call("DELETE", session).catch(() => undefined);
      if (driver.pid !== undefined) process.kill(-driver.pid, "SIGTERM");
      rmSync(home, { recursive: true, force: true });
    },
  };
};
export const webkit: EngineSource = {
  name: "WebKitGTK",
  packages: ["webkit2gtk-driver", "xvfb", "xauth"],
  isHere: () => onPath("WebKitWebDriver") !== undefined && onPath("xvfb-run") !== undefined && program() !== undefined,
  launch,
};
