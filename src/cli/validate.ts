/** Owns `dagbok validate`: every issue of every file and of the scripts in it, with its place and the way out. */
import { readFileSync } from "node:fs";
import { parseSpec } from "../core/spec/parse.ts";
import { scriptIssues } from "../adapters/spec/scripts.ts";
import { under } from "../host/edit/base.ts";
import { baseTextFor } from "./base.ts";
import { stemOf } from "./host.ts";

/** 0 = all load, 2 = at least one does not. */
export const validateFiles = (files: readonly string[], json: boolean, base?: string): number => {
  let bad = 0;
  for (const file of files) {
    const text = readFileSync(file, "utf8");
    const { spec, issues: found } = parseSpec(text, { name: stemOf(file), ...under(baseTextFor(file, base)) });
    const issues = [...found, ...scriptIssues(text)];
    if (spec === undefined) bad++;
    if (json) process.stdout.write(`${JSON.stringify({ file, ok: spec !== undefined, issues })}\n`);
    else {
      for (const issue of issues) process.stdout.write(`${file}:${issue.line}:${issue.column}: ${issue.severity}: ${issue.message}\n`);
      if (spec !== undefined) process.stdout.write(`${file}: ${spec.dag.name}, ${spec.dag.steps.length} steps, loads\n`);
    }
  }
  return bad === 0 ? 0 : 2;
};
