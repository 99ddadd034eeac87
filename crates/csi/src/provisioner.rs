//! An external provisioner: it watches claims and volumes and makes, grows and deletes volumes.
//!
//! Models: `sig-storage-lib-external-provisioner/controller`, `kubernetes-csi/external-resizer`.
//! Differs: one provisioner process, always the leader; a local one (`rancher.io/local-path`) makes
//! directories of a node, every other one makes CSI volumes that any node can reach and can grow
//! them without the node's help.

use std::rc::Rc;
use std::time::Duration;

use api::{Key, Kind, Object};
use apimachinery::sorted::SortedMap;
use apimachinery::value::{ValueExt, set_at};
use apimachinery::{Quantity, Reason, Rng, Time};
use apiserver::{Actor, Answer, Change, DeleteOptions, Request};
use client::{Agent, Effect, EventSpec, Seen};
use serde_json::Value;

use crate::jobs::{Job, Jobs, Stage, Task};
use crate::reason::ProvisionerReason;
use crate::volume;

/// How long it takes to make storage, at least and at most, in milliseconds.
const WORK_MS: (u64, u64) = (200, 600);
/// The pause after the first failure; it doubles up to [`RETRY_MAX`].
const RETRY_BASE: Duration = Duration::from_secs(1);
/// The longest pause between two tries (`--retry-interval-max`).
const RETRY_MAX: Duration = Duration::from_secs(300);

/// An external provisioner with its work in progress.
#[derive(Debug, Clone)]
pub struct Provisioner {
    name: &'static str,
    source: &'static str,
    resizer: &'static str,
    rng: Rng,
    slower_by: Duration,
    failure: String,
    jobs: Jobs,
    /// Objects to look at in the next [`Agent::act`].
    dirty: SortedMap<Key, ()>,
    tags: u64,
}

/// A text that lives as long as the program: events carry names of components by reference. A provisioner is
/// made once per cluster, so this is a handful of short strings.
fn for_ever(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

impl Provisioner {
    /// The provisioner that classes call `name`; `seed` fixes its pace and its identity.
    pub fn new(name: &str, seed: u64) -> Self {
        let mut rng = Rng::stream(seed, name);
        let short = name.rsplit('/').next().unwrap_or(name);
        let pod = format!("{short}-provisioner-0");
        Self {
            name: for_ever(name.to_owned()),
            source: for_ever(format!("{name}_{pod}_{}", rng.uuid())),
            resizer: for_ever(format!("external-resizer {name}")),
            rng,
            slower_by: Duration::ZERO,
            failure: String::new(),
            jobs: Jobs::default(),
            dirty: SortedMap::new(),
            tags: 0,
        }
    }

    /// Makes all work take this much longer from now on.
    pub fn set_delay(&mut self, by: Duration) {
        self.slower_by = by;
    }

    /// Makes all work fail from now on with this error; an empty one lets it work again.
    pub fn set_failure(&mut self, message: &str) {
        message.clone_into(&mut self.failure);
    }

    /// Ends and starts again: what it had begun is lost.
    pub fn restart(&mut self) {
        self.jobs = Jobs::default();
        self.dirty = SortedMap::new();
    }

    fn work_time(&mut self) -> Duration {
        Duration::from_millis(self.rng.between(WORK_MS.0, WORK_MS.1)) + self.slower_by
    }

    fn actor(&self) -> Actor {
        Actor::component(self.name)
    }

    /// What must be done about an object, as the caches show it.
    fn task_for(&self, object: &Object, seen: &Seen<'_>) -> Option<Task> {
        match object.kind {
            Kind::PersistentVolumeClaim => self.claim_task(object, seen),
            Kind::PersistentVolume => self.must_delete(object).then_some(Task::Delete),
            _ => None,
        }
    }

    fn claim_task(&self, claim: &Object, seen: &Seen<'_>) -> Option<Task> {
        let volume = claim.spec().str_at(&["volumeName"]);
        if volume.is_empty() {
            let named = [volume::STORAGE_PROVISIONER, volume::BETA_STORAGE_PROVISIONER]
                .iter()
                .any(|a| claim.metadata.annotation(a) == self.name);
            return (named && !claim.metadata.is_deleting()).then_some(Task::Provision);
        }
        let size = |value: Option<&Value>| value.and_then(Quantity::from_value).unwrap_or(Quantity::ZERO);
        let wanted = size(claim.spec().at(&["resources", "requests", "storage"]));
        let granted = size(claim.status().at(&["capacity", "storage"]));
        let grows = claim.status().str_at(&["phase"]) == "Bound" && wanted > granted;
        let volume = seen.find(Kind::PersistentVolume, "", volume)?;
        let mine = volume.spec().str_at(&["csi", "driver"]) == self.name;
        (grows && mine).then_some(Task::Resize)
    }

    fn must_delete(&self, volume: &Object) -> bool {
        let released = matches!(volume.status().str_at(&["phase"]), "Released" | "Failed");
        released
            && volume.metadata.annotation(volume::PROVISIONED_BY) == self.name
            && volume.spec().str_at(&["persistentVolumeReclaimPolicy"]) == "Delete"
            && (!volume.metadata.is_deleting() || has_own_finalizer(volume))
    }

    /// Starts or drops jobs for objects that changed.
    fn plan(&mut self, now: Time, seen: &Seen<'_>, effects: &mut Vec<Effect>) {
        for key in std::mem::take(&mut self.dirty).into_keys() {
            let Some(object) = seen.get(&key) else {
                self.jobs.remove(&key);
                continue;
            };
            let task = self.task_for(object, seen);
            match (self.jobs.get(&key), task) {
                (Some(job), Some(task)) if job.task == task => {}
                (_, None) => {
                    self.jobs.remove(&key);
                }
                (_, Some(task)) => self.begin(object, task, now, seen, effects),
            }
        }
    }

    fn begin(
        &mut self,
        object: &Rc<Object>,
        task: Task,
        now: Time,
        seen: &Seen<'_>,
        effects: &mut Vec<Effect>,
    ) {
        let key = object.key();
        match task {
            Task::Provision => {
                let Some(class) = class_of(object, seen) else { return };
                let late = class.field("volumeBindingMode").as_str() == Some("WaitForFirstConsumer");
                if late && object.metadata.annotation(volume::SELECTED_NODE).is_empty() {
                    effects.push(because(ProvisionerReason::WaitsForSelectedNode { claim: key }));
                    return;
                }
                effects.push(Effect::Event(self.provisioning_event(object)));
                let provisioner = self.name.to_owned();
                effects
                    .push(because(ProvisionerReason::ProvisionsVolume { claim: key.clone(), provisioner }));
            }
            Task::Delete => {
                effects.push(because(ProvisionerReason::DeletesReleasedVolume { volume: key.clone() }));
            }
            Task::Resize => {
                let size = object.spec().str_at(&["resources", "requests", "storage"]).to_owned();
                let volume = object.spec().str_at(&["volumeName"]);
                let text = format!("External resizer is resizing volume {volume}");
                effects.push(Effect::Event(EventSpec::normal(object, "Resizing", text, self.resizer)));
                effects.push(because(ProvisionerReason::ResizesVolume { claim: key.clone(), size }));
            }
        }
        let due = now + self.work_time();
        self.jobs.insert(key, Job { task, stage: Stage::Working, due, failures: 0 });
    }

    fn provisioning_event(&self, claim: &Object) -> EventSpec {
        let (namespace, name) = (&claim.metadata.namespace, &claim.metadata.name);
        let text = format!("External provisioner is provisioning volume for claim \"{namespace}/{name}\"");
        EventSpec::normal(claim, "Provisioning", text, self.source)
    }

    /// Finishes what is due.
    fn finish(&mut self, now: Time, seen: &Seen<'_>, effects: &mut Vec<Effect>) {
        for key in self.jobs.due(now) {
            let Some(object) = seen.get(&key) else {
                self.jobs.remove(&key);
                continue;
            };
            let Some(task) = self.jobs.get(&key).map(|job| job.task) else { continue };
            match task {
                Task::Provision => self.make(object, now, seen, effects),
                Task::Delete => self.delete(object, effects),
                Task::Resize => self.grow(object, seen, effects),
            }
        }
    }

    fn ask(&mut self, key: &Key, request: Request, effects: &mut Vec<Effect>) {
        self.tags += 1;
        self.jobs.change(key, |job| job.stage = Stage::Asked(self.tags));
        effects.push(Effect::Request { tag: self.tags, request });
    }

    fn make(&mut self, claim: &Rc<Object>, now: Time, seen: &Seen<'_>, effects: &mut Vec<Effect>) {
        let key = claim.key();
        let Some(class) = class_of(claim, seen) else {
            self.jobs.remove(&key);
            return;
        };
        let node = claim.metadata.annotation(volume::SELECTED_NODE);
        let made = match self.failure.as_str() {
            "" => volume::volume_for(self.name, claim, class, node),
            error => Err(error.to_owned()),
        };
        match made {
            Ok(volume) => {
                let text = format!("Successfully provisioned volume {}", volume.metadata.name);
                effects.push(Effect::Event(EventSpec::normal(
                    claim,
                    "ProvisioningSucceeded",
                    text,
                    self.source,
                )));
                let request = Request::create(&self.actor(), volume);
                self.ask(&key, request, effects);
            }
            Err(error) => {
                let class = &class.metadata.name;
                let text = format!("failed to provision volume with StorageClass \"{class}\": {error}");
                effects.push(Effect::Event(EventSpec::warning(
                    claim,
                    "ProvisioningFailed",
                    text,
                    self.source,
                )));
                effects.push(because(ProvisionerReason::ProvisioningFailed { claim: key.clone(), error }));
                self.retry(&key, now);
            }
        }
    }

    fn delete(&mut self, volume: &Rc<Object>, effects: &mut Vec<Effect>) {
        let key = volume.key();
        let request = if volume.metadata.is_deleting() {
            let mut object = Object::clone(volume);
            object.metadata.finalizers.retain(|f| f != volume::PROVISIONER_FINALIZER);
            Request::update(&self.actor(), object)
        } else {
            Request::delete(&self.actor(), key.clone(), DeleteOptions::default())
        };
        self.ask(&key, request, effects);
    }

    /// Grows a claim: first its volume, then, when the caches have heard of that, the claim's status.
    fn grow(&mut self, claim: &Rc<Object>, seen: &Seen<'_>, effects: &mut Vec<Effect>) {
        let key = claim.key();
        let size = claim.spec().at(&["resources", "requests", "storage"]).cloned().unwrap_or(Value::Null);
        let Some(volume) = seen.find(Kind::PersistentVolume, "", claim.spec().str_at(&["volumeName"])) else {
            self.jobs.remove(&key);
            return;
        };
        let request = if volume.spec().at(&["capacity", "storage"]) == Some(&size) {
            effects.push(Effect::Event(EventSpec::normal(
                claim,
                "VolumeResizeSuccessful",
                "Resize volume succeeded",
                self.resizer,
            )));
            let mut object = Object::clone(claim);
            set_at(object.status_mut(), &["capacity", "storage"], size);
            Request::update_status(&self.actor(), object)
        } else {
            let mut object = Object::clone(volume);
            set_at(object.spec_mut(), &["capacity", "storage"], size);
            Request::update(&self.actor(), object)
        };
        self.ask(&key, request, effects);
    }

    fn retry(&mut self, key: &Key, now: Time) {
        self.jobs.change(key, |job| {
            let pause = RETRY_BASE.saturating_mul(1 << job.failures.min(16)).min(RETRY_MAX);
            job.failures += 1;
            job.stage = Stage::Working;
            job.due = now + pause;
        });
    }
}

impl Agent for Provisioner {
    fn name(&self) -> &'static str {
        self.name
    }

    fn watches(&self) -> &'static [Kind] {
        &[Kind::PersistentVolumeClaim, Kind::PersistentVolume, Kind::StorageClass]
    }

    fn observe(&mut self, change: &Change, _seen: &Seen<'_>, _now: Time) -> bool {
        if change.key.kind == Kind::StorageClass {
            return false;
        }
        self.dirty.insert(change.key.clone(), ());
        // A claim that grows waits for its volume to be written first.
        if let Some(claim) = change.after.as_ref().and_then(|o| o.spec().at(&["claimRef"])) {
            let (namespace, name) = (claim.str_at(&["namespace"]), claim.str_at(&["name"]));
            self.dirty.insert(Key::new(Kind::PersistentVolumeClaim, namespace, name), ());
        }
        true
    }

    fn next_due(&self) -> Option<Time> {
        self.jobs.next_due()
    }

    fn act(&mut self, now: Time, seen: &Seen<'_>) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.plan(now, seen, &mut effects);
        self.finish(now, seen, &mut effects);
        effects
    }

    fn answered(&mut self, tag: u64, answer: &Answer, now: Time) {
        let Some(key) = self.jobs.asked(tag).cloned() else { return };
        let taken = matches!(answer, Err(status) if status.reason == Reason::AlreadyExists);
        if answer.is_err() && !taken {
            self.retry(&key, now);
            return;
        }
        // The next change of the object decides whether there is more to do.
        if self.jobs.get(&key).is_some_and(|job| job.task == Task::Provision) {
            self.jobs.change(&key, |job| job.stage = Stage::Made);
        } else {
            self.jobs.remove(&key);
        }
    }
}

fn because(reason: ProvisionerReason) -> Effect {
    Effect::Because(reason.about().clone(), Rc::new(reason))
}

fn has_own_finalizer(volume: &Object) -> bool {
    volume.metadata.finalizers.iter().any(|f| f == volume::PROVISIONER_FINALIZER)
}

fn class_of<'a>(claim: &Object, seen: &Seen<'a>) -> Option<&'a Rc<Object>> {
    seen.find(Kind::StorageClass, "", claim.spec().str_at(&["storageClassName"]))
}
