//! What stays when the page is left. A browser may offer no storage, or refuse what is too much for it: then
//! nothing is kept, nothing breaks, and the page says so.

use web_sys::Storage;

use crate::effect::Stored;
use crate::model::Kept;

/// What a flag says that is set.
pub const YES: &str = "true";

/// Under which name it is kept; the page's first script, `www/boot.js`, reads two of them.
const fn name(stored: Stored) -> &'static str {
    match stored {
        Stored::Documents => "ordinal.documents",
        Stored::Session => "ordinal.session",
        Stored::Aside => "ordinal.aside",
        Stored::Failed => "ordinal.failed",
        Stored::Language => "ordinal.lang",
        Stored::Theme => "ordinal.theme",
        Stored::Panes => "ordinal.panes",
    }
}

/// The browser's storage. A frame without one throws on the mere look.
fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// Keeps a text; says whether it could.
pub fn keep(stored: Stored, text: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(name(stored), text).is_ok())
}

/// Keeps it no longer; says whether it could.
pub fn forget(stored: Stored) -> bool {
    storage().is_some_and(|storage| storage.remove_item(name(stored)).is_ok())
}

/// What an earlier visit has kept; nothing if there is no storage.
pub fn kept() -> Option<Kept> {
    let storage = storage()?;
    let text = |stored| storage.get_item(name(stored)).ok().flatten();
    let failed = text(Stored::Failed).as_deref() == Some(YES);
    let (documents, session) = (text(Stored::Documents), text(Stored::Session));
    Some(Kept { documents, session, panes: text(Stored::Panes), failed })
}
