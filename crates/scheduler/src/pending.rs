//! Which Pods wait for this scheduler.

use api::Object;
use api::core::Pod;
use apimachinery::value::ValueExt;

/// The name of the default profile, which Pods ask for by `spec.schedulerName`.
pub const NAME: &str = "default-scheduler";

/// Whether a Pod is this scheduler's business: it asks for it, has no node and has not ended.
pub fn is_pending(pod: &Object) -> bool {
    let scheduler = pod.spec().str_at(&["schedulerName"]);
    Pod(pod).node_name().is_empty()
        && matches!(scheduler, "" | NAME)
        && !matches!(Pod(pod).phase(), "Succeeded" | "Failed")
}

/// Whether scheduling gates keep a Pod from being scheduled at all.
pub fn is_gated(pod: &Object) -> bool {
    !pod.spec().list_at(&["schedulingGates"]).is_empty()
}

/// The node that is chosen for a Pod while its volumes are being bound, or empty.
pub fn nominated(pod: &Object) -> &str {
    pod.status().str_at(&["nominatedNodeName"])
}
