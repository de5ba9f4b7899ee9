/** Owns how rows are printed: JSON lines, one JSON array, CSV. Keys are sorted as Go sorts a map; NULL is JSON null, else `null_string`. */
import { goJson, goJsonIndent } from "../../../../core/value/go/text.ts";
import { plainDigits } from "../../../../core/value/go/number.ts";
import type { Json } from "../../../../core/value/json.ts";
import { writeText, type Sink } from "../../kind.ts";

export type Cell = null | boolean | number | bigint | string | Uint8Array;
export interface RowWriter {
  readonly header: (columns: readonly string[]) => void | Promise<void>;
  readonly row: (cells: readonly Cell[]) => void | Promise<void>;
  readonly end: () => void | Promise<void>;
}
const decoded = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
/** A whole number past 2^53 keeps its digits: it travels as a marked text and is unmarked in the printed JSON. */
const bigMark = "\u0001big:";
const jsonCell = (cell: Cell): Json => {
  if (typeof cell === "bigint") return bigMark + String(cell);
  return cell instanceof Uint8Array ? decoded(cell) : cell;
};
const unmarked = (text: string): string => text.replace(/"\\u0001big:(-?\d+)"/g, "$1");
const textCell = (cell: Cell, nullString: string): string => {
  if (cell === null) return nullString;
  if (cell instanceof Uint8Array) return decoded(cell);
  return typeof cell === "number" ? plainDigits(cell) : String(cell);
};
const csvField = (text: string): string =>
  text === "\\." || /[",\r\n]/.test(text) || /^\s/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

export interface RowForm {
  readonly outputFormat: "jsonl" | "json" | "csv";
  readonly nullString: string;
  readonly headers: boolean;
}
export const createRowWriter = (form: RowForm, sink: Sink): RowWriter => {
  let columns: readonly string[] = [];
  const rows: Json[] = [];
  const asObject = (cells: readonly Cell[]): Json => Object.fromEntries(columns.map((name, at) => [name, jsonCell(cells[at] ?? null)]));
  if (form.outputFormat === "csv") {
    const line = (fields: readonly string[]): void | Promise<void> => writeText(sink, `${fields.map(csvField).join(",")}\n`);
    return {
      header: (names) => (form.headers ? line(names) : undefined),
      row: (cells) => line(cells.map((cell) => textCell(cell, form.nullString))),
      end: () => undefined,
    };
  }
  const header = (names: readonly string[]): void => {
    columns = names;
  };
  if (form.outputFormat === "jsonl") return { header, row: (cells) => writeText(sink, `${unmarked(goJson(asObject(cells)))}\n`), end: () => undefined };
  return {
    header,
    row: (cells) => void rows.push(asObject(cells)),
    end: () => writeText(sink, `${unmarked(goJsonIndent(rows, "  "))}\n`),
  };
};
