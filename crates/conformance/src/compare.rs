//! Compares what was recorded with what was observed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::difference::Difference;
use crate::observed::Observed;
use crate::recording::Step;

/// All differences of a step.
pub fn compare(step: &Step, observed: &Observed) -> Vec<Difference> {
    let mut found = Vec::new();
    if let Some(recorded) = step.read.get("result") {
        walk("result", Some(recorded), observed.result.as_ref(), &step.unstable, &mut found);
    }
    sequence("changes", step, &observed.changes, &mut found);
    sequence("events", step, &observed.events, &mut found);
    others(step, &observed.others, &mut found);
    walk("state", Some(&step.state), Some(&observed.state), &step.unstable, &mut found);
    found
}

/// Compares member by member, so that a difference names its place.
pub fn walk(
    path: &str,
    recorded: Option<&Value>,
    observed: Option<&Value>,
    unstable: &BTreeSet<String>,
    found: &mut Vec<Difference>,
) {
    if recorded == observed || unstable.contains(path) {
        return;
    }
    if let (Some(Value::Object(recorded)), Some(Value::Object(observed))) = (recorded, observed) {
        let members: BTreeSet<&String> = recorded.keys().chain(observed.keys()).collect();
        let mut random = random_names(path, observed, unstable);
        for member in members {
            let path = format!("{path}.{member}");
            if !recorded.contains_key(member) && !unstable.contains(&path) && random > 0 {
                random -= 1;
                continue;
            }
            walk(&path, recorded.get(member), observed.get(member), unstable, found);
        }
        return;
    }
    let side = |value: Option<&Value>| value.cloned().unwrap_or(Value::Null);
    found.push(Difference::new(path, side(recorded), side(observed)));
}

/// How many members of a map may have names that no recorded run had: `rollout restart` writes the time into
/// the template, and so changes the revision's name. There were at least two runs, each with its own names.
fn random_names(path: &str, observed: &Map<String, Value>, unstable: &BTreeSet<String>) -> usize {
    let members = unstable.iter().filter_map(|each| each.strip_prefix(path)?.strip_prefix('.'));
    members.filter(|name| !name.contains('.') && !observed.contains_key(*name)).count() / 2
}

/// Compares a list: in order; in any order, if the runs differed in it; not at all, if nothing was the same.
fn sequence(name: &str, step: &Step, observed: &[Value], found: &mut Vec<Difference>) {
    if step.unstable.contains(name) {
        return;
    }
    let list = |key: &str| step.read.get(key).and_then(Value::as_array);
    if let Some(recorded) = list(&format!("{name}Unordered")) {
        let (recorded, observed) = (counted(recorded), counted(observed));
        if recorded != observed {
            found.push(Difference::new(format!("{name} in any order"), lines(&recorded), lines(&observed)));
        }
        return;
    }
    let recorded = list(name).map_or(&[][..], Vec::as_slice);
    if collected_in_any_order(recorded) != collected_in_any_order(observed) {
        found.push(Difference::new(name, recorded.to_vec(), observed.to_vec()));
    }
}

/// The garbage collector goes through dependents in the order of a Go map, with twenty workers: deletions next
/// to that of a ControllerRevision come in any order.
fn collected_in_any_order(changes: &[Value]) -> Vec<Value> {
    let is = |change: &Value, what: &str| change.as_str().is_some_and(|change| change.starts_with(what));
    let mut sorted = Vec::new();
    for run in changes.chunk_by(|a, b| is(a, "delete ") && is(b, "delete ")) {
        let mut run = run.to_vec();
        if run.iter().any(|change| is(change, "delete ControllerRevision ")) {
            run.sort_by_key(ToString::to_string);
        }
        sorted.extend(run);
    }
    sorted
}

fn counted(list: &[Value]) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for value in list {
        *counted.entry(value.to_string()).or_default() += 1;
    }
    counted
}

fn lines(counted: &BTreeMap<String, usize>) -> Vec<String> {
    counted.iter().flat_map(|(line, &count)| vec![line.clone(); count]).collect()
}

/// Compares the Events of other components: those that must occur did, and no others but those that may.
fn others(step: &Step, observed: &BTreeSet<String>, found: &mut Vec<Difference>) {
    let set = |key: &str| -> BTreeSet<String> {
        let list = step.read.get(key).and_then(Value::as_array);
        list.into_iter().flatten().map(Value::to_string).collect()
    };
    let (must, may) = (set("otherEvents"), set("otherEventsMaybe"));
    let waits = step.act.get("wait").and_then(Value::as_f64).unwrap_or_default();
    let missing = must.difference(observed).filter(|event| !step.repeats.may_be_missing(event, waits));
    let missing: Vec<String> = missing.cloned().collect();
    let known: BTreeSet<String> = must.union(&may).cloned().collect();
    let extra = observed.difference(&known).filter(|event| !step.repeats.may_come(event));
    let extra: Vec<String> = extra.cloned().collect();
    if !missing.is_empty() || !extra.is_empty() {
        found.push(Difference::new("otherEvents", missing, extra));
    }
}

#[test]
fn what_differs_is_named_unless_the_runs_differed_too() {
    let map = |value: Value| value.as_object().cloned().unwrap_or_default();
    let step = Step {
        read: map(serde_json::json!({
            "changes": ["create Pod a", "create Pod b"], "eventsUnordered": [1, 2],
            "otherEvents": [{"x": 1}], "otherEventsMaybe": [{"x": 2}],
        })),
        state: serde_json::json!({"pods": {"a": {"ready": true, "hash": "x"}}}),
        unstable: BTreeSet::from(["state.pods.a.hash".to_owned()]),
        ..Step::default()
    };
    let parts = |changes: [&str; 2], events: [i64; 2], other: &str, ready: bool| -> Vec<String> {
        let observed = Observed {
            result: None,
            changes: changes.map(Value::from).to_vec(),
            events: events.map(Value::from).to_vec(),
            others: BTreeSet::from([r#"{"x":1}"#.to_owned(), other.to_owned()]),
            state: serde_json::json!({"pods": {"a": {"ready": ready, "hash": "y"}}}),
        };
        compare(&step, &observed).into_iter().map(|difference| difference.part).collect()
    };
    let pods = ["create Pod a", "create Pod b"];
    assert!(parts(pods, [2, 1], r#"{"x":2}"#, true).is_empty());
    assert_eq!(parts([pods[1], pods[0]], [2, 1], r#"{"x":2}"#, true), ["changes"]);
    let collected = ["delete Pod a", "delete ControllerRevision b"].map(Value::from);
    let other = [collected[1].clone(), collected[0].clone()];
    assert_eq!(collected_in_any_order(&collected), collected_in_any_order(&other));
    assert_ne!(collected_in_any_order(&collected[..1]), collected_in_any_order(&collected));
    assert_eq!(parts(pods, [2, 2], r#"{"x":2}"#, true), ["events in any order"]);
    assert_eq!(parts(pods, [2, 1], r#"{"x":3}"#, true), ["otherEvents"]);
    assert_eq!(parts(pods, [2, 1], r#"{"x":2}"#, false), ["state.pods.a.ready"]);
}
