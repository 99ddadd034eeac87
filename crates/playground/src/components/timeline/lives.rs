//! The lives of the Pods as ribbons, with the decisions about the selected one, and what the forecast adds.

use std::fmt::Write as _;

use api::Kind;
use yew::{Html, html};

use super::lanes::{FIRST_LANE, LANE};
use super::scale::{self, Scale};
use super::{Props, ribbon};

/// The ribbons so far, and the forecast behind the head.
pub fn lives(props: &Props, scale: &Scale, names: &[String]) -> Html {
    let (from, until) = (scale.span.from, scale.until());
    let head = scale.x(props.view.head.clamp(from, until));
    let lane = |at: usize| FIRST_LANE + LANE * scale::float(at);
    let ahead =
        props.view.forecast.iter().filter_map(|r| Some((names.iter().position(|n| *n == r.name)?, r)));
    let label_x = head.max(scale.x(props.frame.now.min(until))) + 60.0;
    html! {
        <>
            {for names.iter().enumerate().map(|(at, name)| {
                let y = lane(at);
                let ribbon = props.view.ribbons.iter().find(|r| r.name == *name);
                let selected = props.frame.selected.as_ref().is_some_and(|key| key.kind == Kind::Pod && *key.name == **name);
                html! {
                    <g key={name.clone()} role="img" aria-label={ribbon.map_or_else(|| name.clone(), ribbon::describe)}>
                        <text x="16" y={(y + 16.0).to_string()} class="lane">{name}</text>
                        <path d={format!("M{} {}H{head}", scale.x(from), y + 12.0)} class="base" />
                        {ribbon.map(|ribbon| ribbon::draw(ribbon, scale, y + 5.0, from, props.view.head.min(until)))}
                        {selected.then(|| html! { <path d={ticks(&props.view.decisions, scale, y + 20.0)} class="tick" /> })}
                    </g>
                }
            })}
            <g class="future" aria-hidden="true">
                {for ahead.map(|(at, ribbon)| ribbon::draw(ribbon, scale, lane(at) + 5.0, props.view.head.max(from), until))}
            </g>
            {(props.width - head > 300.0 && !props.view.forecast.is_empty()).then(|| html! {
                <text x={label_x.to_string()} y="18" class="rt">{props.frame.words.forecast}</text>
            })}
        </>
    }
}

/// A tick for each decision in sight; those that would lie on each other are one.
fn ticks(decisions: &[i64], scale: &Scale, y: f64) -> String {
    let mut places: Vec<f64> =
        decisions.iter().filter(|at| scale.span.holds(**at)).map(|at| scale.x(*at).round()).collect();
    places.dedup();
    places.iter().fold(String::new(), |mut path, x| {
        let _ = write!(path, "M{x} {y}v4");
        path
    })
}
