// Cuts the program into parts: what paints the page comes first, and what it needs later comes later.
//
//   node split.mjs <linked.wasm> <program.wasm> <folder>
//
// The linker knows one program, so it is cut afterwards, along the modules of the source; split/parts.mjs says
// how. `linked` is what the linker wrote, with the relocations that say which function needs what; `program` is
// what became of it, with the names of its functions. `program` becomes the first part, the others are written
// into `folder` under their names. Parts share memory, tables and the stack. A part calls functions of those
// before it directly, and functions of those after it through a table which they fill when they come.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { emit, image } from "./split/emit.mjs";
import { links, withoutLinks } from "./split/links.mjs";
import { parts } from "./split/parts.mjs";
import { isRust } from "./split/names.mjs";
import { place } from "./split/place.mjs";
import { read } from "./split/program.mjs";

const [linkedFile, programFile, folder] = process.argv.slice(2);
const bytes = withoutLinks(readFileSync(programFile));
const program = read(bytes);
if (!program.functions.some(({ name }) => isRust(name))) throw new Error(`${programFile}: its functions have no names by which it could be cut`);
const linked = links(readFileSync(linkedFile));
const placed = place(program, linked, parts);

const idle = [...placed.rules, ...placed.gates].filter((rule) => rule.uses === 0).map((rule) => rule.module);
if (process.env.LAX) console.log(idle); else if (idle.length) throw new Error(`split/parts.mjs names what is not in the program: ${idle.join(", ")}`);

/** Functions that cross from one part into another: `later` through the table, `offered` under a short name. */
const [later, offered] = [new Map(), new Map()];
for (const { name, calls } of program.functions) {
  const part = placed.partOf.get(name);
  if (part === undefined) continue;
  for (const callee of calls) {
    const home = placed.partOf.get(callee);
    if (home > part && !later.has(callee)) later.set(callee, later.size);
    if (home < part && !offered.has(callee)) offered.set(callee, offered.size.toString(36));
  }
}

const plan = { bytes, parts, placed, program, linked, later, offered, image: image(bytes) };
const rows = parts.map(({ name, least }, part) => {
  const { bytes: written, code } = emit(plan, part);
  if (code < least) throw new Error(`the part ${name} has ${code} bytes of code, which cannot be all: at least ${least} are known`);
  writeFileSync(part === 0 ? programFile : join(folder, `${name}.wasm`), written);
  const count = [...placed.partOf.values()].filter((home) => home === part).length;
  const sizes = [written.length, gzipSync(written, { level: 9 }).length, brotliCompressSync(written).length];
  return [name, count, ...sizes.map((size) => size.toLocaleString("en"))];
});
for (const row of [["part", "functions", "bytes", "gzip", "brotli"], ...rows]) {
  console.log(`    ${row.map((cell, at) => (at ? String(cell).padStart(11) : cell.padEnd(11))).join("")}`);
}
