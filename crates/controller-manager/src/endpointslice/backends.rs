//! The Pods behind a Service, kept up to date as they change.

use std::rc::Rc;

use api::{Object, PodFacts};
use apimachinery::labels::Selector;
use client::Follows;

use super::endpoint::Given;

/// The Pods that a selector selects, that have an address and have not ended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Backends {
    selector: Selector,
    /// The Pods, sorted by the number of their UID.
    pods: Vec<(u128, Rc<Object>)>,
}

impl Backends {
    /// The Pods of a selector; none has been seen yet.
    pub fn of(selector: Selector) -> Self {
        Self { selector, pods: Vec::new() }
    }

    /// All of them, in an order without meaning.
    pub fn pods(&self) -> impl ExactSizeIterator<Item = &Rc<Object>> {
        self.pods.iter().map(|(_, pod)| pod)
    }

    /// The Pod with this number, and its place among all.
    pub fn find(&self, number: u128) -> Option<(usize, &Rc<Object>)> {
        let at = self.place(number).ok()?;
        self.pods.get(at).map(|(_, pod)| (at, pod))
    }

    fn place(&self, number: u128) -> Result<usize, usize> {
        self.pods.binary_search_by_key(&number, |(number, _)| *number)
    }

    fn counts(&self, pod: &Rc<Object>) -> bool {
        let facts = PodFacts::of(pod);
        !facts.ip.is_empty() && !facts.has_ended && self.selector.matches(&pod.metadata.labels)
    }
}

impl Follows for Backends {
    fn answers(&self, other: &Self) -> bool {
        self.selector == other.selector
    }

    fn apply(&mut self, before: Option<&Rc<Object>>, after: Option<&Rc<Object>>) {
        if let Some(pod) = before.filter(|pod| self.counts(pod))
            && let Ok(at) = self.place(Given::of(pod).number)
        {
            self.pods.remove(at);
        }
        if let Some(pod) = after.filter(|pod| self.counts(pod)) {
            let number = Given::of(pod).number;
            let at = self.place(number).unwrap_or_else(|at| at);
            self.pods.insert(at, (number, Rc::clone(pod)));
        }
    }
}
