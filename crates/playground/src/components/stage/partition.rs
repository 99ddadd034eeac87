//! The partition: a line between two columns that one can drag. What it edits is the shell's business.

use std::cell::RefCell;
use std::rc::Rc;

use yew::{
    Callback, Html, KeyboardEvent, PointerEvent, Properties, function_component, html, use_mut_ref, use_state,
};

use super::geometry::count;
use crate::action::Action;
use crate::platform::dom;
use crate::words::Words;

/// Properties of [`Partition`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// The texts.
    pub words: &'static Words,
    /// Where the line stands for a partition of 0, 1, 2, ….
    pub lines: Vec<f64>,
    /// The drawing's width.
    pub width: f64,
    /// The set's partition.
    pub applied: i64,
    /// The one that is typed but not applied.
    pub draft: Option<i64>,
    /// Where the line ends.
    pub bottom: f64,
    /// What a person does.
    pub on_action: Callback<Action>,
}

impl Props {
    fn last(&self) -> i64 {
        i64::try_from(self.lines.len()).unwrap_or(1) - 1
    }

    /// Where the line of a partition stands; one beyond the last Pod is behind it.
    fn place(&self, partition: i64) -> f64 {
        let at = usize::try_from(partition.clamp(0, self.last())).unwrap_or(0);
        self.lines.get(at).copied().unwrap_or(0.0)
    }

    /// The partition whose line is nearest.
    fn nearest(&self, x: f64) -> i64 {
        let away = |at: &i64| (self.place(*at) - x).abs();
        (0..=self.last()).min_by(|a, b| away(a).total_cmp(&away(b))).unwrap_or(0)
    }

    fn moved(&self, asked: &RefCell<i64>, to: i64) {
        if asked.replace(to) != to {
            self.on_action.emit(Action::Partition(to));
        }
    }
}

/// Where the keys lead.
fn stepped(key: &str, here: i64, last: i64) -> Option<i64> {
    let to = match key {
        "ArrowLeft" | "ArrowDown" => here - 1,
        "ArrowRight" | "ArrowUp" => here + 1,
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    Some(to.clamp(0, last))
}

/// The line and its handle.
#[function_component]
pub fn Partition(props: &Props) -> Html {
    let dragged = use_state(|| None::<f64>);
    let rest = props.draft.unwrap_or(props.applied);
    // Keys may come faster than the page is drawn: the next one goes on from what the last one asked for.
    let asked = use_mut_ref(|| rest);
    asked.replace(rest);
    let shown = dragged.map_or(rest, |x| props.nearest(x));
    let x = dragged.unwrap_or_else(|| props.place(shown));
    let text = if shown == props.applied {
        format!("{} {shown}", props.words.partition)
    } else {
        format!("{} {shown}{}{}", props.words.partition, props.words.comma, props.words.not_applied)
    };
    html! {
        <g class={if shown == props.applied { "partition" } else { "partition draft" }}>
            {(shown > 0 || shown != props.applied).then(|| line(x, props.bottom, &text))}
            {handle(props, &asked, shown, x, &text, &dragged)}
        </g>
    }
}

fn line(x: f64, bottom: f64, text: &str) -> Html {
    let left = x > 20.0 + 6.6 * count(text.chars().count());
    let (from, anchor) = if left { (x - 11.0, "end") } else { (x + 11.0, "start") };
    html! {
        <g role="img" aria-label={text.to_owned()}>
            <path d={format!("M{x:.1} 30V{bottom}")} class="part" />
            <text x={format!("{from:.1}")} y="24" text-anchor={anchor} class="partt">{text}</text>
        </g>
    }
}

/// What is grabbed: larger than what is drawn, as a finger is.
fn handle(
    props: &Props,
    asked: &Rc<RefCell<i64>>,
    shown: i64,
    x: f64,
    text: &str,
    dragged: &yew::UseStateHandle<Option<f64>>,
) -> Html {
    let along = {
        let width = props.width;
        move |event: &PointerEvent| dom::share_of_width(event) * width
    };
    let onpointerdown = {
        let dragged = dragged.clone();
        Callback::from(move |event: PointerEvent| {
            dom::hold(&event);
            dragged.set(Some(along(&event)));
        })
    };
    let onpointermove = {
        let (dragged, first, last) = (dragged.clone(), props.place(0), props.place(props.last()));
        Callback::from(move |event: PointerEvent| {
            if dom::is_held(&event) {
                dragged.set(Some(along(&event).clamp(first, last)));
            }
        })
    };
    let onpointerup = {
        let (dragged, props, asked) = (dragged.clone(), props.clone(), Rc::clone(asked));
        Callback::from(move |event: PointerEvent| {
            if dom::is_held(&event) {
                dragged.set(None);
                props.moved(&asked, props.nearest(along(&event)));
            }
        })
    };
    let onpointercancel = {
        let dragged = dragged.clone();
        Callback::from(move |_: PointerEvent| dragged.set(None))
    };
    let onfocusin = {
        let (rest, asked) = (props.draft.unwrap_or(props.applied), Rc::clone(asked));
        Callback::from(move |_: yew::FocusEvent| {
            asked.replace(rest);
        })
    };
    let onkeydown = {
        let (props, asked) = (props.clone(), Rc::clone(asked));
        Callback::from(move |event: KeyboardEvent| {
            let here = *asked.borrow();
            if let Some(to) = stepped(&event.key(), here, props.last()) {
                event.prevent_default();
                event.stop_propagation();
                props.moved(&asked, to);
            }
        })
    };
    html! {
        <g role="slider" tabindex="0" class={if shown > 0 { "parth" } else { "parth none" }} aria-label={props.words.partition}
            aria-valuemin="0" aria-valuemax={props.last().to_string()} aria-valuenow={shown.to_string()} aria-valuetext={text.to_owned()}
            {onpointerdown} {onpointermove} {onpointerup} {onpointercancel} {onkeydown} {onfocusin}>
            <title>{props.words.partition_hint}</title>
            <rect x={format!("{:.1}", x - 20.0)} y="1" width="40" height="39" class="hit" />
            <path d={format!("M{:.1} 12h12v10l-6 6-6-6Z", x - 6.0)} />
        </g>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_move_the_line_by_columns() {
        assert_eq!(stepped("ArrowLeft", 2, 3), Some(1));
        assert_eq!(stepped("ArrowRight", 3, 3), Some(3));
        assert_eq!(stepped("Home", 2, 3), Some(0));
        assert_eq!(stepped("a", 2, 3), None);
    }
}
