//! Why the garbage collector deletes something.

use api::{Key, Kind};
use client::{Explain, Explanation, FactState};

/// A reason of the garbage collector.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // the fields are the objects that the variants speak of
pub enum GarbageReason {
    /// What owned the object is gone, or on its way out.
    OwnerGone { object: Key, owner: Key },
}

const DELETION: &str =
    "https://kubernetes.io/docs/concepts/architecture/garbage-collection/#cascading-deletion";

impl Explain for GarbageReason {
    fn explain(&self) -> Explanation {
        let Self::OwnerGone { object, owner } = self;
        let rule = if owner.kind == Kind::StatefulSet {
            [
                "The Pods of a deleted set go all at once, in no order. Order is a promise of scaling, not of deletion: scale to 0 first if it matters.",
                "StatefulSet 删除后，它的 Pod 同时终止，没有先后。顺序是扩缩容的承诺，不是删除的：在意顺序，就先缩到 0。",
            ]
        } else {
            [
                "What a deleted object owned is deleted, too, all at once and in no order.",
                "属主删除后，归它所有的对象也会同时删除，没有先后。",
            ]
        };
        Explanation::because(
            "OwnerGone",
            object,
            [format!("{} is deleted", object.name), format!("{} 被删除", object.name)],
            [format!("its owner {} is deleted", owner.name), format!("它的属主 {} 已经删除", owner.name)],
            rule,
            DELETION,
        )
        .fact(
            FactState::Wrong,
            owner,
            [format!("{} is deleted", owner.name), format!("{} 已经删除", owner.name)],
        )
    }
}
