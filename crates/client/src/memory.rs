//! What a controller has worked out of a cache is brought up to date, not worked out again.
//!
//! A controller that looks at a thousand Pods each time one of them moves spends its time on the other 999.
//! Upstream's informers and scheduler keep indexes that follow the changes. Here an index is a value, too: it
//! was right for a cache at some revision, and the changes since then make it right for the cache as it is
//! now. If those changes are no longer stored, or if the question was another one, the index is worked out
//! from the start. Both ways lead to the same; debug builds check it.

use std::any::Any;
use std::fmt;
use std::rc::Rc;

use api::{Key, Kind, Object};
use apimachinery::sorted::SortedMap;
use apiserver::{Change, Store};

/// Values that one controller remembers at most; then it begins anew.
const REMEMBERED_MAX: usize = 64;

/// Something that follows from all objects of a kind, in whatever order they come.
pub trait Follows: Clone + PartialEq + fmt::Debug + 'static {
    /// Whether it can go on as the answer to `other`, a question that has seen no objects yet.
    fn answers(&self, other: &Self) -> bool;

    /// Takes an object that has come (`before` is `None`), gone (`after` is `None`), or changed.
    fn apply(&mut self, before: Option<&Rc<Object>>, after: Option<&Rc<Object>>);
}

/// What a controller remembers: for each thing that it is about, a revision, and the value that was right
/// then.
#[derive(Clone, Default)]
pub struct Memory(SortedMap<Key, (u64, Rc<dyn Any>)>);

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Memory {
    /// The answer to `question` for the objects of `kind` in a namespace (an empty one means all), as they
    /// were in `store` at a revision.
    pub(crate) fn follow<T: Follows>(
        &mut self,
        about: Key,
        question: T,
        kind: Kind,
        namespace: &str,
        (store, revision): (&Store, u64),
    ) -> Rc<T> {
        let known = self.0.remove(&about).and_then(|(at, value)| Some((at, value.downcast::<T>().ok()?)));
        let known = known.filter(|(_, value)| value.answers(&question));
        let current = known.and_then(|(at, mut value)| {
            for change in changes(store, kind, at, revision)? {
                if namespace.is_empty() || *change.key.namespace == *namespace {
                    Rc::make_mut(&mut value).apply(change.before.as_ref(), change.after.as_ref());
                }
            }
            value.answers(&question).then_some(value)
        });
        let afresh = || {
            let mut value = question.clone();
            for object in store.list_at(kind, namespace, revision) {
                value.apply(None, Some(object));
            }
            value
        };
        debug_assert!(
            current.as_deref().is_none_or(|known| *known == afresh()),
            "an index went astray: {current:?}"
        );
        let value = current.unwrap_or_else(|| Rc::new(afresh()));
        if self.0.len() >= REMEMBERED_MAX {
            self.0.clear();
        }
        self.0.insert(about, (revision, Rc::clone(&value) as Rc<dyn Any>));
        value
    }
}

/// The changes of a kind after one revision and up to another, oldest first; `None` if they go backwards or
/// are no longer stored.
fn changes(store: &Store, kind: Kind, after: u64, until: u64) -> Option<impl Iterator<Item = &Rc<Change>>> {
    let stored = after <= until && store.has_changes_after(after);
    let changes = stored.then(|| store.changes_after(after))?;
    Some(changes.take_while(move |c| c.revision <= until).filter(move |c| c.key.kind == kind))
}
