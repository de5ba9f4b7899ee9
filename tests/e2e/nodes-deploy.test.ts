/** The files of `deploy`, read as their programs read them, and their commands run here where no container runs. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { startCluster } from "../kit/postgres.ts";

const top = join(import.meta.dirname, "../..");
const textOf = (name: string): string => readFileSync(join(top, "deploy", name), "utf8");
const dockerfile = textOf("Dockerfile");
const instruction = (name: string): readonly string[] => [...dockerfile.matchAll(new RegExp(`^${name} (.*)$`, "gm"))].map((found) => found[1] ?? "");
const listOf = (value: string): readonly string[] => JSON.parse(value.slice(value.indexOf("["))) as readonly string[];

let folder: string;
let running: ChildProcess[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dagbok-deploy-"));
  running = [];
});
afterEach(async () => {
  for (const child of running) {
    if (child.exitCode !== null) continue;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await gone;
  }
  rmSync(folder, { recursive: true, force: true });
});
/** Runs a command of those files as it stands, save that data lies in the test's folder and the port is any free one. Answers its health. */
const run = async (argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<{ readonly health: unknown; readonly child: ChildProcess; readonly url: string }> => {
  const [program = "", ...args] = argv.map((arg) => (arg === "/data" || arg === "/var/lib/dagbok" ? folder : arg));
  expect(program).toMatch(/^(\/usr\/bin\/)?node$/);
  const child = spawn(process.execPath, [...args, "--port", "0"], { cwd: top, env: { ...process.env, DATABASE_URL: "", VITEST: undefined, NODE_ENV: undefined, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  running.push(child);
  const port = await new Promise<string>((resolve, reject) => {
    let said = "";
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const found = /Dagbok is at http:\/\/[^:]+:(\d+)/.exec(said);
      if (found !== null) resolve(found[1] ?? "");
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("exit", (code) => reject(new Error(`ended with ${code}: ${said}`)));
  });
  const url = `http://127.0.0.1:${port}`;
  return { url, child, health: await (await fetch(`${url}/health`)).json() };
};
const healthy = { kind: "dagbok", version: expect.any(String), status: "ok" };

describe("the image", () => {
  it("copies what is there, and its command answers as its health check asks", async () => {
    const sources = instruction("COPY").flatMap((line) => line.split(" ").slice(0, -1));
    expect(sources.filter((source) => !existsSync(join(top, source)))).toEqual([]);
    const { health, url, child } = await run(listOf(instruction("CMD")[0] ?? ""));
    expect(health).toEqual(healthy);
    const check = listOf(instruction("HEALTHCHECK")[0] ?? "");
    expect(check.join(" ")).toContain("127.0.0.1:4680/health");
    const asked = spawn(process.execPath, check.slice(1).map((arg) => arg.replace("http://127.0.0.1:4680", url)));
    expect(await new Promise((resolve) => asked.once("exit", resolve))).toBe(0);
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    expect(await gone).toBe(0);
  });
});
describe("the unit of systemd", () => {
  it("starts the server from its folder and stops it with the signal that it hears", async () => {
    const unit = Object.fromEntries(textOf("dagbok.service").split("\n").filter((line) => /^\w+=/.test(line)).map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
    expect(unit).toMatchObject({ KillSignal: "SIGTERM", StateDirectory: "dagbok", Type: "simple" });
    const { health } = await run((unit["ExecStart"] ?? "").split(" "));
    expect(health).toEqual(healthy);
  });
});
describe("compose", () => {
  it("with SQLite is one service of the image, with its data in a volume", () => {
    const { services, volumes } = parse(textOf("compose.yaml"));
    expect(Object.keys(services)).toEqual(["dagbok"]);
    expect(services.dagbok).toMatchObject({ build: { dockerfile: "deploy/Dockerfile" }, volumes: ["dagbok-data:/data"], ports: ["127.0.0.1:4680:4680"] });
    expect(Object.keys(volumes)).toEqual(["dagbok-data"]);
    expect(instruction("EXPOSE")).toEqual(["4680"]);
    expect(instruction("VOLUME")).toEqual(["/data"]);
  });
  it("with PostgreSQL is two nodes that answer for one another, behind a proxy that knows both", async () => {
    const { services } = parse(textOf("compose.postgres.yaml"), { merge: true });
    const nodes = Object.keys(services).filter((name) => name.startsWith("node-"));
    expect(Object.keys(services).sort()).toEqual(["database", "node-1", "node-2", "proxy"]);
    expect(/^\s*reverse_proxy (.*?) \{$/m.exec(textOf("Caddyfile"))?.[1]?.split(" ")).toEqual(nodes.map((name) => `${name}:4680`));
    const cluster = await startCluster();
    try {
      for (const name of nodes) {
        const asked = new URL(services[name].environment.DATABASE_URL.replace("${POSTGRES_PASSWORD:?say one}", "secret"));
        expect([asked.hostname, asked.pathname.slice(1), asked.username]).toEqual(["database", services.database.environment.POSTGRES_DB, services.database.environment.POSTGRES_USER]);
      }
      const started = await Promise.all(nodes.map((name) => run(services[name].command, { DATABASE_URL: cluster.url("postgres") })));
      expect(started.map((one) => one.health)).toEqual([healthy, healthy]);
      const made = await fetch(`${started[0]?.url}/api/v1/setup`, { method: "POST", body: JSON.stringify({ name: "ann", password: "correct horse", device: "x" }) });
      expect(made.status).toBe(201);
      expect(await (await fetch(`${started[1]?.url}/api/v1/setup`)).json()).toEqual({ needed: false });
      for (const { child } of started) {
        const gone = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGTERM");
        expect(await gone).toBe(0);
      }
    } finally {
      for (const child of running) child.kill("SIGKILL");
      cluster.stop();
    }
  });
});
