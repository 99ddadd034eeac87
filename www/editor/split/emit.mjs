// Writes one part of the program: what is placed there, and how it reaches the others.

import binaryen from "binaryen";
import { codeSize } from "./links.mjs";
import { exports, functions, globals, memory, segments, tables } from "./program.mjs";

/** The table through which a part calls functions of parts that come after it. */
const LATER = "later";
/** Constants so near to each other are brought together, with what lies between them. */
const NEAR = 16;

/** What the program does when a function is called whose part is not here. */
const ALARM = "calledTooEarly";

const bare = (name) => name.replaceAll(/[^\w]/g, "_");

/** Neighbours in an ascending list of places: `[[4, 5, 6], [9]]`. */
function runs(places) {
  const found = [];
  for (const place of places) {
    const last = found.at(-1);
    if (last && last.at(-1) === place - 1) last.push(place);
    else found.push([place]);
  }
  return found;
}

/** Which part each byte of a piece of memory belongs to; -1 if it belongs to no constant. */
function owners({ at, bytes }, constants, constantPart) {
  const found = new Int8Array(bytes.length).fill(-1);
  constants.forEach(({ address, size }, index) => {
    const [from, to] = [Math.max(address - at, 0), Math.min(address + size - at, bytes.length)];
    for (let byte = from; byte < to; byte++) {
      if (found[byte] === -1 || found[byte] > constantPart[index]) found[byte] = constantPart[index];
    }
  });
  return found;
}

/**
 * What of the initial memory a part brings: `{at, bytes}`, in order. It never covers what a part before it has
 * brought: that may have been written to since.
 */
export function pieces(image, constants, constantPart, part) {
  const found = [];
  for (const { at, bytes } of image) {
    const owner = owners({ at, bytes }, constants, constantPart);
    let last;
    for (let byte = 0; byte < bytes.length; byte++) {
      // What belongs to nobody known is there from the beginning, unless it is nothing.
      const isOurs = owner[byte] === part || (owner[byte] === -1 && part === 0 && bytes[byte] !== 0);
      if (!isOurs && owner[byte] !== -1 && owner[byte] < part) last = undefined;
      if (!isOurs) continue;
      if (last && byte - last.to <= NEAR) last.to = byte + 1;
      else found.push((last = { at, bytes, from: byte, to: byte + 1 }));
    }
  }
  return found.map(({ at, bytes, from, to }) => ({ at: at + from, bytes: bytes.subarray(from, to) }));
}

/** The initial memory of a program, segment by segment. */
export function image(bytes) {
  const m = binaryen.readBinary(bytes);
  const found = memory(m).map((segment) => ({ at: segment.offset, bytes: Buffer.from(segment.data) }));
  m.dispose();
  return found;
}

/**
 * The module of `part`: `{bytes, code}`. `plan` holds `bytes`, `parts`, `placed` (what `place` returned),
 * `program`, `linked`, `image`, `later` (functions that an earlier part calls, by place) and `offered` (the short
 * names under which functions are handed to later parts).
 */
export function emit(plan, part) {
  const { placed, program } = plan;
  const partOf = (name) => placed.partOf.get(name) ?? Infinity;
  const m = binaryen.readBinary(plan.bytes);
  for (const { name, value } of exports(m)) if (part > 0 || value === "memory" || name === "memory") m.removeExport(name);
  for (const { name } of segments(m)) m.removeElementSegment(name);
  const needed = new Set(program.functions.filter((f) => partOf(f.name) === part).flatMap((f) => f.calls));
  share(m, plan, part);
  const early = part === 0 ? placeholders(m) : undefined;
  for (const f of functions(m)) {
    const home = partOf(f.name);
    if (home === part) continue;
    m.removeFunction(f.name);
    if (!needed.has(f.name)) continue;
    if (home < part) m.addFunctionImport(f.name, plan.parts[home].name, plan.offered.get(f.name), f.params, f.results);
    else stub(m, f, plan.later.get(f.name));
  }
  fill(m, plan, part, early);
  for (const [name, short] of plan.offered) if (partOf(name) === part) m.addFunctionExport(name, short);
  m.runPasses(["duplicate-function-elimination", "remove-unused-module-elements"]);
  if (!m.validate()) throw new Error(`${plan.parts[part].name}: what came of the cut is not valid`);
  if (process.env.NAMES) binaryen.setDebugInfo(true);
  const bytes = Buffer.from(m.emitBinary());
  m.dispose();
  return { bytes, code: codeSize(bytes) };
}

/** Memory, tables and globals: the first part has them, the others borrow them. */
function share(m, plan, part) {
  const brought = pieces(plan.image, plan.linked.constants, plan.placed.constantPart, part);
  const { initial } = m.getMemoryInfo();
  const data = brought.map(({ at, bytes }) => ({ offset: m.i32.const(at), data: bytes }));
  m.setMemory(initial, -1, part === 0 ? "memory" : null, data);
  m.addTable(LATER, plan.later.size, plan.later.size);
  const mutable = globals(m).filter((g) => g.mutable);
  if (part === 0) {
    for (const { name } of tables(m)) m.addTableExport(name, `t:${name}`);
    for (const { name } of mutable) m.addGlobalExport(name, `g:${name}`);
    return;
  }
  const first = plan.parts[0].name;
  m.addMemoryImport("0", first, "memory");
  for (const { name } of tables(m)) m.addTableImport(name, first, `t:${name}`);
  for (const { name, type } of mutable) {
    m.removeGlobal(name);
    m.addGlobalImport(name, first, `g:${name}`, type, true);
  }
}

function stub(m, { name, params, results }, place) {
  const handed = binaryen.expandType(params).map((type, at) => m.local.get(at, type));
  m.addFunction(name, params, results, [], m.call_indirect(LATER, m.i32.const(place), handed, params, results));
}

/** For each type of function one that says that it was called too early. */
function placeholders(m) {
  const made = new Set();
  const alarm = exports(m).find(({ name }) => name === ALARM)?.value;
  if (!alarm) throw new Error(`the program offers no ${ALARM}`);
  return ({ params, results }) => {
    const name = `early ${binaryen.expandType(params)} ${binaryen.expandType(results)}`;
    if (!made.has(name)) {
      const body = m.block(null, [m.call(alarm, [], binaryen.none), m.unreachable()], results);
      m.addFunction(name, params, results, [], body);
      made.add(name);
    }
    return name;
  };
}

/** Puts functions into the tables: those of this part, and in the first part what stands for the others. */
function fill(m, { placed, program, later }, part, early) {
  const byName = placed.byName;
  const entry = (name, wanted) => {
    const home = placed.partOf.get(name);
    if (home === part) return name;
    return part === 0 && wanted < home ? early(byName.get(name)) : undefined;
  };
  const put = (table, entries) => {
    const places = [...entries.keys()].sort((one, other) => one - other);
    for (const run of runs(places)) {
      m.addActiveElementSegment(table, `${bare(table)}${run[0]}`, run.map((at) => entries.get(at)), m.i32.const(run[0]));
    }
  };
  const slots = new Map();
  program.slots.forEach((name, slot) => {
    const found = entry(name, placed.slotPart[slot]);
    if (found) slots.set(slot, found);
  });
  put(program.table, slots);
  const called = new Map();
  for (const [name, place] of later) {
    const found = entry(name, -1);
    if (found) called.set(place, found);
  }
  put(LATER, called);
}
