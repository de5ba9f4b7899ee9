/** Owns counting what the browser's processes write to disk, as the kernel counts it. Only Linux tells; elsewhere nothing is answered. */
import { readdirSync, readFileSync } from "node:fs";

const quietMs = 300;
const quietMsMax = 5000;

/** Text of a file of a process; a process that has just ended has none. */
const ofProcess = (id: string, name: string): string => {
  try {
    return readFileSync(`/proc/${id}/${name}`, "utf8");
  } catch (error) {
    if (["ENOENT", "ESRCH", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")) return "";
    throw error;
  }
};
const parentOf = (id: string): string => /^.*\) \S+ (\d+)/s.exec(ofProcess(id, "stat"))?.[1] ?? "";
/** Bytes written so far by everything below this process; undefined where the system does not tell. */
const writtenBelow = (): number | undefined => {
  if (process.platform !== "linux") return undefined;
  const parents = new Map(readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map((id) => [id, parentOf(id)]));
  const isBelow = (id: string): boolean => {
    for (let at = parents.get(id); at !== undefined; at = parents.get(at)) if (at === String(process.pid)) return true;
    return false;
  };
  return [...parents.keys()].filter(isBelow).reduce((sum, id) => sum + Number(/^write_bytes: (\d+)/m.exec(ofProcess(id, "io"))?.[1] ?? 0), 0);
};
/** What compaction writes after a run belongs to it. */
const whenQuiet = async (): Promise<number | undefined> => {
  let last = writtenBelow();
  for (let waited = 0; waited < quietMsMax; waited += quietMs) {
    await new Promise((resolve) => setTimeout(resolve, quietMs));
    const now = writtenBelow();
    if (now === last) return now;
    last = now;
  }
  return last;
};

export const bytesOver = async <T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly written: number | undefined }> => {
  const before = await whenQuiet();
  const value = await work();
  const after = await whenQuiet();
  return { value, written: before === undefined || after === undefined ? undefined : after - before };
};
