//! What a controller has worked out of a cache, brought up to date instead of worked out again.
//!
//! A controller that looks at a thousand Pods each time one of them moves spends its time on the other 999.
//! Upstream's informers and scheduler keep indexes that follow the changes. Here an index is a value too: it
//! is what a cache at some revision comes to, so the changes since then turn it into what the cache comes to
//! now, or came to before. Where they are no longer stored, or the question was another one, it is worked out from the start;
//! both ways lead to the same, and debug builds check it.

use std::any::Any;
use std::fmt;
use std::rc::Rc;

use api::{Key, Kind, Object};
use apimachinery::sorted::SortedMap;
use apiserver::Change;

use crate::seen::Seen;

/// Values that one controller remembers at most; then it begins anew.
const REMEMBERED_MAX: usize = 128;

/// Something that follows from all objects of a kind. Its order of objects may not matter.
pub trait Follows: Clone + PartialEq + fmt::Debug + 'static {
    /// Whether it was worked out for the same question as `other`, which has seen no objects, and is able to
    /// go on.
    fn answers(&self, other: &Self) -> bool;

    /// The question is new: it will be shown all objects. What is as large as the answer is made here, as most
    /// questions only compare with an answer that is known.
    fn begin(&mut self) {}

    /// An object has come (nothing before), gone (nothing after), or changed. The same the other way round
    /// takes it back.
    fn apply(&mut self, before: Option<&Rc<Object>>, after: Option<&Rc<Object>>);
}

/// What a controller remembers: by what it is about, the revision it stands at, and the value.
#[derive(Clone, Default)]
pub struct Memory(SortedMap<Key, (u64, Rc<dyn Any>)>);

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Memory {
    /// What `question` comes to for the objects of `kind` in a namespace (an empty one means all) as `seen`.
    pub(crate) fn follow<T: Follows>(
        &mut self,
        about: Key,
        question: T,
        kind: Kind,
        namespace: &str,
        seen: &Seen<'_>,
    ) -> Rc<T> {
        let known = self.0.remove(&about).and_then(|(at, value)| Some((at, value.downcast::<T>().ok()?)));
        let known = known.filter(|(_, value)| value.answers(&question));
        let concerns = |change: &&Rc<Change>| namespace.is_empty() || *change.key.namespace == *namespace;
        let current = known.and_then(|(at, mut value)| {
            if at <= seen.revision_of(kind) {
                for change in seen.changes_since(at, kind)?.filter(concerns) {
                    Rc::make_mut(&mut value).apply(change.before.as_ref(), change.after.as_ref());
                }
            } else {
                // A decision under way looks at what its caches were when it began.
                for change in seen.changes_before(at, kind)?.filter(concerns) {
                    Rc::make_mut(&mut value).apply(change.after.as_ref(), change.before.as_ref());
                }
            }
            value.answers(&question).then_some(value)
        });
        debug_assert!(
            current.as_deref().is_none_or(|known| *known == afresh(question.clone(), kind, namespace, seen)),
            "an index went astray: {current:?}"
        );
        let value = current.unwrap_or_else(|| Rc::new(afresh(question, kind, namespace, seen)));
        if self.0.len() >= REMEMBERED_MAX {
            self.0.clear();
        }
        self.0.insert(about, (seen.revision_of(kind), Rc::clone(&value) as Rc<dyn Any>));
        value
    }
}

fn afresh<T: Follows>(mut question: T, kind: Kind, namespace: &str, seen: &Seen<'_>) -> T {
    question.begin();
    for object in seen.list(kind, namespace) {
        question.apply(None, Some(object));
    }
    question
}
