//! Which objects a command line names.
//!
//! Models: `k8s.io/cli-runtime/pkg/resource/builder.go`.

use std::rc::Rc;

use api::{Key, Kind, Object};
use apiserver::{Actor, ListOptions, Request};

use crate::args::Args;
use crate::errors;
use crate::world::World;

/// A request for one kind: by names, or all that the selectors let through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The kind.
    pub kind: Kind,
    /// Names; empty means a list.
    pub names: Vec<String>,
}

/// What a command line names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    /// In order.
    pub asks: Vec<Ask>,
    /// Whether several types were named, so that names carry their type.
    pub several: bool,
}

/// The text for an unknown type.
pub fn unknown_type(word: &str) -> String {
    format!("error: the server doesn't have a resource type \"{word}\"\n")
}

/// Reads `pods web-0`, `pod/web-0 svc/nginx`, `sts,po`, `all`.
pub fn parse(words: &[String]) -> Result<Asked, String> {
    if words.iter().any(|w| w.contains('/')) {
        return by_slashes(words);
    }
    let Some((types, names)) = words.split_first() else { return Ok(Asked::default()) };
    let mut kinds = Vec::new();
    for word in types.split(',').filter(|w| !w.is_empty()) {
        if word == "all" {
            kinds.extend(Kind::ALL.iter().copied().filter(|k| k.info().in_all));
            continue;
        }
        kinds.push(Kind::from_resource(word).ok_or_else(|| unknown_type(word))?);
    }
    let several = kinds.len() > 1;
    let asks = kinds.into_iter().map(|kind| Ask { kind, names: names.to_vec() }).collect();
    Ok(Asked { asks, several })
}

fn by_slashes(words: &[String]) -> Result<Asked, String> {
    let mut asks: Vec<Ask> = Vec::new();
    for word in words {
        let Some((kind, name)) = word.split_once('/') else {
            return Err("error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'\n".to_owned());
        };
        let kind = Kind::from_resource(kind).ok_or_else(|| unknown_type(kind))?;
        asks.push(Ask { kind, names: vec![name.to_owned()] });
    }
    let several = asks.windows(2).any(|pair| matches!(pair, [a, b] if a.kind != b.kind));
    Ok(Asked { asks, several })
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
    /// Of a command line.
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
}

/// Looks the objects up.
pub fn find(asked: &Asked, scope: &Scope, world: &mut dyn World) -> Found {
    let actor = Actor::user();
    let mut found = Found::default();
    for ask in &asked.asks {
        let namespace = if ask.kind.info().namespaced { scope.namespace.as_str() } else { "" };
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
    found
}

/// `statefulset.apps/web`.
pub fn display_name(object: &Object) -> String {
    format!("{}/{}", object.kind.info().qualified_singular(), object.metadata.name)
}
