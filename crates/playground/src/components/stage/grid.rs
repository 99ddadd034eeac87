//! Many identities: one mark each, in rows, with the same shapes.

use scene::Scene;
use yew::{Callback, Html, Properties, function_component, html};

use super::geometry::count;
use super::glyph::glyph;
use super::press::select;
use crate::regions::Action;
use crate::view::Shared;
use crate::words::Words;

/// The side of a mark's cell.
const CELL: f64 = 22.0;

/// Properties of [`Grid`]: what it is drawn from, so that it is drawn again only when that has changed.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// The texts.
    pub words: &'static Words,
    /// What is on stage.
    pub scene: Shared<Scene>,
    /// The set shown, by its place.
    pub set: usize,
    /// The width to fill, in CSS pixels.
    pub width: f64,
    /// What a person does.
    pub on_action: Callback<Action>,
}

/// A grid of marks.
#[function_component]
pub fn Grid(props: &Props) -> Html {
    let Props { words, scene, set, width, on_action } = props;
    let Some(set) = scene.sets.get(*set) else { return html! {} };
    let mut across = 1_usize;
    while count(across + 1) * CELL + 32.0 <= *width {
        across += 1;
    }
    let rows = set.columns.len().div_ceil(across);
    let height = count(rows) * CELL + 32.0;
    let label = format!("{}: {} {}", words.stage, set.columns.len(), set.key.name);
    html! {
        <>
            <svg class="st stage grid" viewBox={format!("0 0 {width} {height}")} width={width.to_string()}
                height={height.to_string()} role="group" aria-label={label}>
                {for set.columns.iter().enumerate().map(|(at, column)| {
                    let (x, y) = (27.0 + count(at % across) * CELL, 27.0 + count(at / across) * CELL);
                    let transform = format!("translate({x} {y})");
                    match &column.pod {
                        None => html! { <circle key={at} r="4" transform={transform} class="ghost" /> },
                        Some(pod) => html! {
                            <g key={at} class={format!("gl {}", tint(pod.look))} transform={transform}
                                role="img" aria-label={format!("Pod {}, {}", pod.key.name, pod.word)}
                                onclick={select(on_action, pod.key.clone())}>
                                {glyph(pod.look, 0.5)}
                                <title>{format!("{} {}", pod.key.name, pod.word)}</title>
                            </g>
                        },
                    }
                })}
            </svg>
            if set.beyond > 0 {
                <p class="note">{format!("+{} {}", set.beyond, words.pods_beyond)}</p>
            }
        </>
    }
}

fn tint(look: scene::PodLook) -> &'static str {
    use scene::PodLook;
    match look {
        PodLook::Pending => "s-idle",
        PodLook::PendingOnClaim | PodLook::Creating | PodLook::Running => "s-busy",
        PodLook::Ready => "s-ready",
        PodLook::Terminating | PodLook::Succeeded | PodLook::Unknown => "s-gone",
        PodLook::CrashLoop | PodLook::ImagePull | PodLook::Failed => "s-bad",
    }
}
