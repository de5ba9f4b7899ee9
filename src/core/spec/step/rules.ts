/** Owns the rules within one step: what its type may carry, and fields that exclude each other (contract 4.1.1, 3). */
import type { Step } from "../dag.ts";
import { fieldFault } from "../decode/report.ts";
import type { Faults } from "../decode/texts.ts";
import { kinds } from "../kinds.ts";
import { isNull, valueAt, type MapTree } from "../yaml/tree.ts";
import { printExec } from "./flow.ts";
import type { Work } from "./work.ts";

export const checkStep = (step: Step, map: MapTree, work: Work, faults: Faults): void => {
  const at = (key: string) => valueAt(map, key) ?? map;
  if (step.timeoutSec < 0) faults.push(fieldFault("timeout-negative", at("timeout_sec"), "timeout_sec", "timeout_sec must be >= 0", String(step.timeoutSec)));
  if (step.signalOnStop !== undefined && !signals.has(step.signalOnStop)) {
    faults.push(fieldFault("signal", at("signal_on_stop"), "signal_on_stop", `invalid signal: ${step.signalOnStop}`));
  }
  if (step.stdout !== undefined && step.stdout === step.stderr) {
    const reason = `stdout and stderr cannot point to the same file ${JSON.stringify(step.stderr)}; use 'log_output: merged' instead`;
    faults.push({ code: "same-file", at: at("stderr"), message: reason, values: { path: step.stderr } });
  }
  if (step.exec !== undefined) checkExec(step, map, faults);
  const capability = kinds.get(step.type)?.can;
  if (capability === undefined) return;
  const unsupported = (key: string, words = `${key} field`): void => {
    faults.push({ ...fieldFault("unsupported-field", at(key), key, `step type "${step.type}" does not support ${words}`), values: { type: step.type, field: key } });
  };
  const carries = (key: string): boolean => !isNull(map.fields.get(key)?.value);
  if (carries("command") && capability.command === "none") unsupported("command");
  else if (step.commands.length > 1 && capability.command === "one") {
    faults.push(fieldFault("one-command", at("command"), "command", `step type "${step.type}" supports only one command`));
  }
  if ((carries("script") || (work.fromScript && !carries("script"))) && !capability.script && capability.command !== "none") unsupported("script");
  else if (carries("script") && !capability.script) unsupported("script");
  if (carries("shell") && !capability.shell) unsupported("shell", "shell configuration");
  if (carries("container") && !capability.container) unsupported("container");
  if (carries("messages") && !capability.llm && !capability.agent) unsupported("messages", "messages field; use type: chat or type: agent");
  if (carries("agent") && !capability.agent) faults.push(fieldFault("agent-field", at("agent"), "agent", 'agent configuration is only valid for steps with type "agent"', step.type));
  if ((capability.llm || capability.agent) && !carries("messages")) {
    faults.push(fieldFault("messages-missing", map, "messages", capability.agent ? "agent step requires at least one message" : "at least one message is required", "[]"));
  }
  if (carries("call") && !capability.call) unsupported("call");
  if (carries("worker_selector") && !capability.call) unsupported("worker_selector");
};
const checkExec = (step: Step, map: MapTree, faults: Faults): void => {
  const found = ["command", "script", "shell", "shell_packages"].find((name) => !isNull(map.fields.get(name)?.value));
  const direct = step.type === "command" || step.type === "shell";
  if (found === undefined && !direct) faults.push(fieldFault("exec-type", valueAt(map, "exec")!, "exec", "exec is only supported for direct command execution", printExec(step.exec!)));
  for (const key of found === undefined ? [] : [found]) {
    faults.push(fieldFault("exec-alone", valueAt(map, "exec")!, "exec", `exec cannot be used together with ${key}`, printExec(step.exec!)));
  }
};
const signals: ReadonlySet<string> = new Set(
  `SIGABRT SIGALRM SIGBUS SIGCHLD SIGCLD SIGCONT SIGFPE SIGHUP SIGILL SIGINT SIGIO SIGIOT SIGKILL SIGPIPE SIGPOLL SIGPROF SIGPWR SIGQUIT SIGSEGV
 SIGSTKFLT SIGSTOP SIGSYS SIGTERM SIGTRAP SIGTSTP SIGTTIN SIGTTOU SIGUNUSED SIGURG SIGUSR1 SIGUSR2 SIGVTALRM SIGWINCH SIGXCPU SIGXFSZ`.split(/\s+/),
);
