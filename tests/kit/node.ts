/** A node of the server as a process of its own, as `npm start` runs it, on a free port, over SQLite in a folder or a PostgreSQL that is there. */
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";

export interface Node {
  readonly url: string;
  readonly port: number;
  readonly said: () => string;
  /** Ends it; answers its exit code. SIGKILL: as a crash would. */
  readonly stop: (signal?: "SIGTERM" | "SIGKILL") => Promise<number | null>;
}
export interface NodeHow {
  readonly data: string;
  readonly databaseUrl?: string;
  readonly args?: readonly string[];
}
const top = join(import.meta.dirname, "../..");
const startMsMax = 120_000;
const environment = (databaseUrl = ""): NodeJS.ProcessEnv => ({ ...process.env, DATABASE_URL: databaseUrl, VITEST: undefined, NODE_ENV: undefined });

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once("exit", (code) => resolve(code));
  });

export const startNode = async ({ data, databaseUrl, args = [] }: NodeHow): Promise<Node> => {
  const argv = ["--import", "tsx", "src/server/main.ts", "--port", "0", "--host", "127.0.0.1", "--data", data, "--no-build", "--log-level", "warn", ...args];
  const child = spawn(process.execPath, argv, { cwd: top, env: environment(databaseUrl), stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const port = await new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the node did not start in time:\n${said}`)), startMsMax);
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const found = /Dagbok is at https?:\/\/[^:]+:(\d+)/.exec(said);
      if (found === null) return;
      clearTimeout(timer);
      resolve(Number(found[1]));
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`the node ended with ${code}:\n${said}`));
    });
  });
  return {
    url: `http://127.0.0.1:${port}`, port, said: () => said,
    stop: (signal = "SIGTERM") => {
      child.kill(signal);
      return ended(child);
    },
  };
};

/** Runs one of the server's other commands to its end. */
export const runCommand = async (words: readonly string[], { data, databaseUrl }: NodeHow): Promise<{ readonly code: number | null; readonly said: string }> => {
  const child = spawn(process.execPath, ["src/cli/bin/dagbok-server.js", ...words, "--data", data], { cwd: top, env: environment(databaseUrl), stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  return { code: await ended(child), said };
};
