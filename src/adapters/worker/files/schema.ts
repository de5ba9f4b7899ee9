/**
 * Owns reading a JSON Schema from a DAG's folder: JSON or YAML, and the files that it refers to, put in their place. Nothing outside of the
 * folder is read and nothing is fetched. Refuses to know what a schema means.
 */
import { parse } from "yaml";
import type { Json, JsonObject } from "../../../core/value/json.ts";
import type { Files } from "../../../ports/files.ts";
import { parentOf, readWhole, resolvePath, statOf } from "./whole.ts";

const bytesMax = 1024 * 1024;
const filesMax = 50;

/** Why a schema cannot be had, in words. */
export class SchemaError extends Error {}

const isMap = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
const pointer = (document: Json, fragment: string): Json | undefined =>
  fragment === "" ? document : fragment.replace(/^\//, "").split("/").reduce<Json | undefined>((at, key) => (isMap(at) ? at[decodeURIComponent(key).replaceAll("~1", "/").replaceAll("~0", "~")] : undefined), document);

export const readSchema = async (files: Files, folder: string, name: string): Promise<JsonObject> => {
  const documents = new Map<string, Json>();
  const load = async (path: string, said: string): Promise<Json> => {
    const known = documents.get(path);
    if (known !== undefined) return known;
    if (path !== folder && !path.startsWith(`${folder}/`)) throw new SchemaError(`params schema ${said} lies outside of the DAG's folder`);
    if (documents.size >= filesMax) throw new SchemaError(`params schema ${name} refers to more than ${filesMax} files`);
    if ((await statOf(files, path))?.kind !== "file") throw new SchemaError(`params schema file not found: ${said}`);
    const bytes = await readWhole(files, path, bytesMax + 1);
    if (bytes.length > bytesMax) throw new SchemaError(`params schema ${said} is larger than ${bytesMax} bytes`);
    try {
      const document = parse(new TextDecoder().decode(bytes), { maxAliasCount: 100 }) as Json;
      documents.set(path, document);
      return document;
    } catch (error) {
      throw new SchemaError(`params schema ${said} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  /** The value with references to other files resolved; `open` are the references being resolved, to notice a circle. */
  const inlined = async (value: Json, path: string, open: readonly string[]): Promise<Json> => {
    if (Array.isArray(value)) return Promise.all((value as readonly Json[]).map((each) => inlined(each, path, open)));
    if (!isMap(value)) return value;
    const ref = value["$ref"];
    if (typeof ref === "string" && !(ref.startsWith("#") && path === root)) {
      const [file = "", fragment = ""] = ref.split("#");
      if (/^[a-z][a-z0-9+.-]*:/i.test(file)) throw new SchemaError(`params schema ${ref}: nothing is fetched here; put the file into the DAG's folder`);
      const target = file === "" ? path : resolvePath(parentOf(path), file);
      const key = `${target}#${fragment}`;
      if (open.includes(key)) throw new SchemaError(`params schema ${ref} refers to itself`);
      const found = pointer(await load(target, ref), fragment);
      if (found === undefined) throw new SchemaError(`params schema ${ref} is not there`);
      const rest = Object.entries(value).filter(([word]) => word !== "$ref");
      const put = await inlined(found, target, [...open, key]);
      return rest.length === 0 || !isMap(put) ? put : { ...put, ...((await inlined(Object.fromEntries(rest), path, open)) as JsonObject) };
    }
    return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([word, each]) => [word, await inlined(each, path, open)] as const)));
  };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) throw new SchemaError(`params schema ${name}: nothing is fetched here; put the file into the DAG's folder`);
  const root = resolvePath(folder, name);
  const schema = await inlined(await load(root, name), root, []);
  if (!isMap(schema)) throw new SchemaError(`params schema ${name} is no JSON object`);
  return schema;
};
