/** postgres steps on the real engine. One database is made and reused: making one takes seconds. */
import { beforeAll, describe, expect, it } from "vitest";
import { openNodePostgres } from "../../../../src/adapters/node/postgres.ts";
import { placeOf } from "../../../../src/adapters/worker/kinds/postgres/dsn.ts";
import { createStage, folder, stepOf, type Ran, type Stage } from "../stage.ts";

let stage: Stage;
const sql = (extra: string, dsn = "postgres://localhost/shop"): Promise<Ran> =>
  stage.run(stepOf(`steps:\n  - type: postgres\n    with: {dsn: "${dsn}"${extra}\n`));
const query = (text: string, extra = ""): Promise<Ran> => sql(`${extra}}\n    command: ${JSON.stringify(text)}`);
const script = (text: string, extra = ""): Promise<Ran> => sql(`${extra}}\n    script: |\n${text.split("\n").map((line) => `      ${line}`).join("\n")}`);

/** As `query`, in a thread whose limits are near. */
const tight = async (text: string): Promise<Ran["end"]> => {
  const near = await createStage(undefined, (assets, bytes) => openNodePostgres(assets, bytes, { memoryBytes: 200_000_000, spaceBytes: 12_000_000 }));
  return (await near.run(stepOf(`steps:\n  - type: postgres\n    with: {dsn: "pglite:"}\n    command: ${JSON.stringify(text)}\n`))).end;
};

beforeAll(async () => {
  stage = await createStage();
  const made = await script("CREATE TABLE t (id int PRIMARY KEY, name text, n numeric);\nINSERT INTO t VALUES (1, 'x;y', 2.50), (2, NULL, 1e3);\nSELECT count(*) AS rows FROM t;");
  expect([made.end.error, made.stdout]).toEqual([undefined, '{"rows":2}\n']);
});

describe("a postgres step", () => {
  it("keeps its database in the DAG's folder, and binds names", async () => {
    expect((await query("SELECT name, n FROM t WHERE id >= :min ORDER BY id", ", params: {min: 1}")).stdout).toBe('{"n":"2.50","name":"x;y"}\n{"n":"1000","name":null}\n');
    expect((await stage.get(`${folder}/shop.pglite`)).length).toBeGreaterThan(1000);
    expect((await query("SELECT $2::text || $1 AS v", ", params: [b, a]")).stdout).toBe('{"v":"ab"}\n');
  });
  it("reads values as Go's driver does", async () => {
    const found = await query("SELECT 9007199254740993::int8 big, 1.5::float8 f, 'NaN'::float8 nan, true t, '\\x6869'::bytea b, date '2024-02-03' d, timestamptz '2024-02-03 04:05:06.7+00' ts, '{\"a\": 1}'::jsonb j, array[1,2] a, NULL::int nothing");
    expect(found.stdout).toBe('{"a":"{1,2}","b":"hi","big":9007199254740993,"d":"2024-02-03T00:00:00Z","f":1.5,"j":"{\\"a\\": 1}","nan":"NaN","nothing":null,"t":true,"ts":"2024-02-03T04:05:06.7Z"}\n');
  });
  it("prints CSV into a file, stops at max_rows, pages a long answer", async () => {
    expect((await query("SELECT generate_series(1, 100000000) AS g", ", max_rows: 2, output_format: csv, headers: true, output_file: out.csv")).end.error).toBeUndefined();
    expect(await stage.get(`${folder}/out.csv`)).toBe("g\n1\n2\n");
    expect((await query("SELECT g FROM generate_series(1, 2500) g")).stdout.split("\n")).toHaveLength(2501);
  });
  it("imports, replaces on conflict, and tells the counts", async () => {
    await stage.put(`${folder}/in.csv`, "id,name\n1,one\n3,\n");
    const done = await sql(", import: {input_file: in.csv, table: t, on_conflict: replace}}");
    expect(JSON.parse(done.stderr)).toMatchObject({ rows_read: 2, rows_imported: 2, status: "success" });
    expect((await query("SELECT id, name FROM t ORDER BY id")).stdout).toBe('{"id":1,"name":"one"}\n{"id":2,"name":null}\n{"id":3,"name":null}\n');
  });
  it("rolls a failing transaction back and names the statement", async () => {
    const bad = await script("INSERT INTO t VALUES (9);\nINSERT INTO t VALUES (9);", ", transaction: true, isolation_level: serializable, advisory_lock: 7");
    expect(bad.end).toMatchObject({ exitCode: 1, error: expect.stringContaining("statement 2 failed: duplicate key") });
    expect((await query("SELECT count(*) AS n FROM t WHERE id = 9")).stdout).toBe('{"n":0}\n');
  });
  it("takes functions with dollar quotes, escapes and standard bodies whole", async () => {
    const made = await script("CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END;\nDO $x$ BEGIN PERFORM 1; END $x$;\nSELECT f(), E'it\\'s; ok' AS s;");
    expect([made.end.error, made.stdout]).toEqual([undefined, '{"f":2,"s":"it\'s; ok"}\n']);
  });
  it("ends at the memory limit with the reason", async () => {
    const big = await tight("SELECT length(string_agg(repeat('x', 9000000), '')) FROM generate_series(1, 30)");
    expect(big).toMatchObject({ exitCode: 1, reason: "limit", error: expect.stringContaining("limit reached: memory 200000000 bytes") });
  });
  it("ends at the space limit with the reason, and keeps what was there", async () => {
    const big = await tight("CREATE TABLE flood AS SELECT repeat(md5(g::text), 60) AS x FROM generate_series(1, 2000000) g");
    expect(big).toMatchObject({ exitCode: 1, reason: "limit", error: expect.stringContaining("limit reached: space 12000000 bytes") });
    expect((await query("SELECT count(*) AS n FROM t")).stdout).toBe('{"n":3}\n');
  });
});

describe("the address of a database", () => {
  const at = { cwd: "/runs/r/work", folder };
  const file = (path: string): ReturnType<typeof placeOf> => ({ type: "file", path });
  it.each([
    ["pglite:shop", file(`${folder}/shop.pglite`)], ["pglite://shop", file(`${folder}/shop.pglite`)], ["pglite:./a/b.db", file("/runs/r/work/a/b.db")],
    ["pglite://:memory:", { type: "memory" }], ["postgres://localhost/shop?sslmode=disable", file(`${folder}/shop.pglite`)],
    ["postgresql://me:pw@127.0.0.1:5433", file(`${folder}/postgres.pglite`)], ["host=localhost dbname='my shop'", file(`${folder}/my_shop.pglite`)],
    ["postgres:///x?host=/var/run", file(`${folder}/x.pglite`)], ["postgres://db.example.com/x", { type: "remote", host: "db.example.com" }],
    ["host=10.0.0.5 dbname=x", { type: "remote", host: "10.0.0.5" }], ["postgres://localhost/../../etc/x", file(`${folder}/.._.._etc_x.pglite`)],
  ] as const)("%s", (dsn, place) => expect(placeOf(dsn, at)).toEqual(place));
  it("refuses a server with the reason", async () => {
    const refused = await sql('}\n    command: SELECT 1', "postgres://u:p@db.example.com/x");
    expect(refused.end).toMatchObject({ exitCode: 0, reason: "unsupported", error: expect.stringContaining("db.example.com is a server") });
    expect(refused.end.error).not.toContain("u:p");
  });
});
