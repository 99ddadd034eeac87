//! A claim is a ticket; the volume is the slab that it sits on.

use scene::{ClaimState, ClaimTicket, DiskWrite};
use yew::{Callback, Html, html};

use super::geometry::{Geometry, Level, count};
use super::pattern_url;
use super::press::press;
use super::said::fit;
use crate::regions::Action;
use crate::view::Frame;
use crate::words::clock_seconds;

/// The foot of a slab: a line of words.
const FOOT: f64 = 19.0;
/// The least height of a slab that has a foot.
const FOOTED: f64 = 60.0;

/// A claim with its volume at (x, y); `seat` says how far a fresh volume has come up, from 0 to 1.
pub fn claim(
    frame: &Frame,
    claim: &ClaimTicket,
    ordinal: i64,
    (x, y, seat): (f64, f64, f64),
    g: &Geometry,
    on_action: &Callback<Action>,
) -> Html {
    let (w, high) = (g.card, g.claim_h);
    let strip = g.level == Level::Strip;
    let word = claim.state.word();
    let class = match claim.state {
        ClaimState::Pending => "ticket pending",
        ClaimState::Bound => "ticket bound",
        ClaimState::Terminating => "ticket term",
        ClaimState::Lost => "ticket lost",
    };
    let tall = ticket_height(g);
    let (hole, mid) = (tall / 6.0, tall / 2.0);
    let ticket = format!(
        "M4 0H{}Q{w} 0 {w} 4V{}A{hole} {hole} 0 0 0 {w} {}V{tall}H0V{}A{hole} {hole} 0 0 0 0 {}V4Q0 0 4 0Z",
        w - 4.0,
        mid - hole,
        mid + hole,
        mid + hole,
        mid - hole
    );
    let foot = foot(frame, claim, g.level);
    let name = format!("PVC {}, {word}, {}", claim.key.name, whole_foot(frame, claim).trim());
    let key = claim.key.clone();
    let selected = frame.selected.as_ref() == Some(&key);
    html! {
        <g class="claim" transform={format!("translate({x} {y:.1})")}>
            {selected.then(|| html! { <rect x="-5" y="-5" width={(w + 10.0).to_string()} height={(high + 10.0).to_string()} rx="10" class="selring" /> })}
            <g aria-hidden="true">
                <g transform={(seat < 1.0).then(|| format!("translate(0 {:.1})", 10.0 * (1.0 - seat)))}>
                    {slab(frame, claim, &foot, g)}
                </g>
                <path d={ticket} class={class} />
                {if strip {
                    html! { <text x={(w / 2.0).to_string()} y={(mid + 4.0).to_string()} class="cn" text-anchor="middle">{ordinal}</text> }
                } else {
                    html! { <text x="14" y="19" class="cn">{&*claim.key.name}</text> }
                }}
                {(g.level == Level::Full).then(|| html! { <text x={(w - 14.0).to_string()} y="19" class="cs" text-anchor="end">{word}</text> })}
            </g>
            {press(&key, &name, (0.0, 0.0, w, high), selected, on_action)}
        </g>
    }
}

fn ticket_height(g: &Geometry) -> f64 {
    if g.level == Level::Strip { 18.0 } else { 30.0 }
}

/// Who keeps the claim, or what it asks for.
fn whole_foot(frame: &Frame, claim: &ClaimTicket) -> String {
    let words = frame.words;
    match (&claim.kept_by, &claim.held_on) {
        (Some(pod), _) => format!("{} {pod}", words.kept_by),
        (None, Some(node)) => format!("{} {node}", words.attached_to),
        (None, None) => format!("{} {}", claim.size, claim.class),
    }
}

fn foot(frame: &Frame, claim: &ClaimTicket, level: Level) -> String {
    let is_plain = claim.kept_by.is_none() && claim.held_on.is_none();
    match level {
        Level::Full => whole_foot(frame, claim),
        Level::Narrow | Level::Slim if is_plain => claim.size.clone(),
        Level::Narrow | Level::Slim => whole_foot(frame, claim),
        Level::Strip => String::new(),
    }
}

/// How a write is drawn: how high it is.
const fn line_height(g: &Geometry, bare: bool) -> f64 {
    match (g.level, bare) {
        (Level::Strip, _) => 9.0,
        (Level::Slim | Level::Narrow | Level::Full, true) => 32.0,
        (Level::Slim | Level::Narrow | Level::Full, false) => 16.0,
    }
}

fn slab(frame: &Frame, claim: &ClaimTicket, foot: &str, g: &Geometry) -> Html {
    let (w, top, bottom) = (g.card, ticket_height(g), g.claim_h);
    let r = if g.level == Level::Strip { 5.0 } else { 10.0 };
    let shape = format!(
        "M0 {top}H{w}V{}Q{w} {bottom} {} {bottom}H{r}Q0 {bottom} 0 {}Z",
        bottom - r,
        w - r,
        bottom - r
    );
    let Some(disk) = &claim.disk else {
        return html! {
            <>
                <path d={shape} class="slab none" />
                <text x="12" y={(bottom - 6.0).to_string()} class="ft">{fit(foot, w - 20.0, 6.6)}</text>
            </>
        };
    };
    // With room to spare an entry has two lines: who; how much, and when.
    let bare = bottom > 120.0;
    let footed = bottom - top > FOOTED;
    let step = line_height(g, bare);
    let room = bottom - top - if footed { FOOT } else { 0.0 } - 8.0;
    let skip = disk.writes.len().saturating_sub(lines_in(room, step));
    let more = more(frame, skip, g.level);
    let foot = fit(foot, w - 28.0 - 6.6 * count(more.chars().count()), 6.6);
    html! {
        <>
            <path d={shape} class="slab" />
            {footed.then(|| html! {
                <>
                    <path d={format!("M0 {}H{w}", bottom - FOOT)} class="platter" />
                    <text x="12" y={(bottom - 6.0).to_string()} class="ft">{foot}</text>
                    {(skip > 0).then(|| html! { <text x={(w - 10.0).to_string()} y={(bottom - 6.0).to_string()} text-anchor="end" class="ft">{more}</text> })}
                </>
            })}
            {for disk.writes.iter().skip(skip).enumerate().map(|(i, write)| {
                entry(frame, write, (i, top + 10.0 + step * count(i)), bare, g)
            })}
        </>
    }
}

/// How many lines of this height fit.
fn lines_in(room: f64, step: f64) -> usize {
    (1..8).take_while(|lines| count(*lines) * step <= room).last().unwrap_or(1)
}

fn more(frame: &Frame, skip: usize, level: Level) -> String {
    match level {
        _ if skip == 0 => String::new(),
        Level::Full => format!("+{skip} {}", frame.words.more_lines),
        Level::Narrow | Level::Slim => format!("+{skip}"),
        Level::Strip => String::new(),
    }
}

/// What somebody wrote: whose revision, when, how much.
fn entry(frame: &Frame, write: &DiskWrite, (i, y): (usize, f64), bare: bool, g: &Geometry) -> Html {
    let pattern = pattern_url(write.pattern);
    let (when, much) = (clock_seconds(write.at_micros), format!("{} B", write.bytes));
    let mark = |wide: f64, high: f64| {
        html! { <rect x={if wide > 10.0 { "6" } else { "12" }} y={y.to_string()} width={wide.to_string()} height={high.to_string()} fill={pattern} /> }
    };
    let base = (y + 9.0).to_string();
    let time_wide = 6.8 * count(when.len());
    let drawn = match g.level {
        Level::Strip => mark((g.card - 12.0).max(11.0), 5.0),
        Level::Slim | Level::Narrow | Level::Full if bare => {
            let words = frame.words;
            let first = if g.level == Level::Full {
                format!("{} {}", write.writer, words.wrote)
            } else {
                write.writer.clone()
            };
            html! {
                <>
                    {mark(7.0, 10.0)}
                    <text x="25" y={base} class="lg">{fit(&first, g.card - 30.0, 6.7)}</text>
                    <text x="25" y={(y + 23.0).to_string()} class="lg t">{fit(&words.at(&much, &when), g.card - 28.0, 6.7)}</text>
                </>
            }
        }
        Level::Slim => html! { <>{mark(7.0, 10.0)}<text x="25" y={base} class="lg">{much}</text></> },
        Level::Narrow | Level::Full => {
            let text = if g.level == Level::Full {
                fit(&format!("{} {} {much}", write.writer, frame.words.wrote), g.card - 34.0 - time_wide, 6.7)
            } else {
                much
            };
            html! {
                <>
                    {mark(7.0, 10.0)}
                    <text x="25" y={base.clone()} class="lg t">{when}</text>
                    <text x={(33.0 + time_wide).to_string()} y={base} class="lg">{text}</text>
                </>
            }
        }
    };
    html! { <g key={i}><title>{&write.text}</title>{drawn}</g> }
}
