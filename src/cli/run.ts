/** Owns `dagbok run`: one run of one file, its output on the terminal, its end as an exit code. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { seq, type RunId, type Seq } from "../core/base/brand.ts";
import { isRunSettled, type RunStatus } from "../core/run/status.ts";
import type { LogPiece } from "../ports/executor.ts";
import type { Store } from "../ports/store.ts";
import { under } from "../host/edit/base.ts";
import { baseTextFor } from "./base.ts";
import { openNodeHost, stemOf, type NodeHost } from "./host.ts";

export interface RunOptions {
  readonly file: string;
  /** As typed after `--`, and `-p k=v` values. */
  readonly args: readonly string[];
  readonly json: boolean;
  readonly sandbox: boolean;
  /** Host variables over those of the process. */
  readonly env: Readonly<Record<string, string>>;
  /** File of the base configuration. */
  readonly base?: string;
  /** Keep the run's history here. */
  readonly data?: string;
}
/** 0 only for succeeded. 1 failed, 2 bad usage or a refused start, 3 aborted, 4 waits for approval, 5 rejected, 6 partially succeeded. */
export const exitCodes: Readonly<Record<RunStatus, number>> = {
  succeeded: 0, failed: 1, aborted: 3, waiting: 4, rejected: 5, partially_succeeded: 6, not_started: 1, running: 1, queued: 1,
};
const refusedCode = 2;

export const runFile = async (options: RunOptions): Promise<number> => {
  const file = resolve(options.file);
  const text = readFileSync(file, "utf8");
  const copy = options.sandbox ? mkdtempSync(join(tmpdir(), "dagbok-")) : undefined;
  if (copy !== undefined) cpSync(dirname(file), copy, { recursive: true });
  const screen = createScreen(options.json);
  const host = await openNodeHost({
    name: stemOf(file), file: basename(file), text, folder: copy ?? dirname(file), host: { ...definedEnv(), ...options.env },
    ...under(baseTextFor(file, options.base)), onLog: screen.log, onError: (message) => process.stderr.write(`${message}\n`),
  });
  try {
    const started = await host.start(options.args);
    if (!started.ok) {
      process.stderr.write(`${started.message}\n`);
      return refusedCode;
    }
    const stop = stopOnSignal(host, started.run);
    const status = await follow(host.store, started.run, screen);
    stop();
    await whenIdle(host);
    if (options.data !== undefined) await keepHistory(host.store, started.run, options.data);
    if (options.json) process.stdout.write(`${JSON.stringify({ type: "end", run: started.run, status })}\n`);
    else process.stderr.write(`${stemOf(file)}: ${status}\n`);
    return exitCodes[status];
  } finally {
    await host.close();
    if (copy !== undefined) rmSync(copy, { recursive: true, force: true });
  }
};
const definedEnv = (): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));

interface Screen {
  readonly log: (piece: LogPiece) => void;
  readonly event: (event: unknown) => void;
}
/** Lines of steps as they come; with `json` every event of the log, one a line, and output pieces among them. */
const createScreen = (json: boolean): Screen => ({
  log: (piece) => {
    const out = piece.stream === "stderr" ? process.stderr : process.stdout;
    if (!json) out.write(out.isTTY ? named(piece) : piece.bytes);
    else process.stdout.write(`${JSON.stringify({ type: "output", step: piece.step, stream: piece.stream, text: new TextDecoder().decode(piece.bytes) })}\n`);
  },
  event: (event) => {
    if (json) process.stdout.write(`${JSON.stringify(event)}\n`);
  },
});

/** On a terminal, where the lines of several steps meet, each piece begins with the name of its step. */
const named = ({ step, bytes }: LogPiece): string => {
  const text = new TextDecoder().decode(bytes);
  const lines = text.endsWith("\n") ? text.slice(0, -1) : text;
  return `${lines.split("\n").map((line) => `\u001b[2m${step} │\u001b[22m ${line}`).join("\n")}\n`;
};

const follow = (store: Store, run: RunId, screen: Screen): Promise<RunStatus> =>
  new Promise((settle, fail) => {
    let after: Seq = seq(0);
    const unsubscribe = store.watch(
      async (tx) => ({ row: await tx.run(run), events: await tx.events(run, after) }),
      ({ row, events }) => {
        for (const entry of events) {
          if (entry.seq <= after) continue;
          after = entry.seq;
          screen.event({ seq: entry.seq, ...entry.event });
        }
        if (row?.broken !== undefined) fail(new Error(row.broken));
        if (row === undefined || !isRunSettled(row.status)) return;
        unsubscribe();
        settle(row.status);
      },
      fail,
    );
  });
const whenIdle = async (host: NodeHost): Promise<void> => {
  while (!host.driver.isIdle()) await new Promise((done) => setTimeout(done, 2));
};
/** Ctrl C stops the run politely; its handlers still run. A second one ends the process. */
const stopOnSignal = (host: NodeHost, run: RunId): (() => void) => {
  const stop = (): void => {
    process.stderr.write("Stopping …\n");
    void host.driver.ask({ type: "run", run, request: { do: "stop" } });
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  return () => {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  };
};

/** One folder per run: row, steps, events (one a line) and the output of each step. */
const keepHistory = async (store: Store, run: RunId, data: string): Promise<void> => {
  const folder = join(data, "runs", run);
  mkdirSync(join(folder, "logs"), { recursive: true });
  await store.transact(async (tx) => {
    const row = await tx.run(run);
    const steps = await tx.steps(run);
    writeFileSync(join(folder, "run.json"), `${JSON.stringify(row, null, 2)}\n`);
    writeFileSync(join(folder, "steps.json"), `${JSON.stringify(steps, null, 2)}\n`);
    writeFileSync(join(folder, "events.ndjson"), (await tx.events(run)).map((entry) => `${JSON.stringify(entry)}\n`).join(""));
    for (const step of steps)
      for (const stream of ["stdout", "stderr"] as const) {
        const chunks = await tx.logs({ run, attempt: step.logAttempt, step: step.name, stream });
        if (chunks.length > 0) writeFileSync(join(folder, "logs", `${encodeURIComponent(step.name)}.${stream === "stdout" ? "out" : "err"}`), Buffer.concat(chunks.map((chunk) => chunk.bytes)));
      }
  }, { readonly: true });
};
