//! Containers: regular ones, init containers, sidecars, ephemeral ones.
//!
//! Models: `validateContainers`, `validateInitContainers`, `validateEphemeralContainers`,
//! `validateContainerCommon`.

use apimachinery::sorted::SortedSet;
use apimachinery::{ErrorList, Path};

use super::env::{is_set, validate_env};
use super::mounts::validate_mounts;
use super::probe::validate_hooks_and_probes;
use super::resources::validate_container_resources;
use super::security::validate_security_context;
use super::volumes::Volumes;
use crate::registry::content::{self, PORT_RANGE};
use crate::registry::objectmeta::invalid_each;
use crate::registry::place::Place;

/// What a rule may do with a container that has ended.
const RESTART_ACTIONS: [&str; 2] = ["Restart", "RestartAllContainers"];

/// What a container's rules need to know of its Pod.
pub(crate) struct Surroundings<'a> {
    /// The Pod's volumes by name.
    pub volumes: &'a Volumes<'a>,
    /// Names of the Pod's resource claims.
    pub claims: Vec<&'a str>,
    /// The Pod's grace period in seconds.
    pub grace: Option<i64>,
    /// Whether the Pod uses the users of its host.
    pub host_users: bool,
    /// The Pod's restart policy.
    pub restart_policy: &'a str,
}

/// All containers of a pod spec.
pub(crate) fn validate_containers(errors: &mut ErrorList, spec: &Place<'_>, around: &Surroundings<'_>) {
    if spec.items("containers").is_empty() {
        errors.required(&spec.at("containers"), "");
    }
    let mut names = SortedSet::new();
    for container in spec.list("containers") {
        validate_common(errors, &container, around);
        if !names.insert(container.str("name")) {
            errors.duplicate(&container.at("name"), container.str("name"));
        }
        validate_hooks_and_probes(errors, &container, around.grace);
        validate_restart_rules(errors, &container);
    }
    let mut ports = SortedSet::new();
    for container in spec.list("containers") {
        validate_host_ports(errors, &container, &mut ports);
    }
    validate_init_containers(errors, spec, around, names);
    validate_ephemeral_containers(errors, spec, around);
}

fn validate_common(errors: &mut ErrorList, container: &Place<'_>, around: &Surroundings<'_>) {
    let name = container.str("name");
    if name.is_empty() {
        errors.required(&container.at("name"), "");
    } else {
        invalid_each(errors, &container.at("name"), name, content::dns_label(name));
    }
    if container.str("image").is_empty() {
        errors.required(&container.at("image"), "");
    }
    let message_policy = container.str("terminationMessagePolicy");
    if !matches!(message_policy, "File" | "FallbackToLogsOnError") {
        let allowed = ["File", "FallbackToLogsOnError"];
        errors.not_supported(&container.at("terminationMessagePolicy"), message_policy, &allowed);
    }
    validate_ports(errors, container);
    validate_env(errors, container);
    validate_mounts(errors, container, around.volumes);
    let pull_policy = container.str("imagePullPolicy");
    if !matches!(pull_policy, "Always" | "IfNotPresent" | "Never") {
        let allowed = ["Always", "IfNotPresent", "Never"];
        errors.not_supported(&container.at("imagePullPolicy"), pull_policy, &allowed);
    }
    validate_container_resources(errors, &container.member("resources"), &around.claims);
    validate_resize_policy(errors, container, around.restart_policy);
    if let Some(context) = container.get("securityContext") {
        validate_security_context(errors, &context, around.host_users);
    }
}

fn validate_ports(errors: &mut ErrorList, container: &Place<'_>) {
    let mut names = SortedSet::new();
    for port in container.list("ports") {
        let name = port.str("name");
        if !name.is_empty() {
            let messages = content::port_name(name);
            if !messages.is_empty() {
                invalid_each(errors, &port.at("name"), name, messages);
            } else if !names.insert(name) {
                errors.duplicate(&port.at("name"), name);
            }
        }
        let number = port.int("containerPort").unwrap_or(0);
        if number == 0 {
            errors.required(&port.at("containerPort"), "");
        } else if !content::is_port(number) {
            errors.invalid(&port.at("containerPort"), number, PORT_RANGE);
        }
        let host = port.int("hostPort").unwrap_or(0);
        if host != 0 && !content::is_port(host) {
            errors.invalid(&port.at("hostPort"), host, PORT_RANGE);
        }
        let protocol = port.str("protocol");
        if !matches!(protocol, "SCTP" | "TCP" | "UDP") {
            errors.not_supported(&port.at("protocol"), protocol, &["SCTP", "TCP", "UDP"]);
        }
    }
}

/// Refuses a port of the host that another container has taken.
fn validate_host_ports(errors: &mut ErrorList, container: &Place<'_>, taken: &mut SortedSet<String>) {
    for port in container.list("ports") {
        let host = port.int("hostPort").unwrap_or(0);
        if host != 0 {
            let text = format!("{}/{}/{host}", port.str("protocol"), port.str("hostIP"));
            if taken.contains(&text) {
                errors.duplicate(&port.at("hostPort"), text);
            } else {
                taken.insert(text);
            }
        }
    }
}

fn validate_resize_policy(errors: &mut ErrorList, container: &Place<'_>, pod_policy: &str) {
    let path = container.at("resizePolicy");
    let mut seen = SortedSet::new();
    for policy in container.list("resizePolicy") {
        let (resource, restart) = (policy.str("resourceName"), policy.str("restartPolicy"));
        if !seen.insert(resource) {
            errors.duplicate(&policy.path, resource);
        }
        match resource {
            "cpu" | "memory" => {}
            "" => errors.required(&path, ""),
            other => errors.not_supported(&path, other, &["cpu", "memory"]),
        }
        match restart {
            "NotRequired" | "RestartContainer" => {}
            "" => errors.required(&path, ""),
            other => errors.not_supported(&path, other, &["NotRequired", "RestartContainer"]),
        }
        if pod_policy == "Never" && restart != "NotRequired" {
            errors.invalid(&path, restart, "must be 'NotRequired' when `restartPolicy` is 'Never'");
        }
    }
}

/// A container's own restart policy and the rules to it: `validateContainerRestartPolicy`.
fn validate_restart_rules(errors: &mut ErrorList, container: &Place<'_>) {
    let policy = container.text("restartPolicy");
    if let Some(policy) = policy.filter(|p| !matches!(*p, "Always" | "OnFailure" | "Never")) {
        let allowed = ["Always", "Never", "OnFailure"];
        errors.not_supported(&container.at("restartPolicy"), policy, &allowed);
    }
    if policy.is_none() && !container.items("restartPolicyRules").is_empty() {
        let detail = "must specify restartPolicy when restart rules are used";
        errors.required(&container.at("restartPolicy"), detail);
    }
    for rule in container.list("restartPolicyRules") {
        let action = rule.str("action");
        if !RESTART_ACTIONS.contains(&action) {
            errors.not_supported(&rule.at("action"), action, &RESTART_ACTIONS);
        }
        match rule.get("exitCodes") {
            Some(codes) if !matches!(codes.str("operator"), "In" | "NotIn") => {
                errors.not_supported(&codes.at("operator"), codes.str("operator"), &["In", "NotIn"]);
            }
            Some(_) => {}
            None => errors.required(&rule.at("exitCodes"), "must be specified"),
        }
    }
}

fn validate_init_containers<'a>(
    errors: &mut ErrorList,
    spec: &Place<'a>,
    around: &Surroundings<'_>,
    mut names: SortedSet<&'a str>,
) {
    for container in spec.list("initContainers") {
        validate_common(errors, &container, around);
        validate_restart_rules(errors, &container);
        let name = container.str("name");
        if !name.is_empty() && !names.insert(name) {
            errors.duplicate(&container.at("name"), name);
        }
        validate_host_ports(errors, &container, &mut SortedSet::new());
        if container.str("restartPolicy") == "Always" {
            validate_hooks_and_probes(errors, &container, around.grace);
            continue;
        }
        for member in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] {
            if container.has(member) {
                let detail = "may not be set for init containers without restartPolicy=Always";
                errors.forbidden(&container.at(member), detail);
            }
        }
    }
}

fn validate_ephemeral_containers(errors: &mut ErrorList, spec: &Place<'_>, around: &Surroundings<'_>) {
    let others: Vec<&str> = ["containers", "initContainers"]
        .iter()
        .flat_map(|list| spec.list(list))
        .map(|c| c.str("name"))
        .collect();
    let mut names: SortedSet<&str> = others.iter().copied().collect();
    for container in spec.list("ephemeralContainers") {
        validate_common(errors, &container, around);
        validate_image_padding(errors, &container);
        let name = container.str("name");
        if !names.insert(name) {
            errors.duplicate(&container.at("name"), name);
        }
        let target = container.str("targetContainerName");
        if !target.is_empty() && !others.contains(&target) {
            errors.not_found(&container.at("targetContainerName"), target);
        }
        for member in [
            "ports",
            "resources",
            "resizePolicy",
            "restartPolicy",
            "restartPolicyRules",
            "livenessProbe",
            "readinessProbe",
            "startupProbe",
            "lifecycle",
        ] {
            // Every container has `resources`, if only empty ones.
            let empty = member == "resources" && container.map(member).is_some_and(serde_json::Map::is_empty);
            if is_set(container.value.get(member)) && !empty {
                errors.forbidden(&container.at(member), "cannot be set for an Ephemeral Container");
            }
        }
        for mount in container.list("volumeMounts") {
            for member in ["subPath", "subPathExpr"] {
                if !mount.str(member).is_empty() {
                    errors.forbidden(&mount.at(member), "cannot be set for an Ephemeral Container");
                }
            }
        }
    }
}

/// Refuses white space around an image's name. Templates may have it: `validateContainerOnlyForPod`.
pub(crate) fn validate_image_padding(errors: &mut ErrorList, container: &Place<'_>) {
    let image = container.str("image");
    if image.trim() != image {
        errors.invalid(&container.at("image"), image, "must not have leading or trailing whitespace");
    }
}

/// Refuses host ports that differ from container ports on the host's network: `validatePodHostNetworkDeps`.
pub(crate) fn validate_host_network(errors: &mut ErrorList, spec: &Place<'_>, of_pod: bool) {
    if !spec.flag("hostNetwork") {
        return;
    }
    for port in spec.list("containers").flat_map(|container| container.list("ports")) {
        let host = port.int("hostPort").unwrap_or(0);
        if (of_pod || host != 0) && host != port.int("containerPort").unwrap_or(0) {
            let path: Path = port.at("hostPort");
            errors.invalid(&path, host, "must match `containerPort` when `hostNetwork` is true");
        }
    }
}
