/** What a recorded outcome cannot show: streaming, stopping, limits, messages. */
import { describe, expect, it } from "vitest";
import { start, sh } from "./kit.ts";

describe("a run", () => {
  it("hands output on as it is written", async () => {
    const done = await sh("echo first; sleep 0.3; echo last");
    expect(done.stdout).toBe("first\nlast\n");
    expect(done.writtenAt[0]).toBeLessThan(150);
    expect(done.writtenAt[1]).toBeGreaterThan(250);
  });
  it.each([
    ["an empty loop", "while :; do :; done"],
    ["an arithmetic loop", "for ((;;)); do ((x++)); done"],
    ["a pipeline", "yes | cat > /dev/null"],
    ["a substitution", "x=$(while :; do :; done)"],
    ["a sleep", "sleep 100"],
    ["a background job", "while :; do :; done & wait"],
    ["a recursion", "f() { f; }; f"],
  ])("stops inside %s", async (_, script) => {
    const { run, done } = start(script);
    setTimeout(() => run.signal("TERM"), 60);
    setTimeout(() => run.terminate(), 800);
    const end = await done;
    expect(end.exitCode).toBeGreaterThan(0);
  });
  it("runs the handler of a signal from outside, then goes on", async () => {
    const { run, done } = start("trap 'echo asked; exit 4' TERM; while :; do sleep 0.01; done");
    setTimeout(() => run.signal("TERM"), 80);
    expect(await done).toMatchObject({ stdout: "asked\n", exitCode: 4 });
  });
  it.each([
    ["stepsMax", { stepsMax: 5000 }, "while :; do :; done"],
    ["timeMsMax", { timeMsMax: 80 }, "while :; do :; done"],
    ["processesMax", { processesMax: 20 }, "f() { f | f; }; f"],
    ["callDepthMax", { callDepthMax: 100 }, "f() { f; }; f"],
    ["openFilesMax", { openFilesMax: 30 }, "while :; do exec {x}>/dev/null; done"],
    ["bytesMax", { bytesMax: 100_000 }, "x=$(yes | head -c 200000)"],
  ])("ends at the limit %s with its name", async (limit, limits, script) => {
    const end = await sh(script, { limits });
    expect(end).toMatchObject({ exitCode: 126, limit });
    expect(end.stderr).toContain(limit);
  });
  it("says what bash says, and names a near command", async () => {
    expect((await sh("echo a\nfoo")).stderr).toBe("bash: line 2: foo: command not found\n");
    expect((await sh("grpe x")).stderr).toContain("did you mean 'grep'?");
    expect((await sh("cd /none", { mode: "sh" })).stderr).toBe("sh: 1: cd: can't cd to /none\n");
    expect((await sh("cat < /none")).stderr).toBe("bash: line 1: /none: No such file or directory\n");
  });
  it("takes arguments, options and standard input", async () => {
    expect((await sh('echo "$0 $1 $#"; cat', { args: ["x y", "z"], stdin: "in\n" })).stdout).toBe("bash x y 2\nin\n");
  });
  it("starts within five milliseconds", async () => {
    await sh(":");
    const from = performance.now();
    for (let i = 0; i < 20; i++) await sh(":");
    expect((performance.now() - from) / 20).toBeLessThan(20);
  });
});
