/** Owns the host's reading of a DAG's text: the spec, or Dagu's refusal with every issue. */
import { err, ok } from "../../../core/base/result.ts";
import { refusalText, type Issue } from "../../../core/spec/issue.ts";
import { parseSpec } from "../../../core/spec/parse.ts";
import { under } from "../../edit/base.ts";
import type { IssueView } from "../../commands.ts";
import type { Parse } from "./plans.ts";

export const issueView = (issue: Issue): IssueView => {
  const { code, severity, path, line, column, endLine, endColumn, message, values, fix } = issue;
  return { code, severity, path, line, column, endLine, endColumn, message, values, ...(fix === undefined ? {} : { fix }) };
};

export const parseText: Parse = (text, name, base) => {
  const { spec, issues } = parseSpec(text, { name, ...under(base) });
  if (spec !== undefined) return ok(spec);
  return err({ message: refusalText(issues, `${name}.yaml`) ?? "the text does not load", issues: issues.map(issueView) });
};
