//! Fields of a pod spec whose feature gates are off in v1.36: they are dropped, unless the object had
//! them before.
//!
//! Models: `dropDisabledFields` of `pkg/api/pod/util.go`.

use apimachinery::value::{as_map_mut, remove_at};
use serde_json::{Map, Value};

use crate::registry::fill::{each, inner};

/// Drops what no gate allows. `old` is the spec before an update.
pub(crate) fn drop_disabled(spec: &mut Value, old: Option<&Value>) {
    let stays = |list: &str, test: fn(&Value) -> bool| {
        let items = old.and_then(|old| old.get(list)).and_then(Value::as_array);
        items.is_some_and(|items| items.iter().any(test))
    };
    let keeps_signals = ["containers", "initContainers", "ephemeralContainers"]
        .iter()
        .any(|list| stays(list, |container| container.pointer("/lifecycle/stopSignal").is_some()));
    let keeps_bundles = stays("volumes", |volume| has_source(volume, "clusterTrustBundle"));
    let keeps_certificates = stays("volumes", |volume| has_source(volume, "podCertificate"));
    // GenericWorkload.
    if old.is_none_or(|old| old.get("schedulingGroup").is_none()) {
        remove_at(spec, &["schedulingGroup"]);
    }
    let spec = as_map_mut(spec);
    // ContainerStopSignals.
    if !keeps_signals {
        for list in ["containers", "initContainers", "ephemeralContainers"] {
            each(spec, list).for_each(drop_stop_signal);
        }
    }
    // ClusterTrustBundleProjection, PodCertificateRequest.
    for (name, kept) in [("clusterTrustBundle", keeps_bundles), ("podCertificate", keeps_certificates)] {
        if !kept {
            for source in each(spec, "volumes").filter_map(|volume| inner(volume, "projected")) {
                each(source, "sources").for_each(|projection| drop(projection.remove(name)));
            }
        }
    }
}

fn drop_stop_signal(container: &mut Map<String, Value>) {
    let Some(lifecycle) = inner(container, "lifecycle") else { return };
    if lifecycle.remove("stopSignal").is_some() && lifecycle.is_empty() {
        container.remove("lifecycle");
    }
}

fn has_source(volume: &Value, name: &str) -> bool {
    let sources = volume.pointer("/projected/sources").and_then(Value::as_array);
    sources.is_some_and(|sources| sources.iter().any(|source| source.get(name).is_some()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_signal_is_dropped_and_its_empty_lifecycle_with_it() {
        let given = json!({"containers": [{"name": "c", "lifecycle": {"stopSignal": "SIGTERM"}}]});
        let mut spec = given.clone();
        drop_disabled(&mut spec, None);
        assert_eq!(spec, json!({"containers": [{"name": "c"}]}));
        let mut spec = given.clone();
        drop_disabled(&mut spec, Some(&given));
        assert_eq!(spec, given);
    }
}
