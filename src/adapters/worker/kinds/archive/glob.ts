/** Owns the include and exclude patterns of archives: `*`, `?`, `[…]` within a part, `**` across parts; a bare name also matches the last part. */
const source = (pattern: string): string => {
  let out = "";
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] as string;
    if (pattern.startsWith("**/", i)) {
      out += "(?:.*/)?";
      i += 2;
    } else if (pattern.startsWith("**", i)) {
      out += ".*";
      i += 1;
    } else if (char === "*") out += "[^/]*";
    else if (char === "?") out += "[^/]";
    else if (char === "[" && pattern.indexOf("]", i + 2) > 0) {
      const end = pattern.indexOf("]", i + 2);
      out += `[${pattern.slice(i + 1, end).replaceAll("\\", "\\\\")}]`;
      i = end;
    } else out += char.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  }
  return out;
};
const matches = (pattern: string, path: string): boolean => {
  const regex = new RegExp(`^${source(pattern)}$`, "s");
  return regex.test(path) || (!pattern.includes("/") && regex.test(path.slice(path.lastIndexOf("/") + 1)));
};
export const isChosen = (path: string, include: readonly string[], exclude: readonly string[]): boolean =>
  (include.length === 0 || include.some((pattern) => matches(pattern, path))) && !exclude.some((pattern) => matches(pattern, path));
