/**
 * Owns what the typed text means: issues, steps, the last valid graph. Reads after a pause; a short text here at once, a long one (and
 * every script) in the reading worker, so that typing is never held up. Refuses to know the editor. 1 An older reading never replaces a newer one.
 */
import type { Dag } from "../../core/spec/dag.ts";
import type { Issue } from "../../core/spec/issue.ts";
import { parseSpec } from "../../core/spec/parse.ts";
import { badgesOf, type Badge } from "../../core/spec/portability.ts";
import { under } from "../../host/edit/base.ts";
import type { SpecReader, SpecReading } from "../../ports/tab/spec-reader.ts";
import { specSteps, type SpecStep } from "../graph/spec-steps.ts";
import { notices } from "../parts/state/notices.svelte.ts";

const pauseMs = 120;
/** Characters that are read here in a few milliseconds. */
const shortMax = 24_000;

export class Reading {
  issues = $state.raw<readonly Issue[]>([]);
  dag = $state.raw<Dag | undefined>(undefined);
  steps = $state.raw<readonly SpecStep[]>([]);
  badges = $state.raw<readonly Badge[]>([]);
  valid = $state(true);
  #name: string;
  #base: string | undefined;
  #reader: SpecReader | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #newest = 0;

  /** `published` gives the graph to show while `text` has errors. */
  constructor(texts: { readonly name: string; readonly text: string; readonly published: string; readonly base?: string }, reader: SpecReader | undefined) {
    this.#name = texts.name;
    this.#base = texts.base;
    this.#reader = reader;
    if (texts.published !== texts.text && this.#isShort(texts.published)) this.#take(this.#parse(texts.published));
    this.#read(texts.text);
  }
  read(text: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#read(text), pauseMs);
  }
  /** The base configuration has changed under the text. */
  rebase(base: string | undefined, text: string): void {
    if (base === this.#base) return;
    this.#base = base;
    this.#read(text);
  }
  /** The step a 1-based line belongs to. */
  stepAt(line: number): string | undefined {
    let low = 0, high = this.steps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.steps[middle]!.line <= line) low = middle + 1;
      else high = middle;
    }
    return this.steps[low - 1]?.name;
  }
  #isShort(text: string): boolean {
    return this.#reader === undefined || text.length <= shortMax;
  }
  #read(text: string): void {
    const turn = (this.#newest += 1);
    const isShort = this.#isShort(text);
    if (isShort) {
      // Hints on scripts stay until the worker has read them anew, so that nothing jumps with every key.
      const hints = this.issues.filter((issue) => issue.code.startsWith("shell-"));
      const reading = this.#parse(text);
      this.#take({ ...reading, issues: [...reading.issues, ...hints] });
    }
    this.#reader?.read(text, { name: this.#name, ...under(this.#base) }).then(
      (reading) => {
        if (reading === undefined || turn !== this.#newest) return;
        // What was read here already has the whole scripts; only the hints on them are new.
        if (isShort) this.issues = reading.issues;
        else this.#take(reading);
      },
      (error: unknown) => {
        notices.fail(error);
        this.#reader = undefined;
        if (!isShort && turn === this.#newest) this.#take(this.#parse(text));
      },
    );
  }
  #parse(text: string): SpecReading {
    const { spec, issues } = parseSpec(text, { name: this.#name, ...under(this.#base) });
    return spec === undefined ? { issues } : { issues, dag: spec.dag };
  }
  #take({ issues, dag }: SpecReading): void {
    this.issues = issues;
    this.valid = dag !== undefined;
    if (dag === undefined) return;
    this.dag = dag;
    this.steps = specSteps(dag);
    this.badges = badgesOf(dag);
  }
}
