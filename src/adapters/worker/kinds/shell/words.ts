/** Owns the splitting of a command that runs without a shell (`shell: direct`): words, quotes, backslashes; nothing else means anything. */
export const splitWords = (text: string): readonly string[] => {
  const words: string[] = [];
  let now: string | undefined;
  let quote = "";
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (quote !== "") {
      if (char === quote) quote = "";
      else if (char === "\\" && quote === '"' && /["\\]/.test(text[i + 1] ?? "")) now += text[++i] as string;
      else now += char;
    } else if (char === "'" || char === '"') {
      quote = char;
      now ??= "";
    } else if (char === "\\" && i + 1 < text.length && text[i + 1] !== "$") now = (now ?? "") + (text[++i] as string);
    else if (/\s/.test(char)) {
      if (now !== undefined) words.push(now);
      now = undefined;
    } else now = (now ?? "") + char;
  }
  if (now !== undefined) words.push(now);
  return words;
};
