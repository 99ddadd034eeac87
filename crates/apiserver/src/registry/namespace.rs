//! Namespaces.
//!
//! Models: `pkg/registry/core/namespace/strategy.go`, `SetDefaults_Namespace`.

use api::Object;
use apimachinery::value::set_at;
use serde_json::json;

use super::Context;
use super::content::{self, NameCheck};
use super::strategy::{Strategy, keep_field};

/// The label that carries the name, for selectors.
const NAME_LABEL: &str = "kubernetes.io/metadata.name";

pub(crate) struct NamespaceStrategy;

impl Strategy for NamespaceStrategy {
    fn name_check(&self) -> NameCheck {
        content::name_is_label
    }

    fn defaults(&self, object: &mut Object) {
        if !object.metadata.name.is_empty() {
            let name = object.metadata.name.clone();
            object.metadata.labels.insert(NAME_LABEL.to_owned(), name);
        }
    }

    fn prepare_for_create(&self, object: &mut Object, _context: &mut Context<'_>) {
        object.set_field("status", json!({"phase": "Active"}));
        set_at(object.spec_mut(), &["finalizers"], json!(["kubernetes"]));
    }

    fn prepare_for_update(&self, new: &mut Object, old: &Object, _context: &mut Context<'_>) {
        keep_field(new, old, "spec");
    }
}
