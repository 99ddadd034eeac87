//! Who is created, replaced or removed in which order, and who waits for whom.

use api::Object;
use api::apps::{StatefulSet, UpdateStrategy};

use crate::columns::{Bead, Column, ColumnNote, OrderKind, OrderRail};
use crate::model::PodLook;

/// Whether a Pod that looks like this will not soon recover by itself.
const fn is_stuck(look: PodLook) -> bool {
    matches!(look, PodLook::CrashLoop | PodLook::ImagePull | PodLook::Failed | PodLook::Unknown)
}

fn is_ready(column: &Column) -> bool {
    column.pod.as_ref().is_some_and(|pod| pod.look == PodLook::Ready)
}

/// What decides who is part of an order, and whose turn it is.
struct Rules {
    kind: OrderKind,
    rolls: bool,
    partition: i64,
    update: Option<usize>,
    is_deleting: bool,
    is_parallel: bool,
}

impl Rules {
    fn leaves(&self, c: &Column) -> bool {
        c.pod.is_some() && (!c.wanted || self.is_deleting)
    }

    fn is_behind(&self, c: &Column) -> bool {
        let other = c.pod.as_ref().is_some_and(|pod| pod.revision != self.update);
        self.rolls && c.wanted && c.ordinal >= self.partition && self.update.is_some() && other
    }

    /// Whether the partition keeps an identity on its revision.
    fn holds(&self, c: &Column) -> bool {
        let other = c.pod.as_ref().is_some_and(|pod| pod.revision.is_some() && pod.revision != self.update);
        self.rolls && c.wanted && c.ordinal < self.partition && self.update.is_some() && other
    }

    /// Whether an identity is part of the order.
    fn concerns(&self, c: &Column) -> bool {
        match self.kind {
            OrderKind::Remove | OrderKind::Delete => self.leaves(c),
            OrderKind::Update => self.rolls && c.wanted && c.ordinal >= self.partition,
            OrderKind::Create | OrderKind::Parallel => c.wanted,
        }
    }

    /// Whether an identity has had its turn.
    fn is_done(&self, c: &Column) -> bool {
        match self.kind {
            OrderKind::Remove | OrderKind::Delete => false,
            OrderKind::Update => !self.is_behind(c) && is_ready(c),
            OrderKind::Create | OrderKind::Parallel => is_ready(c),
        }
    }

    /// Whether nobody waits for anybody.
    fn is_all_at_once(&self) -> bool {
        match self.kind {
            OrderKind::Parallel | OrderKind::Delete => true,
            OrderKind::Remove => self.is_parallel,
            OrderKind::Create | OrderKind::Update => false,
        }
    }
}

/// The rules of what the set owes now; none if it owes nothing.
fn rules(set: &Object, is_deleting: bool, columns: &mut [Column], update: Option<usize>) -> Option<Rules> {
    let view = StatefulSet(set);
    let partition = view.partition() + if view.partition() > 0 { view.start() } else { 0 };
    let mut rules = Rules {
        kind: OrderKind::Create,
        rolls: matches!(view.update_strategy(), UpdateStrategy::RollingUpdate { .. }),
        partition,
        update,
        is_deleting,
        is_parallel: view.is_parallel(),
    };
    let is_unready = columns.iter().any(|c| c.wanted && !is_ready(c));
    // A rollout goes on until the controller has made the update revision the current one.
    let differs = !view.current_revision().is_empty() && view.current_revision() != view.update_revision();
    let rolls_on = rules.rolls && differs && is_unready;
    for column in columns.iter_mut().filter(|c| rules.holds(c)) {
        column.note = ColumnNote::Held;
    }
    let leave = columns.iter().any(|c| rules.leaves(c));
    rules.kind = if is_deleting {
        // The garbage collector promises no order, whatever the set's policy was.
        return leave.then_some(Rules { kind: OrderKind::Delete, ..rules });
    } else if leave {
        OrderKind::Remove
    } else if rolls_on || columns.iter().any(|c| rules.is_behind(c)) {
        OrderKind::Update
    } else if !is_unready {
        return None;
    } else if view.is_parallel() {
        OrderKind::Parallel
    } else {
        OrderKind::Create
    };
    Some(rules)
}

/// What the set owes, and each identity's place in it; also writes the columns' notes.
pub fn order(
    set: &Object,
    is_deleting: bool,
    columns: &mut [Column],
    update: Option<usize>,
) -> Option<OrderRail> {
    let rules = rules(set, is_deleting, columns, update)?;
    let mut places: Vec<usize> =
        columns.iter().enumerate().filter(|(_, c)| rules.concerns(c)).map(|(at, _)| at).collect();
    if matches!(rules.kind, OrderKind::Remove | OrderKind::Update) {
        places.reverse();
    }
    let mut beads = vec![Bead::None; columns.len()];
    let mut before: Option<String> = None;
    for at in places {
        let Some(column) = columns.get_mut(at) else { continue };
        let is_stuck = column.pod.as_ref().is_some_and(|pod| is_stuck(pod.look));
        let (bead, note) = if rules.is_done(column) {
            let word = if rules.kind == OrderKind::Update { ColumnNote::UpToDate } else { ColumnNote::Done };
            (Bead::Done, word)
        } else if before.is_none() || rules.is_all_at_once() {
            before = Some(column.name.clone());
            if is_stuck { (Bead::Blocked, ColumnNote::BlocksAll) } else { (Bead::Now, ColumnNote::Now) }
        } else {
            let waits = before.replace(column.name.clone()).unwrap_or_default();
            (Bead::Waiting, ColumnNote::WaitsFor(waits))
        };
        // Of a set that goes, all Pods go: there is nothing to say of each.
        column.note = if rules.kind == OrderKind::Delete { ColumnNote::None } else { note };
        if let Some(slot) = beads.get_mut(at) {
            *slot = bead;
        }
    }
    Some(OrderRail { kind: rules.kind, beads })
}
