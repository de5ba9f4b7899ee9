/**
 * Owns devices in the origin private file system, by sync access handles: only in a worker, one owner at a time. A handle that another
 * worker still holds (the tab that drove before, on its way out) is asked for again until `waitMsMax`.
 */
import type { Device, Devices } from "./device.ts";

interface SyncHandle {
  readonly getSize: () => number;
  readonly read: (into: Uint8Array, options: { readonly at: number }) => number;
  readonly write: (bytes: Uint8Array, options: { readonly at: number }) => number;
  readonly truncate: (size: number) => void;
  readonly flush: () => void;
  readonly close: () => void;
}
const waitMsMax = 15_000;
const waitMs = 15;

/** Undefined where there is no private file system, or it is closed to us (private windows of some browsers). */
export const openOpfsDevices = async (folder: string): Promise<Devices | undefined> => {
  try {
    const root = await navigator.storage.getDirectory();
    const directory = await root.getDirectoryHandle(folder, { create: true });
    const probe = await directory.getFileHandle("probe", { create: true });
    if (!("createSyncAccessHandle" in probe)) return undefined;
    return {
      open: async (name) => deviceOf(await openHandle(directory, name)),
      remove: (name) => directory.removeEntry(name).catch((error: unknown) => (isNamed(error, "NotFoundError") ? undefined : Promise.reject(error))),
    };
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) return undefined;
    throw error;
  }
};

const isNamed = (error: unknown, name: string): boolean => error instanceof DOMException && error.name === name;
const openHandle = async (directory: FileSystemDirectoryHandle, name: string): Promise<SyncHandle> => {
  const file = (await directory.getFileHandle(name, { create: true })) as unknown as { readonly createSyncAccessHandle: () => Promise<SyncHandle> };
  for (const until = Date.now() + waitMsMax; ; ) {
    try {
      return await file.createSyncAccessHandle();
    } catch (error) {
      if (!isNamed(error, "NoModificationAllowedError") || Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
};

const deviceOf = (handle: SyncHandle): Device => {
  let size = handle.getSize();
  return {
    size: () => size,
    read: (at, into) => void (into.length > 0 && handle.read(into, { at })),
    write: (at, bytes) => {
      const written = handle.write(bytes, { at });
      if (written < bytes.length) throw new DOMException("The disk is full", "QuotaExceededError");
      size = Math.max(size, at + bytes.length);
    },
    truncate: (to) => {
      handle.truncate(to);
      size = to;
    },
    flush: async () => handle.flush(),
    close: async () => {
      handle.flush();
      handle.close();
    },
  };
};
