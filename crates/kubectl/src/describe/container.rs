//! Containers: their specs and, for a Pod, their statuses.
//!
//! Models: `describeContainers` and what it calls in `k8s.io/kubectl/pkg/describe`.

use api::Object;
use apimachinery::value::ValueExt;
use serde_json::Value;

use super::common::{flag_at, moment, of_value, plain, plain_at};
use super::env;
use super::writer::Writer;
use crate::printers::or_none;

/// A block of containers: its title after `space`, then each container; with a Pod, its statuses too.
pub fn describe(
    w: &mut Writer,
    space: &str,
    title: &str,
    containers: &[Value],
    statuses: &[Value],
    pod: Option<&Object>,
) {
    let none = if containers.is_empty() { " <none>" } else { "" };
    w.line(0, &format!("{space}{title}:{none}"));
    for container in containers {
        let name = container.str_at(&["name"]);
        let status = statuses.iter().find(|s| s.str_at(&["name"]) == name);
        let indent = if space.is_empty() { "" } else { " " };
        w.line(1, &format!("{indent}{name}:"));
        basics(w, container, status);
        words(w, "Command", container.list_at(&["command"]));
        words(w, "Args", container.list_at(&["args"]));
        if let Some(status) = status {
            current_state(w, status);
        }
        resources(w, container.at(&["resources"]).unwrap_or(&Value::Null), 2);
        for (title, member) in
            [("Liveness", "livenessProbe"), ("Readiness", "readinessProbe"), ("Startup", "startupProbe")]
        {
            if let Some(value) = container.at(&[member]) {
                w.field(2, title, probe(value));
            }
        }
        env::describe(w, container, pod);
        mounts(w, container);
    }
}

fn basics(w: &mut Writer, container: &Value, status: Option<&Value>) {
    if let Some(status) = status {
        w.field(2, "Container ID", status.str_at(&["containerID"]));
    }
    w.field(2, "Image", container.str_at(&["image"]));
    if let Some(status) = status {
        w.field(2, "Image ID", status.str_at(&["imageID"]));
    }
    ports(w, "Port", container, "containerPort");
    ports(w, "Host Port", container, "hostPort");
    if let Some(profile) = container.at(&["securityContext", "seccompProfile"]) {
        w.field(2, "SeccompProfile", profile.str_at(&["type"]));
        if profile.str_at(&["type"]) == "Localhost" {
            w.field(3, "LocalhostProfile", profile.str_at(&["localhostProfile"]));
        }
    }
}

fn ports(w: &mut Writer, title: &str, container: &Value, member: &str) {
    let texts: Vec<String> = container
        .list_at(&["ports"])
        .iter()
        .map(|port| {
            let protocol = port.str_at(&["protocol"]);
            let text = format!("{}/{protocol}", port.i64_at(&[member]).unwrap_or(0));
            let name = port.str_at(&["name"]);
            if name.is_empty() { text } else { format!("{text} ({name})") }
        })
        .collect();
    let several = if texts.len() > 1 { "s" } else { "" };
    w.field(2, &format!("{title}{several}"), or_none(texts.join(", ")));
}

/// Writes one word a line; a word of several lines takes several.
fn words(w: &mut Writer, title: &str, words: &[Value]) {
    if words.is_empty() {
        return;
    }
    w.line(2, &format!("{title}:"));
    for line in words.iter().filter_map(Value::as_str).flat_map(|word| word.split('\n')) {
        w.line(3, line);
    }
}

fn current_state(w: &mut Writer, status: &Value) {
    state(w, "State", status.at(&["state"]).unwrap_or(&Value::Null));
    if let Some(last) = status.at(&["lastState"]).filter(|last| last.at(&["terminated"]).is_some()) {
        state(w, "Last State", last);
    }
    let ready = status.bool_at(&["ready"]) == Some(true);
    w.field(2, "Ready", if ready { "True" } else { "False" });
    w.field(2, "Restart Count", status.i64_at(&["restartCount"]).unwrap_or(0).to_string());
}

fn state(w: &mut Writer, title: &str, state: &Value) {
    if let Some(running) = state.at(&["running"]) {
        w.field(2, title, "Running");
        w.field(3, "Started", moment(running, &["startedAt"]));
    } else if let Some(ended) = state.at(&["terminated"]) {
        w.field(2, title, "Terminated");
        for (name, member) in [("Reason", "reason"), ("Message", "message")] {
            if !ended.str_at(&[member]).is_empty() {
                w.field(3, name, ended.str_at(&[member]));
            }
        }
        w.field(3, "Exit Code", ended.i64_at(&["exitCode"]).unwrap_or(0).to_string());
        if let Some(signal) = ended.i64_at(&["signal"]).filter(|signal| *signal > 0) {
            w.field(3, "Signal", signal.to_string());
        }
        w.field(3, "Started", moment(ended, &["startedAt"]));
        w.field(3, "Finished", moment(ended, &["finishedAt"]));
    } else {
        w.field(2, title, "Waiting");
        let reason = state.str_at(&["waiting", "reason"]);
        if !reason.is_empty() {
            w.field(3, "Reason", reason);
        }
    }
}

/// Writes `Limits` and `Requests`, each only if there are some.
pub fn resources(w: &mut Writer, resources: &Value, level: usize) {
    for (title, member) in [("Limits", "limits"), ("Requests", "requests")] {
        let Some(members) = resources.map_at(&[member]).filter(|members| !members.is_empty()) else {
            continue;
        };
        w.line(level, &format!("{title}:"));
        let mut members: Vec<(&String, String)> = members.iter().map(|(name, q)| (name, plain(q))).collect();
        members.sort();
        for (name, quantity) in members {
            w.field(level + 1, name, quantity);
        }
    }
}

/// A probe in one line.
fn probe(probe: &Value) -> String {
    let number = |member: &str| probe.i64_at(&[member]).unwrap_or(0);
    let how = if let Some(exec) = probe.at(&["exec"]) {
        let command = exec.at(&["command"]).map_or_else(|| "[]".to_owned(), plain);
        format!("exec {command}")
    } else if let Some(get) = probe.at(&["httpGet"]) {
        let scheme = get.str_at(&["scheme"]).to_ascii_lowercase();
        let (host, port) = (get.str_at(&["host"]), plain_at(get, &["port"]));
        let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
        let path = get.str_at(&["path"]);
        let slash = if path.is_empty() || path.starts_with('/') { "" } else { "/" };
        format!("http-get {scheme}://{host}:{port}{slash}{path}")
    } else if let Some(socket) = probe.at(&["tcpSocket"]) {
        format!("tcp-socket {}:{}", socket.str_at(&["host"]), plain_at(socket, &["port"]))
    } else if let Some(grpc) = probe.at(&["grpc"]) {
        format!("grpc <pod>:{} {}", plain_at(grpc, &["port"]), grpc.str_at(&["service"]))
    } else {
        "unknown".to_owned()
    };
    format!(
        "{how} delay={}s timeout={}s period={}s #success={} #failure={}",
        number("initialDelaySeconds"),
        number("timeoutSeconds"),
        number("periodSeconds"),
        number("successThreshold"),
        number("failureThreshold"),
    )
}

fn mounts(w: &mut Writer, container: &Value) {
    let mut mounts: Vec<&Value> = container.list_at(&["volumeMounts"]).iter().collect();
    let none = if mounts.is_empty() { "\t<none>" } else { "" };
    w.line(2, &format!("Mounts:{none}"));
    mounts.sort_by_key(|mount| mount.str_at(&["mountPath"]));
    for mount in mounts {
        let mode = if flag_at(mount, &["readOnly"]) == "true" { "ro" } else { "rw" };
        let path = mount.str_at(&["subPath"]);
        let path = if path.is_empty() { String::new() } else { format!(",path={path:?}") };
        w.line(
            3,
            &format!("{} from {} ({mode}{path})", mount.str_at(&["mountPath"]), mount.str_at(&["name"])),
        );
    }
    let mut devices: Vec<&Value> = container.list_at(&["volumeDevices"]).iter().collect();
    if devices.is_empty() {
        return;
    }
    w.line(2, &format!("Devices:{none}"));
    devices.sort_by_key(|device| device.str_at(&["devicePath"]));
    for device in devices {
        w.line(3, &format!("{} from {}", device.str_at(&["devicePath"]), device.str_at(&["name"])));
    }
}

/// The block `Pod Template`.
pub fn template(w: &mut Writer, template: &Value) {
    use super::{common, volumes};
    w.line(0, "Pod Template:");
    common::labels(w, "  Labels", &of_value(template.at(&["metadata", "labels"])));
    let annotations = of_value(template.at(&["metadata", "annotations"]));
    if !annotations.is_empty() {
        common::annotations(w, "  Annotations", &annotations);
    }
    let spec = template.at(&["spec"]).unwrap_or(&Value::Null);
    let account = spec.str_at(&["serviceAccountName"]);
    if !account.is_empty() {
        w.field(1, "Service Account", account);
    }
    let init = spec.list_at(&["initContainers"]);
    if !init.is_empty() {
        describe(w, "  ", "Init Containers", init, &[], None);
    }
    describe(w, "  ", "Containers", spec.list_at(&["containers"]), &[], None);
    volumes::describe(w, "  ", spec);
    common::spread_constraints(w, "  ", spec);
    let class = spec.str_at(&["priorityClassName"]);
    if !class.is_empty() {
        w.field(1, "Priority Class Name", class);
    }
    common::labels(w, "  Node-Selectors", &of_value(spec.at(&["nodeSelector"])));
    common::tolerations(w, "  Tolerations", spec);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn probes_are_one_line() {
        let timing = |mut how: Value| {
            for (name, n) in [
                ("timeoutSeconds", 1),
                ("periodSeconds", 10),
                ("successThreshold", 1),
                ("failureThreshold", 3),
            ] {
                apimachinery::value::set_at(&mut how, &[name], n.into());
            }
            probe(&how)
        };
        let attributes = "delay=0s timeout=1s period=10s #success=1 #failure=3";
        assert_eq!(
            timing(json!({"httpGet": {"path": "/", "port": 80, "scheme": "HTTP"}})),
            format!("http-get http://:80/ {attributes}")
        );
        assert_eq!(
            timing(json!({"exec": {"command": ["cat", "/x"]}})),
            format!("exec [cat /x] {attributes}")
        );
        assert_eq!(timing(json!({"tcpSocket": {"port": 80}})), format!("tcp-socket :80 {attributes}"));
    }
}
