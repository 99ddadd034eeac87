//! Why a component did something, or waits.
//!
//! One enum per component, one variant per rule. The same value is the sentence on the page in
//! both languages, the mark that a scenario has covered the rule, and the name that leads from a
//! pixel to the line of code.

use std::fmt;
use std::rc::Rc;

use api::Key;
use apimachinery::Lang;

use crate::seen::Seen;

/// How a fact that a decision read agrees with what the rule asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactState {
    /// It is as the rule wants it.
    Satisfied,
    /// It is not yet so; time may change it.
    NotYet,
    /// It is wrong, and time alone will not mend it.
    Wrong,
}

/// Something that a decision read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// How it stands.
    pub state: FactState,
    /// One short clause: `web-1 has deletionTimestamp 0:37.7, grace 10 s`.
    pub text: String,
    /// The object it is about.
    pub about: Option<Key>,
}

impl Fact {
    /// A fact about an object.
    pub fn new(state: FactState, about: Key, text: impl Into<String>) -> Self {
        Self { state, text: text.into(), about: Some(about) }
    }
}

/// What becomes of a wait if nobody acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outlook {
    /// It ends: what it waits for is under way.
    Passes,
    /// A component tries again and again. Each try may succeed, and none has to.
    Retries,
    /// Other Pods that leave would end it; if none leaves, it stays.
    NeedsRoom,
    /// It stays: no component does anything about it by itself.
    Stays,
}

/// The two halves of a sentence that says why something waits: `web-1 is not created yet`, `web-0 is not Ready`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clauses {
    /// Subject and state.
    pub state: String,
    /// What follows "because".
    pub cause: String,
    /// The cause in the sentence of another object that waits for this one: it names what `cause` calls "it".
    pub afar: String,
}

impl Clauses {
    /// The whole sentence.
    pub fn sentence(&self, lang: Lang) -> String {
        let Self { state, cause, .. } = self;
        match lang {
            Lang::En => format!("{state}, because {cause}."),
            // A space stands between Chinese and Latin letters only.
            Lang::ZhCn if cause.starts_with(|c: char| c.is_ascii()) => format!("{state}，因为 {cause}。"),
            Lang::ZhCn => format!("{state}，因为{cause}。"),
        }
    }
}

/// A reason for a decision or a wait.
pub trait Reason: fmt::Debug {
    /// The rule's name, greppable: `WaitsForReadyPredecessor`.
    fn name(&self) -> &'static str;

    /// The object that the decision is about: the Pod that waits, the claim that is kept.
    fn subject(&self) -> Key;

    /// The object that it waits for; `None` if something was done.
    fn waits_for(&self) -> Option<Key>;

    /// One sentence: subject, state, because. Present tense.
    fn sentence(&self, lang: Lang) -> String;

    /// The sentence in two halves, if it has a "because".
    fn clauses(&self, lang: Lang) -> Option<Clauses> {
        let _ = lang;
        None
    }

    /// The rule behind it in two lines at most.
    fn rule(&self, lang: Lang) -> String;

    /// What was read.
    fn facts(&self, lang: Lang) -> Vec<Fact>;

    /// What happens next, if it can be said.
    fn next(&self, lang: Lang) -> Option<String> {
        let _ = lang;
        None
    }

    /// What comes when the wait is over; it is told only of waits that end.
    fn then(&self, lang: Lang) -> Option<String> {
        let _ = lang;
        None
    }

    /// What becomes of the wait if nobody acts.
    fn outlook(&self) -> Outlook {
        Outlook::Passes
    }

    /// The command line that frees what waits, if one line does; `None` if time or another rule will free it.
    fn remedy(&self) -> Option<String> {
        None
    }

    /// What the same rule means for another object that it holds back, too; `None` if it does not.
    fn held_back(&self, other: &Key, seen: &Seen<'_>) -> Option<SharedReason> {
        let _ = (other, seen);
        None
    }

    /// Where Kubernetes' documentation says so.
    fn doc(&self) -> &'static str;
}

/// A reason that records, panels and branches share.
pub type SharedReason = Rc<dyn Reason>;
