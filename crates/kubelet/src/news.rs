//! What a worker hears of its Pod.

use std::rc::Rc;

use api::Object;
use apimachinery::Time;
use apimachinery::value::ValueExt;
use serde_json::Value;

use crate::worker::Worker;

impl Worker {
    /// Takes a change of the Pod.
    pub fn heard(&mut self, pod: &Rc<Object>, now: Time) {
        let deletion = |p: &Object| (p.metadata.deletion_timestamp, p.metadata.deletion_grace_period_seconds);
        let is_news =
            pod.metadata.generation != self.pod.metadata.generation || deletion(pod) != deletion(&self.pod);
        let gates = !pod.spec().list_at(&["readinessGates"]).is_empty();
        self.pod = Rc::clone(pod);
        // A kubelet gives a reason when a Pod is not ready; the node controller, which has taken the
        // node for lost, gives none. Then the status has to be said again.
        let mut conditions = pod.status().list_at(&["conditions"]).iter();
        let ready = conditions.find(|c| c.str_at(&["type"]) == "Ready");
        let disowned = ready.is_some_and(|c| c.str_at(&["status"]) == "False" && c.at(&["reason"]).is_none());
        if disowned && !self.wrote.is_null() {
            self.wrote = Value::Null;
            self.sync_by(now);
        }
        if is_news || gates {
            self.sync_by(now);
            if pod.metadata.is_deleting() && self.ending.is_none() {
                self.job = None;
            }
        }
    }

    /// Takes that the object is gone although containers may still run: it was deleted by force.
    pub fn lost(&mut self, now: Time) {
        self.is_gone = true;
        self.job = None;
        self.sync_by(now);
    }
}
