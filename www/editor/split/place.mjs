// Which part of the program each function and each constant goes into.
//
// A rule says before which part the functions of a module are not there. From what JavaScript can call, this
// walks through all that is called, named or held by a constant: a function goes into the first part that needs
// it, but not before its rule. What a rule puts into the first part brings along what it calls. Where an earlier
// part names a function of a later one, that is a way in. The ways from the first part need no list, since the page
// asks for the engine before it does anything with it; all others are listed as gates, and what is named without
// being one comes along with its user.

import { home, isCalled, isRust, mentions } from "./names.mjs";

/**
 * A function of so few instructions stays with those who call it, if it calls nobody of a later part: a stub
 * would be hardly smaller. The optimisers keep one of several functions that do the same, under the name of any
 * of them, so the names of small ones say little.
 */
const SMALL = 60;

/** Whether a rule, `module` or `module#function`, is about a function. */
export function isAbout(rule, path, name) {
  const [module, called] = rule.split("#");
  return (path === module || path.startsWith(`${module}::`)) && (!called || isCalled(name, called));
}

/** The rules of all parts, with how many functions each decides about. */
function rulesOf(parts) {
  return parts.flatMap(({ modules = [], gates = [], components = [] }, part) => [
    ...[...modules, ...gates].map((module) => ({ module, part, uses: 0 })),
    // What was compiled for a component is in the names of others: `View<Stage>`.
    ...components.map((module) => ({ module, part, uses: 0, mentioned: true })),
  ]);
}

/** The rule for a function: of those about it the longest. */
function ruleOf(rules, path, name) {
  let best;
  for (const rule of rules) {
    const fits = path ? isAbout(rule.module, path, name) : rule.mentioned && mentions(name, rule.module);
    if (fits && !(best?.module.length >= rule.module.length)) best = rule;
  }
  return best;
}

/**
 * Places everything: `{partOf, slotPart, constantPart, rules, gates}`. What nobody needs has no part. `parts` are
 * in the order in which they arrive.
 */
export function place(program, links, parts) {
  const rules = rulesOf(parts);
  const gates = parts.flatMap(({ gates = [] }) => gates.map((module) => ({ module, uses: 0 })));
  const byName = new Map(program.functions.map((f) => [f.name, f]));
  const paths = new Map();
  const earliest = new Map();
  for (const { name, imported } of program.functions) {
    if (imported || !isRust(name)) continue;
    paths.set(name, home(name));
    const rule = ruleOf(rules, paths.get(name), name);
    if (!rule) continue;
    rule.uses += 1;
    earliest.set(name, rule.part);
  }
  freeSmall(byName, earliest);
  bringAlong(byName, earliest);
  const isGate = (name) => {
    const path = paths.get(name);
    const found = gates.find(({ module }) => path && isAbout(module, path, name));
    if (found) found.uses += 1;
    return Boolean(found) || !path;
  };
  return { ...walk(program, links, byName, earliest, isGate), rules, gates, byName };
}

/** Small functions that call nobody but their like are placed by their callers. */
function freeSmall(byName, earliest) {
  const isFree = (name) => !(earliest.get(name) > 0);
  for (let found = true; found;) {
    found = false;
    for (const { name, length, calls } of byName.values()) {
      if (isFree(name) || length > SMALL || !calls.every(isFree)) continue;
      earliest.delete(name);
      found = true;
    }
  }
}

/** What a rule says to be in the first part brings along all that it calls. */
function bringAlong(byName, earliest) {
  const queue = [...byName.keys()].filter((name) => earliest.get(name) === 0);
  while (queue.length) {
    for (const callee of byName.get(queue.pop()).calls) {
      if (!(earliest.get(callee) > 0)) continue;
      earliest.set(callee, 0);
      queue.push(callee);
    }
  }
}

/** What a component was compiled to is held by tables before its part is there, and has no path: it is a gate. */
function walk(program, links, byName, earliest, isGate) {
  const partOf = new Map();
  const constantPart = links.constants.map(() => Infinity);
  const slotPart = program.slots.map(() => Infinity);
  const queue = [];
  const put = (name, part) => {
    if (partOf.get(name) <= part) return;
    partOf.set(name, part);
    queue.push(name);
  };
  /** Where a function goes that is needed in a part. Names can be wrong there, see SMALL, but not those of gates. */
  const come = (name, part) => {
    const wanted = earliest.get(name) ?? 0;
    if (wanted > part && !isGate(name) && part > 0) earliest.set(name, part);
    put(name, Math.max(part, earliest.get(name) ?? 0));
  };
  /** Held by a table: until its part is there, something else stands in its place. */
  const hold = (slot, part) => {
    slotPart[slot] = Math.min(slotPart[slot], part);
    if (program.slots[slot] !== undefined) come(program.slots[slot], part);
  };
  const use = ({ slots, constants }, part) => {
    for (const slot of slots) hold(slot, part);
    for (const at of constants) {
      if (constantPart[at] <= part) continue;
      constantPart[at] = part;
      use(links.constants[at], part);
    }
  };
  const run = () => {
    while (queue.length) {
      const name = queue.pop();
      const part = partOf.get(name);
      for (const callee of byName.get(name).calls) come(callee, part);
      if (links.uses.has(name)) use(links.uses.get(name), part);
    }
  };
  for (const name of program.roots) put(name, 0);
  for (const { name, imported } of program.functions) if (imported) put(name, 0);
  // What JavaScript calls may have had another name before it was bound.
  for (const [name, uses] of links.uses) if (!isRust(name)) use(uses, 0);
  run();
  // What nobody is known to need, and is there all the same, is there from the beginning.
  use({
    slots: slotPart.flatMap((part, slot) => (part === Infinity ? [slot] : [])),
    constants: constantPart.flatMap((part, at) => (part === Infinity ? [at] : [])),
  }, 0);
  run();
  return { partOf, slotPart, constantPart };
}
