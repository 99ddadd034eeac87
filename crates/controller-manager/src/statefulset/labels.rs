//! The labels that a Pod of a set carries.
//!
//! Models: `k8s.io/api/apps/v1` (`ControllerRevisionHashLabelKey`, `StatefulSetPodNameLabel`,
//! `PodIndexLabel`).

/// The Pod label that carries the name of the revision that it was made from.
pub const REVISION_LABEL: &str = "controller-revision-hash";
/// The Pod label that carries the Pod's own name.
pub const POD_NAME_LABEL: &str = "statefulset.kubernetes.io/pod-name";
/// The Pod label that carries the ordinal.
pub const POD_INDEX_LABEL: &str = "apps.kubernetes.io/pod-index";
