//! The stage: a column is an identity, a row is a node.

mod card;
mod claim;
mod dns;
mod dots;
mod geometry;
mod glyph;
mod motion;
mod now;
mod partition;
pub mod press;
mod rail;
mod rows;
mod said;
mod shape;

use scene::{Scene, SetScene};
use yew::{Callback, Html, Properties, function_component, html, use_mut_ref};

use crate::regions::Action;
use crate::view::{Frame, Pill, Shared};
use card::Size;
use dots::{Dots, Places};
use geometry::{Geometry, Level, NOW, lane_height};
use motion::{Beat, Ghost, Motion, Moves};
use partition::Partition;

/// Properties of [`Stage`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// What all components know.
    pub frame: Frame,
    /// What is on stage.
    pub scene: Shared<Scene>,
    /// The set shown, by its place.
    pub set: usize,
    /// The room to fill: width and height, in CSS pixels.
    pub room: (f64, f64),
    /// The page's clock, in milliseconds.
    pub clock: f64,
    /// Whether what changes is to move.
    pub animate: bool,
    /// A partition that is typed but not applied.
    pub draft: Option<i64>,
    /// Requests on their way.
    pub pills: Shared<Vec<Pill>>,
    /// What a person does.
    pub on_action: Callback<Action>,
}

/// The paint of a revision's pattern.
pub fn pattern_url(pattern: u8) -> &'static str {
    match pattern % 4 {
        0 => "url(#rA)",
        1 => "url(#rB)",
        2 => "url(#rC)",
        _ => "url(#rD)",
    }
}

/// The stage.
#[function_component]
pub fn Stage(props: &Props) -> Html {
    let motion = use_mut_ref(Motion::default);
    let scene = &props.scene;
    let Some(set) = scene.sets.get(props.set) else { return html! {} };
    let Some(level) = Level::of(props.room.0, set.columns.len()) else { return dots(props, set) };
    let nodes: Vec<String> = scene.nodes.iter().map(|n| n.name.clone()).collect();
    let mut motion = motion.borrow_mut();
    let beat = Beat { now: props.clock, animate: props.animate };
    let lane = motion.lane(lane_height(level, set, &nodes), beat);
    let g = Geometry::new(props.room, level, set, &nodes, lane);
    motion.follow_rows(g.rows);
    let places: Vec<Moves> = set
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let node = column.pod.as_ref().and_then(|pod| pod.node.as_deref());
            motion.column(column, at, g.pod_y(node), beat)
        })
        .collect();
    let drawn = motion.flourish(&set.columns, beat);
    let present: Vec<String> =
        set.columns.iter().filter_map(|c| c.pod.as_ref().map(|p| p.uid.clone())).collect();
    let ghosts = motion.ghosts(&present, props.clock, props.animate);
    let label = format!("{}: {}", props.frame.words.stage, set.key.name);
    html! {
            <svg class="st stage" viewBox={format!("0 0 {} {:.1}", g.width, g.height)}
                width={g.width.to_string()} height={format!("{:.1}", g.height)} role="group" aria-label={label}>
                {rows::rows(props, set, &g)}
                {rail::rail(&props.frame, set, &g)}
                {(drawn < 1.0).then(|| flourish(set, drawn, &g))}
                {for places.iter().enumerate().map(|(at, place)| column(props, set, at, *place, &g))}
                {for ghosts.iter().map(|ghost| faded(props, set, ghost, &g))}
                {now_lane(props, set, &places, &g)}
                {for props.pills.iter().map(|pill| draw_pill(props, set, pill, &g))}
                {partition(props, set, &g)}
            </svg>
    }
}

/// The whole cards of a strip.
fn now_lane(props: &Props, set: &SetScene, places: &[Moves], g: &Geometry) -> Html {
    let Some(top) = g.now else { return html! {} };
    let lane = now::Lane { top, left: g.gutter(), width: g.width };
    let place = |at: usize| {
        let card = places.get(at).and_then(|moves| moves.card);
        (g.spine(at), card.map_or(g.lane, |(y, _)| y))
    };
    now::lane(&props.frame, set, lane, &place, &props.on_action)
}

/// Identities for which there is no column.
fn dots(props: &Props, set: &SetScene) -> Html {
    let words = props.frame.words;
    let (width, _) = props.room;
    let places = Places::new(props.room, set.columns.len());
    let beyond = (set.beyond > 0).then(|| format!("+{} {}", set.beyond, words.pods_beyond));
    let height = places.height() + if beyond.is_some() { 24.0 } else { 0.0 };
    let place = |at: usize| {
        let (x, y) = places.place(at);
        (x + places.side / 2.0, y - 4.0)
    };
    let lane = now::Lane { top: 0.0, left: 96.0, width };
    let label = format!("{}: {} {}", words.stage, set.columns.len(), set.key.name);
    html! {
            <svg class="st stage" viewBox={format!("0 0 {width} {height:.1}")} width={width.to_string()}
                height={format!("{height:.1}")} role="group" aria-label={label}>
                <rect width={width.to_string()} height={NOW.to_string()} class="rowfill" />
                <path d={format!("M0 {NOW}H{width}")} class="row" />
                {rows::now_head(words, set, NOW / 2.0)}
                <Dots {words} scene={props.scene.clone()} set={props.set} {places} selected={props.frame.selected.clone()}
                    on_action={props.on_action.clone()} />
                {beyond.map(|text| html! { <text x="16" y={format!("{:.1}", height - 12.0)} class="rown">{text}</text> })}
                {now::lane(&props.frame, set, lane, &place, &props.on_action)}
            </svg>
    }
}

fn column(props: &Props, set: &SetScene, at: usize, moves: Moves, g: &Geometry) -> Html {
    let Some(column) = set.columns.get(at) else { return html! {} };
    let frame = &props.frame;
    let (x, spine) = (g.column(at), g.spine(at));
    let resolves = matches!(column.dns.answer, scene::DnsAnswer::A(_) | scene::DnsAnswer::Unasked);
    let cut = if resolves { "spine" } else { "spine cut" };
    let (top, bottom) = (g.spine_top(), g.claims);
    // The spine stops at whatever stands on it: the Pod's card, or its berth.
    let (y, high) = moves.card.map_or((g.berth_y(), g.berth_h), |(y, _)| (y, g.card_h));
    let seated = column.claims.iter().any(|claim| claim.disk.is_some());
    let below = if moves.card.is_some() || seated { "spine" } else { "spine cut" };
    html! {
        <g key={column.name.clone()} data-column={column.ordinal.to_string()} data-acts={column.acts().then_some("")}>
            <path d={format!("M{spine} {top}V{:.1}", (y - 2.0).max(top))} class={cut} />
            {(g.has_claims && !(column.claims.is_empty() && column.pod.is_none() && !column.wanted)).then(|| html! {
                <path d={format!("M{spine} {:.1}V{bottom:.1}", y + high + 2.0)} class={below} />
            })}
            {(g.level != Level::Strip).then(|| head(props, set, at, g))}
            {dns::tag(&set.key.namespace, column, (x, moves.name), g, &props.on_action)}
            {match (&column.pod, moves.card) {
                (Some(pod), Some((y, alpha))) => html! {
                    <g opacity={(alpha < 1.0).then(|| format!("{alpha:.2}"))}>
                        {card::card(frame, set, pod, (x, y), (Size::of(g), moves.ready), &props.on_action)}
                    </g>
                },
                _ => card::berth(frame, column, x, g),
            }}
            <g>{for column.claims.iter().enumerate().map(|(i, claim)| {
                claim::claim(frame, claim, column.ordinal, (x, g.claim_y(i), moves.seat), g, &props.on_action)
            })}</g>
        </g>
    }
}

/// An identity's name, and the word beside it: at the column's other edge where it is wide, else after the name.
fn head(props: &Props, set: &SetScene, at: usize, g: &Geometry) -> Html {
    let Some(column) = set.columns.get(at) else { return html! {} };
    let (x, y) = (g.column(at), g.head.to_string());
    let (note, strong) = rail::note(&props.frame, set, column, g);
    let class = if strong { "headn on" } else { "headn" };
    let name = geometry::count(column.name.chars().count()) * 7.9;
    let (at, anchor) = if g.level == Level::Full { (x + g.card, "end") } else { (x + name + 8.0, "start") };
    html! {
        <>
            <text x={x.to_string()} y={y.clone()} class="head">{&column.name}</text>
            <text x={at.to_string()} {y} text-anchor={anchor} {class}>{note}</text>
        </>
    }
}

/// Once all are Ready: each spine is drawn anew, from its name to its disk.
fn flourish(set: &SetScene, drawn: f64, g: &Geometry) -> Html {
    let (top, bottom) = (g.spine_top(), g.claims);
    let to = top + (bottom - top) * drawn;
    html! {
        <g aria-hidden="true">
            {for set.columns.iter().enumerate().filter(|(_, c)| c.wanted).map(|(at, _)| {
                html! { <path key={at} d={format!("M{} {top}V{to:.1}", g.spine(at))} class="flourish" /> }
            })}
        </g>
    }
}

/// The partition's line with its handle; nothing for a set that does not roll.
fn partition(props: &Props, set: &SetScene, g: &Geometry) -> Html {
    let Some(applied) = set.partition else { return html! {} };
    let half = g.gap() / 2.0;
    let wanted: Vec<usize> =
        set.columns.iter().enumerate().filter(|(_, c)| c.wanted).map(|(at, _)| at).collect();
    let Some(last) = wanted.last() else { return html! {} };
    let mut lines: Vec<f64> = wanted.iter().map(|at| g.column(*at) - half).collect();
    lines.push(g.column(*last) + g.card + half);
    html! {
        <Partition words={props.frame.words} {lines} width={g.width} {applied} draft={props.draft}
            bottom={g.claims_line + if g.has_claims { 124.0 } else { 0.0 }} on_action={props.on_action.clone()} />
    }
}

/// A card that is leaving.
fn faded(props: &Props, set: &SetScene, ghost: &Ghost, g: &Geometry) -> Html {
    html! {
        <g key={format!("ghost {}", ghost.pod.uid)} opacity={format!("{:.2}", ghost.alpha)} aria-hidden="true" class="ghosted">
            <g transform={format!("translate({} {})", g.column(ghost.column), ghost.y)} class={shape::classes_of(&ghost.pod)}>
                {card::drawing(&props.frame, set, &ghost.pod, Size::of(g), 1.0)}
            </g>
        </g>
    }
}

/// A request: a pill that runs along the spine, with a dashed tail.
fn draw_pill(props: &Props, set: &SetScene, pill: &Pill, g: &Geometry) -> Html {
    let Some(way) = motion::travelled(pill, props.clock) else { return html! {} };
    let Some(at) = set.columns.iter().position(|c| c.name == pill.pod) else { return html! {} };
    let x = g.spine(at);
    let card =
        set.columns.get(at).and_then(|c| c.pod.as_ref()).map_or(g.lane, |p| g.pod_y(p.node.as_deref()));
    let (from, to) = if pill.upwards { (card - 14.0, g.dns + 58.0) } else { (g.head + 8.0, card - 14.0) };
    let y = from + (to - from) * way;
    let w = 18.0 + 6.7 * geometry::count(pill.text.chars().count());
    let tail = if pill.upwards { format!("M{x} {}v18", y + 11.0) } else { format!("M{x} {}v-18", y - 11.0) };
    html! {
        <g class="pill" aria-hidden="true">
            <path d={tail} class="tail" />
            <rect x={format!("{:.1}", x - 14.0)} y={format!("{:.1}", y - 11.0)} width={format!("{w:.1}")} height="22" rx="11" />
            <text x={format!("{:.1}", x - 5.0)} y={format!("{:.1}", y + 4.0)}>{&pill.text}</text>
        </g>
    }
}
