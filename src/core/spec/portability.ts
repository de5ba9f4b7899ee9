/**
 * Owns the badge of each step: where it can run, why, and what would make it run here. Data for the linter, the graph and the run.
 * Refuses to know whether a backend exists. Every foreign field is told, never silently passed.
 */
import type { Dag, Step } from "./dag.ts";
import { kinds, type Home } from "./kinds.ts";

export interface Remark {
  readonly home: Home;
  readonly reason: string;
  /** The field that decides, "type" for the kind itself. */
  readonly field: string;
  /** English. */
  readonly message: string;
  /** English; absent when nothing in the text would help. */
  readonly rewrite?: string;
}
export interface Badge {
  readonly step: string;
  readonly line: number;
  /** The worst of the remarks; "here" without any. */
  readonly home: Home;
  readonly remarks: readonly Remark[];
}
interface Words {
  readonly message: string;
  readonly rewrite?: string;
}
/** Reason codes and their English; the UI translates by code. */
export const portabilityReasons: Readonly<Record<string, Words>> = {
  "needs-containers": { message: "Containers need a Docker host; a browser tab has none.", rewrite: "If the image only brings a tool this tab has (shell, JavaScript, Python, SQL, jq), remove `container` and call it directly." },
  "needs-cluster": { message: "A Kubernetes job needs a cluster." },
  "needs-socket": { message: "This kind opens a network socket; a browser can only fetch over HTTP.", rewrite: "Where the service has an HTTP interface, use `type: http`." },
  "needs-smtp": { message: "Sending mail needs an SMTP server.", rewrite: "Use `type: http` with your mail provider's API." },
  "needs-process": { message: "This starts a program of the operating system." },
  "not-yet": { message: "This version of Dagbok keeps and exports it, but does not run it yet." },
  "no-executor": { message: "The name is reserved; no version of Dagu 2.6 has an executor for it." },
  "worker-selector": { message: "Choosing a worker needs a backend with labelled workers." },
  "nix-packages": { message: "Nix packages cannot be installed in a tab; the field is kept." },
  "other-shell": { message: "Only sh, bash, dash, node and python3 have an interpreter in the tab.", rewrite: "Write the script for `sh` or `bash`." },
  "mail-on-error": { message: "No mail is sent from a tab; the run shows a notification instead." },
  "tls-verify": { message: "A browser always verifies certificates; skip_tls_verify has no effect." },
  "real-signal": { message: "Steps are cancelled, not signalled; the name reaches the script as the reason." },
  "dag-transport": { message: "The DAG's connection is kept and exported, used only by steps of that type on a backend." },
};
const rank: Readonly<Record<Home, number>> = { here: 0, later: 1, backend: 2, dagu: 3 };

export const badgesOf = (dag: Dag): readonly Badge[] => dag.steps.map(badgeOf);
export const badgeOf = (step: Step): Badge => {
  const remarks = remarksOf(step);
  const home = remarks.reduce<Home>((worst, remark) => (rank[remark.home] > rank[worst] ? remark.home : worst), "here");
  return { step: step.name, line: step.line, home, remarks };
};
const remark = (home: Home, reason: string, field: string): Remark => ({ home, reason, field, ...portabilityReasons[reason]! });

const interpreters: ReadonlySet<string> = new Set(["sh", "bash", "dash", "ash", "zsh", "ksh", "node", "python3", "python", "direct", "none"]);

const remarksOf = (step: Step): readonly Remark[] => {
  const found: Remark[] = [];
  const kind = kinds.get(step.type);
  if (kind !== undefined && kind.home !== "here") found.push(remark(kind.home, kind.reason ?? "not-yet", "type"));
  if (step.foreign["container"] !== undefined && kind?.home === "here") found.push(remark("backend", "needs-containers", "container"));
  if (step.foreign["worker_selector"] !== undefined) found.push(remark("backend", "worker-selector", "worker_selector"));
  if (step.foreign["shell_packages"] !== undefined) found.push(remark("here", "nix-packages", "shell_packages"));
  const shell = step.shell?.[0]?.split("/").at(-1);
  if (shell !== undefined && !interpreters.has(shell) && !shell.includes("$")) found.push(remark("backend", "other-shell", "shell"));
  if (step.mailOnError) found.push(remark("here", "mail-on-error", "mail_on_error"));
  if (step.type === "http" && step.with["skip_tls_verify"] === true) found.push(remark("here", "tls-verify", "with.skip_tls_verify"));
  if (step.signalOnStop !== undefined) found.push(remark("here", "real-signal", "signal_on_stop"));
  return found;
};

export interface FieldRemark {
  readonly field: string;
  readonly home: Home;
  readonly reason: string;
  readonly message: string;
}
const dagFields: Readonly<Record<string, readonly [Home, string]>> = {
  container: ["backend", "needs-containers"], ssh: ["backend", "dag-transport"], redis: ["backend", "dag-transport"], kubernetes: ["backend", "needs-cluster"],
  registry_auths: ["backend", "needs-containers"], harness: ["backend", "needs-process"], harnesses: ["backend", "needs-process"], smtp: ["backend", "needs-smtp"],
  mail_on: ["backend", "needs-smtp"], error_mail: ["backend", "needs-smtp"], info_mail: ["backend", "needs-smtp"], wait_mail: ["backend", "needs-smtp"],
  worker_selector: ["backend", "worker-selector"], s3: ["later", "not-yet"], llm: ["later", "not-yet"], otel: ["later", "not-yet"], webhook: ["later", "not-yet"],
};
/** DAG-level fields that are kept but do nothing in this tab, in file order. */
export const dagRemarks = (dag: Dag): readonly FieldRemark[] =>
  Object.keys(dag.foreign).flatMap((field) => {
    if (!Object.hasOwn(dagFields, field)) return [];
    const [home, reason] = dagFields[field]!;
    return [{ field, home, reason, message: portabilityReasons[reason]!.message }];
  });
