//! A Pod: shape, edge, tint and as many words as there is room for.

use scene::{Column, ColumnNote, PodCard, PodLook, SetScene};
use yew::{Callback, Html, html};

use super::geometry::{CARD, Geometry, Level};
use super::glyph::glyph;
use super::pattern_url;
use super::press::press;
use super::said::{brief, detail, fit, name, progress, share_left, width};
use super::shape::{band, classes_of, outline, paper};
use crate::regions::Action;
use crate::view::Frame;

/// How large a card is, and how much it says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// How much there is room for.
    pub level: Level,
    /// Its width, in CSS pixels.
    pub w: f64,
    /// Its height.
    pub h: f64,
    /// No row says on which node it is.
    pub says_node: bool,
}

impl Size {
    /// The size of the cards of a stage.
    pub fn of(g: &Geometry) -> Self {
        Self { level: g.level, w: g.card, h: g.card_h, says_node: g.flat }
    }

    /// A card that says all.
    pub fn whole(w: f64) -> Self {
        Self { level: Level::Full, w, h: CARD, says_node: false }
    }
}

/// How many digits an ordinal has decides how large it is drawn.
fn numeral(ordinal: i64, level: Level) -> &'static str {
    match level {
        Level::Strip => "num n4",
        Level::Full if ordinal < 10 => "num",
        Level::Full if ordinal < 100 => "num n2",
        Level::Narrow | Level::Slim if ordinal < 100 => "num n2",
        Level::Full | Level::Narrow | Level::Slim => "num n3",
    }
}

/// An identity without a Pod: its berth, and why it is empty.
pub fn berth(frame: &Frame, column: &Column, x: f64, g: &Geometry) -> Html {
    let words = frame.words;
    let (y, h, ordinal) = (g.berth_y(), g.berth_h, column.ordinal);
    let lines = match (column.wanted, column.claims.is_empty(), &column.note) {
        (false, false, _) => [words.no_pod.to_owned(), words.disk_kept.to_owned()],
        (false, true, _) => [words.no_pod.to_owned(), String::new()],
        (true, _, ColumnNote::WaitsFor(who)) => ["–".to_owned(), format!("{} {who}", words.waits_for)],
        (true, ..) => ["–".to_owned(), String::new()],
    };
    // Beside the numeral if the berth is low or wide, below it else; a strip has no room at all.
    let (left, first, numeral_at) = match g.level {
        Level::Strip => (None, 0.0, (g.card / 2.0, h / 2.0 + 5.0)),
        Level::Full => (Some(50.0), h / 2.0 - 6.0, (28.0, h / 2.0 + 8.0)),
        Level::Narrow | Level::Slim if h < 60.0 => (Some(44.0), h / 2.0 - 4.0, (24.0, h / 2.0 + 8.0)),
        Level::Narrow | Level::Slim => (Some(16.0), 49.0, (24.0, 29.0)),
    };
    html! {
        <g class="berth" transform={format!("translate({x} {y})")} aria-hidden="true">
            <rect width={g.card.to_string()} height={format!("{h:.1}")} rx="8" class="ghost" />
            <text x={numeral_at.0.to_string()} y={format!("{:.1}", numeral_at.1)} class={format!("{} dim", numeral(ordinal, g.level))} text-anchor="middle">{ordinal}</text>
            {left.filter(|_| h > 40.0).map(|left| html! {
                {for lines.iter().enumerate().map(|(at, line)| html! {
                    <text key={at} x={left.to_string()} y={format!("{:.1}", first + 14.0 * super::geometry::count(at))} class="de de2">
                        {fit(line, g.card - left - 4.0, 5.8)}</text>
                })}
            })}
        </g>
    }
}

/// A Pod's card at (x, y): a button that selects it. The tint of Ready has risen by a share `ready`.
pub fn card(
    frame: &Frame,
    set: &SetScene,
    pod: &PodCard,
    (x, y): (f64, f64),
    (size, ready): (Size, f64),
    on_action: &Callback<Action>,
) -> Html {
    let detail = detail(frame, pod);
    let badge = pod.revision.and_then(|r| set.revisions.get(r));
    let selected = frame.selected.as_ref() == Some(&pod.key);
    let Size { w, h, .. } = size;
    html! {
        <g key={pod.uid.clone()} class={classes_of(pod)} transform={format!("translate({x} {y:.1})")} data-pod={pod.key.name.to_string()}>
            {selected.then(|| html! { <rect x="-5" y="-5" width={(w + 10.0).to_string()} height={(h + 10.0).to_string()} rx="12" class="sel" /> })}
            <g aria-hidden="true">{drawing(frame, set, pod, size, ready)}</g>
            {press(&pod.key, &name(frame.words, pod, &detail, badge.map_or("", |b| b.short.as_str())), (0.0, 0.0, w, h), selected, on_action)}
        </g>
    }
}

/// What is drawn of a Pod.
pub fn drawing(frame: &Frame, set: &SetScene, pod: &PodCard, size: Size, ready: f64) -> Html {
    let Size { level, w, h, .. } = size;
    let badge = pod.revision.and_then(|r| set.revisions.get(r));
    let left = share_left(frame, pod);
    let shape = outline(pod, w, h);
    let wide = if level == Level::Strip { 7.0_f64.min(w / 4.0) } else { 9.0 };
    let ordinal = pod.ordinal.unwrap_or(0);
    let (number_at, glyph_at) = match level {
        Level::Full => ((28.0, 37.0), format!("translate(28 {})", h - 20.0)),
        Level::Narrow | Level::Slim => ((26.0, 30.0), format!("translate({} 16)", w - 16.0)),
        Level::Strip => {
            ((wide + (w - wide) / 2.0, 24.0), format!("translate({} 43)", wide + (w - wide) / 2.0))
        }
    };
    html! {
        <>
            <path d={shape.clone()} class="body" />
            {(ready < 1.0).then(|| html! { <path d={paper(w, h, ready)} class="paper" /> })}
            {pod.unheard.then(|| html! { <path d={shape.clone()} class="hatch" /> })}
            {(pod.look == PodLook::Terminating).then(|| html! { <path d={format!("M{wide} 0H{:.1}V{h}H{wide}Z", wide + (w - 13.0 - wide).max(0.0) * left)} class="fillpart" /> })}
            {progress(frame, pod).map(|p| html! { <path d={format!("M{wide} {}H{:.1}V{}H{wide}Z", h - 3.5, wide + (w - 8.0 - wide) * p, h - 0.5)} class="prog" /> })}
            {(pod.look == PodLook::ImagePull).then(|| html! { <path d={format!("M{} -3H{}V8", w - 16.0_f64.min(w / 3.0), w + 3.0)} class="miss" /> })}
            <path d={band(pod.look, wide, h)} fill={pattern_url(badge.map_or(0, |b| b.pattern))} />
            <path d={shape} class="edge" />
            <text x={number_at.0.to_string()} y={number_at.1.to_string()} class={numeral(ordinal, level)} text-anchor="middle">{pod.ordinal.map_or(String::new(), |o| o.to_string())}</text>
            <g class="gl" transform={glyph_at}>{glyph(pod.look, left)}</g>
            {lines(frame, set, pod, size)}
            <title>{format!("{} {} {}", pod.key.name, pod.ready, pod.word)}</title>
        </>
    }
}

/// The words: three lines, two on a narrow card, one on a slim one.
fn lines(frame: &Frame, set: &SetScene, pod: &PodCard, size: Size) -> Html {
    let Size { level, w, says_node, .. } = size;
    let badge = pod.revision.and_then(|r| set.revisions.get(r));
    let short = badge.map_or("", |b| b.short.as_str());
    match level {
        Level::Full => {
            let third = if short.is_empty() { pod.image.clone() } else { format!("{short} {}", pod.image) };
            let x = if pod.ordinal.is_some_and(|ordinal| ordinal > 99) { 64.0 } else { 50.0 };
            let (x_text, room) = (x.to_string(), w - x - 6.0);
            html! {
                <>
                    {word(&pod.word, x, 25.0, room, 7.2)}
                    <text x={x_text.clone()} y="43" class="de">{fit(&detail(frame, pod), room, 5.75)}</text>
                    <text x={x_text} y="61" class="rv">{fit(&third, room, 6.3)}</text>
                </>
            }
        }
        Level::Narrow => {
            let node = pod.node.as_deref().filter(|_| says_node).unwrap_or("");
            let fact = brief(frame, pod, format!("{short} {node}").trim());
            html! {
            <>
                {word(short_word(&pod.word), 16.0, 50.0, w - 22.0, 6.7)}
                <text x="16" y="65" class="rv">{fit(&fact, w - 20.0, 6.3)}</text>
            </>
            }
        }
        Level::Slim => {
            let room = w - 20.0;
            let (first, second) =
                if width(&pod.word, 6.7) > room { broken(&pod.word) } else { (&*pod.word, "") };
            html! {
                <>
                    {word(first, 16.0, 50.0, room, 6.7)}
                    {if second.is_empty() {
                        html! { <text x="16" y="65" class="rv">{short.to_owned()}</text> }
                    } else {
                        word(second, 16.0, 65.0, room, 6.7)
                    }}
                </>
            }
        }
        Level::Strip => html! {},
    }
}

/// A long word in two parts, broken at a capital near its middle: `ImagePull`, `BackOff`.
fn broken(word: &str) -> (&str, &str) {
    let half = word.len() / 2;
    let capitals = word.char_indices().filter(|(at, c)| *at > 0 && c.is_ascii_uppercase());
    let at = capitals.map(|(at, _)| at).min_by_key(|at| at.abs_diff(half));
    at.map_or((word, ""), |at| word.split_at(at))
}

/// A state's word, which is never cut: one that is too long stands closer.
fn word(text: &str, x: f64, y: f64, room: f64, per_char: f64) -> Html {
    let length = (width(text, per_char) > room).then(|| format!("{room:.0}"));
    let adjust = length.is_some().then_some("spacingAndGlyphs");
    let class = if per_char > 7.0 { "st" } else { "st st2" };
    html! { <text x={x.to_string()} y={y.to_string()} {class} textLength={length} lengthAdjust={adjust}>{text.to_owned()}</text> }
}

/// Kubernetes' longest word has a short form in narrow cards.
fn short_word(word: &str) -> &str {
    match word {
        "ContainerCreating" => "Creating",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::broken;

    #[test]
    fn long_words_break_at_a_capital() {
        assert_eq!(broken("ImagePullBackOff"), ("ImagePull", "BackOff"));
        assert_eq!(broken("CrashLoopBackOff"), ("CrashLoop", "BackOff"));
        assert_eq!(broken("ContainerCreating"), ("Container", "Creating"));
        assert_eq!(broken("Completed"), ("Completed", ""));
    }
}
