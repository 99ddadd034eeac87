//! The one door: a request comes in, an answer goes out.
//!
//! Models: `k8s.io/apiserver/pkg/registry/generic/registry/store.go`,
//! `pkg/registry/rest/{create,update}.go`.
//! Differs: authentication and authorisation are not modelled (everything is allowed, as in the
//! recorded clusters).

use std::rc::Rc;

use api::{Key, Kind, Object};
use apimachinery::field::quote_go;
use apimachinery::{ErrorList, Reason, Rng, Status, Time, names};
use serde_json::Value;

use crate::admission;
use crate::decode;
use crate::etcd::Store;
use crate::list;
use crate::managedfields::{self, Writer};
use crate::meta::{check_preconditions, is_held, keep_server_fields, stamp_new};
use crate::registry::{self, Context};
use crate::request::{
    Answer, Body, FieldValidation, Request, Response, ResponseBody, Subresource, Verb, WriteOptions,
};
use crate::scale;

/// The API server with its storage.
#[derive(Debug, Clone)]
pub struct ApiServer {
    pub(crate) store: Store,
    pub(crate) rng: Rng,
    names: Rng,
}

/// What is fixed about one write.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stamp {
    pub(crate) now: Time,
    pub(crate) cause: u64,
}

impl ApiServer {
    /// An empty one; `seed` fixes UIDs, generated names and allocated addresses.
    pub fn new(seed: u64, _now: Time) -> Self {
        Self {
            store: Store::default(),
            rng: Rng::stream(seed, "uid"),
            names: Rng::stream(seed, "generateName"),
        }
    }

    /// What is stored.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What is stored, to compact it.
    pub fn store_mut(&mut self) -> &mut Store {
        &mut self.store
    }

    /// Answers a request; `cause` is stamped on the changes that it makes.
    pub fn handle(&mut self, now: Time, cause: u64, request: &Request) -> Answer {
        let stamp = Stamp { now, cause };
        match &request.verb {
            Verb::Get(_) | Verb::List(_) => self.read(now, request),
            Verb::Create(body, options) => self.create(stamp, request, body, options),
            Verb::Update(body, Subresource::Scale, options) => self.scale(stamp, request, body, options),
            Verb::Update(body, subresource, options) => {
                self.update(stamp, request, body, *subresource, options)
            }
            Verb::Patch(patch, subresource, options) => {
                self.patch(stamp, request, patch, *subresource, options)
            }
            Verb::Delete(options) => self.delete(stamp, &request.key, options),
            Verb::Evict(options) => self.evict(stamp, &request.key, options),
            Verb::Bind { node } => self.bind(stamp, &request.key, node),
        }
    }

    /// Answers a read; anything else is refused.
    pub fn read(&self, _now: Time, request: &Request) -> Answer {
        match &request.verb {
            Verb::Get(Subresource::Scale) => {
                let object = self.find(&request.key)?;
                Ok(Response { body: ResponseBody::Scale(scale::of(object)), warnings: Vec::new() })
            }
            Verb::Get(_) => Ok(Response::object(Rc::clone(self.find(&request.key)?))),
            Verb::List(options) => {
                let items = list::list(&self.store, request.key.kind, &request.key.namespace, options)?;
                Ok(Response { body: ResponseBody::List(items, self.store.revision()), warnings: Vec::new() })
            }
            Verb::Create(..)
            | Verb::Update(..)
            | Verb::Patch(..)
            | Verb::Delete(_)
            | Verb::Evict(_)
            | Verb::Bind { .. } => Err(Status::new(Reason::MethodNotAllowed, "a write is no read")),
        }
    }

    /// The stored object, or "not found".
    pub(crate) fn find(&self, key: &Key) -> Result<&Rc<Object>, Status> {
        self.store.get(key).ok_or_else(|| not_found(key))
    }

    fn decode(body: &Body, kind: Kind, options: &WriteOptions) -> Result<(Object, Vec<String>), Status> {
        match body {
            Body::Object(object) => Ok((object.clone(), Vec::new())),
            Body::Untyped(value) => {
                let mut value = value.clone();
                let unknown = decode::check(kind, &mut value).map_err(|problem| problem.refusal(kind))?;
                let warnings = match (options.field_validation, unknown.is_empty()) {
                    (_, true) | (FieldValidation::Ignore, _) => Vec::new(),
                    (FieldValidation::Warn, false) => unknown,
                    (FieldValidation::Strict, false) => return Err(decode::strict_error(kind, &unknown)),
                };
                Ok((Object::from_value(kind, value), warnings))
            }
        }
    }

    pub(crate) fn create(
        &mut self,
        stamp: Stamp,
        request: &Request,
        body: &Body,
        options: &WriteOptions,
    ) -> Answer {
        let kind = request.key.kind;
        let (mut object, mut warnings) = Self::decode(body, kind, options)?;
        self.place(&mut object, &request.key)?;
        registry::defaults(&mut object);
        if object.metadata.managed_fields.is_none() {
            managedfields::update(&mut object, None, &writer(stamp, request, Subresource::None, options));
        }
        let Self { store, rng, names, .. } = self;
        let mut context = Context { store, now: stamp.now, rng };
        admission::mutate(&mut object, None, &mut context)?;
        if object.metadata.name.is_empty() && !object.metadata.generate_name.is_empty() {
            let suffix = names::suffix(|| names.next_u32());
            object.metadata.name = format!("{}{suffix}", object.metadata.generate_name);
        }
        stamp_new(&mut object, stamp.now, context.rng);
        registry::prepare_for_create(&mut object, &mut context);
        warnings.extend(registry::warnings_create(&object));
        let errors = registry::validate_create(&object, context.store);
        refuse_if_invalid(&object, &errors)?;
        if self.store.get(&object.key()).is_some() {
            let info = kind.info();
            return Err(Status::already_exists(info.plural, info.group, &object.metadata.name));
        }
        admission::validate(&object, None, &self.store)?;
        self.admit_quota(stamp, &object, None, options.dry_run)?;
        self.store_or_not(stamp, object, options.dry_run, warnings)
    }

    /// Puts an object into the namespace of the request, which must exist.
    fn place(&self, object: &mut Object, key: &Key) -> Result<(), Status> {
        if !key.kind.info().namespaced {
            object.metadata.namespace.clear();
            return Ok(());
        }
        if object.metadata.namespace.is_empty() {
            key.namespace.as_ref().clone_into(&mut object.metadata.namespace);
        }
        if object.metadata.namespace != *key.namespace {
            return Err(Status::bad_request(format!(
                "the namespace of the provided object does not match the namespace sent on the request (given \"{}\", found \"{}\")",
                object.metadata.namespace, key.namespace
            )));
        }
        let namespace = Key::new(Kind::Namespace, "", &*key.namespace);
        let Some(found) = self.store.get(&namespace) else {
            return Err(Status::not_found("namespaces", "", &key.namespace));
        };
        if found.metadata.is_deleting() {
            let info = key.kind.info();
            return Err(Status::forbidden(
                info.plural,
                info.group,
                &object.metadata.name,
                &format!(
                    "unable to create new content in namespace {} because it is being terminated",
                    key.namespace
                ),
            ));
        }
        Ok(())
    }

    fn update(
        &mut self,
        stamp: Stamp,
        request: &Request,
        body: &Body,
        subresource: Subresource,
        options: &WriteOptions,
    ) -> Answer {
        if let Body::Untyped(value) = body {
            check_resource_version(value)?;
        }
        let (mut object, warnings) = Self::decode(body, request.key.kind, options)?;
        if object.metadata.namespace.is_empty() {
            request.key.namespace.as_ref().clone_into(&mut object.metadata.namespace);
        }
        let writer = writer(stamp, request, subresource, options);
        self.replace(stamp, &writer, &request.key, object, options.dry_run, warnings)
    }

    /// Replaces the object at `key` by `object`, as an update or a patch has made it.
    pub(crate) fn replace(
        &mut self,
        stamp: Stamp,
        writer: &Writer<'_>,
        key: &Key,
        mut object: Object,
        dry_run: bool,
        mut warnings: Vec<String>,
    ) -> Answer {
        let old = Rc::clone(self.find(key)?);
        check_preconditions(&object, &old)?;
        // A Scale has become the whole object already.
        let subresource =
            if writer.subresource == Subresource::Scale { Subresource::None } else { writer.subresource };
        registry::defaults_for_update(&mut object, &old, subresource);
        if !writer.applies {
            managedfields::update(&mut object, Some(&old), writer);
        }
        let mut context = Context { store: &self.store, now: stamp.now, rng: &mut self.rng };
        if subresource == Subresource::None {
            admission::mutate(&mut object, Some(&old), &mut context)?;
        }
        keep_server_fields(&mut object, &old);
        registry::prepare_for_update(&mut object, &old, subresource, &mut context);
        if subresource == Subresource::None {
            warnings.extend(registry::warnings_update(&object, &old));
        }
        let errors = registry::validate_update(&object, &old, subresource);
        refuse_if_invalid(&object, &errors)?;
        if subresource == Subresource::None {
            admission::validate(&object, Some(&old), &self.store)?;
            self.admit_quota(stamp, &object, Some(&old), dry_run)?;
        }
        if object == *old {
            return Ok(Response { body: ResponseBody::Object(old), warnings });
        }
        if object.metadata.is_deleting() && object.metadata.finalizers.is_empty() && !is_held(&object) {
            // The answer is what was asked for, although it was never stored.
            self.finish_deletion(stamp, &object, dry_run)?;
            return Ok(Response { body: ResponseBody::Object(Rc::new(object)), warnings });
        }
        self.store_or_not(stamp, object, dry_run, warnings)
    }

    pub(crate) fn scale(
        &mut self,
        stamp: Stamp,
        request: &Request,
        body: &Body,
        options: &WriteOptions,
    ) -> Answer {
        let old = Rc::clone(self.find(&request.key)?);
        let object = scale::apply(&old, body)?;
        let writer = writer(stamp, request, Subresource::Scale, options);
        let answer = self.replace(stamp, &writer, &request.key, object, options.dry_run, Vec::new())?;
        let warnings = answer.warnings.clone();
        let scale = answer.into_object().map_or(Value::Null, |o| scale::of(&o));
        Ok(Response { body: ResponseBody::Scale(scale), warnings })
    }

    /// Puts a Pod on a node: `pods/binding`.
    fn bind(&mut self, stamp: Stamp, key: &Key, node: &str) -> Answer {
        let bound = registry::pod::bound(self.find(key)?, node, stamp.now);
        let conflict = |why: String| Status::conflict("pods/binding", key.kind.info().group, &key.name, &why);
        let object = bound.map_err(conflict)?;
        self.store_or_not(stamp, object, false, Vec::new())
    }

    pub(crate) fn store_or_not(
        &mut self,
        stamp: Stamp,
        object: Object,
        dry_run: bool,
        warnings: Vec<String>,
    ) -> Answer {
        let stored = if dry_run { Rc::new(object) } else { self.store.put(object, stamp.now, stamp.cause) };
        Ok(Response { body: ResponseBody::Object(stored), warnings })
    }

    /// Charges quotas for a new or grown object.
    fn admit_quota(
        &mut self,
        stamp: Stamp,
        object: &Object,
        old: Option<&Object>,
        dry_run: bool,
    ) -> Result<(), Status> {
        let charged = admission::quota::charge(object, old, &self.store)?;
        if !dry_run {
            for quota in charged {
                self.store.put(quota, stamp.now, stamp.cause);
            }
        }
        Ok(())
    }
}

/// Refuses a resourceVersion that is not a number.
fn check_resource_version(value: &Value) -> Result<(), Status> {
    match value.pointer("/metadata/resourceVersion").and_then(Value::as_str) {
        Some(text) if !text.is_empty() && text.parse::<u64>().is_err() => {
            let message = format!("strconv.ParseUint: parsing {}: invalid syntax", quote_go(text));
            Err(Status::new(Reason::Unknown, message))
        }
        _ => Ok(()),
    }
}

/// The writer of a request, as managed fields name it.
pub(crate) fn writer<'a>(
    stamp: Stamp,
    request: &'a Request,
    subresource: Subresource,
    options: &'a WriteOptions,
) -> Writer<'a> {
    Writer::new(&options.field_manager, &request.actor, subresource, stamp.now)
}

/// `pods "web-9" not found`.
pub(crate) fn not_found(key: &Key) -> Status {
    let info = key.kind.info();
    Status::not_found(info.plural, info.group, &key.name)
}

/// `Invalid` with all causes, unless there are none.
pub(crate) fn refuse_if_invalid(object: &Object, errors: &ErrorList) -> Result<(), Status> {
    if errors.is_empty() {
        return Ok(());
    }
    let info = object.kind.info();
    let name =
        if object.metadata.name.is_empty() { &object.metadata.generate_name } else { &object.metadata.name };
    Err(Status::invalid(info.name, info.group, name, errors))
}
