/**
 * Owns devices in IndexedDB, for browsers without a private file system: all pages are held in memory and written behind, so that reads and
 * writes answer at once. A killed tab loses at most the last `behindMs` of writes.
 */
import type { Device, Devices } from "./device.ts";

const pageBytes = 64 * 1024;
const behindMs = 25;

const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new DOMException("request failed"));
  });
const openPages = async (name: string): Promise<IDBDatabase> => {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore("pages");
  const database = await answer(request);
  database.onversionchange = () => database.close();
  return database;
};
const rangeOf = (name: string): IDBKeyRange => IDBKeyRange.bound([name], [name, []]);

export const openIndexedDevices = async (databaseName: string): Promise<Devices> => {
  const database = await openPages(databaseName);
  return {
    open: (name) => openDevice(database, name),
    remove: async (name) => {
      await answer(database.transaction("pages", "readwrite").objectStore("pages").delete(rangeOf(name)));
    },
  };
};

const openDevice = async (database: IDBDatabase, name: string): Promise<Device> => {
  const store = database.transaction("pages").objectStore("pages");
  const [keys, values] = await Promise.all([answer(store.getAllKeys(rangeOf(name))), answer(store.getAll(rangeOf(name)) as IDBRequest<(Uint8Array | number)[]>)]);
  const pages = new Map<number, Uint8Array>();
  let size = 0;
  keys.forEach((key, at) => {
    const page = (key as [string, number])[1];
    if (page < 0) size = values[at] as number;
    else pages.set(page, values[at] as Uint8Array);
  });
  const dirty = new Set<number>();
  let writing: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failure: unknown;

  const save = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    if (dirty.size === 0) return writing ?? Promise.resolve();
    const tx = database.transaction("pages", "readwrite");
    for (const page of dirty) {
      const bytes = pages.get(page);
      if (bytes === undefined) tx.objectStore("pages").delete([name, page]);
      else tx.objectStore("pages").put(bytes, [name, page]);
    }
    dirty.clear();
    tx.objectStore("pages").put(size, [name, -1]);
    writing = new Promise((resolve, reject) => {
      tx.oncomplete = () => resolve();
      tx.onabort = () => reject(tx.error ?? new DOMException("aborted", "AbortError"));
    });
    writing.catch((error: unknown) => {
      failure = error;
    });
    return writing;
  };
  const touch = (page: number): void => {
    dirty.add(page);
    timer ??= setTimeout(() => void save().catch(() => undefined), behindMs);
  };
  const eachPage = (at: number, length: number, act: (page: number, from: number, offset: number, count: number) => void): void => {
    for (let done = 0; done < length; ) {
      const page = Math.floor((at + done) / pageBytes);
      const from = (at + done) % pageBytes;
      const count = Math.min(pageBytes - from, length - done);
      act(page, from, done, count);
      done += count;
    }
  };
  return {
    size: () => size,
    read: (at, into) =>
      eachPage(at, Math.max(0, Math.min(into.length, size - at)), (page, from, offset, count) => {
        const bytes = pages.get(page);
        if (bytes !== undefined) into.set(bytes.subarray(from, from + count), offset);
        else into.fill(0, offset, offset + count);
      }),
    write: (at, bytes) => {
      if (failure !== undefined) {
        const told = failure;
        failure = undefined;
        throw told;
      }
      eachPage(at, bytes.length, (page, from, offset, count) => {
        const target = pages.get(page) ?? new Uint8Array(pageBytes);
        pages.set(page, target);
        target.set(bytes.subarray(offset, offset + count), from);
        touch(page);
      });
      size = Math.max(size, at + bytes.length);
    },
    truncate: (to) => {
      for (const page of pages.keys()) {
        if (page * pageBytes < to) continue;
        pages.delete(page);
        touch(page);
      }
      size = to;
      touch(Math.floor(to / pageBytes));
    },
    flush: save,
    close: async () => {
      await save();
    },
  };
};
