//! Where the cluster has something else than a manifest that was applied to it: somebody has written it since.
//!
//! As `kubectl diff` does, the API server is asked what an apply would make of the object, on a copy of the cluster
//! that is thrown away. So a value that is only written otherwise (`1024Mi`, `1Gi`) is none that differs.
//!
//! Differs: what the cluster has beside what the manifest names is not looked at, as an apply leaves it alone.

use api::{Key, Kind};
use apimachinery::Quantity;
use apimachinery::value::ValueExt;
use apimachinery::yaml::{self, Node, NodeKind};
use apiserver::{Actor, FieldValidation, Patch, Request, ResponseBody, Subresource, Verb, WriteOptions};
use cluster::Cluster;
use kubectl::annotation::{LAST_APPLIED, with_last_applied};
use kubectl::apply::patch_for;
use serde_json::Value;

use crate::edits::{self, Edit};

/// Differences that are looked for.
const DRIFTS_MAX: usize = 100;

/// A value that the cluster has otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// Its line in the file, from 1.
    pub line: usize,
    /// What the cluster has, as it is written in YAML; nothing if the field is not there.
    pub cluster: Option<String>,
    /// How the manifest takes it; nothing where no line can be taken out.
    pub edit: Option<Edit>,
}

/// The objects that a text describes, as far as it can be read.
pub fn described(text: &str) -> Vec<Key> {
    let documents = yaml::read(text, &yaml::Limits::default());
    documents.iter().filter_map(|document| key_of(&document.to_value().ok()??)).collect()
}

/// How often what a person writes of these objects was written: it changes when one of them may have drifted.
pub fn versions(cluster: &Cluster, keys: &[Key]) -> Vec<u64> {
    let version = |key: &Key| {
        let object = cluster.store().get(key)?;
        let counted = object.metadata.generation > 0;
        Some(if counted {
            object.metadata.generation.unsigned_abs()
        } else {
            object.metadata.resource_version
        })
    };
    keys.iter().map(|key| version(key).unwrap_or(0)).collect()
}

/// Where the cluster differs from a text.
pub fn drift(text: &str, cluster: &Cluster, actor: &Actor) -> Vec<Drift> {
    let mut found = Walk { text, found: Vec::new() };
    for document in yaml::read(text, &yaml::Limits::default()) {
        if let (Ok(Some(value)), Some(root)) = (document.to_value(), &document.root) {
            of_document(&value, root, cluster, actor, &mut found);
        }
    }
    found.found
}

fn key_of(value: &Value) -> Option<Key> {
    let kind = Kind::from_manifest(value.str_at(&["apiVersion"]), value.str_at(&["kind"]))?;
    let namespace = match value.str_at(&["metadata", "namespace"]) {
        _ if !kind.info().namespaced => "",
        "" => "default",
        given => given,
    };
    Some(Key::new(kind, namespace, value.str_at(&["metadata", "name"])))
}

fn of_document(
    value: &Value,
    root: &Node,
    cluster: &Cluster,
    actor: &Actor,
    found: &mut Walk<'_>,
) -> Option<()> {
    let key = key_of(value)?;
    let current = cluster.store().get(&key)?;
    let namespace = if key.kind.info().namespaced { &*key.namespace } else { "" };
    let patch = patch_for(current, &with_last_applied(value, namespace));
    let options =
        WriteOptions { dry_run: true, field_validation: FieldValidation::Strict, ..WriteOptions::default() };
    let verb = Verb::Patch(Patch::StrategicMerge(patch), Subresource::None, options);
    // Of a text that is refused the values are compared as they are written.
    let merged = match cluster.dry_run(&Request { actor: actor.clone(), key, verb }) {
        Ok(answer) => match answer.body {
            ResponseBody::Object(merged) => merged.to_value(),
            ResponseBody::Scale(_) | ResponseBody::List(..) | ResponseBody::Success => return None,
        },
        Err(_) => value.clone(),
    };
    let last = serde_json::from_str(current.metadata.annotation(LAST_APPLIED)).unwrap_or(Value::Null);
    let live = current.to_value();
    for entry in edits::entries(root) {
        if matches!(&*entry.name, "spec" | "data" | "stringData" | "metadata") {
            let sides = [value, &live, &merged, &last].map(|side| side.get(&*entry.name));
            found.walk(&entry.value, sides);
        }
    }
    Some(())
}

/// What the text says, what the cluster has, what an apply would make of it, and what was applied last.
type Sides<'v> = [Option<&'v Value>; 4];

struct Walk<'t> {
    text: &'t str,
    found: Vec<Drift>,
}

impl Walk<'_> {
    fn walk(&mut self, node: &Node, sides: Sides<'_>) {
        if node.alias || self.found.len() >= DRIFTS_MAX || sides[1] == sides[2] {
            return;
        }
        match &node.kind {
            NodeKind::Scalar(_) => {}
            NodeKind::Seq(items) => {
                for (at, item) in items.iter().enumerate() {
                    let mine = sides[0].and_then(|list| list.get(at));
                    self.walk(
                        item,
                        [
                            mine,
                            in_list(sides[1], mine, at),
                            in_list(sides[2], mine, at),
                            in_list(sides[3], mine, at),
                        ],
                    );
                }
            }
            NodeKind::Map(entries) => {
                for entry in entries.iter() {
                    let inner = sides.map(|side| side.and_then(|map| map.get(&*entry.name)));
                    let is_leaf = entry.value.as_scalar().is_some();
                    if is_leaf || inner[1].is_none() {
                        self.leaf(entry, inner);
                    } else {
                        self.walk(&entry.value, inner);
                    }
                }
            }
        }
    }

    /// A value, or a part of the manifest of which the cluster has nothing.
    fn leaf(&mut self, entry: &yaml::Entry, [mine, live, merged, last]: Sides<'_>) {
        let is_same = |one: Option<&Value>, other: Option<&Value>| {
            let quantity = |side: Option<&Value>| side.and_then(Quantity::from_value);
            one == other || (quantity(one).is_some() && quantity(one) == quantity(other))
        };
        // What a person has typed since the last apply is a change of the text; the cluster's is another.
        let is_typed = last.is_some() && !is_same(mine, last);
        if is_same(live, merged) || (is_typed && is_same(live, last)) || (last.is_none() && live.is_none()) {
            return;
        }
        let edit = match live {
            Some(live) => edits::replaced(self.text, entry, live),
            None => edits::removed(self.text, entry),
        };
        let line = self.text.get(..entry.key.span.start).map_or(1, |before| before.split('\n').count());
        self.found.push(Drift { line, cluster: live.map(edits::scalar), edit });
    }
}

/// The item of a list that a manifest's item is about: the one of its name, else the one at its place.
fn in_list<'v>(list: Option<&'v Value>, mine: Option<&Value>, at: usize) -> Option<&'v Value> {
    let items = list?.as_array()?;
    match mine.and_then(|mine| mine.get("name")) {
        Some(name) => items.iter().find(|item| item.get("name") == Some(name)),
        None => items.get(at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples::NOTE_003;
    use crate::{Session, laboratory};

    fn applied() -> Session {
        let mut session = Session::new(laboratory(), Some(NOTE_003));
        assert_eq!(session.apply(), 0);
        session
    }

    fn told(session: &Session, text: &str) -> Vec<(String, Option<String>)> {
        let line = |at: usize| text.lines().nth(at - 1).unwrap_or("").trim().to_owned();
        session.drift(text).into_iter().map(|drift| (line(drift.line), drift.cluster)).collect()
    }

    #[test]
    fn what_somebody_wrote_since_is_marked_and_taken() {
        let mut session = applied();
        let text = NOTE_003.files[0].1;
        assert_eq!(session.drift(text), [], "as it was applied");
        session.command("kubectl scale sts web --replicas=2");
        session.command("kubectl set image sts/web nginx=nginx:1.25");
        let image = text.lines().find(|line| line.contains("image:")).expect("the note has one").trim();
        let wanted = [
            ("replicas: 3".to_owned(), Some("2".to_owned())),
            (image.to_owned(), Some("nginx:1.25".to_owned())),
        ];
        assert_eq!(
            told(&session, text)
                .iter()
                .map(|(line, has)| (line.split(" #").next().unwrap_or("").to_owned(), has.clone()))
                .collect::<Vec<_>>(),
            wanted
        );
        let edits: Vec<Edit> = session.drift(text).into_iter().filter_map(|drift| drift.edit).collect();
        let taken = edits::edited(text, &edits);
        assert!(taken.contains("replicas: 2") && taken.contains("image: nginx:1.25"), "{taken}");
        assert_eq!(session.drift(&taken), []);
    }

    #[test]
    fn what_one_types_is_no_drift_unless_somebody_else_wrote_it_too() {
        let mut session = applied();
        let typed = NOTE_003.files[0].1.replace("replicas: 3", "replicas: 5");
        assert_eq!(session.drift(&typed), []);
        session.command("kubectl scale sts web --replicas=2");
        assert_eq!(told(&session, &typed)[0].1, Some("2".to_owned()));
        let refused = NOTE_003.files[0].1.replace("nginx:1.7.9", "\"\"");
        assert_eq!(told(&session, &refused)[0].1, Some("2".to_owned()), "also in a text with a mistake");
        let quantity = NOTE_003.files[0].1.replace("1Gi", "1024Mi");
        assert_eq!(told(&session, &quantity).len(), 1, "the same size is none");
    }
}
