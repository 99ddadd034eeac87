// What a function's name says: the module whose file holds its text.
//
// The names are Rust's own ("v0" mangling, https://doc.rust-lang.org/rustc/symbol-mangling/v0.html), read from the
// front as far as the path goes: what comes behind it (types, generic arguments) does not matter here. A function
// of an `impl` belongs to the module where the `impl` stands. What was compiled for the types of its user, a
// generic function or the method of a generic type, belongs to nobody: it goes where it is called.

/** Thrown where a name ends early or holds a letter that the grammar does not have there. */
class Unreadable extends Error {}

/** Reads the path at `at` of a name: `{path, at, open, generic}`; `open` while the next name belongs to it. */
function readPath(text, at) {
  switch (text[at]) {
    case "C": {
      const name = readName(text, at + 1);
      return { path: [name.text], at: name.at, open: true, generic: false };
    }
    case "N": {
      const outer = readPath(text, at + 2);
      if (!outer.open) return outer;
      const name = readName(text, outer.at);
      // Lower case is a module, type or function; upper case a closure or the like, which has no name.
      const path = /[a-z]/.test(text[at + 1]) ? [...outer.path, name.text] : outer.path;
      return { ...outer, path, at: name.at };
    }
    case "M":
    case "X": {
      const home = readPath(text, afterNumber(text, at + 1, "s"));
      return { ...home, open: false, generic: home.generic || text[home.at] === "I" };
    }
    case "I":
      return { ...readPath(text, at + 1), open: false, generic: true };
    case "B": {
      const [back, end] = readNumber(text, at + 1);
      return { ...readPath(text, 2 + back), at: end };
    }
    case "Y": // a method that a trait brings itself
      return { path: [], at: at + 1, open: false, generic: true };
    default:
      throw new Unreadable(`\`${text[at]}\` at ${at} of ${text}`);
  }
}

/** `3foo`, perhaps with a number before it that tells it from others of that name. */
function readName(text, at) {
  const start = afterNumber(text, at, "s");
  const digits = /^u?(0|[1-9][0-9]*)_?/.exec(text.slice(start, start + 12));
  if (!digits) throw new Unreadable(`no name at ${start} of ${text}`);
  const from = start + digits[0].length;
  const end = from + Number(digits[1]);
  return { text: text.slice(from, end), at: end };
}

/** Behind a number in base 62 that `mark` announces, if there is one. */
function afterNumber(text, at, mark) {
  return text[at] === mark ? readNumber(text, at + 1)[1] : at;
}

function readNumber(text, at) {
  const digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const end = text.indexOf("_", at);
  const value = [...text.slice(at, end)].reduce((sum, digit) => sum * 62 + digits.indexOf(digit), -1);
  return [value + 1, end + 1];
}

/**
 * The module of a function, `session::documents`, with the function's own name behind it where the name says
 * so; nothing for what belongs to its users, and for names that are not Rust's.
 */
export function home(name) {
  if (!isRust(name)) return undefined;
  const { path, generic } = readPath(name, 2);
  return generic || path.length === 0 ? undefined : path.join("::");
}

/** Whether a name is one of Rust's. */
export const isRust = (name) => /^_R[A-Z]/.test(name);

/** Whether a name ends with that of a function: `vacant`. */
export const isCalled = (name, what) => new RegExp(`${what.length}_?${what}(?:$|[.BC])`).test(name);

/** Whether a name holds that of a module, as the type of an argument has it. */
export const mentions = (name, module) => {
  const segments = module.split("::");
  return [segments[0], segments.at(-1)].every((one) => name.includes(`${one.length}${one}`));
};
