//! Goes from what waits to what it waits for, up to the first cause, and tells it.

use api::{Key, Kind};
use apimachinery::Lang;
use client::{Clauses, Fact, Outlook};
use controller_manager::statefulset;

use super::chain::{self, chain_of};
use super::view::{Said, View};
use super::{Why, each, pods};
use crate::decisions::decision;

/// So many waits are followed.
const WAITS_MAX: usize = 7;
/// Facts shown at most.
const FACTS_MAX: usize = 8;

/// Who waits for whom, the one that waits first.
pub(super) struct Walk<'v> {
    first: Said<'v>,
    /// Those behind it, the first cause last.
    further: Vec<Said<'v>>,
    /// Whom the answer speaks of, one after the other; the last one may be missing.
    queue: Vec<Key>,
}

impl<'v> Walk<'v> {
    pub(super) fn from(view: &View<'v>, first: Said<'v>) -> Self {
        let mut walk = Self { queue: vec![first.reason.subject()], first, further: Vec::new() };
        while let Some(key) = walk.root().reason.waits_for() {
            let is_end = walk.root().reason.outlook() != Outlook::Passes || walk.queue.len() > WAITS_MAX;
            // A Pod may wait for itself: its set says that it is not Ready, its kubelet says why.
            let is_known = walk.queue.contains(&key) && !(walk.queue.len() == 1 && walk.further.is_empty());
            if !walk.queue.contains(&key) && !key.name.is_empty() {
                walk.queue.push(key.clone());
            }
            if is_end || is_known || key.name.is_empty() {
                break;
            }
            let Some(next) = each::by_itself(view, &key).filter(Said::is_obstacle_or_told) else { break };
            walk.further.push(next);
        }
        walk
    }

    /// The first cause.
    pub(super) fn root(&self) -> &Said<'v> {
        self.further.last().unwrap_or(&self.first)
    }

    /// The first cause alone.
    pub(super) fn into_root(mut self) -> Said<'v> {
        self.further.pop().unwrap_or(self.first)
    }

    /// What stands in the way of the first one.
    pub(super) fn outlook(&self) -> Outlook {
        self.root().reason.outlook()
    }

    /// Whether anything waits.
    pub(super) fn waits(&self) -> bool {
        self.first.is_obstacle()
    }

    /// What the answer is about.
    pub(super) fn first(&self) -> &Said<'v> {
        &self.first
    }

    fn all(&self) -> impl DoubleEndedIterator<Item = &Said<'v>> {
        std::iter::once(&self.first).chain(&self.further)
    }

    /// The state of the first one, because of the first cause; nothing if its own sentence is the better one.
    fn in_short(&self, lang: Lang) -> Option<String> {
        if self.further.is_empty() || self.outlook() == Outlook::Passes {
            return None;
        }
        // Of a set that waits for one of its Pods it is the Pod that there is something to say of.
        let is_set = self.first.reason.subject().kind == Kind::StatefulSet;
        let whose = self.all().nth(usize::from(is_set)).unwrap_or(&self.first);
        let state = whose.reason.clauses(lang)?.state;
        let clauses = self.root().reason.clauses(lang)?;
        let is_root = std::ptr::eq(whose, self.root());
        let cause = if is_root { clauses.cause } else { clauses.afar };
        Some(Clauses { state, afar: cause.clone(), cause }.sentence(lang))
    }

    /// The answer.
    pub(super) fn tell(&self, view: &View<'v>) -> Why {
        let lang = view.lang;
        let (first, root) = (&self.first.reason, &self.root().reason);
        let in_short = self.in_short(lang);
        let told = if in_short.is_some() { root } else { first };
        let is_stuck = self.first.is_obstacle() && pods::is_stuck(view, self.outlook());
        Why {
            rule: told.rule(lang),
            doc: told.doc(),
            sentence: in_short.unwrap_or_else(|| first.sentence(lang)),
            facts: self.facts(view),
            next: self.next(view),
            stuck: is_stuck.then(|| stuck(lang)),
            remedy: self.all().find_map(|said| said.reason.remedy()),
            name: first.name(),
            cause: root.name(),
            subject: first.subject(),
            chain: match self.first.record {
                Some(record) => chain_of(view.run, record, lang),
                None if view.now < view.run.forgotten() => vec![chain::forgotten(view.run, lang)],
                None => Vec::new(),
            },
            queue: if self.queue.len() > 1 { self.queue.clone() } else { Vec::new() },
        }
    }

    /// When the sync of a set that was refused something is repeated.
    fn tried_again(&self, view: &View<'v>) -> Option<String> {
        let root = self.root();
        let record = root.record.filter(|record| record.actor.as_str() == statefulset::NAME)?;
        let is_refusal = matches!(root.reason.name(), "PodRefused" | "ClaimRefused" | "SyncFailsBefore");
        let (set, _) = decision(record).filter(|_| is_refusal)?;
        let at = view.next_look(statefulset::NAME, set)?;
        Some(match view.lang {
            Lang::En => format!("It is tried again at {at}."),
            Lang::ZhCn => format!("下一次重试在 {at}。"),
        })
    }

    /// What a Pod says of itself whose set has said before all that it has to say of it.
    fn beside(&self, view: &View<'v>) -> Option<Said<'v>> {
        let root = &self.root().reason;
        let pod = root.waits_for().filter(|pod| pod.kind == Kind::Pod && *pod == root.subject())?;
        each::by_itself(view, &pod).filter(|said| said.is_obstacle() && said.reason.name() != root.name())
    }

    fn facts(&self, view: &View<'v>) -> Vec<Fact> {
        let lang = view.lang;
        let mut facts: Vec<Fact> = Vec::new();
        let further = self.further.iter().filter(|said| said.is_obstacle());
        let beside = self.beside(view);
        let all = std::iter::once(&self.first).chain(further).chain(&beside);
        for fact in all.flat_map(|said| said.reason.facts(lang)) {
            if !facts.iter().any(|known| known.text == fact.text) {
                facts.push(fact);
            }
        }
        facts.truncate(FACTS_MAX);
        facts
    }

    /// What happens next; what comes after the wait only if that ends.
    fn next(&self, view: &View<'v>) -> Option<String> {
        let lang = view.lang;
        let mut told: Vec<String> = Vec::new();
        let (first, root) = (self.first.reason.next(lang), self.root().reason.next(lang));
        let first = first.filter(|first| root.as_ref() != Some(first));
        told.extend(root.into_iter().chain(first));
        told.extend(self.tried_again(view));
        if self.outlook() == Outlook::Passes {
            told.extend(self.first.reason.then(lang));
        }
        let leaving = self.queue.last().filter(|key| key.kind == Kind::Pod);
        told.extend(leaving.and_then(|pod| Some(killed(&pod.name, &pods::killed_at(view, pod)?, lang))));
        let between = if lang == Lang::ZhCn { "" } else { " " };
        (!told.is_empty()).then(|| told.join(between))
    }
}

impl Said<'_> {
    /// Whether it says more than that something was done.
    fn is_obstacle_or_told(&self) -> bool {
        self.is_obstacle() || self.reason.clauses(Lang::En).is_some()
    }
}

/// What is said of a wait that nothing ends.
fn stuck(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Stuck for good: nothing is due that would free it.",
        Lang::ZhCn => "一直卡住：后面没有任何事件能让它恢复。",
    }
}

fn killed(pod: &str, at: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{pod} is killed at {at} at the latest."),
        Lang::ZhCn => format!("{pod} 最迟在 {at} 被强制结束。"),
    }
}
