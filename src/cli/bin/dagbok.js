#!/usr/bin/env node
/** Starts the command line: TypeScript is run as it stands, there is nothing to build. */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const main = join(dirname(fileURLToPath(import.meta.url)), "../main.ts");
const child = spawnSync(process.execPath, ["--import", tsx, main, ...process.argv.slice(2)], { stdio: "inherit" });
process.exit(child.status ?? 1);
