import { describe, expect, it } from "vitest";
import { networkError, type Network, type NetworkRequest } from "../../../src/ports/network.ts";
import { createStage, folder, stepOf } from "./stage.ts";

const echo: Network = {
  fetch: (request: NetworkRequest) => {
    if (request.url.includes("cors")) return Promise.reject(networkError("cors", "cors.example"));
    const body = new TextEncoder().encode(JSON.stringify({ url: request.url, method: request.method }));
    return Promise.resolve({ status: request.url.includes("404") ? 404 : 200, statusText: "", headers: [["content-type", "application/json"], ["a-b", "c"]], body, url: request.url });
  },
};

describe("http", () => {
  it("prints status line, headers and body", async () => {
    const { run } = await createStage(echo);
    const { stdout, end } = await run(stepOf('steps:\n  - type: http\n    command: GET https://e.com/x\n    with: {query: {a: "b c"}}\n'));
    expect(stdout).toBe('200 OK\nA-B: c\r\nContent-Type: application/json\r\n{"url":"https://e.com/x?a=b+c","method":"GET"}');
    expect(end.error).toBeUndefined();
  });
  it("prints JSON, silent leaves the head out, a bad status fails", async () => {
    const { run } = await createStage(echo);
    expect((await run(stepOf("steps:\n  - type: http\n    command: POST https://e.com/x\n    with: {json: true, silent: true}\n"))).stdout).toBe(
      '{\n "status_code": 0,\n "headers": null,\n "body": {\n  "method": "POST",\n  "url": "https://e.com/x"\n }\n}',
    );
    expect((await run(stepOf("steps:\n  - type: http\n    command: GET https://e.com/404\n    with: {silent: true}\n"))).end).toMatchObject({ exitCode: 1, error: "http status code not 2xx: 404" });
  });
  it("names the failure", async () => {
    const { run } = await createStage(echo);
    expect((await run(stepOf("steps:\n  - type: http\n    command: GET https://cors.example/\n"))).end.error).toMatch(/^cors: cors\.example answered, but/);
    const { stdout, end } = await run(stepOf('steps:\n  - script: |\n      curl -s -o out.json https://e.com/y && jq -r .url out.json\n      curl -sf https://e.com/404\n'));
    expect([stdout, end.exitCode]).toEqual(["https://e.com/y\n", 22]);
  });
});

describe("jq", () => {
  const jq = async (filter: string, input: string, rest = ""): Promise<readonly unknown[]> => {
    const { run } = await createStage();
    const { end, stdout, stderr } = await run(stepOf(`steps:\n  - type: jq\n    command: ${JSON.stringify(filter)}\n    script: |\n      ${input}\n${rest}`));
    return [stdout, stderr, end.exitCode, end.error !== undefined];
  };
  it("goes on after an error of one value", async () => {
    expect(await jq(".[] | . + 1", '[1, "x", 3]')).toEqual(["2\n4\n", 'failed to run jq query: cannot add: string ("x") and number (1)', 0, false]);
  });
  it("goes on behind a comma", async () => {
    expect((await jq(".a + 1, (.b | ., 2), [1, 2]", '{"a":"x","b":5}', "    with: {raw: true}\n")).slice(0, 1)).toEqual(["5\n2\n[1,2]\n"]);
  });
  it("prints raw values in Go's manner", async () => {
    expect(await jq(".[]", '["t", 2.50, null, {"b":1,"a":"<"}, 1e21]', "    with: {raw: true}\n")).toEqual(['t\n2.5\n\n{"a":"\\u003c","b":1}\n1000000000000000000000\n', "", 0, false]);
  });
  it("takes a missing function for an error while running, a bad filter for a failure", async () => {
    expect((await jq("nosuch", "1")).slice(0, 3)).toEqual(["", "failed to run jq query: function not defined: nosuch/0", 0]);
    expect((await jq(".a |", "1")).slice(2)).toEqual([1, true]);
    expect((await jq(".", "{bad")).slice(2)).toEqual([0, true]);
  });
  it("keeps variables, definitions and conditionals whole", async () => {
    expect((await jq("def f(x): x | . + 1; . as $a | if f($a) > 2 then \"a|b\" else $a | f(.) end", "1"))[0]).toBe("2\n");
  });
});

describe("sqlite", () => {
  it("imports, binds names, prints the three forms and keeps the file", async () => {
    const { run, put, get } = await createStage();
    await put(`${folder}/in.csv`, 'name,n\n"a ""q"", b",1\nc,\n');
    const sql = (extra: string): ReturnType<typeof run> => run(stepOf(`steps:\n  - type: sqlite\n${extra}`));
    await sql("    with: {dsn: \"file:./t.db\"}\n    script: |\n      CREATE TABLE t (name TEXT, n INTEGER); INSERT INTO t VALUES ('x;y', 9);\n");
    await sql('    with: {dsn: "file:./t.db", import: {input_file: in.csv, table: t}}\n');
    const jsonl = await sql('    with: {dsn: "file:./t.db", params: {min: 1}}\n    command: SELECT name, n FROM t WHERE n >= :min ORDER BY n\n');
    expect(jsonl.stdout).toBe('{"n":1,"name":"a \\"q\\", b"}\n{"n":9,"name":"x;y"}\n');
    expect(JSON.parse(jsonl.stderr)).toMatchObject({ rows_returned: 2, status: "success" });
    expect((await sql('    with: {dsn: "file:./t.db", output_format: csv, headers: true, null_string: "-", output_file: out/o.csv}\n    command: SELECT * FROM t ORDER BY name\n')).stdout).toBe("");
    expect(await get(`${folder}/out/o.csv`)).toBe('name,n\n"a ""q"", b",1\nc,-\nx;y,9\n');
    expect((await run(stepOf("steps:\n  - command: sqlite3 -header t.db 'select count(*) as c from t'\n"))).stdout).toBe("c\n3\n");
  });
  it("rolls a failing transaction back", async () => {
    const { run } = await createStage();
    await run(stepOf('steps:\n  - type: sqlite\n    with: {dsn: "t.db"}\n    command: CREATE TABLE t (a UNIQUE)\n'));
    const bad = await run(stepOf('steps:\n  - type: sqlite\n    with: {dsn: "t.db", transaction: true}\n    script: |\n      INSERT INTO t VALUES (1);\n      INSERT INTO t VALUES (1);\n'));
    expect(bad.end).toMatchObject({ exitCode: 1, error: expect.stringContaining("statement 2 failed") });
    expect((await run(stepOf('steps:\n  - type: sqlite\n    with: {dsn: "t.db", output_format: json}\n    command: SELECT * FROM t\n'))).stdout).toBe("[]\n");
  });
  it("lets parallel steps of one file take turns", async () => {
    const { run } = await createStage();
    await run(stepOf('steps:\n  - type: sqlite\n    with: {dsn: "t.db"}\n    command: CREATE TABLE t (a)\n'));
    await Promise.all([1, 2, 3].map((n) => run(stepOf(`steps:\n  - name: s${n}\n    type: sqlite\n    with: {dsn: "t.db"}\n    command: INSERT INTO t VALUES (${n})\n`))));
    expect((await run(stepOf('steps:\n  - type: sqlite\n    with: {dsn: "t.db"}\n    command: SELECT count(*) AS n FROM t\n'))).stdout).toBe('{"n":3}\n');
  });
  it("interrupts an endless statement", async () => {
    const { run } = await createStage();
    const slow = "steps:\n  - type: sqlite\n    with: {dsn: \":memory:\", timeout: 1}\n    command: WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT count(*) FROM c\n";
    expect((await run(stepOf(slow))).end).toMatchObject({ exitCode: 1, error: expect.stringContaining("interrupt") });
  });
});

describe("JavaScript", () => {
  const js = async (source: string, rest = {}): Promise<Awaited<ReturnType<Awaited<ReturnType<typeof createStage>>["run"]>>> => {
    const { run, put } = await createStage(echo);
    await put(`${folder}/in.txt`, "hello");
    return run(stepOf(`steps:\n  - shell: node\n    script: |\n${source.split("\n").map((line) => `      ${line}`).join("\n")}\n`), rest);
  };
  it("has console, files, timers, fetch and exit codes", async () => {
    const found = await js('const fs = require("fs");\nfs.writeFileSync("o.txt", fs.readFileSync("in.txt", "utf8").toUpperCase());\nsetTimeout(async () => { const r = await fetch("https://e.com/z"); console.log(r.status, fs.readFileSync("o.txt", "utf8"), { a: [1] }); process.exit(3); }, 5);');
    expect([found.stdout, found.end.exitCode]).toEqual(["200 HELLO { a: [ 1 ] }\n", 3]);
  });
  it("reaches nothing of ours", async () => {
    const found = await js('const g = Function("return globalThis")();\nconsole.log([g.__host, g.__start, g.__kit, g.indexedDB, g.WebAssembly, g.postMessage, g.importScripts, g.Deno].every((x) => x === undefined), typeof process.binding);');
    expect(found.stdout).toBe("true undefined\n");
  });
  it("ends at its memory limit with the reason", async () => {
    const found = await js("const a = []; for (;;) a.push(new Array(100000).fill(1.5));");
    expect(found.end).toMatchObject({ exitCode: 1, reason: "limit", error: expect.stringContaining("memory") });
  }, 60_000);
  it("ends an endless loop at the step's timeout", async () => {
    expect((await js("for (;;);", { timeoutMs: 200 })).end).toMatchObject({ exitCode: 124, reason: "timeout" });
  });
  it("fails for an uncaught error, also an asynchronous one", async () => {
    expect((await js("async function main() { throw new Error('boom'); }\nmain();")).stderr).toContain("Uncaught Error: boom");
  });
});

describe("archive", () => {
  const archive = (command: string, settings: string): ReturnType<typeof stepOf> => stepOf(`steps:\n  - type: archive\n    command: ${command}\n    with: ${settings}\n`);
  it.each(["a.zip", "a.tar", "a.tar.gz"])("packs, lists and unpacks %s", async (name) => {
    const { run, put, get } = await createStage();
    await put(`${folder}/src/one.txt`, "one");
    await put(`${folder}/src/deep/${"long-".repeat(25)}.txt`, "two");
    expect(JSON.parse((await run(archive("create", `{source: src, destination: ${name}}`))).stdout)).toMatchObject({ operation: "create", bytesArchived: 6 });
    const listed = JSON.parse((await run(archive("list", `{source: ${name}, include: ["**/*.txt"]}`))).stdout) as { readonly files: readonly { readonly path: string }[] };
    expect(listed.files.map((file) => file.path).sort()).toEqual([`src/deep/${"long-".repeat(25)}.txt`, "src/one.txt"]);
    expect((await run(archive("extract", `{source: ${name}, destination: out, strip_components: 1}`))).end.error).toBeUndefined();
    expect(await get(`${folder}/out/one.txt`)).toBe("one");
    expect((await run(archive("extract", `{source: ${name}, destination: out, strip_components: 1}`))).end).toMatchObject({ exitCode: 4 });
  });
  it("refuses a path that leaves the destination", async () => {
    const { writeTar } = await import("../../../src/adapters/worker/kinds/archive/tar.ts");
    const { run, put } = await createStage();
    const evil = writeTar([{ path: "../evil.txt", kind: "file", mode: 0o644, mtimeMs: 0, bytes: new Uint8Array(1), target: "" }]);
    await put(`${folder}/evil.tar`, new TextDecoder("latin1").decode(evil));
    expect((await run(archive("extract", "{source: evil.tar, destination: out}"))).end).toMatchObject({ exitCode: 12, error: expect.stringContaining("escapes destination") });
  });
  it("refuses passwords with the reason", async () => {
    const { run, put, putBytes } = await createStage();
    await put(`${folder}/one.txt`, "one");
    expect((await run(archive("create", "{source: one.txt, destination: a.zip, password: x}"))).end).toMatchObject({ exitCode: 5, reason: "unsupported", error: expect.stringContaining("with a password") });
    const { zipSync } = await import("fflate");
    const zip = zipSync({ "one.txt": new Uint8Array(3) });
    const directory = zip.findIndex((_, at) => zip[at] === 0x50 && zip[at + 1] === 0x4b && zip[at + 2] === 1 && zip[at + 3] === 2);
    zip[directory + 8] = (zip[directory + 8] as number) | 1;
    await putBytes(`${folder}/locked.zip`, zip);
    expect((await run(archive("extract", "{source: locked.zip, destination: out, password: x}"))).end).toMatchObject({ exitCode: 5, reason: "unsupported" });
  });
  it("stops at a bomb", async () => {
    const { gzipSync } = await import("fflate");
    const { gunzip } = await import("../../../src/adapters/worker/kinds/archive/format.ts");
    expect(() => gunzip(gzipSync(new Uint8Array(17 * 1024 * 1024)))).toThrow(/unpacks to more than/);
  }, 60_000);
});
