/** Owns shell patterns as regular expressions: find -name, grep --include, tar --exclude. */

/** Matches a whole text; "*" and "?" match any character, also "/". */
export const globToRegExp = (glob: string, ignoreCase = false): RegExp => {
  let source = "";
  for (let i = 0; i < glob.length; i++) {
    const char = glob.charAt(i);
    if (char === "*") source += "[^]*";
    else if (char === "?") source += "[^]";
    else if (char === "\\" && i + 1 < glob.length) source += escape(glob.charAt(++i));
    else if (char === "[") {
      const set = /^\[([!^]?)(\]?(?:\[:[a-z]+:\]|[^\]])*)\]/.exec(glob.slice(i));
      if (set === null) source += "\\[";
      else {
        const inside = set[2]!.replace(/\[:([a-z]+):\]|[\\\]^[]/g, (whole, name?: string) => (name === undefined ? `\\${whole}` : (CLASSES[name] ?? "")));
        source += `[${set[1] === "" ? "" : "^"}${inside}]`;
        i += set[0].length - 1;
      }
    } else source += escape(char);
  }
  return new RegExp(`^${source}$`, ignoreCase ? "i" : "");
};

const escape = (char: string): string => char.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
const CLASSES: Readonly<Record<string, string>> = { alnum: "A-Za-z0-9", alpha: "A-Za-z", digit: "0-9", lower: "a-z", upper: "A-Z", space: "\\s", punct: "!-\\/:-@\\[-`{-~", xdigit: "0-9A-Fa-f", blank: " \\t" };
