/**
 * Owns the rewriting of a jq filter so that an error ends one path and not the whole query: `a | b` becomes
 * `try (a | (try (b) catch MARK)) catch MARK`, which is what the contract records (4.1.2).
 */
export const markKey = "\u0000jq-error";
const mark = `{"\\u0000jq-error": .}`;

/** Positions of the `|` and `,`, and the end of the last `;`, outside of brackets, strings and `if`/`reduce` bodies. */
const topLevel = (filter: string): { readonly pipes: readonly number[]; readonly commas: readonly number[]; readonly after: number } => {
  const pipes: number[] = [];
  const commas: number[] = [];
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
    } else if (depth === 0 && char === ";") [after, pipes.length, commas.length] = [i + 1, 0, 0];
    else if (depth === 0 && char === ",") commas.push(i);
    else if (depth === 0 && char === "|" && filter[i + 1] !== "=" && filter[i - 1] !== "?" && filter[i - 1] !== "|") pipes.push(i);
  }
  return { pipes, commas, after };
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

/** Copies of the rest that commas may ask for; past it commas stay inside one guard. */
const copiesMax = 64;
const cutAt = (text: string, places: readonly number[]): string[] => {
  const bounds = [-1, ...places, text.length];
  return bounds.slice(1).map((end, at) => text.slice((bounds[at] as number) + 1, end));
};

/** The guarded filter: every result is wrapped in a list of one, errors are marked objects. `a, b` is guarded one by one. */
export const guarded = (filter: string): string => {
  const { after } = topLevel(filter);
  const body = filter.slice(after);
  const stages = cutAt(body, topLevel(body).pipes).map((stage) => cutAt(stage, topLevel(stage).commas));
  const copies = stages.reduce((product, items) => product * items.length, 1);
  const wrap = (item: string, rest: string): string => `(try (\n${item}\n| ${rest === "" ? "[.]" : rest}) catch ${mark})`;
  const wrapped = stages.reduceRight((rest, items) => (copies > copiesMax ? wrap(items.join(","), rest) : `(${items.map((item) => wrap(item, rest)).join(", ")})`), "");
  return `${filter.slice(0, after)} ${wrapped}`;
};
