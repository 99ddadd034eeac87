// `Ctrl .` at a mistake: what mends it, under the word. The first choice is the nearest one.

import { forEachDiagnostic } from "@codemirror/lint";
import { Prec, StateEffect, StateField } from "@codemirror/state";
import { EditorView, keymap, showTooltip } from "@codemirror/view";

const setMenu = StateEffect.define();

/** The mistake at a place, else the first one of its line, else none. */
function mistakeAt(state, pos) {
  const line = state.doc.lineAt(pos);
  let found = null;
  forEachDiagnostic(state, (diagnostic, from, to) => {
    const inLine = from <= line.to && to >= line.from;
    const nearer = !found || (from <= pos && to >= pos);
    if (diagnostic.fixes?.length && inLine && nearer) found = { ...diagnostic, from };
  });
  return found;
}

function open(view) {
  const mistake = mistakeAt(view.state, view.state.selection.main.head);
  if (!mistake) return false;
  view.dispatch({ effects: setMenu.of(mistake) });
  return true;
}

function close(view) {
  view.dispatch({ effects: setMenu.of(null) });
  view.focus();
}

/** The tooltip: a menu of buttons, the first of which has the focus. */
function menu(view, { fixes, index }, onFix) {
  const dom = document.createElement("div");
  dom.className = "cm-fixes";
  dom.setAttribute("role", "menu");
  dom.setAttribute("aria-label", view.state.phrase("Quick fixes"));
  const buttons = fixes.map((label, fix) => {
    const button = document.createElement("button");
    button.setAttribute("role", "menuitem");
    button.textContent = label;
    button.addEventListener("click", () => { close(view); onFix(index, fix); });
    return button;
  });
  const foot = document.createElement("p");
  const key = document.createElement("kbd");
  key.textContent = "Ctrl .";
  foot.append(key, ` ${view.state.phrase("opens this")}`);
  dom.append(...buttons, foot);
  dom.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) buttons[(at + step + buttons.length) % buttons.length].focus();
    if (event.key === "Escape") close(view);
    if (step || event.key === "Escape") event.preventDefault();
    event.stopPropagation();
  });
  dom.addEventListener("focusout", (event) => {
    // Later: the menu may lose the focus because an update takes it away.
    if (!dom.contains(event.relatedTarget)) setTimeout(() => { if (dom.isConnected) view.dispatch({ effects: setMenu.of(null) }); });
  });
  return { dom, mount: () => buttons[0].focus() };
}

export function quickFixes(onFix) {
  const field = StateField.define({
    create: () => null,
    update(value, transaction) {
      const effect = transaction.effects.findLast((each) => each.is(setMenu));
      return effect ? effect.value : transaction.docChanged ? null : value;
    },
    provide: (self) => showTooltip.from(self, (value) => value && {
      pos: value.from, above: false, create: (view) => menu(view, value, onFix),
    }),
  });
  const keys = ["Ctrl-.", "Meta-."].map((key) => ({ key, run: open }));
  return [field, Prec.high(keymap.of(keys)), look];
}

const look = EditorView.theme({
  ".cm-fixes": { minWidth: "200px", padding: "4px", fontFamily: "var(--sans)", fontSize: "var(--t-12)" },
  ".cm-fixes button": {
    display: "block", width: "100%", padding: "6px 12px", textAlign: "left", font: "inherit", color: "var(--ink)",
    border: "0", borderRadius: "var(--r-1)", background: "none", cursor: "pointer",
  },
  ".cm-fixes button:is(:hover, :focus)": { backgroundColor: "var(--accent-soft)", outline: "none" },
  ".cm-fixes p": { margin: "4px 0 0", padding: "6px 12px 2px", borderTop: "1px solid var(--line)", color: "var(--ink-3)" },
});
