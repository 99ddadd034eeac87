//! A patch makes a new object of the stored one, which is then written as by an update.
//!
//! Models: `k8s.io/apiserver/pkg/endpoints/handlers/patch.go`.

use std::rc::Rc;

use api::schema::Schema;
use api::{Key, Kind, Object};
use apimachinery::value::ValueExt;
use apimachinery::{ErrorList, Path, Status};
use serde_json::Value;

use crate::decode;
use crate::managedfields::{self, Writer};
use crate::patch;
use crate::request::{Answer, Body, FieldValidation, Patch, Request, Subresource, WriteOptions};
use crate::scale;
use crate::server::{ApiServer, Stamp, writer};

impl ApiServer {
    pub(crate) fn patch(
        &mut self,
        stamp: Stamp,
        request: &Request,
        patch: &Patch,
        subresource: Subresource,
        options: &WriteOptions,
    ) -> Answer {
        let kind = request.key.kind;
        if let Patch::Apply(value) = patch {
            return self.apply(stamp, request, value, subresource, options);
        }
        let old = Rc::clone(self.find(&request.key)?);
        // What a status write leaves alone need not become JSON and an object again.
        let only_status = subresource == Subresource::Status && changes_only_status(patch_value(patch));
        let current = match subresource {
            Subresource::Scale => scale::of(&old),
            _ if only_status => old.to_value_with(|name| name == "status"),
            _ => old.to_value(),
        };
        let schema = Schema::get();
        let mut new = match patch {
            Patch::Json(operations) => patch::json(&current, operations)?,
            Patch::Merge(value) => patch::merge(current, patch::object(value)?),
            Patch::StrategicMerge(value) => patch::strategic_merge(&current, value, schema.of_kind(kind))?,
            Patch::Apply(_) => current,
        };
        if subresource == Subresource::Scale {
            scale::check(&new).map_err(|why| patch::unreadable(&new, &why))?;
            return self.scale(stamp, request, &Body::Untyped(new), options);
        }
        if matches!(patch, Patch::Json(_) | Patch::Merge(_)) && !only_status {
            registered(&new)?;
        }
        let warnings = decoded(kind, &mut new, patch, options.field_validation)?;
        let mut object = Object::from_value(kind, new);
        same_object(&object, &request.key, &old)?;
        let given = patch_value(patch).str_at(&["metadata", "resourceVersion"]);
        object.metadata.resource_version = given.parse().unwrap_or(0);
        let writer = writer(stamp, request, subresource, options);
        self.replace(stamp, &writer, &request.key, object, options.dry_run, warnings)
    }

    #[inline(never)] // a gate: `www/editor/split/parts.mjs`
    fn apply(
        &mut self,
        stamp: Stamp,
        request: &Request,
        value: &Value,
        subresource: Subresource,
        options: &WriteOptions,
    ) -> Answer {
        let kind = request.key.kind;
        managedfields::check(value, &request.key)?;
        let mut config = value.clone();
        decode::check(kind, &mut config).map_err(|problem| problem.refusal(kind))?;
        let writer = Writer { applies: true, ..writer(stamp, request, subresource, options) };
        let live = self.store.get(&request.key).cloned();
        let mut object = managedfields::apply(live.as_deref(), kind, &config, &writer, options.force)?;
        if live.is_none() {
            return self.create(stamp, request, &Body::Object(object), options);
        }
        let given = config.str_at(&["metadata", "resourceVersion"]);
        object.metadata.resource_version = given.parse().unwrap_or(0);
        self.replace(stamp, &writer, &request.key, object, options.dry_run, Vec::new())
    }
}

/// Reads the result of a patch as an object of its kind; returns the warnings with it.
fn decoded(
    kind: Kind,
    new: &mut Value,
    patch: &Patch,
    validation: FieldValidation,
) -> Result<Vec<String>, Status> {
    let unknown = match decode::check(kind, new) {
        Ok(unknown) => unknown,
        Err(problem) => {
            return Err(match patch {
                Patch::StrategicMerge(value) => patch::undecodable(value, &problem.converter),
                Patch::Json(_) | Patch::Merge(_) => patch::unreadable(new, &problem.json),
                Patch::Apply(_) => problem.refusal(kind),
            });
        }
    };
    match (validation, patch) {
        (FieldValidation::Strict, Patch::StrategicMerge(value)) if !unknown.is_empty() => {
            let text = format!("strict decoding error: {}", unknown.join(", "));
            Err(patch::undecodable(value, &text))
        }
        (FieldValidation::Strict, _) if !unknown.is_empty() => Err(decode::strict_error(kind, &unknown)),
        (FieldValidation::Warn, _) => Ok(unknown),
        (FieldValidation::Strict | FieldValidation::Ignore, _) => Ok(Vec::new()),
    }
}

/// Refuses a patch whose result is of a version and kind that do not exist.
fn registered(new: &Value) -> Result<(), Status> {
    let (version, kind) = (new.str_at(&["apiVersion"]), new.str_at(&["kind"]));
    if version.is_empty() || kind.is_empty() || Kind::from_manifest(version, kind).is_some() {
        return Ok(());
    }
    let why = format!(
        "no kind \"{kind}\" is registered for version \"{version}\" in scheme \"pkg/runtime/scheme.go:111\""
    );
    Err(patch::unreadable(new, &why))
}

/// Refuses a patch that changes name, namespace or UID.
fn same_object(object: &Object, key: &Key, old: &Object) -> Result<(), Status> {
    let info = old.kind.info();
    if object.metadata.name != *key.name {
        return Err(Status::bad_request(format!(
            "the name of the object ({}) does not match the name on the URL ({})",
            object.metadata.name, key.name
        )));
    }
    if object.metadata.namespace != *key.namespace {
        let text = "the namespace of the provided object does not match the namespace sent on the request";
        return Err(Status::bad_request(text));
    }
    if object.metadata.uid != old.metadata.uid {
        let mut errors = ErrorList::new();
        let uid = object.metadata.uid.as_str();
        errors.invalid(&Path::new("metadata.uid"), uid, "field is immutable");
        return Err(Status::invalid(info.name, info.group, &key.name, &errors));
    }
    Ok(())
}

fn patch_value(patch: &Patch) -> &Value {
    match patch {
        Patch::Json(v) | Patch::Merge(v) | Patch::StrategicMerge(v) | Patch::Apply(v) => v,
    }
}

/// Whether a patch that merges names nothing beside metadata and status.
fn changes_only_status(patch: &Value) -> bool {
    let known = ["apiVersion", "kind", "metadata", "status"];
    patch.as_object().is_some_and(|patch| patch.keys().all(|name| known.contains(&name.as_str())))
}
