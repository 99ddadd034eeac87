//! Pod disruption budgets.
//!
//! Models: `pkg/apis/policy/validation`, `pkg/registry/policy/poddisruptionbudget/strategy.go`.

use api::Object;
use apimachinery::{ErrorList, Path};
use serde_json::{Value, json};

use super::Context;
use super::content::{self, NOT_NEGATIVE, NameCheck};
use super::golang::{internal, round_trip_status};
use super::objectmeta::{
    invalid_each, validate_label_selector, validate_nonnegative, validate_object_meta_update,
};
use super::place::Place;
use super::strategy::{Strategy, count_change};

pub(crate) struct PodDisruptionBudgetStrategy;

impl Strategy for PodDisruptionBudgetStrategy {
    /// Any name will do: upstream does not check it.
    fn name_check(&self) -> NameCheck {
        |_, _| content::Messages::new()
    }

    fn prepare_for_create(&self, object: &mut Object, _context: &mut Context<'_>) {
        object.set_field("status", json!({}));
        round_trip_status(object);
    }

    fn prepare_for_update(&self, new: &mut Object, old: &Object, _context: &mut Context<'_>) {
        count_change(new, old);
    }

    fn validate(&self, errors: &mut ErrorList, object: &Object) {
        let spec = Place::new(object.spec(), Path::new("spec"));
        if spec.has("minAvailable") && spec.has("maxUnavailable") {
            let printed = internal::compact("PodDisruptionBudgetSpec", spec.value);
            errors.invalid_printed(&spec.path, printed, "minAvailable and maxUnavailable cannot be both set");
        }
        for name in ["minAvailable", "maxUnavailable"] {
            if let Some(amount) = spec.get(name) {
                validate_int_or_percent(errors, &amount);
            }
        }
        if let Some(selector) = spec.get("selector") {
            validate_label_selector(errors, &selector);
        }
        let allowed = ["AlwaysAllow", "IfHealthyBudget"];
        if let Some(policy) = spec.text("unhealthyPodEvictionPolicy").filter(|p| !allowed.contains(p)) {
            errors.not_supported(&spec.at("unhealthyPodEvictionPolicy"), policy, &allowed);
        }
    }

    fn validate_status_update(&self, errors: &mut ErrorList, new: &Object, old: &Object) {
        validate_object_meta_update(errors, new, old);
        let status = Place::new(new.status(), Path::new("status"));
        for name in ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"] {
            validate_nonnegative(errors, status.int(name).unwrap_or(0), &status.at(name));
        }
    }
}

/// `ValidatePositiveIntOrPercent` and `IsNotMoreThan100Percent`.
pub(crate) fn validate_int_or_percent(errors: &mut ErrorList, amount: &Place<'_>) {
    match amount.value {
        Value::String(text) => {
            let messages = content::percent(text);
            let good = messages.is_empty();
            invalid_each(errors, &amount.path, text, messages);
            let number = text.trim_end_matches('%').parse::<i64>().unwrap_or(i64::MAX);
            if good && number > 100 {
                errors.invalid(&amount.path, text.as_str(), "must not be greater than 100%");
            }
        }
        other => {
            let number = other.as_i64().unwrap_or(0);
            if number < 0 {
                errors.invalid(&amount.path, number, NOT_NEGATIVE);
            }
        }
    }
}
