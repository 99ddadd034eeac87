//! What Go calls types, values and embedded structs: its decoder's errors name them.

use api::schema::Schema;
use apimachinery::schema::{Field, FieldType, Shape};
use serde_json::Value;

/// What JSON calls a value, as Go's errors do.
pub(super) fn json_kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The Go kind that a decoded JSON value has.
fn go_kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "invalid",
        Value::Bool(_) => "bool",
        Value::Number(n) if n.is_i64() => "int64",
        Value::Number(_) => "float64",
        Value::String(_) => "string",
        Value::Array(_) => "slice",
        Value::Object(_) => "map",
    }
}

/// What the converter of unstructured objects says of a value of another type. Go could convert between
/// numbers, and from an integer to a string, but the converter does not.
pub(super) fn conversion(value: &Value, field: &Field, shape: Shape, go_type: &str) -> String {
    let kind = go_kind(value);
    match (shape, field.ty) {
        (Shape::List, _) | (Shape::One, FieldType::Bytes) => format!("cannot restore slice from {kind}"),
        (Shape::Map, _) => format!("cannot restore map from {kind}"),
        (Shape::One, FieldType::Object(_)) => format!("cannot restore struct from: {kind}"),
        (Shape::One, FieldType::Int32 | FieldType::Int64 | FieldType::Double) if value.is_number() => {
            format!("cannot convert {kind} to {go_type}")
        }
        (Shape::One, FieldType::String) if value.is_i64() => format!("cannot convert {kind} to {go_type}"),
        (Shape::One, FieldType::String) => "unrecognized type: string".to_owned(),
        (Shape::One, _) => format!("unrecognized type: {go_type}"),
    }
}

/// Strings that have a type of their own in Go: owner, field, type.
const NAMED: &str = "\
StatefulSetUpdateStrategy type v1.StatefulSetUpdateStrategyType
StatefulSetSpec podManagementPolicy v1.PodManagementPolicyType
StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted v1.PersistentVolumeClaimRetentionPolicyType
StatefulSetPersistentVolumeClaimRetentionPolicy whenScaled v1.PersistentVolumeClaimRetentionPolicyType
PersistentVolumeClaimSpec accessModes v1.PersistentVolumeAccessMode
PersistentVolumeClaimSpec volumeMode v1.PersistentVolumeMode
PodSpec restartPolicy v1.RestartPolicy
PodSpec dnsPolicy v1.DNSPolicy
Container imagePullPolicy v1.PullPolicy
Container terminationMessagePolicy v1.TerminationMessagePolicy
ContainerPort protocol v1.Protocol
ServicePort protocol v1.Protocol
ServiceSpec type v1.ServiceType
ServiceSpec sessionAffinity v1.ServiceAffinity
Toleration operator v1.TolerationOperator
Toleration effect v1.TaintEffect
LabelSelectorRequirement operator v1.LabelSelectorOperator
NodeSelectorRequirement operator v1.NodeSelectorOperator
Capabilities add v1.Capability
Capabilities drop v1.Capability
OwnerReference uid types.UID
ObjectMeta uid types.UID
";

/// Go structs that are embedded in others: owner, embedded struct, its members; after a `!` the owner's own.
const EMBEDDED: &str = "\
Probe ProbeHandler exec httpGet tcpSocket grpc
EphemeralContainer EphemeralContainerCommon ! targetContainerName
Volume VolumeSource ! name
PersistentVolumeSpec PersistentVolumeSource ! capacity accessModes claimRef persistentVolumeReclaimPolicy storageClassName mountOptions volumeMode nodeAffinity volumeAttributesClassName
ConfigMapVolumeSource LocalObjectReference name
ConfigMapProjection LocalObjectReference name
SecretProjection LocalObjectReference name
ConfigMapKeySelector LocalObjectReference name
SecretKeySelector LocalObjectReference name
ConfigMapEnvSource LocalObjectReference name
SecretEnvSource LocalObjectReference name
";

/// The embedded struct that a member belongs to.
pub(super) fn embedded(owner: &str, member: &str) -> Option<&'static str> {
    let rest = EMBEDDED.lines().find_map(|line| line.strip_prefix(owner)?.strip_prefix(' '))?;
    let (name, members) = rest.split_once(' ')?;
    let inside = match members.strip_prefix("! ") {
        Some(own) => own.split(' ').all(|own| own != member),
        None => members.split(' ').any(|one| one == member),
    };
    inside.then_some(name)
}

fn named(owner: &str, field: &str) -> &'static str {
    let found =
        NAMED.lines().find_map(|line| line.strip_prefix(owner)?.strip_prefix(' ')?.strip_prefix(field));
    found.and_then(|rest| rest.strip_prefix(' ')).unwrap_or("string")
}

/// The Go type of a field, as Go's errors name it.
pub(super) fn go_type(schema: &Schema, owner: &str, field: &Field, shape: Shape) -> String {
    let inner = match field.ty {
        FieldType::String => named(owner, field.name).to_owned(),
        FieldType::Bool => "bool".to_owned(),
        FieldType::Int32 => "int32".to_owned(),
        FieldType::Int64 => "int64".to_owned(),
        FieldType::Double => "float64".to_owned(),
        FieldType::Bytes => "[]uint8".to_owned(),
        FieldType::Quantity => "resource.Quantity".to_owned(),
        // It reads everything that is no string as a number.
        FieldType::IntOrString => "int32".to_owned(),
        FieldType::Time => "v1.Time".to_owned(),
        FieldType::MicroTime => "v1.MicroTime".to_owned(),
        FieldType::Raw => "map[string]interface {}".to_owned(),
        FieldType::Object(id) => format!("v1.{}", schema.ty(id).go_name()),
    };
    match shape {
        Shape::One => inner,
        Shape::List => format!("[]{inner}"),
        Shape::Map => format!("map[string]{inner}"),
    }
}
