//! What sets and Pods need and nobody has made, what it keeps from happening, and what mends it.
//!
//! A Pod meets its needs in an order: admission asks for its account and priority, the scheduler for its claims and
//! their classes, the kubelet for volumes, then images, then the environment. Of what one owner lacks the earliest
//! blocks, as long as a Pod of it has not come to run; the rest will block. A Service keeps no Pod from running: it
//! only gives names.
//!
//! Differs: a key that a ConfigMap or Secret lacks, and what a volume of another kind needs, are left to the events.

mod references;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use api::apps::StatefulSet;
use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::value::ValueExt;
use cluster::{Cluster, Fault};
use csi::volume::is_local;
use kubelet::images::{Reference, look_up, newest};
use serde_json::Value;

use crate::examples::{headless_service, storage_class};
use crate::laboratory::NETWORK_DRIVER;
use references::{images, references};

/// Annotations that make a class the default one.
const DEFAULT_CLASS: [&str; 2] =
    ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];
/// How an image behaves that is taken as a server.
const AS_SERVER: &str = "serves,ready-after=3s";

/// What is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// A ServiceAccount.
    ServiceAccount,
    /// A PriorityClass.
    PriorityClass,
    /// A claim that a Pod's volume names.
    Claim,
    /// A StorageClass that a claim names.
    Class,
    /// A default StorageClass, for a claim that names none.
    DefaultClass,
    /// A ConfigMap.
    ConfigMap,
    /// A Secret.
    Secret,
    /// An image.
    Image,
    /// The Service that gives a set's Pods their names.
    Service,
}

/// What it does to those who need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It holds somebody up now.
    Blocks,
    /// It will hold somebody up later.
    WillBlock,
    /// Something was taken in its place.
    Assumed,
}

/// What mends it.
#[derive(Debug, Clone, PartialEq)]
pub enum Fix {
    /// A manifest, applied under this file name.
    Make(String, String),
    /// The manifest no longer insists on it.
    MarkOptional,
    /// The manifest names another image.
    UseImage(String),
    /// The image is taken as a server.
    TakeAsServer(Fault, String),
    /// The Pod that uses it is looked at.
    Look(Key),
}

impl Fix {
    /// Whether it changes a manifest, which is still to be applied.
    pub const fn is_edit(&self) -> bool {
        match self {
            Self::MarkOptional | Self::UseImage(_) => true,
            Self::Make(..) | Self::TakeAsServer(..) | Self::Look(_) => false,
        }
    }
}

/// Something that is not there.
#[derive(Debug, Clone, PartialEq)]
pub struct Missing {
    /// What.
    pub lack: Lack,
    /// Its name; empty for a default class.
    pub name: String,
    /// Its namespace; empty for what has none.
    pub namespace: String,
    /// What it does.
    pub standing: Standing,
    /// Whom it holds up: the name of a Pod, a claim or a set.
    pub user: String,
    /// What mends it, the best first.
    pub fixes: Vec<Fix>,
}

/// What is missing in a cluster: what blocks first, then what will, then what was assumed.
pub fn missing(cluster: &Cluster) -> Vec<Missing> {
    let mut found: Vec<(u8, Missing)> = Vec::new();
    for owner in owners(cluster) {
        let mut lacks = lacks_of(cluster, &owner);
        let holds = |one: &Missing| one.lack != Lack::Service && one.standing != Standing::Assumed;
        let first = lacks.iter().filter(|(_, one)| holds(one)).map(|(stage, _)| *stage).min();
        for (stage, one) in &mut lacks {
            if owner.is_held && Some(*stage) == first && one.standing == Standing::WillBlock {
                one.standing = Standing::Blocks;
            }
        }
        for (stage, one) in lacks {
            let known = found.iter_mut().find(|(_, known)| {
                (known.lack, &known.name, &known.namespace) == (one.lack, &one.name, &one.namespace)
            });
            match known {
                Some((_, known)) if known.standing > one.standing => *known = one,
                Some(_) => {}
                None => found.push((stage, one)),
            }
        }
    }
    found.sort_by_key(|(stage, one)| (one.standing, *stage));
    found.into_iter().map(|(_, one)| one).collect()
}

/// Somebody who needs things: a set, or a Pod that nobody owns.
struct Owner<'c> {
    object: &'c Rc<Object>,
    /// What its Pods are to be.
    pod: &'c Value,
    /// Whether a Pod has not come to run.
    is_held: bool,
    /// The name of the first Pod that has not.
    waits: String,
}

fn owners(cluster: &Cluster) -> Vec<Owner<'_>> {
    let store = cluster.store();
    let alive = |object: &&Rc<Object>| !object.metadata.is_deleting();
    let runs = |pod: &Rc<Object>| matches!(Pod(pod).phase(), "Running" | "Succeeded" | "Failed");
    let sets = store.list(Kind::StatefulSet, "").filter(alive).map(|object| {
        let set = StatefulSet(object);
        let names = (set.start()..).take(usize::try_from(set.replicas()).unwrap_or(0));
        let mut names = names.map(|ordinal| format!("{}-{ordinal}", object.metadata.name));
        let key = |name: &str| Key::new(Kind::Pod, object.metadata.namespace.as_str(), name);
        let waits = names.find(|name| !store.get(&key(name)).is_some_and(runs));
        let first = || format!("{}-{}", object.metadata.name, set.start());
        let pod = set.template().at(&["spec"]).unwrap_or(&Value::Null);
        Owner { object, pod, is_held: waits.is_some(), waits: waits.unwrap_or_else(first) }
    });
    let bare = |pod: &&Rc<Object>| pod.metadata.owner_references.is_empty() && !runs(pod);
    let pods = store.list(Kind::Pod, "").filter(alive).filter(bare).map(|object| Owner {
        object,
        pod: object.spec(),
        is_held: true,
        waits: object.metadata.name.clone(),
    });
    sets.chain(pods).collect()
}

/// What a claim asks for that is made by a click.
const ONE_GIBIBYTE: &str =
    "spec:\n  accessModes: [ReadWriteOnce]\n  resources:\n    requests:\n      storage: 1Gi\n";

/// One thing that is missing. Whether it blocks already is found out afterwards.
fn lacking(namespace: &str, lack: Lack, name: &str, user: &str, fixes: Vec<Fix>) -> Missing {
    Missing {
        lack,
        name: name.to_owned(),
        namespace: namespace.to_owned(),
        standing: Standing::WillBlock,
        user: user.to_owned(),
        fixes,
    }
}

/// What one owner lacks, with the stage of a Pod's life at which it is met.
fn lacks_of(cluster: &Cluster, owner: &Owner<'_>) -> Vec<(u8, Missing)> {
    let store = cluster.store();
    let namespace = owner.object.metadata.namespace.as_str();
    let is_there = |kind: Kind, name: &str| {
        let namespace = if kind.info().namespaced { namespace } else { "" };
        store.get(&Key::new(kind, namespace, name)).is_some()
    };
    let one = |lack: Lack, name: &str, user: &str, fixes| lacking(namespace, lack, name, user, fixes);
    let mut found = Vec::new();
    let account = owner.pod.str_at(&["serviceAccountName"]);
    // Admission makes the account `default` for every namespace.
    if !matches!(account, "" | "default") && !is_there(Kind::ServiceAccount, account) {
        let fixes = vec![make("v1", "ServiceAccount", account, namespace, "")];
        found.push((0, one(Lack::ServiceAccount, account, &owner.waits, fixes)));
    }
    let priority = owner.pod.str_at(&["priorityClassName"]);
    if !priority.is_empty() && !priority.starts_with("system-") && !is_there(Kind::PriorityClass, priority) {
        let fixes = vec![make("scheduling.k8s.io/v1", "PriorityClass", priority, "", "value: 0\n")];
        found.push((0, one(Lack::PriorityClass, priority, &owner.waits, fixes)));
    }
    for volume in owner.pod.list_at(&["volumes"]) {
        let claim = volume.str_at(&["persistentVolumeClaim", "claimName"]);
        if !claim.is_empty() && !is_there(Kind::PersistentVolumeClaim, claim) {
            let fixes = vec![make("v1", "PersistentVolumeClaim", claim, namespace, ONE_GIBIBYTE)];
            found.push((1, one(Lack::Claim, claim, &owner.waits, fixes)));
        }
    }
    found.extend(classes(cluster, owner).into_iter().map(|(lack, name, claim)| {
        let fixes = vec![class_fix(cluster, &name)];
        (1, one(lack, &name, &claim, fixes))
    }));
    for reference in references(owner.pod) {
        let kind = if reference.lack == Lack::Secret { Kind::Secret } else { Kind::ConfigMap };
        if !is_there(kind, reference.name) {
            let data = reference.data();
            let fixes =
                vec![make("v1", kind.info().name, reference.name, namespace, &data), Fix::MarkOptional];
            found.push((reference.stage, one(reference.lack, reference.name, &owner.waits, fixes)));
        }
    }
    for image in images(owner.pod) {
        if let Some((standing, fixes)) = image_fixes(cluster, owner, image) {
            found.push((3, Missing { standing, ..one(Lack::Image, image, &owner.waits, fixes) }));
        }
    }
    if owner.object.kind == Kind::StatefulSet {
        let service = StatefulSet(owner.object).service_name();
        if !service.is_empty() && !is_there(Kind::Service, service) {
            let text = in_namespace(headless_service(service, &match_labels(owner.object)), namespace);
            let fixes = vec![Fix::Make(format!("{service}.yaml"), text)];
            found.push((5, one(Lack::Service, service, &owner.object.metadata.name, fixes)));
        }
    }
    found
}

/// A manifest of a few lines.
fn make(version: &str, kind: &str, name: &str, namespace: &str, rest: &str) -> Fix {
    let text = format!("apiVersion: {version}\nkind: {kind}\nmetadata:\n  name: {name}\n{rest}");
    Fix::Make(format!("{name}.yaml"), in_namespace(text, namespace))
}

fn in_namespace(text: String, namespace: &str) -> String {
    match namespace {
        "" | "default" => text,
        other => text.replacen("metadata:\n", &format!("metadata:\n  namespace: {other}\n"), 1),
    }
}

/// The class of this name; `standard` as the default one if there is none.
fn class_fix(cluster: &Cluster, name: &str) -> Fix {
    let text = storage_class(if name.is_empty() { "standard" } else { name });
    // An older laboratory has another driver.
    let drivers = &cluster.config().provisioners;
    let other = drivers.iter().find(|driver| !is_local(driver));
    let text = match other {
        Some(other) if !drivers.iter().any(|driver| driver == NETWORK_DRIVER) => {
            text.replace(NETWORK_DRIVER, other)
        }
        Some(_) | None => text,
    };
    if !name.is_empty() {
        return Fix::Make(format!("{name}.yaml"), text);
    }
    let note = "metadata:\n  annotations:\n    storageclass.kubernetes.io/is-default-class: \"true\"\n";
    Fix::Make("standard.yaml".to_owned(), text.replacen("metadata:\n", note, 1))
}

/// The classes that a set's claims lack: the lack, the name, and a claim that waits for it.
fn classes(cluster: &Cluster, owner: &Owner<'_>) -> Vec<(Lack, String, String)> {
    let store = cluster.store();
    let is_default =
        |class: &Rc<Object>| DEFAULT_CLASS.iter().any(|a| class.metadata.annotation(a) == "true");
    let has_default = || store.list(Kind::StorageClass, "").any(is_default);
    let unbound = |name: &str| {
        let key = Key::new(Kind::PersistentVolumeClaim, owner.object.metadata.namespace.as_str(), name);
        store.get(&key).is_none_or(|claim| claim.spec().str_at(&["volumeName"]).is_empty())
    };
    let lack = |class: Option<&str>, claim: String| {
        let lacks = match class {
            Some("") => false, // it asks for a volume without a class
            Some(name) => store.get(&Key::new(Kind::StorageClass, "", name)).is_none(),
            None => !has_default(),
        };
        let lack = if class.is_none() { Lack::DefaultClass } else { Lack::Class };
        (lacks && unbound(&claim)).then(|| (lack, class.unwrap_or("").to_owned(), claim))
    };
    let class = |spec: &Value| spec.at(&["storageClassName"]).and_then(Value::as_str).map(str::to_owned);
    let mut found = Vec::new();
    if owner.object.kind == Kind::StatefulSet {
        for template in StatefulSet(owner.object).claim_templates() {
            let claim = format!("{}-{}", template.str_at(&["metadata", "name"]), owner.waits);
            found.extend(lack(class(template.at(&["spec"]).unwrap_or(&Value::Null)).as_deref(), claim));
        }
    }
    for volume in owner.pod.list_at(&["volumes"]) {
        let name = volume.str_at(&["persistentVolumeClaim", "claimName"]);
        let key = Key::new(Kind::PersistentVolumeClaim, owner.object.metadata.namespace.as_str(), name);
        let claim = store.get(&key);
        found.extend(claim.and_then(|claim| lack(class(claim.spec()).as_deref(), name.to_owned())));
    }
    found
}

/// How an image stands that cannot be pulled, and what mends it; nothing if it can be.
fn image_fixes(cluster: &Cluster, owner: &Owner<'_>, image: &str) -> Option<(Standing, Vec<Fix>)> {
    let reference = Reference::parse(image)?;
    look_up(&reference).err()?;
    let pods = cluster.store().list(Kind::Pod, &owner.object.metadata.namespace);
    let mut nodes = pods.filter_map(|pod| cluster.kubelet(Pod(pod).node_name()));
    let behaves = |kubelet: &kubelet::Kubelet| {
        let mut all = kubelet.image_behaviours().iter();
        all.any(|(name, words)| name == image && words.split([',', ' ']).any(|word| word == "serves"))
    };
    if nodes.any(behaves) {
        let pod = Key::new(Kind::Pod, owner.object.metadata.namespace.as_str(), owner.waits.as_str());
        return Some((Standing::Assumed, vec![Fix::Look(pod)]));
    }
    let known = newest(&reference).map(|tag| {
        let (path, _) = image.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')).unwrap_or((image, ""));
        Fix::UseImage(format!("{path}:{tag}"))
    });
    let fault = Fault::SetImageBehaviour { image: image.to_owned(), behaviour: AS_SERVER.to_owned() };
    let as_server = Fix::TakeAsServer(fault, format!("{image} {AS_SERVER}"));
    Some((Standing::WillBlock, known.into_iter().chain([as_server]).collect()))
}

/// The labels that a set's Pods are found by.
fn match_labels(set: &Object) -> Vec<(String, String)> {
    let labels = set.spec().map_at(&["selector", "matchLabels"]).into_iter().flatten();
    labels.map(|(key, value)| (key.clone(), value.as_str().unwrap_or("").to_owned())).collect()
}
