//! The stage: a column is an identity, a row is a node.

mod card;
mod claim;
mod dns;
mod geometry;
mod glyph;
mod grid;
mod motion;
mod partition;
pub mod press;
mod rail;

use api::{Key, Kind};
use scene::{Scene, SetScene};
use yew::{Callback, Html, Properties, function_component, html, use_mut_ref};

use crate::regions::Action;
use crate::view::{Frame, Pill, Shared};
use geometry::Geometry;
use grid::Grid;
use motion::{Beat, Ghost, Motion, Moves};
use partition::Partition;
use press::press;

/// More columns than this are drawn as a grid of marks.
const COLUMNS_MAX: usize = 40;

/// Properties of [`Stage`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// What all components know.
    pub frame: Frame,
    /// What is on stage.
    pub scene: Shared<Scene>,
    /// The set shown, by its place.
    pub set: usize,
    /// The width to fill, in CSS pixels.
    pub width: f64,
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
    if set.columns.len() > COLUMNS_MAX {
        return html! {
            <Grid words={props.frame.words} scene={props.scene.clone()} set={props.set} width={props.width}
                on_action={props.on_action.clone()} />
        };
    }
    let nodes: Vec<String> = scene.nodes.iter().map(|n| n.name.clone()).collect();
    let g = Geometry::new(props.width, set, &nodes);
    let mut motion = motion.borrow_mut();
    let beat = Beat { now: props.clock, animate: props.animate };
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
            <svg class="st stage" viewBox={format!("0 0 {} {}", g.width, g.height)}
                width={g.width.to_string()} height={g.height.to_string()} role="group" aria-label={label}>
                {rows(props, &g)}
                {rail::rail(&props.frame, set, &g)}
                {(drawn < 1.0).then(|| flourish(set, drawn, &g))}
                {for places.iter().enumerate().map(|(at, place)| column(props, set, at, *place, &g))}
                {for ghosts.iter().map(|ghost| faded(props, set, ghost, &g))}
                {for props.pills.iter().map(|pill| draw_pill(props, set, pill, &g))}
                {partition(props, set, &g)}
            </svg>
    }
}

fn rows(props: &Props, g: &Geometry) -> Html {
    use scene::NodeState;
    let words = props.frame.words;
    let scene = &props.scene;
    let line = |y: f64| html! { <path d={format!("M0 {y}H{}", g.width)} class="row" /> };
    html! {
        <>
            {(!g.strip).then(|| service(props, g))}
            {(!g.strip).then(|| html! {
                <>
                    {line(g.lane)}
                    <rect x="0" y={g.rows.to_string()} width={g.width.to_string()}
                        height={(g.claims_line - g.rows).to_string()} class="rowfill" />
                    {line(g.rows)}
                    <text x="16" y={(g.lane + 22.0).to_string()} class="gut2">{words.no_node_yet}</text>
                </>
            })}
            {for scene.nodes.iter().enumerate().filter(|_| !g.strip).map(|(at, node)| {
                let y = g.row(at);
                let state = match &node.state {
                    NodeState::Ready => words.node_ready.to_owned(),
                    NodeState::NotReady => words.node_not_ready.to_owned(),
                    NodeState::Silent { since } => {
                        let span = crate::words::span(props.frame.now - props.frame.since_start(*since), props.frame.lang);
                        format!("NotReady {span}")
                    }
                };
                let bad = !matches!(node.state, NodeState::Ready);
                html! {
                    <g key={node.name.clone()}>
                        {bad.then(|| html! { <rect x="0" y={y.to_string()} width={g.width.to_string()} height={geometry::ROW.to_string()} class="rowbad" /> })}
                        {node.cordoned.then(|| html! { <rect x="0" y={(y + 1.0).to_string()} width="3" height={(geometry::ROW - 2.0).to_string()} class="cordon" /> })}
                        {line(y + geometry::ROW)}
                        {node_head(props, &node.name, if node.cordoned { words.cordoned } else { &state }, y)}
                    </g>
                }
            })}
            {(g.has_claims && !g.strip).then(|| html! {
                <>
                    <text x="16" y={(g.claims + 19.0).to_string()} class="gut">{words.claims}</text>
                    <text x="16" y={(g.claims + 35.0).to_string()} class="gut2">{words.and_disks}</text>
                </>
            })}
        </>
    }
}

/// A node's name, which selects it.
fn node_head(props: &Props, name: &str, state: &str, y: f64) -> Html {
    let key = Key::new(Kind::Node, "", name);
    let selected = props.frame.selected.as_ref() == Some(&key);
    html! {
        <g class="node">
            <g aria-hidden="true">
                <rect x="6" y={(y + 26.0).to_string()} width="86" height="46" rx="6" class={if selected { "sel" } else { "hit" }} />
                <text x="16" y={(y + 47.0).to_string()} class="gut">{name}</text>
                <text x="16" y={(y + 63.0).to_string()} class="gut2">{card::fit(state, 82.0, 5.6)}</text>
            </g>
            {press(&key, &format!("Node {name}, {state}"), (6.0, y + 26.0, 86.0, 46.0), selected, &props.on_action)}
        </g>
    }
}

/// The Service that gives the Pods their names, and how many addresses its own name has.
fn service(props: &Props, g: &Geometry) -> Html {
    let words = props.frame.words;
    let scene = &props.scene;
    let wanted = scene.sets.get(props.set).map(|set| (set.key.namespace.clone(), set.service.as_str()));
    let found = scene.services.iter().find(|s| {
        wanted
            .as_ref()
            .is_some_and(|(namespace, name)| s.key.namespace == *namespace && *s.key.name == **name)
    });
    let Some(service) = found else {
        return html! { <text x="16" y={(g.dns + 18.0).to_string()} class="gut">{words.dns}</text> };
    };
    let kind = if service.headless { words.headless } else { service.cluster_ip.as_str() };
    let records = format!("{} A", service.addresses.len());
    let key = service.key.clone();
    let name = format!("Service {}, {kind}, {records}", service.key.name);
    let selected = props.frame.selected.as_ref() == Some(&key);
    html! {
        <g class="node">
            <g aria-hidden="true">
                <rect x="6" y={(g.dns + 1.0).to_string()} width="86" height="42" rx="6" class="hit" />
                <text x="16" y={(g.dns + 18.0).to_string()} class="gut">{card::fit(&service.key.name, 82.0, 6.4)}</text>
                <text x="16" y={(g.dns + 34.0).to_string()} class="gut2">{format!("{kind}, {records}")}</text>
            </g>
            {press(&key, &name, (6.0, g.dns + 1.0, 86.0, 42.0), selected, &props.on_action)}
        </g>
    }
}

fn column(props: &Props, set: &SetScene, at: usize, moves: Moves, g: &Geometry) -> Html {
    let Some(column) = set.columns.get(at) else { return html! {} };
    let frame = &props.frame;
    let (x, spine) = (g.column(at), g.column(at) + 28.0);
    let berth_y = g.berth_y();
    let pod_y = moves.card.map(|(y, _)| y);
    let resolves = matches!(column.dns.answer, scene::DnsAnswer::A(_));
    let cut = if resolves { "spine" } else { "spine cut" };
    let (top, bottom) = (g.dns + 48.0, g.claims);
    let note = rail::note(frame, set, column, g);
    html! {
        <g key={column.name.clone()}>
            {match pod_y {
                Some(y) => html! {
                    <>
                        <path d={format!("M{spine} {top}V{}", y - 2.0)} class={cut} />
                        {g.has_claims.then(|| html! { <path d={format!("M{spine} {}V{bottom}", y + geometry::CARD + 2.0)} class="spine" /> })}
                    </>
                },
                None if column.wanted => html! {
                    <path d={format!("M{spine} {top}V{berth_y}M{spine} {}V{bottom}", berth_y + geometry::CARD)} class="spine cut" />
                },
                None => html! { <path d={format!("M{spine} {top}V{bottom}")} class="spine cut" /> },
            }}
            <text x={x.to_string()} y={(g.head).to_string()} class="head">{&column.name}</text>
            <text x={(x + g.card).to_string()} y={(g.head).to_string()} text-anchor="end"
                class={if note.1 { "headn on" } else { "headn" }}>{note.0}</text>
            {dns::tag(&column.dns, x, moves.name, g)}
            {match (&column.pod, pod_y) {
                (Some(pod), Some(y)) => html! {
                    <g opacity={moves.card.filter(|(_, alpha)| *alpha < 1.0).map(|(_, alpha)| format!("{alpha:.2}"))}>
                        {card::card(frame, set, pod, (x, y, g.card), moves.ready, &props.on_action)}
                    </g>
                },
                _ if column.wanted => card::berth(column.ordinal, x, g),
                _ => html! {},
            }}
            <g>{for column.claims.iter().enumerate().map(|(i, claim)| {
                let y = g.claims + geometry::claim_step() * geometry::count(i);
                claim::claim(frame, set, claim, (x, y, g.card), moves.seat, &props.on_action)
            })}</g>
        </g>
    }
}

/// Once all are Ready: each spine is drawn anew, from its name to its disk.
fn flourish(set: &SetScene, drawn: f64, g: &Geometry) -> Html {
    let (top, bottom) = (g.dns + 48.0, g.claims);
    let to = top + (bottom - top) * drawn;
    html! {
        <g aria-hidden="true">
            {for set.columns.iter().enumerate().filter(|(_, c)| c.wanted).map(|(at, _)| {
                html! { <path key={at} d={format!("M{} {top}V{to:.1}", g.column(at) + 28.0)} class="flourish" /> }
            })}
        </g>
    }
}

/// The partition's line with its handle; nothing for a set that does not roll.
fn partition(props: &Props, set: &SetScene, g: &Geometry) -> Html {
    let Some(applied) = set.partition else { return html! {} };
    let half = if g.strip { 5.0 } else { geometry::GAP / 2.0 };
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
            <g transform={format!("translate({} {})", g.column(ghost.column), ghost.y)} class={card::classes_of(ghost.pod.look)}>
                {card::drawing(&props.frame, set, &ghost.pod, g.card, 1.0)}
            </g>
        </g>
    }
}

/// A request: a pill that runs along the spine, with a dashed tail.
fn draw_pill(props: &Props, set: &SetScene, pill: &Pill, g: &Geometry) -> Html {
    let Some(way) = motion::travelled(pill, props.clock) else { return html! {} };
    let Some(at) = set.columns.iter().position(|c| c.name == pill.pod) else { return html! {} };
    let x = g.column(at) + 28.0;
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
