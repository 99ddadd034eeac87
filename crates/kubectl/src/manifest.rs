//! Manifests of `-f`: reads documents as objects, with what kubectl says of those that are not.
//!
//! Models: `k8s.io/cli-runtime/pkg/resource` (`StreamVisitor`, `mapper.go`), `k8s.io/kubectl/pkg/validation`.

use api::{Key, Kind};
use apimachinery::labels::Selector;
use apimachinery::value::ValueExt;
use apimachinery::{jsonsyntax, yaml};
use serde_json::Value;

use crate::Invocation;
use crate::command::Output;
use crate::errors::{self, Failure};
use crate::world::World;

/// One object of a manifest.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// The key of the object.
    pub key: Key,
    /// The object as it is written.
    pub value: Value,
    /// Where it was written: a path, or [`STDIN`].
    pub source: String,
}

/// What kubectl calls standard input.
pub const STDIN: &str = "STDIN";

/// What `-f` gave: objects, and what was not an object. A text may hold both.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Manifest {
    /// In order.
    pub resources: Vec<Resource>,
    /// In order.
    pub failures: Vec<Failure>,
}

impl Resource {
    /// `error when creating "web.yaml": `.
    pub fn context(&self, doing: &str) -> String {
        format!("error when {doing} \"{}\": ", self.source)
    }
}

/// Reads what all `-f` of a command line name; the error is what kubectl says instead of going on.
pub fn read(call: &Invocation, world: &dyn World) -> Result<Manifest, String> {
    if call.args.value("kustomize").is_some() {
        return Err(errors::line("kustomizations are not built here; use -f"));
    }
    let paths = call.args.values("filename");
    if paths.is_empty() {
        return Err(errors::line("must specify one of -f and -k"));
    }
    let mut manifest = Manifest::default();
    for path in paths {
        let (text, source) = text_of(call, path, world)?;
        Reader { call, source: &source, manifest: &mut manifest }.read(&text);
    }
    if let Some(selector) = call.args.value("selector") {
        let selector = Selector::parse(selector).map_err(|problem| errors::line(&problem))?;
        manifest.resources.retain(|resource| {
            let labels = resource.value.map_at(&["metadata", "labels"]).into_iter().flatten();
            let labels = labels.filter_map(|(k, v)| Some((k.clone(), v.as_str()?.to_owned())));
            selector.matches(&labels.collect())
        });
    }
    Ok(manifest)
}

/// [`read`] for a command that says what is wrong at once and ends: `None` if it must.
pub fn read_or_say(call: &Invocation, world: &dyn World, out: &mut Output) -> Option<Manifest> {
    read(call, world).map_err(|message| out.stderr.push_str(&message)).ok()
}

/// The text that a path means, and what it is called in errors.
fn text_of(call: &Invocation, path: &str, world: &dyn World) -> Result<(String, String), String> {
    if path == "-" {
        return Ok((call.stdin.clone().unwrap_or_default(), STDIN.to_owned()));
    }
    // A text handed over with the command stands for a file that the world does not have.
    match world.file(path).or_else(|| call.stdin.clone()) {
        Some(text) => Ok((text, path.to_owned())),
        None => Err(errors::line(&format!("the path \"{path}\" does not exist"))),
    }
}

struct Reader<'a> {
    call: &'a Invocation,
    source: &'a str,
    manifest: &'a mut Manifest,
}

impl Reader<'_> {
    /// Reads the documents of a text. One that cannot be read ends the text; one of an unknown kind is only
    /// left out.
    fn read(&mut self, text: &str) {
        let source = self.source;
        // What begins as JSON is read as JSON.
        if text.trim_start().starts_with('{') && jsonsyntax::ends_early(text) {
            self.fail(format!("error parsing {source}: unexpected EOF"));
            return;
        }
        for document in yaml::read(text, &yaml::Limits::default()) {
            let value = match document.to_value() {
                Ok(Some(value)) => value,
                Ok(None) => continue,
                Err(problem) => {
                    let said = &problem.message;
                    self.fail(format!("error parsing {source}: error converting YAML to JSON: {said}"));
                    return;
                }
            };
            if self.validates()
                && let Err(problem) = validate(&value)
            {
                self.fail(format!(
                    "error validating \"{source}\": error validating data: {problem}; if you choose to ignore these errors, turn validation off with --validate=false"
                ));
                return;
            }
            self.add(value);
        }
    }

    fn validates(&self) -> bool {
        !matches!(self.call.args.value("validate"), Some("false" | "ignore"))
    }

    fn fail(&mut self, text: String) {
        self.manifest.failures.push(Failure::Plain(text));
    }

    fn add(&mut self, value: Value) {
        if value.str_at(&["kind"]).ends_with("List") && value.get("items").is_some_and(Value::is_array) {
            for item in value.list_at(&["items"]) {
                self.add(item.clone());
            }
            return;
        }
        match resource(self.call, value, self.source) {
            Ok(resource) => self.manifest.resources.push(resource),
            Err(text) => self.fail(text),
        }
    }
}

/// Checks what must be there before anything else is looked at: version, kind and the like.
pub fn validate(value: &Value) -> Result<(), String> {
    let Some(map) = value.as_object() else { return Err("invalid object to validate".to_owned()) };
    let mut problems = Vec::new();
    for member in ["apiVersion", "kind"] {
        match map.get(member) {
            None | Some(Value::Null) => problems.push(format!("{member} not set")),
            Some(Value::String(_)) => {}
            Some(_) => problems.push(format!("{member} isn't string type")),
        }
    }
    let version = value.str_at(&["apiVersion"]);
    if version.matches('/').count() > 1 {
        problems.push(format!("unexpected GroupVersion string: {version}"));
    }
    if problems.is_empty() && value.str_at(&["kind"]) == "List" && value.str_at(&["apiVersion"]) == "v1" {
        problems.extend(value.list_at(&["items"]).iter().filter_map(|item| validate(item).err()));
    }
    match problems.as_slice() {
        [] => Ok(()),
        [one] => Err(one.clone()),
        many => Err(format!("[{}]", many.join(", "))),
    }
}

/// What is said of a kind that the server does not know.
pub fn unknown_kind(name: &str, namespace: &str, source: &str, version: &str, kind: &str) -> String {
    format!(
        "resource mapping not found for name: \"{name}\" namespace: \"{namespace}\" from \"{source}\": no matches for kind \"{kind}\" in version \"{version}\"\nensure CRDs are installed first"
    )
}

fn resource(call: &Invocation, value: Value, source: &str) -> Result<Resource, String> {
    let (version, kind) = (value.str_at(&["apiVersion"]), value.str_at(&["kind"]));
    let name = value.str_at(&["metadata", "name"]);
    let given = value.str_at(&["metadata", "namespace"]);
    if kind.is_empty() {
        let shown = apimachinery::gojson::compact(&value);
        return Err(format!("unable to decode \"{source}\": Object 'Kind' is missing in '{shown}'"));
    }
    if let Err(problem) = apiserver::decode::check_metadata(&value) {
        return Err(format!("unable to decode \"{source}\": {}", problem.json));
    }
    let Some(kind) = Kind::from_manifest(version, kind) else {
        return Err(unknown_kind(name, given, source, version, kind));
    };
    if let Some(wanted) = call.args.value("namespace")
        && !given.is_empty()
        && given != wanted
        && kind.info().namespaced
    {
        return Err(format!(
            "the namespace from the provided object \"{given}\" does not match the namespace \"{wanted}\". You must pass '--namespace={given}' to perform this operation."
        ));
    }
    let namespace = if given.is_empty() { &call.namespace } else { given };
    let key = Key::new(kind, namespace, name);
    Ok(Resource { key, value, source: source.to_owned() })
}
