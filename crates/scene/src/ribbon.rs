//! Ribbons: what the timeline draws of the lives of Pods.

use std::rc::Rc;

use crate::model::PodLook;

/// The life of one ordinal: what its Pods looked like, and when.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ribbon {
    /// Where its set is.
    pub namespace: String,
    /// Its set.
    pub set: String,
    /// Its ordinal.
    pub ordinal: i64,
    /// `web-1`.
    pub name: String,
    /// Its pieces, in order, touching or with gaps.
    pub segments: Vec<Segment>,
    /// The times without a Pod in which claims of it were kept, in order.
    pub kept: Vec<Kept>,
}

impl Ribbon {
    /// Whose life it is; ribbons stand in this order.
    pub fn identity(&self) -> (&str, &str, i64) {
        (&self.namespace, &self.set, self.ordinal)
    }

    /// The pieces between two moments. Where several lie within a `grain` of time, which nobody could see, the first
    /// stands for all; so there are as many as can be seen, however long the life was.
    pub fn pieces(&self, from: i64, until: i64, grain: i64) -> impl Iterator<Item = &Segment> {
        let is_over = |by: i64| move |segment: &Segment| segment.until_micros.is_some_and(|end| end <= by);
        let mut rest = self.segments.as_slice();
        rest = rest.get(rest.partition_point(is_over(from))..).unwrap_or_default();
        std::iter::from_fn(move || {
            let (first, others) = rest.split_first().filter(|(first, _)| first.from_micros < until)?;
            let seen = others.partition_point(is_over(first.from_micros.max(from) + grain));
            rest = others.get(seen..).unwrap_or_default();
            Some(first)
        })
    }
}

/// What is heard of the machine that a Pod is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Contact {
    /// All that is to be heard.
    #[default]
    Heard,
    /// It is off, and Kubernetes does not know yet: the Pod looks as it is believed to be.
    Unnoticed,
    /// Its node is silent, as Kubernetes knows: the Pod keeps the look that it had.
    Lost,
}

/// A piece of a ribbon.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// From, in microseconds since 0:00.
    pub from_micros: i64,
    /// Until; `None` means it goes on.
    pub until_micros: Option<i64>,
    /// What the Pod was.
    pub look: PodLook,
    /// What was heard of it.
    pub contact: Contact,
    /// Its Pod is deleted, and its object stays until its lost node says that it has ended.
    pub cannot_end: bool,
    /// The pattern of its revision.
    pub pattern: u8,
    /// The short name of its revision.
    pub revision: Rc<str>,
}

/// A time without a Pod in which its claims were there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// From, in microseconds since 0:00.
    pub from_micros: i64,
    /// Until; `None` means it goes on.
    pub until_micros: Option<i64>,
    /// Their names.
    pub claims: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_pieces_are_drawn_as_can_be_seen() {
        let segment = |at: i64| Segment {
            from_micros: at * 10,
            until_micros: Some(at * 10 + 10),
            look: PodLook::CrashLoop,
            contact: Contact::Heard,
            cannot_end: false,
            pattern: 0,
            revision: "774c".into(),
        };
        let ribbon = Ribbon { segments: (0..10_000).map(segment).collect(), ..Ribbon::default() };
        let from = |from, until, grain| {
            ribbon.pieces(from, until, grain).map(|piece| piece.from_micros).collect::<Vec<_>>()
        };
        assert_eq!(from(55, 90, 1), [50, 60, 70, 80]);
        assert_eq!(from(0, 100_000, 1_000).len(), 100);
        assert_eq!(from(200_000, 300_000, 1), [0_i64; 0]);
    }
}
