// What the linker knew: which function and which constant needs which other one.
//
// The program is linked with `--emit-relocs`, so the linked file says of every address in it what it stands for
// (https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md). Addresses in memory and places in the
// table of functions are the same in the program that the optimiser makes of it.

const SECTION = { custom: 0, import: 2, code: 10, data: 11 };
const SYMBOL = { function: 0, data: 1, global: 2, section: 3, event: 4, table: 5 };
const UNDEFINED = 0x10;
const EXPLICIT_NAME = 0x40;
const SYMBOL_TABLE = 8;
const MEMORY_ADDRESS = new Set([3, 4, 5, 11, 14, 15, 16, 17]);
const TABLE_PLACE = new Set([1, 2, 12, 18, 19, 24]);
/** Kinds whose entry ends with a number to be added. */
const WITH_ADDEND = new Set([3, 4, 5, 8, 9, 11, 14, 15, 16, 17, 22, 23, 25]);

class Reader {
  constructor(bytes, at = 0, end = bytes.length) {
    Object.assign(this, { bytes, at, end });
  }
  byte() {
    return this.bytes[this.at++];
  }
  unsigned() {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  }
  signed() {
    let [value, shift] = [0, 0];
    for (;;) {
      const byte = this.byte();
      value |= (byte & 127) << shift;
      shift += 7;
      if (byte < 128) return shift < 32 && byte & 64 ? value | (-1 << shift) : value;
    }
  }
  text() {
    const length = this.unsigned();
    this.at += length;
    return this.bytes.toString("utf8", this.at - length, this.at);
  }
  list(read) {
    return Array.from({ length: this.unsigned() }, () => read(this));
  }
}

function sections(bytes) {
  const reader = new Reader(bytes, 8);
  const found = [];
  while (reader.at < bytes.length) {
    const from = reader.at;
    const kind = reader.byte();
    const size = reader.unsigned();
    const [start, end] = [reader.at, reader.at + size];
    const inside = new Reader(bytes, start, end);
    found.push({ kind, from, start, end, name: kind === SECTION.custom ? inside.text() : "", inside });
    reader.at = end;
  }
  return found;
}

/** Where the functions' bodies and the segments of memory lie in the file. */
function codePlaces({ inside }) {
  return inside.list((r) => {
    const size = r.unsigned();
    r.at += size;
    return { from: r.at - size, to: r.at };
  });
}

function dataPlaces({ inside }) {
  return inside.list((r) => {
    if (r.unsigned() !== 0) throw new Error("the linked program has a segment that is not put into memory at once");
    r.byte();
    const address = r.signed();
    r.byte();
    const size = r.unsigned();
    r.at += size;
    return { from: r.at - size, to: r.at, address };
  });
}

function symbols({ inside }, places) {
  if (inside.unsigned() !== 2) throw new Error("the linked program's table of symbols has another version than 2");
  while (inside.at < inside.end) {
    const kind = inside.byte();
    const size = inside.unsigned();
    if (kind === SYMBOL_TABLE) return inside.list((r) => symbol(r, places));
    inside.at += size;
  }
  throw new Error("the linked program has no table of symbols: it is linked with --emit-relocs");
}

function symbol(r, segments) {
  const [kind, flags] = [r.byte(), r.unsigned()];
  if (kind === SYMBOL.data) {
    const name = r.text();
    if (flags & UNDEFINED) return { kind, name };
    const [segment, offset, size] = [r.unsigned(), r.unsigned(), r.unsigned()];
    return { kind, name, size, address: (segments[segment]?.address ?? 0) + offset };
  }
  const index = r.unsigned();
  const named = kind !== SYMBOL.section && (!(flags & UNDEFINED) || flags & EXPLICIT_NAME);
  return { kind, index, name: named ? r.text() : "" };
}

function relocations({ inside }) {
  const section = inside.unsigned();
  return {
    section,
    entries: inside.list((r) => {
      const [kind, offset, index] = [r.unsigned(), r.unsigned(), r.unsigned()];
      if (WITH_ADDEND.has(kind)) r.signed();
      return { kind, offset, index };
    }),
  };
}

/** Who holds a place of the file: the last that begins at or before it. */
function holder(places, offset) {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle].from <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * Reads a linked program: `{constants, uses}`. `constants` are the pieces of memory, `{address, size, slots,
 * constants}`, in the order of their addresses; `uses` has for the name of each function the same two sets: the
 * places of the table and the constants (by their position in the list) that it names.
 */
export function links(bytes) {
  const all = sections(bytes);
  const only = (kind) => all.find((section) => section.kind === kind);
  const named = (name) => all.filter((section) => section.name === name);
  const [bodies, segments] = [codePlaces(only(SECTION.code)), dataPlaces(only(SECTION.data))];
  const linking = named("linking")[0];
  if (!linking) throw new Error("the linked program has no linking section: it is linked with --emit-relocs");
  const table = symbols(linking, segments);
  const imported = importedFunctions(only(SECTION.import));
  const constants = table
    .filter((one) => one.kind === SYMBOL.data && one.size > 0)
    .map(({ name, address, size }) => ({ name, address, size, slots: new Set(), constants: new Set() }))
    .sort((one, other) => one.address - other.address || other.size - one.size);
  const position = new Map();
  constants.forEach(({ name, address }, at) => position.set(`${address} ${name}`, at));
  const names = new Map();
  for (const { kind, index, name } of table) {
    if (kind === SYMBOL.function && name) names.set(index, [...(names.get(index) ?? []), name]);
  }
  const uses = new Map();
  const usesOf = (name) => {
    if (!uses.has(name)) uses.set(name, { slots: new Set(), constants: new Set() });
    return uses.get(name);
  };
  const note = (users, { kind, index }, at) => {
    if (MEMORY_ADDRESS.has(kind)) {
      const place = position.get(`${table[index].address} ${table[index].name}`);
      if (place !== undefined) for (const user of users) user.constants.add(place);
    }
    if (TABLE_PLACE.has(kind)) {
      const slot = kind === 2 ? bytes.readUInt32LE(at) : new Reader(bytes, at).signed();
      for (const user of users) user.slots.add(slot);
    }
  };
  for (const section of all.filter(({ name }) => name.startsWith("reloc."))) {
    const { section: target, entries } = relocations(section);
    const { start, kind } = all[target];
    for (const entry of entries) {
      const at = start + entry.offset;
      if (kind === SECTION.code) {
        const body = holder(bodies, at);
        note((names.get(imported + body) ?? []).map(usesOf), entry, at);
      } else if (kind === SECTION.data) {
        const segment = segments[holder(segments, at)];
        note(holders(constants, segment.address + at - segment.from), entry, at);
      }
    }
  }
  return { constants, uses };
}

/** The constants that an address lies in: one, or several that overlap. */
function holders(constants, address) {
  let [low, high] = [0, constants.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (constants[middle].address <= address) low = middle + 1;
    else high = middle;
  }
  const found = [];
  for (let at = low - 1; at >= 0 && at > low - 16; at--) {
    if (constants[at].address + constants[at].size > address) found.push(constants[at]);
  }
  return found;
}

function importedFunctions({ inside }) {
  let count = 0;
  inside.list((r) => {
    r.text();
    r.text();
    const kind = r.byte();
    if (kind === 0) {
      r.unsigned();
      count += 1;
    } else if (kind === 3) {
      r.at += 2;
    } else {
      if (kind === 1) r.byte();
      if (r.unsigned() & 1) r.unsigned();
      r.unsigned();
    }
  });
  return count;
}

/** A program without what its linker left in it, which no longer fits once something else has worked on it. */
export function withoutLinks(bytes) {
  const left = sections(bytes).filter(({ name }) => name === "linking" || name.startsWith("reloc."));
  let kept = [];
  let at = 0;
  for (const { from, end } of left) {
    kept = [...kept, bytes.subarray(at, from)];
    at = end;
  }
  return Buffer.concat([...kept, bytes.subarray(at)]);
}

/** How many bytes of a program are code. */
export const codeSize = (bytes) => sections(bytes).filter(({ kind }) => kind === SECTION.code).reduce((sum, one) => sum + one.end - one.start, 0);
