/** Owns the source of a parallel step (8.5): an expanded text → items. Limits: at most 1,000 items, checked by the caller. */
import type { Json } from "./json.ts";
import { goJson } from "./go/text.ts";

export const itemsMax = 1000;

const jsonText = (value: Json): string => (typeof value === "string" ? value : goJson(value));

const asJson = (text: string): string[] | undefined => {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    const value = JSON.parse(text) as Json;
    return Array.isArray(value) ? (value as readonly Json[]).map(jsonText) : [text];
  } catch {
    return undefined; // Not JSON: it is split as text.
  }
};
const quotedWords = (text: string): string[] | undefined => {
  const quotes = text.split('"').length - 1;
  if (quotes < 2 || !(text.startsWith('"') || text.endsWith('"') || text.includes('" ') || text.includes(' "'))) return undefined;
  return Array.from(text.matchAll(/"([^"]*)"|(\S+)/g), (found) => found[1] ?? (found[2] as string));
};
const mostFrequent = (text: string): string | undefined => {
  let best: string | undefined;
  let most = 0;
  for (const separator of ["\t", "|", ";", ","]) {
    const count = text.split(separator).length - 1;
    if (count > most) [best, most] = [separator, count];
  }
  return best;
};

/** Items of an expanded expression, trimmed, empty ones dropped. */
export const splitItems = (source: string): readonly string[] => {
  const text = source.trim();
  const clean = (items: readonly string[]): string[] => items.map((item) => item.trim()).filter((item) => item !== "");
  const json = asJson(text);
  if (json !== undefined) return json.filter((item) => item !== "");
  if (text.includes("\n")) return clean(text.split("\n"));
  const words = quotedWords(text);
  if (words !== undefined) return clean(words);
  const separator = mostFrequent(text);
  return clean(separator === undefined ? text.split(/\s+/) : text.split(separator));
};
