//! What a decision reads of each of a set's Pods, read once per version of a Pod: a set of a thousand is
//! looked at each time one of them moves.

use std::rc::Rc;

use api::{Object, PodFacts};

use super::identity::{self, POD_NAME_LABEL};
use super::revisions::{REVISION_LABEL, Revisions};

/// Facts of one version of a Pod.
#[derive(Debug)]
pub struct Facts {
    /// The name of the revision that it was made from, or empty.
    pub revision: String,
    /// Its name is spelled as the set spells it, and so says its label.
    pub is_named_right: bool,
}

impl Facts {
    /// The facts of this version.
    pub fn of(pod: &Rc<Object>) -> &Self {
        Object::derive(pod, |object| {
            let name = object.metadata.name.as_str();
            let ordinal = PodFacts::of(pod).ordinal.map(|ordinal| ordinal.to_string());
            // An ordinal with leading zeros belongs to the set but is no name that the set gives.
            let is_plain = ordinal.is_some_and(|ordinal| name.ends_with(&format!("-{ordinal}")));
            Self {
                revision: object.metadata.label(REVISION_LABEL).to_owned(),
                is_named_right: is_plain && object.metadata.label(POD_NAME_LABEL) == name,
            }
        })
    }
}

/// How a Pod stands in a decision: what each phase asks of every Pod, found out once.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// Phase `Succeeded` or `Failed`.
    pub has_ended: bool,
    /// Running and ready.
    pub is_ready: bool,
    /// On its way out.
    pub is_deleting: bool,
    /// Of the current revision.
    pub is_current: bool,
    /// Of the update revision.
    pub is_updated: bool,
    /// Its name and identity labels are right.
    pub has_identity: bool,
}

impl Standing {
    /// Of a Pod of the set.
    pub fn of(set: &Object, revisions: &Revisions, pod: &Rc<Object>) -> Self {
        let (general, facts) = (PodFacts::of(pod), Facts::of(pod));
        Self {
            has_ended: general.has_ended,
            is_ready: general.is_running_and_ready(),
            is_deleting: pod.metadata.is_deleting(),
            is_current: facts.revision == revisions.current.metadata.name,
            is_updated: facts.revision == revisions.update.metadata.name,
            has_identity: identity::identity_matches(set, pod),
        }
    }
}
