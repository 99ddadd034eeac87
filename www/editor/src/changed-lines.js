// What differs from the applied text: a bar in the gutter and, behind the line, what it was.

import { RangeSet, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, gutter, GutterMarker, WidgetType } from "@codemirror/view";

/** `[{line, was, isPlace}]`: lines counted from 1; `was` is the old value, null for a line that is new. `isPlace`: only
    lines before it are gone. */
export const setChangedLines = StateEffect.define();

const bar = new (class extends GutterMarker {
  elementClass = "cm-changed-bar";
})();

const gone = new (class extends GutterMarker {
  elementClass = "cm-gone-bar";
})();

class Was extends WidgetType {
  constructor(value) {
    super();
    this.value = value;
  }

  eq(other) {
    return other.value === this.value;
  }

  toDOM(view) {
    const element = document.createElement("span");
    element.className = "cm-was";
    element.textContent = view.state.phrase("was $", this.value);
    return element;
  }
}

const none = { marks: RangeSet.empty, decorations: Decoration.none };

function read(doc, lines) {
  const marks = new RangeSetBuilder();
  const decorations = new RangeSetBuilder();
  const known = lines.filter(({ line, isPlace }) => line >= 1 && (isPlace || line <= doc.lines)).sort((a, b) => a.line - b.line);
  for (const { line: number, was, isPlace } of known) {
    const line = doc.line(Math.min(number, doc.lines));
    marks.add(line.from, line.from, isPlace ? gone : bar);
    if (isPlace) continue;
    decorations.add(line.from, line.from, Decoration.line({ class: "cm-changed" }));
    if (was) decorations.add(line.to, line.to, Decoration.widget({ widget: new Was(was), side: 1 }));
  }
  return { marks: marks.finish(), decorations: decorations.finish() };
}

const field = StateField.define({
  create: () => none,
  update(value, transaction) {
    const effect = transaction.effects.findLast((each) => each.is(setChangedLines));
    if (effect) return read(transaction.newDoc, effect.value);
    if (!transaction.docChanged) return value;
    return { marks: value.marks.map(transaction.changes), decorations: value.decorations.map(transaction.changes) };
  },
  provide: (self) => EditorView.decorations.from(self, (value) => value.decorations),
});

export const changedLines = [
  field,
  gutter({ class: "cm-changed-gutter", markers: (view) => view.state.field(field).marks }),
];
