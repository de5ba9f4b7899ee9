/** Owns what is kept of a step's output (6): the captured text, or the object of structured entries. */
import type { OutputEntry, Step } from "../../../core/spec/dag.ts";
import { expandNow, type Names } from "../../../core/value/expand/expand.ts";
import { fields } from "../../../core/value/expand/phases.ts";
import { goJson } from "../../../core/value/go/text.ts";
import type { Json, JsonObject } from "../../../core/value/json.ts";
import { decodeOutput } from "../../../core/value/output/decode.ts";
import type { Files } from "../../../ports/files.ts";
import { readTextFile, resolvePath } from "../files/whole.ts";

export type Kept = { readonly ok: true; readonly output?: string } | { readonly ok: false; readonly message: string };
interface Sources {
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly files: Files;
  readonly cwd: string;
  readonly names: Names;
  readonly bytesMax: number;
}
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Bytes to keep of each stream: one more than the limit, so that an overflow shows. */
export const captureBytes = (step: Step, bytesMax: number): { readonly stdout: number; readonly stderr: number } => {
  const output = step.output;
  if (output === undefined) return { stdout: 0, stderr: 0 };
  if (output.type === "name") return { stdout: bytesMax + 1, stderr: 0 };
  const uses = (source: string): number => (output.entries.some((each) => each.type === "from" && each.from === source) ? bytesMax + 1 : 0);
  return { stdout: uses("stdout"), stderr: uses("stderr") };
};

const expandedJson = (value: Json, names: Names): Json => {
  if (typeof value === "string") return expandNow(value, fields.outputObject, names);
  if (Array.isArray(value)) return (value as readonly Json[]).map((each) => expandedJson(each, names));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value as JsonObject).map(([key, each]) => [key, expandedJson(each, names)]));
};

const overflow = (bytesMax: number): string => `output exceeded maximum size limit of ${bytesMax} bytes`;

const sourceText = async (entry: Extract<OutputEntry, { type: "from" }>, sources: Sources): Promise<{ readonly text: string } | { readonly fault: string }> => {
  if (entry.from !== "file") {
    const bytes = sources[entry.from];
    return bytes.length > sources.bytesMax ? { fault: overflow(sources.bytesMax) } : { text: textOf(bytes).trim() };
  }
  const path = expandNow(entry.path, fields.outputObject, sources.names);
  try {
    const text = await readTextFile(sources.files, resolvePath(sources.cwd, path));
    return text.length > sources.bytesMax ? { fault: overflow(sources.bytesMax) } : { text: text.trim() };
  } catch (error) {
    return { fault: `failed to read file ${path}: ${(error as Error).message}` };
  }
};

const objectOutput = async (entries: readonly OutputEntry[], sources: Sources): Promise<Kept> => {
  const found: Record<string, Json> = {};
  for (const entry of entries) {
    const fault = (message: string): Kept => ({ ok: false, message: `failed to evaluate structured output: ${entry.key}: ${message}` });
    if (entry.type === "value") {
      found[entry.key] = expandedJson(entry.value, sources.names);
      continue;
    }
    const source = await sourceText(entry, sources);
    if ("fault" in source) return fault(source.fault);
    const decoded = decodeOutput(source.text, entry.decode, entry.select);
    if (!decoded.ok) return fault(decoded.message);
    found[entry.key] = decoded.value;
  }
  const text = goJson(found);
  return text.length > sources.bytesMax ? { ok: false, message: `failed to capture output: ${overflow(sources.bytesMax)}` } : { ok: true, output: text };
};

/** The text to keep; a failure fails the step without an exit code. A failed step's object output is not evaluated. */
export const keepOutput = async (step: Step, sources: Sources, hasFailed: boolean): Promise<Kept> => {
  if (step.output === undefined) return { ok: true };
  if (step.output.type === "object") return hasFailed ? { ok: true } : objectOutput(step.output.entries, sources);
  if (sources.stdout.length > sources.bytesMax) return { ok: false, message: `failed to capture output: ${overflow(sources.bytesMax)}` };
  return { ok: true, output: textOf(sources.stdout).trim() };
};
