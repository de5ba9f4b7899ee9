/**
 * Owns playing one case: its own store, files and driver, the case's directory as the DAG's folder, actions in order, each when the run has
 * settled. Runs wherever an executor runs: Node or a browser's worker. Refuses to know what a good answer is.
 */
import { dagId, revisionId, runId, type RunId } from "../../core/base/brand.ts";
import type { Request } from "../../core/run/fact.ts";
import { createDriver, type Driver } from "../../host/driver.ts";
import { createMemoryFiles } from "../../adapters/memory/files.ts";
import { createMemoryNotify } from "../../adapters/memory/lock.ts";
import { createMemoryStore } from "../../adapters/memory/store.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Executor } from "../../ports/executor.ts";
import { folderPath, type Files } from "../../ports/files.ts";
import type { Store } from "../../ports/store.ts";
import type { ActionReport, Case, CaseAction, CaseFolder, CaseReport } from "./case.ts";
import { createReporter } from "./report.ts";

export interface Stage {
  readonly clock: Clock;
  /** A fresh executor over these files. */
  readonly executor: (files: Files) => Executor;
}
const id = "case";
const home = "/home/user";
export const caseDirectory = folderPath(id);
const settledMsMax = 60_000;

export const play = async (stage: Stage, folder: CaseFolder): Promise<CaseReport> => {
  const store = createMemoryStore();
  const files = createMemoryFiles(() => stage.clock.now());
  await placeFiles(files, folder.case);
  await placeDag(store, folder, stage.clock.now());
  const executor = stage.executor(files);
  const errors: string[] = [];
  const driver = createDriver({
    store, executor, clock: stage.clock, ids: { next: () => crypto.randomUUID(), random: Math.random }, notify: createMemoryNotify(),
    host: () => ({ PATH: "/usr/local/bin:/usr/bin:/bin", HOME: home, TZ: "UTC", LC_ALL: "C", SHELL: "/bin/sh", ...folder.case.env }),
    onError: (_run, error) => void errors.push(error instanceof Error ? error.stack ?? error.message : String(error)),
  });
  await driver.start();
  try {
    return await perform({ store, files, driver, folder, errors });
  } finally {
    await driver.close();
    await executor.close();
  }
};

const placeFiles = async (files: Files, { files: texts }: Case): Promise<void> => {
  for (const directory of ["/folders", caseDirectory, "/runs", "/tmp", "/home", home]) await files.mkdir(directory, 0o755);
  for (const [path, text] of Object.entries(texts)) {
    const parts = path.split("/");
    for (let at = 1; at < parts.length; at += 1) {
      const parent = `${caseDirectory}/${parts.slice(0, at).join("/")}`;
      if (!(await exists(files, parent))) await files.mkdir(parent, 0o755);
    }
    await files.create(`${caseDirectory}/${path}`, 0o644, false);
    await files.write(`${caseDirectory}/${path}`, 0, new TextEncoder().encode(text));
  }
};
const exists = async (files: Files, path: string): Promise<boolean> => {
  try {
    await files.stat(path);
    return true;
  } catch (error) {
    if ((error as { readonly code?: string }).code === "ENOENT") return false;
    throw error;
  }
};
const placeDag = (store: Store, { slug, text }: CaseFolder, at: ReturnType<Clock["now"]>): Promise<void> =>
  store.transact(async (tx) => {
    await tx.putRevision({ id: revisionId(id), dag: dagId(id), number: 1, text, at, note: "", draft: false });
    await tx.putDag({
      id: dagId(id), name: slug, head: revisionId(id), description: "", group: "", labels: [], hasSchedule: false, stepCount: 0, errorCount: 0,
      hasDraft: false, createdAt: at, updatedAt: at,
    });
  });

interface Scene {
  readonly store: Store;
  readonly files: Files;
  readonly driver: Driver;
  readonly folder: CaseFolder;
  readonly errors: readonly string[];
}
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const perform = async (scene: Scene): Promise<CaseReport> => {
  const { driver, folder } = scene;
  const run = runId(crypto.randomUUID());
  const reporter = createReporter(scene.store, scene.files, folder.case, run);
  const { params, workdir, actions } = folder.case;
  const started = await driver.ask({
    type: "start", dag: id, run, args: params, paramsText: params.join(" "), trigger: "manual",
    ...(workdir === "case" ? { baseWorkingDir: caseDirectory } : {}),
  });
  if (!started.ok) return reporter.refused(started.message);
  const answers: ActionReport[] = [];
  for (const action of actions.filter((one) => one.do !== "start")) {
    if (action.do === "stop") await firstRunning(scene, run, action.afterMs ?? 0);
    else await settled(scene);
    const answer = await carryOut(scene, run, action);
    if (answer !== undefined) answers.push(answer);
  }
  await settled(scene);
  if (scene.errors.length > 0) throw new Error(scene.errors.join("\n"));
  return reporter.report(answers);
};

/** The run and all its children are at rest and nothing is on its way. */
const settled = async ({ store, driver, folder, errors }: Scene): Promise<void> => {
  const until = Date.now() + settledMsMax;
  for (let quiet = 0; quiet < 2; ) {
    if (Date.now() > until) throw new Error(`${folder.slug} did not settle within ${settledMsMax} ms`);
    await sleep(2);
    const active = await store.transact((tx) => tx.activeRuns(), { readonly: true });
    quiet = (active.length === 0 && driver.isIdle()) || errors.length > 0 ? quiet + 1 : 0;
  }
};
const firstRunning = async ({ store }: Scene, run: RunId, afterMs: number): Promise<void> => {
  for (;;) {
    const steps = await store.transact((tx) => tx.steps(run), { readonly: true });
    if (steps.some((step) => step.startedAt !== undefined && step.handler === undefined)) return sleep(afterMs);
    await sleep(5);
  }
};

const requestOf = (action: CaseAction): Request => {
  const { step = "", inputs = {}, reason = "" } = action;
  switch (action.do) {
    case "approve": return { do: "approve", step, inputs };
    case "push-back": return { do: "push-back", step, inputs };
    case "reject": return { do: "reject", step, reason };
    case "retry-step": return { do: "retry-step", step };
    case "stop": return { do: "stop" };
    default: return { do: "retry" };
  }
};
const carryOut = async ({ store, driver }: Scene, root: RunId, action: CaseAction): Promise<ActionReport | undefined> => {
  const isPersonal = action.do === "approve" || action.do === "reject" || action.do === "push-back";
  const run = action.child === undefined ? root : await childNamed(store, root, action.child);
  const answer = run === undefined
    ? { ok: false as const, code: "not_found" }
    : await driver.ask({ type: "run", run, request: requestOf(action) });
  if (!isPersonal) return undefined;
  return { do: action.do, ok: answer.ok, ...(answer.ok ? {} : { code: answer.code }) };
};
const childNamed = async (store: Store, root: RunId, name: string): Promise<RunId | undefined> => {
  const rows = await store.transact((tx) => tx.runs({ withChildren: true }, 1000), { readonly: true });
  return rows.rows.find((row) => row.dagName === name && row.parent?.root === root)?.id;
};
