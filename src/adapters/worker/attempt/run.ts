/**
 * Owns one execution of one step, from policies to the report. Refuses to know: which thread it runs in, retries, what comes next.
 *
 * P1 Order: policies, step env, preconditions, log files, work, output, repeat condition, `continue_on.output`. P2 It always answers a
 * report; only an abort leaves it early. P3 A failure that is ours and not the step's still ends the step, with its message.
 */
import { handlerStepName, type EnvEntry, type Step } from "../../../core/spec/dag.ts";
import { expandNow, type Names } from "../../../core/value/expand/expand.ts";
import { fields, type Field } from "../../../core/value/expand/phases.ts";
import type { Json, JsonObject } from "../../../core/value/json.ts";
import { masked } from "../../../core/value/mask.ts";
import { findsPattern } from "../../../core/value/match.ts";
import { seal, unseal } from "../../../core/value/seal.ts";
import type { AttemptEnd, AttemptOrder, AttemptReport, ConditionResult, Policies } from "../../../ports/executor.ts";
import { isDirectory, provide, readWhole, resolvePath, statOf } from "../files/whole.ts";
import { failed, type Exit, type Kind } from "../kind.ts";
import { callOrders, parallelOrders } from "./call.ts";
import { evaluateCondition, evaluateConditions, skipError } from "./conditions.ts";
import { openLogs, type Logs } from "./logs.ts";
import { captureBytes, keepOutput } from "./output.ts";
import { settlePolicies } from "./policies.ts";
import { lentNames, openScope, secretsOf, type Filled } from "./secrets.ts";
import { hostNames, sceneOf, stepDirectory, withOutput, withStepEnv, type Scene } from "./scene.ts";
import { withLimit, type AttemptWorld, type CommandPlace } from "./world.ts";

/** Bytes of a node's stdout log that `continue_on.output` looks at. */
const scanBytesMax = 64 * 1024 * 1024;
const noBytes = { stdoutBytes: 0, stderrBytes: 0 };

export interface AttemptOutcome {
  readonly report: AttemptReport;
  /** The runtime is spoilt: discard the worker. */
  readonly retire: boolean;
}

/** Shell and options for conditions and backticks: no automatic -e. */
const conditionShell = (step: Pick<Step, "shell"> | undefined, dagShell: readonly string[] | undefined): readonly string[] => {
  const argv = step?.shell ?? dagShell ?? ["sh"];
  return argv[0] === "direct" || argv[0] === "none" || argv.length === 0 ? ["sh"] : argv;
};

const placeOf = (order: AttemptOrder, world: AttemptWorld, env: ReadonlyMap<string, string>): CommandPlace => ({
  shell: world.shell, argv: conditionShell(order.step, order.dag.shell), env, cwd: order.places.folder, signal: world.signal, hosts: order.hosts,
});

/** The node's name: the step's, or the handler's fixed one. */
const nodeName = (order: AttemptOrder): string => (order.handler === undefined ? order.step.name : handlerStepName[order.handler]);

const unstarted = (error: string): AttemptEnd => ({ type: "exited", exitCode: 0, error, reason: "policy", outputMatched: false, ran: false });

const setting = async (order: AttemptOrder, world: AttemptWorld): Promise<Scene> => {
  const cwd = stepDirectory(order.step, order.dag, order.places, order.scope);
  const scene = sceneOf(order.scope, order.refs, cwd, nodeName(order));
  if (order.handler !== undefined || order.step.env.length === 0) return scene;
  return withStepEnv(scene, order, placeOf(order, world, scene.env));
};

const expandedSettings = (value: Json, expand: (text: string) => string): Json => {
  if (typeof value === "string") return expand(value);
  if (Array.isArray(value)) return (value as readonly Json[]).map((each) => expandedSettings(each, expand));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value as JsonObject).map(([key, each]) => [key, expandedSettings(each, expand)]));
};

const open = (order: Filled, world: AttemptWorld, scene: Scene): Promise<Logs> => {
  const { step, dag } = order;
  const copy = (text: string | undefined): string | undefined =>
    text === undefined || text.trim() === "" ? undefined : resolvePath(scene.cwd, expandNow(text.trim(), fields.redirect, scene.names));
  const [stdoutCopy, stderrCopy] = [copy(step.stdout), copy(step.stderr)];
  return openLogs({
    order, files: world.files, onLog: world.onLog, node: nodeName(order),
    isMerged: (step.logOutput ?? dag.logOutput) === "merged",
    ...(stdoutCopy === undefined ? {} : { stdoutCopy }),
    ...(stderrCopy === undefined ? {} : { stderrCopy }),
    captureBytes: captureBytes(step, dag.maxOutputSize),
  });
};

/** Runs the kind, with the step's own deadline. */
const work = async (order: AttemptOrder, world: AttemptWorld, scene: Scene, logs: Logs): Promise<Exit> => {
  const load = world.kinds[order.step.type];
  if (load === undefined) return { exitCode: 0, error: `step type "${order.step.type}" is not registered`, reason: "unsupported" };
  const expand = (text: string, field: Field): string => expandNow(text, fields[field], scene.names);
  const optional = new Set(order.step.type === "template" ? order.dag.paramNames : []);
  const withNames: Names = { ...scene.names, get: (name) => scene.names.get(name) ?? (optional.has(name) ? "" : undefined) };
  const limit = order.timeoutMs === undefined ? undefined : withLimit(world.signal, order.timeoutMs);
  const deadlineMs = order.timeoutMs === undefined ? Number.POSITIVE_INFINITY : world.now() + order.timeoutMs;
  // A runtime that blocks the thread ends itself at the deadline, before the timer can ring.
  const isLate = (): boolean => limit?.isLate() === true || world.now() >= deadlineMs;
  try {
    const kind: Kind = await load();
    const exit = await kind({
      world, order, step: order.step, expand, env: scene.env, cwd: scene.cwd, stdout: logs.stdout, stderr: logs.stderr,
      settings: expandedSettings(order.step.with, (text) => expandNow(text, fields.with, withNames)) as JsonObject,
      signal: limit?.signal ?? world.signal,
      deadlineMs,
    });
    return exit.error !== undefined && isLate() ? timedOut(exit) : exit;
  } catch (error) {
    if (isLate()) return timedOut({ exitCode: 124, retire: true });
    return failed(error instanceof Error ? error.message : String(error));
  } finally {
    limit?.done();
  }
};
const timedOut = (exit: Exit): Exit => ({ exitCode: 124, error: "step timed out", reason: "timeout", ...(exit.retire === true ? { retire: true } : {}) });

const outputNamed = (step: Step, output: string | undefined): readonly EnvEntry[] =>
  step.output?.type === "name" && output !== undefined ? [{ name: step.output.name, value: output }] : [];

/** Everything after the work: output, repeat condition, scan. */
const settle = async (order: Filled, world: AttemptWorld, scene: Scene, found: { readonly exit: Exit; readonly logs: Logs }): Promise<AttemptReport> => {
  const { step, dag } = order;
  const { exit, logs } = found;
  const sizes = await logs.close();
  const kept = await keepOutput(step, {
    stdout: logs.captured("stdout"), stderr: logs.captured("stderr"), files: world.files, cwd: scene.cwd, names: scene.names, bytesMax: dag.maxOutputSize,
  }, exit.error !== undefined);
  const output = kept.ok ? kept.output : undefined;
  const error = exit.error ?? (kept.ok ? undefined : kept.message);
  const reason = exit.reason ?? (kept.ok ? undefined : "output");
  const later = withOutput(scene, outputNamed(step, output), order.scope, order.refs);
  const repeat = step.repeat?.condition;
  const repeated = repeat === undefined || order.handler !== undefined ? undefined : await evaluateCondition(repeat, later, placeOf(order, world, later.env));
  const end: AttemptEnd = {
    type: "exited", exitCode: exit.exitCode, ran: true,
    outputMatched: await isOutputMatched(order, world),
    ...(error === undefined ? {} : { error: masked(error, secretsOf(order).map((each) => each.value)) }),
    ...(reason === undefined ? {} : { reason }),
    ...(output === undefined ? {} : { output: seal(output, secretsOf(order)) }),
    ...(repeated === undefined ? {} : { repeatConditionMet: repeated.met && repeated.error === undefined }),
  };
  return { token: order.token, end, conditions: [], ...sizes };
};
const isOutputMatched = async (order: AttemptOrder, world: AttemptWorld): Promise<boolean> => {
  const patterns = order.step.continueOn.outputs;
  if (patterns.length === 0 || (await statOf(world.files, order.places.stdoutLog)) === undefined) return false;
  return findsPattern(new TextDecoder().decode(await readWhole(world.files, order.places.stdoutLog, scanBytesMax)), patterns);
};

const perform = async (order: Filled, world: AttemptWorld, scene: Scene): Promise<AttemptOutcome> => {
  const logs = await open(order, world, scene);
  let exit: Exit;
  if (order.result !== undefined) {
    await logs.stdout.write(new TextEncoder().encode(order.result.stdout));
    exit = { exitCode: order.result.exitCode, ...(order.result.error === undefined ? {} : { error: order.result.error }) };
  } else if (order.step.call !== undefined) {
    const exists = await isDirectory(world.files, scene.cwd);
    const orders = exists ? orderChildren(order, scene) : failed(`working directory does not exist: ${scene.cwd}`, 0);
    if (!("exitCode" in orders)) {
      await logs.close();
      return { report: { token: order.token, end: orders, conditions: [], ...noBytes }, retire: false };
    }
    exit = orders;
  } else exit = await work(order, world, scene, logs);
  const report = await settle(order, world, scene, { exit, logs });
  return { report, retire: exit.retire === true };
};
const orderChildren = (order: Filled, scene: Scene): Extract<AttemptEnd, { type: "called" }> | Exit =>
  sealedCall(order.step.parallel === undefined ? callOrders(order.step, scene) : parallelOrders(order.step, scene), order);
/** What a child is given is recorded: secrets in it keep their names alone. */
const sealedCall = (called: Extract<AttemptEnd, { type: "called" }> | Exit, order: Filled): Extract<AttemptEnd, { type: "called" }> | Exit => {
  const secrets = lentNames(secretsOf(order));
  if ("exitCode" in called || secrets.length === 0) return called;
  return { ...called, children: called.children.map((child) => ({ ...child, params: seal(child.params, secrets) })) };
};

/** What sealed values hold is open to the step. */
const unsealed = (order: Filled): Filled => {
  const secrets = secretsOf(order);
  if (secrets.length === 0) return order;
  return {
    ...order,
    scope: openScope(order.scope, order.borrowed),
    refs: order.refs.map((ref) => (ref.output === undefined ? ref : { ...ref, output: unseal(ref.output, secrets) })),
  };
};

/** Runs one execution to its report. Aborts answer `aborted`. */
export const runAttempt = async (given: Filled, world: AttemptWorld): Promise<AttemptOutcome> => {
  const order = unsealed(given);
  let policies: Policies | undefined;
  let conditions: readonly ConditionResult[] = [];
  const answer = (report: AttemptReport, retire = false): AttemptOutcome => ({
    report: { ...report, conditions, ...(policies === undefined ? {} : { policies }) }, retire,
  });
  const ended = (end: AttemptEnd): AttemptOutcome => answer({ token: order.token, end, conditions, ...noBytes });
  try {
    // Calls of one thread are carried out in order: whoever needs the directory comes after it, and `perform` hears of a failure.
    const made = provide(world.files, [order.places.work]);
    made.catch(() => undefined);
    if (order.first && order.result === undefined) {
      const env = sceneOf(order.scope, order.refs, order.places.work, nodeName(order)).env;
      const settled = await settlePolicies(order.step, hostNames(order.scope.host), placeOf(order, world, env));
      if (!settled.ok) return ended(unstarted(settled.message));
      policies = settled.policies;
    }
    const scene = await setting(order, world);
    if (order.first && order.result === undefined) {
      conditions = await evaluateConditions(order.step.preconditions, scene, placeOf(order, world, scene.env));
      if (conditions.some((each) => !each.met)) {
        const error = skipError(conditions);
        return ended({ type: "skipped", ...(error === undefined ? {} : { error }) });
      }
    }
    if (world.signal.aborted) return ended({ type: "aborted" });
    const outcome = await perform(order, world, scene);
    await made;
    return world.signal.aborted ? { ...ended({ type: "aborted" }), retire: outcome.retire } : answer(outcome.report, outcome.retire);
  } catch (error) {
    if (world.signal.aborted) return ended({ type: "aborted" });
    const message = error instanceof Error ? error.message : String(error);
    return ended({ type: "exited", exitCode: 0, error: message, reason: "broken", outputMatched: false, ran: true });
  }
};
