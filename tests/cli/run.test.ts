/** The command line as a person runs it: a process of its own, its output, its exit code. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const bin = join(import.meta.dirname, "../../src/cli/bin/dagbok.js");
let top: string;
beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), "dagbok-cli-"));
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Settles once stdout holds the text. */
  readonly says: (text: string) => Promise<void>;
}
const begin = (...args: readonly string[]): Started => {
  const child = spawn(process.execPath, [bin, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  const waiting = new Map<string, () => void>();
  child.stdout.on("data", (bytes: Buffer) => {
    stdout += bytes.toString();
    for (const [text, go] of waiting) if (stdout.includes(text)) go();
  });
  child.stderr.on("data", (bytes: Buffer) => {
    stderr += bytes.toString();
  });
  return {
    child,
    says: (text) => new Promise((resolve) => void waiting.set(text, resolve)),
    ended: new Promise((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr }))),
  };
};
const run = (...args: readonly string[]): Promise<Ended> => begin(...args).ended;
/** A folder with these files; answers the path of the first. */
const folder = (name: string, files: Readonly<Record<string, string>>): string => {
  mkdirSync(join(top, name));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(top, name, file), text);
  return join(top, name, Object.keys(files)[0] as string);
};

describe.concurrent("dagbok run", () => {
  it("hands over params, host variables and the base, and calls a neighbour", async () => {
    const file = folder("params", {
      "main.yaml": 'params: {WHO: nobody}\nworking_dir: .\nsteps:\n  - id: say\n    command: echo "$WHO $TERM $FROM_BASE" > said.txt\n  - id: below\n    call: child\n    params: "N=7"\n',
      "child.yaml": "params: {N: 0}\nsteps:\n  - command: echo child $N\n",
      "base.yaml": "env:\n  - FROM_BASE: based\n",
    });
    const { code, stdout } = await run("run", file, "-p", "WHO=you", "-e", "TERM=dumb", "--base", join(top, "params/base.yaml"));
    expect([code, readFileSync(join(top, "params/said.txt"), "utf8"), stdout.includes("child 7")]).toEqual([0, "you dumb based\n", true]);
  });
  it("ends a tight loop at the step's timeout, and says all of it as JSON lines", async () => {
    const file = folder("loop", { "loop.yaml": "steps:\n  - id: spin\n    shell: node\n    timeout_sec: 1\n    script: |\n      for (;;);\n" });
    const { code, stdout } = await run("run", file, "--json");
    const lines = stdout.trim().split("\n").map((line) => JSON.parse(line) as { readonly type: string; readonly reason?: string; readonly status?: string });
    expect([code, lines.at(-1)?.status, lines.some((line) => line.type === "step-ended" && line.reason === "timeout")]).toEqual([1, "failed", true]);
  });
  it("stops at Ctrl C, with its handlers", async () => {
    const file = folder("stop", { "stop.yaml": "steps:\n  - command: echo spinning\n  - id: spin\n    shell: node\n    script: |\n      for (;;);\nhandler_on:\n  abort:\n    command: echo put away\n" });
    const started = begin("run", file);
    await started.says("spinning");
    started.child.kill("SIGINT");
    const { code, stdout, stderr } = await started.ended;
    expect([code, stdout, stderr.trim().split("\n").at(-1)]).toEqual([3, "spinning\nput away\n", "stop: aborted"]);
  });
  it("leaves the folder as it is with --sandbox, and keeps history with --data", async () => {
    const file = folder("sandbox", { "box.yaml": "working_dir: .\nsteps:\n  - id: write\n    command: echo x > made.txt; echo done\n" });
    const { code } = await run("run", file, "--sandbox", "--data", join(top, "history"));
    const [kept = ""] = readdirSync(join(top, "history/runs"));
    expect([code, existsSync(join(top, "sandbox/made.txt")), readFileSync(join(top, "history/runs", kept, "logs/write.out"), "utf8")]).toEqual([0, false, "done\n"]);
  });
  it("reaches nothing outside of the folder", async () => {
    writeFileSync(join(top, "secret.txt"), "outside");
    const tries = ["cat ../secret.txt", `cat ${join(top, "secret.txt")}`, "cat way/secret.txt", "echo x > way/made.txt", "echo x > nowhere", "ls /etc/passwd"];
    const file = folder("escape", { "escape.yaml": `working_dir: .\nsteps:\n${tries.map((text) => `  - command: ${text}\n    continue_on: {failure: true}\n`).join("")}` });
    symlinkSync(top, join(top, "escape/way"));
    symlinkSync(join(top, "made-through-a-link.txt"), join(top, "escape/nowhere"));
    const { code, stdout } = await run("run", file);
    expect([code, stdout, existsSync(join(top, "made.txt")), existsSync(join(top, "made-through-a-link.txt"))]).toEqual([1, "", false, false]);
  });
  it("masks a secret in output and events", async () => {
    const file = folder("secret", { "secret.yaml": "secrets:\n  - {name: TOKEN, provider: file, key: token.txt}\nworking_dir: .\nsteps:\n  - command: echo \"$TOKEN\"\n    output: OUT\n", "token.txt": "canary-8d1f" });
    const { code, stdout, stderr } = await run("run", file, "--json");
    expect([code, stdout.includes("*******"), (stdout + stderr).includes("canary-8d1f")]).toEqual([0, true, false]);
  });
  it("hands a secret to a child and a grandchild without recording it", async () => {
    const file = folder("lent", {
      "lent.yaml": [
        "secrets: [{name: TOKEN, provider: file, key: token.txt}]", "steps:", "  - id: down", "    call: child", "    params: {T: \"x${TOKEN}y\"}", "    output: RESULT",
        "---", "name: child", "params: {T: none}", "steps:", "  - command: test \"$T\" = xcanary-8d1fy && echo child has $T $DAG_PARAMS_JSON", "  - call: grandchild", "    params: \"T=$T\"",
        "---", "name: grandchild", "params: {T: none}", "steps:", "  - command: test \"$T\" = xcanary-8d1fy && echo grandchild has $T", "    output: SEEN", "  - command: test \"$SEEN\" = \"grandchild has xcanary-8d1fy\" && echo it stays", "",
      ].join("\n"),
      "token.txt": "canary-8d1f",
    });
    const data = join(top, "lent-history");
    const { code, stdout, stderr } = await run("run", file, "--json", "--data", data);
    const kept = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
    const said = stdout.split("\n").filter((line) => line.includes('"output"')).map((line) => (JSON.parse(line) as { readonly text: string }).text).join("");
    expect([code, said.includes("child has x*******y"), said.includes("grandchild has x*******y"), said.includes("it stays")]).toEqual([0, true, true, true]);
    expect([stdout, stderr, ...kept].filter((text) => text.includes("canary-8d1f"))).toEqual([]);
  });
  it("refuses with 2 what cannot start", async () => {
    const file = folder("bad", { "bad.yaml": "steps:\n  - nonsense: 1\n" });
    const { code, stdout, stderr } = await run("run", file);
    expect([code, stdout, stderr]).toEqual([2, "", expect.stringContaining("nonsense")]);
  });
});
