// The look, in the page's own tokens (www/styles/tokens.css): one theme serves light and dark.

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const wave = (colour) => ({
  backgroundImage: "none",
  textDecoration: `underline wavy ${colour} 1px`,
  textUnderlineOffset: "4px",
  paddingBottom: "0",
});

const floating = {
  border: "1px solid var(--line)",
  borderRadius: "var(--r-2)",
  backgroundColor: "var(--raised)",
  color: "var(--ink)",
  fontSize: "var(--t-12)",
};

const text = {
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "transparent", fontSize: "12.5px" },
  "&.cm-focused": { outline: "none" },
  "&.cm-focused .cm-content": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "20px", fontVariantLigatures: "none" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--accent)" },
  ".cm-line": { padding: "0 12px 0 6px" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  ".cm-activeLine": { backgroundColor: "color-mix(in oklab, var(--ink) 5%, transparent)" },
  ".cm-selectionBackground": { background: "color-mix(in oklab, var(--accent) 20%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    background: "color-mix(in oklab, var(--accent) 28%, transparent)",
  },
  ".cm-selectionMatch": { backgroundColor: "color-mix(in oklab, var(--accent) 14%, transparent)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-soft)", outline: "1px solid var(--line-strong)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--bad-soft)" },
};

const gutters = {
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--ink-3)", border: "none" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--ink)" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 6px 0 4px", minWidth: "26px" },
  ".cm-foldGutter .cm-gutterElement": { cursor: "pointer", padding: "0 2px" },
  ".cm-foldPlaceholder": { backgroundColor: "transparent", border: "1px solid var(--line)", color: "var(--ink-3)", padding: "0 4px" },
  ".cm-changed-gutter": { width: "3px" },
  ".cm-gutterElement.cm-changed-bar": { backgroundColor: "var(--accent)", width: "3px" },
  ".cm-gutterElement.cm-gone-bar": { borderTop: "3px solid var(--accent)", width: "3px" },
  ".cm-changed": { backgroundColor: "var(--accent-soft)" },
  ".cm-error-line": { backgroundColor: "var(--bad-soft)" },
  ".cm-was": {
    marginLeft: "16px", font: "400 11px var(--sans)", color: "var(--ink-3)", textDecoration: "line-through",
  },
  ".cm-gutter-lint": { width: "8px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0 2px" },
  ".cm-gutter-lint .cm-lint-marker": { width: "3px", height: "20px", borderRadius: "0" },
  ".cm-lint-marker-error": { content: "none", backgroundColor: "var(--bad)" },
  ".cm-lint-marker-warning": { content: "none", backgroundColor: "var(--busy)" },
  ".cm-lint-marker-info": { content: "none", backgroundColor: "var(--line-strong)" },
};

const marks = {
  ".cm-lintRange-error": wave("var(--bad)"),
  ".cm-lintRange-warning": wave("var(--busy)"),
  ".cm-lintRange-info, .cm-lintRange-hint": wave("var(--line-strong)"),
  ".cm-lintRange-active": { backgroundColor: "var(--bad-soft)" },
  ".cm-lintPoint:after": { borderBottomColor: "var(--bad)" },
  ".cm-diagnostic": { borderLeftWidth: "3px", fontFamily: "var(--sans)", whiteSpace: "pre-wrap" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--busy)" },
  ".cm-diagnostic-info, .cm-diagnostic-hint": { borderLeftColor: "var(--line-strong)" },
  ".cm-searchMatch": { backgroundColor: "var(--busy-soft)", outline: "1px solid var(--busy)" },
  ".cm-searchMatch.cm-searchMatch-selected": { backgroundColor: "color-mix(in oklab, var(--accent) 28%, transparent)" },
};

const panels = {
  ".cm-tooltip": floating,
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "14em" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 8px", lineHeight: "18px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent-soft)", color: "var(--ink)" },
  ".cm-completionMatchedText": { textDecoration: "none", color: "var(--accent)" },
  ".cm-completionDetail": { color: "var(--ink-3)", fontStyle: "normal", fontFamily: "var(--sans)" },
  ".cm-tooltip.cm-completionInfo": { ...floating, padding: "8px 10px", maxWidth: "320px", whiteSpace: "pre-wrap" },
  ".cm-explanation": { padding: "8px 10px", maxWidth: "420px", fontFamily: "var(--sans)", lineHeight: "1.45" },
  ".cm-explanation p": { margin: "0" },
  ".cm-explanation p + p": { marginTop: "4px", color: "var(--ink-2)" },
  ".cm-panels": { backgroundColor: "var(--surface)", color: "var(--ink)", fontFamily: "var(--sans)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-textfield": { border: "1px solid var(--line-strong)", borderRadius: "var(--r-1)", backgroundColor: "var(--raised)", color: "var(--ink)" },
  ".cm-button": { border: "1px solid var(--line)", borderRadius: "var(--r-2)", backgroundImage: "none", backgroundColor: "var(--raised)", color: "var(--ink)" },
  ".cm-button:active": { backgroundImage: "none" },
  ".cm-panel.cm-search label": { fontSize: "var(--t-12)" },
  ".cm-panel.cm-search [name=close]": { color: "var(--ink-2)" },
};

// Keys and values differ by colour, not by weight: a column of YAML stays calm.
const yamlColours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--ink)" },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace, tags.meta], color: "var(--ink-3)" },
  { tag: [tags.string, tags.special(tags.string), tags.content, tags.attributeValue], color: "var(--literal)" },
  { tag: [tags.labelName, tags.typeName, tags.keyword], color: "var(--accent)" },
  { tag: tags.comment, color: "var(--ink-3)", fontStyle: "italic" },
]);

export const look = EditorView.theme({ ...text, ...gutters, ...marks, ...panels });
export const highlighting = syntaxHighlighting(yamlColours);
