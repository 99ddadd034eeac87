//! A ribbon: the life of one ordinal along the timeline.

use std::fmt::Write as _;

use scene::{Contact, Kept, PodLook, Ribbon, Segment};
use yew::{Html, Properties, function_component, html};

use super::layout::wide;
use super::scale::Scale;
use crate::components::stage::pattern_url;
use crate::view::Shared;
use crate::words::Words;

/// A tooth of the zigzag is this wide, in CSS pixels.
const TOOTH: f64 = 10.0;

/// Where a ribbon is drawn, and with which words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// Where moments are.
    pub scale: Scale,
    /// The top of the ribbon.
    pub y: f64,
    /// Its height.
    pub height: f64,
    /// The texts.
    pub words: &'static Words,
}

/// Properties of [`Lived`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// The life.
    pub life: Shared<Ribbon>,
    /// Where it is drawn.
    pub band: Band,
}

/// The part of a life that is over. It is drawn again only if the life or its place changes.
#[function_component]
pub fn Lived(props: &Props) -> Html {
    let (life, band) = (&props.life, &props.band);
    let span = band.scale.span;
    let pieces = life.pieces(span.from, span.until(), band.scale.grain());
    let over = pieces.filter_map(|segment| Some((segment, segment.until_micros?)));
    html! {
        <>
            {for over.map(|(segment, until)| band.piece(segment, (segment.from_micros, until), until))}
            {for kept(life, span.from, span.until()).filter_map(|kept| Some(band.ground(kept, kept.from_micros, kept.until_micros?, true)))}
        </>
    }
}

/// The part of a life that still goes on, up to the head. `ahead` knows when it ends, if anybody does.
pub fn living(life: &Ribbon, ahead: Option<&Ribbon>, band: &Band, head: i64) -> Html {
    let span = band.scale.span;
    let open =
        life.segments.last().filter(|last| last.until_micros.is_none() && last.from_micros < span.until());
    let end = |from: i64| {
        let same = ahead?.segments.get(life.segments.len() - 1).filter(|same| same.from_micros == from);
        same?.until_micros
    };
    let ground =
        life.kept.last().filter(|last| last.until_micros.is_none() && last.from_micros < span.until());
    html! {
        <>
            {for open.map(|segment| {
                let end = end(segment.from_micros).unwrap_or(head);
                band.piece(segment, (segment.from_micros, head), end)
            })}
            {for ground.map(|kept| band.ground(kept, kept.from_micros, head, true))}
        </>
    }
}

/// The part of a life after a moment, as far as the scale reaches.
pub fn ahead(life: &Ribbon, band: &Band, head: i64) -> Html {
    let span = band.scale.span;
    let pieces = life.pieces(head.max(span.from), span.until(), band.scale.grain());
    html! {
        <>
            {for pieces.map(|segment| {
                let until = segment.until_micros.unwrap_or(span.until());
                band.piece(segment, (segment.from_micros.max(head), until), until)
            })}
            {for kept(life, head.max(span.from), span.until()).map(|kept| {
                let until = kept.until_micros.unwrap_or(span.until());
                band.ground(kept, kept.from_micros.max(head), until, kept.from_micros >= head)
            })}
        </>
    }
}

/// When claims were kept, between two moments.
pub fn kept(life: &Ribbon, from: i64, until: i64) -> impl Iterator<Item = &Kept> {
    let first = life.kept.partition_point(|kept| kept.until_micros.is_some_and(|end| end <= from));
    life.kept.iter().skip(first).take_while(move |kept| kept.from_micros < until)
}

impl Band {
    /// A segment from one moment to another. `end` is when it ends, which a wedge points to.
    fn piece(&self, segment: &Segment, (from, until): (i64, i64), end: i64) -> Html {
        let key = segment.from_micros.to_string();
        let edges =
            (self.scale.x(from.max(self.scale.span.from)), self.scale.x(until.min(self.scale.until())));
        if edges.1 <= edges.0 && until < self.scale.until() && from > self.scale.span.from {
            return html! { <path {key} d={format!("M{} {}v{}", edges.0, self.y + 1.0, self.height - 2.0)} class="tl-speck" /> };
        }
        match segment.contact {
            Contact::Heard => html! { <g {key}>{self.shape(segment, edges, end)}</g> },
            Contact::Unnoticed => html! {
                <g {key}>
                    {self.shape(segment, edges, end)}
                    {self.filled(edges, "url(#hatchcut)")}
                </g>
            },
            Contact::Lost => html! {
                <g {key}>
                    <g class="faded">{match segment.look {
                        // A lost Pod never drains.
                        PodLook::Terminating => self.filled(edges, pattern_url(segment.pattern)),
                        PodLook::Pending | PodLook::PendingOnClaim | PodLook::Creating | PodLook::Running | PodLook::Ready
                        | PodLook::CrashLoop | PodLook::ImagePull | PodLook::Failed | PodLook::Succeeded | PodLook::Unknown => {
                            self.shape(segment, edges, end)
                        }
                    }}</g>
                    {self.filled(edges, "url(#hatchcut)")}
                    {self.edge(edges, segment.pattern, " dd")}
                    {self.mark(segment, from, edges)}
                </g>
            },
        }
    }

    fn shape(&self, segment: &Segment, (from, to): (f64, f64), end: i64) -> Html {
        let (y, height) = (self.y, self.height);
        let middle = y + height / 2.0;
        let width = (to - from).max(0.5).to_string();
        match segment.look {
            PodLook::Pending | PodLook::PendingOnClaim => {
                html! { <path d={format!("M{from} {middle}H{to}")} class="tl-pend" /> }
            }
            PodLook::Creating => html! {
                <rect x={from.to_string()} y={format!("{:.1}", y + height * 0.22)} {width} height={format!("{:.1}", height * 0.56)} class="tl-create" />
            },
            PodLook::Running => html! {
                <rect x={from.to_string()} y={(y + 1.0).to_string()} {width} height={(height - 2.0).to_string()} class="tl-hollow" />
            },
            PodLook::Terminating => {
                // As long as it takes, however much of that is in sight.
                let (first, last) = (self.scale.x(segment.from_micros), self.scale.x(end));
                let half = |x: f64| (height / 2.0 * (1.0 - (x - first) / (last - first).max(0.5))).max(1.0);
                let (a, b) = (half(from), half(to));
                html! { <path d={format!("M{from} {:.1}L{to} {:.1}V{:.1}L{from} {:.1}Z", middle - a, middle - b, middle + b, middle + a)} class="tl-term" /> }
            }
            PodLook::CrashLoop | PodLook::ImagePull | PodLook::Failed => {
                html! { <path d={self.teeth(self.scale.x(segment.from_micros), from, to)} class="tl-bad" /> }
            }
            PodLook::Ready | PodLook::Succeeded | PodLook::Unknown => html! {
                <>
                    {self.filled((from, to), pattern_url(segment.pattern))}
                    {self.edge((from, to), segment.pattern, "")}
                </>
            },
        }
    }

    fn filled(&self, (from, to): (f64, f64), fill: &'static str) -> Html {
        html! { <rect x={from.to_string()} y={self.y.to_string()} width={(to - from).max(0.5).to_string()} height={self.height.to_string()} rx="2" {fill} /> }
    }

    fn edge(&self, (from, to): (f64, f64), pattern: u8, more: &str) -> Html {
        html! {
            <rect x={(from + 0.5).to_string()} y={(self.y + 0.5).to_string()} width={(to - from - 1.0).max(0.1).to_string()}
                height={(self.height - 1.0).to_string()} rx="2" class={format!("tl-edge {}{more}", edge(pattern))} />
        }
    }

    /// What Kubernetes came to know of a lost Pod when this piece began: in words if there is room, else a tick.
    fn mark(&self, segment: &Segment, from: i64, (x, to): (f64, f64)) -> Html {
        if from != segment.from_micros || from < self.scale.span.from {
            return html! {};
        }
        let text = if segment.cannot_end { self.words.cannot_end } else { self.words.node_not_ready };
        html! {
            <g class="dmark">
                <title>{text}</title>
                <path d={format!("M{x} {}v{}", self.y - 3.0, self.height + 6.0)} />
                {(wide(text) + 10.0 <= to - x).then(|| html! {
                    <text x={(x + 5.0).to_string()} y={format!("{:.1}", self.y + self.height / 2.0 + 4.0)}>{text}</text>
                })}
            </g>
        }
    }

    /// The line of claims that are kept without a Pod.
    fn ground(&self, kept: &Kept, from: i64, until: i64, is_told: bool) -> Html {
        let (x, to) =
            (self.scale.x(from.max(self.scale.span.from)), self.scale.x(until.min(self.scale.until())));
        let (y, text) = (self.y + self.height - 1.0, kept_text(kept, self.words));
        html! {
            <g key={format!("kept {}", kept.from_micros)}>
                <title>{text.clone()}</title>
                <path d={format!("M{x} {y}H{to}")} class="tl-kept" />
                {(is_told && wide(&text) + 16.0 <= to - x).then(|| html! {
                    <text x={(x + 8.0).to_string()} y={(y - 3.0).to_string()} class="keptt">{text.clone()}</text>
                })}
            </g>
        }
    }

    /// A zigzag for what goes wrong again and again; its teeth stand still when the window moves.
    fn teeth(&self, begin: f64, from: f64, to: f64) -> String {
        let (low, high) = (self.y + self.height * 0.8, self.y + self.height * 0.2);
        let mut x = begin + ((from - begin) / TOOTH).floor().max(0.0) * TOOTH;
        let mut path = format!("M{x:.1} {low:.1}");
        while x < to && path.len() < 20_000 {
            let _ = write!(
                path,
                "L{:.1} {high:.1}L{:.1} {low:.1}",
                (x + TOOTH / 2.0).min(to),
                (x + TOOTH).min(to)
            );
            x += TOOTH;
        }
        path
    }
}

/// `www-web-3 kept`; of several the first stands for all.
pub fn kept_text(kept: &Kept, words: &Words) -> String {
    let first = kept.claims.first().map_or("", String::as_str);
    match kept.claims.len() {
        0 | 1 => format!("{first} {}", words.kept),
        n => format!("{first} +{} {}", n - 1, words.kept),
    }
}

/// The class of a revision's colour, without its pattern.
pub const fn fill_of(pattern: u8) -> &'static str {
    match pattern % 4 {
        0 => "fA",
        1 => "fB",
        2 => "fC",
        _ => "fD",
    }
}

const fn edge(pattern: u8) -> &'static str {
    match pattern % 4 {
        0 => "eA",
        1 => "eB",
        2 => "eC",
        _ => "eD",
    }
}
