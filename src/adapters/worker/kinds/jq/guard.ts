/**
 * Owns the rewriting of a jq filter so that an error ends one path and not the whole query: `a | b` becomes
 * `try (a | (try (b) catch MARK)) catch MARK`, which is what the contract records (4.1.2).
 */
export const markKey = "\u0000jq-error";
const mark = `{"\\u0000jq-error": .}`;

/** Positions of the `|` and the last `;` outside of brackets, strings and `if`/`reduce` bodies. */
const topLevel = (filter: string): { readonly pipes: readonly number[]; readonly after: number } => {
  const pipes: number[] = [];
  let depth = 0;
  let after = 0;
  for (let i = 0; i < filter.length; i++) {
    const char = filter[i] as string;
    if (char === '"') i = stringEnd(filter, i);
    else if (char === "#") while (i + 1 < filter.length && filter[i + 1] !== "\n") i++;
    else if ("([{".includes(char)) depth++;
    else if (")]}".includes(char)) depth--;
    else if (/[A-Za-z_]/.test(char)) {
      const word = /^\w+/.exec(filter.slice(i))?.[0] ?? char;
      const isField = filter[i - 1] === "." || filter[i - 1] === "$";
      if (!isField && word === "if") depth++;
      if (!isField && word === "end") depth--;
      i += word.length - 1;
    } else if (depth === 0 && char === ";") [after, pipes.length] = [i + 1, 0];
    else if (depth === 0 && char === "|" && filter[i + 1] !== "=" && filter[i - 1] !== "?" && filter[i - 1] !== "|") pipes.push(i);
  }
  return { pipes, after };
};
const stringEnd = (filter: string, from: number): number => {
  for (let i = from + 1; i < filter.length; i++) {
    if (filter[i] === "\\" && filter[i + 1] === "(") i = interpolationEnd(filter, i + 2);
    else if (filter[i] === "\\") i++;
    else if (filter[i] === '"') return i;
  }
  return filter.length;
};
const interpolationEnd = (filter: string, from: number): number => {
  let depth = 1;
  for (let i = from; i < filter.length; i++) {
    if (filter[i] === '"') i = stringEnd(filter, i);
    else if (filter[i] === "(") depth++;
    else if (filter[i] === ")" && --depth === 0) return i;
  }
  return filter.length;
};

/** The guarded filter: every result is wrapped in a list of one, errors are marked objects. */
export const guarded = (filter: string): string => {
  const { pipes, after } = topLevel(filter);
  const head = filter.slice(0, after);
  const body = filter.slice(after);
  const parts: string[] = [];
  let from = 0;
  for (const pipe of pipes) {
    parts.push(body.slice(from, pipe - after));
    from = pipe - after + 1;
  }
  parts.push(body.slice(from));
  const wrapped = parts.reduceRight((rest, part) => (rest === "" ? `(try (\n${part}\n| [.]) catch ${mark})` : `(try (\n${part}\n| ${rest}) catch ${mark})`), "");
  return `${head} ${wrapped}`;
};
