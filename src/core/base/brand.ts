/** Owns opaque scalars: a branded value keeps its kind through the types and costs nothing at run time. */

declare const brand: unique symbol;
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** Milliseconds since the Unix epoch, UTC. The only form in which time enters the core. */
export type Instant = Brand<number, "Instant">;
/** Commit number: grows by one with every commit of one store; an "entry" in the user's words. */
export type Csn = Brand<number, "Csn">;
/** Position in one run's log: dense from 1; 0 is the empty log. */
export type Seq = Brand<number, "Seq">;
export type RunId = Brand<string, "RunId">;
/** The id of a stored DAG record. Not its name: a rename keeps the id. */
export type DagId = Brand<string, "DagId">;
/** Content address of one published text: immutable, names what a run ran. */
export type RevisionId = Brand<string, "RevisionId">;
/** Fencing number of the driving host: a larger term has taken over from a smaller one. */
export type Term = Brand<number, "Term">;

export const instant = (ms: number): Instant => ms as Instant;
export const csn = (n: number): Csn => n as Csn;
export const seq = (n: number): Seq => n as Seq;
export const runId = (text: string): RunId => text as RunId;
export const dagId = (text: string): DagId => text as DagId;
export const revisionId = (text: string): RevisionId => text as RevisionId;
export const term = (n: number): Term => n as Term;
