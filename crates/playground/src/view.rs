//! What the components get: plain data in the viewer's words.

use std::rc::Rc;

use api::Key;
use apimachinery::Lang;
use scene::{Ribbon, Scene};

use crate::words::Words;

/// What every component knows: the words and who is selected.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// The language.
    pub lang: Lang,
    /// Its texts.
    pub words: &'static Words,
    /// The selected object.
    pub selected: Option<Key>,
    /// The moment on stage, in microseconds since 0:00.
    pub now: i64,
    /// 0:00, as the cluster's clock says.
    pub origin: apimachinery::Time,
}

impl Frame {
    /// Microseconds since 0:00 of a moment of the cluster.
    pub fn since_start(&self, moment: apimachinery::Time) -> i64 {
        moment.micros_since(self.origin)
    }
}

/// The stage's data, shared so that comparing props compares a pointer.
#[derive(Debug, Clone)]
pub struct SharedScene(pub Rc<Scene>);

impl PartialEq for SharedScene {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The timeline's data.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TimelineView {
    /// The lives so far.
    pub ribbons: Vec<Ribbon>,
    /// The lives if nobody acts.
    pub forecast: Vec<Ribbon>,
    /// When something was decided about the selected object.
    pub decisions: Vec<i64>,
    /// What a person did: when (microseconds), and its words.
    pub flags: Vec<(i64, String)>,
    /// The head, in microseconds since 0:00.
    pub head: i64,
    /// How far the ruler reaches.
    pub end: i64,
}

/// What a manifest asks for. The page's own, since it is drawn before the engine has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The set's name.
    pub name: String,
    /// How many Pods.
    pub replicas: i64,
    /// The lowest ordinal.
    pub first: i64,
    /// All at once.
    pub parallel: bool,
}

/// A fault that the page offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultChoice {
    /// A Pod's first container crashes.
    Crash(Key),
    /// A Pod's readiness is forced.
    Ready(Key, bool),
    /// An image behaves so from its next start on; an empty text means "as usual".
    Image(String, &'static str),
    /// A machine is switched off.
    PowerOff(String),
    /// A machine is switched on.
    PowerOn(String),
}

/// A row of the event log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// The Event's name.
    pub name: String,
    /// When it last happened, in microseconds since 0:00.
    pub at: i64,
    /// Whether it is a Warning.
    pub warning: bool,
    /// `SuccessfulCreate`.
    pub reason: String,
    /// `statefulset/web`.
    pub object: String,
    /// Kubernetes' sentence.
    pub message: String,
    /// How often.
    pub count: i64,
}

/// A request on its way along a column, shown for a moment of real time.
#[derive(Debug, Clone, PartialEq)]
pub struct Pill {
    /// `PATCH web-1/status`.
    pub text: String,
    /// The identity that it is about, by Pod name.
    pub pod: String,
    /// From the kubelet up, not from a controller down.
    pub upwards: bool,
    /// When it began, on the page's clock in milliseconds.
    pub since: f64,
}

/// The pill of a record: a write to a Pod, by a controller or a kubelet.
pub fn pill(record: &cluster::Record, now: f64) -> Option<Pill> {
    let cluster::What::Requested { verb, key, part, result: Ok(_), .. } = &record.what else { return None };
    if key.kind != api::Kind::Pod || record.actor.is_user() {
        return None;
    }
    let part = if part.is_empty() { String::new() } else { format!("/{part}") };
    Some(Pill {
        text: format!("{verb} {}{part}", key.name),
        pod: key.name.to_string(),
        upwards: record.actor.as_str().starts_with("kubelet/"),
        since: now,
    })
}
