//! PersistentVolumes as whoever binds claims asks for them, and Pods by the claims that they mount: kept up to
//! date with the changes, see [`crate::memory`].
//!
//! Models: `pkg/controller/volume/persistentvolume/index.go`.

use std::rc::Rc;

use api::core::Claim;
use api::{Key, Kind, Object, PodFacts};
use apimachinery::Quantity;
use apimachinery::sorted::{SharedMap, SortedMap};
use apimachinery::value::ValueExt;

use crate::memory::Follows;
use crate::seen::Seen;

/// Namespace and name.
type Place = (Rc<str>, Rc<str>);
/// Volumes by their size and, among equals, by their name.
type BySize = SharedMap<(Quantity, Rc<str>), Rc<Object>>;

/// All volumes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Volumes {
    /// Those with a `claimRef`, by the claim that it names, then by their names.
    reserved: SharedMap<Place, SortedMap<Rc<str>, Rc<Object>>>,
    /// Those without, by their class, then by how many access modes they offer.
    free: SortedMap<Rc<str>, SortedMap<usize, BySize>>,
}

impl Volumes {
    /// The volumes of a view.
    pub fn of(seen: &Seen<'_>) -> Rc<Self> {
        seen.follow(Key::new(Kind::PersistentVolume, "", ""), Self::default(), Kind::PersistentVolume, "")
    }

    /// The volumes whose `claimRef` names a claim, whatever its UID, in the order of their names.
    pub fn reserved(&self, claim: &Object) -> impl Iterator<Item = &Rc<Object>> {
        let place = (claim.metadata.namespace.as_str().into(), claim.metadata.name.as_str().into());
        self.reserved.get(&place).into_iter().flat_map(SortedMap::values)
    }

    /// The volumes of a class that nobody has claimed and that have at least this size: in groups that offer
    /// the same number of access modes, fewest first, and each from the smallest up, equal ones by name.
    pub fn free(
        &self,
        class: &str,
        size: Quantity,
    ) -> impl Iterator<Item = impl Iterator<Item = &Rc<Object>>> {
        let groups = self.free.get(class).into_iter().flat_map(SortedMap::values);
        groups.map(move |group| group.iter_from(&(size, Rc::from(""))).map(|(_, volume)| volume))
    }

    fn insert(&mut self, volume: &Rc<Object>) {
        let name = volume.metadata.name.as_str().into();
        if let Some(place) = claimed(volume) {
            if let Some(group) = self.reserved.get_mut(&place) {
                group.insert(name, Rc::clone(volume));
            } else {
                self.reserved.insert(place, [(name, Rc::clone(volume))].into());
            }
        } else {
            let groups = self.free.entry(class(volume).into()).or_default();
            groups.entry(modes(volume)).or_default().insert((size(volume), name), Rc::clone(volume));
        }
    }

    fn remove(&mut self, volume: &Rc<Object>) {
        let name: Rc<str> = volume.metadata.name.as_str().into();
        if let Some(place) = claimed(volume) {
            if let Some(group) = self.reserved.get_mut(&place) {
                group.remove(&name);
                if group.is_empty() {
                    self.reserved.remove(&place);
                }
            }
        } else if let Some(groups) = self.free.get_mut(class(volume)) {
            if let Some(group) = groups.get_mut(&modes(volume)) {
                group.remove(&(size(volume), name));
            }
            groups.retain(|_, group| !group.is_empty());
            if groups.is_empty() {
                self.free.remove(class(volume));
            }
        }
    }
}

impl Follows for Volumes {
    fn answers(&self, _other: &Self) -> bool {
        true
    }

    fn apply(&mut self, before: Option<&Rc<Object>>, after: Option<&Rc<Object>>) {
        if let Some(volume) = before {
            self.remove(volume);
        }
        if let Some(volume) = after {
            self.insert(volume);
        }
    }
}

/// The claim that a volume's `claimRef` names.
fn claimed(volume: &Object) -> Option<Place> {
    let reference = volume.spec().at(&["claimRef"])?;
    Some((reference.str_at(&["namespace"]).into(), reference.str_at(&["name"]).into()))
}

fn class(volume: &Object) -> &str {
    Claim(volume).class().unwrap_or("")
}

fn modes(volume: &Object) -> usize {
    volume.spec().list_at(&["accessModes"]).len()
}

fn size(volume: &Object) -> Quantity {
    volume.spec().at(&["capacity", "storage"]).and_then(Quantity::from_value).unwrap_or(Quantity::ZERO)
}

/// All Pods, by the claims that they mount.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Users(SharedMap<Key, SortedMap<Rc<str>, Rc<Object>>>);

impl Users {
    /// Those of a view.
    pub fn of(seen: &Seen<'_>) -> Rc<Self> {
        seen.follow(Key::new(Kind::PersistentVolumeClaim, "", ""), Self::default(), Kind::Pod, "")
    }

    /// The Pods that mount a claim, in the order of their names.
    pub fn of_claim(&self, claim: &Key) -> impl Iterator<Item = &Rc<Object>> {
        self.0.get(claim).into_iter().flat_map(SortedMap::values)
    }
}

impl Follows for Users {
    fn answers(&self, _other: &Self) -> bool {
        true
    }

    fn apply(&mut self, before: Option<&Rc<Object>>, after: Option<&Rc<Object>>) {
        for (pod, claim) in
            before.into_iter().flat_map(|pod| PodFacts::of(pod).claims.iter().map(move |c| (pod, c)))
        {
            if let Some(users) = self.0.get_mut(claim) {
                users.remove(pod.metadata.name.as_str());
                if users.is_empty() {
                    self.0.remove(claim);
                }
            }
        }
        for (pod, claim) in
            after.into_iter().flat_map(|pod| PodFacts::of(pod).claims.iter().map(move |c| (pod, c)))
        {
            let name = pod.metadata.name.as_str().into();
            if let Some(users) = self.0.get_mut(claim) {
                users.insert(name, Rc::clone(pod));
            } else {
                self.0.insert(claim.clone(), [(name, Rc::clone(pod))].into());
            }
        }
    }
}
