//! What is drawn: the page's HTML at a moment, read for what a person sees and a screen reader says. Nothing here
//! needs a browser.

mod around;
mod columns;
mod faults;
mod spaces;
mod stage;
mod terminal;
mod timeline;
mod why;

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use apimachinery::Lang;
use yew::{Callback, Html, LocalServerRenderer, NodeRef, Properties, function_component};

use crate::draw;
use crate::model::Model;
use crate::stories::Visit;

/// Both languages.
const LANGUAGES: [Lang; 2] = [Lang::En, Lang::ZhCn];

/// Properties of [`Drawn`].
#[derive(Debug, PartialEq, Properties)]
struct Props {
    html: Html,
}

/// What is to be drawn, as a component.
#[function_component]
fn Drawn(props: &Props) -> Html {
    props.html.clone()
}

/// The page's HTML.
fn html(model: &Model) -> String {
    let html = draw::page(model, &NodeRef::default(), &Callback::noop());
    let renderer = LocalServerRenderer::<Drawn>::with_props(Props { html }).hydratable(false);
    let mut rendering = pin!(renderer.render());
    let mut context = Context::from_waker(Waker::noop());
    // Nothing that is drawn waits for anything, so it is there after a few turns.
    for _ in 0..1_000 {
        if let Poll::Ready(html) = rendering.as_mut().poll(&mut context) {
            return html;
        }
    }
    panic!("a component waits for something");
}

/// The page of a visit in a language.
fn in_language(visit: &mut Visit, lang: Lang) -> String {
    if visit.model.page.lang != lang {
        visit.act(crate::regions::PageAction::Language);
    }
    html(&visit.model)
}

/// The names that screen readers read out, of elements with this role; all of them if it is empty.
fn names(html: &str, role: &str) -> Vec<String> {
    let elements = html.split('<').filter_map(|element| element.split('>').next());
    let wanted = format!("role=\"{role}\"");
    elements
        .filter(|e| role.is_empty() || e.contains(&wanted))
        .filter_map(|e| attribute(e, "aria-label"))
        .collect()
}

/// An attribute of an element, or of the first element of many that has it.
fn attribute(html: &str, name: &str) -> Option<String> {
    let value = html.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
    Some(plain(value))
}

/// What one reads: all that is between the tags.
fn text(html: &str) -> String {
    let parts = html.split('<').filter_map(|element| element.split_once('>')).map(|(_, text)| text);
    plain(&parts.collect::<Vec<_>>().join("\n"))
}

/// Text without the escapes of HTML.
fn plain(text: &str) -> String {
    let unescaped = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    unescaped.replace("&#x27;", "'").replace("&#x2F;", "/").replace("&amp;", "&")
}

/// Whether one of the names is this, or begins with it.
fn has(names: &[String], beginning: &str) -> bool {
    names.iter().any(|name| name.starts_with(beginning))
}
