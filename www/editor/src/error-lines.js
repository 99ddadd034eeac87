// A tint behind the lines that hold an error: the wave says where, the tint that there is one.

import { setDiagnosticsEffect } from "@codemirror/lint";
import { RangeSetBuilder, StateField } from "@codemirror/state";
import { Decoration, EditorView } from "@codemirror/view";

const tint = Decoration.line({ class: "cm-error-line" });

function read(doc, diagnostics) {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const starts = new Set(errors.map(({ from }) => doc.lineAt(from).from));
  const lines = new RangeSetBuilder();
  for (const start of [...starts].sort((a, b) => a - b)) lines.add(start, start, tint);
  return lines.finish();
}

export const errorLines = StateField.define({
  create: () => Decoration.none,
  update(lines, transaction) {
    const effect = transaction.effects.findLast((each) => each.is(setDiagnosticsEffect));
    return effect ? read(transaction.newDoc, effect.value) : lines.map(transaction.changes);
  },
  provide: (self) => EditorView.decorations.from(self),
});
