//! The Events of the cluster, newest first.

use yew::{Html, Properties, function_component, html};

use crate::view::{EventRow, Shared};
use crate::words::{Words, clock};

/// Properties of [`EventsPane`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// The texts.
    pub words: &'static Words,
    /// The rows, newest first.
    pub rows: Shared<Vec<EventRow>>,
}

/// The list.
#[function_component]
pub fn EventsPane(props: &Props) -> Html {
    if props.rows.is_empty() {
        return html! { <div class="events"><p class="note">{props.words.no_events}</p></div> };
    }
    html! {
        <ol class="events" tabindex="0" aria-label={props.words.events}>
            {for props.rows.iter().map(|row| html! {
                <li key={row.name.clone()} class={row.warning.then_some("warn")}>
                    <time>{clock(row.at)}</time>
                    <p>
                        <span class="rs">{&row.reason}</span>{" "}
                        <span class="ob mono">{&row.object}</span>
                        {(row.count > 1).then(|| html! { <>{" "}<span class="n">{format!("× {}", row.count)}</span></> })}
                        <br />{&row.message}
                    </p>
                </li>
            })}
        </ol>
    }
}
