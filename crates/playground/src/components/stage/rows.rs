//! What lies behind the columns: the rows of nodes, the lanes, and what the room left of them says.

use api::{Key, Kind};
use scene::{NodeRow, NodeState, Scene, SetLife, SetScene};
use yew::{Html, html};

use super::Props;
use super::geometry::{Geometry, Level, NOW, count};
use super::press::press;
use super::said::{fit, width};
use crate::words::{Words, clock_seconds};

/// The lanes, rows and gutter of a set.
pub fn rows(props: &Props, set: &SetScene, g: &Geometry) -> Html {
    if g.flat {
        return html! {};
    }
    let words = props.frame.words;
    let line = |y: f64| html! { <path d={format!("M0 {y:.1}H{}", g.width)} class="row" /> };
    html! {
        <>
            {service(props, set, g)}
            {g.now.map(|y| html! {
                <>
                    <rect x="0" y={y.to_string()} width={g.width.to_string()} height={NOW.to_string()} class="rowfill" />
                    {line(y)}
                    {now_head(words, set, y + NOW / 2.0)}
                </>
            })}
            {line(g.lane)}
            <rect x="0" y={format!("{:.1}", g.rows)} width={g.width.to_string()}
                height={format!("{:.1}", g.claims_line - g.rows)} class="rowfill" />
            {(g.rows > g.lane).then(|| html! { <>{line(g.rows)}{lane_head(words, set, g)}</> })}
            {for props.scene.nodes.iter().enumerate().map(|(at, node)| row(props, set, node, at, g))}
            {g.has_claims.then(|| html! {
                <>
                    <text x="16" y={format!("{:.1}", g.claims + 19.0)} class="gut">{words.claims}</text>
                    <text x="16" y={format!("{:.1}", g.claims + 35.0)} class="gut2">{fit(&claims_line(words, set), g.gutter() - 18.0, 5.6)}</text>
                </>
            })}
        </>
    }
}

fn claims_line(words: &'static Words, set: &SetScene) -> String {
    if set.life == SetLife::Here { words.and_disks.to_owned() } else { words.number_kept(set.claims()) }
}

/// What the lane of those without a node is called; once no Pod is left, whose berths are in it.
fn lane_head(words: &'static Words, set: &SetScene, g: &Geometry) -> Html {
    let y = g.lane + if g.rows - g.lane > 50.0 { (g.rows - g.lane) / 2.0 } else { 22.0 };
    if set.is_bare() {
        return html! {
            <>
                <text x="16" y={format!("{:.1}", y - 4.0)} class="gut">{words.berths}</text>
                <text x="16" y={format!("{:.1}", y + 12.0)} class="gut2">{fit(words.held_by_disks, g.gutter() - 14.0, 5.6)}</text>
            </>
        };
    }
    let room = g.gutter() - 14.0;
    let text = if width(words.no_node_yet, 5.6) > room { words.no_node } else { words.no_node_yet };
    html! { <text x="16" y={format!("{y:.1}")} class="gut2">{text}</text> }
}

/// What the lane of those who act is called.
pub fn now_head(words: &'static Words, set: &SetScene, y: f64) -> Html {
    let acting = set.acting().len();
    html! {
        <>
            <text x="16" y={(y - 4.0).to_string()} class="gut">{words.now}</text>
            <text x="16" y={(y + 12.0).to_string()} class="gut2">{words.number_acts(acting)}</text>
        </>
    }
}

/// A node: its row with its head.
fn row(props: &Props, set: &SetScene, node: &NodeRow, at: usize, g: &Geometry) -> Html {
    let (y, w) = (g.row(at), g.width.to_string());
    let bad = !matches!(node.state, NodeState::Ready);
    html! {
        <g key={node.name.clone()}>
            {bad.then(|| html! { <rect x="0" y={format!("{y:.1}")} width={w} height={g.row_h.to_string()} class="rowbad" /> })}
            {node.cordoned.then(|| html! { <rect x="0" y={format!("{:.1}", y + 1.0)} width="3" height={(g.row_h - 2.0).to_string()} class="cordon" /> })}
            <path d={format!("M0 {:.1}H{}", y + g.row_h, g.width)} class="row" />
            {head(props, node, y, g)}
            {aside(props, set, node, y, g)}
        </g>
    }
}

/// The lines below a node's name.
fn said(props: &Props, node: &NodeRow) -> (String, Option<(f64, String)>) {
    let frame = &props.frame;
    let words = frame.words;
    let ago = |since| (frame.now - frame.since_start(since)).max(0);
    match &node.state {
        NodeState::Ready if node.cordoned => (words.cordoned.to_owned(), None),
        NodeState::Ready => (words.node_ready.to_owned(), None),
        NodeState::NotReady => (words.node_not_ready.to_owned(), None),
        NodeState::Unnoticed { is_off, heard, patience } => {
            let gone = ago(*heard).min(*patience);
            let word = if *is_off { words.powered_off } else { words.kubelet_stopped };
            (word.to_owned(), Some((ratio(gone, *patience), words.seconds_of(gone, *patience))))
        }
        NodeState::Silent { since, .. } => {
            let silent = format!("{}{}{}", words.silent_short, words.comma, clock_seconds(ago(*since)));
            (words.node_not_ready.to_owned(), Some((-1.0, silent)))
        }
    }
}

#[allow(clippy::cast_precision_loss)] // a share for drawing
fn ratio(part: i64, whole: i64) -> f64 {
    (part as f64 / whole.max(1) as f64).clamp(0.0, 1.0)
}

/// A node's name, which selects it.
fn head(props: &Props, node: &NodeRow, y: f64, g: &Geometry) -> Html {
    let key = Key::new(Kind::Node, "", node.name.as_str());
    let selected = props.frame.selected.as_ref() == Some(&key);
    let (state, more) = said(props, node);
    let wide = g.gutter() - 14.0;
    let label = match &more {
        Some((_, more)) => format!("Node {}, {state}, {more}", node.name),
        None => format!("Node {}, {state}", node.name),
    };
    // In a low row the state stands beside the name.
    let low = g.row_h < 60.0;
    let (top, high) = if low { (y + 4.0, g.row_h - 8.0) } else { (y + g.row_h / 2.0 - 33.0, 66.0) };
    let base = if low {
        y + g.row_h / 2.0 + 4.0
    } else {
        y + g.row_h / 2.0 - if more.is_some() { 16.0 } else { 2.0 }
    };
    let beside = 22.0 + width(&node.name, 6.8);
    html! {
        <g class="node">
            <g aria-hidden="true">
                <rect x="6" y={format!("{top:.1}")} width={wide.to_string()} height={high.to_string()} rx="6" class={if selected { "sel" } else { "hit" }} />
                <text x="16" y={format!("{base:.1}")} class="gut">{&node.name}</text>
                {if low {
                    html! { <text x={beside.to_string()} y={format!("{base:.1}")} class="gut2">{state.clone()}</text> }
                } else {
                    html! { <text x="16" y={format!("{:.1}", base + 16.0)} class="gut2">{fit(&state, wide - 8.0, 5.6)}</text> }
                }}
                {more.filter(|_| !low).map(|(share, text)| meter(share, &text, base + 24.0, wide - 16.0))}
            </g>
            {press(&key, &label, (6.0, top, wide, high), selected, &props.on_action)}
        </g>
    }
}

/// How much of somebody's patience is used up; only the words if there is no share of it.
fn meter(share: f64, text: &str, y: f64, wide: f64) -> Html {
    if share < 0.0 {
        return html! { <text x="16" y={format!("{:.1}", y + 7.0)} class="gut2">{fit(text, wide + 8.0, 5.6)}</text> };
    }
    html! {
        <>
            <rect x="16" y={format!("{y:.1}")} width={wide.to_string()} height="4" rx="2" class="meter" />
            <rect x="16" y={format!("{y:.1}")} width={format!("{:.1}", wide * share)} height="4" rx="2" class="meter on" />
            <text x="16" y={format!("{:.1}", y + 17.0)} class="gut2">{text.to_owned()}</text>
        </>
    }
}

/// What is to be known of a lost node, where its row has room: beside the cards.
fn aside(props: &Props, set: &SetScene, node: &NodeRow, y: f64, g: &Geometry) -> Html {
    let words = props.frame.words;
    let on = |at: &usize| {
        set.columns
            .get(*at)
            .and_then(|c| c.pod.as_ref()?.node.as_ref())
            .is_some_and(|name| *name == node.name)
    };
    let held: Vec<&str> = (0..set.columns.len())
        .filter(on)
        .filter_map(|at| Some(&set.columns.get(at)?.pod.as_ref()?.key.name))
        .map(|name| &**name)
        .collect();
    let lines = match &node.state {
        NodeState::Ready | NodeState::NotReady => return html! {},
        NodeState::Unnoticed { .. } => vec![words.not_known_yet.to_owned()],
        NodeState::Silent { is_off, .. } => {
            let first = if *is_off { words.is_powered_off } else { words.is_silent };
            let second = (!held.is_empty()).then(|| words.still_holds(&held.join(words.and)));
            std::iter::once(first.to_owned()).chain(second).collect()
        }
    };
    if g.level == Level::Strip || g.row_h < 60.0 {
        return html! {};
    }
    // The free columns at the right end, or else those before the first card.
    let n = set.columns.len();
    let first_free = (0..n).rfind(on).map_or(0, |at| at + 1);
    let last_free = (0..n).find(on).unwrap_or(n);
    let runs = [(first_free, n), (0, last_free)];
    let room = |(from, to): &(usize, usize)| {
        if from < to { count(to - from) * (g.card + g.gap()) - g.gap() - g.spine_in() - 10.0 } else { 0.0 }
    };
    let Some(run) = runs.iter().find(|run| room(run) > 90.0) else { return html! {} };
    let (x, wide) = (g.spine(run.0) + 12.0, room(run) - 22.0);
    let lines: Vec<String> = lines.iter().flat_map(|line| wrapped(line, wide, 6.4)).collect();
    let from = y + g.row_h / 2.0 - 7.0 * count(lines.len()) + 11.0;
    html! {
        <g class="aside" aria-hidden="true">
            <g transform={format!("translate({x:.1} {:.1})", y + g.row_h / 2.0 - 8.0)}><path d="M8 1v7M3.9 3.5a6.500 6.500 0 1 0 8.200 0" class="power" /></g>
            {for lines.iter().enumerate().map(|(at, line)| html! {
                <text key={at} x={format!("{:.1}", x + 22.0)} y={format!("{:.1}", from + 14.0 * count(at))} class="asidet">{line}</text>
            })}
        </g>
    }
}

/// A sentence in lines that fit; where words have no spaces between them, it may break anywhere.
fn wrapped(text: &str, room: f64, per_char: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    let pieces: Vec<String> = if text.is_ascii() {
        text.split_inclusive(' ').map(str::to_owned).collect()
    } else {
        text.chars().map(String::from).collect()
    };
    for piece in pieces {
        if let Some(last) = lines.last_mut() {
            let closes = piece.chars().all(|c| matches!(c, '。' | '，'));
            if width(last, per_char) + width(&piece, per_char) <= room || last.is_empty() || closes {
                last.push_str(&piece);
                continue;
            }
        }
        lines.push(piece);
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

/// The Service that gives the Pods their names, and how many addresses its own name has.
fn service(props: &Props, set: &SetScene, g: &Geometry) -> Html {
    let words = props.frame.words;
    let strip = g.level == Level::Strip;
    let y = if strip { g.dns - 3.0 } else { g.dns };
    let Some(service) = service_of(&props.scene, set) else {
        let text = if strip { format!("{}-", set.key.name) } else { words.dns.to_owned() };
        return html! { <text x="16" y={(y + 18.0).to_string()} class="gut">{fit(&text, g.gutter() - 18.0, 6.4)}</text> };
    };
    let kind = if service.headless { words.headless } else { service.cluster_ip.as_str() };
    let records = format!("{} A", service.addresses.len());
    let key = service.key.clone();
    let name = format!("Service {}, {kind}, {records}", service.key.name);
    let selected = props.frame.selected.as_ref() == Some(&key);
    let (wide, high) = (g.gutter() - 14.0, if strip { 26.0 } else { 42.0 });
    let both = format!("{kind}, {records}");
    let second = if width(&both, 5.6) > wide - 6.0 { records } else { both };
    html! {
        <g class="node">
            <g aria-hidden="true">
                <rect x="6" y={(y + 1.0).to_string()} width={wide.to_string()} height={high.to_string()} rx="6" class={if selected { "sel" } else { "hit" }} />
                <text x="16" y={(y + 18.0).to_string()} class="gut">{fit(&service.key.name, wide - 8.0, 6.4)}</text>
                {(!strip).then(|| html! { <text x="16" y={(y + 34.0).to_string()} class="gut2">{second}</text> })}
            </g>
            {press(&key, &name, (6.0, y + 1.0, wide, high), selected, &props.on_action)}
        </g>
    }
}

/// The Service that a set names, if it is there.
fn service_of<'s>(scene: &'s Scene, set: &SetScene) -> Option<&'s scene::ServiceScene> {
    scene.services.iter().find(|s| s.key.namespace == set.key.namespace && *s.key.name == *set.service)
}
