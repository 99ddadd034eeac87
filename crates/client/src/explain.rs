//! A short way to write a [`Reason`]: one function that says everything about a variant.

use std::fmt;

use api::Key;
use apimachinery::Lang;

use crate::reason::{Fact, Reason};

/// Everything that a reason says, in both languages.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// The rule's name.
    pub name: &'static str,
    /// What the decision is about.
    pub subject: Key,
    /// What it waits for, if it waits.
    pub waits_for: Option<Key>,
    /// One sentence, English and Chinese.
    pub sentence: [String; 2],
    /// The rule behind it, English and Chinese.
    pub rule: [&'static str; 2],
    /// What was read.
    pub facts: Vec<Fact>,
    /// Where Kubernetes' documentation says so.
    pub doc: &'static str,
}

/// A reason that explains itself at once. Every implementor is a [`Reason`].
pub trait Explain: fmt::Debug {
    /// Everything about it.
    fn explain(&self) -> Explanation;
}

fn pick<T>(lang: Lang, [en, zh]: [T; 2]) -> T {
    match lang {
        Lang::En => en,
        Lang::ZhCn => zh,
    }
}

impl<T: Explain> Reason for T {
    fn name(&self) -> &'static str {
        self.explain().name
    }

    fn subject(&self) -> Key {
        self.explain().subject
    }

    fn waits_for(&self) -> Option<Key> {
        self.explain().waits_for
    }

    fn sentence(&self, lang: Lang) -> String {
        pick(lang, self.explain().sentence)
    }

    fn rule(&self, lang: Lang) -> String {
        pick(lang, self.explain().rule).to_owned()
    }

    fn facts(&self, _lang: Lang) -> Vec<Fact> {
        self.explain().facts
    }

    fn doc(&self) -> &'static str {
        self.explain().doc
    }
}
