//! How it came to this: the causes of a record, back to what a person did.

use api::{Key, Kind, Object};
use apimachinery::Lang;
use apimachinery::value::ValueExt;
use apiserver::Change;
use cluster::{Record, What};
use scene::PodLook;

use crate::run::Run;

/// Links of a chain shown at most.
const CHAIN_MAX: usize = 7;
/// Links looked at on the way back to a person's deed.
const WALK_MAX: usize = 100;

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

/// Walks the causes back to a person's deed. Of a long way only the deed and the last links are shown.
pub(super) fn chain_of(run: &Run, record: &Record, lang: Lang) -> Vec<Link> {
    let records = run.records();
    let mut links: Vec<Link> = Vec::new();
    let mut here = Some(record);
    let mut is_cut = false;
    while let Some(record) = here {
        let before =
            records.binary_search_by_key(&record.cause, |r| r.id).ok().and_then(|at| records.get(at));
        let told = !links.is_empty() && is_told(record, before);
        let text = match &record.what {
            What::Fault(_) => {
                run.flags().iter().find(|flag| flag.at == record.at).map(|flag| flag.text.clone())
            }
            _ if record.actor.is_user() => deed(run, record, lang),
            _ => clause(record, lang),
        };
        if let Some(text) = text.filter(|_| !told) {
            let link = Link {
                at_micros: record.at.micros_since(run.origin()),
                text,
                by_person: record.actor.is_user(),
                about: about(record),
            };
            if links.last().is_none_or(|last: &Link| last.text != link.text) {
                links.push(link);
            }
        }
        if record.cause == 0 || links.len() >= WALK_MAX {
            break;
        }
        is_cut = before.is_none();
        here = before;
    }
    links.reverse();
    let surplus = links.len().saturating_sub(CHAIN_MAX);
    let from = usize::from(links.first().is_some_and(|first| first.by_person));
    links.drain(from..from + surplus);
    if is_cut {
        links.insert(0, forgotten(run, lang));
    }
    links
}

/// What stands for that which is not written down any more.
pub(super) fn forgotten(run: &Run, lang: Lang) -> Link {
    let text = match lang {
        Lang::En => "What led to this is too long ago to be kept.",
        Lang::ZhCn => "更早的记录已经不再保留。",
    };
    let at_micros = run.forgotten().micros_since(run.origin());
    Link { at_micros, text: text.to_owned(), by_person: false, about: None }
}

/// Whether another link already tells of a record: a decision tells of the write that follows from it, and
/// the last word tells of the waits before it.
fn is_told(record: &Record, before: Option<&Record>) -> bool {
    match &record.what {
        What::Decided { reason, .. } => reason.waits_for().is_some(),
        What::Requested { .. } => {
            before.is_some_and(|b| b.actor == record.actor && matches!(b.what, What::Decided { .. }))
        }
        What::Failed { .. } | What::Fault(_) => false,
    }
}

/// What a person did, in the words of its flag.
fn deed(run: &Run, record: &Record, lang: Lang) -> Option<String> {
    let flag = run.flags().iter().rev().find(|flag| flag.at <= record.at)?;
    Some(if lang == Lang::ZhCn { format!("你：{}", flag.text) } else { format!("You: {}", flag.text) })
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

/// What a part of an object's status says, if a write has changed it.
fn changed<'c>(change: &'c Change, say: impl Fn(&'c Object) -> &'c str) -> Option<&'c str> {
    let is = say(change.after.as_ref()?);
    (change.before.as_ref().map(|before| say(before)) != Some(is)).then_some(is)
}

/// The status of a condition `Ready`.
fn readiness(object: &Object) -> &str {
    let ready = object.status().list_at(&["conditions"]).iter().find(|c| c.str_at(&["type"]) == "Ready");
    ready.map_or("", |condition| condition.str_at(&["status"]))
}

/// What a record of a component says in one clause. What only keeps the books is left out: attachments,
/// counts in a status, endpoints.
fn clause(record: &Record, lang: Lang) -> Option<String> {
    let zh = lang == Lang::ZhCn;
    let (verb, key, part, changes) = match &record.what {
        What::Decided { reason, .. } => return Some(reason.sentence(lang)),
        What::Failed { message, .. } => return Some(message.clone()),
        What::Fault(_) | What::Requested { result: Err(_), .. } => return None,
        What::Requested { verb, key, part, changes, .. } => (*verb, key, *part, changes),
    };
    let name = &key.name;
    let change = changes.first();
    let [en, chinese] = match (key.kind, verb, part) {
        (Kind::Pod, _, "status") => return change.and_then(|change| turned(change, zh)),
        (Kind::PersistentVolumeClaim, _, "status") => {
            let phase = change.and_then(|c| changed(c, |claim| claim.status().str_at(&["phase"])))?;
            [format!("{name} is {phase}"), format!("{name} 变为 {phase}")]
        }
        (Kind::Node, _, "status") => {
            let ready = change.and_then(|c| changed(c, readiness))? == "True";
            let word = if ready { "Ready" } else { "NotReady" };
            [format!("{name} is {word}"), format!("{name} 变为 {word}")]
        }
        (Kind::Pod, "BIND", _) => {
            let node =
                change.and_then(|c| c.after.as_ref()).map_or("", |pod| api::core::Pod(pod).node_name());
            [format!("{name} is scheduled to {node}"), format!("{name} 调度到 {node}")]
        }
        (Kind::Pod | Kind::PersistentVolumeClaim, "POST", _) => {
            [format!("{name} is created"), format!("{name} 已创建")]
        }
        (Kind::Pod | Kind::PersistentVolumeClaim, "DELETE" | "EVICT", _) => {
            if changes.iter().any(|c| c.after.is_none()) {
                [format!("{name} is gone"), format!("{name} 已消失")]
            } else {
                [format!("{name} is being deleted"), format!("{name} 开始删除")]
            }
        }
        _ => return None,
    };
    Some(if zh { chinese } else { en })
}
