/**
 * Owns CodeMirror: its extensions, its theme in our tokens, and the few verbs the Spec tab needs. Refuses to know drafts and commands.
 * Loaded with the Spec tab only. An issue stands under its line as a bar with its way out, and as a wavy underline.
 */
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab, undo } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { forceLinting, linter, lintKeymap, nextDiagnostic, type Diagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import type { Issue } from "../../core/spec/issue.ts";
import { issueText } from "../format/words-of.ts";
import { t } from "../i18n/words.svelte.ts";
import { inlineProblems, showInline } from "./inline.ts";
import type { Badge } from "../../core/spec/portability.ts";
import { completeSpec } from "./know/complete.ts";
import { homesGutter, showHomes } from "./know/homes.ts";
import { specHover, type LastValues } from "./know/hover.ts";
import { goToDefinition, referenceUnder } from "./know/jump.ts";
import type { Reference } from "../../core/spec/refs.ts";
import { ink, look, variables } from "./look.ts";

export interface EditorOptions {
  readonly text: string;
  readonly label: string;
  readonly publish: () => void;
  readonly run: () => void;
  readonly issues: () => readonly Issue[];
  readonly values?: () => LastValues;
  /** F2: what stands under the cursor, and its 1-based line. */
  readonly rename?: (found: Reference | undefined, line: number) => void;
  /** F12 found no place that makes this name. */
  readonly missing?: (name: string) => void;
  readonly typed: (text: string) => void;
  /** 1-based line of the cursor. */
  readonly cursor: (line: number) => void;
}
export interface Editor {
  readonly setText: (text: string) => void;
  readonly showIssues: (issues: readonly Issue[]) => void;
  /** Marks the steps that do not run in this tab. */
  readonly showHomes: (badges: readonly Badge[]) => void;
  readonly toLine: (line: number) => void;
  /** Takes a changed text as one edit that undo takes back; the cursor stays near where it was. */
  readonly change: (text: string) => void;
  readonly replace: (from: number, to: number, text: string) => void;
  readonly insert: (text: string) => void;
  readonly undo: () => void;
  readonly focus: () => void;
  /** Hands on at once what was typed and not told yet. */
  readonly tell: () => void;
  readonly stop: () => void;
}

/** Characters from which a text is handed on after a pause only. */
const longMin = 60_000;
const longPauseMs = 200;

export const mountEditor = (parent: HTMLElement, options: EditorOptions): Editor => {
  let quiet = false;
  let untold: ReturnType<typeof setTimeout> | undefined;
  /** Hands on what was typed; a long text not with every key, since writing it out costs. */
  const tell = (): void => {
    if (untold === undefined) return;
    clearTimeout(untold);
    untold = undefined;
    options.typed(view.state.doc.toString());
  };
  const view = new EditorView({
    parent,
    state: EditorState.create({ doc: options.text, extensions: [
      lineNumbers(), history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(), highlightActiveLine(), highlightActiveLineGutter(), highlightSelectionMatches(),
      search({ top: true }), yaml(), indentUnit.of("  "), EditorState.tabSize.of(2), look, syntaxHighlighting(ink), variables,
      autocompletion({ override: [completeSpec], icons: false }), specHover(options.values ?? (() => new Map())), goToDefinition(options.missing ?? (() => undefined)), homesGutter, inlineProblems,
      linter((current) => options.issues().map((issue) => diagnosticOf(issue, current.state)), { delay: 250 }),
      keymap.of([
        { key: "Mod-s", preventDefault: true, run: () => (tell(), options.publish(), true) },
        { key: "Mod-Shift-Enter", preventDefault: true, run: () => (tell(), options.run(), true) },
        { key: "Alt-.", run: (current) => applyFix(current, options.issues()) },
        { key: "F8", run: nextDiagnostic },
        { key: "F2", preventDefault: true, run: (current) => (tell(), options.rename?.(referenceUnder(current), current.state.doc.lineAt(current.state.selection.main.head).number), true) },
        ...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap, indentWithTab,
      ]),
      EditorView.contentAttributes.of({ "aria-label": options.label, spellcheck: "false", autocapitalize: "off" }),
      EditorView.domEventHandlers({ blur: tell }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged && !quiet) {
          untold ??= setTimeout(tell, longPauseMs);
          if (update.state.doc.length <= longMin) tell();
        }
        if (update.selectionSet) options.cursor(update.state.doc.lineAt(update.state.selection.main.head).number);
      }),
    ] }),
  });
  return {
    setText: (text) => {
      if (text === view.state.doc.toString()) return;
      quiet = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      quiet = false;
    },
    showIssues: (issues) => {
      view.dispatch({ effects: showInline.of(issues) });
      forceLinting(view);
    },
    showHomes: (badges) => view.dispatch({ effects: showHomes.of(badges) }),
    change: (text) => {
      const changes = changedSpan(view.state.doc.toString(), text);
      if (changes !== undefined) view.dispatch({ changes });
      view.focus();
    },
    toLine: (line) => {
      const at = view.state.doc.line(Math.max(1, Math.min(line, view.state.doc.lines)));
      view.dispatch({ selection: { anchor: at.to }, effects: EditorView.scrollIntoView(at.from, { y: "center" }) });
      view.focus();
    },
    replace: (from, to, text) => {
      view.dispatch({ changes: { from, to, insert: text }, selection: { anchor: from + text.length } });
      view.focus();
    },
    insert: (text) => {
      view.dispatch(view.state.replaceSelection(text));
      view.focus();
    },
    undo: () => void undo(view),
    focus: () => view.focus(),
    tell,
    stop: () => {
      tell();
      view.destroy();
    },
  };
};
/** The one stretch in which two texts differ. */
const changedSpan = (before: string, after: string): { readonly from: number; readonly to: number; readonly insert: string } | undefined => {
  if (before === after) return undefined;
  let from = 0, cut = 0;
  const most = Math.min(before.length, after.length);
  while (from < most && before[from] === after[from]) from += 1;
  while (cut < most - from && before[before.length - 1 - cut] === after[after.length - 1 - cut]) cut += 1;
  return { from, to: before.length - cut, insert: after.slice(from, after.length - cut) };
};
const clamp = (at: number, state: EditorState): number => Math.max(0, Math.min(at, state.doc.length));
const offset = (line: number, column: number, state: EditorState): number =>
  line < 1 || line > state.doc.lines ? clamp(line < 1 ? 0 : state.doc.length, state) : clamp(Math.min(state.doc.line(line).from + Math.max(0, column - 1), state.doc.line(line).to), state);
const diagnosticOf = (issue: Issue, state: EditorState): Diagnostic => {
  const from = offset(issue.line, issue.column, state);
  const to = Math.max(from, offset(issue.endLine, issue.endColumn, state));
  const fix = issue.fix;
  return {
    from, to, severity: issue.severity, message: issueText(issue), source: issue.code,
    ...(fix === undefined ? {} : { actions: [{ name: t("spec.change"), apply: (view: EditorView) => view.dispatch({ changes: { from: clamp(fix.from, view.state), to: clamp(fix.to, view.state), insert: fix.text } }) }] }),
  };
};
/** Applies the fix of the issue on the cursor's line, else the first that has one. */
const applyFix = (view: EditorView, issues: readonly Issue[]): boolean => {
  const line = view.state.doc.lineAt(view.state.selection.main.head).number;
  const fix = (issues.find((issue) => issue.fix !== undefined && issue.line === line) ?? issues.find((issue) => issue.fix !== undefined))?.fix;
  if (fix === undefined) return false;
  view.dispatch({ changes: { from: clamp(fix.from, view.state), to: clamp(fix.to, view.state), insert: fix.text } });
  return true;
};
