/** Owns files that were dropped or chosen, folders walked through, each with its path. Refuses to know what is in them. */

export interface Found {
  /** "dags/etl/load.yaml"; a single file has only its name. */
  readonly path: string;
  readonly file: File;
}
/** A folder without end must not hold the tab. */
export const foundMax = 5_000;

/** The entries must be taken while the event lasts; the walk may take longer. */
export const filesOf = (data: DataTransfer): Promise<readonly Found[]> => {
  const entries = [...data.items].flatMap((item) => (item.kind === "file" ? [{ entry: item.webkitGetAsEntry?.() ?? null, file: item.getAsFile() }] : []));
  return walkAll(entries);
};
export const chosenFiles = (files: FileList | null): readonly Found[] =>
  [...(files ?? [])].slice(0, foundMax).map((file) => ({ path: withoutTop(file.webkitRelativePath) || file.name, file }));
/** A chosen folder's own name says nothing. */
const withoutTop = (path: string): string => path.slice(path.indexOf("/") + 1);

const walkAll = async (entries: readonly { readonly entry: FileSystemEntry | null; readonly file: File | null }[]): Promise<readonly Found[]> => {
  const found: Found[] = [];
  for (const { entry, file } of entries) {
    if (entry === null) {
      if (file !== null) found.push({ path: file.name, file });
    } else await walk(entry, entry.isDirectory && entries.length === 1 ? "" : entry.name, found);
  }
  return found;
};
const walk = async (entry: FileSystemEntry, path: string, found: Found[]): Promise<void> => {
  if (found.length >= foundMax) return;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    found.push({ path: path === "" ? file.name : path, file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return;
    for (const inner of batch) await walk(inner, path === "" ? inner.name : `${path}/${inner.name}`, found);
  }
};
