//! Which file of a crate imports which: an arrow runs from the file that names a thing to the file that defines it.
//!
//! Imports are `use` and every other path in code, also inside macros. A path that ends at a re-export is
//! followed to the definition. Code under `#[cfg(test)]` has no part in it. What is reached through a value (a
//! method, a field) is no import, nor is what a module takes from one that it lies in: it is a part of that one.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree};

/// For each file, the files that it imports, and the names that it takes from each.
pub type Arrows = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// The words of a path: `crate`, `registry`, `Strategy`.
type Words = Vec<String>;

/// How many re-exports a path may pass through; more is a loop of re-exports.
const REEXPORTS_MAX: usize = 16;

/// The arrows within a crate, from its root file (`crates/api/src/lib.rs`) on. `read` gives the text of a file,
/// `None` if there is no such file.
///
/// Panics if a file is missing or does not parse, or if one takes all names of another (`*`): then nobody can
/// see what it takes.
pub fn arrows(root_file: &str, read: &dyn Fn(&str) -> Option<String>) -> Arrows {
    let (folder, _) = root_file.rsplit_once('/').unwrap_or_default();
    let mut tree = Tree { read, modules: BTreeMap::new() };
    tree.add_file(Vec::new(), root_file, folder);
    let mut found = Arrows::new();
    for (place, module) in &tree.modules {
        for path in module.imported.values().chain(&module.named) {
            let target = tree.definition(place, path, REEXPORTS_MAX);
            if let Some((file, name)) = target.filter(|(file, _)| !tree.lies_in(place, file)) {
                let names = found.entry(module.file.clone()).or_default().entry(file).or_default();
                names.insert(name);
            }
        }
    }
    found
}

/// The circles among arrows: sets of files that import each other in a loop, each as large as it gets.
pub fn circles(arrows: &Arrows) -> Vec<BTreeSet<String>> {
    let ahead: BTreeMap<&String, BTreeSet<&String>> =
        arrows.keys().map(|file| (file, reachable(arrows, file))).collect();
    let leads = |from: &String, to: &String| ahead.get(from).is_some_and(|files| files.contains(to));
    let mut found = Vec::new();
    for (file, reached) in &ahead {
        let circle: BTreeSet<String> =
            reached.iter().filter(|other| leads(other, file)).map(|other| (*other).clone()).collect();
        if circle.len() > 1 && !found.contains(&circle) {
            found.push(circle);
        }
    }
    found
}

fn reachable<'a>(arrows: &'a Arrows, from: &'a String) -> BTreeSet<&'a String> {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(file) = open.pop() {
        let next = arrows.get(file).into_iter().flat_map(BTreeMap::keys);
        open.extend(next.filter(|file| seen.insert(*file)));
    }
    seen
}

/// A module, in a file of its own or inside of one.
#[derive(Default)]
struct Module {
    file: String,
    /// Modules right below it.
    children: BTreeSet<String>,
    /// What it defines itself.
    defined: BTreeSet<String>,
    /// What it imports, each by its name here.
    imported: BTreeMap<String, Words>,
    /// All other paths in it.
    named: Vec<Words>,
}

/// The modules of a crate, each by its path from the root.
struct Tree<'r> {
    read: &'r dyn Fn(&str) -> Option<String>,
    modules: BTreeMap<Words, Module>,
}

impl Tree<'_> {
    /// Reads a module's file, and the modules below it, whose files lie in `folder`.
    fn add_file(&mut self, place: Words, file: &str, folder: &str) {
        let text = (self.read)(file).unwrap_or_else(|| panic!("{file} is missing"));
        let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
        self.add_items(place, file, folder, &parsed.items);
    }

    fn add_items(&mut self, place: Words, file: &str, folder: &str, items: &[Item]) {
        let mut module = Module { file: file.to_owned(), ..Module::default() };
        for item in items.iter().filter(|item| !is_for_tests(item)) {
            let Item::Mod(inner) = item else {
                module.defined.extend(name_of(item));
                module.visit_item(item);
                continue;
            };
            let name = inner.ident.to_string();
            let inside = [place.as_slice(), std::slice::from_ref(&name)].concat();
            let below = format!("{folder}/{name}");
            if let Some((_, items)) = &inner.content {
                self.add_items(inside, file, &below, items);
            } else {
                let files = [format!("{below}.rs"), format!("{below}/mod.rs")];
                let own = files.iter().find(|path| (self.read)(path).is_some());
                self.add_file(inside, own.unwrap_or_else(|| panic!("{file}: where is {name}?")), &below);
            }
            module.children.insert(name);
        }
        self.modules.insert(place, module);
    }

    /// The file that defines what a path means to a module, and the name that is taken from it; `None` for
    /// modules themselves and for other crates.
    fn definition(&self, place: &[String], path: &[String], left: usize) -> Option<(String, String)> {
        let module = self.modules.get(place)?;
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => return self.definition(&[], rest, left),
            "self" => return self.definition(place, rest, left),
            "super" => return self.definition(place.split_last()?.1, rest, left),
            _ => {}
        }
        let is_child = module.children.contains(first);
        // A function may have the name of a module: at the end of a path the function is meant.
        if module.defined.contains(first) && (rest.is_empty() || !is_child) {
            return Some((module.file.clone(), first.clone()));
        }
        if is_child {
            let below = [place, std::slice::from_ref(first)].concat();
            return self.definition(&below, rest, left);
        }
        let whole: Words = module.imported.get(first)?.iter().chain(rest).cloned().collect();
        self.definition(place, &whole, left.checked_sub(1)?)
    }

    /// Whether a module is in this file, or lies in one that is.
    fn lies_in(&self, place: &[String], file: &str) -> bool {
        let around = (0..=place.len()).filter_map(|length| self.modules.get(place.get(..length)?));
        around.into_iter().any(|module| module.file == file)
    }
}

impl<'ast> Visit<'ast> for Module {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_for_tests(item) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.import(Vec::new(), &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.named.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.visit_path(&call.path);
        self.find_paths(call.tokens.clone());
    }
}

impl Module {
    fn import(&mut self, before: Words, tree: &UseTree) {
        match tree {
            UseTree::Path(path) => self.import(joined(before, &path.ident), &path.tree),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(before.clone(), tree)),
            UseTree::Name(name) => {
                let path = joined(before, &name.ident);
                self.imported.insert(path.last().cloned().unwrap_or_default(), path);
            }
            UseTree::Rename(name) if name.rename == "_" => self.named.push(joined(before, &name.ident)),
            UseTree::Rename(name) => {
                self.imported.insert(name.rename.to_string(), joined(before, &name.ident));
            }
            UseTree::Glob(_) => {
                let is_own = before.first().is_some_and(|word| matches!(&**word, "crate" | "self" | "super"));
                assert!(!is_own, "{}: `use {}::*` hides what it takes", self.file, before.join("::"));
            }
        }
    }

    /// Tokens are not parsed further, but words with `::` between them are a path.
    fn find_paths(&mut self, tokens: TokenStream) {
        let (mut path, mut colons) = (Words::new(), 0);
        for token in tokens {
            match &token {
                TokenTree::Ident(_) if colons == 2 => {}
                TokenTree::Punct(mark) if mark.as_char() == ':' => {
                    colons += 1;
                    continue;
                }
                _ => self.named.push(std::mem::take(&mut path)),
            }
            colons = 0;
            match token {
                TokenTree::Ident(word) => path.push(word.to_string()),
                TokenTree::Group(group) => self.find_paths(group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
        self.named.push(path);
    }
}

/// A path with one word more. `use list::{self, Item}` takes the module itself.
fn joined(mut path: Words, word: &syn::Ident) -> Words {
    if word != "self" || path.is_empty() {
        path.push(word.to_string());
    }
    path
}

fn is_for_tests(item: &Item) -> bool {
    let attributes: &[Attribute] = match item {
        Item::Const(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    };
    attributes.iter().any(|attribute| {
        let list = attribute.meta.require_list().ok().filter(|list| list.path.is_ident("cfg"));
        list.is_some_and(|list| list.tokens.to_string() == "test")
    })
}

fn name_of(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `from -> to: names` of a crate with these files, a line each.
    fn drawn(files: &[(&str, &str)]) -> Vec<String> {
        let read = |path: &str| Some(files.iter().find(|(name, _)| *name == path)?.1.to_owned());
        let mut lines = Vec::new();
        for (from, targets) in arrows("c/lib.rs", &read) {
            let names = |names: BTreeSet<String>| names.into_iter().collect::<Vec<_>>().join(" ");
            lines.extend(targets.into_iter().map(|(to, taken)| format!("{from} -> {to}: {}", names(taken))));
        }
        lines
    }

    #[test]
    fn a_path_is_followed_to_the_file_that_defines_its_end() {
        let files = [
            ("c/lib.rs", "mod a; mod b; pub use b::Two as Second;"),
            (
                "c/a.rs",
                "use crate::{Second, b::inner}; fn f() -> Second { inner::make(vec![super::b::ONE]) }",
            ),
            ("c/b/mod.rs", "pub mod inner; pub struct Two; pub const ONE: u8 = 1;"),
            ("c/b/inner.rs", "use super::Two; pub fn make(n: Vec<u8>) -> Two { Two }"),
        ];
        // Nothing from `inner` to the module that it lies in.
        assert_eq!(
            drawn(&files),
            ["c/a.rs -> c/b/inner.rs: make", "c/a.rs -> c/b/mod.rs: ONE Two", "c/lib.rs -> c/b/mod.rs: Two"]
        );
    }

    #[test]
    fn tests_and_other_crates_draw_nothing() {
        let files = [
            ("c/lib.rs", "mod a; mod b;"),
            (
                "c/a.rs",
                "use std::fmt; #[cfg(test)] mod tests { use crate::b::Two; } #[cfg(test)] use crate::b;",
            ),
            ("c/b.rs", "pub struct Two;"),
        ];
        assert_eq!(drawn(&files), Vec::<String>::new());
    }

    #[test]
    fn a_circle_is_as_large_as_it_gets() {
        let arrow = |from: &str, to: &[&str]| {
            (from.to_owned(), to.iter().map(|to| ((*to).to_owned(), BTreeSet::new())).collect())
        };
        let arrows = Arrows::from([
            arrow("a", &["b", "e"]),
            arrow("b", &["c"]),
            arrow("c", &["b", "a"]),
            arrow("d", &["a", "e"]),
            arrow("e", &["f"]),
            arrow("f", &["e"]),
            arrow("g", &["g"]),
        ]);
        let found: Vec<String> =
            circles(&arrows).into_iter().map(|circle| circle.into_iter().collect()).collect();
        assert_eq!(found, ["abc", "ef"]);
    }
}
