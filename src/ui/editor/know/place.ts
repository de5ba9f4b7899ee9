/** Owns where in the YAML a line stands: the path of its map, found by indentation, which holds for block style as people write it and while a text is broken. */
import type { Text } from "@codemirror/state";

export interface Place {
  /** Path of the map around the cursor, "steps[].retry_policy"; "" at the root. */
  readonly path: string;
  /** Key of this line when the cursor stands in its value. */
  readonly key: string | undefined;
}
/** Lines a place is looked for in; farther up stands only the root's key. */
const linesMax = 4_000;

const bodyIndent = (line: string): number => /^(\s*(?:-\s+)*)/.exec(line)?.[1]?.length ?? 0;
const spaceIndent = (line: string): number => /^\s*/.exec(line)![0].length;
export const keyOf = (line: string): string | undefined => /^\s*(?:-\s+)*["']?([\w.-]+)["']?\s*:(?:\s|$)/.exec(line)?.[1];
const dashes = (line: string): number => (/^\s*((?:-\s+)*)/.exec(line)?.[1]?.match(/-/g) ?? []).length;

export const placeOf = (doc: Text, line: number, column: number): Place => {
  const text = doc.line(line).text;
  const own = keyOf(text);
  let indent = text.trim() === "" ? column : bodyIndent(text);
  const parts: string[] = Array.from({ length: dashes(text) }, () => "[]");
  if (parts.length > 0) indent = spaceIndent(text);
  // An entry's dash may stand in the column of the key that holds the list.
  let isEntry = parts.length > 0;
  for (let at = line - 1; at >= 1 && line - at < linesMax && (indent > 0 || isEntry); at -= 1) {
    const above = doc.line(at).text;
    if (above.trim() === "" || above.trim().startsWith("#")) continue;
    const body = bodyIndent(above), space = spaceIndent(above), key = keyOf(above);
    if (!isEntry && space < indent && body === indent && dashes(above) > 0) {
      // The line that begins the map this one stands in.
      parts.unshift("[]");
      indent = space;
      isEntry = true;
      continue;
    }
    const isHolder = key !== undefined && (body < indent || (isEntry && body === indent && dashes(above) === 0));
    if (!isHolder) continue;
    parts.unshift(key, ...(dashes(above) > 0 ? [] : []));
    if (dashes(above) > 0) {
      parts.unshift("[]");
      indent = space;
      isEntry = true;
    } else {
      indent = body;
      isEntry = false;
    }
  }
  const colon = text.indexOf(":");
  return { path: joined(parts), key: own !== undefined && colon >= 0 && column > colon ? own : undefined };
};
const joined = (parts: readonly string[]): string => parts.reduce((path, part) => (part === "[]" ? `${path}[]` : path === "" ? part : `${path}.${part}`), "");

export const insideScript = (doc: Text, line: number): boolean => {
  const indent = spaceIndent(doc.line(line).text);
  for (let at = line - 1; at >= 1 && line - at < linesMax; at -= 1) {
    const above = doc.line(at).text;
    if (above.trim() === "" || spaceIndent(above) >= indent) continue;
    return /:\s*[|>][+-]?\d*\s*(#.*)?$/.test(above);
  }
  return false;
};
/** The value of a plain key beside the cursor's line, in the same map: `type` of the step that holds a `with`. */
export const valueBeside = (doc: Text, line: number, key: string): string | undefined => {
  const indent = bodyIndent(doc.line(line).text);
  const look = (from: number, by: 1 | -1): string | undefined => {
    for (let at = from; at >= 1 && at <= doc.lines && Math.abs(at - line) < 200; at += by) {
      const text = doc.line(at).text;
      if (text.trim() === "") continue;
      if (bodyIndent(text) < indent) return undefined;
      if (bodyIndent(text) === indent && keyOf(text) === key) return /:\s*["']?([\w-]+)/.exec(text)?.[1];
      if (bodyIndent(text) === indent && dashes(text) > 0 && at !== line) return undefined;
      if (by === -1 && bodyIndent(text) === indent && dashes(text) > 0) return undefined;
    }
    return undefined;
  };
  return look(line, -1) ?? look(line + 1, 1);
};
/** The nearest line above whose key has this name and a smaller indent. */
export const holderLine = (doc: Text, line: number, key: string): number | undefined => {
  const indent = doc.line(line).text.trim() === "" ? Number.POSITIVE_INFINITY : bodyIndent(doc.line(line).text);
  for (let at = line - 1; at >= 1 && line - at < 200; at -= 1) {
    const text = doc.line(at).text;
    if (keyOf(text) === key && bodyIndent(text) < indent) return at;
  }
  return undefined;
};
