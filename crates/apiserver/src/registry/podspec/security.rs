//! Security contexts.
//!
//! Models: `ValidateSecurityContext`, `validatePodSpecSecurityContext`.

use apimachinery::ErrorList;
use apimachinery::sorted::SortedSet;

use super::os::validate_windows_options;
use super::paths::validate_local_descending_path;
use crate::registry::golang::internal;
use crate::registry::place::Place;

const ID_RANGE: &str = "must be between 0 and 2147483647, inclusive";
const ID_MAX: i64 = 0x7fff_ffff;

fn validate_id(errors: &mut ErrorList, context: &Place<'_>, member: &str) {
    if let Some(id) = context.int(member).filter(|id| !(0..=ID_MAX).contains(id)) {
        errors.invalid(&context.at(member), id, ID_RANGE);
    }
}

/// The security context of a container: `ValidateSecurityContext`.
pub(crate) fn validate_security_context(errors: &mut ErrorList, context: &Place<'_>, host_users: bool) {
    validate_id(errors, context, "runAsUser");
    validate_id(errors, context, "runAsGroup");
    match context.text("procMount") {
        None | Some("Default") => {}
        Some("Unmasked") => {
            if host_users {
                let detail = "`hostUsers` must be false to use `Unmasked`";
                errors.invalid(&context.at("procMount"), "Unmasked", detail);
            }
        }
        Some(other) => errors.not_supported(&context.at("procMount"), other, &["Default", "Unmasked"]),
    }
    validate_profile(errors, context, "seccompProfile", "seccomp");
    let escalation = context.value.get("allowPrivilegeEscalation").and_then(serde_json::Value::as_bool);
    if escalation == Some(false) {
        if context.flag("privileged") {
            let detail = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true";
            errors.invalid_printed(
                &context.path,
                internal::compact("SecurityContext", context.value),
                detail,
            );
        }
        if context.get("capabilities").is_some_and(|c| c.strings("add").any(|name| name == "CAP_SYS_ADMIN")) {
            let detail =
                "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN";
            errors.invalid_printed(
                &context.path,
                internal::compact("SecurityContext", context.value),
                detail,
            );
        }
    }
    validate_windows_options(errors, context);
    validate_profile(errors, context, "appArmorProfile", "AppArmor");
}

/// A seccomp or `AppArmor` profile.
fn validate_profile(errors: &mut ErrorList, context: &Place<'_>, member: &str, what: &str) {
    let Some(profile) = context.get(member) else { return };
    let local = profile.text("localhostProfile");
    match profile.str("type") {
        "Localhost" => match local {
            None | Some("") => {
                let detail = format!("must be set when {what} type is Localhost");
                errors.required(&profile.at("localhostProfile"), &detail);
            }
            Some(local) if what == "seccomp" => {
                validate_local_descending_path(errors, local, &profile.at("localhostProfile"));
            }
            Some(local) if local.trim() != local => {
                let detail = "must not be padded with whitespace";
                errors.invalid(&profile.at("localhostProfile"), local, detail);
            }
            Some(_) => {}
        },
        "RuntimeDefault" | "Unconfined" => {
            if what == "seccomp" && local.is_some() {
                let printed = internal::compact("Profile", profile.value);
                let detail = "can only be set when seccomp type is Localhost";
                errors.invalid_printed(&profile.at("localhostProfile"), printed, detail);
            } else if let Some(local) = local {
                let detail = format!("can only be set when {what} type is Localhost");
                errors.invalid(&profile.at("localhostProfile"), local, detail);
            }
        }
        "" => errors.required(&profile.at("type"), &format!("type is required when {member} is set")),
        other => {
            let allowed = ["Localhost", "RuntimeDefault", "Unconfined"];
            errors.not_supported(&profile.at("type"), other, &allowed);
        }
    }
}

/// The security context of a Pod: `validatePodSpecSecurityContext`.
pub(crate) fn validate_pod_security_context(errors: &mut ErrorList, spec: &Place<'_>) {
    let Some(context) = spec.get("securityContext") else { return };
    for member in ["fsGroup", "runAsUser", "runAsGroup"] {
        validate_id(errors, &context, member);
    }
    let groups = context.at("supplementalGroups");
    for (i, id) in context.items("supplementalGroups").iter().enumerate() {
        let id = id.as_i64().unwrap_or(0);
        if !(0..=ID_MAX).contains(&id) {
            errors.invalid(&groups.index(i), id, ID_RANGE);
        }
    }
    if spec.flag("shareProcessNamespace") && spec.flag("hostPID") {
        let detail = "ShareProcessNamespace and HostPID cannot both be enabled";
        errors.invalid(&context.at("shareProcessNamespace"), true, detail);
    }
    validate_sysctls(errors, &context, spec);
    for (member, allowed) in [
        ("fsGroupChangePolicy", &["Always", "OnRootMismatch"][..]),
        ("supplementalGroupsPolicy", &["Merge", "Strict"]),
        ("seLinuxChangePolicy", &["Recursive"]),
    ] {
        if let Some(policy) = context.text(member).filter(|policy| !allowed.contains(policy)) {
            errors.not_supported(&context.at(member), policy, allowed);
        }
    }
    validate_profile(errors, &context, "seccompProfile", "seccomp");
    validate_windows_options(errors, &context);
    validate_profile(errors, &context, "appArmorProfile", "AppArmor");
}

fn validate_sysctls(errors: &mut ErrorList, context: &Place<'_>, spec: &Place<'_>) {
    let mut names = SortedSet::new();
    for sysctl in context.list("sysctls") {
        let name = sysctl.str("name");
        if name.is_empty() {
            errors.required(&sysctl.at("name"), "");
        } else if !is_sysctl(name) {
            let detail = "must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
            errors.invalid(&sysctl.at("name"), name, detail);
        } else if !names.insert(name) {
            errors.duplicate(&sysctl.at("name"), name);
        }
        let name_of_part = name.replace('/', ".");
        let is_ipc = ["kernel.shm", "kernel.msg", "kernel.sem", "fs.mqueue."];
        if spec.flag("hostNetwork") && name_of_part.starts_with("net.") {
            let detail = "may not be specified when 'hostNetwork' is true";
            errors.invalid(&sysctl.at("name"), name, detail);
        } else if spec.flag("hostIPC") && is_ipc.iter().any(|prefix| name_of_part.starts_with(prefix)) {
            errors.invalid(&sysctl.at("name"), name, "may not be specified when 'hostIPC' is true");
        }
    }
}

fn is_sysctl(name: &str) -> bool {
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    name.len() <= 253
        && name.split(['.', '/']).all(|part| {
            part.starts_with(edge)
                && part.ends_with(edge)
                && part.chars().all(|c| edge(c) || c == '-' || c == '_')
        })
}

/// Host namespaces that do not go with a user namespace: `validateHostUsers`.
pub(crate) fn validate_host_users(errors: &mut ErrorList, spec: &Place<'_>) {
    if spec.value.get("hostUsers").and_then(serde_json::Value::as_bool) != Some(false) {
        return;
    }
    for (member, name) in [("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")] {
        if spec.flag(member) {
            errors.forbidden(&spec.at(name), "when `hostUsers` is false");
        }
    }
}
