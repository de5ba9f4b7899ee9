/**
 * Owns reading a script without running it: what will not work here, each with its place and its reason.
 * Refuses to know what runs: it reads the parser's tree and the help's entries.
 *
 * 1. What cannot be told for certain (a name from a variable, options from an array) is not reported.
 * 2. Functions and aliases of the script are commands, wherever they are made.
 */
import type * as U from "unbash";
import { checkCall } from "./lint/calls.ts";
import { checkDialect, checkFeature } from "./lint/dialect.ts";
import { Findings } from "./lint/findings.ts";
import type { LintFinding } from "./lint/findings.ts";
import { walkScript } from "./syntax/walk.ts";

export type { LintFinding } from "./lint/findings.ts";

/** Names that the script defines. A sourced file or an `eval` may define more: then unknown names are not reported. */
const ownNames = (text: string): { readonly names: ReadonlySet<string>; readonly isOpen: boolean } => {
  const names = new Set<string>();
  let isOpen = false;
  walkScript(text, (node, _, source) => {
    if (node.type === "Function") names.add(source.slice(node.name.pos, node.name.end));
    if (node.type === "Command") {
      const called = node.name?.text;
      if (called === "alias") for (const word of node.args) names.add(source.slice(word.pos, word.end).replace(/=.*$/s, "").replace(/^['"]/, ""));
      if (called === "." || called === "source") isOpen = true;
    }
    return undefined;
  });
  return { names, isOpen };
};
const checkOptionsOfSet = (call: U.Command, at: (pos: number) => number, findings: Findings): void => {
  const words = call.args.map((word) => (word.type === "Word" ? word : undefined));
  for (const [i, word] of words.entries()) {
    const before = words[i - 1]?.text ?? "";
    if (word?.text === "pipefail" && /^[-+]\w*o$/.test(before)) findings.add(at(word.pos), "sh-option", { option: "pipefail" });
  }
};

/** What will not work in `text`, in its order; empty when nothing was found. Lines and columns count from 1. */
export const lintScript = (text: string, mode: "sh" | "bash"): readonly LintFinding[] => {
  const findings = new Findings();
  const own = ownNames(text);
  const fault = walkScript(text, (node, at, source) => {
    const place = (pos: number): number => (source === text ? pos : at);
    if (node.type === "Command") {
      const collected = own.isOpen ? new Findings() : findings;
      const entry = checkCall(node, place, own.names, collected);
      if (mode === "sh" && entry?.bashOnly === true) findings.add(place(node.name?.pos ?? at), "sh-command", { name: entry.name });
      if (mode === "sh" && entry?.name === "set") checkOptionsOfSet(node, place, findings);
    }
    checkFeature(node, at, source, findings);
    if (mode === "sh") checkDialect(node, at, source, findings);
    return undefined;
  });
  if (fault !== undefined) findings.add(Math.min(fault.pos, text.length), "syntax", { message: fault.message });
  return findings.placed(text);
};
