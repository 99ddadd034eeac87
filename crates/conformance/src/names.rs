//! Names for what is drawn at random: UIDs, addresses, names of endpoint slices.

use std::collections::BTreeMap;

use api::Kind;
use apimachinery::value::ValueExt;
use apiserver::Change;
use serde_json::Value;

use crate::text;

/// What was watched: the kinds whose objects are known by name.
pub const WATCHED: [Kind; 7] = [
    Kind::StatefulSet,
    Kind::ControllerRevision,
    Kind::Pod,
    Kind::PersistentVolumeClaim,
    Kind::Service,
    Kind::EndpointSlice,
    Kind::Event,
];

const UID_LENGTH: usize = 36;

/// The names for what has been heard of so far.
#[derive(Debug, Default)]
pub struct Names {
    uids: BTreeMap<String, String>,
    addresses: BTreeMap<String, String>,
    slices: BTreeMap<String, String>,
    /// The UIDs that each kind and name has had, oldest first.
    lives: BTreeMap<String, Vec<String>>,
}

impl Names {
    /// Takes in a change.
    pub fn hear(&mut self, change: &Change) {
        let object = change.object();
        let meta = &object.metadata;
        if !WATCHED.contains(&object.kind) {
            return;
        }
        let named = format!("{}/{}", object.kind.info().name.to_lowercase(), meta.name);
        self.uids.insert(meta.uid.clone(), named.clone());
        if change.is_create() {
            self.lives.entry(named).or_default().push(meta.uid.clone());
        }
        let (address, holder) = match object.kind {
            Kind::Pod => (object.status().str_at(&["podIP"]), format!("ip({})", meta.name)),
            Kind::Service => (object.spec().str_at(&["clusterIP"]), format!("ip(svc/{})", meta.name)),
            _ => ("", String::new()),
        };
        if !matches!(address, "" | "None") {
            self.addresses.insert(address.to_owned(), holder);
        }
        if object.kind == Kind::EndpointSlice && !meta.generate_name.is_empty() {
            self.slices.insert(meta.name.clone(), format!("{}xxxxx", meta.generate_name));
        }
    }

    /// The kind and name of the object with this UID: `statefulset/web`.
    pub fn of_uid(&self, uid: &str) -> Option<&str> {
        self.uids.get(uid).map(String::as_str)
    }

    /// The UID of the youngest object called `statefulset/web`.
    pub fn uid(&self, named: &str) -> Option<&str> {
        self.lives.get(named)?.last().map(String::as_str)
    }

    /// 1 for the first object of this kind and name, 2 for its successor.
    pub fn incarnation(&self, named: &str, uid: &str) -> usize {
        let lives = self.lives.get(named).map_or(&[][..], Vec::as_slice);
        lives.iter().position(|life| life == uid).map_or(1, |at| at + 1)
    }

    /// The text with names in place of what is random.
    pub fn text(&self, text: &str) -> String {
        let text = text::replaced(text, |_, rest| self.named_uid(rest));
        let text = text::replaced(&text, |before, rest| self.named_address(before, rest));
        let text = self.slices.iter().fold(text, |text, (name, general)| text.replace(name, general));
        text::times(&text)
    }

    /// The same for every text in a value.
    pub fn value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.text(text).into(),
            Value::Array(list) => list.iter().map(|each| self.value(each)).collect(),
            Value::Object(map) => map.iter().map(|(k, v)| (self.text(k), self.value(v))).collect(),
            other => other.clone(),
        }
    }

    fn named_uid(&self, rest: &str) -> Option<(usize, String)> {
        let volume = rest.strip_prefix("pvc-").filter(|tail| is_uid(tail));
        let uid = volume.unwrap_or(rest);
        if !is_uid(uid) {
            return None;
        }
        let length = rest.len() - uid.len() + UID_LENGTH;
        let written = match (self.of_uid(&uid[..UID_LENGTH]), volume) {
            (None, _) => rest[..length].to_owned(),
            (Some(named), None) => format!("uid({named})"),
            (Some(named), Some(_)) => format!("pv({})", named.split('/').nth(1).unwrap_or_default()),
        };
        Some((length, written))
    }

    fn named_address(&self, before: &str, rest: &str) -> Option<(usize, String)> {
        let part_of_number = |c: char| c.is_ascii_digit() || c == '.';
        let length = rest.len() - rest.trim_start_matches(part_of_number).len();
        if before.ends_with(part_of_number) {
            return None;
        }
        let named = self.addresses.get(rest.get(..length)?)?;
        Some((length, named.clone()))
    }
}

fn is_uid(text: &str) -> bool {
    text.len() >= UID_LENGTH
        && text.bytes().take(UID_LENGTH).enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
        })
}
