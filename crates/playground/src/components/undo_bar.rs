//! What went last, with the way back.

use yew::{Callback, Html, html};

use super::act;
use super::icons::{Icon, icon};
use crate::regions::{Action, SpacesAction};
use crate::space::Undo;
use crate::space_words::SpaceWords;

/// The bar above the timeline.
pub fn bar(words: &'static SpaceWords, undo: &Undo, on_action: &Callback<Action>) -> Html {
    html! {
        <div class="undo" key="undo" role="status">
            <span class="said"><b>{&undo.name}</b>{words.went(undo)}</span><span class="sp"></span>
            <button class="btn" onclick={act(on_action, SpacesAction::Undo)}>{icon(Icon::Undo)}{words.undo}{" "}<kbd class="wide">{"Ctrl Z"}</kbd></button>
            {undo.document.is_some().then(|| html! {
                <button class="btn quiet wide" onclick={act(on_action, SpacesAction::OpenReplaced)}>{words.open_old}</button>
            })}
            <button class="btn quiet sq" aria-label={words.close_tab} onclick={act(on_action, SpacesAction::CloseUndo)}>{icon(Icon::Cross)}</button>
        </div>
    }
}
