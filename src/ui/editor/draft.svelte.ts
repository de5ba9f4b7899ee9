/**
 * Owns the text being typed: kept on this device within a second of a pause, published on demand over the revision it was typed over.
 * Refuses to know the editor. 1 Typed text is never replaced by news; when somebody published something else, it waits for a decision. 2 A conflict is refused by the command, not resolved here.
 */
import type { Commands } from "../../host/commands.ts";
import type { DagRows } from "../../host/views.ts";

const pauseMs = 500;

export class Draft {
  text = $state("");
  base = $state<string | undefined>(undefined);
  kept = $state<"same" | "saving" | "kept" | "failed">("same");
  #commands: Commands;
  #dag: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dirty = false;
  /** What the store was last known to hold as the text to edit. */
  #known: string;
  /** Text of the revision this was typed over. */
  #baseText: string;
  /** Somebody published something else meanwhile: `base` stays until the person decides. */
  #behind = false;

  constructor(commands: Commands, dag: string, rows: DagRows) {
    this.#commands = commands;
    this.#dag = dag;
    this.text = rows.draft?.text ?? rows.head?.text ?? "";
    this.base = rows.draft?.base ?? rows.head?.id;
    this.kept = rows.draft === undefined ? "same" : "kept";
    this.#known = this.text;
    this.#baseText = rows.head?.text ?? "";
  }
  type(text: string): void {
    if (text === this.text) return;
    this.text = text;
    this.#dirty = true;
    this.kept = "saving";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), pauseMs);
  }
  /** Keeps what is typed now. */
  flush(): void {
    clearTimeout(this.#timer);
    if (!this.#dirty) return;
    this.#dirty = false;
    const text = this.text;
    this.#known = text;
    this.#commands.saveDraft(this.#dag, text).then(
      () => { if (this.text === text) this.kept = "kept"; },
      () => { this.kept = "failed"; this.#dirty = true; },
    );
  }
  /** Answers the text to show when the store moved and nothing typed here is in the way. */
  follow(rows: DagRows): string | undefined {
    const stored = rows.draft?.text ?? rows.head?.text ?? "";
    const isOvertaken = rows.head !== undefined && rows.head.id !== this.base && this.text !== this.#baseText && this.text !== rows.head.text;
    if (isOvertaken && !this.#behind) {
      this.#behind = true;
      if (rows.draft?.text !== this.text) {
        this.#dirty = true;
        this.flush();
      }
    }
    if (this.#behind) return undefined;
    if (this.#dirty || this.kept === "saving" || stored === this.#known) {
      if (!this.#dirty && stored === this.text) this.#stand(rows.draft?.base ?? rows.head?.id, rows.head?.text);
      return undefined;
    }
    if (this.text !== this.#known) return undefined;
    this.take({ ...rows });
    return stored;
  }
  /** Lets the stored text stand instead of the typed one. */
  take(rows: DagRows): void {
    const isTheirs = this.#behind || rows.draft === undefined || rows.draft.base !== rows.head?.id;
    this.text = isTheirs ? rows.head?.text ?? "" : rows.draft?.text ?? "";
    this.#known = this.text;
    this.#stand(rows.head?.id, rows.head?.text);
    this.#dirty = false;
    this.kept = "same";
    if (isTheirs && rows.draft !== undefined) this.#commands.discardDraft(this.#dag).catch(() => { this.kept = "failed"; });
  }
  publish(base: string | undefined): Promise<{ readonly revision: string; readonly number: number }> {
    clearTimeout(this.#timer);
    this.#dirty = false;
    const text = this.text;
    return this.#commands.publish(this.#dag, text, base).then((done) => {
      this.#stand(done.revision, text);
      this.#known = text;
      if (this.text === text) this.kept = "same";
      return done;
    }, (error: unknown) => {
      this.#dirty = true;
      this.flush();
      throw error;
    });
  }
  #stand(base: string | undefined, text: string | undefined): void {
    this.base = base;
    this.#baseText = text ?? "";
    this.#behind = false;
  }
}
