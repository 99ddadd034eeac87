//! The fields of Kubernetes v1.36, as `k8s-openapi` has them: the table of fields knows each, and a template of
//! any of them is kept, recorded and hashed as Kubernetes does it.
//!
//! `k8s-openapi` is written from Kubernetes' OpenAPI document by a program that is none of this project's.
//! Hash and encoding are computed here once more, from their description: the FNV-1 hash of 32 bits over the
//! revision's data and the collision count, its decimal text spelt in an alphabet without vowels.

// A value that is not where it should be fails the test.
#![allow(clippy::indexing_slicing)]

mod filler;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use api::schema::Schema;
use api::{Key, Kind};
use apimachinery::schema::{Field, FieldType, Shape};
use apimachinery::{Reason, Status};
use apiserver::{Actor, Body, Request, Verb, WriteOptions};
use filler::{Extent, World};
use k8s_openapi::api::{apps, coordination, core, discovery, policy, scheduling, storage};
use serde_json::{Map, Value, json};
use session::{Run, laboratory};

/// How many templates are made.
const TEMPLATES: u64 = 160;
/// A template is made valid within so many tries.
const TRIES_MAX: usize = 500;

/// The type of a field as the filler names it.
fn written(schema: &Schema, field: &Field) -> String {
    let around = match field.shape {
        Shape::One => "",
        Shape::List => "[",
        Shape::Map => "{",
    };
    let inner = match field.ty {
        FieldType::String => "string",
        FieldType::Bool => "bool",
        FieldType::Int32 => "int32",
        FieldType::Int64 => "int64",
        FieldType::Double => "double",
        FieldType::Bytes => "bytes",
        FieldType::Quantity => "quantity",
        FieldType::IntOrString => "intOrString",
        FieldType::Time => "time",
        FieldType::MicroTime => "microTime",
        FieldType::Raw => "raw",
        FieldType::Object(id) => schema.ty(id).name,
    };
    format!("{around}{inner}")
}

/// Everything that the kinds here may hold.
fn everything() -> World {
    let mut world = World::new(1, Extent::All);
    macro_rules! look_at {
        ($($ty:ty),* $(,)?) => { $( let _: $ty = world.fill(); )* };
    }
    look_at!(
        apps::v1::StatefulSet,
        apps::v1::ControllerRevision,
        core::v1::Pod,
        core::v1::Service,
        core::v1::Node,
        core::v1::Namespace,
        core::v1::Endpoints,
        core::v1::PersistentVolumeClaim,
        core::v1::PersistentVolume,
        core::v1::ConfigMap,
        core::v1::Secret,
        core::v1::Event,
        core::v1::ServiceAccount,
        core::v1::ResourceQuota,
        core::v1::LimitRange,
        discovery::v1::EndpointSlice,
        storage::v1::StorageClass,
        policy::v1::PodDisruptionBudget,
        scheduling::v1::PriorityClass,
        coordination::v1::Lease,
    );
    world
}

#[test]
fn the_table_knows_every_field_and_no_other() {
    let world = everything();
    let schema = Schema::get();
    assert!(world.types.len() > 200, "{} types", world.types.len());
    let mut wrong = Vec::new();
    for (name, fields) in &world.types {
        let Some(id) = schema.find(name) else {
            wrong.push(format!("{name} is not in the table"));
            continue;
        };
        let ours: BTreeSet<&str> = schema.ty(id).fields.iter().map(|field| field.name).collect();
        wrong.extend(fields.difference(&ours).map(|field| format!("{name}.{field} is not in the table")));
        wrong.extend(ours.difference(fields).map(|field| format!("{name}.{field} is in the table only")));
    }
    let known: BTreeSet<&str> = world.types.keys().map(String::as_str).collect();
    wrong.extend(
        schema
            .types()
            .iter()
            .filter(|ty| !known.contains(ty.name))
            .map(|ty| format!("{} is in the table only", ty.name)),
    );
    for ((owner, name), theirs) in &world.fields {
        let field = schema.find(owner).and_then(|id| schema.ty(id).field(name));
        let ours = field.map(|field| written(schema, field)).unwrap_or_default();
        if ours != *theirs {
            wrong.push(format!("{owner}.{name} is {ours} in the table, {theirs} in k8s-openapi"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// FNV-1 with 32 bits: for each byte times the prime, then the byte.
fn fnv_1(text: &str) -> u32 {
    text.bytes().fold(2_166_136_261, |hash: u32, byte| hash.wrapping_mul(16_777_619) ^ u32::from(byte))
}

/// The hash in a revision's name.
fn hash_of(data: &Value, collisions: u32) -> String {
    // Go escapes these within texts, and nothing else has them.
    let mut text = serde_json::to_string(data).expect("a value is JSON");
    for (c, escaped) in [
        ('<', "\\u003c"),
        ('>', "\\u003e"),
        ('&', "\\u0026"),
        ('\u{2028}', "\\u2028"),
        ('\u{2029}', "\\u2029"),
    ] {
        text = text.replace(c, escaped);
    }
    let letters = b"bcdfghjklmnpqrstvwxz2456789";
    let number = fnv_1(&format!("{text}{collisions}")).to_string();
    number.bytes().map(|digit| char::from(letters[digit as usize % letters.len()])).collect()
}

/// What Go leaves out.
fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(on) => !on,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
    }
}

/// The server drops these: their feature gates are off in v1.36.
const GATED: [&str; 4] = ["clusterTrustBundle", "podCertificate", "schedulingGroup", "stopSignal"];

/// Whether nothing but what the server drops is said.
fn is_gated(name: &str, inner: &Value) -> bool {
    let only_gated = |map: &Map<String, Value>| map.keys().all(|name| GATED.contains(&name.as_str()));
    GATED.contains(&name) || inner.as_object().is_some_and(only_gated)
}

/// What of a value is not in the stored one.
fn lost(given: &Value, stored: &Value, path: &str, found: &mut Vec<String>) {
    match (given, stored) {
        (Value::Object(given), Value::Object(stored)) => {
            for (name, inner) in given {
                match stored.get(name) {
                    Some(kept) => lost(inner, kept, &format!("{path}.{name}"), found),
                    None if is_zero(inner) || is_gated(name, inner) => {}
                    None => found.push(format!("{path}.{name}: {inner} is gone")),
                }
            }
        }
        (Value::Array(given), Value::Array(stored)) if given.len() == stored.len() => {
            for (at, (inner, kept)) in given.iter().zip(stored).enumerate() {
                lost(inner, kept, &format!("{path}[{at}]"), found);
            }
        }
        (given, stored) if given == stored => {}
        (given, stored) => found.push(format!("{path}: {given} became {stored}")),
    }
}

/// Takes the value away that a refusal names; what is missing takes its holder with it.
fn take_out(value: &mut Value, field: &str) -> bool {
    // Some have other places in the internal form.
    let elsewhere = field
        .replacen("spec.securityContext.", "spec.", 1)
        .replacen("spec.HostPID", "spec.hostPID", 1)
        .replacen("spec.HostIPC", "spec.hostIPC", 1);
    if remove(value, &steps_of(field)) || remove(value, &steps_of(&elsewhere)) {
        return true;
    }
    let mut steps = steps_of(field);
    while steps.pop().is_some() {
        if NEEDED.contains(&steps.join(".").as_str()) {
            // Something beside what is missing asks for it: one after another goes.
            let holder = value.pointer_mut(&pointer(&steps)).and_then(Value::as_object_mut);
            let beside = |map: &Map<String, Value>| {
                map.keys().rev().find(|name| !KEPT.contains(&name.as_str())).cloned()
            };
            return holder.is_some_and(|map| beside(map).is_some_and(|name| map.remove(&name).is_some()));
        }
        if remove(value, &steps) {
            return true;
        }
    }
    false
}

fn steps_of(field: &str) -> Vec<String> {
    let mut steps: Vec<String> = Vec::new();
    for part in field.split('.') {
        let mut pieces = part.split('[');
        steps.push(pieces.next().unwrap_or("").to_owned());
        steps.extend(pieces.map(|piece| piece.trim_end_matches(']').to_owned()));
    }
    steps
}

fn remove(value: &mut Value, steps: &[String]) -> bool {
    let Some((last, holder)) = steps.split_last() else { return false };
    match value.pointer_mut(&pointer(holder)) {
        Some(Value::Object(map)) => map.remove(last).is_some(),
        Some(Value::Array(list)) => match last.parse::<usize>() {
            Ok(at) if at < list.len() => {
                list.remove(at);
                true
            }
            _ => false,
        },
        _ => false,
    }
}

fn pointer(steps: &[String]) -> String {
    steps.iter().map(|step| format!("/{}", step.replace('/', "~1"))).collect()
}

/// Members that are not to blame.
const KEPT: [&str; 4] = ["name", "image", "containers", "restartPolicy"];

/// A set is none without these.
const NEEDED: [&str; 6] = [
    "spec.selector",
    "spec.template",
    "spec.template.metadata",
    "spec.template.spec",
    "spec.template.spec.containers",
    "spec.template.spec.containers.0",
];

fn set_of(name: &str, template: &Value) -> Value {
    let mut template = template.clone();
    template["metadata"]["labels"]["app"] = json!(name);
    template["spec"]["restartPolicy"] = json!("Always");
    json!({
        "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": name, "namespace": "default"},
        "spec": {"replicas": 0, "serviceName": "s", "selector": {"matchLabels": {"app": name}},
            "template": template},
    })
}

/// Makes a set of the template, without what the server refuses; what it was made from in the end.
fn make(run: &mut Run, name: &str, template: &Value) -> Value {
    let mut set = set_of(name, template);
    for _ in 0..TRIES_MAX {
        let key = Key::new(Kind::StatefulSet, "default", name);
        let verb = Verb::Create(Body::Untyped(set.clone()), WriteOptions::default());
        match run.request(Request { actor: Actor::user(), key, verb }) {
            Ok(_) => return set,
            Err(status) => repair(&mut set, &status),
        }
    }
    panic!("no valid set of {template}")
}

fn repair(set: &mut Value, status: &Status) {
    // Whatever the types can say is decoded: only rules may refuse it.
    assert_eq!(status.reason, Reason::Invalid, "{}\n{set}", status.message);
    // One at a time: the others may go with it.
    let field = status.details.causes.iter().map(|cause| cause.field.as_str()).max().unwrap_or("");
    let taken = status.message.contains("hostProcess") && without_host_processes(set) || take_out(set, field);
    assert!(taken, "nothing to take out for: {}\n{set}", status.message);
}

/// Containers that run as processes of a Windows machine ask for things of all others: they become usual ones.
fn without_host_processes(set: &mut Value) -> bool {
    let mut found = false;
    for list in ["containers", "initContainers"] {
        let list = set.pointer_mut(&format!("/spec/template/spec/{list}")).and_then(Value::as_array_mut);
        for container in list.into_iter().flatten() {
            let options = container.pointer_mut("/securityContext/windowsOptions");
            let options = options.and_then(Value::as_object_mut);
            found |= options.is_some_and(|options| options.remove("hostProcess").is_some());
        }
    }
    found
}

/// The fields of a value, by the table's types.
fn count(value: &Value, ty: &str, counts: &mut BTreeMap<String, usize>) {
    let schema = Schema::get();
    let Some(id) = schema.find(ty) else { return };
    for (name, inner) in value.as_object().into_iter().flatten() {
        *counts.entry(format!("{ty}.{name}")).or_default() += 1;
        let Some(Field { ty: FieldType::Object(inside), .. }) = schema.ty(id).field(name) else { continue };
        let inside = schema.ty(*inside).name;
        match inner {
            Value::Array(list) => list.iter().for_each(|item| count(item, inside, counts)),
            inner => count(inner, inside, counts),
        }
    }
}

#[test]
fn any_template_is_kept_recorded_and_hashed() {
    let mut run = Run::new(laboratory()).seldom_looked_back();
    run.run_until(run.origin() + Duration::from_secs(1));
    let mut made = Vec::new();
    for seed in 0..TEMPLATES {
        let template: core::v1::PodTemplateSpec = World::new(seed, Extent::Some).fill();
        let template = serde_json::to_value(template).expect("a template is JSON");
        let name = format!("t{seed}");
        made.push((name.clone(), make(&mut run, &name, &template)));
    }
    run.settle(Duration::from_secs(3), Duration::from_secs(120));
    let mut counts = BTreeMap::new();
    for (name, given) in &made {
        let store = run.head().store();
        let set =
            store.get(&Key::new(Kind::StatefulSet, "default", name.as_str())).expect("the set is there");
        let template = set.spec()["template"].clone();
        let mut gone = Vec::new();
        lost(&given["spec"]["template"], &template, "template", &mut gone);
        // Read by those types again, it is the same: nothing in it that they do not know.
        let again: core::v1::PodTemplateSpec = serde_json::from_value(template.clone()).expect("a template");
        let again = serde_json::to_value(again).expect("it is JSON");
        lost(&template, &again, "as a struct", &mut gone);
        lost(&again, &template, "as stored", &mut gone);
        assert!(gone.is_empty(), "{name}: {}", gone.join("\n"));

        let mut patched: Map<String, Value> = template.as_object().expect("an object").clone();
        patched.insert("$patch".to_owned(), json!("replace"));
        let data = json!({"spec": {"template": patched}});
        let hash = hash_of(&data, 0);
        let key = Key::new(Kind::ControllerRevision, "default", format!("{name}-{hash}").as_str());
        let revision = store.get(&key).unwrap_or_else(|| panic!("{name} has no revision {hash}: {data}"));
        assert_eq!(*revision.field("data"), data, "{name}");
        assert_eq!(revision.metadata.label("controller.kubernetes.io/hash"), hash);
        assert_eq!(set.status()["updateRevision"], json!(format!("{name}-{hash}")));
        count(&template, "core.v1.PodTemplateSpec", &mut counts);
    }
    let reached = everything();
    let mut within = BTreeSet::new();
    fields_within("core.v1.PodTemplateSpec", &reached, &mut within);
    let missing: Vec<&String> = within.iter().filter(|field| !counts.contains_key(*field)).collect();
    assert!(missing.len() * 10 < within.len(), "fields that no template had: {missing:?}");
}

/// A template may not have these: containers that only a running Pod is given, and an end by the clock.
const REFUSED: [&str; 2] = ["ephemeralContainers", "activeDeadlineSeconds"];

/// All fields that a value of a type may have somewhere.
fn fields_within(ty: &str, world: &World, found: &mut BTreeSet<String>) {
    for field in world.types.get(ty).into_iter().flatten() {
        if REFUSED.contains(field) || GATED.contains(field) {
            continue;
        }
        if found.insert(format!("{ty}.{field}"))
            && let Some(inner) = world.fields.get(&(ty.to_owned(), *field))
        {
            fields_within(inner.trim_start_matches(['[', '{']), world, found);
        }
    }
}
