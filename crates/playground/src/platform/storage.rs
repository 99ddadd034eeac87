//! What stays when the page is left. A browser that offers no storage keeps nothing, and nothing breaks.

use gloo::storage::{LocalStorage, Storage};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Keeps a value; says whether it could.
pub fn keep<T: Serialize>(name: &str, value: &T) -> bool {
    LocalStorage::set(format!("ordinal.{name}"), value).is_ok()
}

/// Keeps a bare word, which the page's first script reads.
pub fn keep_word(name: &str, word: &str) {
    let _ = LocalStorage::raw().set_item(&format!("ordinal.{name}"), word);
}

/// What was kept, if it still makes sense.
pub fn kept<T: DeserializeOwned>(name: &str) -> Option<T> {
    LocalStorage::get(format!("ordinal.{name}")).ok()
}

/// Forgets it.
pub fn forget(name: &str) {
    LocalStorage::delete(format!("ordinal.{name}"));
}
