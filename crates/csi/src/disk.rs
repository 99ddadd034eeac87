//! What lies on the volumes: files of lines, each with its writer.
//!
//! This is data of the laboratory, not of the API. It stays when a Pod goes, and goes when the volume is
//! wiped.

use std::rc::Rc;

use apimachinery::Time;
use apimachinery::sorted::{SortedMap, SortedSet};

/// Lines that a file keeps at most; older ones are forgotten.
pub const LINES_MAX: usize = 200;
/// Files that a volume keeps at most; a further one is not made.
pub const FILES_MAX: usize = 64;

/// A piece of text that was written at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When it was written.
    pub at: Time,
    /// The bytes, as text.
    pub text: String,
    /// The Pod that wrote it.
    pub writer: String,
    /// Its `controller-revision-hash`, or empty.
    pub revision: String,
}

type Files = SortedMap<String, Vec<Line>>;

/// The bytes on all volumes, by PersistentVolume name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Disks {
    volumes: SortedMap<String, Rc<Files>>,
    full: SortedSet<String>,
}

impl Disks {
    /// Leaves no space on a volume, or some again. On a full one nothing is written; what is there stays.
    pub fn fill(&mut self, volume: &str, is_full: bool) {
        if is_full {
            self.full.insert(volume.to_owned());
        } else {
            self.full.remove(volume);
        }
    }

    /// Whether a volume has no space left.
    pub fn is_full(&self, volume: &str) -> bool {
        self.full.contains(volume)
    }

    /// The volumes that have no space left.
    pub fn full(&self) -> impl Iterator<Item = &str> {
        self.full.iter().map(String::as_str)
    }

    /// Appends to a file, making it if needed; does nothing if the volume is full.
    pub fn write(&mut self, volume: &str, file: &str, text: &str, writer: &str, revision: &str, at: Time) {
        if self.is_full(volume) {
            return;
        }
        let files = Rc::make_mut(self.volumes.entry(volume.to_owned()).or_default());
        if !files.contains_key(file) && files.len() >= FILES_MAX {
            return;
        }
        let lines = files.entry(file.to_owned()).or_default();
        lines.push(Line {
            at,
            text: text.to_owned(),
            writer: writer.to_owned(),
            revision: revision.to_owned(),
        });
        let surplus = lines.len().saturating_sub(LINES_MAX);
        lines.drain(..surplus);
    }

    /// Replaces a file's content: `>` in a shell, where [`Disks::write`] is `>>`.
    pub fn overwrite(
        &mut self,
        volume: &str,
        file: &str,
        text: &str,
        writer: &str,
        revision: &str,
        at: Time,
    ) {
        if self.is_full(volume) {
            return;
        }
        self.remove(volume, file);
        self.write(volume, file, text, writer, revision, at);
    }

    /// Removes a file; returns whether it was there.
    pub fn remove(&mut self, volume: &str, file: &str) -> bool {
        self.volumes.get_mut(volume).is_some_and(|files| Rc::make_mut(files).remove(file).is_some())
    }

    /// A file's whole text, if it exists.
    pub fn read(&self, volume: &str, file: &str) -> Option<String> {
        let lines = self.volumes.get(volume)?.get(file)?;
        Some(lines.iter().map(|l| l.text.as_str()).collect())
    }

    /// A file's lines with their writers, oldest first.
    pub fn lines(&self, volume: &str, file: &str) -> &[Line] {
        self.volumes.get(volume).and_then(|files| files.get(file)).map_or(&[], Vec::as_slice)
    }

    /// The names of a volume's files.
    pub fn files(&self, volume: &str) -> impl Iterator<Item = &str> {
        self.volumes.get(volume).into_iter().flat_map(|files| files.keys()).map(String::as_str)
    }

    /// What was written last to a volume, and to which file.
    pub fn last_write(&self, volume: &str) -> Option<(&str, &Line)> {
        let files = self.volumes.get(volume)?;
        files
            .iter()
            .filter_map(|(name, lines)| Some((name.as_str(), lines.last()?)))
            .max_by_key(|(_, l)| l.at)
    }

    /// The volumes that anything was ever written to.
    pub fn volumes(&self) -> impl Iterator<Item = &str> {
        self.volumes.keys().map(String::as_str)
    }

    /// Forgets all bytes of a volume that was deleted.
    pub fn wipe(&mut self, volume: &str) {
        self.full.remove(volume);
        self.volumes.remove(volume);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_written_is_read_until_the_volume_is_wiped() {
        let mut disks = Disks::default();
        let at = Time::from_unix_seconds(1);
        disks.write("pv", "index.html", "a\n", "web-0", "web-1", at);
        disks.write("pv", "index.html", "b\n", "web-0", "web-2", at);
        let before = disks.clone();
        assert_eq!(disks.read("pv", "index.html").unwrap(), "a\nb\n");
        assert_eq!(disks.lines("pv", "index.html").last().unwrap().revision, "web-2");
        disks.overwrite("pv", "index.html", "c\n", "web-0", "web-2", at);
        assert_eq!(disks.read("pv", "index.html").unwrap(), "c\n");
        disks.wipe("pv");
        assert_eq!(disks.read("pv", "index.html"), None);
        assert_eq!(before.read("pv", "index.html").unwrap(), "a\nb\n");
    }

    #[test]
    fn a_full_volume_keeps_what_it_has_and_takes_nothing() {
        let mut disks = Disks::default();
        disks.write("pv", "a", "1\n", "web-0", "", Time::default());
        disks.fill("pv", true);
        disks.write("pv", "a", "2\n", "web-0", "", Time::default());
        disks.overwrite("pv", "a", "3\n", "web-0", "", Time::default());
        disks.write("other", "a", "4\n", "web-1", "", Time::default());
        assert_eq!(disks.read("pv", "a").unwrap(), "1\n");
        assert_eq!(disks.read("other", "a").unwrap(), "4\n");
        disks.fill("pv", false);
        disks.write("pv", "a", "2\n", "web-0", "", Time::default());
        assert_eq!(disks.read("pv", "a").unwrap(), "1\n2\n");
    }

    #[test]
    fn nothing_is_unbounded() {
        let mut disks = Disks::default();
        for n in 0..LINES_MAX + 10 {
            disks.write("pv", "log", &format!("{n}\n"), "web-0", "", Time::default());
        }
        assert_eq!(disks.lines("pv", "log").len(), LINES_MAX);
        assert_eq!(disks.lines("pv", "log").first().unwrap().text, "10\n");
        for n in 0..FILES_MAX + 10 {
            disks.write("pv", &format!("f{n}"), "x", "web-0", "", Time::default());
        }
        assert_eq!(disks.files("pv").count(), FILES_MAX);
    }
}
