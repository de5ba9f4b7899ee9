/** Owns the list of all message keys: the English tables, one per area. The Chinese twin is typed by it. */
import { common } from "./en/common.ts";
import { dags } from "./en/dags.ts";
import { errors } from "./en/errors.ts";
import { frame } from "./en/frame.ts";
import { run } from "./en/run.ts";
import { settings } from "./en/settings.ts";
import { sync } from "./en/sync.ts";
import { yaml } from "./en/yaml.ts";

export const en = { ...common, ...dags, ...errors, ...frame, ...run, ...settings, ...sync, ...yaml } as const;
export type Key = keyof typeof en;
