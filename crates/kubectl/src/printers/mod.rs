//! Tables: one row printer per kind.
//!
//! Models: `pkg/printers/internalversion/printers.go`, `k8s.io/cli-runtime/pkg/printers`.

mod core;
mod pod;
mod storage;
pub mod table;

use std::rc::Rc;

use api::{Kind, Object};
use apimachinery::duration::human;
use apimachinery::{Time, value::ValueExt};

pub use pod::{ready, restarts, status_word};

// The longest heads.
const CLAIM: &[&str] =
    &["NAME", "STATUS", "VOLUME", "CAPACITY", "ACCESS MODES", "STORAGECLASS", "VOLUMEATTRIBUTESCLASS", "AGE"];
const VOLUME: &[&str] = &[
    "NAME",
    "CAPACITY",
    "ACCESS MODES",
    "RECLAIM POLICY",
    "STATUS",
    "CLAIM",
    "STORAGECLASS",
    "VOLUMEATTRIBUTESCLASS",
    "REASON",
    "AGE",
];

/// Column heads of a kind: the narrow ones, then those of `-o wide`.
pub fn columns(kind: Kind) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        Kind::Pod => (
            &["NAME", "READY", "STATUS", "RESTARTS", "AGE"],
            &["IP", "NODE", "NOMINATED NODE", "READINESS GATES"],
        ),
        Kind::StatefulSet => (&["NAME", "READY", "AGE"], &["CONTAINERS", "IMAGES"]),
        Kind::PersistentVolumeClaim => (CLAIM, &["VOLUMEMODE"]),
        Kind::PersistentVolume => (VOLUME, &["VOLUMEMODE"]),
        Kind::Service => (&["NAME", "TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)", "AGE"], &["SELECTOR"]),
        Kind::Endpoints => (&["NAME", "ENDPOINTS", "AGE"], &[]),
        Kind::EndpointSlice => (&["NAME", "ADDRESSTYPE", "PORTS", "ENDPOINTS", "AGE"], &[]),
        Kind::ControllerRevision => (&["NAME", "CONTROLLER", "REVISION", "AGE"], &[]),
        Kind::StorageClass => (
            &["NAME", "PROVISIONER", "RECLAIMPOLICY", "VOLUMEBINDINGMODE", "ALLOWVOLUMEEXPANSION", "AGE"],
            &[],
        ),
        Kind::Node => (
            &["NAME", "STATUS", "ROLES", "AGE", "VERSION"],
            &["INTERNAL-IP", "EXTERNAL-IP", "OS-IMAGE", "KERNEL-VERSION", "CONTAINER-RUNTIME"],
        ),
        Kind::Event => (&["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"], &[]),
        Kind::PodDisruptionBudget => {
            (&["NAME", "MIN AVAILABLE", "MAX UNAVAILABLE", "ALLOWED DISRUPTIONS", "AGE"], &[])
        }
        Kind::Namespace => (&["NAME", "STATUS", "AGE"], &[]),
        Kind::ConfigMap => (&["NAME", "DATA", "AGE"], &[]),
        Kind::Secret => (&["NAME", "TYPE", "DATA", "AGE"], &[]),
        Kind::ServiceAccount => (&["NAME", "AGE"], &[]),
        Kind::ResourceQuota => (&["NAME", "REQUEST", "LIMIT", "AGE"], &[]),
        Kind::LimitRange => (&["NAME", "CREATED AT"], &[]),
        Kind::Lease => (&["NAME", "HOLDER", "AGE"], &[]),
        Kind::PriorityClass => (&["NAME", "VALUE", "GLOBAL-DEFAULT", "AGE", "PREEMPTIONPOLICY"], &[]),
    }
}

/// The cells of an object, narrow ones then wide ones.
pub fn cells(object: &Object, now: Time) -> Vec<String> {
    match object.kind {
        Kind::Pod => pod::cells(object, now),
        Kind::PersistentVolumeClaim => storage::claim(object, now),
        Kind::PersistentVolume => storage::volume(object, now),
        Kind::StorageClass => storage::class(object, now),
        _ => core::cells(object, now),
    }
}

/// How long ago a moment was: `38s`, or `<unknown>`.
pub fn age(moment: Option<Time>, now: Time) -> String {
    moment.map_or_else(|| "<unknown>".to_owned(), |t| human(now.micros_since(t).div_euclid(1_000_000)))
}

/// The age of an object.
pub fn object_age(object: &Object, now: Time) -> String {
    age(object.metadata.creation_timestamp, now)
}

/// `k=v,k2=v2`, or `<none>`.
pub fn labels(object: &Object) -> String {
    let pairs: Vec<String> = object.metadata.labels.iter().map(|(k, v)| format!("{k}={v}")).collect();
    or_none(pairs.join(","))
}

/// The text, or `<none>`.
pub fn or_none(text: impl Into<String>) -> String {
    let text = text.into();
    if text.is_empty() { "<none>".to_owned() } else { text }
}

/// The access modes, in short: `RWO,ROX`.
pub fn access_modes(value: &serde_json::Value) -> String {
    let short = |mode: &str| match mode {
        "ReadWriteOnce" => "RWO",
        "ReadOnlyMany" => "ROX",
        "ReadWriteMany" => "RWX",
        "ReadWriteOncePod" => "RWOP",
        _ => "",
    };
    let modes = value.list_at(&["accessModes"]).iter();
    modes.filter_map(|m| m.as_str()).map(short).collect::<Vec<_>>().join(",")
}

/// What a table shows besides the kind's own columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(clippy::struct_excessive_bools)] // flags of the command line
pub struct Extras {
    /// `-o wide`.
    pub wide: bool,
    /// Whether names carry their type.
    pub with_kind: bool,
    /// Whether the first column is NAMESPACE.
    pub with_namespace: bool,
    /// Whether the last column is LABELS.
    pub show_labels: bool,
    /// `-L`.
    pub label_columns: Vec<String>,
}

/// The head of a kind's table.
pub fn head(kind: Kind, extras: &Extras) -> Vec<String> {
    let (narrow, wide) =
        if kind == Kind::Event && extras.wide { (core::WIDE_EVENT, &[][..]) } else { columns(kind) };
    let mut head = Vec::new();
    if extras.with_namespace {
        head.push("NAMESPACE".to_owned());
    }
    head.extend(narrow.iter().map(|c| (*c).to_owned()));
    if extras.wide {
        head.extend(wide.iter().map(|c| (*c).to_owned()));
    }
    head.extend(extras.label_columns.iter().map(|l| l.rsplit('/').next().unwrap_or(l).to_ascii_uppercase()));
    if extras.show_labels {
        head.push("LABELS".to_owned());
    }
    head
}

/// The row of an object.
pub fn row(object: &Object, extras: &Extras, now: Time) -> Vec<String> {
    let (narrow, wide) = columns(object.kind);
    let mut cells = if object.kind == Kind::Event && extras.wide {
        core::wide_event(object, now)
    } else if object.kind == Kind::Service && extras.wide {
        core::wide_service(object, now)
    } else {
        let mut cells = cells(object, now);
        cells.truncate(if extras.wide { narrow.len() + wide.len() } else { narrow.len() });
        cells
    };
    if extras.with_kind
        && let Some(name) = cells.first_mut()
    {
        *name = format!("{}/{name}", object.kind.info().qualified_singular());
    }
    if extras.with_namespace {
        cells.insert(0, object.metadata.namespace.clone());
    }
    let value = |label: &String| object.metadata.label(label).to_owned();
    cells.extend(extras.label_columns.iter().map(value));
    if extras.show_labels {
        cells.push(labels(object));
    }
    cells.iter().map(|c| first_line(c)).collect()
}

/// A cell up to its first line break.
fn first_line(cell: &str) -> String {
    match cell.split_once('\n') {
        Some((line, _)) => format!("{line}..."),
        None => cell.to_owned(),
    }
}

/// A whole table.
pub fn table(kind: Kind, objects: &[Rc<Object>], extras: &Extras, headers: bool, now: Time) -> String {
    let mut rows = Vec::new();
    if headers {
        rows.push(head(kind, extras));
    }
    rows.extend(objects.iter().map(|o| row(o, extras, now)));
    table::render(&rows, &mut Vec::new())
}
