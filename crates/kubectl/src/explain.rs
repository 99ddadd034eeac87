//! `kubectl explain`.
//!
//! Models: `k8s.io/kubectl/pkg/explain/v2` (the template `plaintext`).
//! Differs: there are no descriptions. Of the types without objects here, `foreign_fields.txt` has the fields;
//! it was written from the API's published OpenAPI document, as the table of the others.

use std::sync::OnceLock;

use api::Kind;
use api::schema::Schema;
use apimachinery::schema::{Field, FieldType, Shape, TypeId};

use crate::Invocation;
use crate::command::{Command, Output, failed, once};
use crate::errors;
use crate::foreign::{self, Type};

const NO_TYPE: &str = "error: You must specify the type of resource to explain. Use \"kubectl api-resources\" for a complete list of supported resources.\n";
/// How many allowed values of a field a list of fields shows at most.
const VALUES_MAX: usize = 4;

/// The fields of all types, those of [`crate::foreign`] among them.
fn schema() -> &'static Schema {
    static ALL: OnceLock<Schema> = OnceLock::new();
    ALL.get_or_init(|| Schema::with(include_str!("foreign_fields.txt")))
}

/// A type of objects.
#[derive(Debug, Clone, Copy)]
struct Root {
    group: &'static str,
    version: &'static str,
    kind: &'static str,
    plural: &'static str,
}

impl Root {
    fn of_kind(kind: Kind) -> Self {
        let info = kind.info();
        Self { group: info.group, version: info.version, kind: info.name, plural: info.plural }
    }

    fn of_type(ty: Type) -> Self {
        Self { group: ty.group, version: ty.version, kind: ty.kind, plural: ty.plural }
    }

    /// The type that a word of the command line names.
    fn named(word: &str) -> Option<Self> {
        Kind::from_resource(word).map(Self::of_kind).or_else(|| foreign::find(word).map(Self::of_type))
    }

    /// This resource in another group or version; `None` if it is not there.
    fn at(self, api_version: &str) -> Option<Self> {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        if (group, version, self.plural) == ("autoscaling", "v1", "horizontalpodautoscalers") {
            return Some(Self { version: "v1", ..self });
        }
        let all = foreign::all().into_iter().map(Self::of_type);
        all.into_iter().find(|root| (root.group, root.version, root.plural) == (group, version, self.plural))
    }

    /// Its name in the table of fields.
    fn id(self) -> Option<TypeId> {
        let group = if self.group.is_empty() { "core" } else { self.group.split('.').next().unwrap_or("") };
        schema().find(&format!("{group}.{}.{}", self.version, self.kind))
    }
}

/// Begins the verb.
pub fn start(call: Invocation) -> Box<dyn Command> {
    let depth = call.args.number("max-depth").unwrap_or(0);
    if let Some(other) =
        call.args.value("output").filter(|o| !matches!(*o, "" | "plaintext" | "plaintext-openapiv2"))
    {
        return failed(errors::line(&format!("unrecognized format: {other}")), 1);
    }
    let recursive = call.args.is_on("recursive");
    let [path] = call.args.positional.as_slice() else {
        let text = if call.args.positional.is_empty() {
            NO_TYPE.to_owned()
        } else {
            errors::line("We accept only this format: explain RESOURCE")
        };
        return failed(text, 1);
    };
    if depth > 0 && !recursive {
        return failed(errors::line("--max-depth requires --recursive"), 1);
    }
    if depth < 0 {
        return failed(errors::line("--max-depth must be non-negative"), 1);
    }
    let depth = if recursive { usize::try_from(depth).unwrap_or(0) } else { 1 };
    let is_old = call.args.value("output") == Some("plaintext-openapiv2");
    let printer = Printer { schema: schema(), recursive, depth, is_old };
    let path = path.trim_end_matches('.').to_owned();
    let version = call.args.value("api-version").unwrap_or("").to_owned();
    once(move |_, out| {
        let Some((root, fields)) = split(&path) else {
            let word = path.split('.').next().unwrap_or(&path);
            out.complain(&match word {
                "" if path.is_empty() => "error: a resource must be present, got: /, Resource=".to_owned(),
                "" => "error: invalid jsonpath syntax, first node must be field node".to_owned(),
                word => format!("the server doesn't have a resource type \"{word}\""),
            });
            return 1;
        };
        if fields.iter().any(|field| field.is_empty() || field.contains('[')) {
            out.complain("error: invalid jsonpath syntax, first node must be field node");
            return 1;
        }
        let wanted = if version.is_empty() { Some(root) } else { root.at(&version) };
        let Some(root) = wanted else {
            let slash = if version.contains('/') { "" } else { "/" };
            let plural = root.plural;
            out.complain(&format!(
                "error: couldn't find resource for \"{slash}{version}, Resource={plural}\""
            ));
            return 1;
        };
        printer.explain(root, &fields, out)
    })
}

/// The type that the longest part of a path names, and the fields after it.
fn split(path: &str) -> Option<(Root, Vec<&str>)> {
    let words: Vec<&str> = path.split('.').collect();
    (1..=words.len()).rev().find_map(|end| {
        let (head, tail) = words.split_at(end);
        Some((Root::named(&head.join("."))?, tail.to_vec()))
    })
}

/// The names of the fields below a path, for Tab.
pub fn fields_below(path: &str) -> Vec<&'static str> {
    let Some((root, fields)) = split(path) else { return Vec::new() };
    let schema = schema();
    let mut here = root.id();
    for name in fields {
        here = here.and_then(|id| schema.ty(id).field(name)).and_then(object_of);
    }
    here.map(|id| schema.ty(id).fields.iter().map(|field| field.name).collect()).unwrap_or_default()
}

#[derive(Clone)]
struct Printer {
    schema: &'static Schema,
    recursive: bool,
    /// How many levels of fields are shown; 0 means all.
    depth: usize,
    /// `-o plaintext-openapiv2`: as kubectl did it before v1.27.
    is_old: bool,
}

impl Printer {
    fn explain(&self, root: Root, fields: &[&str], out: &mut Output) -> i32 {
        if self.is_old {
            return self.explain_as_before(root, fields, out);
        }
        if !root.group.is_empty() {
            out.say(&format!("GROUP:      {}", root.group));
        }
        out.say(&format!("KIND:       {}\nVERSION:    {}\n", root.kind, root.version));
        let mut here = root.id();
        let mut last = None;
        for name in fields {
            let Some(field) = here.and_then(|id| self.schema.ty(id).field(name)) else {
                out.complain(&format!("error: field \"{}\" does not exist", fields.last().unwrap_or(name)));
                return 1;
            };
            here = object_of(field);
            last = Some(field);
        }
        if let Some(field) = last {
            out.say(&format!("FIELD: {} <{}>", field.name, self.type_name(field)));
            if !field.allowed.is_empty() {
                out.say("ENUM:");
                field.allowed.iter().for_each(|value| out.say(&format!("    {value}")));
            }
            out.say("");
        }
        if let Some(id) = here {
            out.say("FIELDS:");
            self.fields(id, 1, &mut Vec::new(), out);
            out.say("");
        }
        0
    }

    /// The older form: types of objects have no names.
    fn explain_as_before(&self, root: Root, fields: &[&str], out: &mut Output) -> i32 {
        let slash = if root.group.is_empty() { "" } else { "/" };
        let (group, version) = (root.group, root.version);
        let head = format!("KIND:     {}\nVERSION:  {group}{slash}{version}\n", root.kind);
        let (mut here, mut last) = (root.id(), None);
        for name in fields {
            let Some(field) = here.and_then(|id| self.schema.ty(id).field(name)) else {
                out.complain(&format!("error: field \"{name}\" does not exist"));
                return 1;
            };
            (here, last) = (object_of(field), Some(field));
        }
        out.say(&head);
        if let Some(field) = last {
            let what = if here.is_some() { "RESOURCE:" } else { "FIELD:   " };
            out.say(&format!("{what} {} <{}>\n", field.name, self.old_type_name(field)));
        }
        let Some(id) = here else { return 0 };
        out.say("FIELDS:");
        for field in &self.schema.ty(id).fields {
            let required = if field.required { " -required-" } else { "" };
            out.say(&format!("   {}\t<{}>{required}\n", field.name, self.old_type_name(field)));
        }
        0
    }

    fn old_type_name(&self, field: &Field) -> String {
        match (object_of(field), field.shape) {
            (Some(_), Shape::One) => "Object".to_owned(),
            (Some(_), Shape::List) => "[]Object".to_owned(),
            (Some(_), Shape::Map) => "map[string]Object".to_owned(),
            (None, _) => self.type_name(field).replace("Quantity", "string").replace("IntOrString", "string"),
        }
    }

    fn fields(&self, id: TypeId, level: usize, above: &mut Vec<TypeId>, out: &mut Output) {
        // A type within itself is not shown again.
        if above.contains(&id) {
            return;
        }
        above.push(id);
        let indent = "  ".repeat(level);
        for field in &self.schema.ty(id).fields {
            let required = if field.required { " -required-" } else { "" };
            out.say(&format!("{indent}{}\t<{}>{required}", field.name, self.type_name(field)));
            if !field.allowed.is_empty() {
                let shown: Vec<&str> = field.allowed.iter().take(VALUES_MAX).copied().collect();
                let more = if field.allowed.len() > VALUES_MAX { ", ...." } else { "" };
                out.say(&format!("{indent}enum: {}{more}", shown.join(", ")));
            }
            if self.recursive
                && (self.depth == 0 || level < self.depth)
                && let Some(inner) = object_of(field)
            {
                self.fields(inner, level + 1, above, out);
            }
        }
        above.pop();
    }

    fn type_name(&self, field: &Field) -> String {
        let inner = match field.ty {
            FieldType::String | FieldType::Bytes | FieldType::Time | FieldType::MicroTime => "string",
            FieldType::Bool => "boolean",
            FieldType::Int32 | FieldType::Int64 => "integer",
            FieldType::Double => "number",
            FieldType::Quantity => "Quantity",
            FieldType::IntOrString => "IntOrString",
            FieldType::Raw if field.name == "fieldsV1" => "FieldsV1",
            FieldType::Raw => "RawExtension",
            FieldType::Object(id) => self.schema.ty(id).go_name(),
        };
        match field.shape {
            Shape::One => inner.to_owned(),
            Shape::List => format!("[]{inner}"),
            Shape::Map => format!("map[string]{inner}"),
        }
    }
}

fn object_of(field: &Field) -> Option<TypeId> {
    match field.ty {
        FieldType::Object(id) => Some(id),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::FakeWorld;

    // From recordings of kubectl v1.36.3, whose descriptions are left out.
    #[test]
    fn fields_and_types() {
        let mut world = FakeWorld::new("2026-11-22T02:11:40Z", "");
        let (code, out, _) = world.run("kubectl explain sts.spec.persistentVolumeClaimRetentionPolicy");
        let head = "GROUP:      apps\nKIND:       StatefulSet\nVERSION:    v1\n\n";
        let field = "FIELD: persistentVolumeClaimRetentionPolicy <StatefulSetPersistentVolumeClaimRetentionPolicy>\n\n";
        assert_eq!(code, 0);
        let lines: Vec<&str> = out.lines().filter(|line| !line.contains("enum:")).collect();
        let wanted = format!("{head}{field}FIELDS:\n  whenDeleted\t<string>\n  whenScaled\t<string>\n\n");
        assert_eq!(lines, wanted.lines().collect::<Vec<_>>());
        let (_, out, _) = world.run("kubectl explain statefulset.spec");
        assert!(out.contains("\n  selector\t<LabelSelector> -required-\n"), "{out}");
        assert!(out.contains("\n  volumeClaimTemplates\t<[]PersistentVolumeClaim>\n"), "{out}");
        let (_, out, _) = world.run("kubectl explain sts --recursive");
        assert!(
            out.contains("\n    managedFields\t<[]ManagedFieldsEntry>\n      apiVersion\t<string>\n"),
            "{out}"
        );
        assert!(out.contains("\n      fieldsV1\t<FieldsV1>\n"), "{out}");
        let (_, out, _) = world.run("kubectl explain controllerrevision");
        assert!(out.contains("  data\t<RawExtension>\n"), "{out}");
    }

    #[test]
    fn what_does_not_exist() {
        let mut world = FakeWorld::new("2026-11-22T02:11:40Z", "");
        let head = "GROUP:      apps\nKIND:       StatefulSet\nVERSION:    v1\n\n".to_owned();
        assert_eq!(
            world.run("kubectl explain sts.nope"),
            (1, head, "error: field \"nope\" does not exist\n".to_owned())
        );
        let nope = "the server doesn't have a resource type \"nope\"\n".to_owned();
        assert_eq!(world.run("kubectl explain nope"), (1, String::new(), nope));
    }
}
