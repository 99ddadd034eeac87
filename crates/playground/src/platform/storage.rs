//! What stays when the page is left. A browser may offer no storage, or refuse what is too much for it: then
//! nothing is kept, nothing breaks, and the page says so.

use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::Storage;
use yew::Callback;

use super::Guard;
use crate::effect::Stored;
use crate::model::Kept;
use crate::space::Texts;

/// Where the names of workspaces begin: their names and documents.
const HEAD: &str = "ordinal.space.";
/// The same for what was done in them.
const RUN: &str = "ordinal.run.";

/// Under which name it is kept. The page's first script, `www/boot.js`, reads two of them, and `www/mistake.js` writes
/// one.
const fn name(stored: Stored) -> &'static str {
    match stored {
        // Each workspace has names of its own, which begin so.
        Stored::Spaces => HEAD,
        Stored::Tabs => "ordinal.tabs",
        Stored::Began => "ordinal.began",
        Stored::Failed => "ordinal.failed",
        Stored::Documents => "ordinal.documents",
        Stored::Session => "ordinal.session",
        Stored::Language => "ordinal.lang",
        Stored::Theme => "ordinal.theme",
    }
}

/// The browser's storage. A frame without one throws on the mere look.
fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

fn text(storage: &Storage, name: &str) -> Option<String> {
    storage.get_item(name).ok().flatten()
}

/// Keeps a text; says whether it could.
pub fn keep(stored: Stored, text: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(name(stored), text).is_ok())
}

/// Keeps it no longer; says whether it could.
pub fn forget(stored: Stored) -> bool {
    storage().is_some_and(|storage| storage.remove_item(name(stored)).is_ok())
}

/// What became of a workspace that was to be kept.
pub enum Outcome {
    /// It is kept.
    Kept,
    /// The browser has no storage, or no room.
    Unkept,
    /// Another browser tab has written it: as it is there.
    Refused(Texts),
}

fn texts(storage: &Storage, id: &str) -> Texts {
    Texts { head: text(storage, &format!("{HEAD}{id}")), run: text(storage, &format!("{RUN}{id}")) }
}

/// Keeps a workspace, if it is still there as the page knows it.
pub fn keep_space(id: &str, was: &Texts, now: &Texts) -> Outcome {
    let Some(storage) = storage() else { return Outcome::Unkept };
    let there = texts(&storage, id);
    // What is not there at all was taken away, or could not be kept the last time.
    if there != *was && there != *now && there.head.is_some() {
        return Outcome::Refused(there);
    }
    let write = |name: String, there: &Option<String>, now: &Option<String>| match now {
        _ if there == now => true,
        Some(text) => storage.set_item(&name, text).is_ok(),
        None => storage.remove_item(&name).is_ok(),
    };
    // Both are tried: the documents may find room where the run does not.
    let head = write(format!("{HEAD}{id}"), &there.head, &now.head);
    let run = write(format!("{RUN}{id}"), &there.run, &now.run);
    if head && run { Outcome::Kept } else { Outcome::Unkept }
}

/// Keeps a workspace no longer; says whether it could.
pub fn forget_space(id: &str) -> bool {
    let names = [format!("{HEAD}{id}"), format!("{RUN}{id}")];
    storage().is_some_and(|storage| names.iter().all(|name| storage.remove_item(name).is_ok()))
}

/// What earlier visits have kept; nothing if there is no storage.
pub fn kept() -> Option<Kept> {
    let storage = storage()?;
    let names = (0..storage.length().ok()?).filter_map(|at| storage.key(at).ok().flatten());
    let ids: Vec<String> = names.filter_map(|name| name.strip_prefix(HEAD).map(str::to_owned)).collect();
    let spaces = ids.into_iter().map(|id| {
        let texts = texts(&storage, &id);
        (id, texts)
    });
    let kept = |stored| text(&storage, name(stored));
    Some(Kept {
        spaces: spaces.collect(),
        tabs: kept(Stored::Tabs),
        began: kept(Stored::Began),
        failed: kept(Stored::Failed).is_some(),
        before: Texts { head: kept(Stored::Documents), run: kept(Stored::Session) },
    })
}

/// Calls back when another browser tab has written a workspace: its name, and how it is now.
pub fn on_change(callback: Callback<(String, Texts)>) -> Guard {
    Box::new(EventListener::new(&gloo::utils::window(), "storage", move |event| {
        let Some(event) = event.dyn_ref::<web_sys::StorageEvent>() else { return };
        let Some(name) = event.key() else { return };
        let Some(id) = name.strip_prefix(HEAD).or_else(|| name.strip_prefix(RUN)) else { return };
        if let Some(storage) = storage() {
            callback.emit((id.to_owned(), texts(&storage, id)));
        }
    }))
}
