//! What server-side apply says when others own what it would change.
//!
//! Models: `k8s.io/apimachinery/pkg/util/managedfields/internal/conflict.go`.

use std::fmt::Write;

use api::{Kind, ManagedFieldsEntry};
use apimachinery::field::quote_go;
use apimachinery::status::StatusCause;
use apimachinery::{Reason, Status};

/// `"kubectl" with subresource "scale" using apps/v1`.
fn printed(entry: &ManagedFieldsEntry, version: &str) -> String {
    let mut text = quote_go(&entry.manager);
    if !entry.subresource.is_empty() {
        let _ = write!(text, " with subresource {}", quote_go(&entry.subresource));
    }
    if !entry.applies {
        let _ = write!(text, " using {version}");
    }
    text
}

/// The refusal. Each entry has the fields of the manifest that its manager owns.
pub(super) fn refusal(kind: Kind, conflicts: &[ManagedFieldsEntry]) -> Status {
    let version = kind.info().api_version();
    let mut entries: Vec<&ManagedFieldsEntry> = conflicts.iter().collect();
    // Upstream sorts by the managers' JSON, which begins with the name.
    entries.sort_by(|a, b| {
        (&a.manager, !a.applies, &a.subresource).cmp(&(&b.manager, !b.applies, &b.subresource))
    });
    let mut causes = Vec::new();
    let mut text = String::new();
    for entry in entries {
        let name = printed(entry, &version);
        let _ = write!(text, "{}conflicts with {name}:", if text.is_empty() { "" } else { "\n" });
        for path in entry.fields.paths() {
            let _ = write!(text, "\n- {path}");
            causes.push(StatusCause {
                reason: "FieldManagerConflict".to_owned(),
                message: format!("conflict with {name}"),
                field: path,
            });
        }
    }
    let message = match causes.as_slice() {
        [one] => format!("Apply failed with 1 conflict: {}: {}", one.message, one.field),
        many => format!("Apply failed with {} conflicts: {text}", many.len()),
    };
    let mut status = Status::new(Reason::Conflict, message);
    status.details.causes = causes;
    status
}
