//! What the project has set itself: ratios between the costs of one run.

use std::fmt;

use crate::measure::Cost;
use crate::scenario::Storage;

/// A Pod in the largest set costs at most so much more than one in the smallest.
const GROWTH: f64 = 1.3;
/// A Pod with a claim costs at most so much more than one without, in the largest set.
const CLAIM: f64 = 3.0;

/// A ratio and what it may be.
#[derive(Debug)]
pub struct Bound {
    what: String,
    ratio: f64,
    most: f64,
}

impl Bound {
    /// Whether it holds.
    pub fn is_kept(&self) -> bool {
        self.ratio <= self.most
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.is_kept() { "" } else { "  BROKEN" };
        write!(f, "{:>8.2} (at most {:.1})  {}{mark}", self.ratio, self.most, self.what)
    }
}

/// The ratios of these costs: of each policy and storage, growth from the smallest set to the largest; and what a
/// claim adds in the largest.
pub fn of(costs: &[Cost]) -> Vec<Bound> {
    let mut bounds = Vec::new();
    for is_parallel in [true, false] {
        let policy = if is_parallel { "Parallel" } else { "OrderedReady" };
        let of = |storage: Storage| {
            let mine =
                |cost: &&Cost| cost.scenario.is_parallel == is_parallel && cost.scenario.storage == storage;
            let size = |cost: &&Cost| cost.scenario.replicas;
            let least = costs.iter().filter(mine).min_by_key(size);
            least.zip(costs.iter().filter(mine).max_by_key(size))
        };
        let plain = of(Storage::None).map(|(_, largest)| largest);
        for storage in [Storage::None, Storage::OnNode, Storage::Anywhere] {
            let Some((least, largest)) = of(storage) else { continue };
            let (few, many) = (least.scenario.replicas, largest.scenario.replicas);
            let label = storage.label();
            bounds.push(Bound {
                what: format!("{policy}, {label}: a Pod of {many} to one of {few}"),
                ratio: largest.of_a_pod() / least.of_a_pod(),
                most: GROWTH,
            });
            if let Some(plain) = plain.filter(|_| storage != Storage::None) {
                bounds.push(Bound {
                    what: format!("{policy}, {label}: a Pod of {many} to one without a claim"),
                    ratio: largest.of_a_pod() / plain.of_a_pod(),
                    most: CLAIM,
                });
            }
        }
    }
    bounds
}
