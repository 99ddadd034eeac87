//! The order rail: who is through, whose turn it is, who waits.

use scene::{Bead, Column, ColumnNote, OrderKind, SetScene};
use yew::{Html, html};

use super::geometry::Geometry;
use crate::view::Frame;

/// The word beside a column's head, and whether it stands out.
pub fn note(frame: &Frame, column: &Column) -> (String, bool) {
    let words = frame.words;
    match &column.note {
        ColumnNote::None => (String::new(), false),
        ColumnNote::Done => (words.done.to_owned(), false),
        ColumnNote::Now => (words.next_up.to_owned(), true),
        ColumnNote::WaitsFor(name) => (format!("{} {name}", words.waits_for), false),
        ColumnNote::BlocksAll => (words.blocks_all.to_owned(), true),
        ColumnNote::UpToDate => (words.up_to_date.to_owned(), false),
        ColumnNote::ScaledAway => (words.scaled_away.to_owned(), false),
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
    let links = beads.windows(2).filter_map(|pair| match pair {
        [(a, left), (b, right)] => Some((*a, *b, *left == Bead::Done && *right == Bead::Done)),
        _ => None,
    });
    html! {
        <g class="order" role="img" aria-label={label}>
            {(!g.strip).then(|| html! { <text x="16" y="24" class="gut2">{label}</text> })}
            {for links.map(|(a, b, done)| html! {
                <path d={format!("M{} 20H{}", x(a) + 8.0, x(b) - 8.0)} class={if done { "rail" } else { "rail todo" }} />
            })}
            {for beads.iter().map(|(at, bead)| draw(*bead, x(*at)))}
        </g>
    }
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
