/**
 * Owns the log of a whole run as it grows: which steps are read, how far, and that no commit reads more than a bounded piece. Refuses to know
 * how a line looks.
 */
import type { RunId } from "../../../core/base/brand.ts";
import { handlerStepName } from "../../../core/spec/dag.ts";
import type { StepRow } from "../../../core/run/rows.ts";
import type { LogChunk, Store, Tx } from "../../../ports/store.ts";
import { MergedLines, type Source } from "./merged-lines.ts";

/** Streams read at one moment, and chunks of each. */
const sourcesMax = 400;
const chunksMax = 64;
const activeStatuses: readonly string[] = ["running", "retrying", "waiting"];

export class MergedFeed {
  count = $state(0);
  bytes = $state(0);
  at = $state(0);
  loaded = $state(false);
  error = $state.raw<unknown>(undefined);
  #merged = new MergedLines();
  #done = new Set<string>();
  #isStopped = true;
  #stop: () => void = () => {};

  follow(store: Store, run: RunId): void {
    this.stop();
    this.#isStopped = false;
    this.#merged = new MergedLines();
    this.#done = new Set();
    this.count = 0;
    this.bytes = 0;
    this.loaded = false;
    const wanted = this.#merged;
    const read = (): void => {
      if (this.#merged !== wanted || this.#isStopped) return;
      this.#stop = store.watch(
        (tx) => this.#read(tx, run),
        ({ sources, chunks, isWhole }, at) => {
          this.#merged.take(sources, chunks);
          for (const source of sources) if (!source.isOpen && isWhole.has(MergedLines.key(source))) this.#done.add(MergedLines.key(source));
          this.count = this.#merged.lines.length;
          this.bytes = sources.reduce((sum, source) => sum + this.#merged.bytes(source), 0);
          this.at = at;
          this.loaded = true;
          this.error = undefined;
          // More is there than one moment may read: read on at once instead of waiting for the next commit.
          if (sources.some((source) => !isWhole.has(MergedLines.key(source)))) {
            this.#stop();
            queueMicrotask(read);
          }
        },
        (error) => {
          this.error = error;
        },
      );
    };
    read();
  }
  stop(): void {
    this.#isStopped = true;
    this.#stop();
  }
  line(index: number): string {
    return this.#merged.lines[index]?.text ?? "";
  }
  time(index: number): number {
    return this.#merged.lines[index]?.at ?? 0;
  }
  step(index: number): string {
    return this.#merged.lines[index]?.step ?? "";
  }
  async #read(tx: Tx, run: RunId): Promise<{ sources: readonly Source[]; chunks: readonly LogChunk[]; isWhole: ReadonlySet<string> }> {
    const sources = (await tx.steps(run)).flatMap(sourcesOf).filter((source) => !this.#done.has(MergedLines.key(source))).slice(0, sourcesMax);
    const chunks: LogChunk[] = [];
    const isWhole = new Set<string>();
    for (const source of sources) {
      const { step, attempt, stream } = source;
      const found = await tx.logs({ run, attempt, step, stream }, this.#merged.next(source), chunksMax);
      chunks.push(...found);
      if (found.length < chunksMax) isWhole.add(MergedLines.key(source));
    }
    return { sources, chunks, isWhole };
  }
}
/** Steps that have a log: what never ran has none. */
const sourcesOf = (row: StepRow): readonly Source[] => {
  if (row.logAttempt === 0) return [];
  const step = row.handler === undefined ? row.name : handlerStepName[row.handler];
  const isOpen = activeStatuses.includes(row.status);
  return (["stdout", "stderr"] as const).map((stream) => ({ step, attempt: row.logAttempt, stream, isOpen }));
};
