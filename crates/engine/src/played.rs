//! A recording, played and compared, as JSON; `types.d.ts` describes it.

use conformance::{Chance, Step, area, known, read, report};
use serde_json::{Value, json};

/// Plays a recording, given as the text of its file.
///
/// # Errors
/// The text is no recording.
pub fn play(text: &str) -> Result<Value, String> {
    let recording = read(text)?;
    let played = conformance::play(&recording, Chance::default());
    let known = known::known(known::COMMITTED)?;
    let known = known.get(&recording.id);
    let why = |step: usize| known.and_then(|steps| steps.get(&step));
    let steps = played.steps.iter().enumerate().map(|(at, found)| {
        let differences = found.iter().map(|each| json!({"part": each.part, "diff": report::one(each)}));
        let step = recording.steps.get(at);
        json!({
            "did": step.map_or_else(String::new, Step::said),
            "manifest": step.map_or("", Step::manifest),
            "answer": step.map_or_else(String::new, Step::answer),
            "known": why(at),
            "differences": differences.collect::<Vec<_>>(),
        })
    });
    let area = area::of(&recording.id)
        .map(|area| json!({"letter": area.letter.to_string(), "en": area.english, "zh-CN": area.chinese}));
    Ok(json!({
        "id": recording.id, "title": recording.title, "area": area,
        "passed": played.differing().all(|step| why(step).is_some()),
        "steps": steps.collect::<Vec<_>>(),
    }))
}
