//! The lives of the Pods as ribbons, with the decisions about the selected one, and what the forecast adds.

use std::fmt::Write as _;
use std::rc::Rc;

use api::Kind;
use yew::{AttrValue, Html, html};

use super::Props;
use super::lanes::{FIRST_LANE, LANE};
use super::ribbon::{self, Lived, living};
use super::scale::{self, Scale};

/// The ribbons so far, and the forecast behind the head.
pub fn lives(props: &Props, scale: &Scale, names: &[String]) -> Html {
    let (from, until) = (scale.span.from, scale.until());
    let (view, words) = (&props.view, props.frame.words);
    let head = scale.x(view.head.clamp(from, until));
    let lane = |at: usize| FIRST_LANE + LANE * scale::float(at);
    let ahead =
        view.forecast.iter().filter_map(|f| Some((names.iter().position(|n| *n == f.ribbon.name)?, f)));
    let label_x = head.max(scale.x(props.frame.now.min(until))) + 60.0;
    html! {
        <>
            {for names.iter().enumerate().map(|(at, name)| {
                let y = lane(at);
                let life = view.ribbons.iter().find(|life| life.ribbon.name == *name);
                let label = life.map_or_else(|| AttrValue::from(name.clone()), |life| AttrValue::from(Rc::clone(&life.words)));
                let selected = props.frame.selected.as_ref().is_some_and(|key| key.kind == Kind::Pod && *key.name == **name);
                html! {
                    <g key={name.clone()} role="img" aria-label={label}>
                        <text x="16" y={(y + 16.0).to_string()} class="lane">{name}</text>
                        <path d={format!("M{} {}H{head}", scale.x(from), y + 12.0)} class="base" />
                        {life.map(|life| html! {
                            <><Lived life={life.clone()} scale={*scale} y={y + 5.0} />{living(life, scale, y + 5.0, view.head)}</>
                        })}
                        {selected.then(|| html! { <path d={ticks(&view.decisions, scale, y + 20.0)} class="tick" /> })}
                    </g>
                }
            })}
            <g class="future" aria-hidden="true">
                {for ahead.map(|(at, life)| ribbon::ahead(life, scale, lane(at) + 5.0, view.head))}
            </g>
            {(props.width - head > 300.0 && !view.forecast.is_empty()).then(|| html! {
                <text x={label_x.to_string()} y="18" class="rt">{words.forecast}</text>
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
