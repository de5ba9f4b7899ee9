/** Owns the result JSON of call and parallel steps (6.1): key order, indentation, what counts as succeeded. */
import { goJsonString, goJsonIndent } from "../go/text.ts";
import type { JsonObject } from "../json.ts";

export interface CallResult {
  readonly name: string;
  readonly dagRunId: string;
  /** `k=v` joined by spaces; "" leaves the key out. */
  readonly params: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly status: string;
}
const pad = (level: number): string => "  ".repeat(level);
const objectAt = (lines: readonly string[], level: number): string =>
  lines.length === 0 ? "{}" : `{\n${lines.map((line) => pad(level + 1) + line).join(",\n")}\n${pad(level)}}`;
const listAt = (items: readonly string[], level: number): string =>
  items.length === 0 ? "[]" : `[\n${items.map((item) => pad(level + 1) + item).join(",\n")}\n${pad(level)}]`;
const outputsAt = (outputs: JsonObject, level: number): string => goJsonIndent(outputs, "  ", level);

const resultAt = (result: CallResult, level: number): string =>
  objectAt(
    [
      `"name": ${goJsonString(result.name)}`,
      `"dagRunId": ${goJsonString(result.dagRunId)}`,
      ...(result.params === "" ? [] : [`"params": ${goJsonString(result.params)}`]),
      `"outputs": ${outputsAt(result.outputs, level + 1)}`,
      `"status": ${goJsonString(result.status)}`,
    ],
    level,
  );

/** stdout of a call step, final newline included. */
export const callResultText = (result: CallResult): string => `${resultAt(result, 0)}\n`;

const isGood = (status: string): boolean => status === "succeeded" || status === "partially_succeeded";
/** stdout of a parallel step: results in item order; outputs of succeeded and partial children only. */
export const parallelResultText = (results: readonly CallResult[]): string => {
  const good = results.filter((each) => isGood(each.status));
  const failed = results.filter((each) => !isGood(each.status) && each.status !== "waiting");
  const summary = objectAt([`"total": ${results.length}`, `"succeeded": ${good.length}`, `"failed": ${failed.length}`], 1);
  const body = objectAt(
    [
      `"summary": ${summary}`,
      `"results": ${listAt(results.map((each) => resultAt(each, 2)), 1)}`,
      `"outputs": ${listAt(good.map((each) => outputsAt(each.outputs, 2)), 1)}`,
    ],
    0,
  );
  return `${body}\n`;
};
