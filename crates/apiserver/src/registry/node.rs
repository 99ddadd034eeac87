//! Nodes.
//!
//! Models: `ValidateNode`, `ValidateNodeUpdate`, `pkg/registry/core/node/strategy.go`.

use api::Object;
use apimachinery::sorted::SortedSet;
use apimachinery::{ErrorList, FieldErrorKind, Path};

use super::content::{self, CIDR, is_cidr};
use super::golang::internal;
use super::objectmeta::{invalid_each, validate_object_meta_update};
use super::place::Place;
use super::podspec::scheduling::validate_taint_effect;
use super::strategy::Strategy;

pub(crate) struct NodeStrategy;

impl Strategy for NodeStrategy {
    fn validate(&self, errors: &mut ErrorList, object: &Object) {
        // Upstream names the path of taints below `metadata`.
        let spec = Place::new(object.spec(), Path::new("metadata"));
        let mut seen = SortedSet::new();
        for taint in spec.list("taints") {
            let (key, value) = (taint.str("key"), taint.str("value"));
            invalid_each(errors, &taint.at("key"), key, content::qualified_name(key));
            let messages = content::label_value(value);
            if !messages.is_empty() {
                errors.invalid(&taint.at("value"), value, messages.join(";"));
            }
            validate_taint_effect(errors, &taint);
            if !seen.insert((key, taint.str("effect"))) {
                let printed = internal::compact("Taint", taint.value);
                let detail = "taints must be unique by key and effect pair";
                errors.push_printed(FieldErrorKind::Duplicate, &taint.path, printed, detail);
            }
        }
        let path = Path::new("spec.podCIDRs");
        let spec = Place::new(object.spec(), Path::new("spec"));
        let one =
            Some(spec.str("podCIDR")).filter(|one| !one.is_empty() && spec.items("podCIDRs").is_empty());
        for (i, range) in one.into_iter().chain(spec.strings("podCIDRs")).enumerate() {
            if !is_cidr(range) {
                errors.invalid(&path.index(i), range, CIDR);
            }
        }
    }

    fn validate_update(&self, errors: &mut ErrorList, new: &Object, old: &Object) {
        validate_object_meta_update(errors, new, old);
        let path = Path::new("spec");
        let (new_spec, old_spec) =
            (Place::new(new.spec(), path.clone()), Place::new(old.spec(), path.clone()));
        if !old_spec.items("podCIDRs").is_empty() && new_spec.items("podCIDRs") != old_spec.items("podCIDRs")
        {
            let detail = "node updates may not change podCIDR except from \"\" to valid";
            errors.forbidden(&path.child("podCIDRs"), detail);
        }
        let provider = old_spec.str("providerID");
        if !provider.is_empty() && provider != new_spec.str("providerID") {
            let detail = "node updates may not change providerID except from \"\" to valid";
            errors.forbidden(&path.child("providerID"), detail);
        }
        self.validate(errors, new);
    }
}
