//! Why an object is as it is; of a set, that many of its Pods wait for the same thing, if they do.

use std::rc::Rc;

use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::sorted::SortedMap;
use client::{Outlook, Reason};

use super::situation::Situation;
use super::view::{Said, View};
use super::walk::Walk;
use super::{each, pods, sets};

/// So many Pods of a set are looked at to find out whether many wait for the same.
const PODS_MAX: usize = 1_000;

/// Why an object is as it is.
pub(super) fn about<'v>(view: &View<'v>, key: &Key) -> Option<Said<'v>> {
    let said = each::about(view, key)?;
    let set = view.object(key).filter(|_| key.kind == Kind::StatefulSet);
    let many = set.and_then(|set| many(view, set, &said));
    Some(many.unwrap_or(said))
}

/// That many Pods of a set wait for the same thing, if they do, and that is not over by itself.
fn many<'v>(view: &View<'v>, set: &Rc<Object>, said: &Said<'v>) -> Option<Said<'v>> {
    // While the first one is on its way the others are, too, and to look at all of them would take long.
    if !is_of_many(said.reason.as_ref()) || Walk::from(view, said.clone()).outlook() == Outlook::Passes {
        return None;
    }
    let mut kinds: SortedMap<&'static str, (usize, Said<'v>)> = SortedMap::new();
    for pod in sets::pods_of(view, set).filter(|pod| !Pod(pod).is_running_and_ready()).take(PODS_MAX) {
        let Some(said) = pods::by_itself(view, &pod.key()) else { continue };
        let root = Walk::from(view, said).into_root();
        if root.reason.outlook() != Outlook::Passes {
            kinds.entry(root.reason.name()).or_insert_with(|| (0, root)).0 += 1;
        }
    }
    let (count, root) = kinds.into_iter().map(|(_, found)| found).max_by_key(|(count, _)| *count)?;
    (count > 1)
        .then(|| Said { record: root.record, ..Said::seen(Situation::many(view, set, count, &root.reason)) })
}

/// Whether a reason names one Pod where several may be in the same place: only Pods that are made together are.
fn is_of_many(reason: &dyn Reason) -> bool {
    matches!(reason.name(), "AllAtOnce" | "RollingUpdateWaits")
}
