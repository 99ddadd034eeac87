// What the cluster has otherwise: a dotted bar in the gutter and, behind the line, what it has and a way to take it.

import { RangeSet, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, gutter, GutterMarker, WidgetType } from "@codemirror/view";

/** `[{line, has, taken}]`: lines counted from 1; `has` is null if the cluster has nothing there. */
export const setDrift = StateEffect.define();

const bar = new (class extends GutterMarker {
  elementClass = "cm-drift-bar";
})();

class Has extends WidgetType {
  constructor(drift, at, onTake) {
    super();
    Object.assign(this, { drift, at, onTake });
  }

  eq(other) {
    return other.at === this.at && other.drift.has === this.drift.has && other.drift.taken === this.drift.taken;
  }

  toDOM(view) {
    const { has, taken } = this.drift;
    const element = document.createElement("span");
    element.className = "cm-drift";
    const said = has === null ? view.state.phrase("the cluster has none") : view.state.phrase("cluster has $", has);
    element.append(said);
    if (taken && !view.state.readOnly) {
      const button = document.createElement("button");
      button.textContent = view.state.phrase("take from cluster");
      button.addEventListener("click", () => this.onTake(this.at));
      element.append(view.state.phrase(": "), button);
    }
    return element;
  }

  ignoreEvent() {
    return true;
  }
}

const none = { marks: RangeSet.empty, decorations: Decoration.none };

function read(doc, all, onTake) {
  const marks = new RangeSetBuilder();
  const decorations = new RangeSetBuilder();
  const known = all.map((drift, at) => ({ drift, at })).filter(({ drift }) => drift.line >= 1 && drift.line <= doc.lines);
  let last = 0;
  for (const { drift, at } of known.sort((a, b) => a.drift.line - b.drift.line)) {
    const line = doc.line(drift.line);
    if (drift.line !== last) marks.add(line.from, line.from, bar);
    last = drift.line;
    decorations.add(line.to, line.to, Decoration.widget({ widget: new Has(drift, at, onTake), side: 2 }));
  }
  return { marks: marks.finish(), decorations: decorations.finish() };
}

export function drift(onTake) {
  const field = StateField.define({
    create: () => none,
    update(value, transaction) {
      const effect = transaction.effects.findLast((each) => each.is(setDrift));
      if (effect) return read(transaction.newDoc, effect.value, onTake);
      if (!transaction.docChanged) return value;
      return { marks: value.marks.map(transaction.changes), decorations: value.decorations.map(transaction.changes) };
    },
    provide: (self) => EditorView.decorations.from(self, (value) => value.decorations),
  });
  return [field, gutter({ class: "cm-drift-gutter", markers: (view) => view.state.field(field).marks }), look];
}

const look = EditorView.theme({
  ".cm-drift-gutter": { width: "3px" },
  ".cm-gutterElement.cm-drift-bar": {
    width: "3px", backgroundImage: "linear-gradient(var(--ink-2) 60%, transparent 0)", backgroundSize: "3px 5px",
  },
  ".cm-drift": { marginLeft: "16px", font: "400 11px var(--sans)", color: "var(--ink-3)" },
  ".cm-drift button": {
    padding: "0", font: "inherit", color: "var(--accent)", background: "none", border: "0", cursor: "pointer",
    textDecoration: "underline", textUnderlineOffset: "3px",
  },
});
