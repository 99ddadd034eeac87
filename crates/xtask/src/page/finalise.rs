//! Finishes Trunk's release build: minifies files, names them after their content, adds the policy.
//!
//! A static host lets browsers keep files for a while. Trunk puts a hash into the names of most files;
//! the rest get theirs here, from the leaves up, so that no page can ever mix files of two builds.

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

use crate::page::policy;
use crate::report::{Failure, Outcome, at};
use crate::setup::node::{minify, split};
use crate::workspace;

/// The parts of the program that come after first paint: `www/editor/split/parts.mjs`.
const PARTS: [&str; 3] = ["engine", "commands", "recordings"];

/// What the linker wrote; Trunk's own file is what the optimiser made of it.
const LINKED: &str = "target/wasm32-unknown-unknown/release/playground.wasm";

/// Works on Trunk's staging folder, before it becomes `dist/`.
pub fn finalise(folder: &Path) -> Outcome<()> {
    let page = folder.join("index.html");
    let mut html = read(&page)?;

    let editor = rename(&folder.join("vendor/editor.js"))?;
    let shim = folder.join("editor-shim.js");
    replace_in(&shim, "./vendor/editor.js", &format!("./vendor/{editor}"))?;
    let glue = folder.join(attribute(&html, "data-js")?);
    for module in ["editor-shim.js", "engine.js", "mistake.js"] {
        let renamed = minified(&folder.join(module))?;
        let imports = import_from(&read(&glue)?, &format!("./{module}"), &format!("./{renamed}"));
        write(&glue, &imports)?;
        html = replaced(&html, module, &renamed)?;
    }
    html = replaced(&html, &file_name(&glue), &minified(&glue)?)?;
    html = replaced(&html, "boot.js", &minified(&folder.join("boot.js"))?)?;
    html = join_styles(folder, html)?;

    html = cut(folder, html)?;
    html = replaced(&html, "<head>", &format!("<head>{}", policy::meta()))?;
    write(&page, &html)
}

/// Cuts the program, and tells the page where its parts are and how many bytes they have: who fetches one can say
/// whether it has come whole.
fn cut(folder: &Path, mut html: String) -> Outcome<String> {
    let wasm = folder.join(attribute(&html, "data-wasm")?);
    split(&workspace::path(LINKED), &wasm, folder)?;
    let bytes = |file: &Path| Ok::<_, Failure>(at(file, fs::metadata(file))?.len());
    let mut about = format!("data-wasm-bytes=\"{}\" ", bytes(&wasm)?);
    for part in PARTS {
        let file = folder.join(format!("{part}.wasm"));
        about.push_str(&format!(
            "data-{part}-bytes=\"{}\" data-{part}=\"./{}\" ",
            bytes(&file)?,
            rename(&file)?
        ));
    }
    html = replaced(&html, "data-wasm=", &format!("{about}data-wasm="))?;
    replaced(&html, &file_name(&wasm), &rename(&wasm)?)
}

/// Renames a module where the glue imports it. The same text also stands in its table of imports, whose
/// keys are the names that the wasm knows and must stay.
fn import_from(glue: &str, old: &str, new: &str) -> String {
    ['"', '\''].iter().fold(glue.to_owned(), |text, quote| {
        text.replace(&format!("from {quote}{old}{quote}"), &format!("from {quote}{new}{quote}"))
    })
}

/// Makes one style sheet of all, in the page's order: one request, and it compresses better.
fn join_styles(folder: &Path, mut html: String) -> Outcome<String> {
    let mut css = String::new();
    while let Some(link) = element(&html, "<link rel=\"stylesheet\"") {
        let file = folder.join(attribute(&link, "href")?);
        css.push_str(&read(&file)?);
        at(&file, fs::remove_file(&file))?;
        html = html.replacen(&link, "", 1);
    }
    let sheet = folder.join("ordinal.css");
    for font in ["inter.woff2", "jetbrains-mono.woff2"] {
        css = replaced(&css, font, &rename(&folder.join("vendor").join(font))?)?;
    }
    write(&sheet, &css)?;
    let link = format!("<link rel=\"stylesheet\" href=\"./{}\"></head>", minified(&sheet)?);
    replaced(&html, "</head>", &link)
}

/// Minifies a file and renames it after its content; returns the new name.
fn minified(file: &Path) -> Outcome<String> {
    minify(file)?;
    rename(file)
}

/// `boot.js` → `boot-0123456789abcdef.js`; a hash that Trunk put there gives way.
fn rename(file: &Path) -> Outcome<String> {
    let mut hasher = DefaultHasher::new();
    hasher.write(&at(file, fs::read(file))?);
    let name = file_name(file);
    let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
    let stem = stem.rsplit_once('-').filter(|(_, tail)| is_hash(tail)).map_or(stem, |(head, _)| head);
    let new = format!("{stem}-{:016x}.{extension}", hasher.finish());
    at(file, fs::rename(file, file.with_file_name(&new)))?;
    Ok(new)
}

fn is_hash(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The first element that begins with `opening`, up to its `>`.
fn element(html: &str, opening: &str) -> Option<String> {
    let (_, rest) = html.split_once(opening)?;
    let (inside, _) = rest.split_once('>')?;
    Some(format!("{opening}{inside}>"))
}

/// The value of an attribute's first occurrence, as a path relative to the page.
fn attribute(html: &str, name: &str) -> Outcome<PathBuf> {
    let value = html.split_once(&format!("{name}=\"")).and_then(|(_, rest)| rest.split_once('"'));
    let (value, _) = value.ok_or_else(|| Failure::from(format!("index.html: {name} is missing")))?;
    Ok(PathBuf::from(value.trim_start_matches("./")))
}

fn replace_in(file: &Path, old: &str, new: &str) -> Outcome<()> {
    let text = replaced(&read(file)?, old, new)?;
    write(file, &text)
}

/// Replaces all occurrences. There must be one: else the build has changed and this step would do nothing.
fn replaced(text: &str, old: &str, new: &str) -> Outcome<String> {
    if text.contains(old) {
        return Ok(text.replace(old, new));
    }
    Err(format!("the build holds no `{old}` where it was expected").into())
}

fn file_name(file: &Path) -> String {
    file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn read(file: &Path) -> Outcome<String> {
    at(file, fs::read_to_string(file))
}

fn write(file: &Path, text: &str) -> Outcome<()> {
    at(file, fs::write(file, text))
}
