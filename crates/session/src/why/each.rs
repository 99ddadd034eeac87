//! What is to be said of an object, by its kind.

use api::{Key, Kind};

use super::view::{Said, View};
use super::{claims, pods, sets};

/// Why an object is as it is.
pub(super) fn about<'v>(view: &View<'v>, key: &Key) -> Option<Said<'v>> {
    match key.kind {
        Kind::StatefulSet => sets::about(view, key),
        Kind::Pod => pods::about(view, key),
        Kind::PersistentVolumeClaim => claims::about(view, key),
        _ => view.decisions(key).next().or_else(|| view.looking_at(key)),
    }
}

/// Why an object that something waits for is as it is: what it says of itself, not what its set says of it.
pub(super) fn by_itself<'v>(view: &View<'v>, key: &Key) -> Option<Said<'v>> {
    // A Pod that is not there has nothing to say but what its set says of it.
    let speaks = key.kind == Kind::Pod && view.object(key).is_some();
    if speaks { pods::by_itself(view, key) } else { about(view, key) }
}
