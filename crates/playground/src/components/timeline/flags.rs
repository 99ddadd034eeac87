//! What a person did: a line through all lanes, with its words where there is room.

use yew::{Html, Properties, function_component, html};

use super::scale::{Scale, float};
use crate::view::Shared;
use crate::words::clock;

/// Width of a character of a flag, in CSS pixels.
const CHARACTER: f64 = 6.35;

/// Properties of [`Flags`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// What a person did: when (microseconds), and its words.
    pub flags: Shared<Vec<(i64, String)>>,
    /// Where moments are.
    pub scale: Scale,
    /// Where the lanes end.
    pub bottom: f64,
    /// The drawing's width.
    pub width: f64,
}

/// The flags in sight. One whose words do not fit before the next shows its first words, else only a tick;
/// whole words appear above it under the pointer.
#[function_component]
pub fn Flags(props: &Props) -> Html {
    let (scale, bottom) = (&props.scale, props.bottom);
    let shown: Vec<&(i64, String)> = props.flags.iter().filter(|(at, _)| scale.span.holds(*at)).collect();
    let places: Vec<f64> = shown.iter().map(|(at, _)| scale.x(*at)).collect();
    html! {
        {for shown.iter().enumerate().map(|(i, (at, text))| {
            let x = scale.x(*at);
            let room = places.get(i + 1).copied().unwrap_or(props.width) - x - 4.0;
            html! {
                <g class="flag input" key={i} role="img" aria-label={format!("{} {text}", clock(*at))}>
                    <path d={format!("M{x} 22V{bottom}")} />
                    {match beginning(text, room) {
                        Some(words) => html! { <>{label(x, 22.0, words)}</> },
                        None => html! { <path d={format!("M{x} 22h7l-2.5 4 2.5 4h-7Z")} class="mark" /> },
                    }}
                    <rect x={x.to_string()} y="22" width={room.clamp(2.0, 10.0).to_string()} height={(bottom - 22.0).to_string()} class="hit" />
                    {whole(x, &format!("{} {text}", clock(*at)), props.width)}
                    <title>{format!("{} {text}", clock(*at))}</title>
                </g>
            }
        })}
    }
}

fn wanted(text: &str) -> f64 {
    14.0 + CHARACTER * float(text.chars().count())
}

/// As many of a text's first words as fit; none if not even two do.
fn beginning(text: &str, room: f64) -> Option<&str> {
    if wanted(text) <= room {
        return Some(text);
    }
    let ends = text.match_indices(' ').map(|(at, _)| at).skip(1);
    ends.filter_map(|end| text.get(..end)).take_while(|words| wanted(words) <= room).last()
}

fn label(x: f64, y: f64, words: &str) -> Html {
    let width = wanted(words);
    html! {
        <>
            <path d={format!("M{x} {y}h{width}l-4 8 4 8h-{width}Z")} />
            <text x={(x + 7.0).to_string()} y={(y + 12.0).to_string()}>{words}</text>
        </>
    }
}

/// The whole text, shown while the pointer is on the flag.
fn whole(x: f64, text: &str, width: f64) -> Html {
    let wide = wanted(text);
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
    fn a_flag_says_as_much_as_fits() {
        let text = "set image sts/web nginx=nginx:1.25.3";
        assert_eq!(beginning(text, 500.0), Some(text));
        assert_eq!(beginning(text, 80.0), Some("set image"));
        assert_eq!(beginning(text, 60.0), None);
    }
}
