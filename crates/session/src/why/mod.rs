//! Answers "Why?": with a sentence, the rule, what the controllers read, and how it came to this.
//!
//! The answer is what components said, as long as it holds. What waits is followed to the first cause: a set waits for
//! a Pod, that one for its claim, that one for a StorageClass that does not exist. If nothing but a person ends the
//! first cause, the answer says so, and promises nothing of what would come afterwards.
//!
//! Read in this order: `view` finds who said what about an object last; `sets`, `pods` and `claims` choose what of it
//! still holds; `situation` and `gone` say what no component says; `walk` goes from one to the next; `about` sees that
//! many wait for the same; `headline` chooses what to speak of when nothing is selected; `chain` tells how it came to
//! this.

mod about;
mod chain;
mod claims;
mod each;
mod gone;
mod headline;
#[cfg(test)]
mod name_tests;
mod pods;
mod sets;
mod situation;
#[cfg(test)]
mod tests;
mod view;
mod walk;

use api::Key;
use apimachinery::{Lang, Time};
use client::Fact;

pub use chain::Link;

use crate::run::Run;
use view::View;
use walk::Walk;

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// Subject, state, because.
    pub sentence: String,
    /// The rule, in two lines at most.
    pub rule: String,
    /// What was read.
    pub facts: Vec<Fact>,
    /// Who waits for whom, the one that waits first: `web-2`, `web-1`, `web-0`, `www-web-0`.
    pub queue: Vec<Key>,
    /// How it came to this, oldest first.
    pub chain: Vec<Link>,
    /// What happens next.
    pub next: Option<String>,
    /// That nothing is due that would end it, if so.
    pub stuck: Option<&'static str>,
    /// The command line that frees what is stuck for good.
    pub remedy: Option<String>,
    /// Kubernetes' documentation.
    pub doc: &'static str,
    /// The rule's name in the code.
    pub name: &'static str,
    /// The name of the rule that is the first cause; the same one if there is no other.
    pub cause: &'static str,
    /// What the answer is about.
    pub subject: Key,
}

impl Why {
    /// Why `key` is as it is at `now`, if anything can be said about it.
    pub fn about(run: &Run, now: Time, key: &Key, lang: Lang) -> Option<Self> {
        View::with(run, now, lang, |view| Some(Walk::from(view, about::about(view, key)?).tell(view)))
    }

    /// Why `selected` is as it is at `now`; without it, what matters most: a name that has just not been found,
    /// what is blocked most, or how what is at rest stands.
    pub fn of(run: &Run, now: Time, selected: Option<&Key>, lang: Lang) -> Option<Self> {
        View::with(run, now, lang, |view| {
            let chosen = selected.and_then(|key| about::about(view, key));
            let walk = match chosen {
                Some(said) => Walk::from(view, said),
                None => headline::choose(view)?,
            };
            Some(walk.tell(view))
        })
    }
}
