//! Which objects a command line names.
//!
//! Models: `k8s.io/cli-runtime/pkg/resource/builder.go`.

use std::rc::Rc;

use api::{Key, Kind, Object};
use apiserver::{Actor, ListOptions, Request};

use crate::Invocation;
use crate::args::Args;
use crate::command::Output;
use crate::errors::{self, Failure};
use crate::foreign;
use crate::manifest;
use crate::world::World;

/// What the server says about Endpoints.
pub const ENDPOINTS_WARNING: &str =
    "Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice";

/// What is said of `ev`, the short name of two types.
pub(crate) const EVENTS_WARNING: &str =
    "Warning: short name \"ev\" could also match lower priority resource events.events.k8s.io";

/// What a command line asks for of one kind: objects by name, or all that the selectors select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The kind.
    pub kind: Kind,
    /// Names; empty means a list.
    pub names: Vec<String>,
    /// The namespace that a manifest gives; otherwise the command line's.
    pub namespace: Option<String>,
    /// The manifest, if the object was named by one.
    pub source: Option<String>,
}

impl Ask {
    /// Objects named on the command line.
    pub fn new(kind: Kind, names: Vec<String>) -> Self {
        Self { kind, names, namespace: None, source: None }
    }
}

/// What a command line names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    /// In order.
    pub asks: Vec<Ask>,
    /// Whether several types were named, so that names carry their type.
    pub several: bool,
    /// Types without objects, with the names that are asked for.
    pub absent: Vec<(foreign::Type, Vec<String>)>,
}

impl Asked {
    /// Whether nothing is named at all.
    pub fn is_empty(&self) -> bool {
        self.asks.is_empty() && self.absent.is_empty()
    }

    /// Whether objects are asked for by their names.
    pub fn has_names(&self) -> bool {
        self.asks.iter().any(|a| !a.names.is_empty())
            || self.absent.iter().any(|(_, names)| !names.is_empty())
    }

    /// Whether a type was given without names.
    pub fn has_lists(&self) -> bool {
        self.asks.iter().any(|a| a.names.is_empty()) || self.absent.iter().any(|(_, names)| names.is_empty())
    }

    fn add(&mut self, word: &str, names: Vec<String>) -> Result<(), String> {
        if let Some(kind) = Kind::from_resource(word) {
            self.asks.push(Ask::new(kind, names));
            return Ok(());
        }
        let found = foreign::find(word).ok_or_else(|| unknown_type(word))?;
        self.absent.push((found, names));
        Ok(())
    }
}

/// What is said where something must be named.
pub const NOTHING_NAMED: &str = "error: You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'\n";

/// The text for an unknown type.
pub fn unknown_type(word: &str) -> String {
    let word = word.split('.').next().unwrap_or(word);
    errors::line(&format!("the server doesn't have a resource type \"{word}\""))
}

/// Reads `pods web-0`, `pod/web-0 svc/nginx`, `sts,po`, `all`.
pub fn parse(words: &[String]) -> Result<Asked, String> {
    if words.iter().any(|w| w.contains('/')) {
        return by_slashes(words);
    }
    let mut asked = Asked::default();
    let Some((types, names)) = words.split_first() else { return Ok(asked) };
    for word in types.split(',') {
        if word == "all" {
            let all = Kind::ALL.iter().filter(|k| k.info().in_all);
            asked.asks.extend(all.map(|kind| Ask::new(*kind, names.to_vec())));
        } else {
            asked.add(word, names.to_vec())?;
        }
    }
    asked.several = asked.asks.len() + asked.absent.len() > 1;
    Ok(asked)
}

fn by_slashes(words: &[String]) -> Result<Asked, String> {
    let mut asked = Asked::default();
    for word in words {
        let Some((kind, name)) = word.split_once('/') else {
            return Err(errors::line(
                "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
            ));
        };
        if name.contains('/') {
            return Err(errors::line("arguments in resource/name form may not have more than one slash"));
        }
        if kind.is_empty() || name.is_empty() {
            return Err(errors::line("arguments in resource/name form must have a single resource and name"));
        }
        asked.add(kind, vec![name.to_owned()])?;
    }
    asked.several = asked.asks.windows(2).any(|pair| matches!(pair, [a, b] if a.kind != b.kind));
    Ok(asked)
}

const WORDS_AND_FILES: &str =
    "when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well";

/// What the words and `-f` of a command name, and what was wrong in the files of `-f`.
pub fn named(
    call: &Invocation,
    words: &[String],
    world: &dyn World,
) -> Result<(Asked, Vec<Failure>), String> {
    let given = |flag: &str| call.args.value(flag).is_some_and(|value| !value.is_empty());
    if given("kustomize") && !words.is_empty() {
        return Err(errors::line(WORDS_AND_FILES));
    }
    if call.args.value("filename").is_none() {
        let asked = parse(words)?;
        if words.iter().skip(1).any(String::is_empty) {
            return Err(errors::line("resource name may not be empty"));
        }
        if asked.has_names() && call.args.is_on("all-namespaces") {
            return Err(errors::line("a resource cannot be retrieved by name across all namespaces"));
        }
        let selects = call.args.value("selector").is_some_and(|s| !s.is_empty());
        if selects && asked.has_names() {
            return Err(errors::line("name cannot be provided when a selector is specified"));
        }
        return Ok((asked, Vec::new()));
    }
    if !words.is_empty() {
        let missing =
            call.args.values("filename").into_iter().find(|path| *path != "-" && world.file(path).is_none());
        return Err(errors::line(&missing.map_or_else(
            || WORDS_AND_FILES.to_owned(),
            |path| format!("the path \"{path}\" does not exist"),
        )));
    }
    let manifest = manifest::read(call, world)?;
    let asks = manifest.resources.into_iter().map(|resource| Ask {
        kind: resource.key.kind,
        names: vec![resource.key.name.to_string()],
        namespace: Some(resource.key.namespace.to_string()),
        source: Some(resource.source),
    });
    let asks: Vec<Ask> = asks.collect();
    let several = asks.windows(2).any(|pair| matches!(pair, [a, b] if a.kind != b.kind));
    Ok((Asked { asks, several, absent: Vec::new() }, manifest.failures))
}

/// Where names are looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// Empty means all.
    pub namespace: String,
    /// Selectors.
    pub options: ListOptions,
}

impl Scope {
    /// Reads the flags of a command line.
    pub fn of(args: &Args, namespace: &str) -> Self {
        let all = args.is_on("all-namespaces");
        Self {
            namespace: if all { String::new() } else { namespace.to_owned() },
            options: ListOptions {
                label_selector: args.value("selector").unwrap_or("").to_owned(),
                field_selector: args.value("field-selector").unwrap_or("").to_owned(),
            },
        }
    }

    /// The namespace in which the objects of an ask are.
    pub fn of_ask<'a>(&'a self, ask: &'a Ask) -> &'a str {
        if ask.kind.info().namespaced { ask.namespace.as_deref().unwrap_or(&self.namespace) } else { "" }
    }
}

/// Objects found, and what could not be found, as kubectl prints it.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The objects, by ask.
    pub groups: Vec<(Kind, Vec<Rc<Object>>)>,
    /// Error texts.
    pub errors: Vec<String>,
}

impl Found {
    /// All objects, in order.
    pub fn all(&self) -> impl Iterator<Item = &Rc<Object>> {
        self.groups.iter().flat_map(|(_, objects)| objects)
    }

    /// Forgets that objects were not there.
    pub fn ignore_missing(&mut self) {
        self.errors.retain(|error| !error.starts_with("Error from server (NotFound)"));
    }
}

/// Looks the objects up.
pub fn find(asked: &Asked, scope: &Scope, world: &mut dyn World) -> Found {
    let actor = Actor::user();
    let mut found = Found::default();
    for ask in &asked.asks {
        let namespace = scope.of_ask(ask);
        let mut objects = Vec::new();
        if ask.names.is_empty() {
            match world.request(Request::list(&actor, ask.kind, namespace, scope.options.clone())) {
                Ok(answer) => objects = answer.into_list(),
                Err(status) => found.errors.push(errors::text(&status)),
            }
        }
        for name in &ask.names {
            let key = Key::new(ask.kind, namespace, name.as_str());
            match world.request(Request::get(&actor, key)) {
                Ok(answer) => objects.extend(answer.into_object()),
                Err(status) => found.errors.push(errors::text(&status)),
            }
        }
        found.groups.push((ask.kind, objects));
    }
    for (kind, names) in &asked.absent {
        if names.is_empty() && kind.verbs() == "create" {
            let text = "the server does not allow this method on the requested resource";
            found.errors.push(format!("Error from server (MethodNotAllowed): {text}\n"));
        }
        found.errors.extend(names.iter().map(|name| errors::text(&kind.not_found(name))));
    }
    found
}

/// What is done to an object.
pub type OnEach<'a> = &'a mut dyn FnMut(&Rc<Object>, &mut dyn World, &mut Output) -> Result<(), Failure>;

/// Does something to every object of the files, as it stands there (`--local`); returns the exit code.
fn each_of_file(call: &Invocation, world: &mut dyn World, out: &mut Output, act: OnEach<'_>) -> i32 {
    let Some(manifest) = manifest::read_or_say(call, world, out) else { return 1 };
    let mut failures = manifest.failures;
    for resource in manifest.resources {
        let object = Rc::new(Object::from_value(resource.key.kind, resource.value));
        failures.extend(act(&object, world, out).err());
    }
    errors::say(&failures, out)
}

/// Does something to every object that a command names; returns the exit code. `none` is said if no object
/// was found and nothing else was wrong.
pub fn each(
    call: &Invocation,
    words: &[String],
    none: &str,
    world: &mut dyn World,
    out: &mut Output,
    act: OnEach<'_>,
) -> i32 {
    if call.args.is_on("local") && call.args.value("filename").is_some() {
        return each_of_file(call, world, out, act);
    }
    let (asked, mut failures) = match named(call, words, world) {
        Ok(named) => named,
        Err(message) => {
            out.stderr.push_str(&message);
            return 1;
        }
    };
    if asked.is_empty() && failures.is_empty() {
        out.stderr.push_str(NOTHING_NAMED);
        return 1;
    }
    let selects = |flag: &str| call.args.value(flag).is_some_and(|value| !value.is_empty());
    if asked.has_lists() && !selects("selector") && !selects("field-selector") && !call.args.is_on("all") {
        out.complain("error: resource(s) were provided, but no name was specified");
        return 1;
    }
    let found = find(&asked, &Scope::of(&call.args, &call.namespace), world);
    for object in found.all() {
        if let Err(failure) = act(object, world, out) {
            failures.push(failure);
        }
    }
    failures.extend(found.errors.iter().cloned().map(Failure::Text));
    if failures.is_empty() && found.all().next().is_none() && !none.is_empty() {
        out.stderr.push_str(none);
        return 1;
    }
    errors::say(&failures, out)
}

/// `statefulset.apps/web`.
pub fn display_name(object: &Object) -> String {
    format!("{}/{}", object.kind.info().qualified_singular(), object.metadata.name)
}
