//! What a person did: a line through all lanes, with its words where there is room.

use yew::{Html, Properties, function_component, html};

use super::layout::{FLAGS, wide};
use super::scale::Scale;
use crate::view::Shared;
use crate::words::clock;

/// What a flag has beside its words, in CSS pixels.
const AROUND: f64 = 12.0;

/// Properties of [`Flags`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// What a person did: when (microseconds), and its words.
    pub flags: Shared<Vec<(i64, String)>>,
    /// Where moments are.
    pub scale: Scale,
    /// The moment on stage, whose line no words are to cross.
    pub now: i64,
    /// Where the lanes end.
    pub bottom: f64,
    /// The drawing's width.
    pub width: f64,
}

/// On which side of its line a flag's words are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Right,
    Left,
    /// There is no room for them: they are in the title, and above the flag under the pointer.
    Nowhere,
}

/// The flags in sight.
#[function_component]
pub fn Flags(props: &Props) -> Html {
    let (scale, bottom) = (&props.scale, props.bottom);
    let first = props.flags.partition_point(|(at, _)| *at < scale.span.from);
    let last = props.flags.partition_point(|(at, _)| *at <= scale.until());
    let shown = props.flags.get(first..last).unwrap_or_default();
    let mut free_from = scale.x(scale.span.from);
    html! {
        {for shown.iter().enumerate().map(|(i, (at, text))| {
            let x = scale.x(*at);
            let next = shown.get(i + 1).map_or(props.width, |(at, _)| scale.x(*at));
            let cursor = scale.x(props.now.max(*at)) - x;
            let side = side(wide(text) + AROUND, x - free_from, next - x, cursor);
            free_from = if side == Side::Right { x + wide(text) + AROUND } else { x + 7.0 };
            let said = format!("{} {text}", clock(*at));
            html! {
                <g class="flag input" key={first + i} role="img" aria-label={said.clone()}>
                    <path d={format!("M{x} {FLAGS}V{bottom}")} />
                    {match side {
                        Side::Right => label(x, 1.0, text),
                        Side::Left => label(x, -1.0, text),
                        Side::Nowhere => html! { <path d={format!("M{x} {FLAGS}h7l-2.5 4 2.5 4h-7Z")} class="mark" /> },
                    }}
                    <rect x={(x - 3.0).to_string()} y={FLAGS.to_string()} width="10" height={(bottom - FLAGS).to_string()} class="hit" />
                    {(side == Side::Nowhere).then(|| whole(x, &said, props.width))}
                    <title>{said.clone()}</title>
                </g>
            }
        })}
    }
}

/// To the right if there is room up to the next flag, else to the left if there is room after the one before. The
/// cursor, so far away to the right, is crossed only if there is no other place.
fn side(wanted: f64, before: f64, after: f64, cursor: f64) -> Side {
    let is_crossed = cursor > 0.0 && cursor < wanted;
    if wanted + 4.0 <= after && !is_crossed {
        Side::Right
    } else if wanted + 4.0 <= before {
        Side::Left
    } else if wanted + 4.0 <= after {
        Side::Right
    } else {
        Side::Nowhere
    }
}

fn label(x: f64, to: f64, words: &str) -> Html {
    let width = wide(words) + AROUND;
    let from = if to > 0.0 { x + 7.0 } else { x - width + 5.0 };
    html! {
        <>
            <path d={format!("M{x} {FLAGS}h{}l{} 8 {} 8h{}Z", to * width, -4.0 * to, 4.0 * to, -to * width)} />
            <text x={format!("{from:.1}")} y={(FLAGS + 12.0).to_string()}>{words}</text>
        </>
    }
}

/// The whole text, shown while the pointer is on the flag.
fn whole(x: f64, text: &str, width: f64) -> Html {
    let wide = wide(text) + AROUND;
    let x = x.min(width - wide - 2.0).max(2.0);
    html! {
        <g class="whole" aria-hidden="true">
            <rect x={x.to_string()} y="2" width={wide.to_string()} height="18" rx="4" />
            <text x={(x + 7.0).to_string()} y="15">{text}</text>
        </g>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_where_there_is_room_for_all_of_them() {
        assert_eq!(side(100.0, 0.0, 300.0, 0.0), Side::Right);
        assert_eq!(side(100.0, 300.0, 90.0, 0.0), Side::Left);
        assert_eq!(side(100.0, 90.0, 90.0, 0.0), Side::Nowhere);
        assert_eq!(side(100.0, 300.0, 300.0, 50.0), Side::Left, "the cursor's line would cross it");
        assert_eq!(side(100.0, 0.0, 300.0, 50.0), Side::Right);
    }
}
