//! The gallery: examples, files, what is on the clipboard, and what can be had again. It stands over stage and Why;
//! editor and timeline stay in sight.

use apimachinery::Lang;
use yew::{Callback, Html, InputEvent, KeyboardEvent, Properties, function_component, html};

use super::act;
use super::icons::{Icon, icon};
use crate::platform::dom;
use crate::regions::{Action, SpacesAction};
use crate::space_words::SpaceWords;
use crate::told_examples::{Look, Piece, found, told};
use crate::view::{GoneView, Shared};

/// Properties of [`Gallery`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// The texts.
    pub words: &'static SpaceWords,
    /// The language.
    pub lang: Lang,
    /// What is looked for.
    pub query: String,
    /// What can be had again.
    pub gone: Shared<Vec<GoneView>>,
    /// What a person does.
    pub on_action: Callback<Action>,
}

/// The gallery.
#[function_component]
pub fn Gallery(props: &Props) -> Html {
    let words = props.words;
    let act = |action: SpacesAction| act(&props.on_action, action);
    let found = found(&props.query, props.lang);
    let first = found.first().copied();
    let on_action = props.on_action.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
        "Escape" => on_action.emit(SpacesAction::Gallery(false).into()),
        "Enter" => first.into_iter().for_each(|at| on_action.emit(SpacesAction::Example(at).into())),
        _ => {}
    });
    let oninput =
        props.on_action.reform(|event: InputEvent| SpacesAction::Search(dom::input_value(&event)).into());
    let on_action = props.on_action.clone();
    let escape = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            on_action.emit(SpacesAction::Gallery(false).into());
        }
    });
    html! {
        <section class="pop gallery" role="dialog" aria-label={words.examples} onkeydown={escape}>
            <header><h2>{words.examples}</h2><p class="wide">{words.examples_hint}</p><span class="sp"></span>
                <label class="gsearch">{icon(Icon::Search)}<span class="vh">{words.search}</span>
                    <input id="gallery-search" type="search" autocomplete="off" placeholder={words.search_hint} value={props.query.clone()} {oninput} {onkeydown} /></label>
                <button class="btn quiet sq" aria-label={words.close_tab} onclick={act(SpacesAction::Gallery(false))}>{icon(Icon::Cross)}</button>
            </header>
            <div class="gbody">
                <ul class="ggrid">{for found.iter().map(|at| example(props, *at, Some(*at) == first && !props.query.is_empty()))}</ul>
                {found.is_empty().then(|| html! { <p class="gnone">{words.nothing_found}</p> })}
                {(!props.gone.is_empty()).then(|| gone(props))}
            </div>
            <footer>
                <button class="btn" onclick={act(SpacesAction::PickFiles)}>{icon(Icon::File)}{words.open_files}</button>
                <button class="btn" onclick={act(SpacesAction::Paste)}>{words.paste_yaml}</button>
                <button class="btn" onclick={act(SpacesAction::Empty)}>{words.empty_tab}</button>
                <span class="note wide">{words.drop_hint}</span><span class="sp"></span>
                <button class="btn quiet" onclick={act(SpacesAction::PickFiles)}>{words.import_run}</button>
            </footer>
        </section>
    }
}

fn example(props: &Props, at: usize, is_first: bool) -> Html {
    let (told, lang) = (told(at), props.lang);
    html! {
        <li key={at}>
            <button class={if is_first { "gex on" } else { "gex" }} onclick={act(&props.on_action, SpacesAction::Example(at))}>
                {picture(told.lives)}
                <b>{told.name.of(lang)}</b>
                <span>{told.sentence.of(lang)}</span>
                <span class="note">{told.note.of(lang)}</span>
            </button>
        </li>
    }
}

/// What can be had again.
fn gone(props: &Props) -> Html {
    let words = props.words;
    html! {
        <div class="ggone">
            <h3>{words.can_be_had}</h3>
            <ul>{for props.gone.iter().map(|one| html! {
                <li key={one.id.clone()}><button class="btn quiet" onclick={act(&props.on_action, SpacesAction::Show(one.id.clone()))}>
                    {icon(Icon::Undo)}{&one.label}<span class="note">{words.gone(one.cause, &one.at)}</span>
                </button></li>
            })}</ul>
        </div>
    }
}

/// Lives as ribbons, 100 wide.
fn picture(lives: &[&[Piece]]) -> Html {
    html! {
        <svg class="st" viewBox="0 0 300 50" preserveAspectRatio="xMinYMin" aria-hidden="true">
            {for lives.iter().enumerate().map(|(lane, life)| {
                let y = 8 + i32::try_from(lane).unwrap_or(0) * 17;
                html! { <g key={lane}>{for life.iter().map(|piece| shape(*piece, y))}</g> }
            })}
        </svg>
    }
}

/// A piece of a life, in the shapes of the timeline.
fn shape((look, from, to): Piece, y: i32) -> Html {
    let (x, end) = (from * 3, to * 3);
    let width = end - x;
    let bar = |class: &'static str, fill: Option<&'static str>| {
        html! { <rect x={x.to_string()} y={(y - 4).to_string()} width={width.to_string()} height="9" rx="2" class={class} fill={fill} /> }
    };
    match look {
        Look::Pending => html! { <path d={format!("M{x} {y}H{end}")} class="tl-pend" /> },
        Look::Creating => {
            html! { <rect x={x.to_string()} y={(y - 2).to_string()} width={width.to_string()} height="5" class="tl-create" /> }
        }
        Look::Ready => bar("", Some("url(#rA)")),
        Look::Updated => bar("", Some("url(#rB)")),
        Look::Leaving => {
            html! { <path d={format!("M{x} {}L{end} {y}L{x} {}Z", y - 4, y + 5)} class="tl-term" /> }
        }
        Look::Failing => {
            let steps = (x..end).step_by(8).enumerate();
            let line: String =
                steps.map(|(at, x)| format!("L{x} {}", if at % 2 == 0 { y + 2 } else { y - 2 })).collect();
            html! { <path d={format!("M{x} {y}{line}")} class="tl-bad" /> }
        }
        Look::Unknown => bar("tl-silent", Some("url(#rA)")),
    }
}
