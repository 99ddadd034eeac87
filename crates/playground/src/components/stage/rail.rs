//! The order rail: who has had a turn, whose turn it is, who waits.

use scene::{Bead, Column, ColumnNote, OrderKind, SetScene};
use yew::{Html, html};

use super::geometry::{Geometry, Level, count};
use super::said::{fit, width};
use crate::view::Frame;

/// The word beside a column's head, and whether it stands out; a shorter one where there is no room for it.
pub fn note(frame: &Frame, set: &SetScene, column: &Column, g: &Geometry) -> (String, bool) {
    let words = frame.words;
    let room = g.card - 8.0 * count(column.name.chars().count()) - 8.0;
    let say = |word: &str, short: &str, strong: bool| {
        let text = [word, short].into_iter().find(|text| width(text, 6.2) <= room).unwrap_or("");
        (text.to_owned(), strong)
    };
    match &column.note {
        ColumnNote::None => (String::new(), false),
        ColumnNote::Done => say(words.done, "", false),
        ColumnNote::Now => say(words.next_up, "", true),
        ColumnNote::WaitsFor(name) => say(&format!("{} {name}", words.waits_for), words.waits, false),
        ColumnNote::BlocksAll => say(words.blocks_all, words.stuck, true),
        ColumnNote::UpToDate => say(words.up_to_date, words.done, false),
        ColumnNote::ScaledAway => say(words.scaled_away, "", false),
        ColumnNote::Held => {
            let revision = column.pod.as_ref().and_then(|pod| set.revisions.get(pod.revision?));
            let short = revision.map_or("", |revision| revision.short.as_str());
            say(&format!("{} {short}", words.held_at), words.held, false)
        }
    }
}

/// The rail above the heads; nothing when nothing is owed.
pub fn rail(frame: &Frame, set: &SetScene, g: &Geometry) -> Html {
    let Some(order) = &set.order else { return html! {} };
    let words = frame.words;
    let label = match order.kind {
        OrderKind::Create => words.create_order,
        OrderKind::Update => words.update_order,
        OrderKind::Remove => words.remove_order,
        OrderKind::Parallel => words.parallel_order,
        OrderKind::Delete => words.no_order,
    };
    // In a strip it stands beside the partition's handle.
    let (label_y, label_room) = if g.level == Level::Strip { (24.0, 24.0) } else { (g.head, 14.0) };
    let x = |at: usize| g.spine(at);
    let beads: Vec<(usize, Bead)> =
        order.beads.iter().copied().enumerate().filter(|(_, b)| *b != Bead::None).collect();
    let is_ordered = !matches!(order.kind, OrderKind::Parallel | OrderKind::Delete);
    let downwards = matches!(order.kind, OrderKind::Update | OrderKind::Remove);
    html! {
        <g class="order" role="img" aria-label={label}>
            {(!g.flat).then(|| html! { <text x="16" y={label_y.to_string()} class="gut2">{fit(label, g.gutter() - label_room, 5.6)}</text> })}
            {for beads.windows(2).filter(|_| is_ordered).filter_map(|pair| match pair {
                [left, right] => Some(link(*left, *right, downwards, &x)),
                _ => None,
            })}
            {is_ordered.then(|| arrow(&beads, downwards, &x))}
            {for beads.iter().map(|(at, bead)| draw(*bead, x(*at), g.level))}
        </g>
    }
}

/// The line between two beads: drawn through once the earlier one is done.
fn link(left: (usize, Bead), right: (usize, Bead), downwards: bool, x: &impl Fn(usize) -> f64) -> Html {
    let earlier = if downwards { right.1 } else { left.1 };
    let class = if earlier == Bead::Done { "rail" } else { "rail todo" };
    let (from, to) = (x(left.0) + 9.0, x(right.0) - 9.0);
    if to <= from {
        return html! {};
    }
    html! { <path d={format!("M{from} 20H{to}")} {class} /> }
}

/// The order's direction, at its last bead; none once that is done, or if it is the only one.
fn arrow(beads: &[(usize, Bead)], downwards: bool, x: &impl Fn(usize) -> f64) -> Html {
    let last = if downwards { beads.first() } else { beads.last() };
    let Some((at, bead)) = last.filter(|(_, bead)| *bead != Bead::Done && beads.len() > 1) else {
        return html! {};
    };
    let (away, back) = if downwards { (10.0, 6.0) } else { (-10.0, -6.0) };
    let tip = x(*at) + away + if *bead == Bead::Waiting { 0.0 } else { away / 5.0 };
    html! { <path d={format!("M{} 16.5L{tip} 20L{} 23.5", tip + back, tip + back)} class="rail tip" /> }
}

fn draw(bead: Bead, x: f64, level: Level) -> Html {
    let cx = x.to_string();
    let small = level == Level::Strip;
    match bead {
        Bead::None => html! {},
        Bead::Done if small => html! { <circle cx={cx} cy="20" r="4.5" class="bead done" /> },
        Bead::Done => html! {
            <><circle cx={cx} cy="20" r="7" class="bead done" /><path d={format!("M{} 20.2l2.2 2.2 4-4.5", x - 3.0)} class="chk" /></>
        },
        Bead::Now => html! {
            <><circle cx={cx.clone()} cy="20" r="8" class="beadring" /><circle cx={cx} cy="20" r="5" class="bead now" /></>
        },
        Bead::Waiting => {
            html! { <circle cx={cx} cy="20" r={if small { "3.5" } else { "5" }} class="bead" /> }
        }
        Bead::Blocked => html! {
            <><rect x={(x - 6.0).to_string()} y="14" width="12" height="12" class="bead stop" /><path d={format!("M{} 20h6", x - 3.0)} class="chk" /></>
        },
    }
}
