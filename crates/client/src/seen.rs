//! The view of a cache: the store as of the revision that an informer has delivered.

use std::cell::RefCell;
use std::rc::Rc;

use api::{Key, Kind, Object};
use apimachinery::sorted::SortedMap;
use apiserver::{Change, Store};

use crate::memory::{Follows, Memory};

/// Per kind, the revision up to which a process has seen changes. Kinds that it does not watch
/// are absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cursors(SortedMap<Kind, u64>);

impl Cursors {
    /// Nothing watched.
    pub const fn none() -> Self {
        Self(SortedMap::new())
    }

    /// Everything up to `revision`, for these kinds.
    pub fn at(kinds: &[Kind], revision: u64) -> Self {
        Self(kinds.iter().map(|k| (*k, revision)).collect())
    }

    /// The revision seen of `kind`; 0 if it is not watched.
    pub fn of(&self, kind: Kind) -> u64 {
        self.0.get(&kind).copied().unwrap_or(0)
    }

    /// Moves forward.
    pub fn advance(&mut self, kind: Kind, revision: u64) {
        let slot = self.0.entry(kind).or_insert(0);
        *slot = revision.max(*slot);
    }

    /// The kinds watched.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> {
        self.0.keys().copied()
    }

    /// The slowest of all, which the store must keep readable.
    pub fn min(&self) -> Option<u64> {
        self.0.values().copied().min()
    }
}

/// What a process sees: its caches, not the truth.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    store: &'a Store,
    cursors: &'a Cursors,
    memory: Option<&'a RefCell<Memory>>,
}

impl<'a> Seen<'a> {
    /// The view of `store` at these cursors.
    pub fn new(store: &'a Store, cursors: &'a Cursors) -> Self {
        Self { store, cursors, memory: None }
    }

    /// The same for one who remembers, see [`Seen::follow`].
    #[must_use]
    pub fn with(self, memory: &'a RefCell<Memory>) -> Self {
        Self { memory: Some(memory), ..self }
    }

    /// What `question` comes to for all objects of `kind` in a namespace (an empty one means all): the value
    /// of an earlier look, brought up to date. `about` tells the values of one controller apart.
    pub fn follow<T: Follows>(&self, about: Key, question: T, kind: Kind, namespace: &str) -> Rc<T> {
        match self.memory {
            Some(memory) => memory.borrow_mut().follow(about, question, kind, namespace, self),
            None => Memory::default().follow(about, question, kind, namespace, self),
        }
    }

    /// The object at `key`, as last delivered.
    pub fn get(&self, key: &Key) -> Option<&'a Rc<Object>> {
        self.store.get_at(key, self.cursors.of(key.kind))
    }

    /// The object of this kind, namespace and name, as last delivered.
    pub fn find(&self, kind: Kind, namespace: &str, name: &str) -> Option<&'a Rc<Object>> {
        self.get(&Key::new(kind, namespace, name))
    }

    /// The revision of this view for a kind.
    pub fn revision_of(&self, kind: Kind) -> u64 {
        self.cursors.of(kind)
    }

    /// The changes of a kind that this view has and one at `revision` lacks, oldest first; `None` if it is
    /// older than that one, or if they are no longer stored.
    pub fn changes_since(
        &self,
        revision: u64,
        kind: Kind,
    ) -> Option<impl Iterator<Item = &'a Rc<Change>> + use<'a>> {
        let until = self.cursors.of(kind);
        let stored = revision <= until && self.store.has_changes_after(revision);
        let changes = stored.then(|| self.store.changes_after(revision))?;
        Some(changes.take_while(move |c| c.revision <= until).filter(move |c| c.key.kind == kind))
    }

    /// The changes of a kind that one at `revision` has and this view lacks, newest first; `None` if it is
    /// younger than that one, or if they are no longer stored.
    pub fn changes_before(
        &self,
        revision: u64,
        kind: Kind,
    ) -> Option<impl Iterator<Item = &'a Rc<Change>> + use<'a>> {
        let from = self.cursors.of(kind);
        let stored = revision >= from && self.store.has_changes_after(from);
        let changes = stored.then(|| self.store.changes_after(from))?;
        let lacking = changes.rev().skip_while(move |c| c.revision > revision);
        Some(lacking.filter(move |c| c.key.kind == kind))
    }

    /// All objects of a kind, in the order of their keys; an empty namespace means all.
    pub fn list(&self, kind: Kind, namespace: &str) -> impl Iterator<Item = &'a Rc<Object>> + use<'a> {
        self.store.list_at(kind, namespace, self.cursors.of(kind))
    }
}
