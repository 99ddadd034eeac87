//! Leases: a duration is positive, a count is not negative.
//!
//! Models: `ValidateLeaseSpec` of `pkg/apis/coordination/validation`.

use api::Object;
use apimachinery::{ErrorList, Path};

use super::place::Place;
use super::strategy::Strategy;

/// The rules of Leases.
pub(super) struct LeaseStrategy;

impl Strategy for LeaseStrategy {
    fn validate(&self, errors: &mut ErrorList, object: &Object) {
        let spec = Place::new(object.spec(), Path::new("spec"));
        if let Some(seconds) = spec.int("leaseDurationSeconds").filter(|seconds| *seconds <= 0) {
            errors.invalid(&spec.at("leaseDurationSeconds"), seconds, "must be greater than 0");
        }
        if let Some(count) = spec.int("leaseTransitions").filter(|count| *count < 0) {
            let detail = "must be greater than or equal to 0";
            errors.invalid(&spec.at("leaseTransitions"), count, detail);
        }
    }
}
