//! Every `Differs:` of the crates.

use std::collections::BTreeMap;
use std::fmt::Write;

use tests::repository::{read, sources};

use crate::cell;

/// What each component leaves out, in the words at the head of its file.
pub fn section() -> String {
    let mut text = "\
## What components leave out

What the head of a file says after `Differs:`, and why that is sound.
"
    .to_owned();
    for (krate, files) in all() {
        let _ = write!(text, "\n### {krate}\n\n| file | differs |\n|---|---|\n");
        for (path, words) in files {
            let _ = writeln!(text, "| `{path}` | {} |", cell(&words));
        }
    }
    text
}

/// By crate: the file, what it says.
fn all() -> BTreeMap<String, Vec<(String, String)>> {
    let mut found: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for path in sources("crates", &["rs"]) {
        let said = differs(&read(&path));
        if let Some(krate) = path.split('/').nth(1)
            && !said.is_empty()
        {
            found
                .entry(krate.to_owned())
                .or_default()
                .extend(said.into_iter().map(|each| (path.clone(), each)));
        }
    }
    found
}

/// The paragraphs of a file's head that begin with `Differs:`, without that word.
fn differs(text: &str) -> Vec<String> {
    let head = text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim);
    let mut found: Vec<String> = Vec::new();
    let mut inside = false;
    for line in head {
        if let Some(words) = line.strip_prefix("Differs:") {
            inside = true;
            found.push(words.trim().to_owned());
        } else if line.is_empty() || line.starts_with("Models:") {
            inside = false;
        } else if let Some(last) = found.last_mut().filter(|_| inside) {
            last.push(' ');
            last.push_str(line);
        }
    }
    found
}

#[test]
fn a_paragraph_ends_at_an_empty_line_or_another_heading() {
    let text = "//! A.\n//!\n//! Differs: one\n//! and two.\n//! Models: x\n//!\n//! Differs: three\n//!\n//! Not.\n";
    assert_eq!(differs(text), ["one and two.", "three"]);
}
