/**
 * Owns the questions an editor asks of the schema: which keys and values fit at a path, and what they mean, in both languages.
 * Refuses to know cursors and texts.
 */
import { kinds } from "../kinds.ts";
import { shapes, type FieldType } from "./shapes.ts";
import { dagWords } from "./words-dag.ts";
import { stepWords } from "./words-step.ts";

export type Language = "en" | "zh";
export interface KeyHelp {
  readonly key: string;
  readonly type: FieldType;
  readonly en: string;
  readonly zh: string;
}
export interface ValueHelp {
  readonly value: string;
  readonly en: string;
  readonly zh: string;
}
const words = { ...dagWords, ...stepWords };
export const wordsOf = (name: string): { readonly en: string; readonly zh: string } => ({ en: words[name]?.[0] ?? "", zh: words[name]?.[1] ?? "" });

/** Fields marked custom or any whose map form has a shape. */
export const shapeOfField: Readonly<Record<string, string>> = {
  "dag.schedule": "schedule", "dag.preconditions": "condition", "dag.params": "param", "step.preconditions": "condition", "step.continue_on": "continue_on",
  "step.parallel": "parallel", "step.container": "container", "dag.container": "container", "defaults.continue_on": "continue_on", "defaults.preconditions": "condition",
  "dag.steps": "step", "schedule.start": "schedule_entry", "schedule.stop": "schedule_entry", "schedule.restart": "schedule_entry", "step.output": "{}output_entry", "ssh.bastion": "ssh",
};
const partsOf = (path: string): readonly string[] => path.match(/[^.[\]]+|\[\d*\]/g)?.filter((part) => !part.startsWith("[")) ?? [];

/** The shape at a path ("" is the root), "with" for a step's settings, undefined where any key may stand. */
const shapeAt = (path: string): string | undefined => {
  let shape: string | undefined = "dag", anyKey = false;
  const parts = partsOf(path);
  for (const [i, part] of parts.entries()) {
    if (anyKey) {
      anyKey = false;
      continue;
    }
    if (shape === undefined || shape === "with") return undefined;
    const key: string = `${shape}.${part}`;
    if (part === "with" && shape === "step") shape = "with";
    else {
      const type: string = shapeOfField[key] ?? shapes[shape]?.[part] ?? "";
      const named = /^((?:\[\]|\{\})*)@?(\w+)$/.exec(type);
      shape = named !== null && Object.hasOwn(shapes, named[2]!) ? named[2] : undefined;
      anyKey = type.startsWith("{}");
    }
    if (part === "steps" && i === 0) anyKey = !/^steps\[/.test(path) && parts.length > 1;
  }
  return anyKey ? undefined : shape;
};

/** Keys that may stand in the map at `path`; for a step's `with` those of `stepType`. */
export const keysAt = (path: string, stepType = "command"): readonly KeyHelp[] => {
  const shape = shapeAt(path);
  if (shape === "with") return (kinds.get(stepType)?.withKeys ?? []).map((key) => ({ key, type: "any", en: "", zh: "" }));
  if (shape === undefined) return [];
  return Object.entries(shapes[shape]!).map(([key, type]) => ({ key, type, ...wordsOf(`${shape}.${key}`) }));
};

/** Values of a key that has only these, by `shape.key`. */
export const enumerations: Readonly<Record<string, readonly string[]>> = {
  "dag.type": ["chain", "graph"], "dag.overlap_policy": ["skip", "all", "latest"], "dag.log_output": ["separate", "merged"], "step.log_output": ["separate", "merged"],
  "secret.provider": ["env", "file", "vault", "kubernetes"], "param.type": ["string", "integer", "number", "boolean"], "repeat.repeat": ["while", "until", "true"],
  "step.continue_on": ["failed", "skipped"], "defaults.continue_on": ["failed", "skipped"], "output_entry.from": ["stdout", "stderr", "file"], "output_entry.decode": ["text", "json", "yaml"],
  "step.signal_on_stop": ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGKILL", "SIGUSR1", "SIGUSR2"], "message.role": ["system", "user", "assistant"],
};
/** Values that fit the key at `path`; empty when anything may stand there. */
export const valuesAt = (path: string): readonly ValueHelp[] => {
  const { shape, key } = placeOf(path);
  if (shape === undefined) return [];
  if (shape === "step" && key === "type") return [...kinds.keys()].map((value) => ({ value, ...wordsOf(`type.${value}`) }));
  const known = enumerations[`${shape}.${key}`] ?? (shapes[shape]?.[key] === "bool" ? ["true", "false"] : []);
  return known.map((value) => ({ value, en: "", zh: "" }));
};
const placeOf = (path: string): { readonly shape: string | undefined; readonly key: string } => {
  const clean = path.replace(/\[\d*\]$/, "");
  const cut = clean.lastIndexOf(".");
  return { shape: shapeAt(cut < 0 ? "" : clean.slice(0, cut)), key: clean.slice(cut + 1) };
};
/** One sentence about the key at `path`, or about the step type `type.http`. */
export const describe = (path: string, language: Language): string | undefined => {
  const { shape, key } = placeOf(path);
  const name = path.startsWith("type.") ? path : `${shape ?? ""}.${key}`;
  return words[name]?.[language === "en" ? 0 : 1];
};
