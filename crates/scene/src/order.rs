//! Who is created, replaced or removed in which order, and who waits for whom.

use api::Object;
use api::apps::{StatefulSet, UpdateStrategy};

use crate::model::{Bead, Column, ColumnNote, OrderKind, OrderRail, PodLook};

/// Whether this look will not mend by itself soon.
const fn is_stuck(look: PodLook) -> bool {
    matches!(look, PodLook::CrashLoop | PodLook::ImagePull | PodLook::Failed | PodLook::Unknown)
}

fn is_ready(column: &Column) -> bool {
    column.pod.as_ref().is_some_and(|pod| pod.look == PodLook::Ready)
}

/// What the set owes, and each identity's place in it; also writes the columns' notes.
pub fn order(set: &Object, columns: &mut [Column], update: Option<usize>) -> Option<OrderRail> {
    let view = StatefulSet(set);
    let leaving = |c: &Column| !c.wanted && c.pod.is_some() || c.wanted && set.metadata.is_deleting();
    let unborn = |c: &Column| c.wanted && !is_ready(c);
    let rolls = matches!(view.update_strategy(), UpdateStrategy::RollingUpdate { .. });
    let partition = view.partition() + if view.partition() > 0 { view.start() } else { 0 };
    let behind = |c: &Column| {
        rolls && c.wanted && c.ordinal >= partition && update.is_some() && c.pod.as_ref().is_some_and(|p| p.revision != update)
    };
    // A rollout goes on until the controller has made the update revision the current one.
    let rolling_on = rolls
        && !view.current_revision().is_empty()
        && view.current_revision() != view.update_revision()
        && columns.iter().any(unborn);
    let updating = rolling_on || columns.iter().any(behind);
    let kind = if columns.iter().any(leaving) {
        OrderKind::Remove
    } else if updating {
        OrderKind::Update
    } else if !columns.iter().any(unborn) {
        return None;
    } else if view.is_parallel() {
        OrderKind::Parallel
    } else {
        OrderKind::Create
    };
    let part = |c: &Column| match kind {
        OrderKind::Remove => leaving(c),
        OrderKind::Update => rolls && c.wanted && c.ordinal >= partition,
        OrderKind::Create | OrderKind::Parallel => c.wanted,
    };
    let done = |c: &Column| match kind {
        OrderKind::Remove => false,
        OrderKind::Update => !behind(c) && is_ready(c),
        OrderKind::Create | OrderKind::Parallel => is_ready(c),
    };
    let turn = |c: &Column| !done(c);
    let from_top = matches!(kind, OrderKind::Remove | OrderKind::Update);
    let mut places: Vec<usize> =
        columns.iter().enumerate().filter(|(_, c)| part(c)).map(|(at, _)| at).collect();
    if from_top {
        places.reverse();
    }
    let mut beads = vec![Bead::None; columns.len()];
    let mut notes: Vec<(usize, ColumnNote)> = Vec::new();
    let mut before: Option<String> = None;
    let all_at_once = kind == OrderKind::Parallel || (kind == OrderKind::Remove && view.is_parallel());
    for at in places {
        let Some(column) = columns.get(at) else { continue };
        let stuck = column.pod.as_ref().is_some_and(|pod| is_stuck(pod.look));
        let (bead, note) = if !turn(column) {
            let word = if kind == OrderKind::Update { ColumnNote::UpToDate } else { ColumnNote::Done };
            (Bead::Done, word)
        } else if before.is_none() || all_at_once {
            before = Some(column.name.clone());
            if stuck { (Bead::Blocked, ColumnNote::BlocksAll) } else { (Bead::Now, ColumnNote::Now) }
        } else {
            let waits = before.replace(column.name.clone()).unwrap_or_default();
            (Bead::Waiting, ColumnNote::WaitsFor(waits))
        };
        if let Some(slot) = beads.get_mut(at) {
            *slot = bead;
        }
        notes.push((at, note));
    }
    for (at, note) in notes {
        if let Some(column) = columns.get_mut(at) {
            column.note = note;
        }
    }
    Some(OrderRail { kind, beads })
}
