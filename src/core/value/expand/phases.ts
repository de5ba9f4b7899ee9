/** Owns table 15.1: which phases each field has. */
import type { Phases } from "./expand.ts";

const all = { plain: "all", quoted: true, refs: true } as const;
export const fields = {
  dagEnv: { plain: "all", quoted: true, refs: false, backticks: "on", operators: "host", escapes: true },
  numbers: { plain: "all", quoted: true, refs: false, backticks: "on", operators: "host", escapes: true },
  stepEnv: { ...all, backticks: "on", operators: "known", escapes: true },
  /** Left side of a condition with `expected`; a router's value. */
  conditionValue: { ...all, backticks: "on", operators: "known", escapes: true },
  conditionCommand: { ...all, backticks: "always", operators: "off", escapes: false },
  command: { ...all, backticks: "off", operators: "off", escapes: false },
  exec: { ...all, backticks: "off", operators: "host", escapes: true },
  script: { plain: "script", quoted: true, refs: true, backticks: "off", operators: "off", escapes: false },
  /** Command and script of jq, http, sqlite, archive … */
  otherCommand: { ...all, backticks: "off", operators: "known", escapes: true },
  with: { plain: "all", quoted: false, refs: false, backticks: "off", operators: "off", escapes: true },
  /** jq's `with.input` is expanded again, step references included. */
  jqInput: { plain: "all", quoted: false, refs: true, backticks: "off", operators: "off", escapes: true },
  callParams: { ...all, backticks: "off", operators: "known", escapes: false },
  callName: { ...all, backticks: "off", operators: "known", escapes: true },
  redirect: { ...all, backticks: "off", operators: "known", escapes: false },
  outputObject: { ...all, backticks: "off", operators: "off", escapes: true },
  workingDir: { plain: "all", quoted: false, refs: false, backticks: "off", operators: "host", escapes: false },
} as const satisfies Record<string, Phases>;
export type Field = keyof typeof fields;
