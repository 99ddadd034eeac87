//! The lane "Now": where columns are too narrow for words, who acts stands above them as a whole card, hung on its
//! own spine.

use api::Key;
use scene::{Bead, SetScene};
use yew::{Callback, Html, html};

use super::card::{Size, drawing};
use super::geometry::{CARD, NOW_CARD, count};
use super::press::select;
use super::shape::classes_of;
use crate::regions::Action;
use crate::view::Frame;

/// Cards shown at once.
const MOST: usize = 3;
/// Room between two cards.
const GAP: f64 = 10.0;

/// Where the lane lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lane {
    /// Its top.
    pub top: f64,
    /// Where cards may stand.
    pub left: f64,
    /// The drawing's width.
    pub width: f64,
}

/// Whose cards are shown, by their places, and how many more there would be: the selected one, those who block,
/// then those whose turn it is.
fn chosen(set: &SetScene, selected: Option<&Key>, room: usize) -> (Vec<usize>, usize) {
    let pod = |at: usize| set.columns.get(at).and_then(|column| column.pod.as_ref());
    let is_selected = |at: usize| selected.is_some() && pod(at).map(|pod| &pod.key) == selected;
    let bead = |at: usize| set.order.as_ref().and_then(|order| order.beads.get(at).copied());
    let mut all: Vec<usize> = set.acting();
    all.extend((0..set.columns.len()).filter(|at| is_selected(*at)));
    all.sort_by_key(|at| (!is_selected(*at), bead(*at) != Some(Bead::Blocked), *at));
    all.dedup();
    all.retain(|at| pod(*at).is_some());
    let more = all.len().saturating_sub(room);
    all.truncate(room);
    all.sort_unstable();
    (all, more)
}

/// The cards, each with a line to its place; `place` says where a column's spine and the top of its place are.
pub fn lane(
    frame: &Frame,
    set: &SetScene,
    lane: Lane,
    place: &dyn Fn(usize) -> (f64, f64),
    on_action: &Callback<Action>,
) -> Html {
    let room = lane.width - lane.left - 12.0;
    let fit = (1..=MOST).take_while(|n| count(*n) * (NOW_CARD + GAP) - GAP <= room).last().unwrap_or(1);
    let (all, more) = chosen(set, frame.selected.as_ref(), fit);
    let mut xs: Vec<f64> = Vec::new();
    for at in &all {
        let beside = xs.last().map_or(lane.left, |x| x + NOW_CARD + GAP);
        xs.push((place(*at).0 - 28.0).max(beside));
    }
    // What stands out at the right end moves back, and pushes those before it.
    let mut end = lane.width - 12.0;
    for x in xs.iter_mut().rev() {
        *x = x.min(end - NOW_CARD);
        end = *x - GAP;
    }
    let y = lane.top + 9.0;
    html! {
        <g class="now" aria-hidden="true">
            {for all.iter().zip(&xs).filter_map(|(at, x)| {
                let column = set.columns.get(*at)?;
                let pod = column.pod.as_ref()?;
                let (spine, to) = place(*at);
                let foot = spine.clamp(x + 10.0, x + NOW_CARD - 18.0);
                Some(html! {
                    <g key={pod.uid.clone()} class="nowcard" onclick={select(on_action, pod.key.clone())}>
                        <path d={format!("M{foot:.1} {:.1}L{spine:.1} {:.1}V{to:.1}", y + CARD, y + CARD + 11.0)} class="lead" />
                        <g class={classes_of(pod)} transform={format!("translate({x:.1} {y:.1})")}>
                            {drawing(frame, set, pod, Size::whole(NOW_CARD), 1.0)}
                        </g>
                    </g>
                })
            })}
            {(more > 0).then(|| {
                let x = xs.last().map_or(lane.left, |x| x + NOW_CARD + GAP);
                let (x, anchor) = if x + 60.0 > lane.width { (lane.width - 12.0, "end") } else { (x, "start") };
                let y = if anchor == "end" { y - 1.0 } else { y + CARD / 2.0 };
                html! { <text x={x.to_string()} y={y.to_string()} text-anchor={anchor} class="gut2">{format!("+{more} {}", frame.words.more_pods)}</text> }
            })}
        </g>
    }
}
