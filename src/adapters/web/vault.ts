/**
 * Owns secret values in a browser: rows of ciphertext in an IndexedDB database of their own (shape 1: `keys` by id, `secrets` by scope and
 * name), which neither the store, sync nor a backup knows. Without a passphrase the key lies beside them as a key object that cannot be read
 * out; with one only its wrapped form does, and the key lives in the memory of open tabs, which hand it to each other.
 */
import { instant, type Instant } from "../../core/base/brand.ts";
import { VaultError, type SecretInfo, type Vault, type VaultAnswer } from "../../ports/vault.ts";
import { makeKey, makeWrapped, seal, unseal, unwrap, type Sealed, type Wrapped } from "./vault-keys.ts";

interface SecretRow extends SecretInfo {
  readonly sealed: Sealed;
}
type KeyRow = { readonly id: "key"; readonly key: CryptoKey } | { readonly id: "key"; readonly wrapped: Wrapped };
type Message = { readonly type: "who" } | { readonly type: "key"; readonly key: CryptoKey } | { readonly type: "lock" };

export interface WebVaultOptions {
  /** Of the database and the channel between tabs. */
  readonly name: string;
  readonly now: () => Instant;
}
/** Another tab that holds the key answers within this. */
const answerMs = 150;
const wrongMsMin = 500;
const wrongMsMax = 30_000;
const placeOf = (scope: string, name: string): string => `${scope}\u0000${name}`;

export const createWebVault = ({ name, now }: WebVaultOptions): Vault => {
  const isAvailable = typeof crypto !== "undefined" && crypto.subtle !== undefined;
  const rows = createRows(name);
  const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(name);
  let held: CryptoKey | undefined;
  let wrong = 0;
  let arrived: () => void = () => undefined;
  if (channel !== undefined)
    channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if (data.type === "lock") held = undefined;
      else if (data.type === "key") {
        held = data.key;
        arrived();
      } else if (held !== undefined) channel.postMessage({ type: "key", key: held } satisfies Message);
    };
  const say = (message: Message): void => channel?.postMessage(message);
  const askOthers = (): Promise<void> =>
    new Promise((resolve) => {
      arrived = resolve;
      say({ type: "who" });
      setTimeout(resolve, answerMs);
    });

  /** The key, if it is to be had without a person. */
  const key = async (): Promise<CryptoKey | undefined> => {
    if (!isAvailable) throw new VaultError("no_crypto", "this page has no cryptography: open it over https or on localhost");
    const row = await rows.key();
    if (row === undefined) {
      await rows.replace({ id: "key", key: await makeKey() }, []);
      return key();
    }
    if ("key" in row) return row.key;
    if (held === undefined) await askOthers();
    return held;
  };
  const openKey = async (): Promise<CryptoKey> => {
    const found = await key();
    if (found === undefined) throw new VaultError("locked", "the secrets are locked: unlock them in Settings, Secrets");
    return found;
  };
  /** Puts everything under another key, in one transaction. */
  const rekey = async (next: CryptoKey, row: KeyRow): Promise<void> => {
    const old = await openKey();
    const moved: SecretRow[] = [];
    for (const one of await rows.all()) {
      const place = placeOf(one.scope, one.name);
      moved.push({ ...one, sealed: await seal(next, place, await unseal(old, place, one.sealed)) });
    }
    await rows.replace(row, moved);
  };

  return {
    view: async () => {
      const row = isAvailable ? await rows.key() : undefined;
      const isProtected = row !== undefined && "wrapped" in row;
      const isLocked = isProtected && (await key()) === undefined;
      const secrets = (await rows.all()).map(({ sealed: _, ...info }) => info).sort((a, b) => (placeOf(a.name, a.scope) < placeOf(b.name, b.scope) ? -1 : 1));
      return { isAvailable, isProtected, isLocked, secrets };
    },
    put: async (scope, secret, value) => {
      const before = await rows.get(scope, secret);
      const at = now();
      const sealed = await seal(await openKey(), placeOf(scope, secret), value);
      await rows.put({ scope, name: secret, createdAt: before?.createdAt ?? at, updatedAt: at, sealed, ...(before?.lastUsedAt === undefined ? {} : { lastUsedAt: before.lastUsedAt }) });
    },
    delete: (scope, secret) => rows.delete(scope, secret),
    open: async (dag, names): Promise<VaultAnswer> => {
      const values: Record<string, string> = {};
      for (const wanted of new Set(names)) {
        const row = (await rows.get(dag, wanted)) ?? (await rows.get("", wanted));
        if (row === undefined) continue;
        const by = await key();
        if (by === undefined) return { ok: false, reason: "locked", name: wanted };
        try {
          values[wanted] = await unseal(by, placeOf(row.scope, row.name), row.sealed);
        } catch (error) {
          if (error instanceof VaultError) return { ok: false, reason: "damaged", name: wanted };
          throw error;
        }
        await rows.put({ ...row, lastUsedAt: instant(now()) });
      }
      return { ok: true, values };
    },
    protect: async (passphrase) => {
      await openKey();
      const { key: next, wrapped } = await makeWrapped(passphrase);
      await rekey(next, { id: "key", wrapped });
      held = next;
      say({ type: "key", key: next });
    },
    unprotect: async () => {
      const next = await makeKey();
      await rekey(next, { id: "key", key: next });
      held = undefined;
      say({ type: "lock" });
    },
    unlock: async (passphrase) => {
      const row = await rows.key();
      if (row === undefined || "key" in row) return;
      if (wrong > 0) await new Promise((done) => setTimeout(done, Math.min(wrongMsMax, wrongMsMin * 2 ** wrong)));
      try {
        held = await unwrap(passphrase, row.wrapped);
      } catch (error) {
        wrong += 1;
        throw error;
      }
      wrong = 0;
      say({ type: "key", key: held });
    },
    lock: async () => {
      held = undefined;
      say({ type: "lock" });
    },
  };
};

interface Rows {
  readonly key: () => Promise<KeyRow | undefined>;
  readonly all: () => Promise<readonly SecretRow[]>;
  readonly get: (scope: string, name: string) => Promise<SecretRow | undefined>;
  readonly put: (row: SecretRow) => Promise<void>;
  readonly delete: (scope: string, name: string) => Promise<void>;
  /** A new key and these rows instead of what they replace, together or not at all. A first key that another tab made meanwhile stays. */
  readonly replace: (key: KeyRow, rows: readonly SecretRow[]) => Promise<void>;
}
const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the secrets' storage failed"));
  });
const openDatabase = (name: string): Promise<IDBDatabase> => {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("keys", { keyPath: "id" });
    request.result.createObjectStore("secrets", { keyPath: ["scope", "name"] });
  };
  return done(request);
};
const createRows = (name: string): Rows => {
  let database: Promise<IDBDatabase> | undefined;
  /** Carries the work out in one transaction; settles when it is durable. */
  const within = async <T>(mode: IDBTransactionMode, work: (keys: IDBObjectStore, secrets: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
    database ??= openDatabase(name).then((opened) => {
      opened.onversionchange = opened.onclose = () => {
        opened.close();
        database = undefined;
      };
      return opened;
    });
    const tx = (await database).transaction(["keys", "secrets"], mode);
    const ended = new Promise<void>((resolve, reject) => {
      tx.oncomplete = () => resolve();
      tx.onabort = () => reject(tx.error ?? new Error("the secrets' storage failed"));
    });
    const [answer] = await Promise.all([done(work(tx.objectStore("keys"), tx.objectStore("secrets"))), ended]);
    return answer;
  };
  return {
    key: () => within<KeyRow | undefined>("readonly", (keys) => keys.get("key")),
    all: () => within<SecretRow[]>("readonly", (_, secrets) => secrets.getAll()),
    get: (scope, secret) => within<SecretRow | undefined>("readonly", (_, secrets) => secrets.get([scope, secret])),
    put: async (row) => void (await within("readwrite", (_, secrets) => secrets.put(row))),
    delete: async (scope, secret) => void (await within("readwrite", (_, secrets) => secrets.delete([scope, secret]))),
    replace: async (key, moved) => {
      const isFirst = moved.length === 0 && "key" in key && (await within<number>("readonly", (keys) => keys.count())) === 0;
      try {
        await within("readwrite", (keys, secrets) => {
          for (const row of moved) secrets.put(row);
          return isFirst ? keys.add(key) : keys.put(key);
        });
      } catch (error) {
        if (!isFirst || (error as DOMException).name !== "ConstraintError") throw error;
      }
    },
  };
};
