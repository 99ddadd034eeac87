//! What can be done with an object at a click: commands and faults, as one would type or cause them.
//!
//! This module says which offers there are, and sees to it that they hit the right object. A page has the
//! words for them and runs them.

use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::value::ValueExt;
use cluster::{Cluster, Fault};
use kubelet::Kubelet;

/// What an offer is about; a page has a word for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferKind {
    /// `kubectl describe`.
    Describe,
    /// `nslookup` of its name.
    LookUp,
    /// `kubectl delete`.
    Delete,
    /// A replica more.
    ScaleUp,
    /// A replica less.
    ScaleDown,
    /// `kubectl rollout restart`.
    Restart,
    /// No new Pods on a node.
    Cordon,
    /// New Pods on a node again.
    Uncordon,
    /// A Pod's first container crashes.
    Crash,
    /// A Pod is no longer Ready, whatever its probes say.
    LoseReadiness,
    /// A Pod's probes count again.
    RegainReadiness,
    /// The image never answers its readiness probe, from its next start on.
    ImageNeverReady,
    /// The image crashes five seconds after each start.
    ImageCrashes,
    /// The image answers twenty seconds after each start.
    ImageSlow,
    /// The image behaves as the catalogue says.
    ImageAsUsual,
    /// A machine is switched off.
    PowerOff,
    /// A machine is switched on.
    PowerOn,
}

/// How an offer is taken.
#[derive(Debug, Clone, PartialEq)]
pub enum Way {
    /// By this command line.
    Command(String),
    /// By this fault, and what the timeline says of it.
    Fault(Fault, String),
}

/// Something that can be done with an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// What.
    pub what: OfferKind,
    /// How.
    pub way: Way,
}

/// What can be done with an object of a cluster; nothing if it is not there.
pub fn offers(cluster: &Cluster, key: &Key) -> Vec<Offer> {
    let Some(object) = cluster.store().get(key) else { return Vec::new() };
    match key.kind {
        Kind::Pod => of_pod(cluster, key, object),
        Kind::StatefulSet => of_set(key, object),
        Kind::PersistentVolumeClaim => vec![describe(key, "pvc"), delete(key, "pvc")],
        Kind::PersistentVolume => vec![describe(key, "pv"), delete(key, "pv")],
        Kind::Service => vec![look_up(key, &key.name), describe(key, "svc"), delete(key, "svc")],
        Kind::Node => of_node(cluster, key, object),
        // Every other kind can be looked at, and that is all.
        _ => vec![describe(key, key.kind.info().singular)],
    }
}

/// ` -n other`, where a command needs it: kubectl's own namespace is `default`, and some kinds have none.
fn namespace_of(key: &Key) -> String {
    match &*key.namespace {
        "" | "default" => String::new(),
        other => format!(" -n {other}"),
    }
}

fn command(what: OfferKind, key: &Key, line: &str) -> Offer {
    Offer { what, way: Way::Command(format!("{line}{}", namespace_of(key))) }
}

fn describe(key: &Key, kind: &str) -> Offer {
    command(OfferKind::Describe, key, &format!("kubectl describe {kind} {}", key.name))
}

fn delete(key: &Key, kind: &str) -> Offer {
    // Who clicks does not wait for the end of the grace period: the stage shows it.
    command(OfferKind::Delete, key, &format!("kubectl delete {kind} {} --wait=false", key.name))
}

/// Asks the cluster's DNS for a name, from the namespace `default`.
fn look_up(key: &Key, name: &str) -> Offer {
    let namespace = match &*key.namespace {
        "default" => String::new(),
        other => format!(".{other}"),
    };
    Offer { what: OfferKind::LookUp, way: Way::Command(format!("nslookup {name}{namespace}")) }
}

/// The name of a Pod that a Service gives one.
fn dns_name(cluster: &Cluster, pod: &Object) -> Option<String> {
    let (host, domain) = (pod.spec().str_at(&["hostname"]), pod.spec().str_at(&["subdomain"]));
    let service = Key::new(Kind::Service, pod.metadata.namespace.as_str(), domain);
    let is_named = !host.is_empty() && cluster.store().get(&service).is_some();
    is_named.then(|| format!("{host}.{domain}"))
}

fn of_set(key: &Key, set: &Object) -> Vec<Offer> {
    let replicas = set.spec().i64_at(&["replicas"]).unwrap_or(1);
    let scale =
        |what, to: i64| command(what, key, &format!("kubectl scale sts {} --replicas={to}", key.name));
    vec![
        scale(OfferKind::ScaleUp, replicas + 1),
        scale(OfferKind::ScaleDown, (replicas - 1).max(0)),
        command(OfferKind::Restart, key, &format!("kubectl rollout restart sts/{}", key.name)),
        describe(key, "sts"),
    ]
}

fn of_pod(cluster: &Cluster, key: &Key, pod: &Object) -> Vec<Offer> {
    let kubelet = cluster.kubelet(Pod(pod).node_name());
    let (namespace, name) = (key.namespace.to_string(), key.name.to_string());
    let crash = Fault::CrashContainer {
        namespace: namespace.clone(),
        pod: name.clone(),
        container: String::new(),
        exit_code: 1,
    };
    let mut offers = vec![describe(key, "pod")];
    offers.extend(dns_name(cluster, pod).map(|name| look_up(key, &name)));
    offers.extend([
        delete(key, "pod"),
        fault(OfferKind::Crash, crash, format!("crash {name}{}", namespace_of(key))),
    ]);
    let worker = kubelet.and_then(|kubelet| kubelet.worker(&namespace, &name));
    let forced = worker.is_some_and(|worker| worker.forced_ready == Some(false));
    let ready = (!forced).then_some(false);
    let (what, word) = if forced {
        (OfferKind::RegainReadiness, "ready again")
    } else {
        (OfferKind::LoseReadiness, "not ready")
    };
    let text = format!("{name} {word}{}", namespace_of(key));
    offers.push(fault(what, Fault::ForceReady { namespace, pod: name, ready }, text));
    offers.extend(of_image(kubelet, pod));
    offers
}

/// How the image of a Pod's first container can be made to behave.
fn of_image(kubelet: Option<&Kubelet>, pod: &Object) -> Vec<Offer> {
    const ODD: [(OfferKind, &str); 3] = [
        (OfferKind::ImageNeverReady, "never-ready"),
        (OfferKind::ImageCrashes, "crashes-after=5s"),
        (OfferKind::ImageSlow, "ready-after=20s"),
    ];
    let containers = pod.spec().list_at(&["containers"]);
    let image = containers.first().map_or("", |container| container.str_at(&["image"]));
    let is_odd = kubelet.is_some_and(|k| k.image_behaviours().iter().any(|(name, _)| name == image));
    let offer = |what, behaviour: &str| {
        let text = format!("{image} {}", if behaviour.is_empty() { "as usual" } else { behaviour });
        let (image, behaviour) = (image.to_owned(), behaviour.to_owned());
        fault(what, Fault::SetImageBehaviour { image, behaviour }, text)
    };
    if is_odd {
        return vec![offer(OfferKind::ImageAsUsual, "")];
    }
    ODD.iter().map(|(what, behaviour)| offer(*what, behaviour)).collect()
}

fn of_node(cluster: &Cluster, key: &Key, object: &Object) -> Vec<Offer> {
    let name = key.name.to_string();
    let power = if cluster.kubelet(&name).is_none_or(Kubelet::has_power) {
        fault(OfferKind::PowerOff, Fault::PowerOff { node: name.clone() }, format!("power off {name}"))
    } else {
        fault(OfferKind::PowerOn, Fault::PowerOn { node: name.clone() }, format!("power on {name}"))
    };
    let cordon = if object.spec().bool_at(&["unschedulable"]) == Some(true) {
        command(OfferKind::Uncordon, key, &format!("kubectl uncordon {name}"))
    } else {
        command(OfferKind::Cordon, key, &format!("kubectl cordon {name}"))
    };
    vec![power, cordon, describe(key, "node")]
}

fn fault(what: OfferKind, fault: Fault, text: String) -> Offer {
    Offer { what, way: Way::Fault(fault, text) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::Session;
    use crate::examples::NOTE_000;

    /// The set without volumes of note 000, in two namespaces, its three Pods Ready in each.
    fn two_sets() -> Session {
        let mut session = Session::default();
        let set = NOTE_000.files[0].1;
        session.command("kubectl create namespace other");
        session.apply_text("here.yaml", set);
        session.apply_text("there.yaml", &set.replacen("metadata:", "metadata:\n  namespace: other", 1));
        session.play(Duration::from_secs(120));
        session
    }

    fn pod(namespace: &str, name: &str) -> Key {
        Key::new(Kind::Pod, namespace, name)
    }

    fn take(session: &mut Session, key: &Key, what: OfferKind) {
        let offers = offers(session.cluster(), key);
        let offer = offers.into_iter().find(|offer| offer.what == what).expect("it is offered");
        match offer.way {
            Way::Command(line) => session.command(&line),
            Way::Fault(fault, text) => session.fault(fault, &text),
        }
    }

    fn is_leaving(session: &Session, key: &Key) -> bool {
        let object = session.cluster().store().get(key);
        object.is_none_or(|object| object.metadata.deletion_timestamp.is_some())
    }

    fn names(session: &Session) -> Vec<String> {
        let pods = session.cluster().store().list(Kind::Pod, "");
        pods.map(|pod| format!("{}/{}", pod.metadata.namespace, pod.metadata.name)).collect()
    }

    #[test]
    fn a_command_hits_the_object_of_its_namespace_and_no_other() {
        let mut session = two_sets();
        let pods = names(&session);
        let name = pods[0].split('/').nth(1).expect("a name").to_owned();
        let (here, there) = (pod("default", &name), pod("other", &name));
        assert!(pods.contains(&format!("other/{name}")), "{pods:?}");
        take(&mut session, &there, OfferKind::Delete);
        assert!(is_leaving(&session, &there));
        assert!(!is_leaving(&session, &here));
    }

    #[test]
    fn a_set_of_another_namespace_is_scaled_there() {
        let mut session = two_sets();
        let sets: Vec<Key> = session.cluster().store().list(Kind::StatefulSet, "").map(|s| s.key()).collect();
        let replicas = |session: &Session, key: &Key| {
            session.cluster().store().get(key).and_then(|set| set.spec().i64_at(&["replicas"]))
        };
        let [here, there] = sets.as_slice() else { panic!("two sets: {sets:?}") };
        assert_eq!((&*here.namespace, &*there.namespace), ("default", "other"));
        let before = replicas(&session, here);
        take(&mut session, there, OfferKind::ScaleUp);
        assert_eq!(replicas(&session, here), before);
        assert_eq!(replicas(&session, there), before.map(|n| n + 1));
    }

    #[test]
    fn every_command_that_is_offered_is_one_that_kubectl_takes() {
        let mut session = two_sets();
        let mut keys: Vec<Key> = session.cluster().store().list(Kind::Pod, "").map(|p| p.key()).collect();
        for kind in [Kind::StatefulSet, Kind::Node, Kind::Service, Kind::Namespace, Kind::ControllerRevision]
        {
            keys.extend(session.cluster().store().list(kind, "").map(|object| object.key()));
        }
        assert!(keys.iter().any(|key| key.kind == Kind::ControllerRevision && &*key.namespace == "other"));
        for key in keys {
            for offer in offers(session.cluster(), &key) {
                let Way::Command(line) = offer.way else { continue };
                session.command(&line);
                session.play(Duration::from_secs(1));
                assert_eq!(
                    session.terminal().last_exit(),
                    0,
                    "{line}: {:?}",
                    session.terminal().screen().last()
                );
            }
        }
    }

    #[test]
    fn readiness_is_taken_and_given_back() {
        let mut session = two_sets();
        let name = names(&session)[0].split('/').nth(1).expect("a name").to_owned();
        let there = pod("other", &name);
        let kinds = |session: &Session, key: &Key| -> Vec<OfferKind> {
            offers(session.cluster(), key).iter().map(|offer| offer.what).collect()
        };
        take(&mut session, &there, OfferKind::LoseReadiness);
        session.play(Duration::from_secs(1));
        assert!(kinds(&session, &there).contains(&OfferKind::RegainReadiness));
        assert!(kinds(&session, &pod("default", &name)).contains(&OfferKind::LoseReadiness));
        take(&mut session, &there, OfferKind::RegainReadiness);
        session.play(Duration::from_secs(1));
        assert!(kinds(&session, &there).contains(&OfferKind::LoseReadiness));
    }

    #[test]
    fn a_machine_that_is_off_can_be_switched_on_and_an_odd_image_made_usual() {
        let mut session = two_sets();
        let node = Key::new(Kind::Node, "", "node-1");
        let on_node = |session: &Session| {
            let mut pods = session.cluster().store().list(Kind::Pod, "default");
            pods.find(|p| Pod(p).node_name() == "node-2").map(|p| p.key()).expect("a Pod on node-2")
        };
        take(&mut session, &node, OfferKind::PowerOff);
        assert_eq!(offers(session.cluster(), &node)[0].what, OfferKind::PowerOn);
        let pod = on_node(&session);
        take(&mut session, &pod, OfferKind::ImageCrashes);
        let last = offers(session.cluster(), &pod).pop().expect("an offer");
        assert_eq!(last.what, OfferKind::ImageAsUsual);
        assert_eq!(offers(session.cluster(), &Key::new(Kind::Pod, "default", "nobody")), []);
    }
}
