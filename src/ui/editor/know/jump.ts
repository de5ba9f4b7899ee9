/** Owns going to where a name is made: F12, or a click with Ctrl (⌘). The way back is the browser's own undo of a selection (Alt ←). */
import type { Extension } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { definitionOf, referenceAt, type Reference } from "../../../core/spec/refs.ts";

export const referenceUnder = (view: EditorView, at = view.state.selection.main.head): Reference | undefined => referenceAt(view.state.doc.toString(), at);

/** `missing` hears the name of something this text does not make. */
export const goToDefinition = (missing: (name: string) => void): Extension => {
  const jump = (view: EditorView, at: number): boolean => {
    const found = referenceUnder(view, at);
    if (found === undefined) return false;
    const target = definitionOf(view.state.doc.toString(), found);
    if (target === undefined) missing(found.name);
    else view.dispatch({ selection: { anchor: target.from, head: target.to }, effects: EditorView.scrollIntoView(target.from, { y: "center" }) });
    return true;
  };
  return [
    keymap.of([{ key: "F12", preventDefault: true, run: (view) => jump(view, view.state.selection.main.head) || true }]),
    EditorView.domEventHandlers({
      mousedown: (event, view) => {
        if (!event.ctrlKey && !event.metaKey) return false;
        const at = view.posAtCoords({ x: event.clientX, y: event.clientY });
        if (at === null || !jump(view, at)) return false;
        event.preventDefault();
        return true;
      },
    }),
  ];
};
