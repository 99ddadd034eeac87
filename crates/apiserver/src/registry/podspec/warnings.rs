//! What the API server grumbles about in pod specs but accepts.
//!
//! Models: `pkg/api/pod/warnings.go`.
//! Differs: warnings on labels of nodes, seccomp and `AppArmor` annotations of releases long gone
//! are left out.

use apimachinery::field::quote_go;
use apimachinery::sorted::{SortedMap, SortedSet};
use apimachinery::{Path, Quantity};
use serde_json::{Map, Value};

use crate::registry::place::Place;

/// Volume plugins and since when they are deprecated or gone.
pub(crate) const OLD_VOLUMES: [(&str, &str, &str); 9] = [
    ("photonPersistentDisk", "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
    ("gitRepo", "gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"),
    ("scaleIO", "scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
    ("flocker", "flocker", "deprecated in v1.22, non-functional in v1.25+"),
    ("storageos", "storageOS", "deprecated in v1.22, non-functional in v1.25+"),
    ("quobyte", "quobyte", "deprecated in v1.22, non-functional in v1.25+"),
    ("glusterfs", "glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
    ("cephfs", "cephfs", "deprecated in v1.28, non-functional in v1.31+"),
    ("rbd", "rbd", "deprecated in v1.28, non-functional in v1.31+"),
];

/// Warnings of a pod spec; `old` is the spec before an update.
pub(crate) fn pod_spec_warnings(spec: &Place<'_>, old: Option<&Place<'_>>) -> Vec<String> {
    let mut out = Vec::new();
    for constraint in spec.list("topologySpreadConstraints") {
        if !constraint.has("labelSelector") {
            let path = constraint.at("labelSelector");
            out.push(format!("{path}: a null labelSelector results in matching no pod"));
        }
    }
    for name in ["podAffinity", "podAntiAffinity"] {
        let affinity = spec.member("affinity").member(name);
        let preferred = affinity.list("preferredDuringSchedulingIgnoredDuringExecution");
        let terms = affinity
            .list("requiredDuringSchedulingIgnoredDuringExecution")
            .chain(preferred.map(|weighted| weighted.member("podAffinityTerm")));
        for term in terms.filter(|term| !term.has("labelSelector")) {
            let path = term.at("labelSelector");
            out.push(format!("{path}: a null labelSelector results in matching no pod"));
        }
    }
    for volume in spec.list("volumes") {
        let sources = volume.get("projected").map(|projected| projected.items("sources"));
        let is_empty = |source: &Value| source.as_object().is_none_or(Map::is_empty);
        if sources.is_some_and(|sources| sources.iter().any(is_empty)) {
            let name = quote_go(volume.str("name"));
            out.push(format!("volume {name} (Projected) has no sources provided"));
        }
        for (member, shown, text) in OLD_VOLUMES {
            if volume.has(member) {
                out.push(format!("{}: {text}", volume.at(shown)));
            }
        }
    }
    duplicates(&mut out, spec, "hostAliases", "ip");
    duplicates(&mut out, spec, "imagePullSecrets", "name");
    for secret in spec.list("imagePullSecrets").filter(|s| s.str("name").is_empty()) {
        out.push(format!("{}: invalid empty name \"\"", secret.at("name")));
    }
    let containers = || {
        ["initContainers", "containers", "ephemeralContainers"].into_iter().flat_map(|list| spec.list(list))
    };
    for container in containers() {
        fractions(&mut out, &container);
        hidden_variables(&mut out, &container);
    }
    let mut ports = SortedMap::new();
    for container in containers() {
        overlapping_ports(&mut out, &container, &mut ports);
    }
    let negative = |place: &Place<'_>| place.int("terminationGracePeriodSeconds").is_some_and(|s| s < 0);
    if negative(spec) && !old.is_some_and(negative) {
        let path = spec.at("terminationGracePeriodSeconds");
        out.push(format!("{path}: must be >= 0; negative values are invalid and will be treated as 1"));
    }
    out
}

fn duplicates(out: &mut Vec<String>, spec: &Place<'_>, list: &str, member: &str) {
    let mut seen = SortedSet::new();
    for item in spec.list(list) {
        let text = item.str(member);
        if !seen.insert(text) {
            out.push(format!("{}: duplicate {member} {}", item.at(member), quote_go(text)));
        }
    }
}

/// Warns of fractions of bytes.
fn fractions(out: &mut Vec<String>, container: &Place<'_>) {
    for resource in ["memory", "ephemeral-storage"] {
        for side in ["limits", "requests"] {
            let resources = container.member("resources");
            let amount = resources.member(side).value.get(resource).and_then(Quantity::from_value);
            if let Some(amount) = amount.filter(|a| !a.is_whole()) {
                let path: Path = resources.at(side).key(resource);
                out.push(format!(
                    "{path}: fractional byte value \"{amount}\" is invalid, must be an integer"
                ));
            }
        }
    }
}

/// Warns of a variable that is defined again without its former value.
fn hidden_variables(out: &mut Vec<String>, container: &Place<'_>) {
    let mut seen = SortedSet::new();
    for variable in container.list("env") {
        let (name, value) = (variable.str("name"), variable.str("value"));
        if seen.insert(name) {
            continue;
        }
        let reference = format!("$({name})");
        if variable.has("valueFrom") || value == reference || !value.contains(&reference) {
            out.push(format!(
                "{}: hides previous definition of {}, which may be dropped when using apply",
                variable.path,
                quote_go(name)
            ));
        }
    }
}

/// Ports by number and protocol, each with its place, host address and host port.
type Ports<'a> = SortedMap<(i64, &'a str), Vec<(Path, &'a str, i64)>>;

fn overlapping_ports<'a>(out: &mut Vec<String>, container: &Place<'a>, all: &mut Ports<'a>) {
    for port in container.list("ports") {
        if !port.str("hostIP").is_empty() && port.int("hostPort").unwrap_or(0) == 0 {
            out.push(format!(
                "{}: hostIP set without hostPort: {{Name:{} HostPort:0 ContainerPort:{} Protocol:{} HostIP:{}}}",
                port.path,
                port.str("name"),
                port.int("containerPort").unwrap_or(0),
                port.str("protocol"),
                port.str("hostIP")
            ));
        }
        let key = (port.int("containerPort").unwrap_or(0), port.str("protocol"));
        let (address, host) = (port.str("hostIP"), port.int("hostPort").unwrap_or(0));
        let others = all.entry(key).or_default();
        for (other, other_address, other_host) in others.iter() {
            if address == *other_address && host == *other_host {
                out.push(format!("{}: duplicate port definition with {other}", port.path));
            } else if host == 0 || *other_host == 0 {
                out.push(format!("{}: overlapping port definition with {other}", port.path));
            } else if host == *other_host && (address.is_empty() || other_address.is_empty()) {
                out.push(format!("{}: dangerously ambiguous port definition with {other}", port.path));
            }
        }
        others.push((port.path, address, host));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn warns_as_recorded_of_a_negative_grace_period() {
        let spec = json!({"terminationGracePeriodSeconds": -1});
        let place = Place::new(&spec, Path::new("spec.template.spec"));
        assert_eq!(
            pod_spec_warnings(&place, None),
            [
                "spec.template.spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1"
            ]
        );
        assert!(pod_spec_warnings(&place, Some(&place)).is_empty());
    }

    #[test]
    fn warns_of_variables_that_hide_others() {
        let spec = json!({"containers": [{"env": [
            {"name": "A", "value": "1"}, {"name": "A", "value": "$(A)2"}, {"name": "A", "value": "3"}]}]});
        let place = Place::new(&spec, Path::new("spec"));
        assert_eq!(
            pod_spec_warnings(&place, None),
            [
                "spec.containers[0].env[2]: hides previous definition of \"A\", which may be dropped when using apply"
            ]
        );
    }
}
