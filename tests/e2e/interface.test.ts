/**
 * `window.dagbok`, call by call, in a real browser: each with good input and with bad, by a DAG's id and by its name. What is refused is
 * refused with a code and words, and nothing is stored.
 */
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveBare, type BareSite } from "../kit/tab/bare.ts";

let site: BareSite;
let page: Page;
beforeAll(async () => {
  site = await serveBare();
  page = await site.open(await site.browser.newContext());
}, 120_000);
afterAll(() => site?.close());

interface Refused {
  readonly code: string;
  readonly words: boolean;
  readonly lines?: readonly number[];
}
/** The value, or how it was refused. Bytes arrive as `{ bytes }`, an argument `{ bytes }` leaves as bytes. */
const call = (command: string, ...given: readonly unknown[]): Promise<unknown> =>
  page.evaluate(
    async ([name, values]) => {
      const dagbok = (window as unknown as { dagbok: Record<string, (...rest: readonly unknown[]) => Promise<unknown>> }).dagbok;
      const open = (value: unknown): unknown => (typeof value === "object" && value !== null && "bytes" in value ? Uint8Array.from(value.bytes as number[]) : value);
      try {
        const value = await dagbok[name as string]!(...(values as unknown[]).map(open));
        return value instanceof Uint8Array ? { bytes: [...value] } : value;
      } catch (error) {
        const { code, message, issues } = error as { code: string; message: string; issues?: readonly { line: number }[] };
        return { code, words: typeof message === "string" && message.length > 0, ...(issues === undefined ? {} : { lines: issues.map((issue) => issue.line) }) };
      }
    },
    [command, given] as const,
  );
const refusal = (code: string): Refused => ({ code, words: true });
const import_ = async (text: string, options?: object): Promise<string> => ((await call("importYaml", text, options)) as { dag: string }).dag;
const start = async (dag: string, options?: object): Promise<string> => ((await call("start", dag, options)) as { run: string }).run;
const finish = (run: string): Promise<unknown> => call("waitForEnd", run, { timeoutMs: 20_000 });
const bytes = (text: string): object => ({ bytes: [...new TextEncoder().encode(text)] });
const hello = (name: string): string => `name: ${name}\nsteps:\n  - name: one\n    command: echo hello\n`;

describe("importYaml", () => {
  it("stores a DAG under its own name, the given one, or a free one, and publishes over the one of that name", async () => {
    const dag = await import_(hello("greet"));
    expect(await import_(`${hello("greet")}  - command: echo more\n`)).toBe(dag);
    expect(await import_(hello("greet"), { name: "other" })).not.toBe(dag);
    expect(await import_("steps:\n  - command: echo nameless\n")).toEqual(expect.any(String));
    expect(await call("deleteDag", "untitled-1")).toBeUndefined();
  });
  it("refuses what does not load, with the lines, and what is no text", async () => {
    expect(await call("importYaml", "steps:\n  - name: a\n    comand: echo\n")).toMatchObject({ code: "invalid", words: true, lines: [3] });
    expect(await call("importYaml", hello("fine"), { name: "not fine/at all" })).toEqual(refusal("bad_name"));
    expect(await call("importYaml", 42)).toEqual(refusal("bad_request"));
    expect(await call("importYaml")).toEqual(refusal("bad_request"));
  });
});

describe("putFile, getFile, deleteDag, undo", () => {
  it("keep text and bytes in the folder of a DAG, by id or name", async () => {
    const dag = await import_(hello("folder"));
    expect(await call("putFile", "folder", "data/a.txt", "text ✓\n")).toBeUndefined();
    expect(await call("putFile", dag, "b.bin", { bytes: [0, 255, 254, 0] })).toBeUndefined();
    expect(await call("getFile", dag, "data/a.txt")).toEqual(bytes("text ✓\n"));
    expect(await call("getFile", "folder", "b.bin")).toEqual({ bytes: [0, 255, 254, 0] });
  });
  it("refuse unknown DAGs, paths that leave the folder, and what is no file", async () => {
    expect(await call("putFile", "nobody", "a", "x")).toEqual(refusal("not_found"));
    expect(await call("putFile", "folder", "../a", "x")).toEqual(refusal("bad_path"));
    expect(await call("putFile", "folder", "a", 7)).toEqual(refusal("bad_request"));
    expect(await call("putFile", "folder", undefined, "x")).toEqual(refusal("bad_path"));
    expect(await call("getFile", "folder", "none")).toEqual(refusal("not_found"));
    expect(await call("getFile", "folder", "data")).toEqual(refusal("bad_path"));
    expect(await call("getFile", undefined, "a")).toEqual(refusal("bad_request"));
  });
  it("delete a DAG by its name with all it owns, and take it back once", async () => {
    const dag = await import_(hello("gone"));
    await finish(await start("gone"));
    expect(await call("deleteDag", "gone")).toBeUndefined();
    expect(await call("deleteDag", "gone")).toEqual(refusal("not_found"));
    expect(await call("start", dag)).toEqual(refusal("not_found"));
    expect(await call("runs", { dag: "gone" })).toEqual(refusal("not_found"));
    expect(await call("undo")).toBeUndefined();
    expect(await call("runs", { dag: "gone" })).toMatchObject({ rows: [{ dagName: "gone", status: "succeeded" }] });
    await call("deleteDag", dag);
    expect(await call("undo")).toBeUndefined();
    expect(await call("undo", "no such entry")).toEqual(refusal("nothing_to_undo"));
  });
});

describe("start, waitForEnd, run, logs", () => {
  it("run a DAG by id or name, with params as values or text", async () => {
    const dag = await import_('name: params\nparams:\n  - WHO: world\nsteps:\n  - name: say\n    command: echo "hello ${WHO}"\n    output: SAID\n  - name: warn\n    command: echo careful >&2\n');
    const runs = [await start(dag), await start("params", { params: { WHO: "two words" } }), await start("params", { params: "WHO=text" })];
    for (const run of runs) expect(await finish(run)).toBe("succeeded");
    const said = await Promise.all(runs.map(async (run) => ((await call("run", run)) as { outputs: unknown }).outputs));
    expect(said).toEqual([{ said: "hello world" }, { said: "hello two words" }, { said: "hello text" }]);
    expect(await call("run", runs[0])).toEqual({
      status: "succeeded", dag, revision: expect.any(String) as unknown, outputs: { said: "hello world" },
      steps: ["say", "warn"].map((name) => ({ name, status: "succeeded", exitCode: 0, retryCount: 0, doneCount: 1 })),
    });
    expect(await call("logs", runs[1], "say")).toBe("hello two words\n");
    expect(await call("logs", runs[1], "warn", { stream: "stderr" })).toBe("careful\n");
  });
  it("refuse what is unknown, and say when time is up", async () => {
    expect(await call("start", "nobody")).toEqual(refusal("not_found"));
    expect(await call("start")).toEqual(refusal("bad_request"));
    expect(await call("start", "params", { params: { NOBODY: "x", WHO: "y" } })).toMatchObject({ code: "params" });
    const run = await start("params");
    await finish(run);
    expect(await call("logs", run, "nobody")).toEqual(refusal("not_found"));
    expect(await call("logs", run, "say", { stream: "stdin" })).toEqual(refusal("bad_request"));
    expect(await call("logs", "nobody", "say")).toEqual(refusal("not_found"));
    expect(await call("run", "nobody")).toEqual(refusal("not_found"));
    expect(await call("waitForEnd", "nobody")).toEqual(refusal("not_found"));
    await import_("name: long\nsteps:\n  - name: a\n    command: echo before; sleep 600\n");
    const long = await start("long");
    expect(await call("waitForEnd", long, { timeoutMs: 50 })).toEqual(refusal("timeout"));
    await call("stop", long);
    await finish(long);
  });
});

describe("stop, retry", () => {
  it("end what runs, count what it had written, and start it again", async () => {
    await import_("name: stopped\nsteps:\n  - name: a\n    command: echo before; sleep 600\n");
    const run = await start("stopped");
    await expect.poll(() => call("logs", run, "a"), { timeout: 10_000 }).toBe("before\n");
    expect(await call("stop", run)).toBeUndefined();
    expect(await finish(run)).toBe("aborted");
    const row = await page.evaluate(
      (id) => (window as unknown as { booted: { store: { transact: (work: (tx: { steps: (run: string) => Promise<readonly { stdoutBytes: number }[]> }) => unknown) => Promise<unknown> } } }).booted.store.transact((tx) => tx.steps(id)),
      run,
    );
    expect(row).toMatchObject([{ name: "a", stdoutBytes: 7 }]);
    expect(await call("retry", run)).toBeUndefined();
    await call("stop", run);
    expect(await finish(run)).toBe("aborted");
  });
  it("refuse runs that are unknown or at rest", async () => {
    expect(await call("stop", "nobody")).toEqual(refusal("not_found"));
    expect(await call("retry", "nobody")).toEqual(refusal("not_found"));
    const run = await start("greet");
    await finish(run);
    expect(await call("stop", run)).toEqual(refusal("not_running"));
  });
});

describe("approve, reject", () => {
  const gate = "name: gate\nsteps:\n  - name: ask\n    command: echo asked\n    approval:\n      prompt: Go on?\n      input: [WHY]\n      required: [WHY]\n  - name: after\n    command: echo \"because ${WHY}\"\n";
  it("answer a waiting step; waiting is an end", async () => {
    await import_(gate);
    const run = await start("gate");
    expect(await finish(run)).toBe("waiting");
    expect(await call("approve", run, "ask")).toMatchObject({ code: "bad_request" });
    expect(await call("approve", run, "nobody", { WHY: "x" })).toMatchObject({ words: true });
    expect(await call("approve", run, "ask", { WHY: "it is time" })).toBeUndefined();
    expect(await finish(run)).toBe("succeeded");
    expect(await call("logs", run, "after")).toBe("because it is time\n");
    const other = await start("gate");
    await finish(other);
    expect(await call("reject", other, "ask", "not now")).toBeUndefined();
    expect(await finish(other)).toBe("rejected");
  });
  it("refuse steps that do not wait and runs that are unknown", async () => {
    const run = await start("greet");
    await finish(run);
    expect(await call("approve", run, "one")).toMatchObject({ words: true, code: expect.any(String) as unknown });
    expect(await call("reject", run, "one")).toMatchObject({ words: true, code: expect.any(String) as unknown });
    expect(await call("approve", "nobody", "one")).toEqual(refusal("not_found"));
    expect(await call("reject", "nobody", "one")).toEqual(refusal("not_found"));
  });
});

describe("artifacts, artifact", () => {
  it("list and read what a run left behind", async () => {
    await import_("name: makes\nartifacts:\n  enabled: true\nsteps:\n  - name: a\n    command: printf made > $DAG_RUN_ARTIFACTS_DIR/out.txt\n");
    const run = await start("makes");
    expect(await finish(run)).toBe("succeeded");
    expect(await call("artifacts", run)).toEqual([{ path: "out.txt", size: 4 }]);
    expect(await call("artifact", run, "out.txt")).toEqual(bytes("made"));
    expect(await call("artifact", run, "none.txt")).toEqual(refusal("not_found"));
    expect(await call("artifact", run, "../../x")).toEqual(refusal("bad_path"));
    expect(await call("artifacts", "nobody")).toEqual(refusal("not_found"));
    expect(await call("artifact", "nobody", "out.txt")).toEqual(refusal("not_found"));
  });
});

describe("runs, entry", () => {
  it("page through what is asked for, by id or name, and tell the entry they were drawn at", async () => {
    const dag = await import_(hello("many"));
    for (let n = 0; n < 3; n += 1) await finish(await start("many"));
    const first = (await call("runs", { dag: "many", limit: 2, status: ["succeeded"] })) as { rows: { id: string }[]; next: string; entry: number };
    const second = (await call("runs", { dag, limit: 2, cursor: first.next })) as typeof first;
    expect(new Set([...first.rows, ...second.rows].map((row) => row.id)).size).toBe(3);
    expect([first.rows.length, second.rows.length, second.next]).toEqual([2, 1, undefined]);
    expect(first.entry).toBeLessThanOrEqual((await call("entry")) as number);
    expect((await call("runs", { status: ["failed"], dag: "many" }))).toMatchObject({ rows: [] });
  });
  it("refuse filters that mean nothing", async () => {
    expect(await call("runs", { status: ["finished"] })).toEqual(refusal("bad_request"));
    expect(await call("runs", { status: "failed" })).toEqual(refusal("bad_request"));
    expect(await call("runs", { limit: 0 })).toEqual(refusal("bad_request"));
    expect(await call("runs", { cursor: "x" })).toEqual(refusal("bad_request"));
    expect(await call("runs", { dag: "nobody" })).toEqual(refusal("not_found"));
  });
});
