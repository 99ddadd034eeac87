//! `kubectl describe` of small kinds: `ConfigMap`, `Secret`, `ServiceAccount`,
//! `PriorityClass`, `PodDisruptionBudget`.
//!
//! Models: their functions in `k8s.io/kubectl/pkg/describe`.

use api::Object;
use apimachinery::base64::Alphabet;
use apimachinery::value::ValueExt;
use serde_json::Value;

use super::common::{self, format_labels, format_selector, of_tree, of_value, plain};
use super::writer::Writer;

/// How many bytes base64 text stands for.
fn decoded_length(text: &str) -> usize {
    Alphabet::Standard.decode(text).map_or(0, |bytes| bytes.len())
}

/// A config map, without its events.
pub fn config_map(w: &mut Writer, map: &Object) {
    common::names(w, map);
    common::labels_and_annotations(w, map);
    w.line(0, "\nData\n====");
    for (name, text) in of_value(Some(map.field("data"))) {
        w.line(0, &format!("{name}:\n----\n{text}\n"));
    }
    w.line(0, "\nBinaryData\n====");
    for (name, text) in of_value(Some(map.field("binaryData"))) {
        w.line(0, &format!("{name}: {} bytes", decoded_length(text)));
    }
    w.line(0, "");
}

/// A secret; it has no events.
pub fn secret(w: &mut Writer, secret: &Object) {
    common::names(w, secret);
    common::labels_and_annotations(w, secret);
    w.line(0, &format!("\nType:\t{}", secret.field("type").as_str().unwrap_or("")));
    w.line(0, "\nData\n====");
    for (name, text) in of_value(Some(secret.field("data"))) {
        w.field(0, name, format!("{} bytes", decoded_length(text)));
    }
}

/// A service account, without its events.
pub fn service_account(w: &mut Writer, account: &Object) {
    common::names(w, account);
    common::labels_and_annotations(w, account);
    let mut title = "Image pull secrets:";
    let secrets = account.field("imagePullSecrets").as_array().filter(|secrets| !secrets.is_empty());
    let Some(secrets) = secrets else { return w.line(0, &format!("{title}\t<none>")) };
    for secret in secrets {
        w.line(0, &format!("{title}\t{}", secret.str_at(&["name"])));
        title = "                   ";
    }
}

/// A priority class, without its events.
pub fn priority_class(w: &mut Writer, class: &Object) {
    let text = |field: &str| class.field(field).as_str().unwrap_or("").to_owned();
    w.field(0, "Name", &class.metadata.name);
    w.field(0, "Value", class.field("value").as_i64().unwrap_or(0).to_string());
    w.field(0, "GlobalDefault", (class.field("globalDefault") == true).to_string());
    w.field(0, "PreemptionPolicy", text("preemptionPolicy"));
    w.field(0, "Description", text("description"));
    w.field(0, "Annotations", format_labels(&of_tree(&class.metadata.annotations)));
}

/// A disruption budget, without its events.
pub fn disruption_budget(w: &mut Writer, budget: &Object) {
    let (spec, status) = (budget.spec(), budget.status());
    common::names(w, budget);
    if let Some(least) = spec.at(&["minAvailable"]) {
        w.field(0, "Min available", plain(least));
    } else if let Some(most) = spec.at(&["maxUnavailable"]) {
        w.field(0, "Max unavailable", plain(most));
    }
    let selector = spec.at(&["selector"]).map_or_else(|| "<unset>".to_owned(), format_selector);
    w.field(0, "Selector", selector);
    w.line(0, "Status:");
    for (title, member) in [
        ("Allowed disruptions", "disruptionsAllowed"),
        ("Current", "currentHealthy"),
        ("Desired", "desiredHealthy"),
        ("Total", "expectedPods"),
    ] {
        w.field(2, title, status.at(&[member]).and_then(Value::as_i64).unwrap_or(0).to_string());
    }
}
