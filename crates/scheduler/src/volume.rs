//! The volumes of a Pod: whether it may start at all, which nodes can reach them, and what must be written
//! once a node is chosen.
//!
//! Models: `plugins/{volumerestrictions,volumebinding,volumezone}` (`PreFilter`, `Filter`, `Reserve`),
//! `component-helpers/storage/volume/pv_helpers.go` (`FindMatchingVolume`).
//! Differs: storage capacity (`CSIStorageCapacity`), limits per node, in-tree cloud volumes, generic
//! ephemeral volumes and `allowedTopologies` with several terms per key are not looked at.

use std::rc::Rc;

use api::core::{Claim, Pod};
use api::{Kind, Object};
use apimachinery::Quantity;
use apimachinery::labels::Selector;
use apimachinery::value::ValueExt;
use client::{Seen, Users};
use serde_json::Value;

use crate::affinity;
use crate::refusal::{Blocked, Refusal};
use crate::snapshot::{NodeInfo, Snapshot};

/// The annotation of a claim that names the node which the scheduler has chosen for its first Pod.
pub const SELECTED_NODE: &str = "volume.kubernetes.io/selected-node";
/// The annotation of a volume whose binding no person has asked for.
pub const BOUND_BY_CONTROLLER: &str = "pv.kubernetes.io/bound-by-controller";
/// The annotation of a claim that is bound to its volume for good.
const BIND_COMPLETED: &str = "pv.kubernetes.io/bind-completed";
/// The provisioner of classes whose volumes a person makes.
const NO_PROVISIONER: &str = "kubernetes.io/no-provisioner";
/// Labels of volumes that say where they can be reached from.
const ZONE_LABELS: [&str; 4] = [
    "failure-domain.beta.kubernetes.io/zone",
    "failure-domain.beta.kubernetes.io/region",
    "topology.kubernetes.io/zone",
    "topology.kubernetes.io/region",
];
/// What stands between several zones in one label.
const ZONE_SEPARATOR: &str = "__";

/// What has to be written, and then waited for, before a Pod can start on a node.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Claims and the existing volumes that they get.
    pub bindings: Vec<(Rc<Object>, Rc<Object>)>,
    /// Claims for which a volume is to be made.
    pub provisions: Vec<Rc<Object>>,
}

impl Plan {
    /// Whether all claims are bound.
    pub fn is_empty(&self) -> bool {
        self.bindings.is_empty() && self.provisions.is_empty()
    }

    /// Names of all claims that are not bound yet.
    pub fn claims(&self) -> Vec<String> {
        let bound = self.bindings.iter().map(|(claim, _)| claim);
        bound.chain(&self.provisions).map(|claim| claim.metadata.name.clone()).collect()
    }
}

/// A claim that waits for its first Pod.
#[derive(Debug)]
struct Late<'a> {
    claim: &'a Rc<Object>,
    class: &'a Rc<Object>,
}

/// The volumes of a Pod.
#[derive(Debug)]
pub struct Volumes<'a> {
    bound: Vec<&'a Rc<Object>>,
    late: Vec<Late<'a>>,
    known: Rc<client::Volumes>,
    taken_for_one_pod: bool,
}

impl<'a> Volumes<'a> {
    /// Reads the claims of a Pod, in the order in which the plugins look at them.
    ///
    /// # Errors If no node can have the Pod, the error says why.
    pub fn of(pod: &Object, seen: &Seen<'a>, snapshot: &Snapshot<'_>) -> Result<Self, Blocked> {
        let claims = claims_of(pod, seen)?;
        let mut volumes = Self {
            bound: Vec::new(),
            late: Vec::new(),
            known: client::Volumes::of(seen),
            taken_for_one_pod: claims.iter().any(|claim| is_taken(claim, seen, snapshot)),
        };
        let mut bound = Vec::new();
        for claim in claims {
            if is_bound(claim) {
                bound.push(Claim(claim).volume_name());
            } else if let Some(class) = late_class(claim, seen) {
                volumes.late.push(Late { claim, class });
            } else {
                return Err(Blocked::ClaimUnbound(claim.metadata.name.clone()));
            }
        }
        for name in bound {
            let volume = seen.find(Kind::PersistentVolume, "", name);
            volumes.bound.push(volume.ok_or_else(|| Blocked::VolumeMissing(name.to_owned()))?);
        }
        // The smallest request chooses first, so that it does not take what a larger one needs.
        volumes.late.sort_by_key(|late| requested(late.claim));
        Ok(volumes)
    }

    /// Why the Pod's volumes keep it from this node; `None` if they do not.
    pub fn check(&self, info: &NodeInfo<'_>) -> Option<Refusal> {
        if self.taken_for_one_pod {
            return Some(Refusal::ReadWriteOncePod);
        }
        if !self.bound.iter().all(|volume| reaches(volume, info.node)) {
            return Some(Refusal::VolumeNodeAffinity);
        }
        if self.plan(info).is_none() {
            return Some(Refusal::NoVolumeToBind);
        }
        (!self.bound.iter().all(|volume| is_in_zone(volume, info))).then_some(Refusal::VolumeZone)
    }

    /// What is to be written if the Pod goes there; `None` if its volumes cannot be there.
    pub fn plan(&self, info: &NodeInfo<'_>) -> Option<Plan> {
        let mut plan = Plan::default();
        let mut chosen: Vec<&str> = Vec::new();
        for late in &self.late {
            let node = late.claim.metadata.annotation(SELECTED_NODE);
            if !node.is_empty() && node != info.name() {
                return None; // a node was chosen before, and its volume may be in the making
            }
            let existing = if node.is_empty() { self.matching(late.claim, info, &chosen) } else { None };
            if let Some(volume) = existing {
                chosen.push(&volume.metadata.name);
                plan.bindings.push((Rc::clone(late.claim), Rc::clone(volume)));
            } else if can_provision(late.class, info) {
                plan.provisions.push(Rc::clone(late.claim));
            } else {
                return None;
            }
        }
        Some(plan)
    }

    /// The existing volume for a claim on a node: one that is reserved for it, or else the smallest that
    /// fits.
    fn matching(&self, claim: &Object, info: &NodeInfo<'_>, chosen: &[&str]) -> Option<&Rc<Object>> {
        let wanted = requested(claim);
        let does = |volume: &Object| {
            !chosen.contains(&volume.metadata.name.as_str())
                && capacity(volume) >= wanted
                && volume_mode(volume) == volume_mode(claim)
                && !volume.metadata.is_deleting()
        };
        let mut reserved = self.known.reserved(claim);
        if let Some(volume) = reserved.find(|volume| is_reserved_for(volume, claim) && does(volume)) {
            return reaches(volume, info.node).then_some(volume);
        }
        let selector = claim
            .spec()
            .at(&["selector"])
            .map(|value| Selector::from_label_selector(value).unwrap_or_else(|_| Selector::nothing()));
        let fits = |volume: &&Rc<Object>| {
            does(volume) && is_free(volume, claim, selector.as_ref()) && reaches(volume, info.node)
        };
        let groups = self.known.free(Claim(claim).class().unwrap_or(""), wanted);
        let smallest = groups.filter_map(|mut group| group.find(fits));
        smallest
            .min_by(|a, b| capacity(a).cmp(&capacity(b)).then_with(|| a.metadata.name.cmp(&b.metadata.name)))
    }
}

/// The claims of a Pod. All are checked for existence before any is checked for something else: another
/// plugin does that.
fn claims_of<'a>(pod: &Object, seen: &Seen<'a>) -> Result<Vec<&'a Rc<Object>>, Blocked> {
    let find = |name: &str| {
        let claim = seen.find(Kind::PersistentVolumeClaim, &pod.metadata.namespace, name);
        claim.ok_or_else(|| Blocked::ClaimMissing(name.to_owned()))
    };
    let claims: Vec<_> = Pod(pod).claims().map(find).collect::<Result<_, _>>()?;
    for claim in &claims {
        let name = claim.metadata.name.clone();
        if Claim(claim).phase() == "Lost" {
            return Err(Blocked::ClaimLost(name, Claim(claim).volume_name().to_owned()));
        }
        if claim.metadata.is_deleting() {
            return Err(Blocked::ClaimDeleting(name));
        }
    }
    Ok(claims)
}

/// Whether a claim is bound, on both sides.
pub fn is_bound(claim: &Object) -> bool {
    !Claim(claim).volume_name().is_empty() && claim.metadata.annotations.contains_key(BIND_COMPLETED)
}

/// Whether a claim that only one Pod may use is in use.
fn is_taken(claim: &Object, seen: &Seen<'_>, snapshot: &Snapshot<'_>) -> bool {
    let for_one = claim.spec().list_at(&["accessModes"]).iter().any(|mode| mode == "ReadWriteOncePod");
    for_one && Users::of(seen).of_claim(&claim.key()).any(|pod| snapshot.has_placed(pod))
}

/// The class of a claim that waits for its first Pod. A claim that asks for a volume by name does
/// not wait.
fn late_class<'a>(claim: &Object, seen: &Seen<'a>) -> Option<&'a Rc<Object>> {
    let name = Claim(claim).class().filter(|name| !name.is_empty())?;
    let class = seen.find(Kind::StorageClass, "", name)?;
    let waits = class.field("volumeBindingMode").as_str() == Some("WaitForFirstConsumer");
    (waits && Claim(claim).volume_name().is_empty()).then_some(class)
}

/// What a claim asks for.
fn requested(claim: &Object) -> Quantity {
    size(claim, &["resources", "requests", "storage"])
}

/// How big a volume is.
fn capacity(volume: &Object) -> Quantity {
    size(volume, &["capacity", "storage"])
}

fn size(object: &Object, path: &[&str]) -> Quantity {
    object.spec().at(path).and_then(Quantity::from_value).unwrap_or(Quantity::ZERO)
}

fn volume_mode(object: &Object) -> &str {
    match object.spec().str_at(&["volumeMode"]) {
        "" => "Filesystem",
        mode => mode,
    }
}

/// Whether a volume's `claimRef` names this claim; without a UID it is a reservation by name.
pub fn is_reserved_for(volume: &Object, claim: &Object) -> bool {
    let Some(reference) = volume.spec().at(&["claimRef"]) else { return false };
    let uid = reference.str_at(&["uid"]);
    reference.str_at(&["name"]) == claim.metadata.name
        && reference.str_at(&["namespace"]) == claim.metadata.namespace
        && (uid.is_empty() || uid == claim.metadata.uid)
}

fn is_free(volume: &Object, claim: &Object, selector: Option<&Selector>) -> bool {
    let offered = volume.spec().list_at(&["accessModes"]);
    volume.status().str_at(&["phase"]) == "Available"
        && Claim(volume).class().unwrap_or("") == Claim(claim).class().unwrap_or("")
        && claim.spec().list_at(&["accessModes"]).iter().all(|mode| offered.contains(mode))
        && selector.is_none_or(|s| s.matches(&volume.metadata.labels))
}

/// Whether a volume's node affinity allows a node.
fn reaches(volume: &Object, node: &Object) -> bool {
    let required = volume.spec().at(&["nodeAffinity", "required"]);
    required.is_none_or(|selector| affinity::selector_holds(selector, node))
}

/// Whether the zone labels of a volume allow a node. They allow a node that has none of these labels.
fn is_in_zone(volume: &Object, info: &NodeInfo<'_>) -> bool {
    let ga = |key: &'static str| match key {
        "failure-domain.beta.kubernetes.io/zone" => "topology.kubernetes.io/zone",
        "failure-domain.beta.kubernetes.io/region" => "topology.kubernetes.io/region",
        key => key,
    };
    if ZONE_LABELS.iter().all(|key| info.label(key).is_none()) {
        return true;
    }
    ZONE_LABELS.iter().all(|key| {
        let Some(zones) = volume.metadata.labels.get(*key) else { return true };
        let here = info.label(key).or_else(|| info.label(ga(key)));
        here.is_some_and(|here| zones.split(ZONE_SEPARATOR).any(|zone| zone == here))
    })
}

/// Whether volumes of a class can be made for a node.
fn can_provision(class: &Object, info: &NodeInfo<'_>) -> bool {
    if matches!(class.field("provisioner").as_str().unwrap_or(""), "" | NO_PROVISIONER) {
        return false;
    }
    let terms = class.field("allowedTopologies").as_array().map_or(&[][..], Vec::as_slice);
    let holds = |expression: &Value| {
        let here = info.label(expression.str_at(&["key"]));
        here.is_some_and(|here| expression.list_at(&["values"]).iter().any(|value| value == here))
    };
    terms.is_empty() || terms.iter().any(|term| term.list_at(&["matchLabelExpressions"]).iter().all(holds))
}
