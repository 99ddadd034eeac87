//! Which pattern stands for which revision: one answer for stage, ribbons and texts.
//!
//! A revision gets its number when it first appears in a run, as a ControllerRevision or on a Pod, and keeps it:
//! when history forgets it, when a rollback brings it back, and when the set is deleted and made anew. So the
//! revisions of a set are those of its name, whatever UID it has: a column is an identity.

use api::Kind;
use apimachinery::sorted::SortedMap;
use apiserver::Change;

/// How many patterns there are.
const PATTERNS: usize = 4;

/// The revisions of all sets, in the order of their first appearance.
#[derive(Debug, Clone, Default)]
pub struct Revisions(SortedMap<(String, String), Vec<String>>);

impl Revisions {
    /// Takes in a change: a ControllerRevision or a Pod of a set has a name that may be new.
    pub fn follow(&mut self, change: &Change) {
        let Some(object) = &change.after else { return };
        let revision = match change.key.kind {
            Kind::ControllerRevision => object.metadata.name.as_str(),
            Kind::Pod => object.metadata.label("controller-revision-hash"),
            _ => return,
        };
        let Some(set) = object.metadata.controller().filter(|owner| owner.kind == "StatefulSet") else {
            return;
        };
        if revision.is_empty() || self.place(&object.metadata.namespace, &set.name, revision).is_some() {
            return;
        }
        let known = self.0.entry((object.metadata.namespace.clone(), set.name.clone())).or_default();
        known.push(revision.to_owned());
    }

    /// The place of a revision among those of its set; nothing for one that never appeared.
    pub fn place(&self, namespace: &str, set: &str, revision: &str) -> Option<usize> {
        let known = self.0.get(&(namespace.to_owned(), set.to_owned()))?;
        known.iter().position(|name| name == revision)
    }

    /// The pattern of a revision that only its own name is known of, `web-774c55c994`.
    pub fn pattern_by_name(&self, namespace: &str, revision: &str) -> u8 {
        let set = revision.rsplit_once('-').map_or("", |(set, _)| set);
        self.pattern(namespace, set, revision)
    }

    /// The pattern of a revision: 0 solid, 1 stripes, 2 dots, 3 bars, then again.
    pub fn pattern(&self, namespace: &str, set: &str, revision: &str) -> u8 {
        let place = self.place(namespace, set, revision).unwrap_or(0);
        u8::try_from(place % PATTERNS).unwrap_or(0)
    }
}

/// The first four digits of a revision's hash.
pub(crate) fn short(revision: &str) -> String {
    revision.rsplit('-').next().unwrap_or(revision).chars().take(4).collect()
}
