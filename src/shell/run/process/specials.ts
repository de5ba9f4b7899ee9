/** Owns the variables that a shell computes: RANDOM, SECONDS, LINENO, FUNCNAME and their kin; and what a change of a variable means. */
import { evaluate } from "../../expand/number/evaluate.ts";
import { readIfs } from "../../state/shell.ts";
import type { Shell } from "../../state/shell.ts";
import type { Dynamic } from "../../state/variables.ts";

const nextRandom = (seed: number): number => {
  // The generator of bash 5.2: Park and Miller's minimal standard, halves folded together.
  const start = seed === 0 ? 123459876 : seed;
  const high = Math.trunc(start / 127773);
  const low = start - 127773 * high;
  const next = 16807 * low - 2836 * high;
  return next < 0 ? next + 0x7fffffff : next;
};
const fold = (seed: number): number => ((seed >>> 16) ^ (seed & 65535)) & 32767;

const dynamics = (sh: Shell): readonly (readonly [string, Dynamic])[] => {
  const nowMs = (): number => sh.kernel.world.clock.now();
  const frames = (): readonly string[] => {
    const names = sh.calls.map((call) => call.name).reverse();
    return sh.calls.some((call) => call.isFunction) ? (sh.fromText ? names : [...names, "main"]) : [];
  };
  return [
    ["LINENO", { get: () => String(sh.line) }],
    [
      "RANDOM",
      {
        get: () => {
          sh.random = nextRandom(sh.random);
          return String(fold(sh.random));
        },
        set: (value) => void (sh.random = Number(value) >>> 0),
      },
    ],
    ["SRANDOM", { get: () => String(Math.floor(sh.kernel.world.random() * 4294967296)) }],
    [
      "SECONDS",
      {
        get: () => String(Math.floor((nowMs() - sh.secondsBase) / 1000)),
        set: (value) => void (sh.secondsBase = nowMs() - (Number(value) || 0) * 1000),
      },
    ],
    ["EPOCHSECONDS", { get: () => String(Math.floor(nowMs() / 1000)) }],
    ["EPOCHREALTIME", { get: () => (nowMs() / 1000).toFixed(6) }],
    ["BASHPID", { get: () => String(sh.process.pid) }],
    ["BASH_SUBSHELL", { get: () => String(sh.subshellDepth) }],
    ["BASH_COMMAND", { get: () => sh.command }],
    ["PIPESTATUS", { get: () => sh.pipeStatus.map(String) }],
    ["FUNCNAME", { get: frames }],
    ["BASH_LINENO", { get: () => [...sh.calls.map((call) => String(call.line)).reverse(), ...(sh.fromText ? [] : ["0"])] }],
    ["BASH_SOURCE", { get: () => [...sh.calls.map((call) => call.source).reverse(), ...(sh.fromText ? [] : [sh.name])] }],
    ["DIRSTACK", { get: () => [sh.vars.get("PWD") ?? sh.process.cwd, ...sh.directoryStack] }],
    ["GROUPS", { get: () => [String(sh.kernel.world.user.gid)] }],
    ["BASHOPTS", { get: () => sh.options.listedShopts() }],
    ["SHELLOPTS", { get: () => sh.options.listed() }],
  ];
};

/** Binds the computed variables and the watchers of a variable table to its shell. */
export const attachVariables = (sh: Shell): void => {
  const { vars } = sh;
  sh.keepsTrap = (name) => (name === "ERR" ? sh.options.errtrace : (name === "DEBUG" || name === "RETURN") && sh.options.functrace);
  sh.trapsLost = (name) => sh.trapsInherited && !sh.keepsTrap(name);
  vars.evaluate = (text) => String(evaluate(sh, text));
  vars.onChange = (name) => {
    if (name === "IFS") Object.assign(sh.ifs, readIfs(vars.get("IFS")));
    else if (name === "OPTIND") sh.getoptsAt = 0;
  };
  vars.dynamic.clear();
  if (sh.dialect === "bash") for (const [name, dynamic] of dynamics(sh)) vars.dynamic.set(name, dynamic);
  else vars.dynamic.set("LINENO", { get: () => String(sh.line) });
};
