//! Many identities: a dot each, in rows of tens, with the same shapes; who acts, and who is selected, has a card
//! above. A dot is drawn again only if it has changed.

use api::Key;
use scene::{Column, DnsAnswer, PodCard, Scene, SetScene};
use yew::{Callback, Html, Properties, function_component, html};

use super::geometry::{NOW, count};
use super::glyph::glyph;
use super::pattern_url;
use super::press::{by_key, select};
use super::said::name;
use super::shape::{band, classes_of, outline};
use crate::regions::Action;
use crate::view::Shared;
use crate::words::Words;

/// Room to the left, where the rows are numbered.
const GUTTER: f64 = 64.0;
/// Room to the right.
const MARGIN: f64 = 16.0;
/// Room after each tenth dot.
const TENTH: f64 = 13.0;
/// Room between two dots.
const GAP: f64 = 8.0;
/// The line of numbers above a row.
const NUMBERS: f64 = 16.0;
/// A tag above a dot and a slab below it.
const DECOR: f64 = 32.0;
/// The largest side of a dot.
const LARGEST: f64 = 40.0;
/// The least side of a dot that has a tag and a slab.
const DECORATED: f64 = 34.0;
/// The least side of a dot.
const LEAST: f64 = 12.0;
/// So many dots may stand in a row.
const ROWS: [usize; 5] = [10, 20, 30, 50, 100];
/// The side of the box in which a dot is drawn.
const BOX: f64 = 40.0;

/// Where the dots stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Places {
    per_row: usize,
    /// The side of a dot.
    pub side: f64,
    step: (f64, f64),
    /// Each has a tag and a slab.
    pub decorated: bool,
    rows: usize,
}

impl Places {
    /// The places of so many dots in a room of this width and height: the largest dots whose rows all fit.
    pub fn new((width, height): (f64, f64), columns: usize) -> Self {
        let all = ROWS.into_iter().map(|per_row| Self::of(per_row, (width, height), columns));
        let all: Vec<Self> = all.filter(|places| places.step.0 >= LEAST + GAP).collect();
        let fitting = all.iter().filter(|p| p.height() <= height.max(NOW + NUMBERS + LEAST));
        let largest = fitting.max_by(|a, b| a.side.total_cmp(&b.side));
        // If no number of rows fits, the lowest drawing is scrolled.
        let lowest = || all.iter().min_by(|a, b| a.height().total_cmp(&b.height()));
        largest.or_else(lowest).copied().unwrap_or_else(|| Self::of(10, (width, height), columns))
    }

    fn of(per_row: usize, (width, height): (f64, f64), columns: usize) -> Self {
        let rows = columns.div_ceil(per_row).max(1);
        let tenths = count(per_row / 10) - 1.0;
        let across = (width - GUTTER - MARGIN - TENTH * tenths) / count(per_row);
        let down = (height - NOW - 16.0) / count(rows);
        let side = |decor: f64| (across - GAP).min(down - NUMBERS - decor - 2.0).min(LARGEST);
        let decorated = side(DECOR) >= DECORATED;
        let side = side(if decorated { DECOR } else { 0.0 }).max(LEAST);
        let high = side + NUMBERS + 2.0 + if decorated { DECOR } else { 0.0 };
        Self { per_row, side, step: (across, high), decorated, rows }
    }

    /// The height of the drawing.
    pub fn height(&self) -> f64 {
        NOW + 16.0 + self.step.1 * count(self.rows)
    }

    /// The upper left corner of a dot.
    pub fn place(&self, at: usize) -> (f64, f64) {
        let (row, column) = (at / self.per_row, at % self.per_row);
        let x = GUTTER + count(column) * self.step.0 + TENTH * count(column / 10);
        let above = NUMBERS + if self.decorated { 12.0 } else { 0.0 };
        (x, NOW + 8.0 + above + self.step.1 * count(row))
    }
}

/// Properties of [`Dots`]: what they are drawn from, so that they are looked at only when that has changed.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// The texts.
    pub words: &'static Words,
    /// What is on stage.
    pub scene: Shared<Scene>,
    /// The set shown, by its place.
    pub set: usize,
    /// Where the dots stand.
    pub places: Places,
    /// The selected object.
    pub selected: Option<Key>,
    /// What a person does.
    pub on_action: Callback<Action>,
}

/// All dots, with the numbers of their rows.
#[function_component]
pub fn Dots(props: &Props) -> Html {
    let Props { words, scene, set, places, selected, on_action } = props;
    let Some(set) = scene.sets.get(*set) else { return html! {} };
    let acting = set.acting();
    let pod_key = |at: usize| set.columns.get(at).and_then(|c| Some(&c.pod.as_ref()?.key));
    let first = (0..set.columns.len())
        .find(|at| selected.is_some() && pod_key(*at) == selected.as_ref())
        .unwrap_or(0);
    html! {
        <>
            {for (0..set.columns.len()).step_by(places.per_row).map(|from| {
                let to = (from + places.per_row).min(set.columns.len()) - 1;
                let ends = [from, to].map(|at| set.columns.get(at).map_or(0, |c| c.ordinal));
                let y = places.place(from).1 + places.side / 2.0 + 4.0;
                html! { <text key={format!("row {from}")} x="16" y={y.to_string()} class="rown">{format!("{}–{}", ends[0], ends[1])}</text> }
            })}
            {for set.columns.iter().enumerate().map(|(at, column)| {
                let (x, y) = places.place(at);
                let acts = acting.contains(&at);
                let is_selected = column.pod.as_ref().is_some_and(|pod| Some(&pod.key) == selected.as_ref());
                let ring = match (is_selected, acts) {
                    (true, _) => Some("sel"),
                    (false, true) => Some("sel acts"),
                    (false, false) => None,
                };
                html! {
                    <Dot key={at} {words} face={face(set, column, words)} place={(x, y)} side={places.side} decorated={places.decorated}
                        numbered={at % 10 == 0 || acts} {ring} tab={at == first} on_action={on_action.clone()} />
                }
            })}
        </>
    }
}

/// What is to be seen of an identity.
#[derive(Debug, Clone, PartialEq)]
struct Face {
    ordinal: i64,
    pod: Option<PodCard>,
    pattern: u8,
    name: String,
    key: Key,
    resolves: bool,
    writes: Option<Vec<u8>>,
}

fn face(set: &SetScene, column: &Column, words: &'static Words) -> Face {
    let badge = column.pod.as_ref().and_then(|pod| set.revisions.get(pod.revision?));
    let namespace = set.key.namespace.clone();
    let writes = column.claims.first().and_then(|claim| claim.disk.as_ref());
    Face {
        ordinal: column.ordinal,
        pattern: badge.map_or(0, |badge| badge.pattern),
        name: column.pod.as_ref().map_or_else(
            || format!("{}, {}", column.name, words.no_pod),
            |pod| name(words, pod, "", badge.map_or("", |badge| badge.short.as_str())),
        ),
        key: Key::new(api::Kind::Pod, namespace, column.name.as_str()),
        resolves: column.dns.answer != DnsAnswer::NxDomain,
        writes: writes
            .map(|disk| disk.writes.iter().rev().take(2).rev().map(|write| write.pattern).collect()),
        // Of what changes with time alone a dot shows nothing.
        pod: column.pod.clone(),
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
struct DotProps {
    words: &'static Words,
    face: Face,
    place: (f64, f64),
    side: f64,
    decorated: bool,
    numbered: bool,
    /// The class of the ring around it.
    ring: Option<&'static str>,
    tab: bool,
    on_action: Callback<Action>,
}

#[function_component]
fn Dot(props: &DotProps) -> Html {
    let DotProps { face, place: (x, y), side, decorated, .. } = props;
    let scale = side / BOX;
    let above = if *decorated { -16.0 } else { -6.0 };
    let ring = props.ring;
    let is_selected = ring == Some("sel");
    html! {
        <g class="dot" transform={format!("translate({x:.1} {y:.1})")}>
            <g aria-hidden="true">
                {props.numbered.then(|| html! { <text x="1" y={above.to_string()} class="dotn">{face.ordinal}</text> })}
                {decorated.then(|| decor(face, *side))}
                {ring.map(|class| html! { <rect x="-4" y="-4" width={(side + 8.0).to_string()} height={(side + 8.0).to_string()} rx="8" {class} /> })}
                <g transform={format!("scale({scale:.3})")}>{drawing(face)}</g>
            </g>
            <rect class="press" data-kind="pod" width={side.to_string()} height={side.to_string()} rx="6" role="button"
                tabindex={if props.tab { "0" } else { "-1" }} aria-label={face.name.clone()} aria-pressed={is_selected.to_string()}
                onclick={select(&props.on_action, face.key.clone())} onkeydown={by_key(&props.on_action, face.key.clone(), "pod")}>
                <title>{face.name.clone()}</title>
            </rect>
        </g>
    }
}

fn drawing(face: &Face) -> Html {
    let Some(pod) = &face.pod else {
        return html! { <rect width="40" height="40" rx="8" class="ghost" /> };
    };
    let shape = outline(pod, BOX, BOX);
    html! {
        <g class={classes_of(pod)}>
            <path d={shape.clone()} class="body" />
            {pod.unheard.then(|| html! { <path d={shape.clone()} class="hatch" /> })}
            <path d={band(pod.look, 10.5, BOX)} fill={pattern_url(face.pattern)} />
            <path d={shape} class="edge" />
            <g class="gl" transform="translate(25.5 20) scale(1.15)">{glyph(pod.look, 0.5)}</g>
        </g>
    }
}

/// The tag above a dot and the slab below it.
fn decor(face: &Face, side: f64) -> Html {
    let (mid, low, end) = (side / 4.0, side + 14.0, side + 18.0);
    html! {
        <>
            <rect y="-12" width={side.to_string()} height="6" rx="2" class={if face.resolves { "dotdns" } else { "dotdns off" }} />
            <path d={format!("M{mid} -6V0M{mid} {side}v6")} class="spine" />
            {face.writes.as_ref().map(|writes| html! {
                <>
                    <path d={format!("M0 {}H{side}V{low}Q{side} {end} {} {end}H4Q0 {end} 0 {low}Z", side + 6.0, side - 4.0)} class="slab" />
                    {for writes.iter().enumerate().map(|(at, pattern)| html! {
                        <rect key={at} x={(4.0 + count(at) * 16.0).to_string()} y={(side + 10.0).to_string()} width="13" height="5" fill={pattern_url(*pattern)} />
                    })}
                </>
            })}
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_fill_the_room() {
        let side = |columns| Places::new((1_080.0, 470.0), columns).side;
        assert!(side(60) >= DECORATED, "{}", side(60));
        assert!((16.0..26.0).contains(&side(300)), "{}", side(300));
        assert!(side(500) >= LEAST);
        let narrow = Places::new((390.0, 300.0), 500);
        assert_eq!(narrow.per_row, 10);
    }
}
