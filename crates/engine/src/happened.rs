//! Records and reasons as JSON; `types.d.ts` describes both.

use api::Key;
use apimachinery::{Lang, Time};
use apiserver::Change;
use client::{Fact, FactState};
use cluster::{Record, What};
use serde_json::{Map, Value, json};
use session::Why;
use session::faults::InForce;
use session::offers::{OfferKind, Way};

/// A whole number as JavaScript has it: exact up to 2⁵³, which no cluster's life reaches.
#[allow(clippy::cast_precision_loss)]
pub fn number(id: u64) -> f64 {
    id as f64
}

/// Milliseconds from one moment to another.
#[allow(clippy::cast_precision_loss)]
pub fn millis(moment: Time, origin: Time) -> f64 {
    moment.micros_since(origin) as f64 / 1_000.0
}

fn reference(key: &Key) -> Value {
    json!({"kind": key.kind.info().name, "namespace": &*key.namespace, "name": &*key.name})
}

fn change(change: &Change) -> Value {
    let word = match (&change.before, &change.after) {
        (None, _) => "created",
        (Some(_), Some(_)) => "updated",
        (Some(_), None) => "deleted",
    };
    let mut value = reference(&change.key);
    if let Some(map) = value.as_object_mut() {
        map.insert("change".to_owned(), word.into());
    }
    value
}

/// A record.
pub fn record(record: &Record, origin: Time, lang: Lang) -> Value {
    let mut map = Map::new();
    let mut put = |name: &str, value: Value| map.insert(name.to_owned(), value);
    put("id", number(record.id).into());
    put("at", millis(record.at, origin).into());
    put("actor", record.actor.as_str().into());
    put("cause", number(record.cause).into());
    match &record.what {
        What::Requested { verb, key, part, result, changes } => {
            put("what", "request".into());
            put("about", reference(key));
            put("verb", (*verb).into());
            put("part", (*part).into());
            put("changes", changes.iter().map(|each| change(each)).collect());
            if let Err(status) = result {
                put("message", status.message.as_str().into());
            }
        }
        What::Decided { key, reason } => {
            put("what", "decision".into());
            put("about", reference(key));
            put("reason", reason.name().into());
            put("sentence", reason.sentence(lang).into());
        }
        What::Failed { key, message } => {
            put("what", "failure".into());
            put("about", reference(key));
            put("message", message.as_str().into());
        }
        What::Fault(fault) => {
            put("what", "fault".into());
            put("message", Value::from(fault.clone()).to_string().into());
        }
    }
    Value::Object(map)
}

fn fact(fact: &Fact) -> Value {
    let state = match fact.state {
        FactState::Satisfied => "satisfied",
        FactState::NotYet => "not yet",
        FactState::Wrong => "wrong",
    };
    json!({"text": fact.text, "state": state})
}

/// An answer to "why".
pub fn why(why: &Why) -> Value {
    let chain = why.chain.iter().map(|link| {
        let at = number(u64::try_from(link.at_micros).unwrap_or(0)) / 1_000.0;
        json!({"at": at, "text": link.text, "byPerson": link.by_person})
    });
    json!({
        "reason": why.name, "about": reference(&why.subject), "sentence": why.sentence, "rule": why.rule,
        "facts": why.facts.iter().map(fact).collect::<Vec<_>>(), "chain": chain.collect::<Vec<_>>(), "doc": why.doc,
        "next": why.next, "stuck": why.stuck, "remedy": why.remedy,
    })
}

/// A fault in force.
pub fn in_force(one: &InForce, origin: Time) -> Value {
    let what = match one.what {
        OfferKind::Undo(what) => format!("{what:?}"),
        _ => "Image".to_owned(),
    };
    let undo = match &one.undo {
        Way::Command(line) => json!({"command": line}),
        Way::Fault(fault, _) => json!({"fault": Value::from(fault.clone())}),
    };
    let since = one.since.map(|at| millis(at, origin));
    json!({"what": what, "subject": one.subject, "since": since, "undo": undo})
}
