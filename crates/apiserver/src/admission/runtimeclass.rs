//! What a Pod's RuntimeClass adds to it.
//!
//! Models: `plugin/pkg/admission/runtimeclass`.
//! Differs: there are no `RuntimeClass`es here, so one that is named is never found.

use api::Object;
use apimachinery::value::ValueExt;
use apimachinery::{Reason, Status};
use serde_json::Value;

use super::forbidden;

/// Refuses a Pod whose class is not there, or whose overhead no class explains.
pub(super) fn admit(pod: &Object) -> Result<(), Status> {
    if let Some(name) = pod.spec().get("runtimeClassName").and_then(Value::as_str) {
        if name.is_empty() {
            // The client that asks for the class says this, not the server.
            return Err(Status::new(Reason::Unknown, "resource name may not be empty"));
        }
        return Err(forbidden(pod, &format!("pod rejected: RuntimeClass \"{name}\" not found")));
    }
    if pod.spec().map_at(&["overhead"]).is_some_and(|overhead| !overhead.is_empty()) {
        let why = "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead";
        return Err(forbidden(pod, why));
    }
    Ok(())
}
