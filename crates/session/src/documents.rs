//! The texts in the editor: what was written, and what was last applied.

/// A manifest file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// `web.yaml`.
    pub name: String,
    /// As it stands in the editor.
    pub text: String,
    /// As it was when last applied; `None` if never.
    pub applied: Option<String>,
}

impl Document {
    /// A document that was never applied.
    pub fn new(name: &str, text: &str) -> Self {
        Self { name: name.to_owned(), text: text.to_owned(), applied: None }
    }

    /// The lines that differ from what was last applied: as few as can be, so a new line does not change those
    /// behind it.
    pub fn changed_lines(&self) -> Vec<ChangedLine> {
        let Some(applied) = &self.applied else { return Vec::new() };
        let (old, new): (Vec<&str>, Vec<&str>) = (applied.lines().collect(), self.text.lines().collect());
        let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
        let room = old.len().min(new.len()) - start;
        let end = old.iter().rev().zip(new.iter().rev()).take(room).take_while(|(a, b)| a == b).count();
        let old = old.get(start..old.len() - end).unwrap_or_default();
        let new = new.get(start..new.len() - end).unwrap_or_default();
        let mut found = Vec::new();
        let (mut from_old, mut from_new) = (0, 0);
        // Between two lines that stay, so many went and so many came; those that face each other are one change.
        for (keeps_old, keeps_new) in kept(old, new).into_iter().chain([(old.len(), new.len())]) {
            let gone = old.get(from_old..keeps_old).unwrap_or_default();
            let come = keeps_new.saturating_sub(from_new);
            for at in 0..come {
                let was = gone.get(at).map(|line| line.trim().to_owned());
                found.push(ChangedLine { line: start + from_new + at + 1, was, removed: 0 });
            }
            if gone.len() > come {
                let removed = gone.len() - come;
                match found.last_mut().filter(|_| come > 0) {
                    Some(last) => last.removed = removed,
                    None => found.push(ChangedLine { line: start + from_new + 1, was: None, removed }),
                }
            }
            (from_old, from_new) = (keeps_old + 1, keeps_new + 1);
        }
        found
    }
}

/// A line that differs from what was last applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedLine {
    /// Its number, from 1. Where lines are gone without another one, the line behind them, which may be past the end.
    pub line: usize,
    /// What stood there; nothing for a line that is new, or for the place of lines that are gone.
    pub was: Option<String>,
    /// How many lines are gone here beside.
    pub removed: usize,
}

/// Cells of the table in which lines are compared, at most; with more, all lines between count as changed.
const CELLS_MAX: usize = 1_000_000;

/// The places of lines that both have, the longest list of them in order.
fn kept(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let width = new.len() + 1;
    if old.is_empty() || new.is_empty() || old.len() * width > CELLS_MAX {
        return Vec::new();
    }
    // How many lines the rests from here on have in common.
    let mut rows: Vec<Vec<u32>> = vec![vec![0; width]];
    for line in old.iter().rev() {
        let below = rows.last().cloned().unwrap_or_default();
        let mut row = vec![0; width];
        for (at, other) in new.iter().enumerate().rev() {
            let get = |row: &[u32], at: usize| row.get(at).copied().unwrap_or(0);
            let best =
                if line == other { get(&below, at + 1) + 1 } else { get(&below, at).max(get(&row, at + 1)) };
            if let Some(cell) = row.get_mut(at) {
                *cell = best;
            }
        }
        rows.push(row);
    }
    rows.reverse();
    let common = |a: usize, b: usize| rows.get(a).and_then(|row| row.get(b)).copied().unwrap_or(0);
    let (mut a, mut b, mut found) = (0, 0, Vec::new());
    while let (Some(line), Some(other)) = (old.get(a), new.get(b)) {
        if line == other {
            found.push((a, b));
            (a, b) = (a + 1, b + 1);
        } else if common(a + 1, b) >= common(a, b + 1) {
            a += 1;
        } else {
            b += 1;
        }
    }
    found
}

/// The documents, one of which is open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Documents {
    /// In the order of their tabs.
    pub all: Vec<Document>,
    /// The open one.
    pub open: usize,
    /// The name of the one that a command wants edited, and the place of the one that was open before.
    edited: Option<(String, usize)>,
}

impl Documents {
    /// These documents; the one at `open` is open.
    pub fn of(all: Vec<Document>, open: usize) -> Self {
        Self { all, open, edited: None }
    }

    /// The open document.
    pub fn current(&self) -> Option<&Document> {
        self.all.get(self.open)
    }

    /// The open document, to change.
    pub fn current_mut(&mut self) -> Option<&mut Document> {
        self.all.get_mut(self.open)
    }

    /// Opens the file that a command wants edited, and closes the one that none wants any more.
    pub(crate) fn show_edited(&mut self, wanted: Option<&(String, String)>) {
        if let Some((name, before)) = self.edited.take_if(|(name, _)| wanted.is_none_or(|(n, _)| n != name)) {
            self.all.retain(|document| document.name != name);
            self.open = before.min(self.all.len().saturating_sub(1));
        }
        let Some((name, text)) = wanted else { return };
        if self.edited.is_none() {
            self.edited = Some((name.clone(), self.open));
        }
        let at = self.all.iter().position(|d| d.name == *name).unwrap_or_else(|| {
            self.all.push(Document::new(name, ""));
            self.all.len() - 1
        });
        if let Some(document) = self.all.get_mut(at)
            && document.applied.as_ref() != Some(text)
        {
            // What differs from the file as it was handed out is what was edited.
            document.applied = Some(text.clone());
            document.text.clone_from(text);
            self.open = at;
        }
    }

    /// Adds a document that counts as applied, or replaces the one of its name.
    pub fn add(&mut self, name: &str, text: &str) {
        let document =
            Document { name: name.to_owned(), text: text.to_owned(), applied: Some(text.to_owned()) };
        match self.all.iter_mut().find(|d| d.name == name) {
            Some(known) => *known = document,
            None => self.all.push(document),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(applied: &str, text: &str) -> Vec<(usize, Option<String>, usize)> {
        let applied = Some(applied.to_owned());
        let document = Document { applied, ..Document::new("web.yaml", text) };
        document.changed_lines().into_iter().map(|one| (one.line, one.was, one.removed)).collect()
    }

    #[test]
    fn a_changed_line_knows_what_it_was() {
        assert_eq!(Document::new("web.yaml", "a: 1\n").changed_lines(), []);
        let applied = "a: 1\nimage: nginx:1.7.9\nb: 2\nc: 3\nd: 4\n";
        let was = |text: &str| Some(text.to_owned());
        let image = was("image: nginx:1.7.9");
        assert_eq!(changed(applied, &applied.replace("1.7.9", "1.25")), [(2, image.clone(), 0)]);
        assert_eq!(changed(applied, &applied.replace("image", "x: y\nimage")), [(2, None, 0)]);
        // A line that is new far above a changed one does not change those between.
        let both = applied.replace("image", "x: y\nimage").replace("c: 3", "c: 5");
        assert_eq!(changed(applied, &both), [(2, None, 0), (5, was("c: 3"), 0)]);
        assert_eq!(changed(applied, &applied.replace("b: 2\nc: 3\n", "")), [(3, None, 2)]);
        assert_eq!(changed(applied, &applied.replace("b: 2\nc: 3\n", "b: 7\n")), [(3, was("b: 2"), 1)]);
        assert_eq!(changed(applied, ""), [(1, None, 5)]);
        assert_eq!(changed("", "a: 1\n"), [(1, None, 0)]);
    }

    #[test]
    fn large_texts_are_compared_roughly() {
        let text: String = (0..3_000).map(|n| format!("a{n}: {n}\n")).collect();
        assert_eq!(changed(&text, &text.replace(": 1", ": x1")).len(), 2_000 - 1);
    }
}
