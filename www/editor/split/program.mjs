// The optimised program, as the cut sees it: who calls whom, and how long each function is.

import binaryen from "binaryen";

const list = (count, at, info) => Array.from({ length: count }, (_, i) => info(at(i)));

export const functions = (m) => list(m.getNumFunctions(), (i) => m.getFunctionByIndex(i), binaryen.getFunctionInfo);
export const tables = (m) => list(m.getNumTables(), (i) => m.getTableByIndex(i), binaryen.getTableInfo);
export const globals = (m) => list(m.getNumGlobals(), (i) => m.getGlobalByIndex(i), binaryen.getGlobalInfo);
export const exports = (m) => list(m.getNumExports(), (i) => m.getExportByIndex(i), binaryen.getExportInfo);
export const segments = (m) =>
  list(m.getNumElementSegments(), (i) => m.getElementSegmentByIndex(i), binaryen.getElementSegmentInfo);
export const memory = (m) => list(m.getNumDataSegments(), (i) => m.getDataSegmentByIndex(i), (s) => m.getDataSegmentInfo(s));

/** A name in a text of WebAssembly; one that is no plain word stands in quotes. */
const NAME = String.raw`(\$"(?:[^"\\]|\\.)*"|\$[^\s()]+)`;
const IMPORT = new RegExp(String.raw`^ \(import .* \(func ${NAME}`);
const FUNCTION = new RegExp(String.raw`^ \(func ${NAME}`);
const MENTION = new RegExp(String.raw`\((?:call|return_call|ref\.func) ${NAME}`);

/**
 * The program in `bytes`: `{functions, slots, table, roots}`. A function is `{name, imported, params, results, calls,
 * length}`: whom it names, and how many instructions it has. `slots` are the names of the functions in the table
 * that addresses of functions mean, by their places, `table` is its name; `roots` those that the program offers to JavaScript.
 */
export function read(bytes) {
  const m = binaryen.readBinary(bytes);
  const all = functions(m).map(({ name, base, params, results }) => (
    { name, imported: Boolean(base), params, results, calls: new Set(), length: 0 }));
  // The text tells of the functions in the same order, and writes some of their names otherwise.
  const names = new Map();
  let body;
  for (const line of m.emitText().split("\n")) {
    const opens = IMPORT.exec(line) ?? FUNCTION.exec(line);
    if (opens) {
      body = all[names.size];
      names.set(opens[1], body);
    } else if (/^ \(/.test(line)) {
      body = undefined;
    } else if (body) {
      body.length += 1;
      const mention = MENTION.exec(line);
      if (mention) body.calls.add(mention[1]);
    }
  }
  if (names.size !== all.length) throw new Error(`${names.size} functions in the text, ${all.length} in the program`);
  for (const f of all) f.calls = [...f.calls].map((name) => names.get(name).name);
  const slots = [];
  const [{ table }] = segments(m);
  for (const { offset, data } of segments(m)) {
    data.forEach((name, at) => (slots[binaryen.getExpressionInfo(offset).value + at] = name));
  }
  const roots = exports(m).filter((e) => e.kind === binaryen.ExternalFunction).map((e) => e.value);
  m.dispose();
  return { functions: all, slots, table, roots };
}
