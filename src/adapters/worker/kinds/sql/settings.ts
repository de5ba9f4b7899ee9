/** Owns the settings of sqlite and postgres steps (4.1): defaults, types, refusals in words. */
import type { Json, JsonObject } from "../../../../core/value/json.ts";

export interface ImportSettings {
  readonly inputFile: string;
  readonly table: string;
  readonly format: "csv" | "tsv" | "jsonl";
  readonly hasHeader: boolean;
  readonly delimiter: string;
  readonly columns: readonly string[];
  readonly nullValues: readonly string[];
  readonly batchSize: number;
  readonly onConflict: "error" | "ignore" | "replace";
  readonly conflictTarget: string;
  readonly skipRows: number;
  readonly maxRows: number;
  readonly dryRun: boolean;
}
export interface SqlSettings {
  readonly dsn: string;
  readonly params: readonly Json[] | JsonObject;
  readonly timeoutMs: number;
  readonly transaction: boolean;
  readonly outputFormat: "jsonl" | "json" | "csv";
  readonly headers: boolean;
  readonly nullString: string;
  readonly maxRows: number;
  readonly streaming: boolean;
  readonly outputFile: string;
  /** postgres: "" = the server's own. */
  readonly isolationLevel: string;
  readonly advisoryLock?: number;
  readonly import?: ImportSettings;
}
export class SettingsError extends Error {}

const textOf = (value: Json | undefined, fallback: string): string => (value === undefined || value === null ? fallback : String(value));
const numberOf = (value: Json | undefined, fallback: number): number => {
  const number = Number(value ?? fallback);
  return Number.isFinite(number) ? number : fallback;
};
const flagOf = (value: Json | undefined, fallback: boolean): boolean =>
  typeof value === "boolean" ? value : typeof value === "string" ? value.toLowerCase() === "true" : fallback;
const oneOf = <T extends string>(name: string, value: Json | undefined, words: readonly T[], fallback: T): T => {
  const text = textOf(value, fallback).toLowerCase();
  const found = words.find((word) => word === text);
  if (found === undefined) throw new SettingsError(`invalid ${name}: ${text} (must be one of ${words.join(", ")})`);
  return found;
};
const isMap = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: Json | undefined): readonly string[] => (Array.isArray(value) ? (value as readonly Json[]).map((each) => String(each ?? "")) : []);

const formatOf = (map: JsonObject, file: string): ImportSettings["format"] => {
  const byName = file.endsWith(".tsv") ? "tsv" : /\.(jsonl|ndjson)$/.test(file) ? "jsonl" : "csv";
  return oneOf("import format", map["format"], ["csv", "tsv", "jsonl"], byName);
};
const importOf = (map: JsonObject): ImportSettings => {
  const inputFile = textOf(map["input_file"], "");
  const table = textOf(map["table"], "");
  if (inputFile === "") throw new SettingsError("import: input_file is required");
  if (table === "") throw new SettingsError("import: table is required");
  const format = formatOf(map, inputFile);
  return {
    inputFile, table, format,
    hasHeader: flagOf(map["has_header"], true),
    delimiter: textOf(map["delimiter"], format === "tsv" ? "\t" : ","),
    columns: listOf(map["columns"]),
    nullValues: map["null_values"] === undefined ? ["", "NULL", "null", "\\N"] : listOf(map["null_values"]),
    batchSize: Math.max(1, numberOf(map["batch_size"], 1000)),
    onConflict: oneOf("on_conflict", map["on_conflict"], ["error", "ignore", "replace"], "error"),
    conflictTarget: textOf(map["conflict_target"], ""),
    skipRows: Math.max(0, numberOf(map["skip_rows"], 0)),
    maxRows: Math.max(0, numberOf(map["max_rows"], 0)),
    dryRun: flagOf(map["dry_run"], false),
  };
};

const isolationOf = (value: Json | undefined): string => {
  const words = ["default", "read_uncommitted", "read_committed", "repeatable_read", "serializable"] as const;
  const text = textOf(value, "default").toLowerCase().replaceAll(/[ -]/g, "_");
  const found = oneOf("isolation_level", text, words, "default");
  return found === "default" ? "" : found.replaceAll("_", " ").toUpperCase();
};

/** Reads expanded settings. Throws `SettingsError`. */
export const readSettings = (settings: JsonObject): SqlSettings => {
  const dsn = textOf(settings["dsn"], "");
  if (dsn === "") throw new SettingsError("dsn is required");
  const params = settings["params"];
  return {
    dsn,
    params: Array.isArray(params) ? (params as readonly Json[]) : isMap(params) ? params : [],
    timeoutMs: numberOf(settings["timeout"], 60) * 1000,
    transaction: flagOf(settings["transaction"], false),
    outputFormat: oneOf("output_format", settings["output_format"], ["jsonl", "json", "csv"], "jsonl"),
    headers: flagOf(settings["headers"], false),
    nullString: textOf(settings["null_string"], "null"),
    maxRows: numberOf(settings["max_rows"], 0),
    streaming: flagOf(settings["streaming"], false),
    outputFile: textOf(settings["output_file"], ""),
    isolationLevel: isolationOf(settings["isolation_level"]),
    ...(settings["advisory_lock"] === undefined || settings["advisory_lock"] === null ? {} : { advisoryLock: Math.trunc(numberOf(settings["advisory_lock"], 0)) }),
    ...(isMap(settings["import"]) ? { import: importOf(settings["import"]) } : {}),
  };
};
