//! `Endpoints`, the older form of [`super::endpointslice`].
//!
//! Models: `SetDefaults_Endpoints`.
//! Differs: only defaults; the objects are written by controllers.

use api::Object;
use apimachinery::value::as_list_mut;

use super::podspec::defaults::{default_text, each};
use super::strategy::Strategy;

pub(crate) struct EndpointsStrategy;

impl Strategy for EndpointsStrategy {
    fn defaults(&self, object: &mut Object) {
        if object.field("subsets").is_null() {
            return;
        }
        for subset in as_list_mut(object.field_mut("subsets")) {
            if let Some(subset) = subset.as_object_mut() {
                each(subset, "ports").for_each(|port| default_text(port, "protocol", "TCP"));
            }
        }
    }
}
