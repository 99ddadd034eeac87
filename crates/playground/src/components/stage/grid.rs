//! Many identities: one mark each, in rows, with the same shapes.

use scene::SetScene;
use yew::{Callback, Html, html};

use super::geometry::count;
use super::glyph::glyph;
use super::press::select;
use crate::regions::Action;
use crate::view::Frame;

/// The side of a mark's cell.
const CELL: f64 = 22.0;

/// A grid of marks; the first hundred are reachable by keyboard.
pub fn grid(frame: &Frame, set: &SetScene, width: f64, on_action: &Callback<Action>) -> Html {
    let mut across = 1_usize;
    while count(across + 1) * CELL + 32.0 <= width {
        across += 1;
    }
    let rows = set.columns.len().div_ceil(across);
    let height = count(rows) * CELL + 32.0;
    let label = format!("{}: {} {}", frame.words.stage, set.columns.len(), set.key.name);
    html! {
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
