//! "Why?": the sentence, the rule, what the controller read, and how it came to this.

use api::{Key, Kind};
use apimachinery::{Lang, Time};
use apiserver::Change;
use client::{Fact, Reason, SharedReason};
use cluster::{Record, What};
use scene::PodLook;

use crate::timeline::Timeline;

/// Links of a chain shown at most.
const CHAIN_MAX: usize = 8;

/// A step of how it came to this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// When, in microseconds since 0:00.
    pub at_micros: i64,
    /// What happened, in one clause.
    pub text: String,
    /// Whether a person did it.
    pub by_person: bool,
    /// What it is about.
    pub about: Option<Key>,
}

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
    /// Kubernetes' documentation.
    pub doc: &'static str,
    /// The rule's name in the code.
    pub name: &'static str,
    /// What the answer is about.
    pub subject: Key,
}

impl Why {
    /// Why `key` is as it is at `now`, if a component has said anything about it.
    pub fn about(timeline: &Timeline, now: Time, key: &Key, lang: Lang) -> Option<Self> {
        let records = upto(timeline, now)?;
        let (record, reason) = latest_about(records, key)?;
        Some(Self::from_reason(timeline, records, record, reason.as_ref(), lang))
    }

    /// Why `selected` is as it is at `now`; without it, why the most blocked thing waits.
    pub fn of(timeline: &Timeline, now: Time, selected: Option<&Key>, lang: Lang) -> Option<Self> {
        let records = upto(timeline, now)?;
        let found = match selected {
            Some(key) => latest_about(records, key).or_else(|| latest_wait(records)),
            None => latest_wait(records).or_else(|| records.iter().rev().find_map(reason_of)),
        };
        let (record, reason) = found?;
        Some(Self::from_reason(timeline, records, record, reason.as_ref(), lang))
    }

    fn from_reason(
        timeline: &Timeline,
        records: &[Record],
        record: &Record,
        reason: &dyn Reason,
        lang: Lang,
    ) -> Self {
        Self {
            sentence: reason.sentence(lang),
            rule: reason.rule(lang),
            facts: reason.facts(lang),
            queue: queue_of(records, reason),
            chain: chain_of(timeline, records, record, lang),
            next: reason.next(lang),
            doc: reason.doc(),
            name: reason.name(),
            subject: reason.subject(),
        }
    }
}

/// What happened up to a moment.
fn upto(timeline: &Timeline, now: Time) -> Option<&[Record]> {
    timeline.records().get(..timeline.records().partition_point(|r| r.at <= now))
}

fn reason_of(record: &Record) -> Option<(&Record, &SharedReason)> {
    match &record.what {
        What::Decided { reason, .. } => Some((record, reason)),
        What::Requested { .. } | What::Failed { .. } | What::Fault(_) => None,
    }
}

/// The newest reason whose subject is `key`, or that a decision about `key` gave.
fn latest_about<'a>(records: &'a [Record], key: &Key) -> Option<(&'a Record, &'a SharedReason)> {
    let reasons = || records.iter().rev().filter_map(reason_of);
    reasons().find(|(_, r)| r.subject() == *key).or_else(|| {
        reasons().find(|(record, _)| matches!(&record.what, What::Decided { key: k, .. } if k == key))
    })
}

/// The newest wait that is still the last word of its component about its subject; waits of a
/// StatefulSet's controller first, since it is what everything is about.
fn latest_wait(records: &[Record]) -> Option<(&Record, &SharedReason)> {
    let mut spoken: Vec<(&str, Key)> = Vec::new();
    let mut other = None;
    for (record, reason) in records.iter().rev().filter_map(reason_of) {
        let What::Decided { key, .. } = &record.what else { continue };
        let said = (record.actor.as_str(), key.clone());
        if spoken.contains(&said) {
            continue;
        }
        if reason.waits_for().is_some() {
            if key.kind == Kind::StatefulSet {
                return Some((record, reason));
            }
            other = other.or(Some((record, reason)));
        }
        spoken.push(said);
        if spoken.len() > 200 {
            break;
        }
    }
    other
}

/// Follows `waits_for` through the newest reasons.
fn queue_of(records: &[Record], reason: &dyn Reason) -> Vec<Key> {
    let mut queue = vec![reason.subject()];
    let mut next = reason.waits_for();
    while let Some(key) = next {
        if queue.contains(&key) || queue.len() > CHAIN_MAX {
            break;
        }
        queue.push(key.clone());
        let about = records.iter().rev().filter_map(reason_of).find(|(_, r)| r.subject() == key);
        next = about.and_then(|(_, r)| r.waits_for());
    }
    if queue.len() > 1 { queue } else { Vec::new() }
}

/// Walks the causes back to a person's deed.
fn chain_of(timeline: &Timeline, records: &[Record], record: &Record, lang: Lang) -> Vec<Link> {
    let mut links = Vec::new();
    let mut here = Some(record);
    while let Some(record) = here {
        let before =
            records.binary_search_by_key(&record.cause, |r| r.id).ok().and_then(|at| records.get(at));
        // A write that follows from a decision of the same component is told by the decision.
        let told = before.is_some_and(|b| b.actor == record.actor && matches!(b.what, What::Decided { .. }));
        let text = match &record.what {
            What::Fault(_) => {
                timeline.flags().iter().find(|flag| flag.at == record.at).map(|flag| flag.text.clone())
            }
            _ => clause(record, lang),
        };
        if let Some(text) = text.filter(|_| !told) {
            let link = Link {
                at_micros: record.at.micros_since(timeline.origin()),
                text,
                by_person: record.actor.is_user(),
                about: about(record),
            };
            if links.last().is_none_or(|last: &Link| last.text != link.text) {
                links.push(link);
            }
        }
        if links.len() >= CHAIN_MAX || record.cause == 0 {
            break;
        }
        here = before;
    }
    links.reverse();
    links
}

fn about(record: &Record) -> Option<Key> {
    match &record.what {
        What::Requested { key, .. } | What::Failed { key, .. } => Some(key.clone()),
        What::Decided { reason, .. } => Some(reason.subject()),
        What::Fault(_) => None,
    }
}

/// What became of a Pod by a write of its status, if it looks different now.
fn turned(change: &Change, zh: bool) -> Option<String> {
    let (before, after) = (change.before.as_ref()?, change.after.as_ref()?);
    let (was, is) = (scene::look::look(before), scene::look::look(after));
    if was == is {
        return None;
    }
    let word = if is == PodLook::Ready { "Ready".to_owned() } else { kubectl::printers::status_word(after) };
    let name = &after.metadata.name;
    Some(if zh { format!("{name} 变为 {word}") } else { format!("{name} is {word}") })
}

/// "You", and what a request did.
fn deed_words(verb: &str, part: &str, zh: bool) -> [&'static str; 2] {
    let (en, chinese) = match (verb, part) {
        ("POST", _) => ("created", "创建了"),
        ("DELETE" | "EVICT", _) => ("deleted", "删除了"),
        ("BIND", _) => ("scheduled", "调度了"),
        (_, "status") => ("updated the status of", "更新了状态："),
        (_, "scale") => ("scaled", "扩缩了"),
        _ => ("changed", "修改了"),
    };
    if zh { ["你", chinese] } else { ["You", en] }
}

/// What a record says in one clause; writes of status by machinery are left out of chains.
fn clause(record: &Record, lang: Lang) -> Option<String> {
    let zh = lang == Lang::ZhCn;
    match &record.what {
        What::Decided { reason, .. } => Some(reason.sentence(lang)),
        What::Failed { message, .. } => Some(message.clone()),
        What::Fault(_) => None,
        What::Requested { verb, key, part, result, changes } => {
            if result.is_err() || key.kind == Kind::Event {
                return None;
            }
            if *part == "status" && key.kind == Kind::Pod {
                return changes.first().and_then(|change| turned(change, zh));
            }
            let [you, deed] = deed_words(verb, part, zh);
            let who = if record.actor.is_user() { you } else { record.actor.as_str() };
            Some(format!("{who} {deed} {}", key.name))
        }
    }
}
