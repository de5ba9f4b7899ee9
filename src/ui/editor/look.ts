/** Owns how code looks in the editor: our tokens as a CodeMirror theme, YAML ink, and `${…}` in its own colour. */
import { HighlightStyle } from "@codemirror/language";
import { Decoration, EditorView, MatchDecorator, ViewPlugin, type DecorationSet, type ViewUpdate } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export const look = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--paper)", color: "var(--text)", fontSize: "12.5px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "20px" },
  ".cm-content": { padding: "8px 0 40px", caretColor: "var(--accent)" },
  ".cm-line": { padding: "0 16px 0 12px" },
  ".cm-gutters": { backgroundColor: "var(--paper)", color: "var(--text-3)", border: "0", minWidth: "56px", justifyContent: "flex-end" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 4px 0 24px" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--canvas) 60%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--text)", fontWeight: "600" },
  ".cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "color-mix(in srgb, var(--accent) 20%, transparent) !important" },
  ".cm-selectionMatch": { backgroundColor: "var(--hit)" },
  ".cm-matchingBracket": { backgroundColor: "var(--sunk)", outline: "1px solid var(--line-2)" },
  ".cm-tooltip": { backgroundColor: "var(--paper)", color: "var(--text)", border: "1px solid var(--line-2)", borderRadius: "6px", boxShadow: "var(--shadow)" },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "260px" },
  ".cm-tooltip-autocomplete > ul > li": { padding: "3px 10px !important" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent-soft)", color: "var(--text)" },
  ".cm-completionDetail": { color: "var(--text-3)", fontStyle: "normal", marginLeft: "12px" },
  ".cm-completionInfo": { fontFamily: "var(--sans)", padding: "8px 10px", maxWidth: "360px" },
  ".cm-diagnostic": { borderLeft: "0", padding: "8px 12px", fontFamily: "var(--sans)", fontSize: "13px" },
  ".cm-diagnostic-error": { backgroundColor: "var(--fail-soft)" },
  ".cm-diagnosticAction": { backgroundColor: "var(--paper)", color: "var(--text)", border: "1px solid var(--ctl-line)", borderRadius: "6px", padding: "3px 10px" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--fail)", textUnderlineOffset: "3px" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--caution)", textUnderlineOffset: "3px" },
  ".cm-panels": { backgroundColor: "var(--canvas)", color: "var(--text)", borderColor: "var(--line)" },
  ".cm-textfield": { backgroundColor: "var(--paper)", border: "1px solid var(--ctl-line)", borderRadius: "3px" },
  ".cm-button": { backgroundImage: "none", backgroundColor: "var(--paper)", border: "1px solid var(--ctl-line)", borderRadius: "3px" },
  ".cm-homes": { minWidth: "14px" },
  ".cm-home": { color: "var(--caution)", cursor: "help", fontSize: "11px" },
  ".cm-hover pre": { margin: "4px 0", maxHeight: "200px", overflow: "auto", whiteSpace: "pre-wrap", overflowWrap: "anywhere", fontFamily: "var(--mono)" },
  ".cm-hover small": { color: "var(--text-3)" },
  ".cm-hover": { padding: "8px 12px", maxWidth: "420px", fontFamily: "var(--sans)", fontSize: "13px", lineHeight: "20px" },
  ".cm-bad-line": { backgroundColor: "var(--fail-soft)" },
  // Width 0 with a least width: the bar never widens the text it stands under.
  ".cm-problem-block": { padding: "2px 16px 4px 12px", width: "0", minWidth: "min(100%, calc(100vw - 72px))" },
  ".cm-problem": { display: "flex", flexWrap: "wrap", gap: "4px 12px", alignItems: "center", justifyContent: "space-between", padding: "6px 10px", border: "1px solid var(--fail-line)", borderRadius: "6px", backgroundColor: "var(--fail-soft)", fontFamily: "var(--sans)", fontSize: "13px", whiteSpace: "normal" },
  ".cm-problem.warning": { backgroundColor: "var(--caution-soft)", borderColor: "var(--caution-line)", color: "var(--caution)" },
  ".cm-variable, .cm-variable span": { color: "var(--y-var)" },
  ".cm-scalar, .cm-scalar span": { color: "var(--y-number)" },
  "@media (max-width: 719px)": { "&": { fontSize: "14px" } },
});
export const ink = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: "var(--y-key)" },
  { tag: [tags.string, tags.special(tags.string), tags.content], color: "var(--y-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--y-number)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--y-comment)" },
  { tag: [tags.meta, tags.labelName, tags.typeName], color: "var(--y-var)" },
]);
/** Numbers and booleans standing as a whole value, which the YAML grammar does not tell from text. */
const scalars = new MatchDecorator({ regexp: /(?<=[:[,-]\s*)(?:-?\d+(?:\.\d+)?|true|false|null)(?=\s*(?:$|[,\]}#]))/g, decoration: Decoration.mark({ class: "cm-scalar" }) });
const decorator = new MatchDecorator({ regexp: /\$\{[^}\n]*\}|\$[A-Za-z_]\w*/g, decoration: Decoration.mark({ class: "cm-variable" }) });
const marks = (matcher: MatchDecorator) =>
  ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      constructor(view: EditorView) {
        this.decorations = matcher.createDeco(view);
      }
      update(update: ViewUpdate): void {
        this.decorations = matcher.updateDeco(update, this.decorations);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
export const variables = [marks(decorator), marks(scalars)];
