//! The API server: the only place where objects change.
//!
//! A [`Request`] comes in, is decoded, admitted, defaulted, validated and stored; a [`Change`] goes out to
//! whoever watches. [`Store`] keeps several versions of each object, as etcd does, so that an informer is
//! nothing but the revision that it has seen. Read in this order: [`request`], [`server`], [`decode`],
//! [`admission`], [`registry`], [`patch`], `patching`, `managedfields`, [`delete`], [`list`], [`scale`],
//! [`etcd`].
//!
//! Models: `k8s.io/apiserver`, `pkg/registry`, `pkg/apis/*/validation`, `plugin/pkg/admission`.

pub mod admission;
pub mod decode;
pub mod delete;
pub mod etcd;
mod evict;
pub mod list;
mod managedfields;
mod meta;
pub mod patch;
mod patching;
pub mod registry;
pub mod request;
pub mod scale;
pub mod server;

pub use etcd::{Change, Listed, Store};
pub use request::{
    Actor, Answer, Body, DeleteOptions, FieldValidation, ListOptions, Patch, Propagation, Request, Response,
    ResponseBody, Subresource, Verb, WriteOptions,
};
pub use server::ApiServer;
