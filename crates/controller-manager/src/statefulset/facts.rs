//! What a decision reads of each of a set's Pods. It is read once per version of a Pod, since a set of a
//! thousand Pods is looked at each time one of them changes.

use std::rc::Rc;

use api::{Object, PodFacts};

use super::labels::{POD_NAME_LABEL, REVISION_LABEL};

/// Facts of one version of a Pod.
#[derive(Debug)]
pub struct Facts {
    /// The name of the revision that it was made from, or empty.
    pub revision: String,
    /// Whether its name is spelled as the set spells it, and its label says the same.
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
