//! What Pods and the pod templates of stateful sets share: defaults, validation, warnings.
//!
//! Models: `pkg/apis/core/v1/defaults.go`, `pkg/apis/core/validation/validation.go`
//! (`ValidatePodTemplateSpec`, `ValidatePodSpec`), `pkg/api/pod/warnings.go`.

pub(crate) mod affinity;
pub(crate) mod container;
pub(crate) mod defaults;
pub(crate) mod env;
pub(crate) mod gates;
pub(crate) mod image;
pub(crate) mod mounts;
mod os;
pub(crate) mod paths;
pub(crate) mod plugins;
pub(crate) mod probe;
pub(crate) mod qos;
pub(crate) mod resources;
pub(crate) mod scheduling;
pub(crate) mod security;
pub(crate) mod spec;
pub(crate) mod volume_defaults;
pub(crate) mod volumes;
pub(crate) mod warnings;

pub(crate) use spec::{Whose, validate_pod_spec, validate_pod_template};
