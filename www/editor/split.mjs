// Splits the program in two: what paints the page, and the engine, which comes after first paint.
//
//   node split.mjs <program.wasm> <first.wasm> <engine.wasm>
//
// The linker knows one program, so it is cut afterwards, along the crates: functions of the engine's crates,
// and what only they call, go into a second module. In the first module a stub stands for each of them that
// somebody else calls or that is in the table of functions: it calls through a table of its own, `later`,
// which the second module fills when it comes. A stub that is called before asks www/engine.js to bring the
// second module at once, so nothing can go wrong, only wait. Both share memory, tables and the stack pointer.
//
// The names that the rule reads are those in the name section; neither module keeps it.

import { readFileSync, writeFileSync } from "node:fs";
import binaryen from "binaryen";

/** The second module: the crates that a cluster is made of and those that ask it, and what draws one. */
const ENGINE = [
  "api", "apimachinery", "apiserver", "client", "cluster", "controller_manager", "coredns", "csi", "granit_parser",
  "kubectl", "kubelet", "rand_pcg", "scene", "scheduler", "session", "playground::components::stage",
];
/**
 * What of them is needed to draw a page before there is a cluster: a session without one, and what it is made
 * of. If something is missing here, the page asks for the engine on the spot, which tests/browser notices.
 */
const FIRST = [
  "<session::documents::",
  "<session::session::Session>::(vacant|load|is_vacant)",
  "<session::timeline::Timeline>::vacant",
  "<cluster::cluster::(Cluster>::vacant|StepLog as )",
  "<apimachinery::rng::Rng>::stream",
  "<.*cluster::config::(Config|NodeSpec)(>|\\]| as )",
  "<.*scene::story::(Story|Ribbon)>? as core::(default|clone|cmp)",
  "<core::option::Option<(api::object::Key|alloc::vec::Vec<session::diagnose::Diagnostic>)>.*(>::as_deref$| as )",
  "<alloc::(raw_vec::RawVec<.* as core::ops::drop::Drop>|rc::Rc<alloc::vec::Vec<session::terminal::Entry>>>::drop_slow)",
  "core::ptr::drop_in_place::<(\\[|alloc::\\w+::\\w+<|core::option::Option<)*(dyn )?(session|scene|api|cluster|kubectl)::\\w+::\\w+>*\\]?>$",
];

const crateOf = (path) => path.replace(/^\w+/, "$&\\[[0-9a-f]+\\]");
const isEngine = new RegExp(`\\b(${ENGINE.map(crateOf).join("|")})::`);
const isFirst = new RegExp(`^(${FIRST.join("|")})`);
/** Values of JavaScript live in a table whose type binaryen's interface cannot import, so shims stay. */
const isShim = /externref shim/;
const plain = (name) => name.replaceAll(/\[[0-9a-f]+\]/g, "");
const staysFirst = ({ name, base }) => base || isShim.test(name) || !isEngine.test(name) || isFirst.test(plain(name));

const [input, firstFile, engineFile] = process.argv.slice(2);
const bytes = readFileSync(input);
const PROGRAM = "program"; // the first module, as the second one imports it
const LOADER = "./engine.js"; // www/engine.js, which the glue imports for the platform crate

const read = () => binaryen.readBinary(bytes);
const list = (count, at, info) => Array.from({ length: count }, (_, i) => info(at(i)));
const functions = (m) => list(m.getNumFunctions(), (i) => m.getFunctionByIndex(i), binaryen.getFunctionInfo);
const tables = (m) => list(m.getNumTables(), (i) => m.getTableByIndex(i), binaryen.getTableInfo);
const globals = (m) => list(m.getNumGlobals(), (i) => m.getGlobalByIndex(i), binaryen.getGlobalInfo);
const exports = (m) => list(m.getNumExports(), (i) => m.getExportByIndex(i), binaryen.getExportInfo);
const segments = (m) => list(m.getNumElementSegments(), (i) => m.getElementSegmentByIndex(i), binaryen.getElementSegmentInfo);
const prune = (m) => m.runPasses(["remove-unused-module-elements"]);

function emit(m, file) {
  if (!m.validate()) throw new Error(`${file}: what came of the split is not valid`);
  writeFileSync(file, m.emitBinary());
  m.dispose();
}

/** The first module: `stubs` stand for engine functions, in the order of their places in the table. */
function first(stubs, exported) {
  const m = read();
  m.addTable("later", stubs.length, stubs.length);
  m.addTableExport("later", "later");
  m.addGlobal("here", binaryen.i32, true, m.i32.const(0));
  m.addGlobalExport("here", "here");
  m.addFunctionImport("bring", LOADER, "bring", binaryen.none, binaryen.none);
  const place = new Map(stubs.map((name, at) => [name, at]));
  for (const { name, params, results } of functions(m).filter((f) => !staysFirst(f))) {
    const handed = binaryen.expandType(params).map((type, at) => m.local.get(at, type));
    m.removeFunction(name);
    m.addFunction(name, params, results, [], m.block(null, [
      m.if(m.i32.eqz(m.global.get("here", binaryen.i32)), m.call("bring", [], binaryen.none)),
      m.call_indirect("later", m.i32.const(place.get(name) ?? 0), handed, params, results),
    ], results));
  }
  for (const table of tables(m).filter((t) => !t.base && t.name !== "later")) m.addTableExport(table.name, `t:${table.name}`);
  for (const global of globals(m).filter((g) => g.mutable && g.name !== "here")) m.addGlobalExport(global.name, `g:${global.name}`);
  for (const [name, short] of exported) m.addFunctionExport(name, short);
  prune(m);
  return m;
}

/** The second module: it fills `later` with these functions and borrows all else. */
function engine(stubs) {
  const m = read();
  for (const { name } of exports(m)) m.removeExport(name);
  for (const { name } of segments(m)) m.removeElementSegment(name);
  const { initial } = m.getMemoryInfo();
  m.setMemory(initial, -1, null, []);
  m.addMemoryImport("0", PROGRAM, "memory");
  for (const { name } of tables(m)) m.addTableImport(name, PROGRAM, `t:${name}`);
  for (const { name, type, mutable } of globals(m).filter((g) => g.mutable)) {
    m.removeGlobal(name);
    m.addGlobalImport(name, PROGRAM, `g:${name}`, type, mutable);
  }
  functions(m).filter(staysFirst).forEach(({ name, params, results }, at) => {
    m.removeFunction(name);
    m.addFunctionImport(name, PROGRAM, `f${at.toString(36)}`, params, results);
  });
  m.addTable("later", stubs.length, stubs.length);
  m.addTableImport("later", PROGRAM, "later");
  m.addActiveElementSegment("later", "filled", stubs, m.i32.const(0));
  prune(m);
  return m;
}
const probe = first([], []);
const stubs = functions(probe).filter((f) => !staysFirst(f)).map((f) => f.name);
probe.dispose();
const second = engine(stubs);
const borrowed = functions(second).filter((f) => f.base).map((f) => [f.name, f.base]);
emit(second, engineFile);
emit(first(stubs, borrowed), firstFile);
