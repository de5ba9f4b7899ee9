/** Owns what can stand between us and the disk, as codes; the words live in the UI. */

/** "blocked": an old tab holds the database; "outdated": a newer version wants it, this tab must reload; "closed": the browser took it away. */
export type StoreState = "open" | "blocked" | "outdated" | "closed";

export type StorageFault = "quota" | "outdated" | "closed" | "newer" | "unavailable" | "failed";

export class StorageError extends Error {
  override readonly name = "StorageError";
  readonly code: StorageFault;
  constructor(code: StorageFault, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const faultByName: Readonly<Record<string, StorageFault>> = {
  QuotaExceededError: "quota",
  VersionError: "newer",
  InvalidStateError: "closed",
  DatabaseClosedError: "closed",
  MissingAPIError: "unavailable",
  SecurityError: "unavailable",
};

const nameOf = (error: unknown): string => {
  const inner = (error as { inner?: unknown } | null)?.inner;
  if (inner instanceof Error) return inner.name;
  return error instanceof Error || error instanceof DOMException ? error.name : "";
};

const wordsByFault: Readonly<Record<StorageFault, string>> = {
  quota: "The browser's storage is full",
  newer: "The database was written by a newer version of Dagbok",
  outdated: "A newer version of Dagbok is open in another tab; reload this one",
  closed: "The browser closed the database",
  unavailable: "This browser does not let the page store anything",
  failed: "The browser's storage failed",
};

/** Errors of our own callers (a rule broken inside `work`) pass through untouched; the platform's get a code. */
export const storageErrorOf = (error: unknown): unknown => {
  if (error instanceof StorageError) return error;
  const fault = faultByName[nameOf(error)];
  if (fault !== undefined) return new StorageError(fault, wordsByFault[fault], error);
  const isPlatform = typeof DOMException !== "undefined" && error instanceof DOMException;
  return isPlatform ? new StorageError("failed", `${wordsByFault.failed}: ${error.message}`, error) : error;
};
