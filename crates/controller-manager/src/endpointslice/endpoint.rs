//! What an endpoint says of its Pod: as the Pod gives it, and as it is stored.

use std::rc::Rc;

use api::{Object, PodFacts};
use apimachinery::value::ValueExt;
use serde_json::Value;

/// What an endpoint says of its Pod.
#[derive(Debug, PartialEq)]
pub(super) struct Endpoint {
    pub is_serving: bool,
    pub is_terminating: bool,
    pub uid: String,
    pub address: String,
    pub node: String,
    pub namespace: String,
    pub name: String,
    /// `spec.hostname`; a stored endpoint has it only if its Service is the Pod's subdomain.
    pub hostname: String,
}

/// What endpoints say of a Pod, read from the Pod itself.
#[derive(Debug)]
pub(super) struct Given {
    pub endpoint: Endpoint,
    pub subdomain: String,
    /// Of its UID.
    pub number: u128,
}

impl Given {
    /// What there is to say of this version of a Pod.
    pub fn of(pod: &Rc<Object>) -> &Self {
        Object::derive(pod, |object| {
            let (meta, facts) = (&object.metadata, PodFacts::of(pod));
            Self {
                endpoint: Endpoint {
                    is_serving: facts.has_ready_condition,
                    is_terminating: meta.is_deleting(),
                    uid: meta.uid.clone(),
                    address: facts.ip.clone(),
                    node: facts.node_name.clone(),
                    namespace: meta.namespace.clone(),
                    name: meta.name.clone(),
                    hostname: object.spec().str_at(&["hostname"]).to_owned(),
                },
                subdomain: object.spec().str_at(&["subdomain"]).to_owned(),
                number: number(&meta.uid),
            }
        })
    }
}

/// A UID as a number, which is quick to find.
fn number(uid: &str) -> u128 {
    uid.chars().filter_map(|c| c.to_digit(16)).fold(0, |number, digit| (number << 4) | u128::from(digit))
}

/// An endpoint as it is stored.
#[derive(Debug)]
pub(super) struct Stored {
    /// Of its Pod's UID.
    pub number: u128,
    /// Its condition `ready`, and what else it says; `None` if it does not have the form that this controller
    /// gives it.
    pub said: Option<(bool, Endpoint)>,
}

impl Stored {
    /// Reads one from a slice.
    pub fn of(value: &Value) -> Self {
        let said = said(value);
        let uid = said.as_ref().map_or_else(|| value.str_at(&["targetRef", "uid"]), |(_, said)| &said.uid);
        Self { number: number(uid), said }
    }
}

/// Reads an endpoint of exactly the form that this controller gives it.
fn said(value: &Value) -> Option<(bool, Endpoint)> {
    let map = value.as_object()?;
    let (mut ready, mut target, mut address, mut node) = (None, None, None, None);
    let mut hostname = "";
    for (name, value) in map {
        match name.as_str() {
            "addresses" => {
                let [one] = value.as_array()?.as_slice() else { return None };
                address = one.as_str();
            }
            "conditions" if value.as_object()?.len() == 3 => {
                let flag = |name: &str| value.bool_at(&[name]);
                ready = Some((flag("ready")?, flag("serving")?, flag("terminating")?));
            }
            "nodeName" => node = value.as_str(),
            "targetRef" if value.as_object()?.len() == 4 && value.str_at(&["kind"]) == "Pod" => {
                let text = |name: &str| value.at(&[name])?.as_str();
                target = Some((text("namespace")?, text("name")?, text("uid")?));
            }
            "hostname" => hostname = value.as_str()?,
            _ => return None,
        }
    }
    let ((ready, is_serving, is_terminating), (namespace, name, uid)) = (ready?, target?);
    let text = str::to_owned;
    let (uid, address, node) = (text(uid), text(address?), text(node?));
    let (namespace, name, hostname) = (text(namespace), text(name), text(hostname));
    Some((ready, Endpoint { is_serving, is_terminating, uid, address, node, namespace, name, hostname }))
}
