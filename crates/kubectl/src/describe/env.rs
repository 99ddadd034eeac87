//! The environment of a container.
//!
//! Models: `describeContainerEnvVars` and `describeContainerEnvFrom` of
//! `k8s.io/kubectl/pkg/describe`. kubectl itself can resolve `metadata.name` and
//! `metadata.namespace` only; other fields of the Pod are shown without a value.

use api::Object;
use apimachinery::Quantity;
use apimachinery::value::ValueExt;
use serde_json::Value;

use super::common::{flag_at, plain};
use super::writer::Writer;

/// `Environment Variables from`, if there are sources, and `Environment`.
pub fn describe(w: &mut Writer, container: &Value, pod: Option<&Object>) {
    let sources = container.list_at(&["envFrom"]);
    if !sources.is_empty() {
        w.line(2, "Environment Variables from:");
    }
    for source in sources {
        describe_source(w, source);
    }
    let variables = container.list_at(&["env"]);
    w.line(2, if variables.is_empty() { "Environment:\t<none>" } else { "Environment:" });
    for variable in variables {
        describe_variable(w, variable, container, pod);
    }
}

fn describe_source(w: &mut Writer, source: &Value) {
    let (from, reference) = match (source.at(&["configMapRef"]), source.at(&["secretRef"])) {
        (Some(map), _) => ("ConfigMap", map),
        (None, Some(secret)) => ("Secret", secret),
        (None, None) => ("", &Value::Null),
    };
    let prefix = source.str_at(&["prefix"]);
    let prefix = if prefix.is_empty() { String::new() } else { format!(" with prefix '{prefix}'") };
    let optional = flag_at(reference, &["optional"]);
    w.line(3, &format!("{}\t{from}{prefix}\tOptional: {optional}", reference.str_at(&["name"])));
}

fn describe_variable(w: &mut Writer, variable: &Value, container: &Value, pod: Option<&Object>) {
    let name = variable.str_at(&["name"]);
    let Some(from) = variable.at(&["valueFrom"]) else {
        let mut title = format!("{name}:");
        for line in variable.str_at(&["value"]).split('\n') {
            w.line(3, &format!("{title}\t{line}"));
            title.clear();
        }
        return;
    };
    if let Some(field) = from.at(&["fieldRef"]) {
        let path = field.str_at(&["fieldPath"]);
        let value = pod.map_or("", |pod| resolve(pod, path));
        w.field(3, name, format!("{value} ({}:{path})", field.str_at(&["apiVersion"])));
    } else if let Some(field) = from.at(&["resourceFieldRef"]) {
        let resource = field.str_at(&["resource"]);
        let value = match resource_value(field, container) {
            value if value == "0" && matches!(resource, "limits.cpu" | "limits.memory") => {
                "node allocatable".to_owned()
            }
            value => value,
        };
        w.field(3, name, format!("{value} ({resource})"));
    } else {
        for (member, words) in [("secretKeyRef", "in secret"), ("configMapKeyRef", "of config map")] {
            let Some(key) = from.at(&[member]) else { continue };
            let (key_name, owner) = (key.str_at(&["key"]), key.str_at(&["name"]));
            let optional = flag_at(key, &["optional"]);
            w.field(
                3,
                name,
                format!("<set to the key '{key_name}' {words} '{owner}'>\tOptional: {optional}"),
            );
        }
    }
}

fn resolve<'a>(pod: &'a Object, path: &str) -> &'a str {
    match path {
        "metadata.name" => &pod.metadata.name,
        "metadata.namespace" => &pod.metadata.namespace,
        _ => "",
    }
}

/// A container's limit or request, in units of the divisor, rounded up.
fn resource_value(field: &Value, container: &Value) -> String {
    let Some((list, name)) = field.str_at(&["resource"]).split_once('.') else { return String::new() };
    let quantity =
        container.at(&["resources", list, name]).and_then(Quantity::from_value).unwrap_or(Quantity::ZERO);
    let divisor = field.at(&["divisor"]).map(plain).unwrap_or_default();
    let divisor =
        Quantity::parse(&divisor).ok().filter(|d| d.sign() > 0).unwrap_or_else(|| Quantity::from_count(1));
    let (whole, part) = if name == "cpu" {
        (quantity.milli_value(), divisor.milli_value())
    } else {
        (quantity.value(), divisor.value())
    };
    let part = part.max(1);
    (whole.div_euclid(part) + i64::from(whole.rem_euclid(part) > 0)).to_string()
}
