/** Owns the Simplified Chinese tables as one; a missing or an extra key fails the type check. */
import type { Key } from "./en.ts";
import { common } from "./zh/common.ts";
import { dags } from "./zh/dags.ts";
import { errors } from "./zh/errors.ts";
import { frame } from "./zh/frame.ts";
import { run } from "./zh/run.ts";
import { settings } from "./zh/settings.ts";
import { sync } from "./zh/sync.ts";
import { yaml } from "./zh/yaml.ts";

export const zh: Readonly<Record<Key, string>> = { ...common, ...dags, ...errors, ...frame, ...run, ...settings, ...sync, ...yaml };
