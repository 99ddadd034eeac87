//! What can be asked of the API server, and what it answers.

use std::fmt;
use std::rc::Rc;

use api::{Key, Kind, Object};
use apimachinery::Status;
use serde_json::Value;

/// Who asks: a person, a controller, a node's kubelet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actor(Rc<str>);

impl Actor {
    /// The person at the page, with kubectl or the Apply button.
    pub fn user() -> Self {
        Self("admin".into())
    }

    /// A component by the name that its events carry: `statefulset-controller`.
    pub fn component(name: &str) -> Self {
        Self(name.into())
    }

    /// The kubelet of a node.
    pub fn kubelet(node: &str) -> Self {
        Self(format!("kubelet/{node}").into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a person asks.
    pub fn is_user(&self) -> bool {
        &*self.0 == "admin"
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The body of a write: text that came from outside is decoded strictly, an object made by a
/// controller is taken as it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// JSON of unknown quality.
    Untyped(Value),
    /// An object.
    Object(Object),
}

/// What unknown or duplicate fields do: `?fieldValidation=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FieldValidation {
    /// Dropped silently.
    Ignore,
    /// Dropped with a warning.
    #[default]
    Warn,
    /// Refused; what kubectl asks for where it sends manifests.
    Strict,
}

/// Options of create, update and patch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WriteOptions {
    /// Do everything but store the result.
    pub dry_run: bool,
    /// Who owns the fields written; empty means "derived from the actor".
    pub field_manager: String,
    /// Server-side apply: take fields over from others.
    pub force: bool,
    /// What unknown fields do.
    pub field_validation: FieldValidation,
}

/// A part of an object with rules of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord)]
pub enum Subresource {
    /// The object itself.
    #[default]
    None,
    /// `/status`.
    Status,
    /// `/scale`: an `autoscaling/v1` Scale stands for the object.
    Scale,
    /// `/resize` of a Pod.
    Resize,
    /// `/ephemeralcontainers` of a Pod.
    EphemeralContainers,
    /// `/finalize` of a Namespace: its controller says that it is empty.
    Finalize,
}

impl Subresource {
    /// The word in the path; empty for the object itself.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Status => "status",
            Self::Scale => "scale",
            Self::Resize => "resize",
            Self::EphemeralContainers => "ephemeralcontainers",
            Self::Finalize => "finalize",
        }
    }
}

/// A patch, by content type.
#[derive(Debug, Clone, PartialEq)]
pub enum Patch {
    /// `application/json-patch+json`: a list of operations.
    Json(Value),
    /// `application/merge-patch+json`.
    Merge(Value),
    /// `application/strategic-merge-patch+json`.
    StrategicMerge(Value),
    /// `application/apply-patch+yaml`: server-side apply.
    Apply(Value),
}

/// What becomes of dependents: `propagationPolicy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Propagation {
    /// The garbage collector deletes them afterwards.
    Background,
    /// They go first; the object waits with the finalizer `foregroundDeletion`.
    Foreground,
    /// They stay and lose the owner reference; finalizer `orphan`.
    Orphan,
}

/// Options of a deletion.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeleteOptions {
    /// Overrides the Pod's own grace period; 0 deletes at once.
    pub grace_period_seconds: Option<i64>,
    /// `None` means the kind's default.
    pub propagation: Option<Propagation>,
    /// Only if the object has this UID.
    pub uid: Option<String>,
    /// Only if the object has this resourceVersion.
    pub resource_version: Option<u64>,
    /// Do everything but store the result.
    pub dry_run: bool,
}

/// What to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListOptions {
    /// `?labelSelector=`, as text.
    pub label_selector: String,
    /// `?fieldSelector=`, as text.
    pub field_selector: String,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Verb {
    /// Read one object (or its subresource).
    Get(Subresource),
    /// Read many; the request's key has an empty name, and an empty namespace for all.
    List(ListOptions),
    /// Make one; the request's key may lack a name if the body has `generateName`.
    Create(Body, WriteOptions),
    /// Replace one.
    Update(Body, Subresource, WriteOptions),
    /// Change one; `Apply` makes it if it is missing.
    Patch(Patch, Subresource, WriteOptions),
    /// Delete one.
    Delete(DeleteOptions),
    /// Ask to delete a Pod, if its disruption budget allows: `policy/v1` Eviction.
    Evict(DeleteOptions),
    /// Put a Pod on a node: `v1` Binding.
    Bind {
        /// The node's name.
        node: String,
    },
}

impl Verb {
    /// The HTTP-like word that the page shows: `GET`, `POST`, `PATCH`, ….
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Get(_) => "GET",
            Self::List(_) => "LIST",
            Self::Create(..) => "POST",
            Self::Update(..) => "PUT",
            Self::Patch(..) => "PATCH",
            Self::Delete(_) => "DELETE",
            Self::Evict(_) => "EVICT",
            Self::Bind { .. } => "BIND",
        }
    }

    /// Whether nothing can change by it.
    pub const fn is_read(&self) -> bool {
        matches!(self, Self::Get(_) | Self::List(_))
    }
}

/// A request to the API server.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Who asks.
    pub actor: Actor,
    /// The object that is asked about. The caller always fills in the namespace.
    pub key: Key,
    /// What.
    pub verb: Verb,
}

impl Request {
    /// Read one object, live (not from a cache).
    pub fn get(actor: &Actor, key: Key) -> Self {
        Self { actor: actor.clone(), key, verb: Verb::Get(Subresource::None) }
    }

    /// Read the objects of a kind; an empty namespace means all.
    pub fn list(actor: &Actor, kind: Kind, namespace: &str, options: ListOptions) -> Self {
        Self { actor: actor.clone(), key: Key::new(kind, namespace, ""), verb: Verb::List(options) }
    }

    /// Make an object.
    pub fn create(actor: &Actor, object: Object) -> Self {
        let key = object.key();
        let verb = Verb::Create(Body::Object(object), WriteOptions::default());
        Self { actor: actor.clone(), key, verb }
    }

    /// Replace an object; its resourceVersion must be current.
    pub fn update(actor: &Actor, object: Object) -> Self {
        let key = object.key();
        let verb = Verb::Update(Body::Object(object), Subresource::None, WriteOptions::default());
        Self { actor: actor.clone(), key, verb }
    }

    /// Replace an object's status; its resourceVersion must be current.
    pub fn update_status(actor: &Actor, object: Object) -> Self {
        let key = object.key();
        let verb = Verb::Update(Body::Object(object), Subresource::Status, WriteOptions::default());
        Self { actor: actor.clone(), key, verb }
    }

    /// Change an object.
    pub fn patch(actor: &Actor, key: Key, patch: Patch, subresource: Subresource) -> Self {
        let verb = Verb::Patch(patch, subresource, WriteOptions::default());
        Self { actor: actor.clone(), key, verb }
    }

    /// Delete an object.
    pub fn delete(actor: &Actor, key: Key, options: DeleteOptions) -> Self {
        Self { actor: actor.clone(), key, verb: Verb::Delete(options) }
    }
}

/// The answer to a request that was granted.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// The object, the list, or the bare success.
    pub body: ResponseBody,
    /// `Warning:` headers.
    pub warnings: Vec<String>,
}

/// The body of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum ResponseBody {
    /// One object as stored.
    Object(Rc<Object>),
    /// A Scale (`autoscaling/v1`), which is no stored kind.
    Scale(Value),
    /// Objects in the order of their keys, and the store's revision at that moment.
    List(Vec<Rc<Object>>, u64),
    /// Success without an object: an immediate deletion.
    Success,
}

impl Response {
    /// An answer with this object and no warnings.
    pub fn object(object: Rc<Object>) -> Self {
        Self { body: ResponseBody::Object(object), warnings: Vec::new() }
    }

    /// The object, if the answer is one.
    pub fn into_object(self) -> Option<Rc<Object>> {
        match self.body {
            ResponseBody::Object(object) => Some(object),
            ResponseBody::Scale(_) | ResponseBody::List(..) | ResponseBody::Success => None,
        }
    }

    /// The objects of a list; empty for any other answer.
    pub fn into_list(self) -> Vec<Rc<Object>> {
        match self.body {
            ResponseBody::List(items, _) => items,
            ResponseBody::Object(_) | ResponseBody::Scale(_) | ResponseBody::Success => Vec::new(),
        }
    }
}

/// What the API server answers.
pub type Answer = Result<Response, Status>;
