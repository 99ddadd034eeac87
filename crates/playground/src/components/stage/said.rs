//! What a card says in words, and how much of it fits.

use scene::{PodCard, PodDetail, PodLook};

use crate::view::Frame;
use crate::words::{Words, clock_seconds, span};

/// About how wide a text is, in characters of this width; a Chinese one counts for nearly two.
pub fn width(text: &str, per_char: f64) -> f64 {
    text.chars().map(|c| if c.is_ascii() { 1.0 } else { 1.8 }).sum::<f64>() * per_char
}

/// Cuts a text that does not fit at a word's end; a name is never cut in its middle.
pub fn fit(text: &str, room: f64, per_char: f64) -> String {
    if width(text, per_char) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for word in text.split_inclusive(' ') {
        if width(&kept, per_char) + width(word, per_char) > room && !kept.is_empty() {
            break;
        }
        kept.push_str(word);
    }
    kept.trim_end().to_owned()
}

/// The second line of a narrow card.
pub fn brief(frame: &Frame, pod: &PodCard, revision: &str) -> String {
    let until = |t: &apimachinery::Time| span(frame.since_start(*t) - frame.now, frame.lang);
    match &pod.detail {
        PodDetail::Grace { ends, .. } => frame.words.left(&until(ends)),
        PodDetail::RetryAt { at: Some(at), .. } => frame.words.again(&until(at)),
        PodDetail::WaitsForClaim(claim) => claim.clone(),
        PodDetail::Pulling { since, until: Some(until) } => {
            let (done, whole) = (frame.now - frame.since_start(*since), until.micros_since(*since));
            frame.words.part(&span(done.min(whole), frame.lang), &span(whole, frame.lang))
        }
        PodDetail::NodeSilent(since) => {
            let ago = clock_seconds(frame.now - frame.since_start(*since));
            format!("{}{}{ago}", frame.words.silent_short, frame.words.comma)
        }
        PodDetail::Believed => frame.words.believed_short.to_owned(),
        PodDetail::Ended => frame.words.ended_short.to_owned(),
        PodDetail::NoNode(_) => frame.words.no_node_fits.to_owned(),
        PodDetail::None
        | PodDetail::Since(_)
        | PodDetail::Pulling { until: None, .. }
        | PodDetail::Starting
        | PodDetail::NotReady(_)
        | PodDetail::RetryAt { at: None, .. }
        | PodDetail::Exited { .. } => revision.to_owned(),
    }
}

/// The share of the grace period that is left.
pub fn share_left(frame: &Frame, pod: &PodCard) -> f64 {
    if pod.detail == PodDetail::Ended {
        return 0.0;
    }
    let PodDetail::Grace { began, ends } = &pod.detail else { return 1.0 };
    let whole = ends.micros_since(*began).max(1);
    ratio(frame.since_start(*ends) - frame.now, whole)
}

/// How far a pull has come.
pub fn progress(frame: &Frame, pod: &PodCard) -> Option<f64> {
    let PodDetail::Pulling { since, until: Some(until) } = &pod.detail else { return None };
    let whole = until.micros_since(*since).max(1);
    Some(ratio(frame.now - frame.since_start(*since), whole))
}

#[allow(clippy::cast_precision_loss)] // a share for drawing
fn ratio(part: i64, whole: i64) -> f64 {
    (part as f64 / whole as f64).clamp(0.0, 1.0)
}

/// The second line.
pub fn detail(frame: &Frame, pod: &PodCard) -> String {
    let words = frame.words;
    let ago = |t: &apimachinery::Time| span(frame.now - frame.since_start(*t), frame.lang);
    let until = |t: &apimachinery::Time| span(frame.since_start(*t) - frame.now, frame.lang);
    let node = pod.node.as_deref().unwrap_or("");
    match &pod.detail {
        PodDetail::None => String::new(),
        PodDetail::NoNode(_) => words.no_node_fits.to_owned(),
        PodDetail::WaitsForClaim(claim) => format!("{} {claim}", words.waits_for),
        PodDetail::Pulling { since, until: Some(until) } => {
            let seconds = |micros: i64| span(micros, frame.lang);
            let (done, whole) = (frame.now - frame.since_start(*since), until.micros_since(*since));
            words.part_of(words.pulling, &seconds(done.min(whole)), &seconds(whole))
        }
        PodDetail::Pulling { .. } => words.pulling.to_owned(),
        PodDetail::Starting => words.starting.to_owned(),
        PodDetail::Since(since) => words.for_on(&ago(since), node),
        PodDetail::NotReady(said) if said.is_empty() => words.not_ready_yet.to_owned(),
        PodDetail::NotReady(said) => said.clone(),
        PodDetail::Grace { ends, .. } => words.grace(&until(ends)),
        PodDetail::RetryAt { at, exit_code } => {
            let exit = exit_code.map(|c| format!("{} {c}", words.exit)).unwrap_or_default();
            let again = at.map(|at| words.again(&until(&at))).unwrap_or_default();
            let comma = if exit.is_empty() || again.is_empty() { "" } else { words.comma };
            format!("{exit}{comma}{again}")
        }
        PodDetail::Exited { exit_code, reason } => {
            format!("{} {exit_code}{}{reason}", words.exit, words.comma)
        }
        PodDetail::Believed => words.so_believed.to_owned(),
        PodDetail::Ended => words.process_ended.to_owned(),
        PodDetail::NodeSilent(since) => format!(
            "{node} {}{}{}",
            words.silent,
            words.comma,
            clock_seconds(frame.now - frame.since_start(*since))
        ),
    }
}

/// The accessible name: `Pod web-1, Terminating, 8.8 s of grace left, revision 774c, node-3`.
pub fn name(words: &'static Words, pod: &PodCard, detail: &str, revision: &str) -> String {
    // A Pod that is ready says both words: what kubectl prints, and what everything waits for.
    let state = if pod.word == "Ready" { "Running, Ready" } else { pod.word.as_str() };
    let mut parts = vec![format!("Pod {}", pod.key.name), state.to_owned()];
    if !detail.is_empty() && (pod.look != PodLook::Ready || pod.unheard) {
        parts.push(detail.to_owned());
    }
    if !revision.is_empty() {
        parts.push(format!("{} {revision}", words.only));
    }
    parts.extend(pod.node.clone());
    parts.join(", ")
}
