/** What the server answers for built files: the right twin, the right headers, the shell for the app's own addresses. */
import { Hono } from "hono";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveFile } from "../../src/server/files.ts";
import { headersFor } from "../../src/server/headers.ts";
import { plainHttpWarning, readCommand, readOptions } from "../../src/server/options.ts";
import { hashOfScript } from "../../src/server/sandbox.ts";

let folder: string;
const app = new Hono();
const ask = (path: string, headers: Record<string, string> = {}): Promise<Response> => Promise.resolve(app.request(path, { headers }));
const script = "/assets/index-abcdefgh.js";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dagbok-files-"));
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), "<p>shell</p>");
  writeFileSync(join(folder, script), "plain");
  writeFileSync(join(folder, `${script}.br`), "brotli");
  writeFileSync(join(folder, `${script}.gz`), "gzip");
  app.on(["GET", "HEAD"], "*", (c) => serveFile({ folder, sandboxHash: "sha256-x" }, c));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("built files", () => {
  it("answers the app's own addresses with its shell, and a missing file with 404", async () => {
    expect(await (await ask("/dags/sales/spec")).text()).toBe("<p>shell</p>");
    expect((await ask("/assets/gone-abcdefgh.js")).status).toBe(404);
    expect((await ask("/%E0%A4%A")).status).toBe(404);
    expect((await ask("/..%2f..%2fpackage.json")).status).toBe(404);
  });
  it("sends the twin that the caller understands", async () => {
    const twin = async (accepted: string): Promise<readonly [string | null, string]> => {
      const answer = await ask(script, { "accept-encoding": accepted });
      return [answer.headers.get("content-encoding"), await answer.text()];
    };
    expect([await twin("gzip, br"), await twin("gzip"), await twin("identity")]).toEqual([["br", "brotli"], ["gzip", "gzip"], [null, "plain"]]);
    expect((await ask(`${script}.br`)).status).toBe(404);
  });
  it("keeps hashed files for ever, asks again for the rest, and answers 304 to what is known", async () => {
    expect((await ask(script)).headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    const shell = await ask("/");
    expect(shell.headers.get("cache-control")).toBe("no-cache");
    expect((await ask("/", { "if-none-match": shell.headers.get("etag") ?? "" })).status).toBe(304);
  });
});

describe("headers", () => {
  const policy = (path: string): string => headersFor(path, "sha256-x")["Content-Security-Policy"] ?? "";
  it("isolates every answer", () => {
    for (const path of ["/", "/sw.js", "/workers/step-abcdefgh.js", "/sandbox.html", "/health", "/api/v1/setup"]) {
      expect(headersFor(path, "sha256-x")).toMatchObject({ "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer" });
    }
  });
  it("lets a step's worker load, reach and start nothing, and only the broker reach other origins", () => {
    expect(policy("/workers/step-abcdefgh.js")).toBe("default-src 'none'; script-src 'wasm-unsafe-eval'; connect-src 'none'; worker-src 'none'");
    expect(["/", "/workers/host-abcdefgh.js", "/workers/file-abcdefgh.js", "/sw.js"].filter((path) => /connect-src[^;]*https?:/.test(policy(path)))).toEqual([]);
    expect(policy("/workers/broker-abcdefgh.js")).toContain("connect-src http: https: ws: wss:");
    expect(policy("/workers/broker-abcdefgh.js")).toContain("script-src 'none'");
  });
  it("lets an artifact's frame run its own bootstrap alone", () => {
    expect(policy("/sandbox.html")).toContain("sandbox allow-scripts; default-src 'none'; script-src 'sha256-x'");
    const page = readFileSync(join(import.meta.dirname, "../../src/sandbox.html"), "utf8");
    expect(page, "the policy in the page itself, for hosts that send none").toContain(`script-src '${hashOfScript(page)}'`);
    expect(policy("/sandbox-run.html")).toMatch(/^sandbox allow-scripts; default-src 'none'; .*connect-src 'none'/);
    expect(hashOfScript("<script>a</script>")).toBe("sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=");
  });
});

describe("the command line", () => {
  it("reads what it is given and says what is wrong", () => {
    expect(readOptions([])).toEqual({ ok: true, value: { port: 4680, host: "localhost", data: "data", logLevel: "info", build: true, behindProxy: false } });
    expect(readOptions(["--port", "99999"])).toMatchObject({ ok: false });
    expect(readOptions(["--tls-cert", "a"])).toMatchObject({ ok: false });
    expect(readOptions(["--nonsense"])).toMatchObject({ ok: false });
    expect(readOptions(["--log-level", "loud"])).toMatchObject({ ok: false });
  });
  it("takes commands beside serving", () => {
    expect(readCommand(["serve", "--no-build", "--behind-proxy"])).toMatchObject({ ok: true, value: { type: "serve", options: { build: false, behindProxy: true } } });
    expect(readCommand(["backup", "f", "--data", "d"])).toEqual({ ok: true, value: { type: "backup", file: "f", data: "d" } });
    expect(readCommand(["restore", "f"])).toEqual({ ok: true, value: { type: "restore", file: "f", data: "data" } });
    expect(readCommand(["restored"])).toEqual({ ok: true, value: { type: "restored", data: "data" } });
    expect([["backup"], ["restored", "f"], ["nonsense"], ["backup", "a", "b"]].map((argv) => readCommand(argv).ok)).toEqual([false, false, false, false]);
  });
  it("warns of a host without a certificate, and only then", () => {
    expect(plainHttpWarning({ host: "0.0.0.0" })).toContain("--tls-cert");
    expect(plainHttpWarning({ host: "localhost" })).toBeUndefined();
    expect(plainHttpWarning({ host: "0.0.0.0", tls: { cert: "c", key: "k" } })).toBeUndefined();
  });
});
