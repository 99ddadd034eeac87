//! A Pod: shape, edge, tint and two lines of words.

use scene::{PodCard, PodDetail, PodLook, SetScene};
use yew::{Callback, Html, html};

use super::geometry::{CARD, Geometry, count};
use super::glyph::glyph;
use super::pattern_url;
use super::press::press;
use crate::regions::Action;
use crate::view::Frame;
use crate::words::span;

/// Cards wider than this have room for three lines, in CSS pixels.
const ROOMY: f64 = 150.0;

/// An identity without a Pod: its berth.
pub fn berth(ordinal: i64, x: f64, g: &Geometry) -> Html {
    let y = g.berth_y();
    html! {
        <g class="berth" transform={format!("translate({x} {y})")} aria-hidden="true">
            <rect width={g.card.to_string()} height={CARD.to_string()} rx="8" class="ghost" />
            <text x="28" y="45" class="num dim" text-anchor="middle">{ordinal}</text>
        </g>
    }
}

/// A Pod's card at (x, y), `w` wide: a button that selects it. The tint of Ready has risen by a share `ready`.
pub fn card(
    frame: &Frame,
    set: &SetScene,
    pod: &PodCard,
    (x, y, w): (f64, f64, f64),
    ready: f64,
    on_action: &Callback<Action>,
) -> Html {
    let detail = detail(frame, pod);
    let badge = pod.revision.and_then(|r| set.revisions.get(r));
    let selected = frame.selected.as_ref() == Some(&pod.key);
    html! {
        <g key={pod.uid.clone()} class={classes_of(pod.look)} transform={format!("translate({x} {y})")} data-pod={pod.key.name.to_string()}>
            {selected.then(|| html! { <rect x="-5" y="-5" width={(w + 10.0).to_string()} height="86" rx="12" class="sel" /> })}
            <g aria-hidden="true">{drawing(frame, set, pod, w, ready)}</g>
            {press(&pod.key, &name(frame, pod, &detail, badge.map_or("", |b| b.short.as_str())), (0.0, 0.0, w, CARD), selected, on_action)}
        </g>
    }
}

/// The classes of a card with this look.
pub fn classes_of(look: PodLook) -> String {
    let (state, kind) = classes(look);
    format!("pod {state} {kind}")
}

/// What is drawn of a Pod.
pub fn drawing(frame: &Frame, set: &SetScene, pod: &PodCard, w: f64, ready: f64) -> Html {
    let badge = pod.revision.and_then(|r| set.revisions.get(r));
    let left = share_left(frame, pod);
    let shape = outline(pod.look, w);
    let glyph_at =
        if w > ROOMY { "translate(28 56)".to_owned() } else { format!("translate({} 14)", w - 14.0) };
    html! {
        <>
            <path d={shape.clone()} class="body" />
            {(ready < 1.0).then(|| html! { <path d={paper(w, ready)} class="paper" /> })}
            {(pod.look == PodLook::Unknown).then(|| html! { <path d={shape.clone()} class="hatch" /> })}
            {(pod.look == PodLook::Terminating).then(|| html! { <path d={format!("M9 0H{:.1}V76H9Z", 9.0 + (w - 22.0) * left)} class="fillpart" /> })}
            {progress(frame, pod).map(|p| html! { <path d={format!("M9 72.5H{:.1}V75.5H9Z", 9.0 + (w - 17.0) * p)} class="prog" /> })}
            {(pod.look == PodLook::ImagePull).then(|| html! { <path d={format!("M{} -3H{}V8", w - 16.0, w + 3.0)} class="miss" /> })}
            <path d={if pod.look == PodLook::Failed { "M0 0H9V76H0Z" } else { "M8 0H9V76H8Q0 76 0 68V8Q0 0 8 0Z" }}
                fill={pattern_url(badge.map_or(0, |b| b.pattern))} />
            <path d={shape} class="edge" />
            <text x="28" y="37" class="num" text-anchor="middle">{pod.ordinal.map_or(String::new(), |o| o.to_string())}</text>
            <g class="gl" transform={glyph_at}>{glyph(pod.look, left)}</g>
            {lines(frame, set, pod, w)}
            <title>{format!("{} {} {}", pod.key.name, pod.ready, pod.word)}</title>
        </>
    }
}

/// The part of a card that the rising tint has not reached yet.
fn paper(w: f64, risen: f64) -> String {
    let foot = (CARD * (1.0 - risen)).max(8.0);
    format!("M8 0H{}Q{w} 0 {w} 8V{foot:.1}H0V8Q0 0 8 0Z", w - 8.0)
}

/// The words: three lines, two on a narrow card.
fn lines(frame: &Frame, set: &SetScene, pod: &PodCard, w: f64) -> Html {
    let badge = pod.revision.and_then(|r| set.revisions.get(r));
    let short = badge.map_or("", |b| b.short.as_str());
    if w > ROOMY {
        let third = if short.is_empty() { pod.image.clone() } else { format!("{short} {}", pod.image) };
        html! {
            <>
                {word(&pod.word, 50.0, 25.0, w - 56.0, 7.2)}
                <text x="50" y="43" class="de">{fit(&detail(frame, pod), w - 56.0, 6.0)}</text>
                <text x="50" y="61" class="rv">{fit(&third, w - 56.0, 6.3)}</text>
            </>
        }
    } else {
        html! {
            <>
                {word(short_word(&pod.word), 16.0, 56.0, w - 22.0, 6.7)}
                <text x="16" y="69" class="rv">{fit(&brief(frame, pod, short), w - 20.0, 6.3)}</text>
            </>
        }
    }
}

/// A state's word, which is never cut: one that is too long stands closer.
fn word(text: &str, x: f64, y: f64, room: f64, per_char: f64) -> Html {
    let length = (width(text, per_char) > room).then(|| format!("{room:.0}"));
    let adjust = length.is_some().then_some("spacingAndGlyphs");
    let class = if room > ROOMY - 56.0 { "st" } else { "st st2" };
    html! { <text x={x.to_string()} y={y.to_string()} {class} textLength={length} lengthAdjust={adjust}>{text.to_owned()}</text> }
}

/// About how wide a text is, in characters of this width; a Chinese one counts for nearly two.
pub fn width(text: &str, per_char: f64) -> f64 {
    text.chars().map(|c| if c.is_ascii() { 1.0 } else { 1.8 }).sum::<f64>() * per_char
}

/// The second line of a narrow card.
fn brief(frame: &Frame, pod: &PodCard, revision: &str) -> String {
    let until = |t: &apimachinery::Time| span(frame.since_start(*t) - frame.now, frame.lang);
    match &pod.detail {
        PodDetail::Grace { ends, .. } => frame.words.left(&until(ends)),
        PodDetail::RetryAt { at: Some(at), .. } => frame.words.again(&until(at)),
        PodDetail::WaitsForClaim(claim) => claim.clone(),
        PodDetail::Since(_) | PodDetail::Pulling { .. } | PodDetail::Starting => {
            format!("{revision} {}", pod.node.as_deref().unwrap_or("")).trim().to_owned()
        }
        _ => detail(frame, pod),
    }
}

/// Kubernetes' longest word has a short form in narrow cards.
fn short_word(word: &str) -> &str {
    match word {
        "ContainerCreating" => "Creating",
        other => other,
    }
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

fn classes(look: PodLook) -> (&'static str, &'static str) {
    match look {
        PodLook::Pending => ("s-idle", "k-unscheduled"),
        PodLook::PendingOnClaim => ("s-busy", "k-claim"),
        PodLook::Creating => ("s-busy", "k-creating"),
        PodLook::Running => ("s-busy", "k-notready"),
        PodLook::Ready => ("s-ready", "k-ready"),
        PodLook::Terminating => ("s-gone", "k-term"),
        PodLook::CrashLoop => ("s-bad", "k-crash"),
        PodLook::ImagePull => ("s-bad", "k-image"),
        PodLook::Failed => ("s-bad", "k-failed"),
        PodLook::Succeeded => ("s-gone", "k-done"),
        PodLook::Unknown => ("s-gone", "k-unknown"),
    }
}

fn outline(look: PodLook, w: f64) -> String {
    let r = w - 8.0;
    match look {
        PodLook::Terminating => {
            format!("M8 0H{}L{w} 13V63L{} 76H8Q0 76 0 68V8Q0 0 8 0Z", w - 13.0, w - 13.0)
        }
        PodLook::ImagePull => {
            format!("M8 0H{}V12H{w}V68Q{w} 76 {r} 76H8Q0 76 0 68V8Q0 0 8 0Z", w - 22.0)
        }
        PodLook::Failed => format!("M0 0H{w}V76H0Z"),
        PodLook::CrashLoop => {
            let teeth = 18_usize;
            let step = (w - 18.0) / count(teeth);
            let foot: String = (0..=teeth)
                .map(|i| format!("L{:.1} {}", r - step * count(i), if i % 2 == 0 { 76 } else { 70 }))
                .collect();
            format!("M8 0H{r}Q{w} 0 {w} 8V72{foot}L8 76Q0 76 0 68V8Q0 0 8 0Z")
        }
        PodLook::Pending
        | PodLook::PendingOnClaim
        | PodLook::Creating
        | PodLook::Running
        | PodLook::Ready
        | PodLook::Succeeded
        | PodLook::Unknown => {
            format!("M8 0H{r}Q{w} 0 {w} 8V68Q{w} 76 {r} 76H8Q0 76 0 68V8Q0 0 8 0Z")
        }
    }
}

/// The share of the grace period that is left.
fn share_left(frame: &Frame, pod: &PodCard) -> f64 {
    let PodDetail::Grace { began, ends } = &pod.detail else { return 1.0 };
    let whole = ends.micros_since(*began).max(1);
    ratio(frame.since_start(*ends) - frame.now, whole)
}

/// How far a pull has come.
fn progress(frame: &Frame, pod: &PodCard) -> Option<f64> {
    let PodDetail::Pulling { since, until: Some(until) } = &pod.detail else { return None };
    let whole = until.micros_since(*since).max(1);
    Some(ratio(frame.now - frame.since_start(*since), whole))
}

#[allow(clippy::cast_precision_loss)] // a share for drawing
fn ratio(part: i64, whole: i64) -> f64 {
    (part as f64 / whole as f64).clamp(0.0, 1.0)
}

/// The second line.
fn detail(frame: &Frame, pod: &PodCard) -> String {
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
        PodDetail::NodeSilent(since) => format!("{node} {}{}{}", words.silent, words.comma, ago(since)),
    }
}

/// The accessible name: `Pod web-1, Terminating, 8.8 s of grace left, revision 774c, node-3`.
fn name(frame: &Frame, pod: &PodCard, detail: &str, revision: &str) -> String {
    // A Pod that is ready says both words: what kubectl prints, and what everything waits for.
    let state = if pod.look == PodLook::Ready { "Running, Ready" } else { pod.word.as_str() };
    let mut parts = vec![format!("Pod {}", pod.key.name), state.to_owned()];
    if !detail.is_empty() && pod.look != PodLook::Ready {
        parts.push(detail.to_owned());
    }
    if !revision.is_empty() {
        parts.push(format!("{} {revision}", frame.words.only));
    }
    parts.extend(pod.node.clone());
    parts.join(", ")
}
