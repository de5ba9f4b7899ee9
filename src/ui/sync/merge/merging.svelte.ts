/**
 * Owns one merge under way: which versions, the choices made, the way back, the text that comes out. Choices hang on paths, so that a newer
 * version arriving meanwhile takes none away. Refuses to know how it is drawn and published. 1 Each choice can be undone. 2 Of more than two
 * versions each is merged into the result of those before it.
 */
import { align, type AlignedRow } from "../../../core/merge-spec/align.ts";
import type { Choice } from "../../../core/merge-spec/choice.ts";
import { differences, type Difference } from "../../../core/merge-spec/explain.ts";
import { resolve, type Resolution } from "../../../core/merge-spec/merge.ts";
import type { MergeCase, Version } from "./case.ts";
import { checked, isValidSpec, type Checked } from "./reading.ts";

interface Made {
  readonly choices: ReadonlyMap<string, Choice>;
  /** Results of the merges before this one. */
  readonly done: readonly string[];
  /** The result, typed by hand. */
  readonly typed?: string;
}
const nothing: Made = { choices: new Map(), done: [] };

export class Merging {
  #one: () => MergeCase;
  #made = $state.raw<Made>(nothing);
  #past = $state.raw<readonly Made[]>([]);
  /** Which conflict is in front. */
  at = $state(0);

  constructor(one: () => MergeCase) {
    this.#one = one;
  }
  readonly stage: number = $derived.by(() => Math.min(this.#made.done.length, this.#one().others.length - 1));
  readonly mine: string = $derived.by(() => this.#made.done.at(-1) ?? this.#one().mine.text);
  readonly other: Version = $derived.by(() => this.#one().others[this.stage] ?? this.#one().mine);
  readonly base: string = $derived.by(() => this.#one().base?.text ?? "");
  readonly resolution: Resolution = $derived.by(() => {
    const { base, name } = this.#one();
    return resolve({ base: base?.text, mine: this.mine, theirs: this.other.text, isValid: (text) => isValidSpec(text, name) }, this.#made.choices);
  });
  readonly differences: readonly Difference[] = $derived.by(() => differences({ base: this.#one().base?.text, mine: this.mine, theirs: this.other.text }, this.resolution.by));
  readonly conflicts: readonly Difference[] = $derived(this.differences.filter((one) => one.by === "conflict"));
  readonly current: Difference | undefined = $derived(this.conflicts[Math.min(this.at, this.conflicts.length - 1)]);
  readonly rows: readonly AlignedRow[] = $derived(align({ base: this.base, mine: this.mine, theirs: this.other.text }));
  readonly typed: string | undefined = $derived(this.#made.typed);
  readonly text: string = $derived(this.#made.typed ?? this.resolution.text);
  readonly checked: Checked = $derived.by(() => checked(this.text, this.#one().name));
  readonly open: readonly string[] = $derived(this.#made.typed === undefined ? this.resolution.open : []);
  readonly isLast: boolean = $derived.by(() => this.stage >= this.#one().others.length - 1);
  readonly canUndo: boolean = $derived(this.#past.length > 0);

  choiceOf(path: string): Choice | undefined {
    return this.#made.choices.get(path);
  }
  choose(path: string, choice: Choice): void {
    this.#go({ ...this.#made, choices: new Map(this.#made.choices).set(path, choice) });
    const next = this.conflicts.findIndex((one) => this.open.includes(one.path));
    if (next >= 0 && !this.open.includes(path)) this.at = next;
  }
  type(text: string | undefined): void {
    const { typed: _typed, ...rest } = this.#made;
    this.#go(text === undefined ? rest : { ...rest, typed: text });
  }
  /** On to the next version, over what came out. */
  goOn(): void {
    this.#go({ choices: new Map(), done: [...this.#made.done, this.text] });
    this.at = 0;
  }
  move(by: number): void {
    const count = this.conflicts.length;
    if (count > 0) this.at = (Math.min(this.at, count - 1) + by + count) % count;
  }
  undo(): void {
    const last = this.#past.at(-1);
    if (last === undefined) return;
    this.#made = last;
    this.#past = this.#past.slice(0, -1);
  }
  #go(made: Made): void {
    this.#past = [...this.#past, this.#made];
    this.#made = made;
  }
}
