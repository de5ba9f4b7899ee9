/** Owns `sqlite3` in scripts: a database file, SQL as argument or standard input, the output modes of the real tool. */
import type { CommandEntry, Proc } from "../../../../shell/contract.ts";
import { decodeText } from "../../../../shell/bytes.ts";
import { plainDigits } from "../../../../core/value/go/number.ts";
import { readWhole, resolvePath, statOf, writeWhole } from "../../files/whole.ts";
import type { Cell } from "../sql/rows.ts";
import { withFileLock } from "../sql/lock.ts";
import type { SqlDatabase } from "../sql/sqlite.ts";
import { splitStatements } from "../sql/statements.ts";
import type { Door, DoorRequest, DoorWorld } from "./door.ts";
import { complain, readAll, say } from "./proc.ts";

type Mode = "list" | "csv" | "json" | "line" | "column" | "tabs";
interface Shape {
  mode: Mode;
  headers: boolean;
  separator: string;
  nullText: string;
}
const lockMsMax = 30_000;
const textOf = (cell: Cell, shape: Shape): string => {
  if (cell === null) return shape.nullText;
  if (typeof cell === "number") return Number.isInteger(cell) ? plainDigits(cell) : String(cell);
  return cell instanceof Uint8Array ? new TextDecoder().decode(cell) : String(cell);
};
const csv = (text: string): string => (/[",\s']/.test(text) || text === "" ? `"${text.replaceAll('"', '""')}"` : text);
const jsonCell = (cell: Cell): string => (typeof cell === "bigint" ? String(cell) : JSON.stringify(cell instanceof Uint8Array ? new TextDecoder().decode(cell) : cell));

const printed = (columns: readonly string[], rows: readonly (readonly Cell[])[], shape: Shape): string => {
  if (rows.length === 0) return "";
  const texts = rows.map((row) => row.map((cell) => textOf(cell, shape)));
  const head = shape.headers ? [[...columns]] : [];
  if (shape.mode === "json") return `[${rows.map((row) => `{${columns.map((name, at) => `${JSON.stringify(name)}:${jsonCell(row[at] ?? null)}`).join(",")}}`).join(",\n")}]\n`;
  if (shape.mode === "csv") return [...head, ...texts].map((row) => `${row.map((cell) => (cell === shape.nullText && cell === "" ? "" : csv(cell))).join(",")}\r\n`).join("");
  if (shape.mode === "line") {
    const width = Math.max(...columns.map((name) => name.length));
    return texts.map((row) => row.map((cell, at) => `${(columns[at] as string).padStart(width)} = ${cell}\n`).join("")).join("\n");
  }
  if (shape.mode === "column") {
    const all = [[...columns], ...texts];
    const widths = columns.map((_, at) => Math.max(...all.map((row) => (row[at] ?? "").length)));
    const line = (row: readonly string[]): string => `${row.map((cell, at) => cell.padEnd(widths[at] as number)).join("  ").trimEnd()}\n`;
    return line(columns) + line(widths.map((width) => "-".repeat(width))) + texts.map(line).join("");
  }
  const separator = shape.mode === "tabs" ? "\t" : shape.separator;
  return [...head, ...texts].map((row) => `${row.join(separator)}\n`).join("");
};

/** Dot commands that shape the output; others are refused by name. */
const dot = (line: string, shape: Shape): string | undefined => {
  const [name = "", ...words] = line.trim().split(/\s+/);
  const word = words[0] ?? "";
  if (name === ".mode" && ["list", "csv", "json", "line", "column", "tabs"].includes(word)) shape.mode = word as Mode;
  else if (name === ".headers" || name === ".header") shape.headers = word === "on";
  else if (name === ".separator") shape.separator = word.replaceAll('"', "").replaceAll("\\t", "\t");
  else if (name === ".nullvalue") shape.nullText = word;
  else if (name !== ".timeout" && name !== ".bail") return `${name} is not built in`;
  return undefined;
};
/** Runs of SQL and dot commands, in order. */
const parts = (text: string): readonly string[] => {
  const found: string[] = [""];
  for (const line of text.split("\n")) {
    if (/^\.\w/.test(line)) found.push(line, "");
    else found[found.length - 1] += `${line}\n`;
  }
  return found.filter((each) => each.trim() !== "");
};
const runText = async (proc: Proc, db: SqlDatabase, text: string, shape: Shape): Promise<number> => {
  for (const part of parts(text)) {
    if (/^\.\w/.test(part)) {
      const fault = part.startsWith(".tables") ? await tables(proc, db) : dot(part, shape);
      if (fault !== undefined) return complain(proc, `Error: ${fault}`, 1);
      continue;
    }
    for (const statement of splitStatements(part)) {
      try {
        const { columns, rows } = db.query(statement, []);
        await say(proc.stdout, printed(columns, [...rows], shape));
      } catch (error) {
        return complain(proc, `Error: ${(error as Error).message.replace(/^SQLITE_\w+: sqlite3 result code \d+: /, "in prepare, ")}`, 1);
      }
    }
  }
  return 0;
};
const tables = async (proc: Proc, db: SqlDatabase): Promise<undefined> => {
  const { rows } = db.query("SELECT name FROM sqlite_schema WHERE type IN ('table','view') AND name NOT LIKE 'sqlite_%' ORDER BY name", []);
  for (const [name] of rows) await say(proc.stdout, `${String(name)}\n`);
};

interface Line {
  readonly path?: string;
  readonly sql: readonly string[];
  readonly shape: Shape;
}
const readLine = (words: readonly string[]): Line | string => {
  const shape: Shape = { mode: "list", headers: false, separator: "|", nullText: "" };
  const rest: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = (words[i] as string).replace(/^--/, "-");
    if (/^-(list|csv|json|line|column|tabs)$/.test(word)) shape.mode = word.slice(1) as Mode;
    else if (word === "-header" || word === "-headers") shape.headers = true;
    else if (word === "-noheader") shape.headers = false;
    else if (word === "-separator") shape.separator = (words[++i] ?? "|").replaceAll("\\t", "\t");
    else if (word === "-nullvalue") shape.nullText = words[++i] ?? "";
    else if (word === "-cmd") rest.splice(1, 0, words[++i] ?? "");
    else if (/^-(batch|bail|readonly|safe)$/.test(word)) continue;
    else if (word.startsWith("-") && rest.length === 0) return `unknown option: ${word}`;
    else rest.push(words[i] as string);
  }
  const [path, ...sql] = rest;
  return { sql, shape, ...(path === undefined || path === ":memory:" || path === "" ? {} : { path }) };
};

const runOn = async (proc: Proc, line: Line, place: { readonly world: DoorWorld; readonly request: DoorRequest }): Promise<number> => {
  const { world, request } = place;
  const path = line.path === undefined ? undefined : resolvePath(decodeText(proc.cwd), line.path);
  const before = path !== undefined && (await statOf(world.files, path)) !== undefined ? await readWhole(world.files, path) : undefined;
  const { openSqlite } = await import("../sql/sqlite.ts");
  const db = await openSqlite({ assets: world.assets, now: world.now, deadlineMs: request.deadlineMs, isAborted: () => request.signal.aborted, ...(before === undefined ? {} : { bytes: before }) });
  try {
    const text = line.sql.length > 0 ? line.sql.join("\n") : new TextDecoder().decode(await readAll(proc.stdin));
    return await runText(proc, db, text, line.shape);
  } finally {
    const after = db.bytes();
    db.close();
    if (path !== undefined && !(before !== undefined && before.length === after.length && before.every((byte, at) => byte === after[at]))) await writeWhole(world.files, path, after);
  }
};

export const sqliteDoor: Door = (world, request) => {
  const run = async (proc: Proc): Promise<number> => {
    const line = readLine(proc.argv.slice(1).map(decodeText));
    if (typeof line === "string") return complain(proc, `Error: ${line}`, 1);
    if (line.path === undefined) return runOn(proc, line, { world, request });
    const path = resolvePath(decodeText(proc.cwd), line.path);
    return withFileLock({ files: world.files, now: world.now, signal: request.signal }, path, lockMsMax, () => runOn(proc, line, { world, request }));
  };
  const entry: CommandEntry = {
    name: "sqlite3",
    summary: { en: "run SQL over a database file (SQLite 3.54)", zh: "在数据库文件上运行 SQL（SQLite 3.54）" },
    options: [
      { flag: "-csv", en: "comma-separated output", zh: "逗号分隔输出" }, { flag: "-json", en: "JSON output", zh: "JSON 输出" },
      { flag: "-header", en: "print column names", zh: "输出列名" }, { flag: "-column", en: "output in columns", zh: "按列对齐输出" },
      { flag: "-separator TEXT", en: "text between columns", zh: "列之间的文本" }, { flag: "-nullvalue TEXT", en: "text for NULL", zh: "NULL 的显示文本" },
    ],
    run,
  };
  return entry;
};
