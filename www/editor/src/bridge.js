// The YAML editor as plain functions; what they mean stands at the top of www/editor-shim.js.
//
// This side knows text, offsets and marks. What a field is called, what it means and whether it is
// right is decided in Rust, which answers `complete` and `hover` and pushes diagnostics.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Annotation, Compartment, EditorState, Prec } from "@codemirror/state";
import {
  drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars,
  hoverTooltip, keymap, lineNumbers, tooltips,
} from "@codemirror/view";
import { changedLines, setChangedLines } from "./changed-lines.js";
import { drift, setDrift } from "./drift.js";
import { errorLines } from "./error-lines.js";
import { phrases } from "./phrases.js";
import { quickFixes } from "./quick-fixes.js";
import { highlighting, look } from "./theme.js";

/** A change that the page made: not told back to it. */
const fromPage = Annotation.define();

export function mount(parent, options) {
  const parts = { label: new Compartment(), theme: new Compartment(), language: new Compartment(), writing: new Compartment() };
  const now = { label: options.label, dark: options.dark, lang: options.lang, readOnly: false };
  const fixed = [...editing(), ...surroundings(), ...conversation(options)];
  const begin = (doc, selection) => EditorState.create({
    doc,
    selection,
    extensions: [
      ...fixed,
      parts.label.of(labelled(now.label)),
      parts.theme.of(themed(now.dark)),
      parts.language.of(phrases(now.lang)),
      parts.writing.of(EditorState.readOnly.of(now.readOnly)),
    ],
  });
  const view = new EditorView({ parent, state: begin(options.text, options.selection) });
  const set = (part, extension) => view.dispatch({ effects: parts[part].reconfigure(extension) });
  return {
    getText: () => view.state.doc.toString(),
    setText: (text) => replaceText(view, text),
    open: (text, label) => { now.label = label; view.setState(begin(text)); },
    setDiagnostics: (json) => view.dispatch(setDiagnostics(view.state, within(view.state.doc.length, JSON.parse(json)))),
    setChangedLines: (json) => view.dispatch({ effects: setChangedLines.of(JSON.parse(json)) }),
    setDrift: (json) => view.dispatch({ effects: setDrift.of(JSON.parse(json)) }),
    setTheme: (dark) => { now.dark = dark; set("theme", themed(dark)); },
    setLang: (lang, label) => {
      Object.assign(now, { lang, label });
      view.dispatch({ effects: [parts.language.reconfigure(phrases(lang)), parts.label.reconfigure(labelled(label))] });
    },
    setReadOnly: (readOnly) => { now.readOnly = readOnly; set("writing", EditorState.readOnly.of(readOnly)); },
    focus: () => view.focus(),
    reveal: (from, to) => reveal(view, from, to),
    destroy: () => view.destroy(),
  };
}

/** What typing does. `Esc` then `Tab` leaves the editor: CodeMirror's own rule. */
function editing() {
  return [
    history(), drawSelection(), highlightSpecialChars(), closeBrackets(), bracketMatching(), indentOnInput(),
    indentUnit.of("  "), EditorState.tabSize.of(2), yaml(), highlighting,
    highlightActiveLine(), highlightSelectionMatches(), search({ top: true }),
    keymap.of([
      ...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap,
      ...lintKeymap, ...defaultKeymap, indentWithTab,
    ]),
  ];
}

/** What stands around the text. Tooltips are fixed to the window, so no pane cuts them off. */
function surroundings() {
  return [
    changedLines, errorLines, lintGutter(), lineNumbers(), highlightActiveLineGutter(), foldGutter(), codeFolding({ placeholderText: "…" }),
    tooltips({ position: "fixed" }), look,
  ];
}

/** What the page is told and asked. */
function conversation({ onChange, onApply, onFix, onTake, complete, hover }) {
  const apply = () => { onApply(); return true; };
  return [
    EditorView.updateListener.of((update) => {
      const own = update.transactions.some((transaction) => transaction.docChanged && !transaction.annotation(fromPage));
      if (own) onChange(update.state.doc.toString());
    }),
    Prec.highest(keymap.of(["Ctrl-Enter", "Meta-Enter"].map((key) => ({ key, run: apply, stopPropagation: true })))),
    quickFixes(onFix),
    drift(onTake),
    autocompletion({ override: [(context) => completions(complete, context)], icons: false }),
    hoverTooltip((view, pos) => explanation(hover, view, pos), { hoverTime: 400 }),
  ];
}

/** Rust answers with `{"from": n, "options": [...]}` or nothing. */
function completions(complete, context) {
  const answer = complete(context.pos, context.state.doc.toString());
  if (!answer) return null;
  const { from, options } = JSON.parse(answer);
  const typed = context.state.sliceDoc(from, context.pos);
  if (!context.explicit && typed === "") return null;
  return { from, options, validFor: /^[\w./-]*$/ };
}

/** Rust answers with plain text, a paragraph a line, or nothing. */
function explanation(hover, view, pos) {
  const text = hover(pos, view.state.doc.toString());
  if (!text) return null;
  const word = view.state.wordAt(pos);
  return {
    pos: word ? word.from : pos,
    end: word ? word.to : pos,
    above: true,
    create() {
      const dom = document.createElement("div");
      dom.className = "cm-explanation";
      dom.append(...text.split("\n").filter(Boolean).map(paragraph));
      return { dom };
    },
  };
}

function paragraph(text) {
  const element = document.createElement("p");
  element.textContent = text;
  return element;
}

/** Marks may be older than the text: what lies behind its end is moved to it. */
function within(length, diagnostics) {
  return diagnostics.map((diagnostic, index) => {
    const from = Math.min(diagnostic.from, length);
    return { ...diagnostic, index, from, to: Math.max(from, Math.min(diagnostic.to, length)) };
  });
}

/** Replaces only what differs, so that the cursor, folds and undo survive. */
function replaceText(view, text) {
  const old = view.state.doc.toString();
  if (old === text) return;
  const shorter = Math.min(old.length, text.length);
  let head = 0;
  while (head < shorter && old[head] === text[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && old[old.length - 1 - tail] === text[text.length - 1 - tail]) tail += 1;
  view.dispatch({
    changes: { from: head, to: old.length - tail, insert: text.slice(head, text.length - tail) },
    annotations: fromPage.of(true),
  });
}

/** Selects a range and brings it to the middle; the selection also says where it is to screen readers. */
function reveal(view, from, to) {
  const [{ from: anchor, to: head }] = within(view.state.doc.length, [{ from, to }]);
  view.dispatch({ selection: { anchor, head }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
}

/** The tab index changes nothing for a person; checkers of accessibility do not know that the text takes focus. */
function labelled(label) {
  return EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" });
}

function themed(dark) {
  return EditorView.theme({}, { dark });
}
