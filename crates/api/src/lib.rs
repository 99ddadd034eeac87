//! The kinds of the Kubernetes API that live here, and what an object is.
//!
//! An [`Object`] is a kind, typed metadata and untyped fields (`spec`, `status`, `data`, …), each
//! behind an `Rc`: a status write shares the spec with its predecessor, and a checkpoint of the
//! whole cluster copies pointers. What the fields may hold says the [`schema`], the table of every
//! field of Kubernetes v1.36 for these kinds. Controllers read objects through the views in
//! [`core`] and [`apps`], which name fields as Kubernetes does; what is asked a thousand times over is kept
//! beside the object, see [`memo`].

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
pub use managed::{FieldSet, ManagedFields, ManagedFieldsEntry, Step};
pub use meta::{ObjectMeta, OwnerReference};
pub use object::{Key, Object, ObjectRef};
