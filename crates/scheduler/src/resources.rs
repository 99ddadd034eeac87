//! How much a Pod asks for.
//!
//! Models: `k8s.io/component-helpers/resource` (`PodRequests`), `pkg/scheduler/util/pod_resources.go`.

use api::Object;
use apimachinery::Quantity;
use apimachinery::sorted::SortedMap;
use apimachinery::value::ValueExt;
use serde_json::Value;

/// What a container without a request counts for when nodes are compared, in thousandths of a CPU.
const NON_ZERO_CPU: i64 = 100;
/// What a container without a request counts for in memory, in bytes.
const NON_ZERO_MEMORY: i64 = 200 * 1024 * 1024;

/// Amounts by resource: CPU in thousandths, everything else in units.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resources(SortedMap<String, i64>);

impl Resources {
    /// Reads a resource list such as `requests` or `allocatable`.
    pub fn read(list: Option<&Value>) -> Self {
        let pairs = list.and_then(Value::as_object).into_iter().flatten();
        Self(
            pairs
                .filter_map(|(name, amount)| {
                    let amount = Quantity::from_value(amount)?;
                    let amount = if name == "cpu" { amount.milli_value() } else { amount.value() };
                    Some((name.clone(), amount))
                })
                .collect(),
        )
    }

    /// The amount of one resource, 0 if it is not named.
    pub fn get(&self, name: &str) -> i64 {
        self.0.get(name).copied().unwrap_or(0)
    }

    /// Adds another list.
    pub fn add(&mut self, other: &Self) {
        for (name, amount) in &other.0 {
            *self.0.entry(name.clone()).or_insert(0) += amount;
        }
    }

    /// Adds `sign` times another list; a resource whose amount is 0 is not named.
    pub fn charge(&mut self, other: &Self, sign: i64) {
        for (name, amount) in other.0.iter().filter(|(_, amount)| **amount != 0) {
            let sum = self.get(name) + sign * amount;
            if sum == 0 {
                self.0.remove(name);
            } else {
                self.0.insert(name.clone(), sum);
            }
        }
    }

    /// Takes the larger amount of each resource.
    fn raise_to(&mut self, other: &Self) {
        for (name, amount) in &other.0 {
            let slot = self.0.entry(name.clone()).or_insert(0);
            *slot = (*slot).max(*amount);
        }
    }

    /// All amounts, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, i64)> {
        self.0.iter().map(|(name, amount)| (name.as_str(), *amount))
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn requests(container: &Value) -> Resources {
    Resources::read(container.at(&["resources", "requests"]))
}

fn is_sidecar(container: &Value) -> bool {
    container.str_at(&["restartPolicy"]) == "Always"
}

/// What a Pod asks for: all its containers together, or for each resource its largest init container if that
/// is more.
pub fn of_pod(pod: &Object) -> Resources {
    let spec = pod.spec();
    let mut sum = Resources::default();
    for container in spec.list_at(&["containers"]) {
        sum.add(&requests(container));
    }
    let mut sidecars = Resources::default();
    let mut start = Resources::default();
    for container in spec.list_at(&["initContainers"]) {
        let mut need = requests(container);
        if is_sidecar(container) {
            sidecars.add(&need);
            start.raise_to(&sidecars);
        } else {
            need.add(&sidecars);
            start.raise_to(&need);
        }
    }
    sum.add(&sidecars);
    sum.raise_to(&start);
    sum.add(&Resources::read(spec.at(&["overhead"])));
    sum
}

/// CPU and memory of a Pod where a container that asks for nothing counts a little.
pub fn non_zero(pod: &Object) -> (i64, i64) {
    pod.spec().list_at(&["containers"]).iter().fold((0, 0), |(cpu, memory), container| {
        let amount = |name, default| {
            let given = container.at(&["resources", "requests", name]).and_then(Quantity::from_value);
            given.map_or(default, |q| if name == "cpu" { q.milli_value() } else { q.value() })
        };
        (cpu + amount("cpu", NON_ZERO_CPU), memory + amount("memory", NON_ZERO_MEMORY))
    })
}
