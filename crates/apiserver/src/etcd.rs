//! The store: one counter of revisions for the whole cluster, and every version of an object that somebody
//! may still read.
//!
//! So a cache that lags is not a copy but a revision, and [`Store::get_at`] answers as that cache would. A
//! clone shares everything that does not change afterwards.
//!
//! Models: etcd's multi-version store as `k8s.io/apiserver/pkg/storage/etcd3` uses it.
//! Differs: compaction follows the slowest reader instead of a five-minute clock, so no watch
//! ever expires.

use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;

use api::{Key, Kind, Object};
use apimachinery::Time;
use apimachinery::sorted::{Entries, SharedMap, SortedMap};

/// One write.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The store's revision after it; also the object's resourceVersion.
    pub revision: u64,
    /// Which object.
    pub key: Key,
    /// The object before, unless it was made.
    pub before: Option<Rc<Object>>,
    /// The object after, unless it was removed.
    pub after: Option<Rc<Object>>,
    /// When.
    pub at: Time,
    /// The record of the step that wrote it, see `cluster::Record`.
    pub cause: u64,
}

impl Change {
    /// The object after the change, or its last state if it was removed.
    pub fn object(&self) -> &Rc<Object> {
        match (&self.after, &self.before) {
            (Some(object), _) | (None, Some(object)) => object,
            (None, None) => unreachable!("a change has an object on one side"),
        }
    }

    /// Whether the object was made.
    pub fn is_create(&self) -> bool {
        self.before.is_none()
    }

    /// Whether the object was removed.
    pub fn is_delete(&self) -> bool {
        self.after.is_none()
    }
}

/// An object as it was written at a revision; `None` marks a removal.
type Version = (u64, Option<Rc<Object>>);

/// The versions of one object: most of the time there is one, and most readers want the last.
#[derive(Debug, Clone)]
struct Versions {
    last: Version,
    /// Oldest first.
    older: Vec<Version>,
}

impl Versions {
    fn at(&self, revision: u64) -> Option<&Rc<Object>> {
        if self.last.0 <= revision {
            return self.last.1.as_ref();
        }
        self.older.iter().rev().find(|(r, _)| *r <= revision)?.1.as_ref()
    }

    fn push(&mut self, version: Version) {
        self.older.push(std::mem::replace(&mut self.last, version));
    }

    /// Forgets what nobody who has seen `revision` can ask for; returns whether nothing is left.
    fn compact(&mut self, revision: u64) -> bool {
        if self.last.0 <= revision {
            self.older = Vec::new();
            return self.last.1.is_none();
        }
        let seen = self.older.partition_point(|(r, _)| *r <= revision);
        self.older.drain(..seen.saturating_sub(1));
        false
    }
}

/// Objects of one kind by namespace and name.
type Shelf = SharedMap<(Rc<str>, Rc<str>), Versions>;

/// All objects, in all versions that somebody may still read.
#[derive(Debug, Clone, Default)]
pub struct Store {
    revision: u64,
    shelves: SortedMap<Kind, Shelf>,
    log: VecDeque<Rc<Change>>,
    /// Changes up to here are forgotten.
    compacted: u64,
}

impl Store {
    /// The revision of the last write.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether there are at least so many objects of a kind.
    pub fn has_at_least(&self, kind: Kind, count: usize) -> bool {
        // A shelf also has what was removed lately, so it is counted only when it may be full.
        self.shelves.get(&kind).is_some_and(|shelf| shelf.len() >= count)
            && self.list(kind, "").count() >= count
    }

    /// The object at `key` now.
    pub fn get(&self, key: &Key) -> Option<&Rc<Object>> {
        self.get_at(key, self.revision)
    }

    /// The object at `key` as a reader sees it who has seen all up to `revision`.
    pub fn get_at(&self, key: &Key, revision: u64) -> Option<&Rc<Object>> {
        let shelf = self.shelves.get(&key.kind)?;
        let versions = shelf.get(&(Rc::clone(&key.namespace), Rc::clone(&key.name)))?;
        versions.at(revision)
    }

    /// The objects of a kind now, in the order of their keys; an empty namespace means all.
    pub fn list(&self, kind: Kind, namespace: &str) -> Listed<'_> {
        self.list_at(kind, namespace, self.revision)
    }

    /// The objects of a kind as a reader sees them who has seen all up to `revision`.
    pub fn list_at(&self, kind: Kind, namespace: &str, revision: u64) -> Listed<'_> {
        let from: (Rc<str>, Rc<str>) = (namespace.into(), "".into());
        let entries = self.shelves.get(&kind).map(|shelf| shelf.iter_from(&from)).unwrap_or_default();
        Listed { entries, namespace: from.0, revision }
    }

    /// The changes after `revision`, oldest first: what a watch delivers.
    pub fn changes_after(&self, revision: u64) -> impl Iterator<Item = &Rc<Change>> {
        let from = self.log.partition_point(|c| c.revision <= revision);
        self.log.range(from..)
    }

    /// The changes after one revision and up to another, oldest first.
    pub fn changes_between(&self, after: u64, until: u64) -> impl DoubleEndedIterator<Item = &Rc<Change>> {
        let place = |revision: u64| self.log.partition_point(|c| c.revision <= revision);
        self.log.range(place(after)..place(until).max(place(after)))
    }

    /// Whether all changes after `revision` are still stored.
    pub fn has_changes_after(&self, revision: u64) -> bool {
        revision >= self.compacted
    }

    /// The revision that the next write will have.
    pub fn next_revision(&self) -> u64 {
        self.revision + 1
    }

    /// Writes `object` under its key with the next revision as its resourceVersion.
    pub(crate) fn put(&mut self, mut object: Object, at: Time, cause: u64) -> Rc<Object> {
        object.metadata.resource_version = self.next_revision();
        let (key, object) = (object.key(), Rc::new(object));
        self.write(key, Some(Rc::clone(&object)), at, cause);
        object
    }

    /// Removes the object at `key`; returns its last state.
    pub(crate) fn remove(&mut self, key: &Key, at: Time, cause: u64) -> Option<Rc<Object>> {
        let last = self.get(key).cloned()?;
        self.write(key.clone(), None, at, cause);
        Some(last)
    }

    fn write(&mut self, key: Key, after: Option<Rc<Object>>, at: Time, cause: u64) {
        let before = self.get(&key).cloned();
        self.revision += 1;
        let revision = self.revision;
        let shelf = self.shelves.entry(key.kind).or_default();
        let version = (revision, after.clone());
        let place = (Rc::clone(&key.namespace), Rc::clone(&key.name));
        if let Some(versions) = shelf.get_mut(&place) {
            versions.push(version);
        } else {
            shelf.insert(place, Versions { last: version, older: Vec::new() });
        }
        self.log.push_back(Rc::new(Change { revision, key, before, after, at, cause }));
    }

    /// Forgets versions and changes that nobody who has seen `revision` can still ask for.
    pub fn compact(&mut self, revision: u64) {
        while self.log.front().is_some_and(|c| c.revision <= revision) {
            let Some(change) = self.log.pop_front() else { return };
            self.compacted = change.revision;
            let shelf = self.shelves.entry(change.key.kind).or_default();
            let key = (Rc::clone(&change.key.namespace), Rc::clone(&change.key.name));
            if shelf.get_mut(&key).is_some_and(|versions| versions.compact(revision)) {
                shelf.remove(&key);
            }
        }
    }
}

/// Objects of one kind, as a reader sees them who has seen all up to some revision.
///
/// Half the engine goes through such a list, each part with filters of its own. What they share is compiled once,
/// not again for each of them: that is a twentieth of what a visitor downloads.
pub struct Listed<'a> {
    entries: Entries<'a, (Rc<str>, Rc<str>), Versions>,
    /// Empty means all.
    namespace: Rc<str>,
    revision: u64,
}

impl fmt::Debug for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { namespace, revision, .. } = self;
        f.debug_struct("Listed")
            .field("namespace", namespace)
            .field("revision", revision)
            .finish_non_exhaustive()
    }
}

impl<'a> Iterator for Listed<'a> {
    type Item = &'a Rc<Object>;

    #[inline(never)]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let ((namespace, _), versions) = self.entries.next()?;
            if !self.namespace.is_empty() && *namespace != self.namespace {
                self.entries = Entries::default();
                return None;
            }
            if let Some(object) = versions.at(self.revision) {
                return Some(object);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(store: &mut Store, name: &str) -> u64 {
        store.put(Object::new(Kind::Pod, "default", name), Time::default(), 0);
        store.revision()
    }

    #[test]
    fn a_lagging_reader_sees_the_past_until_it_is_compacted() {
        let mut store = Store::default();
        let first = put(&mut store, "web-0");
        let second = put(&mut store, "web-1");
        let key = Key::new(Kind::Pod, "default", "web-0");
        store.remove(&key, Time::default(), 0);
        assert!(store.get(&key).is_none());
        assert!(store.get_at(&key, first).is_some());
        assert_eq!(store.list_at(Kind::Pod, "default", second).count(), 2);
        assert_eq!(store.list(Kind::Pod, "default").count(), 1);
        assert_eq!(store.list(Kind::Pod, "defaul").count(), 0);
        assert_eq!(store.list(Kind::Pod, "").count(), 1);
        assert_eq!(store.changes_after(first).count(), 2);
        assert!(store.has_changes_after(first));
        store.compact(store.revision());
        assert!(!store.has_changes_after(second) && store.has_changes_after(store.revision()));
        assert!(store.get_at(&key, first).is_none());
        assert_eq!(store.changes_after(0).count(), 0);
        assert_eq!(store.list(Kind::Pod, "").count(), 1);
    }
}
