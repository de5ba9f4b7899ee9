/**
 * Owns what becomes of a text from outside: which kind it is, the text that would be stored, and all there is to say about it.
 * Refuses to know where it came from, and which names are taken here.
 */
import type { Dag } from "../dag.ts";
import type { Issue } from "../issue.ts";
import type { Change } from "../migrate/job.ts";
import { migrate } from "../migrate/migrate.ts";
import { parseSpec } from "../parse.ts";
import { legacyKeys, shapes } from "../schema/shapes.ts";
import { nestingFault } from "../yaml/nesting.ts";
import { readDocuments } from "../yaml/read.ts";
import { stringOf, valueAt, type MapTree } from "../yaml/tree.ts";
import { importCrontab } from "./crontab.ts";
import { importCurl } from "./curl.ts";
import { dagNameOf, type Imported, type ImportNote } from "./document.ts";
import { importScript } from "./script.ts";

export type ArrivalForm = "dagu" | "crontab" | "curl" | "script";
/** as-is: stored byte for byte · migrated: an older text in today's words · made: from something that is no DAG · problems: does not load. */
export type ArrivalState = "as-is" | "migrated" | "made" | "problems";
export interface Arrival {
  /** Path it came from; "" for a pasted text. */
  readonly path: string;
  readonly form: ArrivalForm;
  /** The name it asks for. */
  readonly name: string;
  readonly before: string;
  /** What would be stored. */
  readonly text: string;
  readonly state: ArrivalState;
  readonly changes: readonly Change[];
  readonly notes: readonly ImportNote[];
  readonly issues: readonly Issue[];
  /** The text as it came loads too: it may be kept in its old words. */
  readonly loadsAsIs: boolean;
  readonly dag?: Dag;
}
export interface Arriving {
  readonly path: string;
  readonly text: string;
  /** Text of the base configuration. */
  readonly base?: string;
}
export interface Arrived {
  readonly arrivals: readonly Arrival[];
  /** What concerns no single DAG. */
  readonly notes: readonly ImportNote[];
}
const nameMax = 40;

/** A crontab makes several, anything else one. */
export const arrivalsOf = (arriving: Arriving): Arrived => {
  const text = arriving.text.replace(/^\uFEFF/, "");
  const form = formOf(arriving.path, text);
  const file = arriving.path.split("/").at(-1) ?? "";
  if (form === "crontab") {
    const { dags, notes } = importCrontab(text);
    return { arrivals: dags.map((dag) => made(dag, form, arriving)), notes };
  }
  if (form === "script") return { arrivals: [made(importScript(text, file === "" ? undefined : file), form, arriving)], notes: [] };
  const curl = form === "curl" ? importCurl(text.trim().replace(/^\$\s+/, "")) : undefined;
  if (curl?.ok === true) return { arrivals: [made(curl.value, "curl", arriving)], notes: [] };
  return { arrivals: [daguArrival({ ...arriving, text })], notes: [] };
};
const made = (dag: Imported, form: ArrivalForm, { path, text: before, base }: Arriving): Arrival => {
  const { spec, issues } = parseSpec(dag.text, { name: dag.name, ...(base === undefined ? {} : { base }) });
  return {
    path, form, name: dag.name, before, text: dag.text, state: spec === undefined ? "problems" : "made", changes: [], notes: dag.notes, issues, loadsAsIs: false,
    ...(spec === undefined ? {} : { dag: spec.dag }),
  };
};
const daguArrival = ({ path, text: before, base }: Arriving): Arrival => {
  const { text, changes, notes } = migrate(before);
  const name = nameOf(text, path);
  const options = { name, ...(base === undefined ? {} : { base }) };
  const { spec, issues } = parseSpec(text, options);
  const loadsAsIs = text === before ? spec !== undefined : parseSpec(before, options).spec !== undefined;
  return {
    path, form: "dagu", name, before, text, state: spec === undefined ? "problems" : text === before ? "as-is" : "migrated", changes,
    notes: notes.map((note) => ({ code: note.reason, line: note.line, message: note.message, values: note.values })), issues, loadsAsIs,
    ...(spec === undefined ? {} : { dag: spec.dag }),
  };
};

/** The text's own name, else the file's; "untitled" for a pasted text without one. */
const nameOf = (text: string, path: string): string => {
  const own = rootOf(text);
  const named = own === undefined ? undefined : stringOf(valueAt(own, "name"))?.trim();
  if (named !== undefined && named !== "" && named.length <= nameMax && /^[\w.-]+$/.test(named)) return named;
  const stem = (path.split("/").at(-1) ?? "").replace(/\.ya?ml$/i, "");
  const clean = stem.replace(/[^\w.-]+/g, "-").slice(0, nameMax).replace(/^-+|-+$/g, "");
  return clean === "" ? dagNameOf(named ?? "", "untitled") : clean;
};
const rootOf = (text: string): MapTree | undefined => {
  if (nestingFault(text) !== undefined) return undefined;
  const { documents } = readDocuments(text);
  const first = documents.find((tree) => tree !== undefined);
  return first?.kind === "map" ? first : undefined;
};

const cronLine = /^(@(reboot|yearly|annually|monthly|weekly|daily|midnight|hourly)\s+\S|([\d*][\d*,/-]*\s+){2}([\d*?L][\w*,/?-]*|[A-Za-z,]+)\s+([\d*]|[A-Za-z]{3}\b)[\w*,/-]*\s+[\w*?#][\w*,/#-]*\s+\S)/;
const assignment = /^[A-Za-z_]\w*\s*=/;
/** What a text is, by its file's name and its looks. */
export const formOf = (path: string, text: string): ArrivalForm => {
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
  if (/^#!/.test(text)) return "script";
  if (/\.ya?ml$/i.test(path)) return "dagu";
  if (/\.(sh|bash|zsh|py|js|mjs)$/i.test(path)) return "script";
  if (/^(\$\s+)?curl\s/.test(lines[0] ?? "")) return lines.every((line, i) => i === 0 || lines[i - 1]!.endsWith("\\")) ? "curl" : "script";
  if (lines.some((line) => cronLine.test(line)) && lines.every((line) => cronLine.test(line) || assignment.test(line))) return "crontab";
  if (/(^|\/)crontab[^/]*$|\.cron$/i.test(path)) return "crontab";
  return path === "" && looksLikeCommands(text, lines) ? "script" : "dagu";
};
/** No map at the root, or one whose keys have nothing to do with a DAG. */
const looksLikeCommands = (text: string, lines: readonly string[]): boolean => {
  if (lines.length === 0 || lines.some((line) => /^(-\s|---|steps\s*:|\{|\[)/.test(line))) return false;
  const root = rootOf(text);
  if (root === undefined) return !/^[\w-]+\s*:(\s|$)/m.test(text);
  return ![...root.fields.keys()].some((key) => Object.hasOwn(shapes["dag"]!, key) || legacyKeys.has(key) || /^\w+$/.test(key));
};
