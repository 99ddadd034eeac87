//! What a Pod's RuntimeClass adds to it.
//!
//! Models: `plugin/pkg/admission/runtimeclass`.
//! Differs: there are no `RuntimeClass`es here, so one that is named is never found.

use api::Object;
use apimachinery::Status;
use apimachinery::value::ValueExt;

use super::forbidden;

/// Refuses a Pod whose class is not there, or whose overhead no class explains.
pub(super) fn admit(pod: &Object) -> Result<(), Status> {
    let name = pod.spec().str_at(&["runtimeClassName"]);
    if !name.is_empty() {
        return Err(forbidden(pod, &format!("pod rejected: RuntimeClass \"{name}\" not found")));
    }
    if pod.spec().map_at(&["overhead"]).is_some_and(|overhead| !overhead.is_empty()) {
        let why = "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead";
        return Err(forbidden(pod, why));
    }
    Ok(())
}
