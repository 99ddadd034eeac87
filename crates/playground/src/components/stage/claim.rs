//! A claim is a ticket; the volume is the slab that it sits on.

use scene::{ClaimState, ClaimTicket, Disk, SetScene};
use yew::{Callback, Html, html};

use super::card::fit;
use super::geometry::count;
use super::pattern_url;
use super::press::press;
use crate::regions::Action;
use crate::view::Frame;
use crate::words::clock_seconds;

/// How many lines of a volume's log fit.
const LINES: usize = 3;

/// A claim with its volume, at (x, y) and `w` wide; `seat` says how far a fresh volume has come up, from 0 to 1.
pub fn claim(
    frame: &Frame,
    set: &SetScene,
    claim: &ClaimTicket,
    (x, y, w): (f64, f64, f64),
    seat: f64,
    on_action: &Callback<Action>,
) -> Html {
    let (class, word) = match claim.state {
        ClaimState::Pending => ("ticket pending", "Pending"),
        ClaimState::Bound => ("ticket bound", "Bound"),
        ClaimState::Terminating => ("ticket term", "Terminating"),
        ClaimState::Lost => ("ticket lost", "Lost"),
    };
    let ticket =
        format!("M4 0H{}Q{w} 0 {w} 4V10A5 5 0 0 0 {w} 20V30H0V20A5 5 0 0 0 0 10V4Q0 0 4 0Z", w - 4.0);
    let foot = claim.kept_by.as_ref().map_or_else(
        || format!("{} {}", claim.size, claim.class),
        |pod| format!("{} {pod}", frame.words.kept_by),
    );
    let name = format!("PVC {}, {word}, {}", claim.key.name, foot.trim());
    let key = claim.key.clone();
    let selected = frame.selected.as_ref() == Some(&key);
    html! {
        <g class="claim" transform={format!("translate({x} {y})")}>
            {selected.then(|| html! { <rect x="-5" y="-5" width={(w + 10.0).to_string()} height="116" rx="10" class="selring" /> })}
            <g aria-hidden="true">
                <g transform={(seat < 1.0).then(|| format!("translate(0 {:.1})", 10.0 * (1.0 - seat)))}>
                    {slab(frame, set, claim.disk.as_ref(), foot.trim(), w)}
                </g>
                <path d={ticket} class={class} />
                <text x="14" y="19" class="cn">{&*claim.key.name}</text>
                {(w > 150.0).then(|| html! { <text x={(w - 14.0).to_string()} y="19" class="cs" text-anchor="end">{word}</text> })}
            </g>
            {press(&key, &name, (0.0, 0.0, w, 106.0), selected, on_action)}
        </g>
    }
}

fn slab(frame: &Frame, set: &SetScene, disk: Option<&Disk>, foot: &str, w: f64) -> Html {
    let shape = format!("M0 30H{w}V96Q{w} 106 {} 106H10Q0 106 0 96Z", w - 10.0);
    let Some(disk) = disk else {
        return html! {
            <>
                <path d={shape} class="slab none" />
                <text x="12" y="100" class="ft">{fit(foot, w - 20.0, 6.6)}</text>
            </>
        };
    };
    let skip = disk.writes.len().saturating_sub(LINES);
    let more = if skip > 0 { format!("+{skip} {}", frame.words.more_lines) } else { String::new() };
    let foot = fit(foot, w - 28.0 - 6.6 * count(more.chars().count()), 6.6);
    html! {
        <>
            <path d={shape} class="slab" />
            <path d={format!("M0 87H{w}")} class="platter" />
            <text x="12" y="100" class="ft">{foot}</text>
            {(skip > 0).then(|| html! { <text x={(w - 12.0).to_string()} y="100" text-anchor="end" class="ft">{more}</text> })}
            {for disk.writes.iter().skip(skip).enumerate().map(|(i, write)| {
                let y = 40.0 + 16.0 * count(i);
                let pattern = write.revision.and_then(|r| set.revisions.get(r)).map_or(0, |r| r.pattern);
                let text = if w > 150.0 {
                    format!("{} {} {} B", write.writer, frame.words.wrote, write.bytes)
                } else {
                    format!("{} B", write.bytes)
                };
                html! {
                    <g key={i}>
                        <title>{&write.text}</title>
                        <rect x="12" y={y.to_string()} width="7" height="10" fill={pattern_url(pattern)} />
                        <text x="25" y={(y + 9.0).to_string()} class="lg t">{clock_seconds(write.at_micros)}</text>
                        <text x="61" y={(y + 9.0).to_string()} class="lg">{text}</text>
                    </g>
                }
            })}
        </>
    }
}
