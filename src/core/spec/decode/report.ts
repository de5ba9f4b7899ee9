/**
 * Owns the collection of issues of one document while it is being built. Positions come from the tree; words from the caller.
 */
import type { LineCounter } from "yaml";
import { fieldText, type Fix, type Issue, type Phase } from "../issue.ts";
import type { Span } from "../yaml/tree.ts";

export interface Place {
  readonly span: Span;
  readonly path: string;
}
export interface Fault {
  readonly code: string;
  readonly at: Place;
  /** English. */
  readonly message: string;
  /** Dagu's piece; absent = the message. */
  readonly refusal?: string;
  readonly values?: Readonly<Record<string, string>>;
  readonly fix?: Fix;
}
export interface Report {
  readonly document: number;
  readonly issues: Issue[];
  readonly lines: LineCounter;
}
export const createReport = (document: number, lines: LineCounter): Report => ({ document, issues: [], lines });

const add = (report: Report, severity: "error" | "warning", phase: Phase, fault: Fault): void => {
  const start = report.lines.linePos(fault.at.span.from), end = report.lines.linePos(fault.at.span.to);
  report.issues.push({
    code: fault.code, severity, phase, document: report.document, path: fault.at.path,
    line: Math.max(1, start.line), column: Math.max(1, start.col), endLine: Math.max(1, end.line), endColumn: Math.max(1, end.col),
    message: fault.message, refusal: fault.refusal ?? fault.message, values: fault.values ?? {}, ...(fault.fix === undefined ? {} : { fix: fault.fix }),
  });
};
export const addError = (report: Report, phase: Phase, fault: Fault): void => add(report, "error", phase, fault);
export const addWarning = (report: Report, phase: Phase, fault: Fault): void => add(report, "warning", phase, fault);
export const hasErrors = (report: Report): boolean => report.issues.some((issue) => issue.severity === "error");

/** A fault of one field in Dagu's words: `field 'F': REASON (value: V)`. */
export const fieldFault = (code: string, at: Place, field: string, ...[reason, value]: readonly [reason: string, value?: string]): Fault => ({
  code, at, message: reason, refusal: fieldText(field, reason, value), values: { field, ...(value === undefined ? {} : { value }) },
});
