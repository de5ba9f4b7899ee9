/** Owns the key of a run output (6): `MY_VAR` → `myVar`. */
export const outputKey = (name: string): string =>
  name
    .split("_")
    .filter((part) => part !== "")
    .map((part, at) => (at === 0 ? part.toLowerCase() : part.charAt(0).toUpperCase() + part.slice(1).toLowerCase()))
    .join("");
