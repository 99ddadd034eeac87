//! Values that the API server's rules let through, as far as a type does not say them. They need not be
//! complete: what is refused is taken out again.

use api::Kind;
use api::schema::Schema;
use apimachinery::Rng;

/// A text of a field.
pub fn text(owner: &str, field: &str, number: u32) -> String {
    let schema = Schema::get();
    let known = schema.find(owner).and_then(|id| schema.ty(id).field(field));
    if field == "dnsPolicy" {
        return ["ClusterFirst", "Default"][number as usize % 2].to_owned();
    }
    if let Some(allowed) = known.map(|field| &field.allowed).filter(|allowed| !allowed.is_empty()) {
        return allowed[number as usize % allowed.len()].to_owned();
    }
    let kind = Kind::ALL.iter().map(|kind| kind.info()).find(|info| info.schema == owner);
    match (owner, field, kind) {
        (_, "apiVersion", Some(info)) => return info.api_version(),
        (_, "kind", Some(info)) => return info.name.to_owned(),
        _ => {}
    }
    match (owner, field) {
        ("core.v1.Volume" | "core.v1.VolumeMount" | "core.v1.VolumeDevice", "name") => {
            format!("vol-{}", number % 8)
        }
        ("core.v1.PodResourceClaim" | "core.v1.ResourceClaim", "name") => format!("claim-{}", number % 3),
        (_, "image") => format!("nginx:1.{number}"),
        (_, "mountPath" | "workingDir" | "devicePath") => format!("/mnt/{number}"),
        ("core.v1.HTTPGetAction", "path") => format!("/healthz/{number}?a=<b>&c"),
        ("core.v1.HostPathVolumeSource", "path") => format!("/var/{number}"),
        ("core.v1.NodeSelectorRequirement", "key") => "metadata.name".to_owned(),
        (_, "path" | "key") => format!("k{number}.txt"),
        (_, "ip" | "podIP") => format!("10.0.0.{number}"),
        (_, "nameservers") => format!("10.0.1.{number}"),
        ("core.v1.Container" | "core.v1.EphemeralContainer", "restartPolicy") => "Always".to_owned(),
        ("core.v1.PodSpec", "serviceAccount" | "serviceAccountName") => "robot".to_owned(),
        ("core.v1.ResourceFieldSelector", "resource") => "limits.cpu".to_owned(),
        ("core.v1.ObjectFieldSelector", "fieldPath") => "metadata.name".to_owned(),
        ("core.v1.ObjectFieldSelector", "apiVersion") => "v1".to_owned(),
        ("core.v1.EnvVar", "name") => format!("VAR_{number}"),
        ("core.v1.EnvVar", "value") => format!("<{number}> & \u{2028}\"quotes\" \\ é"),
        ("core.v1.ContainerRestartRuleOnExitCodes", "operator") => "In".to_owned(),
        ("core.v1.ContainerRestartRule", "action") => "Restart".to_owned(),
        ("core.v1.ContainerResizePolicy", "resourceName") => "cpu".to_owned(),
        ("core.v1.ContainerResizePolicy", "restartPolicy") => "NotRequired".to_owned(),
        (_, "iqn") => format!("iqn.2026-01.com.example:n{number}"),
        (_, "accessModes") => "ReadWriteOnce".to_owned(),
        (_, "volumeMode") => "Filesystem".to_owned(),
        ("core.v1.GitRepoVolumeSource", "directory") => format!("d{number}"),
        ("core.v1.PodCertificateProjection", "keyType") => "ED25519".to_owned(),
        (_, "signerName") => format!("example.com/n{number}"),
        (_, "targetWWNs" | "wwids") => format!("w{number}"),
        ("LabelSelectorRequirement" | "core.v1.NodeSelectorRequirement", "operator") => "In".to_owned(),
        ("core.v1.AzureDiskVolumeSource", "kind") => "Managed".to_owned(),
        ("core.v1.AzureDiskVolumeSource", "diskURI") => "/subscriptions/x".to_owned(),
        ("core.v1.VolumeMount", "subPath" | "subPathExpr") => format!("sub/{number}"),
        (_, "localhostProfile" | "fsType") => format!("p{number}"),
        (_, "operator") => "Exists".to_owned(),
        (_, "topologyKey") => "kubernetes.io/hostname".to_owned(),
        ("core.v1.Sysctl", "name") => "kernel.shm_rmid_forced".to_owned(),
        ("core.v1.PodOS", "name") => "linux".to_owned(),
        ("core.v1.PodReadinessGate", "conditionType") => format!("example.com/gate-{number}"),
        ("core.v1.PodSchedulingGate", "name") => format!("example.com/gate-{number}"),
        _ => format!("n{number}"),
    }
}

/// A number of a field.
pub fn number(field: &str, number: u32) -> i64 {
    match field {
        "expirationSeconds" => 3_600,
        "maxExpirationSeconds" => 86_400,
        "successThreshold" => 1,
        _ => i64::from(number),
    }
}

/// How many a list has at most.
pub fn most(field: &str) -> u32 {
    if matches!(field, "volumes" | "sources" | "volumeMounts") { 4 } else { 2 }
}

/// A key of a map.
pub fn key(owner: &str, field: &str, at: u32) -> String {
    match (owner, field) {
        ("core.v1.VolumeResourceRequirements", _) => "storage".to_owned(),
        (_, "limits" | "requests" | "overhead") => ["cpu", "memory"][at as usize % 2].to_owned(),
        _ => format!("example.com/k{at}"),
    }
}

/// Fields that are always there.
pub fn is_needed(owner: &str, field: &str) -> bool {
    let schema = Schema::get();
    let known = schema.find(owner).and_then(|id| schema.ty(id).field(field));
    known.is_some_and(|field| field.required)
        || matches!(
            (owner, field),
            ("core.v1.PodTemplateSpec", _)
                | ("core.v1.PodSpec", "containers" | "volumes")
                | ("core.v1.Container" | "core.v1.Volume" | "core.v1.EnvVar", "name")
                | ("core.v1.Container", "image")
                | ("core.v1.ContainerPort", "containerPort")
                | ("core.v1.VolumeMount", "mountPath" | "name")
        )
}

/// Structs of which one member may be set, beside these.
const ONE_OF: [(&str, &[&str]); 9] = [
    ("core.v1.DownwardAPIVolumeFile", &["path", "mode"]),
    ("core.v1.ClusterTrustBundleProjection", &["path", "optional", "labelSelector"]),
    ("core.v1.PodResourceClaim", &["name"]),
    ("core.v1.Volume", &["name"]),
    ("core.v1.VolumeProjection", &[]),
    ("core.v1.EnvVarSource", &[]),
    ("core.v1.LifecycleHandler", &["stopSignal"]),
    ("core.v1.EnvFromSource", &["prefix"]),
    (
        "core.v1.Probe",
        &[
            "initialDelaySeconds",
            "timeoutSeconds",
            "periodSeconds",
            "failureThreshold",
            "terminationGracePeriodSeconds",
        ],
    ),
];

/// Takes out what contradicts the rest.
pub fn thin_out(owner: &str, chosen: &mut Vec<&'static str>, rng: &mut Rng) {
    if owner == "core.v1.EnvVar" && rng.below(2) == 0 {
        chosen.retain(|field| *field != "value");
    } else if owner == "core.v1.EnvVar" {
        chosen.retain(|field| *field != "valueFrom");
    }
    if owner == "core.v1.Container" && !chosen.contains(&"restartPolicy") {
        chosen.retain(|field| *field != "restartPolicyRules");
    }
    let Some((_, beside)) = ONE_OF.iter().find(|(name, _)| *name == owner) else { return };
    let rivals: Vec<&'static str> = chosen.iter().copied().filter(|field| !beside.contains(field)).collect();
    let count = u32::try_from(rivals.len()).expect("there are few");
    let kept = rivals.get(rng.below(count) as usize).copied();
    chosen.retain(|field| beside.contains(field) || Some(*field) == kept);
}
