//! The list of steps that are known to differ, each with its reason.

use std::collections::BTreeMap;

/// The committed list: `<recording> <step> <why>` a line; `#` begins a remark. Steps count from 0; the one
/// after the last stands for the course of a recording of a node.
pub const COMMITTED: &str = include_str!("../../../tests/conformance/known-differences.txt");

/// The steps that are known to differ, by recording; each with its reason.
pub type Known = BTreeMap<String, BTreeMap<usize, String>>;

/// Reads a list.
///
/// # Errors
/// The line that is not of the form `<recording> <step> <why>`.
pub fn known(list: &str) -> Result<Known, String> {
    let mut known = Known::new();
    for line in list.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let mut words = line.splitn(3, ' ');
        let (Some(id), Some(step), Some(why)) = (words.next(), words.next(), words.next()) else {
            return Err(format!("`{line}` is not `<recording> <step> <why>`"));
        };
        let step = step.parse().map_err(|_| format!("`{line}`: `{step}` is no step"))?;
        known.entry(id.to_owned()).or_default().insert(step, why.to_owned());
    }
    Ok(known)
}

#[test]
fn a_line_has_a_recording_a_step_and_a_reason() {
    let list = known("# a remark\n\nT45 5 because of that\nT45 7 so\n").expect("a list");
    assert_eq!(list.get("T45").and_then(|steps| steps.get(&5)).map(String::as_str), Some("because of that"));
    assert!(known("T45 5").is_err() && known("T45 five because").is_err());
}
