//! A set, there or gone: its columns, and what belongs to each.

use std::ops::Range;
use std::rc::Rc;

use api::apps::{StatefulSet, UpdateStrategy, parent_and_ordinal};
use api::{Kind, Object};
use apimachinery::labels::Selector;
use apimachinery::sorted::{SortedMap, SortedSet};
use apimachinery::value::ValueExt;
use cluster::Cluster;

use crate::card::pod_card;
use crate::columns::{Column, ColumnNote, RevisionBadge, RevisionRole, SetLife, SetScene};
use crate::dns::{self, Records};
use crate::known::Gone;
use crate::model::{NodeRow, PodCard, PodLook};
use crate::order;
use crate::revisions::{Revisions, short};
use crate::storage;
use crate::story::Story;

/// Columns of a set that are drawn; the places beyond are only counted.
const COLUMNS_MAX: u16 = 1_000;

/// The ordinals that have columns, lowest first, and how many places there are beyond: of those that have a Pod, a
/// claim or a record (`known`), and of those that are `wanted`.
fn places(mut known: SortedSet<i64>, wanted: &Range<i64>) -> (Vec<i64>, i64) {
    let far = (wanted.start + i64::from(COLUMNS_MAX)).min(wanted.end)..wanted.end;
    known.extend(wanted.start..far.start);
    let drawn = usize::from(COLUMNS_MAX);
    let undrawn = known.len().saturating_sub(drawn);
    let counted = known.iter().filter(|ordinal| far.contains(*ordinal)).count();
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    (known.into_iter().take(drawn).collect(), number(undrawn) + (far.end - far.start) - number(counted))
}

/// What the sets of a scene are made of.
#[derive(Debug, Clone, Copy)]
pub struct Source<'c> {
    /// The cluster.
    pub cluster: &'c Cluster,
    /// What the run remembers.
    pub story: &'c Story,
    /// What its DNS answers.
    pub records: &'c Records,
    /// Its nodes.
    pub nodes: &'c [NodeRow],
}

/// Whether a Pod has an identity of this set: it is owned by a set of this name, whichever of them, or by nobody
/// and would be adopted.
fn belongs(pod: &Object, set: &Object, selector: &Selector) -> bool {
    if let Some(owner) = pod.metadata.controller() {
        return owner.kind == "StatefulSet" && owner.name == set.metadata.name;
    }
    let named = parent_and_ordinal(&pod.metadata.name);
    named.is_some_and(|(parent, _)| parent == set.metadata.name) && selector.matches(&pod.metadata.labels)
}

fn revisions(cluster: &Cluster, known: &Revisions, set: &Object, pods: &[&Rc<Object>]) -> Vec<RevisionBadge> {
    let all: Vec<&Rc<Object>> = cluster
        .store()
        .list(Kind::ControllerRevision, &set.metadata.namespace)
        .filter(|revision| revision.is_controlled_by(set))
        .collect();
    let mut names: Vec<String> = all.iter().map(|revision| revision.metadata.name.clone()).collect();
    // What Pods carry may be history already: of a set that was deleted and made anew, or that is gone.
    for pod in pods {
        let carried = pod.metadata.label("controller-revision-hash");
        if !carried.is_empty() && !names.iter().any(|name| name == carried) {
            names.push(carried.to_owned());
        }
    }
    // A rollback gives an old revision a new number, so its first appearance counts.
    let namespace = set.metadata.namespace.as_str();
    names.sort_by_key(|name| known.place(namespace, &set.metadata.name, name));
    let view = StatefulSet(set);
    let (current, update) = (view.current_revision(), view.update_revision());
    names
        .into_iter()
        .map(|name| {
            let role = match (name == current, name == update) {
                (true, true) => RevisionRole::Only,
                (true, false) => RevisionRole::Current,
                (false, true) => RevisionRole::Update,
                (false, false) => RevisionRole::Old,
            };
            let carries = |pod: &&&Rc<Object>| pod.metadata.label("controller-revision-hash") == name;
            RevisionBadge {
                short: short(&name),
                pattern: known.pattern(namespace, &set.metadata.name, &name),
                role,
                pods: pods.iter().filter(carries).count(),
                name,
            }
        })
        .collect()
}

impl<'c> Source<'c> {
    /// A set that is there.
    pub fn set(self, set: &Object) -> SetScene {
        let life = if set.metadata.is_deleting() { SetLife::Deleting } else { SetLife::Here };
        self.scene(set, life)
    }

    /// Whether a Pod or a claim has an identity of this set.
    pub fn has(self, set: &Object, object: &Object) -> bool {
        let is_its_own = if object.key().kind == Kind::Pod {
            let owner = object.metadata.controller();
            owner.is_some_and(|owner| owner.kind == "StatefulSet" && owner.name == set.metadata.name)
        } else {
            self.story.sets().ordinal_of_claim(set, &object.metadata.name).is_some()
        };
        is_its_own && object.metadata.namespace == set.metadata.namespace
    }

    /// A set that is gone, as long as a Pod, a claim or a record of it is there.
    pub fn gone(self, gone: &Gone) -> Option<SetScene> {
        let scene = self.scene(&gone.last, SetLife::Gone { since_micros: gone.since_micros });
        (!scene.columns.is_empty()).then_some(scene)
    }

    fn scene(self, set: &Object, life: SetLife) -> SetScene {
        let view = StatefulSet(set);
        let is_here = life == SetLife::Here;
        let selector = Selector::from_label_selector(view.selector()).unwrap_or_else(|_| Selector::nothing());
        let namespace = set.metadata.namespace.as_str();
        let store = self.cluster.store();
        let pods: Vec<&Rc<Object>> =
            store.list(Kind::Pod, namespace).filter(|pod| belongs(pod, set, &selector)).collect();
        let badges = revisions(self.cluster, self.story.revisions(), set, &pods);
        let update = badges.iter().position(|r| is_here && r.name == view.update_revision());
        let by_ordinal: SortedMap<i64, &Rc<Object>> =
            pods.iter().filter_map(|pod| Some((parent_and_ordinal(&pod.metadata.name)?.1, *pod))).collect();
        let claims = self.claims_by_ordinal(set);
        let wanted = view.start()..view.start() + view.replicas();
        let mut known: SortedSet<i64> = by_ordinal.keys().chain(claims.keys()).copied().collect();
        known.extend(dns::ordinals(set, self.records));
        let to_come = if matches!(life, SetLife::Gone { .. }) { 0..0 } else { wanted.clone() };
        let (ordinals, beyond) = places(known, &to_come);
        let mut columns: Vec<Column> = ordinals
            .iter()
            .map(|&ordinal| {
                let name = format!("{}-{ordinal}", set.metadata.name);
                let pod =
                    by_ordinal.get(&ordinal).map(|pod| pod_card(self.cluster, pod, self.nodes, &badges));
                let claims = claims.get(&ordinal).into_iter().flatten();
                let wanted = is_here && wanted.contains(&ordinal);
                Column {
                    ordinal,
                    wanted,
                    note: if wanted || !is_here { ColumnNote::None } else { ColumnNote::ScaledAway },
                    dns: dns::tag(self.cluster, self.story, set, &name, self.records),
                    claims: claims.map(|claim| self.ticket(claim, pod.as_ref())).collect(),
                    pod,
                    name,
                }
            })
            .collect();
        let order = order::order(set, !is_here, &mut columns, update);
        let rolls = is_here && matches!(view.update_strategy(), UpdateStrategy::RollingUpdate { .. });
        let ready = set.status().i64_at(&["readyReplicas"]).unwrap_or(0);
        SetScene {
            key: set.key(),
            ready: if is_here { ready } else { 0 },
            replicas: view.replicas(),
            service: view.service_name().to_owned(),
            policy: if view.is_parallel() { "Parallel" } else { "OrderedReady" }.to_owned(),
            life,
            revisions: badges,
            order,
            columns,
            beyond,
            partition: rolls.then(|| view.partition()),
        }
    }

    fn ticket(self, claim: &Object, pod: Option<&PodCard>) -> crate::model::ClaimTicket {
        let mut ticket = storage::ticket(self.cluster, claim, self.story.revisions());
        // Until somebody who is silent says that the Pod has ended, its volume stays where it is.
        let held = pod.filter(|pod| pod.deleting && pod.look == PodLook::Unknown);
        ticket.held_on = held.and_then(|pod| pod.node.clone());
        ticket
    }

    /// The claims of the set, by ordinal, with those of identities long gone.
    fn claims_by_ordinal(self, set: &Object) -> SortedMap<i64, Vec<&'c Rc<Object>>> {
        let mut found: SortedMap<i64, Vec<&Rc<Object>>> = SortedMap::new();
        for claim in self.cluster.store().list(Kind::PersistentVolumeClaim, &set.metadata.namespace) {
            if let Some(ordinal) = self.story.sets().ordinal_of_claim(set, &claim.metadata.name) {
                found.entry(ordinal).or_default().push(claim);
            }
        }
        found
    }
}
