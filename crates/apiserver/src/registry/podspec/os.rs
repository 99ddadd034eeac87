//! What goes with Linux, and what with Windows.
//!
//! Models: `validateOS`, `validateLinux`, `validateWindows`, `validateWindowsHostProcessPod`,
//! `validateWindowsSecurityContextOptions`.
//! Differs: of a Windows user's name only emptiness and backslashes are checked.

use apimachinery::ErrorList;
use serde_json::Value;

use crate::registry::content;
use crate::registry::objectmeta::invalid_each;
use crate::registry::place::Place;

const NOT_ON_WINDOWS: &str = "cannot be set for a windows pod";
const NOT_ON_LINUX: &str = "windows options cannot be set for a linux pod";

/// All containers in the order in which upstream visits them.
fn containers<'a>(spec: &Place<'a>) -> impl Iterator<Item = Place<'a>> + use<'a> {
    let spec = spec.clone();
    ["initContainers", "containers", "ephemeralContainers"].into_iter().flat_map(move |list| spec.list(list))
}

/// `spec.os`, and what does not go with it.
pub(crate) fn validate_os(errors: &mut ErrorList, spec: &Place<'_>) {
    let Some(os) = spec.get("os") else { return };
    match os.str("name") {
        "linux" => {
            let contexts = containers(spec).map(|container| container.member("securityContext"));
            for context in [spec.member("securityContext")].into_iter().chain(contexts) {
                if context.has("windowsOptions") {
                    errors.forbidden(&context.at("windowsOptions"), NOT_ON_LINUX);
                }
            }
        }
        "windows" => validate_windows(errors, spec),
        "" => errors.required(&os.at("name"), ""),
        other => errors.not_supported(&os.path, other, &["linux", "windows"]),
    }
}

fn validate_windows(errors: &mut ErrorList, spec: &Place<'_>) {
    let context = spec.member("securityContext");
    let mut forbid = |place: &Place<'_>, members: &[&str]| {
        for member in members.iter().filter(|member| place.has(member)) {
            errors.forbidden(&place.at(member), NOT_ON_WINDOWS);
        }
    };
    forbid(&context, &["appArmorProfile", "seLinuxOptions"]);
    forbid(spec, &["hostUsers", "hostPID", "hostIPC"]);
    forbid(&context, &["seccompProfile", "fsGroup", "fsGroupChangePolicy", "sysctls"]);
    forbid(spec, &["shareProcessNamespace"]);
    forbid(
        &context,
        &["runAsUser", "runAsGroup", "supplementalGroups", "supplementalGroupsPolicy", "seLinuxChangePolicy"],
    );
    for container in containers(spec) {
        forbid(
            &container.member("securityContext"),
            &[
                "appArmorProfile",
                "seLinuxOptions",
                "seccompProfile",
                "capabilities",
                "readOnlyRootFilesystem",
                "privileged",
                "allowPrivilegeEscalation",
                "procMount",
                "runAsUser",
                "runAsGroup",
            ],
        );
    }
}

/// Refuses a Pod in which only some containers are processes of the host, or which is not on the host's
/// network.
pub(crate) fn validate_host_process(errors: &mut ErrorList, spec: &Place<'_>) {
    let of = |place: &Place<'_>| {
        let options = place.member("securityContext").member("windowsOptions");
        options.value.get("hostProcess").and_then(Value::as_bool)
    };
    let whole = of(spec);
    let (mut all, mut host) = (0, 0);
    for container in containers(spec) {
        all += 1;
        let own = of(&container);
        if let (Some(whole), Some(own)) = (whole, own)
            && whole != own
        {
            let path = container.at("securityContext").child("windowsOptions").child("hostProcess");
            let detail =
                format!("pod hostProcess value must be identical if both are specified, was {whole}");
            errors.invalid(&path, own, detail);
        }
        host += usize::from(own.or(whole) == Some(true));
    }
    if host == 0 {
        return;
    }
    if host != all {
        let detail =
            "If pod contains any hostProcess containers then all containers must be HostProcess containers";
        errors.invalid(&spec.path, "", detail);
    }
    if !spec.flag("hostNetwork") {
        let detail = "hostNetwork must be true if pod contains any hostProcess containers";
        errors.invalid(&spec.at("hostNetwork"), false, detail);
    }
}

/// `windowsOptions` of a security context.
pub(crate) fn validate_windows_options(errors: &mut ErrorList, context: &Place<'_>) {
    let Some(options) = context.get("windowsOptions") else { return };
    if let Some(name) = options.text("gmsaCredentialSpecName") {
        invalid_each(errors, &options.at("gmsaCredentialSpecName"), name, content::dns_subdomain(name));
    }
    for member in ["gmsaCredentialSpec", "runAsUserName"] {
        if options.text(member) == Some("") {
            errors.invalid(&options.at(member), "", format!("{member} cannot be an empty string"));
        }
    }
    let user = options.str("runAsUserName");
    if user.split('\\').count() > 2 {
        let detail = "runAsUserName cannot contain more than one backslash";
        errors.invalid(&options.at("runAsUserName"), user, detail);
    }
}
