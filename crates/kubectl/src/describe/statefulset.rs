//! `kubectl describe statefulset`.
//!
//! Models: `describeStatefulSet` and `getPodStatusForController` of `k8s.io/kubectl/pkg/describe`.

use std::rc::Rc;

use api::core::Pod;
use api::{Kind, Object};
use apimachinery::value::ValueExt;
use apiserver::{Actor, ListOptions, Request};
use serde_json::Value;

use super::common::{self, of_value, plain, plain_at};
use super::container;
use super::writer::Writer;
use crate::world::World;

/// Everything but the events.
pub fn describe(w: &mut Writer, set: &Object, world: &mut dyn World) {
    let spec = set.spec();
    common::names(w, set);
    w.field(0, "CreationTimestamp", common::created(set));
    let selector = spec.at(&["selector"]).unwrap_or(&Value::Null);
    let selector = common::format_selector(selector);
    w.field(0, "Selector", &selector);
    common::labels_and_annotations(w, set);
    let desired = spec.i64_at(&["replicas"]).unwrap_or(0);
    let total = set.status().i64_at(&["replicas"]).unwrap_or(0);
    w.field(0, "Replicas", format!("{desired} desired | {total} total"));
    w.field(0, "Update Strategy", spec.str_at(&["updateStrategy", "type"]));
    if let Some(rolling) = spec.at(&["updateStrategy", "rollingUpdate"])
        && let Some(partition) = rolling.i64_at(&["partition"])
    {
        w.field(1, "Partition", partition.to_string());
        if let Some(most) = rolling.at(&["maxUnavailable"]) {
            w.field(1, "MaxUnavailable", plain(most));
        }
    }
    let pods = pods_of(set, &selector, world);
    let count = |phase: &str| pods.iter().filter(|p| Pod(p).phase() == phase).count();
    w.field(
        0,
        "Pods Status",
        format!(
            "{} Running / {} Waiting / {} Succeeded / {} Failed",
            count("Running"),
            count("Pending"),
            count("Succeeded"),
            count("Failed")
        ),
    );
    container::template(w, spec.at(&["template"]).unwrap_or(&Value::Null));
    claim_templates(w, spec.list_at(&["volumeClaimTemplates"]));
}

/// The Pods that the set's selector finds and the set controls.
fn pods_of(set: &Object, selector: &str, world: &mut dyn World) -> Vec<Rc<Object>> {
    let options = ListOptions { label_selector: selector.to_owned(), ..ListOptions::default() };
    let request = Request::list(&Actor::user(), Kind::Pod, &set.metadata.namespace, options);
    let mut pods = world.request(request).map(apiserver::Response::into_list).unwrap_or_default();
    pods.retain(|pod| pod.is_controlled_by(set));
    pods
}

fn claim_templates(w: &mut Writer, templates: &[Value]) {
    if templates.is_empty() {
        return w.field(0, "Volume Claims", "<none>");
    }
    w.line(0, "Volume Claims:");
    for template in templates {
        w.field(1, "Name", template.str_at(&["metadata", "name"]));
        w.field(1, "StorageClass", template.str_at(&["spec", "storageClassName"]));
        for (title, member) in [("Labels", "labels"), ("Annotations", "annotations")] {
            common::labels_indented(w, "  ", title, &of_value(template.at(&["metadata", member])));
        }
        let capacity = template.at(&["spec", "resources", "requests", "storage"]);
        w.field(1, "Capacity", capacity.map_or_else(|| "<default>".to_owned(), plain));
        let modes = plain_at(template, &["spec", "accessModes"]);
        w.field(1, "Access Modes", if modes.is_empty() { "[]".to_owned() } else { modes });
    }
}
