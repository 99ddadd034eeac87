//! A short way to write a [`Reason`]: one function that says everything about a variant.

use std::fmt;

use api::Key;
use apimachinery::Lang;

use crate::reason::{Clauses, Fact, FactState, Outlook, Reason, SharedReason};
use crate::seen::Seen;

/// A text in English and Chinese.
pub type Both = [String; 2];

/// Everything that a reason says, in both languages.
#[derive(Debug, Clone)]
pub struct Explanation {
    name: &'static str,
    subject: Key,
    waits_for: Option<Key>,
    sentence: Both,
    clauses: Option<[Clauses; 2]>,
    rule: [&'static str; 2],
    facts: Vec<(FactState, Key, Both)>,
    next: Option<Both>,
    then: Option<Both>,
    outlook: Outlook,
    remedy: Option<String>,
    doc: &'static str,
}

impl Explanation {
    /// Something that was done: the rule's name, what it is about, one sentence, the rule, and where Kubernetes'
    /// documentation says so. Texts stand in English and Chinese.
    pub fn deed(
        name: &'static str,
        subject: &Key,
        sentence: Both,
        rule: [&'static str; 2],
        doc: &'static str,
    ) -> Self {
        Self {
            name,
            subject: subject.clone(),
            waits_for: None,
            sentence,
            clauses: None,
            rule,
            facts: Vec::new(),
            next: None,
            then: None,
            outlook: Outlook::Passes,
            remedy: None,
            doc,
        }
    }

    /// Something that is as `state` says because of `cause`; neither ends with a full stop.
    pub fn because(
        name: &'static str,
        subject: &Key,
        state: Both,
        cause: Both,
        rule: [&'static str; 2],
        doc: &'static str,
    ) -> Self {
        let ([en, zh], [en_cause, zh_cause]) = (state, cause);
        let en = Clauses { state: en, afar: en_cause.clone(), cause: en_cause };
        let zh = Clauses { state: zh, afar: zh_cause.clone(), cause: zh_cause };
        let sentence = [en.sentence(Lang::En), zh.sentence(Lang::ZhCn)];
        Self { clauses: Some([en, zh]), ..Self::deed(name, subject, sentence, rule, doc) }
    }

    /// Says the cause anew for the sentence of another object.
    #[must_use]
    pub fn afar(mut self, [en, zh]: Both) -> Self {
        if let Some([in_english, in_chinese]) = &mut self.clauses {
            (in_english.afar, in_chinese.afar) = (en, zh);
        }
        self
    }

    /// It waits for an object.
    #[must_use]
    pub fn waits_for(self, key: Key) -> Self {
        Self { waits_for: Some(key), ..self }
    }

    /// Adds something that was read, in both languages.
    #[must_use]
    pub fn fact(mut self, state: FactState, about: &Key, text: Both) -> Self {
        self.facts.push((state, about.clone(), text));
        self
    }

    /// Adds something that was read and is not translated: a field, an error.
    #[must_use]
    pub fn quote(self, state: FactState, about: &Key, text: impl Into<String>) -> Self {
        let text = text.into();
        self.fact(state, about, [text.clone(), text])
    }

    /// Says what happens next.
    #[must_use]
    pub fn next(self, text: Both) -> Self {
        Self { next: Some(text), ..self }
    }

    /// Says what comes when the wait is over.
    #[must_use]
    pub fn then(self, text: Both) -> Self {
        Self { then: Some(text), ..self }
    }

    /// Says what becomes of it if nobody acts.
    #[must_use]
    pub fn outlook(self, outlook: Outlook) -> Self {
        Self { outlook, ..self }
    }

    /// Names the command line that frees it.
    #[must_use]
    pub fn remedy(self, line: impl Into<String>) -> Self {
        Self { remedy: Some(line.into()), ..self }
    }
}

/// A reason that explains itself at once. Every implementor is a [`Reason`].
pub trait Explain: fmt::Debug {
    /// Everything about it.
    fn explain(&self) -> Explanation;

    /// What the same rule means for another object: see [`Reason::held_back`].
    fn holds(&self, other: &Key, seen: &Seen<'_>) -> Option<SharedReason> {
        let _ = (other, seen);
        None
    }
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

    fn clauses(&self, lang: Lang) -> Option<Clauses> {
        self.explain().clauses.map(|clauses| pick(lang, clauses))
    }

    fn rule(&self, lang: Lang) -> String {
        pick(lang, self.explain().rule).to_owned()
    }

    fn facts(&self, lang: Lang) -> Vec<Fact> {
        let facts = self.explain().facts.into_iter();
        facts.map(|(state, about, text)| Fact::new(state, about, pick(lang, text))).collect()
    }

    fn next(&self, lang: Lang) -> Option<String> {
        self.explain().next.map(|next| pick(lang, next))
    }

    fn then(&self, lang: Lang) -> Option<String> {
        self.explain().then.map(|then| pick(lang, then))
    }

    fn outlook(&self) -> Outlook {
        self.explain().outlook
    }

    fn remedy(&self) -> Option<String> {
        self.explain().remedy
    }

    fn held_back(&self, other: &Key, seen: &Seen<'_>) -> Option<SharedReason> {
        self.holds(other, seen)
    }

    fn doc(&self) -> &'static str {
        self.explain().doc
    }
}
