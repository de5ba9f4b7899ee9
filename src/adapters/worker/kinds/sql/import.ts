/** Owns the import of a file into a table (4.1): CSV, TSV, JSON lines, batches, what happens at a conflict. */
import type { Json } from "../../../../core/value/json.ts";
import type { ImportSettings } from "./settings.ts";

export interface ImportMetrics {
  readonly rows_read: number;
  readonly rows_imported: number;
  readonly rows_skipped: number;
  readonly status: string;
}
interface Records {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | Json)[])[];
}

/** Records of delimited text: quotes, doubled quotes, line breaks inside quotes. */
export const parseDelimited = (text: string, delimiter: string): string[][] => {
  const records: string[][] = [];
  let record: string[] = [];
  let field = "";
  let quoted = false;
  const endRecord = (): void => {
    record.push(field);
    if (record.length > 1 || record[0] !== "") records.push(record);
    [record, field] = [[], ""];
  };
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (quoted) {
      if (char !== '"') field += char;
      else if (text[i + 1] === '"') field += text[++i] as string;
      else quoted = false;
    } else if (char === '"' && field === "") quoted = true;
    else if (char === delimiter) {
      record.push(field);
      field = "";
    } else if (char === "\n") endRecord();
    else if (char !== "\r" || text[i + 1] !== "\n") field += char;
  }
  if (field !== "" || record.length > 0) endRecord();
  return records;
};

const delimitedRecords = (text: string, settings: ImportSettings): Records => {
  const all = parseDelimited(text, settings.delimiter).slice(0);
  const header = settings.hasHeader ? all.shift() : undefined;
  const columns = settings.columns.length > 0 ? settings.columns : (header ?? (all[0] ?? []).map((_, at) => `column${at + 1}`));
  return { columns, rows: all };
};
const lineRecords = (text: string, settings: ImportSettings): Records => {
  const objects = text.split("\n").filter((line) => line.trim() !== "").map((line) => JSON.parse(line) as { readonly [key: string]: Json });
  const columns = settings.columns.length > 0 ? settings.columns : Object.keys(objects[0] ?? {}).sort();
  return { columns, rows: objects.map((each) => columns.map((name) => each[name] ?? null)) };
};

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const verbs = { error: "INSERT INTO", ignore: "INSERT OR IGNORE INTO", replace: "INSERT OR REPLACE INTO" } as const;
const pgTail = (settings: ImportSettings, columns: readonly string[]): string => {
  if (settings.onConflict === "error") return "";
  if (settings.onConflict === "ignore") return " ON CONFLICT DO NOTHING";
  const target = settings.conflictTarget === "" ? (columns[0] as string) : settings.conflictTarget;
  return ` ON CONFLICT (${quoted(target)}) DO UPDATE SET ${columns.map((name) => `${quoted(name)} = EXCLUDED.${quoted(name)}`).join(", ")}`;
};

export interface Importer {
  readonly dialect: "sqlite" | "postgres";
  readonly insert: (sql: string, values: readonly Json[]) => number | Promise<number>;
  /** Called after each batch; gives way to other work. */
  readonly batched: () => Promise<void>;
}
/** Inserts the records of `text`; answers the counts. Throws what the database refuses. */
export const importText = async (text: string, settings: ImportSettings, to: Importer): Promise<ImportMetrics> => {
  const { columns, rows } = settings.format === "jsonl" ? lineRecords(text, settings) : delimitedRecords(text.replace(/^\uFEFF/, ""), settings);
  const chosen = rows.slice(settings.skipRows, settings.maxRows > 0 ? settings.skipRows + settings.maxRows : undefined);
  const marks = columns.map((_, at) => (to.dialect === "sqlite" ? "?" : `$${at + 1}`)).join(", ");
  const verb = to.dialect === "sqlite" ? verbs[settings.onConflict] : verbs.error;
  const tail = to.dialect === "sqlite" ? "" : pgTail(settings, columns);
  const sql = `${verb} ${settings.table.split(".").map(quoted).join(".")} (${columns.map(quoted).join(", ")}) VALUES (${marks})${tail}`;
  const nulls = new Set(settings.nullValues);
  let imported = 0;
  for (const [at, row] of chosen.entries()) {
    const values = columns.map((_, index) => {
      const value = row[index] ?? null;
      return typeof value === "string" && nulls.has(value) ? null : value;
    });
    if (!settings.dryRun) imported += await to.insert(sql, values);
    if ((at + 1) % settings.batchSize === 0) await to.batched();
  }
  const counted = settings.dryRun ? 0 : imported;
  return { rows_read: chosen.length, rows_imported: counted, rows_skipped: chosen.length - counted, status: settings.dryRun ? "dry_run" : "success" };
};
