//! The table of kinds.

use std::fmt;

/// A kind of the Kubernetes API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Kind {
    Namespace,
    Node,
    Pod,
    Service,
    EndpointSlice,
    Endpoints,
    PersistentVolumeClaim,
    PersistentVolume,
    StorageClass,
    ConfigMap,
    Secret,
    Event,
    StatefulSet,
    ControllerRevision,
    PodDisruptionBudget,
    ServiceAccount,
    ResourceQuota,
    LimitRange,
    PriorityClass,
    Lease,
}

/// What is fixed about a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // a table of properties
pub struct KindInfo {
    /// The kind.
    pub kind: Kind,
    /// `StatefulSet`.
    pub name: &'static str,
    /// `apps`; empty for core.
    pub group: &'static str,
    /// `v1`.
    pub version: &'static str,
    /// `statefulsets`: the resource in URLs, errors and on the command line.
    pub plural: &'static str,
    /// `statefulset`: the singular name.
    pub singular: &'static str,
    /// `sts`.
    pub short: &'static [&'static str],
    /// Whether its objects live in a namespace.
    pub namespaced: bool,
    /// Whether `kubectl get all` lists it.
    pub in_all: bool,
    /// Whether the API server counts `metadata.generation`.
    pub has_generation: bool,
    /// Whether `/status` is a subresource of its own.
    pub has_status: bool,
    /// Its row in the field table.
    pub schema: &'static str,
}

impl KindInfo {
    /// `apps/v1`, or `v1` in the core group.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.to_owned()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }

    /// `statefulsets.apps`, or `pods` in the core group.
    pub fn qualified_plural(&self) -> String {
        if self.group.is_empty() { self.plural.to_owned() } else { format!("{}.{}", self.plural, self.group) }
    }

    /// `statefulset.apps`, or `pod` in the core group: how kubectl names objects.
    pub fn qualified_singular(&self) -> String {
        if self.group.is_empty() {
            self.singular.to_owned()
        } else {
            format!("{}.{}", self.singular, self.group)
        }
    }
}

macro_rules! kinds {
    ($($kind:ident $group:literal $plural:literal [$($short:literal),*] $($flag:ident)*;)*) => {
        impl Kind {
            /// All kinds, in the table's order.
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];

            /// The kind's row.
            pub const fn info(self) -> &'static KindInfo {
                match self {
                    $(Self::$kind => {
                        const INFO: KindInfo = KindInfo {
                            kind: Kind::$kind,
                            name: stringify!($kind),
                            group: $group,
                            version: "v1",
                            plural: $plural,
                            singular: singular(stringify!($kind)),
                            short: &[$($short),*],
                            namespaced: !flag(&[$(stringify!($flag)),*], "cluster"),
                            in_all: flag(&[$(stringify!($flag)),*], "all"),
                            has_generation: flag(&[$(stringify!($flag)),*], "generation"),
                            has_status: flag(&[$(stringify!($flag)),*], "status"),
                            schema: schema(stringify!($kind)),
                        };
                        &INFO
                    })*
                }
            }
        }
    };
}

const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        #[allow(clippy::indexing_slicing)] // in a const fn, and bounded by the loop
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

const fn flag(flags: &[&str], wanted: &str) -> bool {
    let mut i = 0;
    while i < flags.len() {
        #[allow(clippy::indexing_slicing)] // in a const fn, and bounded by the loop
        if equal(flags[i], wanted) {
            return true;
        }
        i += 1;
    }
    false
}

macro_rules! by_name {
    ($name:ident: $($kind:literal => $value:literal;)*) => {
        const fn $name(kind: &'static str) -> &'static str {
            $(if equal(kind, $kind) { return $value; })*
            kind
        }
    };
}

by_name! { singular:
    "Namespace" => "namespace"; "Node" => "node"; "Pod" => "pod"; "Service" => "service";
    "EndpointSlice" => "endpointslice"; "Endpoints" => "endpoints";
    "PersistentVolumeClaim" => "persistentvolumeclaim"; "PersistentVolume" => "persistentvolume";
    "StorageClass" => "storageclass"; "ConfigMap" => "configmap"; "Secret" => "secret";
    "Event" => "event"; "StatefulSet" => "statefulset";
    "ControllerRevision" => "controllerrevision";
    "PodDisruptionBudget" => "poddisruptionbudget"; "ServiceAccount" => "serviceaccount";
    "ResourceQuota" => "resourcequota"; "LimitRange" => "limitrange";
    "PriorityClass" => "priorityclass"; "Lease" => "lease";
}

by_name! { schema:
    "Namespace" => "core.v1.Namespace"; "Node" => "core.v1.Node"; "Pod" => "core.v1.Pod";
    "Service" => "core.v1.Service"; "EndpointSlice" => "discovery.v1.EndpointSlice";
    "Endpoints" => "core.v1.Endpoints";
    "PersistentVolumeClaim" => "core.v1.PersistentVolumeClaim";
    "PersistentVolume" => "core.v1.PersistentVolume"; "StorageClass" => "storage.v1.StorageClass";
    "ConfigMap" => "core.v1.ConfigMap"; "Secret" => "core.v1.Secret"; "Event" => "core.v1.Event";
    "StatefulSet" => "apps.v1.StatefulSet"; "ControllerRevision" => "apps.v1.ControllerRevision";
    "PodDisruptionBudget" => "policy.v1.PodDisruptionBudget";
    "ServiceAccount" => "core.v1.ServiceAccount"; "ResourceQuota" => "core.v1.ResourceQuota";
    "LimitRange" => "core.v1.LimitRange"; "PriorityClass" => "scheduling.v1.PriorityClass";
    "Lease" => "coordination.v1.Lease";
}

kinds! {
    Namespace "" "namespaces" ["ns"] cluster status;
    Node "" "nodes" ["no"] cluster status;
    Pod "" "pods" ["po"] all generation status;
    Service "" "services" ["svc"] all status;
    EndpointSlice "discovery.k8s.io" "endpointslices" [] generation;
    Endpoints "" "endpoints" ["ep"];
    PersistentVolumeClaim "" "persistentvolumeclaims" ["pvc"] status;
    PersistentVolume "" "persistentvolumes" ["pv"] cluster status;
    StorageClass "storage.k8s.io" "storageclasses" ["sc"] cluster;
    ConfigMap "" "configmaps" ["cm"];
    Secret "" "secrets" [];
    Event "" "events" ["ev"];
    StatefulSet "apps" "statefulsets" ["sts"] all generation status;
    ControllerRevision "apps" "controllerrevisions" [];
    PodDisruptionBudget "policy" "poddisruptionbudgets" ["pdb"] generation status;
    ServiceAccount "" "serviceaccounts" ["sa"];
    ResourceQuota "" "resourcequotas" ["quota"] status;
    LimitRange "" "limitranges" ["limits"];
    PriorityClass "scheduling.k8s.io" "priorityclasses" ["pc"] cluster generation;
    Lease "coordination.k8s.io" "leases" [];
}

impl Kind {
    /// The kind that `apiVersion` and `kind` of a manifest name.
    pub fn from_manifest(api_version: &str, kind: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|k| k.info().name == kind && k.info().api_version() == api_version)
    }

    /// The kind that a word of the command line names: plural, singular, short, kind in any case,
    /// or `statefulsets.apps`, `statefulsets.v1.apps`.
    pub fn from_resource(word: &str) -> Option<Self> {
        let word = word.to_ascii_lowercase();
        let (name, group) = word
            .split_once('.')
            .map_or((word.as_str(), None), |(n, g)| (n, Some(g.strip_prefix("v1.").unwrap_or(g))));
        Self::ALL.iter().copied().find(|k| {
            let info = k.info();
            (info.plural == name || info.singular == name || info.short.contains(&name))
                && group.is_none_or(|g| {
                    g == info.group
                        || (info.group.is_empty() && g == "v1")
                        || (*k == Self::Event && g == "events.k8s.io")
                })
        })
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.info().name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_kinds_by_the_words_people_use() {
        for word in ["sts", "statefulset", "statefulsets", "StatefulSet", "statefulsets.apps"] {
            assert_eq!(Kind::from_resource(word), Some(Kind::StatefulSet), "{word}");
        }
        assert_eq!(Kind::from_resource("statefulsets.v1.apps"), Some(Kind::StatefulSet));
        assert_eq!(Kind::from_resource("foo"), None);
        assert_eq!(Kind::from_manifest("apps/v1", "StatefulSet"), Some(Kind::StatefulSet));
        assert_eq!(Kind::from_manifest("v1", "StatefulSet"), None);
    }
}
