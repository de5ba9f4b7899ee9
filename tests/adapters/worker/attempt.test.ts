import { describe, expect, it } from "vitest";
import { unseal } from "../../../src/core/value/seal.ts";
import { createStage, dagOf, folder, scope, stepOf } from "./stage.ts";

describe("one execution", () => {
  it("captures output, trimmed, and reports numbers of policies", async () => {
    const { run } = await createStage();
    const { report, stdout } = await run(stepOf('steps:\n  - command: echo "  hi  "\n    output: X\n    retry_policy: {limit: "${LIMIT}", interval_sec: "`echo 4`"}\n'));
    expect(stdout).toBe("  hi  \n");
    expect(report).toMatchObject({ end: { type: "exited", exitCode: 0, output: "hi", ran: true }, policies: { retryLimit: 3, retryIntervalSec: 4 } });
  });
  it("fails before it runs when a policy is no number", async () => {
    const { run } = await createStage();
    const { report } = await run(stepOf('steps:\n  - command: echo hi\n    retry_policy: {limit: "many", interval_sec: 0}\n'));
    expect(report.end).toMatchObject({ type: "exited", exitCode: 0, ran: false, error: expect.stringContaining("failed to setup retry policy") });
  });
  it("keeps output of a failing step, adds -e unless the step names its shell", async () => {
    const { run } = await createStage();
    const script = "    script: |\n      echo one\n      false\n      echo two\n";
    expect((await run(stepOf(`steps:\n  - name: a\n    output: X\n${script}`))).end).toMatchObject({ exitCode: 1, error: "exit status 1", output: "one" });
    expect((await run(stepOf(`steps:\n  - name: a\n    shell: sh\n${script}`))).stdout).toBe("one\ntwo\n");
  });
  it("fails for an output past its limit, and keeps the log whole", async () => {
    const { run } = await createStage();
    const dag = { name: "d", logOutput: "separate" as const, maxOutputSize: 10, maxCleanUpTimeSec: 5, secrets: [] };
    const { end, stdout } = await run(stepOf("steps:\n  - command: echo 1234567890\n    output: X\n"), { dag });
    expect(end).toMatchObject({ exitCode: 0, error: "failed to capture output: output exceeded maximum size limit of 10 bytes", reason: "output" });
    expect(stdout).toBe("1234567890\n");
    expect((await run(stepOf("steps:\n  - command: printf 1234567890\n    output: X\n"), { dag })).end.output).toBe("1234567890");
  });
  it("skips on an unmet precondition and evaluates every item", async () => {
    const { run } = await createStage();
    const { report } = await run(stepOf('steps:\n  - command: echo hi\n    preconditions:\n      - "false"\n      - {condition: "`exit 4`", expected: "0"}\n      - {condition: "`echo 3`", expected: "3"}\n      - {condition: "true", negate: true}\n'));
    expect(report.end).toEqual({ type: "skipped" });
    expect(report.conditions.map(({ met, error }) => [met, error !== undefined])).toEqual([[false, false], [false, true], [true, false], [false, false]]);
  });
  it("masks secrets in logs, live pieces and files, and seals them in the captured output", async () => {
    const { run, get, shown } = await createStage();
    const secret = { ...scope, secrets: [{ name: "PW", value: "hunter2000" }] };
    const { end, stdout } = await run(stepOf('steps:\n  - stdout: copy.txt\n    output: X\n    script: |\n      printf hunter; printf "2000\\n"; echo "pw=$PW"\n'), { scope: secret });
    expect([stdout, shown(), await get(`${folder}/copy.txt`)]).toEqual(Array(3).fill("*******\npw=*******\n"));
    expect(end.output).not.toContain("hunter2000");
    expect(unseal(end.output ?? "", secret.secrets)).toBe("hunter2000\npw=hunter2000");
  });
  it("does not see a step's own env in another entry", async () => {
    const { run } = await createStage();
    expect((await run(stepOf('steps:\n  - env: [{X: one}, {Y: "${X}-two"}, {Z: "`exit 1`"}]\n    script: echo "$X $Y ${Z-unset}"\n'))).stdout).toBe("one ${X}-two unset\n");
  });
  it("ends by its own timeout with 124, and by a cancel with aborted", async () => {
    const { run, executor } = await createStage();
    const slow = stepOf("steps:\n  - name: slow\n    command: echo early; sleep 5; echo late\n");
    const late = await run(slow, { timeoutMs: 100 });
    expect(late.end).toMatchObject({ exitCode: 124, reason: "timeout" });
    expect(late.stdout).toBe("early\n");
    const stopped = run(slow);
    setTimeout(() => void executor.cancel(executor.running()[0] as string, { signal: "SIGTERM", graceMs: 2000, reason: "stop" }), 50);
    expect((await stopped).report.end).toEqual({ type: "aborted" });
  });
  it("builds object outputs and sees a repeat condition with the newest output", async () => {
    const { run, put } = await createStage();
    await put(`${folder}/c.yaml`, "server:\n  port: 80\n");
    const object = await run(stepOf('steps:\n  - id: a\n    command: echo \'{"v":[1,2]}\'\n    output:\n      v: {from: stdout, decode: json, select: ".v[1]"}\n      p: {from: file, path: c.yaml, decode: yaml, select: .server.port}\n      t: "x ${HOMELESS}"\n'));
    expect(object.end.output).toBe('{"p":80,"t":"x ${HOMELESS}","v":2}');
    const repeat = await run(stepOf('steps:\n  - command: echo done\n    output: S\n    repeat_policy: {repeat: until, condition: "${S}", expected: done, limit: 3}\n'));
    expect(repeat.end.repeatConditionMet).toBe(true);
  });
  it("asks for children of call and parallel steps", async () => {
    const { run } = await createStage();
    const params = { ...scope, params: [{ name: "L", value: '["a b", "c"]' }] };
    const { report } = await run(stepOf('steps:\n  - call: kid\n    parallel: {items: "${L}", max_concurrent: 2}\n    params: "X=${ITEM}"\n---\nname: kid\nsteps: []\n'), { scope: params });
    expect(report.end).toEqual({
      type: "called", parallel: true, maxConcurrent: 2,
      children: [{ dag: "kid", params: 'X="a b"', workingDir: folder }, { dag: "kid", params: 'X="c"', workingDir: folder }],
    });
  });
  it("refuses what needs a backend with a reason", async () => {
    const { run } = await createStage();
    const step = { ...stepOf("steps:\n  - command: echo hi\n"), type: "docker" };
    expect((await run(step)).end).toMatchObject({ reason: "unsupported", error: expect.stringContaining("container runtime") });
  });
});

describe("a start (phase B)", () => {
  const start = async (text: string, args: readonly string[] = []): Promise<unknown> => {
    const { executor } = await createStage();
    return executor.evaluateStart({ dag: dagOf(text), args, host: scope.host, folder, special: [] });
  };
  it("evaluates env in order with params and backticks", async () => {
    expect(await start('params:\n  - P: "1"\nenv:\n  - A: "`echo ${P} | tr 1 9`"\n  - B: "${A}/${NOPE}/${HOME}"\nsteps: []\n', ["P=21"])).toMatchObject({
      ok: true, params: [{ name: "P", value: "21" }], dagEnv: [{ name: "A", value: "29" }, { name: "B", value: "29///home/u" }],
    });
  });
  it("refuses a failing backtick", async () => {
    expect(await start('env:\n  - A: "`exit 3`"\nsteps: []\n')).toEqual({
      ok: false, message: "failed to build DAG: field 'env': env config should be map of strings or array of key=value formatted string: `exit 3`",
    });
  });
  it("runs param evals, falls back to the default", async () => {
    expect(await start('params:\n  - {name: A, eval: "`echo x`"}\n  - {name: B, eval: "${A}.csv"}\n  - {name: C, eval: "`exit 1`", default: d}\nsteps: []\n')).toMatchObject({
      params: [{ name: "A", value: "x" }, { name: "B", value: "x.csv" }, { name: "C", value: "d" }],
    });
  });
});
