//! Paths of files: relative, and without `..`.

use apimachinery::{ErrorList, Path};

/// A path inside a volume: `validateLocalDescendingPath`.
pub(crate) fn validate_local_descending_path(errors: &mut ErrorList, text: &str, path: &Path) {
    if text.starts_with('/') {
        errors.invalid(path, text, "must be a relative path");
    }
    validate_no_backsteps(errors, text, path);
}

/// A path that does not climb: `validatePathNoBacksteps`.
pub(crate) fn validate_no_backsteps(errors: &mut ErrorList, text: &str, path: &Path) {
    if text.split('/').any(|part| part == "..") {
        errors.invalid(path, text, "must not contain '..'");
    }
}

/// The path of a file inside a volume: `validateLocalNonReservedPath`.
pub(crate) fn validate_file_path(errors: &mut ErrorList, text: &str, path: &Path) {
    if text.is_empty() {
        errors.required(path, "");
        return;
    }
    validate_local_descending_path(errors, text, path);
    if text.starts_with("..") && !text.starts_with("../") {
        errors.invalid(path, text, "must not start with '..'");
    }
}
