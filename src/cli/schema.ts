/** Owns the published JSON Schema as a file: `node --import tsx src/cli/schema.ts` writes `public/schema/dagu-2.6.json` anew. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { schema } from "../core/spec/schema/json-schema.ts";

export const schemaText = (): string => `${JSON.stringify(schema, null, 1)}\n`;

const file = join(import.meta.dirname, "../../public/schema/dagu-2.6.json");
if (process.argv[1] === import.meta.filename) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, schemaText());
}
