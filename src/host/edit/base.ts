/**
 * Owns the base configuration of this workspace: the setting `base.yaml`, a text in Dagu's form that lies under every DAG. Refuses to know
 * how it is merged. A run keeps the base it was started with.
 */
import { parseSpec } from "../../core/spec/parse.ts";
import type { Tx } from "../../ports/store.ts";

export const baseSetting = "base.yaml";
/** Characters. Every run keeps a copy. */
export const baseMax = 64 * 1024;

/** Undefined when there is none. */
export const baseOf = async (tx: Tx): Promise<string | undefined> => {
  const text = await tx.setting(baseSetting);
  return text === undefined || text.trim() === "" ? undefined : text;
};
/** As an option of the parser. */
export const under = (base: string | undefined): { readonly base?: string } => (base === undefined ? {} : { base });
/** What is wrong with a base configuration, in English; undefined when it can lie under a DAG. */
export const baseFault = (text: string): string | undefined => {
  if (text.length > baseMax) return `a base configuration may have ${baseMax} characters at most`;
  if (text.trim() === "") return undefined;
  const { issues } = parseSpec(text, { name: "base" });
  const first = issues.find((issue) => issue.severity === "error" && issue.code !== "no-dags");
  return first === undefined ? undefined : `${first.line}:${first.column}: ${first.message}`;
};
