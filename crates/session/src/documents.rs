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

    /// The lines that differ from what was last applied: line number from 1, and what stood there.
    /// Lines are compared by place, after the longest common start and end.
    pub fn changed_lines(&self) -> Vec<(usize, String)> {
        let Some(applied) = &self.applied else { return Vec::new() };
        let old: Vec<&str> = applied.lines().collect();
        let new: Vec<&str> = self.text.lines().collect();
        let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
        let room = old.len().min(new.len()) - start;
        let end = old.iter().rev().zip(new.iter().rev()).take(room).take_while(|(a, b)| a == b).count();
        let same_length = old.len() == new.len();
        (start..new.len() - end)
            .filter(|at| !same_length || old.get(*at) != new.get(*at))
            .map(|at| {
                let was = if same_length { old.get(at).copied().unwrap_or("") } else { "" };
                (at + 1, was.trim().to_owned())
            })
            .collect()
    }
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

    #[test]
    fn a_changed_line_knows_what_it_was() {
        let mut document = Document::new("web.yaml", "a: 1\nimage: nginx:1.25.3\nb: 2\n");
        assert_eq!(document.changed_lines(), []);
        document.applied = Some("a: 1\nimage: nginx:1.7.9\nb: 2\n".to_owned());
        assert_eq!(document.changed_lines(), [(2, "image: nginx:1.7.9".to_owned())]);
        document.text = "a: 1\nx: y\nimage: nginx:1.7.9\nb: 2\n".to_owned();
        assert_eq!(document.changed_lines(), [(2, String::new())]);
    }
}
