//! Writes differences for people. A line that only the recording has begins with `-`, a line that only this
//! engine has with `+`.

use std::fmt::Write;

use apimachinery::Time;
use cluster::{Record, What};
use serde_json::Value;
use session::Run;

use crate::Played;
use crate::difference::Difference;
use crate::recording::{Recording, Step};

/// What was done up to the first step that differs, and its differences; with `all`, those of all steps.
pub fn report(recording: &Recording, played: &Played, all: bool) -> String {
    let mut text = format!("{}: {}\n", recording.id, recording.title);
    let Some(first) = played.steps.iter().position(|found| !found.is_empty()) else {
        text.push_str("  as recorded\n");
        return text;
    };
    for (at, found) in played.steps.iter().enumerate() {
        if at <= first || (all && !found.is_empty()) {
            let said = recording.steps.get(at).map_or_else(|| "the course of it all".to_owned(), Step::said);
            let _ = writeln!(text, "  step {at}: {said}");
            text.extend(found.iter().map(one));
        }
    }
    text
}

/// One difference in full.
pub fn one(difference: &Difference) -> String {
    let (recorded, observed) = (rendered(&difference.recorded), rendered(&difference.observed));
    let (old, new): (Vec<&str>, Vec<&str>) =
        (recorded.iter().map(String::as_str).collect(), observed.iter().map(String::as_str).collect());
    let mut text = format!("    {} (- recorded, + here)\n", difference.part);
    for line in kubectl::diff::unified(&old, &new).lines() {
        let _ = writeln!(text, "      {line}");
    }
    text
}

/// What happened in a step: seconds since its beginning, who, what.
pub fn trace(played: &Played, step: usize) -> String {
    let Some(begun) = played.begins.get(step).copied() else { return String::new() };
    let ends = played.begins.get(step + 1).copied();
    let records = played.run.iter().flat_map(Run::records);
    let records = records.filter(|record| record.at >= begun && ends.is_none_or(|end| record.at < end));
    records.map(|record| line(record, begun)).collect()
}

fn line(record: &Record, begun: Time) -> String {
    let what = match &record.what {
        What::Requested { verb, key, part, result, changes } => {
            let refusal = result.as_ref().err().map(|status| status.message.as_str()).unwrap_or_default();
            format!("{verb} {key} {part} {} changes {refusal}", changes.len())
        }
        What::Decided { key, reason } => format!("{key} {reason:?}"),
        What::Failed { key, message } => format!("{key} failed: {message}"),
        What::Fault(fault) => format!("{fault:?}"),
    };
    let millis = record.at.micros_since(begun) / 1_000;
    format!("{:6}.{:03} {} {what}\n", millis / 1_000, millis % 1_000, record.actor)
}

fn rendered(value: &Value) -> Vec<String> {
    let line = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match value {
        Value::String(text) if text.is_empty() => Vec::new(),
        Value::String(text) => text.split('\n').map(str::to_owned).collect(),
        Value::Array(list) => list.iter().map(line).collect(),
        Value::Null => vec!["(nothing)".to_owned()],
        other => vec![other.to_string()],
    }
}
