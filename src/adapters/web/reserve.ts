/**
 * Owns two things kept beside the database, for its worst days. The ballast: some MiB in the private file system that are given up on the
 * first full disk, because a full IndexedDB may refuse even the row that says so. The sentinel: a note in Cache Storage that this browser
 * has been used, because a damaged IndexedDB comes back empty without an error.
 */
const ballastBytes = 4 * 1024 * 1024;

export interface Ballast {
  /** Gives the space up; false = there was none. */
  readonly drop: () => Promise<boolean>;
}
const isAbsent = (error: unknown): boolean => error instanceof TypeError || error instanceof DOMException;

/** Lays the ballast in the background, where there is room and a private file system. */
export const layBallast = (name: string): Ballast => {
  const file = `${name}-ballast`;
  const lay = async (): Promise<void> => {
    const root = await navigator.storage.getDirectory();
    const handle = (await root.getFileHandle(file, { create: true })) as unknown as { readonly createSyncAccessHandle: () => Promise<SyncHandle> };
    const access = await handle.createSyncAccessHandle();
    try {
      if (access.getSize() < ballastBytes) access.write(new Uint8Array(ballastBytes), { at: 0 });
      access.flush();
    } finally {
      access.close();
    }
  };
  const laid = lay().then(
    () => true,
    (error: unknown) => {
      if (isAbsent(error)) return false; // No private file system, another tab is laying it, or no room: there is none then.
      throw error;
    },
  );
  return {
    drop: async () => {
      if (!(await laid)) return false;
      try {
        await (await navigator.storage.getDirectory()).removeEntry(file);
        return true;
      } catch (error) {
        if (isAbsent(error)) return false;
        throw error;
      }
    },
  };
};
interface SyncHandle {
  readonly getSize: () => number;
  readonly write: (bytes: Uint8Array, options: { readonly at: number }) => number;
  readonly flush: () => void;
  readonly close: () => void;
}

/** Compares the note outside with the one inside the database; "lost" = everything that was here is gone, and nobody cleared it on purpose. */
export const readSentinel = async (name: string, inside: { readonly id: string; readonly isNew: boolean }): Promise<"kept" | "new" | "lost"> => {
  if (typeof caches === "undefined") return inside.isNew ? "new" : "kept";
  try {
    const cache = await caches.open(`${name}-sentinel`);
    const note = await cache.match("/sentinel");
    if (note === undefined || inside.isNew) await cache.put("/sentinel", new Response(inside.id));
    if (!inside.isNew) return "kept";
    return note === undefined ? "new" : "lost";
  } catch (error) {
    if (isAbsent(error)) return inside.isNew ? "new" : "kept";
    throw error;
  }
};
