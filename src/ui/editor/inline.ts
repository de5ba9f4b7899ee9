/** Owns problems drawn under their line: a bar with the words and the way out, and a soft ground on the line. Refuses to know how they are found. */
import { StateEffect, StateField, type EditorState, type Range } from "@codemirror/state";
import { Decoration, EditorView, WidgetType, type DecorationSet } from "@codemirror/view";
import type { Issue } from "../../core/spec/issue.ts";
import { issueText } from "../format/words-of.ts";
import { t } from "../i18n/words.svelte.ts";

const shownMax = 20;
export const showInline = StateEffect.define<readonly Issue[]>();

class Bar extends WidgetType {
  readonly issue: Issue;
  constructor(issue: Issue) {
    super();
    this.issue = issue;
  }
  override eq(other: Bar): boolean {
    return other.issue.code === this.issue.code && other.issue.message === this.issue.message && other.issue.line === this.issue.line;
  }
  toDOM(view: EditorView): HTMLElement {
    const bar = document.createElement("div");
    bar.className = `cm-problem ${this.issue.severity}`;
    const words = document.createElement("span");
    words.textContent = issueText(this.issue);
    bar.append(words);
    // The outer block has padding, not margin: the editor measures the one and not the other.
    const block = document.createElement("div");
    block.className = "cm-problem-block";
    block.append(bar);
    const fix = this.issue.fix;
    if (fix !== undefined) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn small";
      button.textContent = `${t("spec.change")} (Alt .)`;
      button.onclick = () => view.dispatch({ changes: { from: Math.min(fix.from, view.state.doc.length), to: Math.min(fix.to, view.state.doc.length), insert: fix.text } });
      bar.append(button);
    }
    return block;
  }
  override ignoreEvent(): boolean {
    return true;
  }
}
const draw = (state: EditorState, issues: readonly Issue[]): DecorationSet => {
  const found: Range<Decoration>[] = [];
  for (const issue of issues.slice(0, shownMax)) {
    if (issue.line < 1 || issue.line > state.doc.lines) continue;
    const line = state.doc.line(issue.line);
    found.push(Decoration.line({ class: issue.severity === "error" ? "cm-bad-line" : "cm-hint-line" }).range(line.from));
    found.push(Decoration.widget({ widget: new Bar(issue), block: true, side: 1 }).range(line.to));
  }
  return Decoration.set(found, true);
};
export const inlineProblems = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (marks, transaction) => {
    const news = transaction.effects.find((effect) => effect.is(showInline));
    return news === undefined ? marks.map(transaction.changes) : draw(transaction.state, news.value as readonly Issue[]);
  },
  provide: (field) => EditorView.decorations.from(field),
});
