/** Owns how well a query fits a title: words by prefix, then letters in order; -1 is no match. Refuses to know what is listed. */
export const match = (query: string, title: string): number => {
  const wanted = query.trim().toLowerCase();
  const text = title.toLowerCase();
  if (wanted === "") return 0;
  const at = text.indexOf(wanted);
  if (at === 0) return 1000;
  if (at > 0) return 800 - Math.min(at, 300);
  const parts = wanted.split(/\s+/);
  if (parts.every((part) => text.includes(part))) return 400;
  let from = 0;
  let gaps = 0;
  for (const letter of wanted.replaceAll(" ", "")) {
    const next = text.indexOf(letter, from);
    if (next < 0) return -1;
    gaps += next - from;
    from = next + 1;
  }
  return Math.max(0, 200 - gaps * 4);
};
