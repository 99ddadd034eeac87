//! The partition: a line between two columns that a person can drag. It asks for a partition; the page writes
//! that into the document.

use std::cell::RefCell;
use std::rc::Rc;

use yew::{
    Callback, Html, KeyboardEvent, PointerEvent, Properties, UseStateHandle, function_component, html,
    use_mut_ref, use_state,
};

use super::geometry::count;
use crate::platform::dom;
use crate::regions::{Action, StageAction};
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
    /// Where the handle rests.
    fn rest(&self) -> i64 {
        self.draft.unwrap_or(self.applied)
    }

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
            self.on_action.emit(StageAction::Partition(to).into());
        }
    }
}

/// The partition that a key leads to.
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
    let rest = props.rest();
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
    let grip = Grip { props: props.clone(), asked, dragged };
    html! {
        <g class={if shown == props.applied { "partition" } else { "partition draft" }}>
            {(shown > 0 || shown != props.applied).then(|| line(x, props.bottom, &text))}
            {handle(&grip, shown, x, &text)}
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

/// What the handle's callbacks know.
#[derive(Clone)]
struct Grip {
    props: Props,
    /// The partition that was asked for last.
    asked: Rc<RefCell<i64>>,
    dragged: UseStateHandle<Option<f64>>,
}

impl Grip {
    fn along(&self, event: &PointerEvent) -> f64 {
        let x = dom::share_of_width(event) * self.props.width;
        x.clamp(self.props.place(0), self.props.place(self.props.last()))
    }

    fn put_down(&self, event: &PointerEvent) {
        dom::hold(event);
        self.dragged.set(Some(self.along(event)));
    }

    fn moved(&self, event: &PointerEvent) {
        if dom::is_held(event) {
            self.dragged.set(Some(self.along(event)));
        }
    }

    fn let_go(&self, event: &PointerEvent) {
        if dom::is_held(event) {
            self.dragged.set(None);
            self.props.moved(&self.asked, self.props.nearest(self.along(event)));
        }
    }

    fn taken_away(&self, _: &PointerEvent) {
        self.dragged.set(None);
    }

    fn pointer(&self, act: fn(&Self, &PointerEvent)) -> Callback<PointerEvent> {
        let grip = self.clone();
        Callback::from(move |event: PointerEvent| act(&grip, &event))
    }

    fn key(&self, event: &KeyboardEvent) {
        let here = *self.asked.borrow();
        if let Some(to) = stepped(&event.key(), here, self.props.last()) {
            event.prevent_default();
            event.stop_propagation();
            self.props.moved(&self.asked, to);
        }
    }
}

/// The area that can be grabbed: it is larger than what is drawn, because a finger is.
fn handle(grip: &Grip, shown: i64, x: f64, text: &str) -> Html {
    let props = &grip.props;
    let onkeydown = {
        let grip = grip.clone();
        Callback::from(move |event: KeyboardEvent| grip.key(&event))
    };
    let onfocusin = {
        let (rest, asked) = (props.rest(), Rc::clone(&grip.asked));
        Callback::from(move |_: yew::FocusEvent| {
            asked.replace(rest);
        })
    };
    html! {
        <g role="slider" tabindex="0" class={if shown > 0 { "parth" } else { "parth none" }} aria-label={props.words.partition}
            aria-valuemin="0" aria-valuemax={props.last().to_string()} aria-valuenow={shown.to_string()} aria-valuetext={text.to_owned()}
            onpointerdown={grip.pointer(Grip::put_down)} onpointermove={grip.pointer(Grip::moved)}
            onpointerup={grip.pointer(Grip::let_go)} onpointercancel={grip.pointer(Grip::taken_away)} {onkeydown} {onfocusin}>
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
