//! The order rail: who has had a turn, whose turn it is, who waits.

use scene::{Bead, Column, ColumnNote, OrderKind, SetScene};
use yew::{Html, html};

use super::card;
use super::geometry::{Geometry, count};
use crate::view::Frame;

/// The word beside a column's head, and whether it stands out; a shorter one where there is no room for it.
pub fn note(frame: &Frame, set: &SetScene, column: &Column, g: &Geometry) -> (String, bool) {
    let words = frame.words;
    let room = g.card - 8.0 * count(column.name.chars().count()) - 6.0;
    let say = |word: &str, short: &str, strong: bool| {
        let text = [word, short].into_iter().find(|text| card::width(text, 6.2) <= room).unwrap_or("");
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
    };
    let x = |at: usize| g.column(at) + 28.0;
    let beads: Vec<(usize, Bead)> =
        order.beads.iter().copied().enumerate().filter(|(_, b)| *b != Bead::None).collect();
    let downwards = matches!(order.kind, OrderKind::Update | OrderKind::Remove);
    html! {
        <g class="order" role="img" aria-label={label}>
            {(!g.strip).then(|| html! { <text x="16" y={g.head.to_string()} class="gut2">{label}</text> })}
            {for beads.windows(2).filter_map(|pair| match pair {
                [left, right] => Some(link(*left, *right, downwards, &x)),
                _ => None,
            })}
            {(order.kind != OrderKind::Parallel).then(|| arrow(&beads, downwards, &x))}
            {for beads.iter().map(|(at, bead)| draw(*bead, x(*at)))}
        </g>
    }
}

/// The line between two beads: drawn through once the earlier one is done.
fn link(left: (usize, Bead), right: (usize, Bead), downwards: bool, x: &impl Fn(usize) -> f64) -> Html {
    let earlier = if downwards { right.1 } else { left.1 };
    let class = if earlier == Bead::Done { "rail" } else { "rail todo" };
    html! { <path d={format!("M{} 20H{}", x(left.0) + 9.0, x(right.0) - 9.0)} {class} /> }
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

fn draw(bead: Bead, x: f64) -> Html {
    let cx = x.to_string();
    match bead {
        Bead::None => html! {},
        Bead::Done => html! {
            <><circle cx={cx} cy="20" r="7" class="bead done" /><path d={format!("M{} 20.2l2.2 2.2 4-4.5", x - 3.0)} class="chk" /></>
        },
        Bead::Now => html! {
            <><circle cx={cx.clone()} cy="20" r="8" class="beadring" /><circle cx={cx} cy="20" r="5" class="bead now" /></>
        },
        Bead::Waiting => html! { <circle cx={cx} cy="20" r="5" class="bead" /> },
        Bead::Blocked => html! {
            <><rect x={(x - 6.0).to_string()} y="14" width="12" height="12" class="bead stop" /><path d={format!("M{} 20h6", x - 3.0)} class="chk" /></>
        },
    }
}
