//! A difference as a person reads it: lines that only the recording has begin with `-`, lines that only
//! this engine has with `+`.

use std::fmt::Write;

use serde_json::Value;

use super::compare::Difference;
use super::player::Outcome;
use super::recording::Recording;

/// Lines kept around a difference.
const CONTEXT: usize = 3;

/// The first step that differs, with all its differences.
pub fn first(recording: &Recording, outcome: &Outcome) -> String {
    let mut text = format!("{}: {}\n", recording.id, recording.title);
    let Some((at, differences)) = outcome.first() else {
        text.push_str("  as recorded\n");
        return text;
    };
    for (index, step) in recording.steps.iter().enumerate().take(at + 1) {
        let _ = writeln!(text, "  step {index}: {}", step.said());
    }
    for difference in differences {
        text.push_str(&one(difference));
    }
    text
}

/// One difference in full.
pub fn one(difference: &Difference) -> String {
    let (recorded, observed) = (rendered(&difference.recorded), rendered(&difference.observed));
    let mut text = format!("    {} (- recorded, + here)\n", difference.part);
    for line in diff(&recorded, &observed) {
        let _ = writeln!(text, "      {line}");
    }
    text
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

/// The longest common lines stay; far from a difference they are left out.
fn diff(old: &[String], new: &[String]) -> Vec<String> {
    let mut common = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] = if old[i] == new[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j, mut lines) = (0, 0, Vec::new());
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            lines.push(format!("  {}", old[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && common[i + 1][j] >= common[i][j + 1]) {
            lines.push(format!("- {}", old[i]));
            i += 1;
        } else {
            lines.push(format!("+ {}", new[j]));
            j += 1;
        }
    }
    near(&lines)
}

fn near(lines: &[String]) -> Vec<String> {
    let differs: Vec<usize> = (0..lines.len()).filter(|&at| !lines[at].starts_with("  ")).collect();
    let mut kept = Vec::new();
    let mut skipped = false;
    for (at, line) in lines.iter().enumerate() {
        if differs.iter().any(|&other| other.abs_diff(at) <= CONTEXT) {
            kept.push(line.clone());
            skipped = false;
        } else if !skipped {
            kept.push("  …".to_owned());
            skipped = true;
        }
    }
    kept
}

#[test]
fn a_difference_shows_both_sides_and_what_is_near() {
    let lines = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let shown = diff(&lines("a b c d e f g"), &lines("a b c d e x g"));
    assert_eq!(shown, ["  …", "  c", "  d", "  e", "- f", "+ x", "  g"]);
}
