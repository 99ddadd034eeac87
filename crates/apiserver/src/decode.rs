//! Strict decoding against the field table.
//!
//! Models: `encoding/json` as `sigs.k8s.io/json` uses it; `k8s.io/apimachinery`'s strict decoding.

mod golang;

use api::Kind;
use api::schema::Schema;
use apimachinery::base64::Alphabet;
use apimachinery::schema::{Field, FieldType, Shape, TypeId};
use apimachinery::{Quantity, Status, Time};
use serde_json::Value;

use self::golang::{conversion, embedded, go_type, json_kind};

/// Objects nested deeper than this are refused: nothing in the table is nearly as deep.
const DEPTH_MAX: usize = 200;

/// Looks through an object of this kind: drops `null`s and unknown members, returns the unknown ones
/// (`unknown field "spec.foo"`), and refuses wrong types.
pub fn check(kind: Kind, value: &mut Value) -> Result<Vec<String>, Mismatch> {
    let schema = Schema::get();
    let mut walk = Walk { schema, unknown: Vec::new() };
    walk.object(schema.of_kind(kind), value, &Trail::ROOT, 0)?;
    Ok(walk.unknown)
}

/// Checks the metadata alone, as a client does that only passes an object on.
pub fn check_metadata(value: &Value) -> Result<(), Mismatch> {
    let Some(metadata) = value.get("metadata").filter(|metadata| !metadata.is_null()) else { return Ok(()) };
    let schema = Schema::get();
    let trail = Trail::ROOT;
    let trail = trail.to(Step::Member { owner: "metadataOnlyObject", name: "metadata" });
    if !metadata.is_object() {
        let ty = "v1.ObjectMeta";
        let text = format!(
            "json: cannot unmarshal {} into Go struct field metadataOnlyObject.metadata of type {ty}",
            json_kind(metadata)
        );
        return Err(Mismatch::of(text));
    }
    let pod = schema.ty(schema.of_kind(Kind::Pod));
    let Some(FieldType::Object(id)) = pod.field("metadata").map(|field| field.ty) else { return Ok(()) };
    Walk { schema, unknown: Vec::new() }.object(id, &mut metadata.clone(), &trail, 0)
}

/// A value that is of another type than its field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The mistake in the words of the JSON decoder.
    pub json: String,
    /// The mistake in the words of the converter of unstructured objects, which strategic merge patches go
    /// through.
    pub converter: String,
}

impl Mismatch {
    fn of(text: String) -> Self {
        Self { json: text.clone(), converter: text }
    }

    /// The refusal of a body with this mistake.
    pub fn refusal(&self, kind: Kind) -> Status {
        let info = kind.info();
        Status::bad_request(format!(
            "{} in version \"{}\" cannot be handled as a {}: {}",
            info.name, info.version, info.name, self.json
        ))
    }
}

/// The refusal of unknown members.
pub fn strict_error(kind: Kind, unknown: &[String]) -> Status {
    let info = kind.info();
    Status::bad_request(format!(
        "{} in version \"{}\" cannot be handled as a {}: strict decoding error: {}",
        info.name,
        info.version,
        info.name,
        unknown.join(", ")
    ))
}

/// A step from an object to what it holds.
#[derive(Debug, Clone, Copy)]
enum Step<'t> {
    Root,
    /// Of the Go struct `owner`.
    Member {
        owner: &'t str,
        name: &'t str,
    },
    Index(usize),
    Key(&'t str),
}

/// The way to a place. It becomes text only where something is wrong, which is rare.
#[derive(Debug, Clone, Copy)]
struct Trail<'t> {
    above: Option<&'t Trail<'t>>,
    step: Step<'t>,
}

impl<'t> Trail<'t> {
    const ROOT: Trail<'static> = Trail { above: None, step: Step::Root };

    fn to(&'t self, step: Step<'t>) -> Self {
        Trail { above: Some(self), step }
    }

    /// `spec.containers[0].image`.
    fn path(&self) -> String {
        let above = self.above.map(Trail::path).unwrap_or_default();
        match self.step {
            Step::Root => above,
            Step::Member { name, .. } if above.is_empty() => name.to_owned(),
            Step::Member { name, .. } => format!("{above}.{name}"),
            Step::Index(index) => format!("{above}[{index}]"),
            Step::Key(key) => format!("{above}[{key}]"),
        }
    }

    /// `spec.containers.image`: the names alone, as Go's errors print them.
    fn names(&self) -> String {
        let above = self.above.map(Trail::names).unwrap_or_default();
        match self.step {
            Step::Root | Step::Index(_) | Step::Key(_) => above,
            Step::Member { owner, name } => {
                // Members of a Go struct that is embedded in another one stand beside the others'.
                let parts = [
                    Some(above.as_str()).filter(|above| !above.is_empty()),
                    embedded(owner, name),
                    Some(name),
                ];
                parts.into_iter().flatten().collect::<Vec<_>>().join(".")
            }
        }
    }
}

struct Walk<'a> {
    schema: &'a Schema,
    unknown: Vec<String>,
}

impl Walk<'_> {
    fn object(
        &mut self,
        id: TypeId,
        value: &mut Value,
        trail: &Trail<'_>,
        depth: usize,
    ) -> Result<(), Mismatch> {
        if depth > DEPTH_MAX {
            return Err(too_deep());
        }
        let ty = self.schema.ty(id);
        let Value::Object(map) = value else {
            return Err(Mismatch::of(format!(
                "json: cannot unmarshal {} into Go value of type v1.{}",
                json_kind(value),
                ty.go_name()
            )));
        };
        map.retain(|name, member| {
            if ty.field(name).is_none() {
                self.unknown.push(format!(
                    "unknown field \"{}\"",
                    trail.to(Step::Member { owner: ty.go_name(), name }).path()
                ));
                return false;
            }
            !member.is_null()
        });
        for (name, member) in map.iter_mut() {
            let Some(field) = ty.field(name) else { continue };
            let owner = ty.go_name();
            self.field(owner, field, member, &trail.to(Step::Member { owner, name }), depth)?;
        }
        Ok(())
    }

    fn field(
        &mut self,
        owner: &str,
        field: &Field,
        value: &mut Value,
        trail: &Trail<'_>,
        depth: usize,
    ) -> Result<(), Mismatch> {
        match (field.shape, &mut *value) {
            (Shape::One, _) => self.leaf(owner, field, value, trail, depth),
            (Shape::List, Value::Array(items)) => {
                for (at, item) in items.iter_mut().enumerate() {
                    fill(item, field.ty);
                    self.leaf(owner, field, item, &trail.to(Step::Index(at)), depth)?;
                }
                Ok(())
            }
            (Shape::Map, Value::Object(members)) => {
                for (name, member) in members.iter_mut() {
                    fill(member, field.ty);
                    self.leaf(owner, field, member, &trail.to(Step::Key(name)), depth)?;
                }
                Ok(())
            }
            (Shape::List | Shape::Map, other) => Err(wrong(owner, other, trail, field, field.shape)),
        }
    }

    fn leaf(
        &mut self,
        owner: &str,
        field: &Field,
        value: &mut Value,
        trail: &Trail<'_>,
        depth: usize,
    ) -> Result<(), Mismatch> {
        let wrong = |value: &Value| Err(wrong(owner, value, trail, field, Shape::One));
        match (field.ty, &*value) {
            (FieldType::Object(id), Value::Object(_)) => self.object(id, value, trail, depth + 1),
            (FieldType::Object(_), other) => wrong(other),
            (FieldType::Bytes, Value::String(text)) => {
                let bytes = Alphabet::Standard.decode(text);
                bytes.map(drop).map_err(|illegal| Mismatch::of(illegal.to_string()))
            }
            (FieldType::String, Value::String(_))
            | (FieldType::Bool, Value::Bool(_))
            | (FieldType::Double, Value::Number(_)) => Ok(()),
            (FieldType::Raw, any) if is_deeper(any, DEPTH_MAX.saturating_sub(depth)) => Err(too_deep()),
            (FieldType::Raw, _) => Ok(()),
            (FieldType::Int32, Value::Number(n)) if n.as_i64().is_some_and(|n| i32::try_from(n).is_ok()) => {
                Ok(())
            }
            (FieldType::Int64, Value::Number(n)) if n.is_i64() => Ok(()),
            (FieldType::IntOrString, Value::String(_)) => Ok(()),
            (FieldType::IntOrString, Value::Number(n))
                if n.as_i64().is_some_and(|n| i32::try_from(n).is_ok()) =>
            {
                Ok(())
            }
            (FieldType::Quantity, Value::String(_) | Value::Number(_)) => quantity(value),
            (FieldType::Time | FieldType::MicroTime, Value::String(s)) => time(s),
            (FieldType::Quantity, other) => quantity(&mut other.clone()),
            (_, other) => wrong(other),
        }
    }
}

fn wrong(owner: &str, value: &Value, trail: &Trail<'_>, field: &Field, shape: Shape) -> Mismatch {
    let (mut kind, names) = (json_kind(value).to_owned(), trail.names());
    let ty = go_type(Schema::get(), owner, field, shape);
    let is_counted = matches!(field.ty, FieldType::Int32 | FieldType::Int64 | FieldType::IntOrString);
    if shape == Shape::One && is_counted && value.is_number() {
        // A number that does not fit is named.
        kind = format!("number {value}");
    }
    let converter = conversion(value, field, shape, &ty);
    let json = format!("json: cannot unmarshal {kind} into Go struct field {owner}.{names} of type {ty}");
    Mismatch { json, converter }
}

fn too_deep() -> Mismatch {
    Mismatch::of("exceeded max depth".to_owned())
}

/// Whether a value has more than so many levels.
fn is_deeper(value: &Value, levels: usize) -> bool {
    let below = |value: &Value| levels == 0 || is_deeper(value, levels - 1);
    match value {
        Value::Array(items) => items.iter().any(below),
        Value::Object(members) => members.values().any(below),
        _ => false,
    }
}

/// In a list or a map Go reads `null` as the type's zero.
fn fill(value: &mut Value, ty: FieldType) {
    if value.is_null() {
        *value = match ty {
            FieldType::String => "".into(),
            FieldType::Quantity => "0".into(),
            FieldType::Object(_) => Value::Object(serde_json::Map::new()),
            _ => return,
        };
    }
}

/// Writes a quantity in its canonical form.
fn quantity(value: &mut Value) -> Result<(), Mismatch> {
    match Quantity::from_value(value) {
        Some(quantity) => {
            *value = quantity.to_string().into();
            Ok(())
        }
        None => Err(Mismatch::of(apimachinery::quantity::FORMAT_ERROR.to_owned())),
    }
}

fn time(text: &str) -> Result<(), Mismatch> {
    if Time::parse_rfc3339(text).is_some() {
        return Ok(());
    }
    Err(Mismatch::of(Time::parse_error(text)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn wrong_types_are_named_as_go_names_them() {
        let mut value = json!({"spec": {"replicas": "three"}});
        assert_eq!(
            check(Kind::StatefulSet, &mut value).unwrap_err().refusal(Kind::StatefulSet).message,
            "StatefulSet in version \"v1\" cannot be handled as a StatefulSet: json: cannot unmarshal string into Go struct field StatefulSetSpec.spec.replicas of type int32"
        );
    }

    #[test]
    fn unknown_fields_are_collected_with_their_paths() {
        let mut value = json!({"spec": {"foo": 1, "template": {"spec": {"containers": [{"nmae": "x"}]}}}});
        let unknown = check(Kind::StatefulSet, &mut value).unwrap();
        assert_eq!(
            strict_error(Kind::StatefulSet, &unknown).message,
            "StatefulSet in version \"v1\" cannot be handled as a StatefulSet: strict decoding error: unknown field \"spec.foo\", unknown field \"spec.template.spec.containers[0].nmae\""
        );
    }

    #[test]
    fn quantities_become_canonical() {
        let mut value = json!({"spec": {"resources": {"requests": {"storage": "1024Mi"}}}});
        check(Kind::PersistentVolumeClaim, &mut value).unwrap();
        assert_eq!(value, json!({"spec": {"resources": {"requests": {"storage": "1Gi"}}}}));
    }

    /// Patches add to what is there, so that a limit on a request's depth alone would not hold.
    #[test]
    fn what_has_no_schema_has_a_depth() {
        let nested = |depth: usize| (0..depth).fold(json!(1), |inner, _| json!({ "a": inner }));
        let check = |depth| check(Kind::ControllerRevision, &mut json!({"data": nested(depth)}));
        assert_eq!(check(100), Ok(Vec::new()));
        assert_eq!(check(300).unwrap_err().json, "exceeded max depth");
    }
}
