//! The table of all kinds, and which file has the rules of each.

use api::Kind;

use super::strategy::Strategy;
use super::{
    configmap, controllerrevision, endpoints, endpointslice, lease, limitrange, namespace, node,
    persistentvolume, persistentvolumeclaim, pod, poddisruptionbudget, priorityclass, resourcequota, secret,
    service, statefulset, storageclass,
};

/// A kind without rules of its own.
struct Plain;

impl Strategy for Plain {}

/// The rules of a kind.
pub(super) fn of(kind: Kind) -> &'static dyn Strategy {
    match kind {
        Kind::Namespace => &namespace::NamespaceStrategy,
        Kind::Node => &node::NodeStrategy,
        Kind::Pod => &pod::PodStrategy,
        Kind::Service => &service::ServiceStrategy,
        Kind::EndpointSlice => &endpointslice::EndpointSliceStrategy,
        Kind::Endpoints => &endpoints::EndpointsStrategy,
        Kind::PersistentVolumeClaim => &persistentvolumeclaim::PersistentVolumeClaimStrategy,
        Kind::PersistentVolume => &persistentvolume::PersistentVolumeStrategy,
        Kind::StorageClass => &storageclass::StorageClassStrategy,
        Kind::ConfigMap => &configmap::ConfigMapStrategy,
        Kind::Secret => &secret::SecretStrategy,
        Kind::StatefulSet => &statefulset::StatefulSetStrategy,
        Kind::ControllerRevision => &controllerrevision::ControllerRevisionStrategy,
        Kind::PodDisruptionBudget => &poddisruptionbudget::PodDisruptionBudgetStrategy,
        Kind::ResourceQuota => &resourcequota::ResourceQuotaStrategy,
        Kind::LimitRange => &limitrange::LimitRangeStrategy,
        Kind::PriorityClass => &priorityclass::PriorityClassStrategy,
        Kind::Lease => &lease::LeaseStrategy,
        Kind::Event | Kind::ServiceAccount => &Plain,
    }
}
