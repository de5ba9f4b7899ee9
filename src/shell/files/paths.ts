/** Owns path arithmetic on byte strings. Lexical only: no file system is asked. */

/** Absolute, without ".", ".." or doubled slashes. `base` is absolute. */
export const resolvePath = (base: string, path: string): string => {
  const full = path.startsWith("/") ? path : `${base}/${path}`;
  if (!full.includes("//") && !full.includes("/.") && !(full.length > 1 && full.endsWith("/"))) return full;
  const parts: string[] = [];
  for (const part of full.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return "/" + parts.join("/");
};

export const parentOf = (path: string): string => {
  const slash = path.lastIndexOf("/");
  return slash <= 0 ? "/" : path.slice(0, slash);
};
export const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
export const joinPath = (directory: string, name: string): string => (directory === "/" ? `/${name}` : `${directory}/${name}`);
