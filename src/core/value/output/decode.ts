/** Owns structured outputs (6): decode text, JSON or YAML, select a path, the compact text that is kept. */
import { parseDocument } from "yaml";
import { selectPath } from "../expand/path.ts";
import type { Json } from "../json.ts";

export type Decoded = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly message: string };

const literals = ["null", "true", "false"] as const;
/** Words the first fault of a JSON text as Go does, as far as it can be told. */
const jsonFault = (text: string): string => {
  const start = text.trimStart();
  if (start === "") return "unexpected end of JSON input";
  const literal = literals.find((each) => each[0] === start[0]);
  if (literal !== undefined) {
    for (let i = 1; i < literal.length; i++)
      if (start[i] !== literal[i])
        return start[i] === undefined
          ? "unexpected end of JSON input"
          : `invalid character '${start[i] as string}' in literal ${literal} (expecting '${literal[i] as string}')`;
    return `invalid character '${start.slice(literal.length).trimStart()[0] ?? ""}' after top-level value`;
  }
  if (!/^[[{"\-\d]/.test(start)) return `invalid character '${start[0] as string}' looking for beginning of value`;
  return "unexpected end of JSON input";
};

const fromYaml = (text: string): Decoded => {
  const document = parseDocument(text, { version: "1.2", schema: "core" });
  const fault = document.errors[0];
  if (fault !== undefined) return { ok: false, message: `failed to decode YAML: ${fault.message.split("\n")[0] as string}` };
  return { ok: true, value: document.toJS({ maxAliasCount: 100 }) as Json };
};
const fromJson = (text: string): Decoded => {
  try {
    return { ok: true, value: JSON.parse(text) as Json };
  } catch {
    return { ok: false, message: `failed to decode JSON: ${jsonFault(text)}` };
  }
};

/** Value of one `from` entry; `select` without a match is null. */
export const decodeOutput = (text: string, decode: "text" | "json" | "yaml", select: string): Decoded => {
  if (decode === "text") return { ok: true, value: text };
  const decoded = decode === "json" ? fromJson(text) : fromYaml(text);
  if (!decoded.ok || select === "") return decoded;
  const selected = selectPath(decoded.value, select);
  return selected.found ? { ok: true, value: selected.value } : { ok: false, message: `failed to select ${select}` };
};
