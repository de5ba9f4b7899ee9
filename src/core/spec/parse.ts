/**
 * Owns the way from text to spec: limits first, then Dagu's phases, document by document (contract 1.2). Bounded in time and memory.
 * Refuses to know files, runs and params given to a run. Cycles are refused by the plan at a start, as in Dagu.
 */
import type { Dag, Spec } from "./dag.ts";
import { addError, createReport, hasErrors, type Report } from "./decode/report.ts";
import { mergeBase } from "./document/base.ts";
import { buildDag } from "./document/build.ts";
import type { Issue } from "./issue.ts";
import { LineCounter } from "yaml";
import { nestingFault } from "./yaml/nesting.ts";
import { readDocuments, type ReadDocuments } from "./yaml/read.ts";
import type { MapTree } from "./yaml/tree.ts";

export interface ParseOptions {
  /** File stem: the DAG's name when the text gives none. */
  readonly name: string;
  /** Text of the base configuration. */
  readonly base?: string;
}
export interface Parsed {
  /** Absent when any error is among the issues. */
  readonly spec?: Spec;
  /** In the order found; warnings among them. */
  readonly issues: readonly Issue[];
}

export const parseSpec = (text: string, options: ParseOptions): Parsed => {
  const limit = limitIssues(text);
  if (limit.length > 0) return { issues: limit };
  const read = readDocuments(text);
  if (read.fault !== undefined) return { issues: syntaxIssue(read) };
  const roots = rootsOf(read);
  if ("issues" in roots) return roots;
  const base = options.base === undefined ? undefined : baseOf(options.base);
  if (base !== undefined && "issues" in base) return base;
  return buildAll(text, roots.maps, read, { name: options.name, base: base?.map });
};

const limitIssues = (text: string): readonly Issue[] => {
  const fault = nestingFault(text);
  if (fault === undefined) return [];
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf("\n"); at >= 0 && at < fault.at; at = text.indexOf("\n", at + 1)) lines.addNewLine(at + 1);
  const report = createReport(0, lines);
  addError(report, "limit", { code: fault.code, at: { span: { from: fault.at, to: fault.at }, path: "" }, message: fault.message });
  return report.issues;
};
const syntaxIssue = (read: ReadDocuments): readonly Issue[] => {
  const fault = read.fault!;
  const report = createReport(fault.document, read.lines);
  const { line, col } = read.lines.linePos(fault.span.from);
  addError(report, "syntax", { code: fault.code, at: { span: fault.span, path: "" }, message: fault.message, refusal: `[${line}:${col}] ${fault.message}` });
  return report.issues;
};
interface Root {
  readonly map: MapTree;
  readonly document: number;
}
const rootsOf = (read: ReadDocuments): { readonly maps: readonly Root[] } | { readonly issues: readonly Issue[] } => {
  const maps: Root[] = [];
  for (const [document, tree] of read.documents.entries()) {
    if (tree === undefined || (tree.kind === "scalar" && tree.type === "null")) continue;
    if (tree.kind === "map") {
      maps.push({ map: tree, document });
      continue;
    }
    const report = createReport(document, read.lines);
    addError(report, "syntax", { code: "root-not-map", at: tree, message: "the document must be a map of keys and values" });
    return { issues: report.issues };
  }
  if (maps.length > 0) return { maps };
  const report = createReport(-1, read.lines);
  addError(report, "syntax", { code: "no-dags", at: { span: { from: 0, to: 0 }, path: "" }, message: "no DAGs found" });
  return { issues: report.issues };
};
const baseOf = (text: string): { readonly map?: MapTree } | { readonly issues: readonly Issue[] } => {
  const limit = limitIssues(text);
  if (limit.length > 0) return { issues: limit };
  const read = readDocuments(text);
  if (read.fault !== undefined) return { issues: syntaxIssue(read) };
  const tree = read.documents[0];
  return tree?.kind === "map" ? { map: tree } : {};
};

const buildAll = (text: string, roots: readonly Root[], read: ReadDocuments, { name, base }: { readonly name: string; readonly base: MapTree | undefined }): Parsed => {
  const issues: Issue[] = [];
  const dags: Dag[] = [];
  const artifacts = /DAG_RUN_ARTIFACTS_DIR/.test(text);
  for (const [i, root] of roots.entries()) {
    const report = createReport(root.document, read.lines);
    const merged = base === undefined ? root.map : mergeBase(base, root.map, i > 0, report);
    const dag = hasErrors(report) ? undefined : buildDag(merged, { name: i === 0 ? name : "", artifacts }, report);
    issues.push(...report.issues);
    if (dag === undefined) return { issues };
    dags.push(dag);
  }
  const children = childrenOf(dags, roots, read, issues);
  return children === undefined ? { issues } : { spec: { dag: dags[0]!, children }, issues };
};
/** Children by name in an object without a prototype: any name is only a name. */
const childrenOf = (dags: readonly Dag[], roots: readonly Root[], read: ReadDocuments, issues: Issue[]): Readonly<Record<string, Dag>> | undefined => {
  const children = Object.create(null) as Record<string, Dag>;
  for (const [i, dag] of dags.entries()) {
    if (i === 0) continue;
    const report: Report = createReport(roots[i]!.document, read.lines);
    const at = roots[i]!.map;
    if (dag.name === "") addError(report, "file", { code: "child-without-name", at, message: `DAG at index ${i} must have a name in multi-DAG file` });
    else if (Object.hasOwn(children, dag.name)) addError(report, "file", { code: "child-duplicate", at, message: `duplicate DAG name found: ${dag.name}`, values: { name: dag.name } });
    issues.push(...report.issues);
    if (hasErrors(report)) return undefined;
    children[dag.name] = dag;
  }
  return children;
};
