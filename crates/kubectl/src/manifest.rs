//! Manifests on standard input: documents into requests' bodies.

use api::{Key, Kind};
use apimachinery::value::ValueExt;
use apimachinery::yaml;
use serde_json::Value;

/// One object of a manifest.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// Where it goes.
    pub key: Key,
    /// As written.
    pub value: Value,
}

/// What kubectl calls standard input.
pub const SOURCE: &str = "STDIN";

/// The objects of a text; or what kubectl prints of it.
pub fn read(text: &str, namespace: &str) -> Result<Vec<Resource>, String> {
    let mut resources = Vec::new();
    for document in yaml::read(text, &yaml::Limits::default()) {
        if let Some(problem) = document.problems.first() {
            return Err(format!("error: error parsing {SOURCE}: error converting YAML to JSON: {}\n", problem.message));
        }
        let Some(root) = &document.root else { continue };
        let value = root.to_value();
        if value.is_null() {
            continue;
        }
        let is_list = value.str_at(&["kind"]) == "List";
        if is_list {
            for item in value.list_at(&["items"]) {
                resources.push(resource(item.clone(), namespace)?);
            }
        } else {
            resources.push(resource(value, namespace)?);
        }
    }
    if resources.is_empty() {
        return Err("error: no objects passed to apply\n".to_owned());
    }
    Ok(resources)
}

fn resource(value: Value, namespace: &str) -> Result<Resource, String> {
    let (version, kind) = (value.str_at(&["apiVersion"]), value.str_at(&["kind"]));
    for (member, text) in [("kind", kind), ("apiVersion", version)] {
        if text.is_empty() {
            return Err(format!(
                "error: error validating \"{SOURCE}\": error validating data: {member} not set; if you choose to ignore these errors, turn validation off with --validate=false\n"
            ));
        }
    }
    let name = value.str_at(&["metadata", "name"]);
    let given = value.str_at(&["metadata", "namespace"]);
    let Some(kind) = Kind::from_manifest(version, kind) else {
        return Err(format!(
            "error: resource mapping not found for name: \"{name}\" namespace: \"{given}\" from \"{SOURCE}\": no matches for kind \"{kind}\" in version \"{version}\"\nensure CRDs are installed first\n"
        ));
    };
    let namespace = if given.is_empty() { namespace } else { given };
    Ok(Resource { key: Key::new(kind, namespace, name), value })
}
