/** Owns the ready-compressed twins of built files, so that the server only picks one. */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const compressible = new Set([".html", ".js", ".css", ".json", ".svg", ".wasm", ".webmanifest", ".data", ".txt", ".map"]);
const bytesMin = 1024;
/** Past this size the slowest brotli levels cost minutes and win little. */
const largeBytes = 1 << 20;

export const compressAll = (folder: string): void => {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !compressible.has(extname(entry.name)) || statSync(path).size < bytesMin) continue;
    const bytes = readFileSync(path);
    const quality = bytes.byteLength > largeBytes ? 5 : 10;
    writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength } }));
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: bytes.byteLength > largeBytes ? 6 : 9 }));
  }
};
