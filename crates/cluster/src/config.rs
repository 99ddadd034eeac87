//! What a cluster is made of before anybody acts.

use std::rc::Rc;
use std::time::Duration;

use apimachinery::{Rng, Time};
use serde_json::Value;

/// A range of delays; each is drawn from the cluster's seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latency {
    /// At least.
    pub min: Duration,
    /// At most.
    pub max: Duration,
}

impl Latency {
    /// A range in microseconds.
    pub const fn micros(min: u64, max: u64) -> Self {
        Self { min: Duration::from_micros(min), max: Duration::from_micros(max) }
    }

    /// One delay.
    pub fn draw(self, rng: &mut Rng) -> Duration {
        let (min, max) = (self.min.as_micros(), self.max.as_micros());
        let micros = rng.between(u64::try_from(min).unwrap_or(0), u64::try_from(max).unwrap_or(0));
        Duration::from_micros(micros)
    }
}

/// A node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeSpec {
    /// Its name.
    pub name: String,
    /// Allocatable CPU, as a quantity.
    pub cpu: String,
    /// Allocatable memory, as a quantity.
    pub memory: String,
    /// How many Pods it takes.
    pub pods: u32,
}

impl NodeSpec {
    /// A node of the laboratory's usual size.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), cpu: "8".to_owned(), memory: "32Gi".to_owned(), pods: 110 }
    }
}

/// What a cluster is made of.
#[derive(Debug, Clone)]
pub struct Config {
    /// The only source of surprise.
    pub seed: u64,
    /// When it begins.
    pub start: Time,
    /// Its nodes.
    pub nodes: Vec<NodeSpec>,
    /// Objects that exist from the beginning, as manifests: StorageClasses and the like.
    pub objects: Vec<Value>,
    /// External provisioners that run here, by name.
    pub provisioners: Vec<String>,
    /// Whether kubelets act. Off for recordings in which a script plays them.
    pub kubelets: bool,
    /// Whether silent nodes are noticed.
    pub node_lifecycle: bool,
    /// How late caches hear of a change.
    pub watch_lag: Latency,
    /// How long a request takes until it is stored.
    pub request_latency: Latency,
    /// How long its answer takes to get back. Caches may hear of a write before its writer does: with
    /// answers at once, a controller would go on to its next write before anybody has seen the last one,
    /// and all who act on the same change would meet in conflicts.
    pub answer_latency: Latency,
    /// How long a write of a person or a program travels to the API server, while components act. None by default:
    /// whoever presses a key sees at once what it does.
    pub client_latency: Duration,
    /// Where kubelets tell containers to find cluster DNS, if not at the address of the Service `kube-dns`.
    pub cluster_dns: Option<String>,
    /// Images that behave otherwise than the catalogue says.
    pub images: Rc<kubelet::ImageBehaviours>,
}

impl Default for Config {
    /// Three nodes, no StorageClass, everything running.
    fn default() -> Self {
        Self {
            seed: 7,
            start: Time::from_unix_seconds(1_795_312_800),
            nodes: ["node-1", "node-2", "node-3"].map(NodeSpec::named).to_vec(),
            objects: Vec::new(),
            provisioners: vec!["rancher.io/local-path".to_owned(), "hostpath.csi.k8s.io".to_owned()],
            kubelets: true,
            node_lifecycle: true,
            watch_lag: Latency::micros(2_000, 15_000),
            request_latency: Latency::micros(1_500, 6_000),
            answer_latency: Latency::micros(500, 2_000),
            client_latency: Duration::ZERO,
            cluster_dns: None,
            images: Rc::default(),
        }
    }
}
