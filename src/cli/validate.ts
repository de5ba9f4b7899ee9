/** Owns `dagbok validate`: every issue of every file, with its place and the way out. */
import { readFileSync } from "node:fs";
import { parseSpec } from "../core/spec/parse.ts";
import { stemOf } from "./host.ts";

/** 0 = all load, 2 = at least one does not. */
export const validateFiles = (files: readonly string[], json: boolean, base?: string): number => {
  let bad = 0;
  for (const file of files) {
    const { spec, issues } = parseSpec(readFileSync(file, "utf8"), { name: stemOf(file), ...(base === undefined ? {} : { base: readFileSync(base, "utf8") }) });
    if (spec === undefined) bad++;
    if (json) process.stdout.write(`${JSON.stringify({ file, ok: spec !== undefined, issues })}\n`);
    else {
      for (const issue of issues) process.stdout.write(`${file}:${issue.line}:${issue.column}: ${issue.severity}: ${issue.message}\n`);
      if (spec !== undefined) process.stdout.write(`${file}: ${spec.dag.name}, ${spec.dag.steps.length} steps, loads\n`);
    }
  }
  return bad === 0 ? 0 : 2;
};
