/**
 * The contract with the server's storage of bytes named by their SHA-256.
 * B1 A blob is readable once it is complete and its hash was found right, never before. B2 Parts arrive in order; one that is here already
 * changes nothing. B3 A blob that was asked for or sent within the grace is never swept.
 */
import type { BlobState, Part } from "../../core/replica/wire/blob.ts";

export type BlobRefusal =
  /** Parts are missing before this one: go on from `have`. */
  | { readonly type: "gap"; readonly have: number }
  /** The blob was begun with another size. */
  | { readonly type: "other-size"; readonly total: number }
  | { readonly type: "wrong-hash" }
  | { readonly type: "quota"; readonly max: number };
export interface Blobs {
  /** Those of `hashes` that are not complete here; the others are kept for another grace. */
  readonly missing: (space: string, hashes: readonly string[]) => Promise<readonly string[]>;
  /** Stores one part; the last one commits the blob when its hash is right, and forgets all of it when it is not. */
  readonly put: (at: { readonly space: string; readonly hash: string }, part: Part, bytes: Uint8Array) => Promise<BlobState | BlobRefusal>;
  readonly size: (space: string, hash: string) => Promise<number | undefined>;
  /** Bytes `first` to `last`, both included, part by part. */
  readonly read: (at: { readonly space: string; readonly hash: string }, first: number, last: number) => AsyncIterable<Uint8Array>;
  /** Drops blobs (and unfinished ones) that no row of the space speaks of and nobody touched since `before`. */
  readonly sweep: (space: string, before: number) => Promise<number>;
}
