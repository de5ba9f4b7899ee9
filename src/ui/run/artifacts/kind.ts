/** Owns which preview a file gets, by its name alone. */
export type PreviewKind = "chart" | "json" | "table" | "image" | "html" | "text" | "binary";
const images: Readonly<Record<string, string>> = { png: "image/png", jpg: "image/jpeg", jpeg: "image/jpeg", gif: "image/gif", webp: "image/webp", svg: "image/svg+xml", avif: "image/avif" };

export const kindOf = (path: string): PreviewKind => {
  const name = path.toLowerCase();
  if (/\.(?:chart|echarts)\.json$/.test(name)) return "chart";
  if (/\.(?:json|geojson)$/.test(name)) return "json";
  if (/\.(?:csv|tsv)$/.test(name)) return "table";
  if (imageType(name) !== undefined) return "image";
  if (/\.html?$/.test(name)) return "html";
  if (/\.(?:sqlite3?|db|zip|gz|tgz|tar|wasm|pdf|parquet|bin)$/.test(name)) return "binary";
  return "text";
};
export const imageType = (path: string): string | undefined => images[path.toLowerCase().split(".").at(-1) ?? ""];
/** Rows of a CSV or TSV (quotes as in RFC 4180), at most `rowsMax`. */
export const tableOf = (text: string, separator: string, rowsMax: number): readonly (readonly string[])[] => {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < text.length && rows.length < rowsMax; at += 1) {
    const char = text[at] ?? "";
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') { cell += '"'; at += 1; }
      else quoted = false;
    } else if (char === '"' && cell === "") quoted = true;
    else if (char === separator) { row.push(cell); cell = ""; }
    else if (char === "\n") { row.push(cell.endsWith("\r") ? cell.slice(0, -1) : cell); rows.push(row); row = []; cell = ""; }
    else cell += char;
  }
  if (rows.length < rowsMax && (cell !== "" || row.length > 0)) rows.push([...row, cell]);
  return rows;
};
