//! What a controller has worked out of a cache is brought up to date, not worked out again.
//!
//! A controller that looks at a thousand Pods each time one of them moves spends its time on the other 999.
//! Upstream's informers and scheduler keep indexes that follow the changes. Here an index is a value, too: it
//! was right for a cache at some revision, and the changes since then make it right for the cache as it is
//! now, or as it was before: they lead back as well. If those changes are no longer stored, or if the question
//! was another one, the index is worked out from the start. Both ways lead to the same; debug builds check it.

use std::any::Any;
use std::fmt;
use std::rc::Rc;

use api::{Key, Kind, Object};
use apimachinery::sorted::SortedMap;
use apiserver::{Change, Store};

/// Values that one controller remembers at most; then it begins anew.
const REMEMBERED_MAX: usize = 128;

/// Something that follows from all objects of a kind, in whatever order they come.
pub trait Follows: Clone + PartialEq + fmt::Debug + 'static {
    /// Whether it can go on as the answer to `other`, a question that has seen no objects yet.
    fn answers(&self, other: &Self) -> bool;

    /// Prepares the answer to a new question, before it takes all objects. What is as large as the answer is
    /// made here, since most questions are only compared with an answer that is known.
    fn begin(&mut self) {}

    /// Takes an object that has come (`before` is `None`), gone (`after` is `None`), or changed. The same the
    /// other way round takes it back.
    fn apply(&mut self, before: Option<&Rc<Object>>, after: Option<&Rc<Object>>);
}

/// What a controller remembers, by what it is about.
#[derive(Clone, Default)]
pub struct Memory(SortedMap<Key, Known>);

type Moved = fn(Rc<dyn Any>, &[&Rc<Change>]) -> Option<Rc<dyn Any>>;

/// A value that was right for all objects of a kind in a namespace (an empty one means all) at a revision.
#[derive(Clone)]
struct Known {
    revision: u64,
    kind: Kind,
    namespace: Rc<str>,
    value: Rc<dyn Any>,
    /// [`moved`] for the type of the value.
    moved: Moved,
}

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
        let known = self.0.remove(&about);
        let known = known.and_then(|known| Some((known.revision, known.value.downcast::<T>().ok()?)));
        let known = known.filter(|(_, value)| value.answers(&question));
        let current = known.and_then(|(at, mut value)| {
            if at <= revision {
                for change in changes(store, kind, namespace, at, revision)? {
                    Rc::make_mut(&mut value).apply(change.before.as_ref(), change.after.as_ref());
                }
            } else {
                // A decision under way looks at what its caches were when it began.
                for change in changes(store, kind, namespace, revision, at)?.rev() {
                    Rc::make_mut(&mut value).apply(change.after.as_ref(), change.before.as_ref());
                }
            }
            value.answers(&question).then_some(value)
        });
        let afresh = || {
            let mut value = question.clone();
            value.begin();
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
        let remembered = Rc::clone(&value) as Rc<dyn Any>;
        let known =
            Known { revision, kind, namespace: namespace.into(), value: remembered, moved: moved::<T> };
        self.0.insert(about, known);
        value
    }

    /// Brings what is older up to a revision: the store is about to forget the changes that lead there. Otherwise
    /// what is seldom asked for would be worked out from the start nearly each time.
    pub fn catch_up(&mut self, store: &Store, revision: u64) {
        self.0.retain(|_, known| {
            if known.revision >= revision {
                return true;
            }
            let news = changes(store, known.kind, &known.namespace, known.revision, revision);
            let value = news.and_then(|news| {
                let news: Vec<&Rc<Change>> = news.collect();
                // A value that nothing happens to stays shared with the clones of a cluster.
                if news.is_empty() {
                    return Some(Rc::clone(&known.value));
                }
                (known.moved)(std::mem::replace(&mut known.value, Rc::new(())), &news)
            });
            known.revision = revision;
            value.is_some_and(|value| {
                known.value = value;
                true
            })
        });
    }
}

/// A value after these changes.
fn moved<T: Follows>(value: Rc<dyn Any>, news: &[&Rc<Change>]) -> Option<Rc<dyn Any>> {
    let mut value = value.downcast::<T>().ok()?;
    let target = Rc::make_mut(&mut value);
    for change in news {
        target.apply(change.before.as_ref(), change.after.as_ref());
    }
    Some(value)
}

/// The changes of a kind in a namespace (an empty one means all) after one revision and up to another, oldest
/// first; `None` if they are no longer stored.
fn changes<'s>(
    store: &'s Store,
    kind: Kind,
    namespace: &str,
    after: u64,
    until: u64,
) -> Option<impl DoubleEndedIterator<Item = &'s Rc<Change>>> {
    let changes = store.has_changes_after(after).then(|| store.changes_between(after, until))?;
    let concerns =
        move |key: &Key| key.kind == kind && (namespace.is_empty() || *key.namespace == *namespace);
    Some(changes.filter(move |change| concerns(&change.key)))
}

#[cfg(test)]
mod tests {
    use apimachinery::Time;
    use apimachinery::sorted::SortedSet;
    use apiserver::{Actor, ApiServer, Request};

    use super::*;

    #[derive(Debug, Clone, PartialEq, Default)]
    struct Names(SortedSet<String>);

    impl Follows for Names {
        fn answers(&self, _other: &Self) -> bool {
            true
        }

        fn apply(&mut self, before: Option<&Rc<Object>>, after: Option<&Rc<Object>>) {
            if let Some(object) = before {
                self.0.remove(&object.metadata.name);
            }
            self.0.extend(after.map(|object| object.metadata.name.clone()));
        }
    }

    fn key(name: &str) -> Key {
        Key::new(Kind::Namespace, "", name)
    }

    fn handle(api: &mut ApiServer, request: &Request) -> u64 {
        api.handle(Time::default(), 0, request).unwrap();
        api.store().revision()
    }

    fn create(api: &mut ApiServer, name: &str) -> u64 {
        handle(api, &Request::create(&Actor::user(), Object::new(Kind::Namespace, "", name)))
    }

    fn names(memory: &mut Memory, api: &ApiServer, revision: u64) -> Vec<String> {
        let view = (api.store(), revision);
        let names = memory.follow(key(""), Names::default(), Kind::Namespace, "", view);
        names.0.iter().filter(|name| name.len() == 1).cloned().collect()
    }

    #[test]
    fn an_answer_follows_the_changes_forth_and_back() {
        let (mut api, mut memory) = (ApiServer::new(1, Time::default()), Memory::default());
        let one = create(&mut api, "a");
        let two = create(&mut api, "b");
        assert_eq!(names(&mut memory, &api, one), ["a"]);
        assert_eq!(names(&mut memory, &api, two), ["a", "b"]);
        assert_eq!(names(&mut memory, &api, one), ["a"]);
    }

    #[test]
    fn an_answer_outlives_the_changes_that_the_store_forgets() {
        let (mut api, mut memory) = (ApiServer::new(1, Time::default()), Memory::default());
        let one = create(&mut api, "a");
        assert_eq!(names(&mut memory, &api, one), ["a"]);
        let two = create(&mut api, "b");
        memory.catch_up(api.store(), two);
        api.store_mut().compact(two);
        assert_eq!(memory.0.get(&key("")).map(|known| known.revision), Some(two));
        assert_eq!(names(&mut memory, &api, two), ["a", "b"]);
        // Without that it is worked out from the start.
        let three = create(&mut api, "c");
        api.store_mut().compact(three);
        assert_eq!(names(&mut memory, &api, three), ["a", "b", "c"]);
    }
}
