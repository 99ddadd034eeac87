//! The kinds of the Kubernetes API that live here, and what an object is.
//!
//! An [`Object`] is a kind, typed metadata and untyped fields (`spec`, `status`, `data`, …), each behind an
//! `Rc`: a status write shares the spec with its predecessor, and a checkpoint of the whole cluster copies
//! pointers. The [`schema`] says what the fields may hold: it is the table of every field that Kubernetes
//! v1.36 has in these kinds. Controllers read objects through the views in [`core`] and [`apps`], which name
//! fields as Kubernetes does; what they ask a thousand times over is kept beside the object, see [`memo`].

pub mod apps;
pub mod core;
pub mod facts;
pub mod kind;
pub mod managed;
pub mod memo;
pub mod meta;
pub mod object;
pub mod schema;

pub use facts::{ClaimFacts, NodeFacts, PodFacts};
pub use kind::{Kind, KindInfo};
pub use managed::{FieldSet, ManagedFields, ManagedFieldsEntry, PathElement};
pub use meta::{ObjectMeta, OwnerReference};
pub use object::{Key, Object, ObjectRef};
