/** Owns a real server of its own for a test: the same program as `npm start`, on a free port, with a data folder that goes with it. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Server {
  readonly url: string;
  /** Lines it has said so far. */
  readonly said: () => string;
  /** Stops the process; the address stays reserved for `start`. */
  readonly stop: () => Promise<void>;
  /** Starts it again on the same address. */
  readonly start: () => Promise<void>;
  /** Stops it and removes its data. */
  readonly close: () => Promise<void>;
}
const startMsMax = 180_000;
const top = join(import.meta.dirname, "../../..");

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address !== null && typeof address === "object" ? resolve(address.port) : reject(new Error("no port"))));
    });
  });

const launch = async (argv: readonly string[], hear: (text: string) => void): Promise<ChildProcess> => {
  const env = { ...process.env, DATABASE_URL: "", VITEST: undefined, NODE_ENV: undefined };
  const child = spawn(process.execPath, ["--import", "tsx", "src/server/main.ts", ...argv], { cwd: top, env, stdio: ["ignore", "pipe", "pipe"] });
  let heard = "";
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the server did not start in time:\n${heard}`)), startMsMax);
    const listen = (chunk: Buffer): void => {
      heard += chunk.toString();
      hear(chunk.toString());
      if (heard.includes("Dagbok is at ")) {
        clearTimeout(timer);
        resolve();
      }
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.once("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`the server ended with ${code}:\n${heard}`));
    });
  });
  return child;
};
const end = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });

export const startServer = async (): Promise<Server> => {
  const port = await freePort();
  const data = mkdtempSync(join(tmpdir(), "dagbok-e2e-"));
  const argv = ["--port", String(port), "--data", data];
  let said = "";
  const hear = (text: string): void => void (said += text);
  let child = await launch(argv, hear);
  return {
    url: `http://localhost:${port}`,
    said: () => said,
    stop: () => end(child),
    start: async () => {
      child = await launch(argv, hear);
    },
    close: async () => {
      await end(child);
      rmSync(data, { recursive: true, force: true });
    },
  };
};
