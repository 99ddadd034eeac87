//! Bars above the stage: what one should know of the whole page now, with the way out.

use yew::{Callback, FocusEvent, Html, html};

use super::act;
use super::icons::{Icon, icon};
use crate::platform::dom;
use crate::regions::page::{Copied, LinkProblem, Opening};
use crate::regions::{Action, Jump, PageAction, TimeAction};
use crate::view::Notice;
use crate::words::Words;

/// The engine is waited for, or could not be loaded.
pub fn engine(words: &'static Words, notice: Notice, on_action: &Callback<Action>) -> Html {
    let text = notice.text(words);
    match notice {
        Notice::None => html! {},
        Notice::Coming => html! { <div class="bar" key="engine" role="status"><span>{text}</span></div> },
        Notice::Missing => html! {
            <div class="bar missing" key="engine" role="alert">
                {icon(Icon::Bell)}<span>{text}</span><span class="sp"></span>
                <button class="btn" onclick={act(on_action, PageAction::FetchAgain)}>{words.try_again}</button>
            </div>
        },
    }
}

/// The page was opened by a link to a session.
pub fn shared(words: &'static Words, opening: Opening) -> Html {
    let (role, text) = match opening {
        Opening::UnderWay => ("status", words.shared_opening),
        Opening::Done => ("status", words.shared_hint),
        Opening::Failed(problem) => ("alert", said_of(words, problem)),
    };
    let class = if role == "alert" { "bar missing" } else { "bar" };
    html! {
        <div {class} key="shared" {role}>
            <span>{text}</span><span class="sp"></span><a href="#">{words.to_laboratory}</a>
        </div>
    }
}

const fn said_of(words: &'static Words, problem: LinkProblem) -> &'static str {
    match problem {
        LinkProblem::Damaged => words.link_damaged,
        LinkProblem::TooLarge => words.link_too_large,
        LinkProblem::Foreign => words.link_foreign,
        LinkProblem::Unsupported => words.link_unsupported,
    }
}

/// What became of a link that was to be copied. One that the browser did not take stands there to be taken.
pub fn copied(words: &'static Words, copied: &Copied, on_action: &Callback<Action>) -> Html {
    let said = |text: &'static str, close: Html| {
        html! { <div class="told" key="told" role="status"><span>{text}</span><span class="sp"></span>{close}</div> }
    };
    let close = html! {
        <button class="btn quiet sq" aria-label={words.close} onclick={act(on_action, PageAction::CloseLink)}>{icon(Icon::Cross)}</button>
    };
    match copied {
        Copied::Done => html! {
            <div class="told" key="told" role="status">{icon(Icon::Check)}<span>{words.link_copied}</span></div>
        },
        Copied::Unsupported => said(words.link_not_made, close),
        Copied::TooLarge => said(words.link_too_long, close),
        Copied::Refused(link) => html! {
            <div class="told" key="told">
                <label for="link-field">{words.link_refused}</label>
                <input id="link-field" readonly=true value={link.clone()}
                    onfocus={Callback::from(|event: FocusEvent| dom::select_all(&event))} />
                {close}
            </div>
        },
    }
}

/// The stage shows the past.
pub fn past(words: &'static Words, on_action: &Callback<Action>) -> Html {
    html! {
        <div class="bar past" key="past" role="status">
            <span>{words.past_hint}</span>
            <button class="btn narrow" onclick={act(on_action, TimeAction::Jump(Jump::Now))}>{words.to_now}</button>
        </div>
    }
}
