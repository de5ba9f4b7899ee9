/** Owns the ink of one YAML line in a reading pane: key, string, number, comment, variable. By line, without a parser: a pane may hold a text that is no YAML. */
export type Ink = "key" | "string" | "number" | "comment" | "var" | "plain";
export interface Inked {
  readonly text: string;
  readonly ink: Ink;
}
const keyPattern = /^(\s*(?:- +)*)("[^"]*"|'[^']*'|[^\s#"'[{][^:#]*?)(:)(?=\s|$)/;
const pieces = /("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')|(\$\{[^}]*\}|\$[A-Za-z_]\w*)|((?:^|\s)#.*$)|((?<![\w.-])-?\d+(?:\.\d+)?(?![\w.-])|(?<![\w-])(?:true|false|null)(?![\w-]))/g;

export const inked = (line: string): readonly Inked[] => {
  const key = keyPattern.exec(line);
  if (key === null) return inkedValue(line);
  const [all, lead = "", name = ""] = key;
  return [...(lead === "" ? [] : [{ text: lead, ink: "plain" as const }]), { text: name, ink: "key" }, { text: ":", ink: "key" }, ...inkedValue(line.slice(all.length))];
};
const inkedValue = (text: string): readonly Inked[] => {
  const out: Inked[] = [];
  let at = 0;
  for (const match of text.matchAll(pieces)) {
    if (match.index > at) out.push({ text: text.slice(at, match.index), ink: "plain" });
    const ink: Ink = match[1] !== undefined ? "string" : match[2] !== undefined ? "var" : match[3] !== undefined ? "comment" : "number";
    out.push({ text: match[0], ink });
    at = match.index + match[0].length;
  }
  if (at < text.length) out.push({ text: text.slice(at), ink: "plain" });
  return out;
};
