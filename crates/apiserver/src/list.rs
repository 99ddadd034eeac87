//! Lists and their selectors.
//!
//! Models: `pkg/apis/core/v1/conversion.go` (field label conversions), `pkg/registry/*/strategy.go`.

use std::rc::Rc;

use api::{Kind, Object};
use apimachinery::Status;
use apimachinery::labels::Selector;
use serde_json::Value;

use crate::etcd::Store;
use crate::request::ListOptions;

/// The objects that the options select, in the order of their keys.
pub fn list(
    store: &Store,
    kind: Kind,
    namespace: &str,
    options: &ListOptions,
) -> Result<Vec<Rc<Object>>, Status> {
    let refuse = |why: String| {
        let info = kind.info();
        let group = if info.group.is_empty() { String::new() } else { info.group.to_owned() };
        Status::bad_request(format!(
            "Unable to find \"{group}/{}, Resource={}\" that match label selector \"{}\", field selector \"{}\": {why}",
            info.version, info.plural, options.label_selector, options.field_selector
        ))
    };
    let labels = Selector::parse(&options.label_selector).map_err(refuse)?;
    let fields = parse_fields(kind, &options.field_selector).map_err(refuse)?;
    let selected = |object: &&Rc<Object>| {
        labels.matches(&object.metadata.labels) && fields.iter().all(|f| f.matches(object))
    };
    Ok(store.list(kind, namespace).filter(selected).cloned().collect())
}

/// Whether an object is selected, for watches.
pub fn selects(object: &Object, options: &ListOptions) -> bool {
    let labels = Selector::parse(&options.label_selector).unwrap_or_default();
    let fields = parse_fields(object.kind, &options.field_selector).unwrap_or_default();
    labels.matches(&object.metadata.labels) && fields.iter().all(|f| f.matches(object))
}

struct FieldRequirement {
    field: String,
    value: String,
    equal: bool,
}

impl FieldRequirement {
    fn matches(&self, object: &Object) -> bool {
        let found = match self.field.as_str() {
            "metadata.name" => object.metadata.name.clone(),
            "metadata.namespace" => object.metadata.namespace.clone(),
            path => {
                let parts: Vec<&str> = path.split('.').collect();
                match object.at(&parts) {
                    Some(Value::String(s)) => s.clone(),
                    Some(Value::Bool(b)) => b.to_string(),
                    Some(Value::Number(n)) => n.to_string(),
                    _ => default_of(path).to_owned(),
                }
            }
        };
        (found == self.value) == self.equal
    }
}

fn default_of(path: &str) -> &'static str {
    match path {
        "spec.unschedulable" => "false",
        _ => "",
    }
}

/// The fields that a kind's lists can select by.
fn supported(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Pod => &[
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "spec.hostNetwork",
            "status.phase",
            "status.podIP",
            "status.nominatedNodeName",
        ],
        Kind::Node => &["spec.unschedulable"],
        Kind::Event => &[
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "source",
            "type",
        ],
        Kind::Namespace => &["status.phase"],
        Kind::Secret => &["type"],
        Kind::Service => &["spec.clusterIP", "spec.type"],
        _ => &[],
    }
}

fn parse_fields(kind: Kind, text: &str) -> Result<Vec<FieldRequirement>, String> {
    let mut requirements = Vec::new();
    for part in text.split(',').filter(|p| !matches!(*p, "" | "=" | "==")) {
        let (field, value, equal) = if let Some((f, v)) = part.split_once("!=") {
            (f, v, false)
        } else if let Some((f, v)) = part.split_once("==") {
            (f, v, true)
        } else if let Some((f, v)) = part.split_once('=') {
            (f, v, true)
        } else {
            return Err(format!("invalid selector: '{text}'; can't understand '{part}'"));
        };
        let known =
            matches!(field, "metadata.name" | "metadata.namespace") || supported(kind).contains(&field);
        if !known {
            return Err(if supported(kind).is_empty() {
                format!(
                    "\"{field}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                )
            } else {
                format!("field label not supported: {field}")
            });
        }
        requirements.push(FieldRequirement { field: field.to_owned(), value: value.to_owned(), equal });
    }
    Ok(requirements)
}
