/** Owns finding the base configuration of a file on disk, as Dagu lays its home: named, set, beside the file, or above its `dags` folder. */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { isBaseText } from "../core/spec/import/home.ts";
import { baseFault } from "../host/edit/base.ts";

/** Text of the base configuration; undefined without one. Throws when the one that is asked for cannot lie under a DAG. */
export const baseTextFor = (file: string, given?: string): string | undefined => {
  const folder = dirname(resolve(file));
  const set = process.env["DAGU_BASE_CONFIG"];
  const beside = [folder, ...(basename(folder) === "dags" ? [dirname(folder)] : [])].flatMap((place) => [join(place, "base.yaml"), join(place, "base.yml")]);
  const asked = given ?? (set === undefined || set === "" ? undefined : set);
  const found = asked ?? beside.find((path) => path !== resolve(file) && existsSync(path));
  if (found === undefined) return undefined;
  const text = readFileSync(found, "utf8");
  // A DAG that happens to be called base.yaml.
  if (asked === undefined && !isBaseText(text)) return undefined;
  const fault = baseFault(text);
  if (fault !== undefined) throw new Error(`${found}: ${fault}`);
  return text;
};
