//! What the event `FailedScheduling` says.
//!
//! Models: `pkg/scheduler/framework/types.go` (`FitError`), `framework/preemption`,
//! `plugins/{defaultpreemption,dynamicresources}` (`PostFilter`).

use api::Object;
use apimachinery::sorted::SortedMap;
use apimachinery::value::ValueExt;

use crate::refusal::{Blocked, Refusal};

/// What is said if there is not a single node.
pub const NO_NODES: &str = "no nodes available to schedule pods";
/// How many bytes the note of an event has at most.
const NOTE_MAX: usize = 1024;
/// What a note that was cut ends with.
const CUT: &str = " ...";
/// What ends the message if no node was looked at: the plugin for resource claims then finds none of its
/// notes, and these two words are its error.
const NO_STATE: &str = "not found";
/// What that plugin says when nodes were looked at.
const NO_CLAIMS: &str = "no new claims to deallocate";

/// `<count> <reason>`, sorted as text.
fn histogram(reasons: impl Iterator<Item = String>) -> String {
    let mut counts: SortedMap<String, usize> = SortedMap::new();
    for reason in reasons {
        *counts.entry(reason).or_insert(0) += 1;
    }
    let mut lines: Vec<String> =
        counts.into_iter().map(|(reason, count)| format!("{count} {reason}")).collect();
    lines.sort();
    lines.join(", ")
}

/// What the nodes said, counted: `3 Insufficient cpu`.
pub fn reasons<'r>(refusals: impl Iterator<Item = &'r Vec<Refusal>>) -> String {
    histogram(refusals.flatten().map(Refusal::text))
}

/// The message for a Pod whose claims keep it from all of `nodes` nodes.
pub fn blocked(nodes: usize, why: &Blocked) -> String {
    format!("0/{nodes} nodes are available: {}. {NO_STATE}", why.text())
}

/// The message for a Pod that each node has refused for its own reasons.
pub fn unfit(pod: &Object, refusals: &[Vec<Refusal>]) -> String {
    let nodes = refusals.len();
    let reasons = reasons(refusals.iter());
    format!(
        "0/{nodes} nodes are available: {reasons}. {NO_CLAIMS}, preemption: {}",
        preemption(pod, refusals)
    )
}

fn preemption(pod: &Object, refusals: &[Vec<Refusal>]) -> String {
    if pod.spec().str_at(&["preemptionPolicy"]) == "Never" {
        return "not eligible due to preemptionPolicy=Never.".to_owned();
    }
    let outlook = |refusals: &Vec<Refusal>| {
        let helpful = refusals.iter().all(Refusal::is_resolvable);
        let text = if helpful {
            "No preemption victims found for incoming pod"
        } else {
            "Preemption is not helpful for scheduling"
        };
        text.to_owned()
    };
    format!("0/{} nodes are available: {}.", refusals.len(), histogram(refusals.iter().map(outlook)))
}

/// The message as an event carries it, cut if it is too long; the condition has it whole.
pub fn note(message: &str) -> String {
    if message.len() <= NOTE_MAX {
        return message.to_owned();
    }
    let end = message.floor_char_boundary(NOTE_MAX - CUT.len());
    format!("{}{CUT}", message.get(..end).unwrap_or(message))
}
