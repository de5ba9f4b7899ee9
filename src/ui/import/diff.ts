/** Owns two texts side by side (on a phone one under the other), read-only, with what differs marked. The one door to the merge view. */
import { yaml } from "@codemirror/lang-yaml";
import { syntaxHighlighting } from "@codemirror/language";
import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { ink, look } from "../editor/look.ts";

export interface DiffTexts {
  readonly before: string;
  readonly after: string;
  /** Names of the two for those who cannot see them. */
  readonly labels: readonly [before: string, after: string];
}
const diffLook = EditorView.theme({
  "&": { height: "auto", maxHeight: "min(60vh, 640px)" },
  ".cm-changedLine": { backgroundColor: "var(--caution-soft)" },
  ".cm-changedText": { background: "none", textDecoration: "underline 2px var(--caution)", textUnderlineOffset: "3px" },
  ".cm-deletedChunk": { backgroundColor: "var(--fail-soft)" },
  ".cm-collapsedLines": { background: "var(--canvas)", color: "var(--text-2)", padding: "4px 12px" },
});
const extensions = (label: string): readonly Extension[] => [
  lineNumbers(), EditorView.lineWrapping, yaml(), look, diffLook, syntaxHighlighting(ink), EditorState.readOnly.of(true),
  EditorView.contentAttributes.of({ "aria-label": label, "aria-readonly": "true" }),
];
const collapseUnchanged = { margin: 3, minSize: 6 };

/** Answers a function that takes it away. */
export const showDiff = (parent: HTMLElement, { before, after, labels }: DiffTexts): (() => void) => {
  if (before === after) {
    const view = new EditorView({ parent, doc: after, extensions: [...extensions(labels[1])] });
    return () => view.destroy();
  }
  if (matchMedia("(max-width: 719px)").matches) {
    const view = new EditorView({ parent, doc: after, extensions: [...extensions(labels[1]), unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged })] });
    return () => view.destroy();
  }
  const view = new MergeView({ parent, a: { doc: before, extensions: extensions(labels[0]) }, b: { doc: after, extensions: extensions(labels[1]) }, collapseUnchanged, gutter: true });
  return () => view.destroy();
};
