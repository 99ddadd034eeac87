//! The types of which a real cluster has objects and this one has none: who asks for one is told that it is
//! not found, and `api-resources` lists them.
//!
//! Models: the discovery documents of kube-apiserver v1.36.

use api::Kind;
use apimachinery::Status;

/// A type of a real cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Type {
    /// `apps`; empty for core.
    pub group: &'static str,
    /// `deployments`.
    pub plural: &'static str,
    /// `deploy`.
    pub short: &'static str,
    /// `v1`.
    pub version: &'static str,
    /// Whether its objects live in a namespace.
    pub namespaced: bool,
    /// `Deployment`.
    pub kind: &'static str,
}

/// A line for each group and version, then its types: plural, short name, kind; `-` stands before
/// cluster-scoped ones.
const TABLE: &str = "\
/v1 bindings::Binding -componentstatuses:cs:ComponentStatus podtemplates::PodTemplate replicationcontrollers:rc:ReplicationController
admissionregistration.k8s.io/v1 -mutatingadmissionpolicies::MutatingAdmissionPolicy -mutatingadmissionpolicybindings::MutatingAdmissionPolicyBinding -mutatingwebhookconfigurations::MutatingWebhookConfiguration -validatingadmissionpolicies::ValidatingAdmissionPolicy -validatingadmissionpolicybindings::ValidatingAdmissionPolicyBinding -validatingwebhookconfigurations::ValidatingWebhookConfiguration
apiextensions.k8s.io/v1 -customresourcedefinitions:crd,crds:CustomResourceDefinition
apiregistration.k8s.io/v1 -apiservices::APIService
apps/v1 daemonsets:ds:DaemonSet deployments:deploy:Deployment replicasets:rs:ReplicaSet
authentication.k8s.io/v1 -selfsubjectreviews::SelfSubjectReview -tokenreviews::TokenReview
authorization.k8s.io/v1 localsubjectaccessreviews::LocalSubjectAccessReview -selfsubjectaccessreviews::SelfSubjectAccessReview -selfsubjectrulesreviews::SelfSubjectRulesReview -subjectaccessreviews::SubjectAccessReview
autoscaling/v2 horizontalpodautoscalers:hpa:HorizontalPodAutoscaler
batch/v1 cronjobs:cj:CronJob jobs::Job
certificates.k8s.io/v1 -certificatesigningrequests:csr:CertificateSigningRequest
events.k8s.io/v1 events:ev:Event
flowcontrol.apiserver.k8s.io/v1 -flowschemas::FlowSchema -prioritylevelconfigurations::PriorityLevelConfiguration
networking.k8s.io/v1 -ingressclasses::IngressClass ingresses:ing:Ingress -ipaddresses:ip:IPAddress networkpolicies:netpol:NetworkPolicy -servicecidrs::ServiceCIDR
node.k8s.io/v1 -runtimeclasses::RuntimeClass
rbac.authorization.k8s.io/v1 -clusterrolebindings::ClusterRoleBinding -clusterroles::ClusterRole rolebindings::RoleBinding roles::Role
resource.k8s.io/v1 -deviceclasses::DeviceClass resourceclaims::ResourceClaim resourceclaimtemplates::ResourceClaimTemplate -resourceslices::ResourceSlice
storage.k8s.io/v1 -csidrivers::CSIDriver -csinodes::CSINode csistoragecapacities::CSIStorageCapacity -volumeattachments::VolumeAttachment -volumeattributesclasses:vac:VolumeAttributesClass
";

fn absent() -> impl Iterator<Item = Type> {
    TABLE.lines().flat_map(|line| {
        let mut words = line.split(' ');
        let (group, version) = words.next().and_then(|w| w.split_once('/')).unwrap_or(("", ""));
        words.filter_map(move |word| {
            let (plural, rest) = word.trim_start_matches('-').split_once(':')?;
            let (short, kind) = rest.split_once(':')?;
            Some(Type { group, plural, short, version, namespaced: !word.starts_with('-'), kind })
        })
    })
}

impl Type {
    /// What can be done with its objects.
    pub fn verbs(&self) -> &'static str {
        match self.kind {
            "ComponentStatus" => "get,list",
            "Namespace" => "create,delete,get,list,patch,update,watch",
            kind if kind.ends_with("Review") || kind == "Binding" => "create",
            _ => "create,delete,deletecollection,get,list,patch,update,watch",
        }
    }

    /// The name of the group of types that it belongs to, if any.
    pub fn category(&self) -> &'static str {
        match (self.group, self.kind) {
            ("admissionregistration.k8s.io" | "apiextensions.k8s.io" | "apiregistration.k8s.io", _) => {
                "api-extensions"
            }
            (
                _,
                "Pod"
                | "ReplicationController"
                | "Service"
                | "DaemonSet"
                | "Deployment"
                | "ReplicaSet"
                | "StatefulSet"
                | "HorizontalPodAutoscaler"
                | "CronJob"
                | "Job",
            ) => "all",
            _ => "",
        }
    }

    /// `deployment`.
    pub fn singular(&self) -> String {
        self.kind.to_lowercase()
    }

    /// `deployments.apps`.
    pub fn qualified(&self) -> String {
        if self.group.is_empty() { self.plural.to_owned() } else { format!("{}.{}", self.plural, self.group) }
    }

    /// `deployments.apps "web" not found`.
    pub fn not_found(&self, name: &str) -> Status {
        Status::not_found(self.plural, self.group, name)
    }

    /// `apps/v1`.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.to_owned()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }
}

/// The type without objects that a word of the command line names.
pub fn find(word: &str) -> Option<Type> {
    let word = word.to_ascii_lowercase();
    let (name, group) = word.split_once('.').map_or((word.as_str(), None), |(n, g)| (n, Some(g)));
    absent().find(|t| {
        let named =
            t.plural == name || t.kind.to_ascii_lowercase() == name || t.short.split(',').any(|s| s == name);
        let versioned =
            |g: &str| g.strip_prefix(t.version).is_some_and(|rest| rest.trim_start_matches('.') == t.group);
        !name.is_empty() && named && group.is_none_or(|g| g == t.group || versioned(g))
    })
}

/// Every type of a real cluster, sorted as `api-resources` lists them.
pub fn all() -> Vec<Type> {
    let present = Kind::ALL.iter().map(|kind| {
        let info = kind.info();
        Type {
            group: info.group,
            plural: info.plural,
            short: info.short.first().copied().unwrap_or(""),
            version: info.version,
            namespaced: info.namespaced,
            kind: info.name,
        }
    });
    let mut all: Vec<Type> = present.chain(absent()).collect();
    all.sort();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_types() {
        for word in ["deploy", "deployment", "Deployments", "deployments.apps", "deployments.v1.apps"] {
            assert_eq!(find(word).map(|t| t.qualified()).as_deref(), Some("deployments.apps"), "{word}");
        }
        assert_eq!(find("foo"), None);
        assert_eq!(find("deployments.batch"), None);
    }
}
