//! Cluster DNS: records, answers, resolvers.
//!
//! The server keeps nothing of its own: its answers follow from the Services, `EndpointSlices` and Namespaces
//! that its informers have delivered, and from its [`Corefile`]. Read in this order: [`record`] is the
//! vocabulary; [`corefile`] the configuration; `backend` what the server takes from the objects; [`query`]
//! decides between an answer, no data and no such name; [`zone`] lists all that can be asked for; [`cache`]
//! is the plugin of that name, as a value.
//!
//! The other half is the one who asks: [`resolv`] and [`hosts`] are the files that a kubelet
//! puts into a container, [`stub`] is the C library's resolver over them, and [`tools`] prints
//! what `nslookup`, `dig` and `getent` print.
//!
//! Models: `CoreDNS` 1.14 (`plugin/kubernetes`, `plugin/backend_lookup.go`, `plugin/cache`,
//! `plugin/loadbalance`), Kubernetes' DNS specification 1.1.0, `pkg/kubelet/network/dns`.
//! Differs: the world outside the cluster is empty, so every foreign name is NXDOMAIN; answers are
//! never truncated.

mod backend;
pub mod cache;
pub mod corefile;
#[cfg(test)]
mod fixture;
pub mod hosts;
mod names;
mod parse;
pub mod query;
pub mod record;
pub mod resolv;
mod services;
pub mod stub;
pub mod tools;
pub mod zone;

pub use cache::Cache;
pub use corefile::{CachePlugin, Corefile};
pub use query::answer;
pub use record::{Answer, Data, Outcome, Question, Rcode, RecordType, ResourceRecord, Soa};
pub use resolv::ResolvConf;
pub use stub::{Resolution, Stub};
pub use zone::records;
