//! Bars above the stage: what one should know of the whole page now, with the way out.

use apimachinery::Lang;
use yew::{Callback, FocusEvent, Html, html};

use super::act;
use super::icons::{Icon, icon};
use crate::platform::dom;
use crate::regions::page::{Copied, LinkProblem, Opening};
use crate::regions::{Action, Jump, PageAction, SpacesAction, TimeAction};
use crate::space::{Piece, Said};
use crate::space_words::SpaceWords;
use crate::view::Notice;
use crate::words::Words;

/// Says that the engine is on its way, or that it could not be loaded.
pub fn engine(
    words: &'static Words,
    notice: Notice,
    reason: Option<&str>,
    on_action: &Callback<Action>,
) -> Html {
    let text = notice.text(words);
    match notice {
        Notice::None => html! {},
        Notice::Coming => html! { <div class="bar" key="engine" role="status"><span>{text}</span></div> },
        Notice::Replaying => html! {
            <div class="bar" key="engine" role="status">
                <span>{text}</span><span class="sp"></span>
                <button class="btn narrow" onclick={act(on_action, PageAction::StopReplay)}>{words.stop_here}</button>
            </div>
        },
        Notice::Missing => html! {
            <div class="bar missing" key="engine" role="alert">
                {icon(Icon::Bell)}<span>{text}{" "}{reason}</span><span class="sp"></span>
                <button class="btn" onclick={act(on_action, PageAction::FetchAgain)}>{words.try_again}</button>
            </div>
        },
    }
}

/// Says that the page was opened by a link to a session, and what came of it.
pub fn shared(words: &'static Words, lang: Lang, opening: &Opening) -> Html {
    let (role, text) = match opening {
        Opening::UnderWay => ("status", words.shared_opening.to_owned()),
        Opening::Done => ("status", words.shared_hint.to_owned()),
        Opening::Failed(problem) => ("alert", said_of(words, lang, problem)),
    };
    let class = if role == "alert" { "bar missing" } else { "bar" };
    html! {
        <div {class} key="shared" {role}>
            <span>{text}</span><span class="sp"></span><a href="#">{words.to_laboratory}</a>
        </div>
    }
}

fn said_of(words: &'static Words, lang: Lang, problem: &LinkProblem) -> String {
    match problem {
        LinkProblem::Damaged => words.link_damaged.to_owned(),
        LinkProblem::TooLarge => words.link_too_large.to_owned(),
        LinkProblem::Refused(refused) => refused.sentence(lang),
        LinkProblem::Unsupported => words.link_unsupported.to_owned(),
    }
}

/// Says what became of a workspace: kept aside, changed by another browser tab.
pub fn said(words: &'static SpaceWords, said: &Said, on_action: &Callback<Action>) -> Html {
    html! {
        <div class="bar missing" key="said" role="alert">
            {icon(Icon::Bell)}<span>{words.said(said)}</span><span class="sp"></span>
            {matches!(said, Said::Elsewhere(_)).then(|| html! {
                <button class="btn" onclick={act(on_action, SpacesAction::ShowTheirs)}>{words.show_theirs}</button>
            })}
            <button class="btn quiet sq" aria-label={words.close_tab} onclick={act(on_action, SpacesAction::CloseSaid)}>{icon(Icon::Cross)}</button>
        </div>
    }
}

/// Asks whether what ended an earlier visit is to be done again.
pub fn doubted(words: &'static SpaceWords, on_action: &Callback<Action>) -> Html {
    html! {
        <div class="bar missing" key="doubted" role="alert">
            {icon(Icon::Bell)}<span>{words.doubted}</span><span class="sp"></span>
            <button class="btn" onclick={act(on_action, SpacesAction::Decide(false))}>{words.only_documents}</button>
            <button class="btn" onclick={act(on_action, SpacesAction::Decide(true))}>{words.again}</button>
            <button class="btn quiet" onclick={act(on_action, SpacesAction::CopyRun)}>{words.copy_report}</button>
        </div>
    }
}

/// Says what became of a link that was to be copied. If the browser refused, the link stands there, to be
/// copied by hand.
pub fn copied(
    words: &'static Words,
    of_spaces: &'static SpaceWords,
    copied: &Copied,
    on_action: &Callback<Action>,
) -> Html {
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
        Copied::Long(letters) => html! {
            <div class="told" key="told" role="status">
                <span>{of_spaces.long_link(*letters)}</span><span class="sp"></span>
                <button class="btn" onclick={act(on_action, SpacesAction::Save(Piece::Run))}>{of_spaces.save_file}</button>{close}
            </div>
        },
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

/// Says that the stage shows the past.
pub fn past(words: &'static Words, on_action: &Callback<Action>) -> Html {
    html! {
        <div class="bar past" key="past" role="status">
            <span>{words.past_hint}</span>
            <button class="btn narrow" onclick={act(on_action, TimeAction::Jump(Jump::Now))}>{words.to_now}</button>
        </div>
    }
}
