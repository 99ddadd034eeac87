//! The lives of Pods, made of what was written, and of what happened to their machines.

use std::rc::Rc;

use api::apps::parent_and_ordinal;
use api::core::Pod;
use api::{Kind, Object};
use apimachinery::Time;
use apimachinery::sorted::{SortedMap, SortedSet};
use apimachinery::value::ValueExt;
use apiserver::Change;
use cluster::input::Fault;
use cluster::{Record, What};

use crate::known::KnownSets;
use crate::look::{look, node_silent_since};
use crate::model::PodLook;
use crate::revisions::{Revisions, short};
use crate::ribbon::{Contact, Kept, Ribbon, Segment};

/// A former address is shown this long beside the new one, in microseconds.
const FORMER_SHOWN: i64 = 60_000_000;

/// The lives of the Pods of sets, growing as changes come in.
#[derive(Debug, Clone, Default)]
pub struct Story {
    /// By namespace, set and ordinal.
    lives: SortedMap<(String, String, i64), Life>,
    revisions: Revisions,
    sets: KnownSets,
    /// The addresses of each identity, by namespace and Pod name, with the moment of each.
    addresses: SortedMap<(String, String), Vec<(i64, String)>>,
    /// The claims that there are, by namespace and name.
    claims: SortedSet<(String, String)>,
    /// Machines that are off.
    off: SortedSet<String>,
    /// Nodes of which Kubernetes hears nothing.
    silent: SortedSet<String>,
    /// The revision of the last change that it has taken in.
    taken: u64,
    /// The last record that it has looked at.
    looked_at: u64,
}

/// A life, and what is known of its Pod now.
#[derive(Debug, Clone, Default)]
struct Life {
    ribbon: Rc<Ribbon>,
    pod: Option<Known>,
    /// The claims that its Pods were given by the set's templates.
    claims: Vec<String>,
}

/// What is written of a Pod.
#[derive(Debug, Clone)]
struct Known {
    node: String,
    look: PodLook,
    is_deleting: bool,
    pattern: u8,
    revision: Rc<str>,
}

impl Life {
    /// Its Pod looks like this from now on.
    fn settle(&mut self, contact: Contact, at: i64) {
        let Some(pod) = &self.pod else { return };
        let open = self.ribbon.segments.last().filter(|last| last.until_micros.is_none());
        // Of a lost Pod nothing is heard: what is written of it is a guess of the control plane.
        let is_lost = contact == Contact::Lost;
        let look = open.filter(|_| is_lost).map_or(pod.look, |open| open.look);
        let new = Segment {
            from_micros: at,
            until_micros: None,
            look,
            contact,
            cannot_end: is_lost && pod.is_deleting,
            pattern: pod.pattern,
            revision: Rc::clone(&pod.revision),
        };
        let says = |s: &Segment| (s.look, s.contact, s.cannot_end, s.pattern);
        if open.is_none_or(|open| says(open) != says(&new)) {
            let ribbon = Rc::make_mut(&mut self.ribbon);
            if let Some(last) = ribbon.segments.last_mut() {
                last.until_micros.get_or_insert(at);
            }
            if let Some(last) = ribbon.kept.last_mut() {
                last.until_micros.get_or_insert(at);
            }
            ribbon.segments.push(new);
        }
    }

    /// Its Pod is gone, or the claims that are left are others: `left` are those that there are.
    fn keep(&mut self, left: Vec<String>, at: i64) {
        let ribbon = Rc::make_mut(&mut self.ribbon);
        if let Some(last) = ribbon.segments.last_mut() {
            last.until_micros.get_or_insert(at);
        }
        if let Some(last) = ribbon.kept.last_mut() {
            last.until_micros.get_or_insert(at);
        }
        if !left.is_empty() {
            ribbon.kept.push(Kept { from_micros: at, until_micros: None, claims: left });
        }
    }
}

impl Story {
    /// Takes in what is new since the last call. Of changes and records before that nothing is needed any more.
    pub fn follow(&mut self, changes: &[Rc<Change>], records: &[Record], origin: Time) {
        let taken = changes.partition_point(|change| change.revision <= self.taken);
        let mut new = changes.get(taken..).unwrap_or_default();
        let looked_at = records.partition_point(|record| record.id <= self.looked_at);
        for record in records.get(looked_at..).unwrap_or_default() {
            let What::Fault(fault) = &record.what else { continue };
            let (before, after) = new.split_at(new.partition_point(|change| change.at <= record.at));
            self.extend(before, origin);
            new = after;
            self.suffer(fault, record.at.micros_since(origin));
        }
        self.extend(new, origin);
        self.taken = changes.last().map_or(self.taken, |change| change.revision);
        self.looked_at = records.last().map_or(self.looked_at, |record| record.id);
    }

    /// Takes in changes that follow those it knows: a forecast.
    pub fn extend(&mut self, changes: &[Rc<Change>], origin: Time) {
        for change in changes {
            self.revisions.follow(change);
            let at = change.at.micros_since(origin);
            self.sets.follow(change, origin);
            if change.key.kind == Kind::Pod {
                self.take(change, at);
            } else if change.key.kind == Kind::PersistentVolumeClaim {
                self.take_claim(change, at);
            } else if change.key.kind == Kind::Node {
                self.take_node(change, at);
            }
        }
    }

    /// The lives so far, by set and ordinal. One that did not change is the same piece of data as before.
    pub fn ribbons(&self) -> Vec<Rc<Ribbon>> {
        self.lives.values().map(|life| Rc::clone(&life.ribbon)).collect()
    }

    /// Which pattern stands for which revision.
    pub fn revisions(&self) -> &Revisions {
        &self.revisions
    }

    /// The sets that the run has known.
    pub fn sets(&self) -> &KnownSets {
        &self.sets
    }

    /// The former address of an identity that got another one shortly before `now` (microseconds since 0:00).
    pub fn former_address(&self, namespace: &str, pod: &str, now: i64) -> Option<&str> {
        let known = self.addresses.get(&(namespace.to_owned(), pod.to_owned()))?;
        let at = known.iter().rposition(|(at, _)| *at <= now)?;
        let (since, _) = known.get(at)?;
        let (_, former) = known.get(at.checked_sub(1)?)?;
        (now - since < FORMER_SHOWN).then_some(former.as_str())
    }

    fn note_address(&mut self, pod: &Object, at: i64) {
        let ip = Pod(pod).ip();
        if ip.is_empty() {
            return;
        }
        let key = (pod.metadata.namespace.clone(), pod.metadata.name.clone());
        let known = self.addresses.entry(key).or_default();
        if known.last().is_none_or(|(_, last)| last != ip) {
            known.push((at, ip.to_owned()));
        }
    }

    /// A machine goes off, or comes back.
    fn suffer(&mut self, fault: &Fault, at: i64) {
        let (node, is_other) = match fault {
            Fault::PowerOff { node } => (node, self.off.insert(node.clone())),
            Fault::PowerOn { node } => (node, self.off.remove(node)),
            Fault::StopKubelet { .. }
            | Fault::StartKubelet { .. }
            | Fault::CrashContainer { .. }
            | Fault::ForceReady { .. }
            | Fault::SetImageBehaviour { .. }
            | Fault::StallWatches { .. }
            | Fault::LoseWatches { .. }
            | Fault::RestartController { .. }
            | Fault::SlowProvisioner { .. }
            | Fault::FailProvisioner { .. }
            | Fault::RunOutOfMemory { .. }
            | Fault::Hang { .. }
            | Fault::IgnoreSigterm { .. }
            | Fault::CutNetwork { .. }
            | Fault::RestoreNetwork { .. }
            | Fault::StopProcess { .. }
            | Fault::StartProcess { .. }
            | Fault::FillDisk { .. }
            | Fault::HoldVolume { .. }
            | Fault::SlowApiServer { .. } => return,
        };
        if is_other {
            self.settle_all_on(node, at);
        }
    }

    fn take_node(&mut self, change: &Change, at: i64) {
        let name = change.key.name.to_string();
        let is_silent = change.after.as_ref().is_some_and(|node| node_silent_since(node).is_some());
        let is_other =
            if is_silent { self.silent.insert(name) } else { self.silent.remove(&*change.key.name) };
        if is_other {
            self.settle_all_on(&change.key.name, at);
        }
    }

    fn contact(&self, node: &str) -> Contact {
        if self.silent.contains(node) {
            Contact::Lost
        } else if self.off.contains(node) {
            Contact::Unnoticed
        } else {
            Contact::Heard
        }
    }

    fn settle_all_on(&mut self, node: &str, at: i64) {
        let contact = self.contact(node);
        let on_it = |life: &&mut Life| life.pod.as_ref().is_some_and(|pod| pod.node == node);
        self.lives.values_mut().filter(on_it).for_each(|life| life.settle(contact, at));
    }

    fn take_claim(&mut self, change: &Change, at: i64) {
        let claim = (change.key.namespace.to_string(), change.key.name.to_string());
        if change.after.is_some() {
            self.claims.insert(claim);
        } else if self.claims.remove(&claim) {
            for life in self.lives.values_mut().filter(|life| life.ribbon.namespace == claim.0) {
                let open = life.ribbon.kept.last().filter(|kept| kept.until_micros.is_none());
                if let Some(kept) = open.filter(|kept| kept.claims.contains(&claim.1)) {
                    let left = kept.claims.iter().filter(|name| **name != claim.1).cloned().collect();
                    life.keep(left, at);
                }
            }
        }
    }

    fn take(&mut self, change: &Change, at: i64) {
        let Some(pod) = change.after.as_ref().or(change.before.as_ref()) else { return };
        let owner = pod.metadata.controller().filter(|owner| owner.kind == "StatefulSet");
        let (Some(owner), Some((_, ordinal))) = (owner, parent_and_ordinal(&pod.metadata.name)) else {
            return;
        };
        self.note_address(pod, at);
        let namespace = &pod.metadata.namespace;
        let contact = self.contact(Pod(pod).node_name());
        let known = change.after.as_ref().map(|pod| self.known(&owner.name, pod));
        let life =
            self.lives.entry((namespace.clone(), owner.name.clone(), ordinal)).or_insert_with(|| Life {
                ribbon: Rc::new(Ribbon {
                    namespace: namespace.clone(),
                    set: owner.name.clone(),
                    ordinal,
                    name: pod.metadata.name.clone(),
                    ..Ribbon::default()
                }),
                ..Life::default()
            });
        life.pod = known;
        if life.pod.is_some() {
            life.claims = claims_of(pod);
            life.settle(contact, at);
        } else {
            let is_there = |name: &&String| self.claims.contains(&(namespace.clone(), (*name).clone()));
            let left = life.claims.iter().filter(is_there).cloned().collect();
            life.keep(left, at);
        }
    }

    fn known(&self, set: &str, pod: &Object) -> Known {
        let revision = pod.metadata.label("controller-revision-hash");
        Known {
            node: Pod(pod).node_name().to_owned(),
            look: look(pod),
            is_deleting: pod.metadata.is_deleting(),
            pattern: self.revisions.pattern(&pod.metadata.namespace, set, revision),
            revision: short(revision).into(),
        }
    }
}

/// The claims that a set's templates give a Pod: named after the volume and the Pod.
/// <https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-storage>
fn claims_of(pod: &Object) -> Vec<String> {
    let volumes = pod.spec().list_at(&["volumes"]).iter();
    let named = volumes.map(|v| (v.str_at(&["name"]), v.str_at(&["persistentVolumeClaim", "claimName"])));
    let of_it = |(volume, claim): &(&str, &str)| *claim == format!("{volume}-{}", pod.metadata.name);
    named.filter(of_it).map(|(_, claim)| claim.to_owned()).collect()
}
