/** Owns what the typed text means: issues, steps, the last valid graph. Reads after a pause, so typing stays quick. Refuses to know the editor. */
import { parseSpec } from "../../core/spec/parse.ts";
import type { Spec } from "../../core/spec/dag.ts";
import type { Issue } from "../../core/spec/issue.ts";
import { specSteps, type SpecStep } from "../graph/spec-steps.ts";

const pauseMs = 120;

export class Reading {
  issues = $state.raw<readonly Issue[]>([]);
  spec = $state.raw<Spec | undefined>(undefined);
  steps = $state.raw<readonly SpecStep[]>([]);
  valid = $state(true);
  #name: string;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `published` gives the graph to show while `text` has errors. */
  constructor(name: string, text: string, published: string) {
    this.#name = name;
    if (published !== text) this.#parse(published);
    this.#parse(text);
  }
  read(text: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#parse(text), pauseMs);
  }
  /** The step a 1-based line belongs to. */
  stepAt(line: number): string | undefined {
    return this.steps.filter((step) => step.line <= line).at(-1)?.name;
  }
  #parse(text: string): void {
    const { spec, issues } = parseSpec(text, { name: this.#name });
    this.issues = issues;
    this.valid = spec !== undefined;
    if (spec === undefined) return;
    this.spec = spec;
    this.steps = specSteps(spec.dag);
  }
}
