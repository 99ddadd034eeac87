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

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import binaryen from "binaryen";

/** The second module: the crates that a cluster is made of and those that ask it, and what draws one. */
const ENGINE = [
  "api", "apimachinery", "apiserver", "client", "cluster", "conformance", "controller_manager", "coredns", "csi",
  "kubectl", "kubelet", "rand_pcg", "scene", "scheduler", "session", "playground::components::stage",
  "playground::components::timeline::flags", "playground::components::timeline::lives", "playground::components::timeline::ribbon",
  "playground::components::recording_steps", "playground::components::why_answer", "playground::past", "playground::played",
  "playground::show",
];
/**
 * What of them is needed to draw a page before there is a cluster: a session without one, and what it is made
 * of. If something is missing here, the page asks for the engine on the spot, which tests/browser notices.
 */
const FIRST = [
  // The optimiser keeps one of several functions that do the same, under any of their names.
  "<core::option::Option<alloc::rc::Rc<.*>> as core::clone::Clone>::clone$",
  "<apimachinery::sorted::\\w+::\\w+<.*> as core::default::Default>::default$",
  "<(alloc::vec::Vec<)?session::documents::",
  "<(alloc::rc::Rc<)?playground::view::",
  "<session::session::Session>::(vacant|load|is_vacant)",
  "<session::timeline::Timeline>::vacant",
  "<cluster::cluster::(Cluster>::vacant|StepLog as )",
  "<apimachinery::rng::Rng>::stream",
  "<.*cluster::config::(Config|NodeSpec)(>|\\]| as )",
  "<.*scene::story::(Story|Ribbon)>? as core::(default|clone|cmp)",
  "<core::option::Option<(api::object::Key|alloc::vec::Vec<session::diagnose::Diagnostic>)>.*(>::as_deref$| as )",
  "<alloc::(raw_vec::RawVec|vec::Vec)<.*> as core::ops::drop::Drop>",
  "<alloc::rc::Rc<alloc::vec::Vec<[\\w:<]+>*>::drop_slow",
  "core::ptr::drop_in_place::<(\\[|(alloc|core|playground)::\\w+::\\w+<)*(dyn )?(session|scene|api|apimachinery|cluster|kubectl)::\\w+::\\w+>*\\]?>$",
];

/** Texts that only the engine reads; they move to the second module with it. */
const root = new URL("../../", import.meta.url);
const PAGES = "crates/kubectl/src/pages/";
const TEXTS = [
  "crates/api/src/schema/fields.txt",
  "crates/apiserver/src/registry/golang/internal.txt",
  "crates/apiserver/src/registry/golang/tags.txt",
  "crates/kubectl/src/foreign_fields.txt",
  ...readdirSync(new URL(PAGES, root)).map((name) => PAGES + name),
].map((file) => readFileSync(new URL(file, root)));

const crateOf = (path) => path.replace(/^\w+/, "$&\\[[0-9a-f]+\\]");
const isEngine = new RegExp(`\\b(${ENGINE.map(crateOf).join("|")})::`);
const isFirst = new RegExp(`^(${FIRST.join("|")})`);
/** Values of JavaScript live in a table whose type binaryen's interface cannot import: what touches it stays. */
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
const data = (m) => list(m.getNumDataSegments(), (i) => m.getDataSegmentByIndex(i), (segment) => m.getDataSegmentInfo(segment));
const prune = (m) => m.runPasses(["remove-unused-module-elements"]);

function emit(m, file) {
  if (!m.validate()) throw new Error(`${file}: what came of the split is not valid`);
  writeFileSync(file, m.emitBinary());
  m.dispose();
}

/** The initial memory, cut around TEXTS: pieces `{at, bytes, late}`, where `late` says that it is one of them. */
function pieces(m) {
  let all = data(m).map((segment) => ({ at: segment.offset, bytes: Buffer.from(segment.data), late: false }));
  for (const text of TEXTS) {
    const home = all.find((piece) => !piece.late && piece.bytes.includes(text));
    if (!home) throw new Error(`the program holds no text that begins with ${text.subarray(0, 40)}`);
    const [from, to] = [home.bytes.indexOf(text), home.bytes.indexOf(text) + text.length];
    const part = (start, end, late) => ({ at: home.at + start, bytes: home.bytes.subarray(start, end), late });
    all = all.flatMap((piece) => (piece === home
      ? [part(0, from, false), part(from, to, true), part(to, home.bytes.length, false)]
      : [piece]));
  }
  return all.filter((piece) => piece.bytes.length);
}

/** Gives a module the pieces that it brings into the memory. */
function setMemory(m, exported, brought) {
  const { initial } = m.getMemoryInfo();
  m.setMemory(initial, -1, exported, brought.map(({ at, bytes }) => ({ offset: m.i32.const(at), data: bytes })));
}

/**
 * The first module: the functions that `later` names are stubs, by their places in the table. Those in
 * `offered` are exported under the short names beside them.
 */
function first(later, offered) {
  const m = read();
  m.removeExport("memory");
  setMemory(m, "memory", pieces(m).filter((piece) => !piece.late));
  m.addTable("later", later.length, later.length);
  m.addTableExport("later", "later");
  m.addGlobal("here", binaryen.i32, true, m.i32.const(0));
  m.addGlobalExport("here", "here");
  m.addFunctionImport("bring", LOADER, "bring", binaryen.none, binaryen.none);
  const place = new Map(later.map((name, at) => [name, at]));
  for (const { name, params, results } of functions(m).filter((f) => place.has(f.name))) {
    const handed = binaryen.expandType(params).map((type, at) => m.local.get(at, type));
    m.removeFunction(name);
    m.addFunction(name, params, results, [], m.block(null, [
      m.if(m.i32.eqz(m.global.get("here", binaryen.i32)), m.call("bring", [], binaryen.none)),
      m.call_indirect("later", m.i32.const(place.get(name)), handed, params, results),
    ], results));
  }
  for (const { name } of tables(m).filter((t) => t.name !== "later")) m.addTableExport(name, `t:${name}`);
  for (const { name } of globals(m).filter((g) => g.mutable && g.name !== "here")) m.addGlobalExport(name, `g:${name}`);
  for (const [name, short] of offered) m.addFunctionExport(name, short);
  prune(m);
  return m;
}

/** The second module: all functions but those of `firsts`, which it borrows. It fills `later`. */
function engine(later, firsts) {
  const m = read();
  for (const { name } of exports(m)) m.removeExport(name);
  for (const { name } of segments(m)) m.removeElementSegment(name);
  setMemory(m, null, pieces(m).filter((piece) => piece.late));
  m.addMemoryImport("0", PROGRAM, "memory");
  for (const { name } of tables(m)) m.addTableImport(name, PROGRAM, `t:${name}`);
  for (const { name, type, mutable } of globals(m).filter((g) => g.mutable)) {
    m.removeGlobal(name);
    m.addGlobalImport(name, PROGRAM, `g:${name}`, type, mutable);
  }
  functions(m).filter(({ name }) => firsts.has(name)).forEach(({ name, params, results }, at) => {
    m.removeFunction(name);
    m.addFunctionImport(name, PROGRAM, `f${at.toString(36)}`, params, results);
  });
  m.addTable("later", later.length, later.length);
  m.addTableImport("later", PROGRAM, "later");
  m.addActiveElementSegment("later", "filled", later, m.i32.const(0));
  prune(m);
  return m;
}

// What the first module needs with every engine function a stub is what it keeps; stubs that nobody calls go.
const whole = read();
const all = functions(whole);
whole.dispose();
const named = (list) => list.map((f) => f.name);
const bound = named(all.filter((f) => f.base || isShim.test(f.name)));
const probe = first(named(all.filter((f) => !staysFirst(f))), bound.map((name) => [name, `b:${name}`]));
const kept = functions(probe);
probe.dispose();
const later = named(kept.filter((f) => !staysFirst(f)));
const second = engine(later, new Set(named(kept.filter(staysFirst))));
const offered = functions(second).filter((f) => f.base).map((f) => [f.name, f.base]);
emit(second, engineFile);
emit(first(later, offered), firstFile);
