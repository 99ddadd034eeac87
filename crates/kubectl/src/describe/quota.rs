//! `kubectl describe` of namespaces, resource quotas and limit ranges.
//!
//! Models: `describeNamespace`, `DescribeResourceQuotas`, `describeQuota`, `DescribeLimitRanges`,
//! `describeLimitRange` of `k8s.io/kubectl/pkg/describe`.
//! Differs: resources of a limit range are sorted; upstream takes them in any order.

use std::rc::Rc;

use api::{Kind, Object};
use apimachinery::value::ValueExt;
use apiserver::{Actor, ListOptions, Request};
use serde_json::Value;

use super::common::{self, moment, plain_at};
use super::writer::Writer;
use crate::world::World;

/// A namespace, with what limits it.
pub fn namespace(w: &mut Writer, namespace: &Object, world: &mut dyn World) {
    w.field(0, "Name", &namespace.metadata.name);
    common::labels_and_annotations(w, namespace);
    w.field(0, "Status", namespace.status().str_at(&["phase"]));
    let conditions = namespace.status().list_at(&["conditions"]);
    if !conditions.is_empty() {
        w.line(0, "Conditions:");
        w.line(1, "Type\tStatus\tLastTransitionTime\tReason\tMessage");
        w.line(1, "----\t------\t------------------\t------\t-------");
    }
    for c in conditions {
        let (kind, status) = (c.str_at(&["type"]), c.str_at(&["status"]));
        let (since, reason) = (moment(c, &["lastTransitionTime"]), c.str_at(&["reason"]));
        w.line(1, &format!("{kind}\t{status}\t{since}\t{reason}\t{}", c.str_at(&["message"])));
    }
    w.line(0, "");
    quotas(w, &within(namespace, Kind::ResourceQuota, world));
    w.line(0, "");
    limit_ranges(w, &within(namespace, Kind::LimitRange, world));
}

fn within(namespace: &Object, kind: Kind, world: &mut dyn World) -> Vec<Rc<Object>> {
    let request = Request::list(&Actor::user(), kind, &namespace.metadata.name, ListOptions::default());
    world.request(request).map(apiserver::Response::into_list).unwrap_or_default()
}

fn quotas(w: &mut Writer, quotas: &[Rc<Object>]) {
    if quotas.is_empty() {
        return w.line(0, "No resource quota.");
    }
    w.line(0, "Resource Quotas");
    for quota in quotas {
        w.field(1, "Name", &quota.metadata.name);
        scopes(w, quota, 1, "* ");
        w.line(1, "Resource\tUsed\tHard");
        w.line(1, "--------\t---\t---");
        usage(w, quota, 1);
    }
}

fn scopes(w: &mut Writer, quota: &Object, level: usize, bullet: &str) {
    let mut scopes: Vec<&str> = quota.spec().list_at(&["scopes"]).iter().filter_map(Value::as_str).collect();
    if scopes.is_empty() {
        return;
    }
    scopes.sort_unstable();
    w.field(level, "Scopes", scopes.join(", "));
    for scope in scopes {
        let help = match scope {
            "Terminating" => {
                "Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system."
            }
            "NotTerminating" => {
                "Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate."
            }
            "BestEffort" => {
                "Matches all pods that do not have resource requirements set. These pods have a best effort quality of service."
            }
            "NotBestEffort" => {
                "Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service."
            }
            _ => continue,
        };
        w.line(level, &format!("{bullet}{help}"));
    }
}

fn usage(w: &mut Writer, quota: &Object, level: usize) {
    let mut names: Vec<&String> =
        quota.status().map_at(&["hard"]).into_iter().flatten().map(|(name, _)| name).collect();
    names.sort();
    for name in names {
        let used = plain_at(quota.status(), &["used", name]);
        let used = if used.is_empty() { "0".to_owned() } else { used };
        w.line(level, &format!("{name}\t{used}\t{}", plain_at(quota.status(), &["hard", name])));
    }
}

/// A resource quota.
pub fn quota(w: &mut Writer, quota: &Object) {
    common::names(w, quota);
    scopes(w, quota, 0, " * ");
    w.line(0, "Resource\tUsed\tHard");
    w.line(0, "--------\t----\t----");
    usage(w, quota, 0);
}

fn limit_ranges(w: &mut Writer, ranges: &[Rc<Object>]) {
    if ranges.is_empty() {
        return w.line(0, "No LimitRange resource.");
    }
    w.line(0, "Resource Limits");
    limit_head(w, " ");
    for range in ranges {
        limits(w, range, " ");
    }
}

fn limit_head(w: &mut Writer, prefix: &str) {
    for line in [
        "Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio",
        "----\t--------\t---\t---\t---------------\t-------------\t-----------------------",
    ] {
        w.line(0, &format!("{prefix}{line}"));
    }
}

fn limits(w: &mut Writer, range: &Object, prefix: &str) {
    const COLUMNS: [&str; 5] = ["min", "max", "defaultRequest", "default", "maxLimitRequestRatio"];
    for item in range.spec().list_at(&["limits"]) {
        let mut names: Vec<&String> = COLUMNS
            .iter()
            .filter_map(|column| item.map_at(&[column]))
            .flatten()
            .map(|(name, _)| name)
            .collect();
        names.sort();
        names.dedup();
        for name in names {
            let cells = COLUMNS.map(|column| match plain_at(item, &[column, name]) {
                text if text.is_empty() => "-".to_owned(),
                text => text,
            });
            w.line(0, &format!("{prefix}{}\t{name}\t{}", item.str_at(&["type"]), cells.join("\t")));
        }
    }
}

/// A limit range.
pub fn limit_range(w: &mut Writer, range: &Object) {
    common::names(w, range);
    limit_head(w, "");
    limits(w, range, "");
}
