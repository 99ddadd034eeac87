//! Events that were told again, or late, by chance.
//!
//! Two clocks of the recorded cluster had nothing to do with what a recording does:
//!
//! * The controller of volumes looks at all claims every 15 seconds and says again what it finds
//!   (`pv_controller_base.go`, `resync`). Whether a look falls into a step depends on when the cluster was
//!   started.
//! * A Pod that was refused because of its volumes is tried again whenever any PersistentVolume is written, in
//!   whatever namespace its claim is (`volumebinding/volume_binding.go`, `EventsToRegister` without a hint).
//!   Other scenarios were recorded at the same time. Only the first two refusals are written, see
//!   `client::series`: after one that is due to others, the next one of the recording is silent.
//!
//! So an event that repeats an earlier one about the same object may be missing here, or come where none
//! was recorded. The first of its kind is compared as it is.
//!
//! And the scheduler wrote its events through one queue for all scenarios that were recorded together, so
//! some came some steps late. An event that a later step may have (`otherEventsMaybe`) may come earlier here.

use std::collections::{BTreeMap, BTreeSet};

use apimachinery::value::ValueExt;
use serde_json::{Map, Value};

/// A step of at least this many seconds certainly contains a look at the claims.
const RESYNC_SECONDS: f64 = 15.0;

/// The events that may come again in a step.
#[derive(Debug, Default)]
pub struct Repeats {
    scheduler: BTreeSet<String>,
    resync: BTreeSet<String>,
    late: BTreeSet<String>,
}

impl Repeats {
    /// Whether a recorded event may be missing here, in a step that waits for `waits` seconds.
    pub fn may_be_missing(&self, event: &str, waits: f64) -> bool {
        self.scheduler.contains(event) || (self.resync.contains(event) && waits < RESYNC_SECONDS)
    }

    /// Whether an event may come that was not recorded in this step.
    pub fn may_come(&self, event: &str) -> bool {
        [&self.scheduler, &self.resync, &self.late].iter().any(|events| events.contains(event))
    }

    /// Allows the events of `late` in this step.
    pub fn await_late(&mut self, late: &Late) {
        self.late.clone_from(&late.0);
    }
}

/// The scheduler's events that later steps may have.
#[derive(Debug, Default)]
pub struct Late(BTreeSet<String>);

impl Late {
    /// Hears of the events of a step.
    pub fn hear(&mut self, read: &Map<String, Value>) {
        let maybe = read.get("otherEventsMaybe").and_then(Value::as_array).into_iter().flatten();
        let maybe = maybe.filter(|event| event.str_at(&["source"]) == "default-scheduler");
        self.0.extend(maybe.map(Value::to_string));
    }
}

/// What was told so far, and about which incarnation of its object.
#[derive(Debug, Default)]
pub struct Told(BTreeMap<String, (Value, Value)>);

impl Told {
    /// Hears of the events of a step that ended in `state`.
    pub fn hear(&mut self, read: &Map<String, Value>, state: &Value) {
        for name in ["otherEvents", "otherEventsMaybe"] {
            for event in read.get(name).and_then(Value::as_array).into_iter().flatten() {
                self.0.insert(event.to_string(), (event.clone(), incarnation(event, state)));
            }
        }
    }

    /// What may come again in a step that ends in `state`.
    pub fn repeats(&self, state: &Value) -> Repeats {
        let mut repeats = Repeats::default();
        let same = |event: &Value, life: &Value| !life.is_null() && incarnation(event, state) == *life;
        let same = self.0.iter().filter(|(_, (event, life))| same(event, life));
        for (text, (event, _)) in same {
            match event.str_at(&["source"]) {
                "default-scheduler" if is_about_volumes(event) => repeats.scheduler.insert(text.clone()),
                "persistentvolume-controller" => repeats.resync.insert(text.clone()),
                _ => false,
            };
        }
        repeats
    }
}

fn is_about_volumes(event: &Value) -> bool {
    let message = event.str_at(&["message"]).to_lowercase();
    event.str_at(&["reason"]) == "FailedScheduling" && message.contains("persistentvolume")
}

/// Which object of its name an event is about, counted from 1; null if the state does not say it.
fn incarnation(event: &Value, state: &Value) -> Value {
    let object = event.str_at(&["object"]).split_once('/');
    let life = object.and_then(|(kind, name)| {
        let list = match kind {
            "pod" => "pods",
            "persistentvolumeclaim" => "claims",
            _ => return None,
        };
        state.at(&[list, name, "incarnation"])
    });
    life.cloned().unwrap_or_default()
}

#[test]
fn only_what_was_told_about_the_same_object_is_a_repeat() {
    let refused = |what: &str| {
        serde_json::json!({
            "object": "pod/web-0", "reason": "FailedScheduling", "source": "default-scheduler", "message": what,
        })
    };
    let (volume, node) = (refused("unbound PersistentVolumeClaims"), refused("Insufficient cpu"));
    let state = |life: i32| serde_json::json!({"pods": {"web-0": {"incarnation": life}}});
    let mut told = Told::default();
    let read = serde_json::json!({"otherEvents": [volume, node]});
    told.hear(read.as_object().expect("a map"), &state(1));
    let missing =
        |event: &Value, life: i32| told.repeats(&state(life)).may_be_missing(&event.to_string(), 0.0);
    assert!(missing(&volume, 1));
    assert!(!missing(&volume, 2) && !missing(&node, 1));
    assert!(told.repeats(&state(1)).may_come(&volume.to_string()));
    assert!(!told.repeats(&state(1)).may_come(&node.to_string()));
}
