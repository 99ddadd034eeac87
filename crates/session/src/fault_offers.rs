//! How each fault is caused and taken back: the command or the fault of the cluster that it comes to.

use std::time::Duration;

use cluster::faults::{CONTROLLERS, PROVISIONERS, SCHEDULER};
use cluster::{Cluster, Fault};

use crate::offer::{FaultKind, Offer, OfferKind, Way, namespace_of};
use crate::refusal::{Refusal, refusal};
use crate::target::Target;

/// The word for an image whose pull is slow.
const SLOW_PULL: &str = "pull=20s";
/// The word for an image that cannot be pulled.
const NO_PULL: &str = "pull-fails";
/// How much longer a request to a slow API server takes.
const SLOW_REQUEST: Duration = Duration::from_secs(2);

/// Causes a fault, or takes it back.
///
/// # Errors
/// The target has not what the fault needs.
pub fn offer(cluster: &Cluster, target: &Target, what: FaultKind, undo: bool) -> Result<Offer, Refusal> {
    let way = way(cluster, target, what, undo)?;
    if let Way::Fault(fault, _) = &way
        && let Some(refusal) = refusal(cluster, fault)
    {
        return Err(refusal);
    }
    Ok(Offer { what: if undo { OfferKind::Undo(what) } else { OfferKind::Cause(what) }, way })
}

fn way(cluster: &Cluster, target: &Target, what: FaultKind, undo: bool) -> Result<Way, Refusal> {
    match what {
        FaultKind::Delete | FaultKind::DeleteByForce | FaultKind::Evict => of_request(target, what),
        FaultKind::LoseReadiness
        | FaultKind::Crash
        | FaultKind::RunOutOfMemory
        | FaultKind::Hang
        | FaultKind::IgnoreSigterm => of_pod(target, what, undo),
        FaultKind::BreakImage => of_image(cluster, target, NO_PULL, undo),
        FaultKind::SlowImage => of_image(cluster, target, SLOW_PULL, undo),
        FaultKind::PowerOff | FaultKind::CutNetwork | FaultKind::Cordon | FaultKind::Drain => {
            of_node(target, what, undo)
        }
        FaultKind::FillDisk | FaultKind::HoldVolume => of_volume(target, what, undo),
        FaultKind::StopProvisioners => Ok(of_process(PROVISIONERS, "the provisioners", undo)),
        FaultKind::StopControllers => Ok(of_process(CONTROLLERS, "the controllers", undo)),
        FaultKind::StopScheduler => Ok(of_process(SCHEDULER, "the scheduler", undo)),
        FaultKind::SlowApiServer => Ok(if undo {
            Way::Fault(Fault::SlowApiServer { by: Duration::ZERO }, "API server as usual".to_owned())
        } else {
            Way::Fault(Fault::SlowApiServer { by: SLOW_REQUEST }, "slow API server".to_owned())
        }),
    }
}

fn of_process(process: &str, says: &str, undo: bool) -> Way {
    let process = process.to_owned();
    if undo {
        Way::Fault(Fault::StartProcess { process }, format!("start {says}"))
    } else {
        Way::Fault(Fault::StopProcess { process }, format!("stop {says}"))
    }
}

fn of_request(target: &Target, what: FaultKind) -> Result<Way, Refusal> {
    let key = target.pod.as_ref().ok_or(Refusal::NoPod)?;
    let (name, namespace) = (&key.name, namespace_of(key));
    // Who clicks does not wait for the end of the grace period: the stage shows it.
    let line = match what {
        FaultKind::DeleteByForce => format!("kubectl delete pod {name} --force --wait=false{namespace}"),
        FaultKind::Evict => {
            let body = format!(
                r#"{{"apiVersion":"policy/v1","kind":"Eviction","metadata":{{"name":"{name}","namespace":"{}"}}}}"#,
                key.namespace
            );
            let path = format!("/api/v1/namespaces/{}/pods/{name}/eviction", key.namespace);
            format!("echo '{body}' | kubectl create --raw {path} -f -")
        }
        _ => format!("kubectl delete pod {name} --wait=false{namespace}"),
    };
    Ok(Way::Command(line))
}

fn of_pod(target: &Target, what: FaultKind, undo: bool) -> Result<Way, Refusal> {
    let key = target.pod.as_ref().ok_or(Refusal::NoPod)?;
    let (namespace, pod, container) =
        (key.namespace.to_string(), key.name.to_string(), target.container.clone());
    let (fault, says) = match what {
        FaultKind::RunOutOfMemory => {
            (Fault::RunOutOfMemory { namespace, pod, container }, format!("{} out of memory", key.name))
        }
        FaultKind::Hang => {
            let says = if undo { format!("{} goes on", key.name) } else { format!("{} hangs", key.name) };
            (Fault::Hang { namespace, pod, container, hangs: !undo }, says)
        }
        FaultKind::IgnoreSigterm => {
            let says = if undo { "hears" } else { "ignores" };
            let says = format!("{} {says} SIGTERM", key.name);
            (Fault::IgnoreSigterm { namespace, pod, container, ignores: !undo }, says)
        }
        FaultKind::LoseReadiness => {
            let says = if undo { "ready again" } else { "not ready" };
            let ready = (!undo).then_some(false);
            (Fault::ForceReady { namespace, pod, ready }, format!("{} {says}", key.name))
        }
        _ => {
            let fault = Fault::CrashContainer { namespace, pod, container, exit_code: 1 };
            (fault, format!("crash {}", key.name))
        }
    };
    Ok(Way::Fault(fault, format!("{says}{}", namespace_of(key))))
}

/// How an image behaves now, in words; empty as the catalogue says.
pub(crate) fn behaviour(cluster: &Cluster, image: &str) -> String {
    let kubelet = cluster.kubelets().next();
    let mut all = kubelet.into_iter().flat_map(|kubelet| kubelet.image_behaviours().iter());
    all.find(|(known, _)| *known == image).map_or("", |(_, words)| words).to_owned()
}

/// How it behaved when the laboratory was set up.
pub(crate) fn configured(cluster: &Cluster, image: &str) -> String {
    let mut all = cluster.config().images.iter();
    all.find(|(known, _)| *known == image).map_or("", |(_, words)| words).to_owned()
}

fn split(words: &str) -> impl Iterator<Item = &str> {
    words.split([',', ' ']).filter(|word| !word.is_empty())
}

/// The name of a word: `pull` of `pull=20s`.
fn name_of(word: &str) -> &str {
    word.split('=').next().unwrap_or(word)
}

/// Whether a fault has made an image behave like this: the laboratory was set up without it.
fn is_changed(cluster: &Cluster, image: &str, word: &str) -> bool {
    let has = |words: &str| split(words).any(|known| name_of(known) == name_of(word));
    has(&behaviour(cluster, image)) && !has(&configured(cluster, image))
}

/// Whether pulls of an image fail because of a fault.
pub(crate) fn is_broken(cluster: &Cluster, image: &str) -> bool {
    is_changed(cluster, image, NO_PULL)
}

/// Whether pulls of an image are slow because of a fault.
pub(crate) fn is_slow(cluster: &Cluster, image: &str) -> bool {
    is_changed(cluster, image, SLOW_PULL)
}

/// Adds a word to the behaviour of an image, or takes it away; what else it does stays.
fn of_image(cluster: &Cluster, target: &Target, word: &str, undo: bool) -> Result<Way, Refusal> {
    let image = target.image.clone();
    if image.is_empty() {
        return Err(Refusal::NoPod);
    }
    let now = behaviour(cluster, &image);
    let usual = configured(cluster, &image);
    let others = split(&now).filter(|known| name_of(known) != name_of(word));
    let more = if undo { split(&usual).find(|known| name_of(known) == name_of(word)) } else { Some(word) };
    let words: Vec<&str> = others.chain(more).collect();
    let behaviour = words.join(",");
    let says = if undo { format!("{image} without {word}") } else { format!("{image} {word}") };
    Ok(Way::Fault(Fault::SetImageBehaviour { image, behaviour }, says))
}

fn of_node(target: &Target, what: FaultKind, undo: bool) -> Result<Way, Refusal> {
    let node = target.node.as_ref().map(|key| key.name.to_string());
    let node = node.ok_or_else(|| match &target.pod {
        Some(pod) => Refusal::NotOnNode(pod.name.to_string()),
        None => Refusal::NoPod,
    })?;
    Ok(match (what, undo) {
        (FaultKind::Drain, _) => {
            Way::Command(format!("kubectl drain {node} --ignore-daemonsets --delete-emptydir-data --force"))
        }
        (FaultKind::Cordon, false) => Way::Command(format!("kubectl cordon {node}")),
        (FaultKind::Cordon, true) => Way::Command(format!("kubectl uncordon {node}")),
        (FaultKind::CutNetwork, false) => {
            let says = format!("cut off {node}");
            Way::Fault(Fault::CutNetwork { node }, says)
        }
        (FaultKind::CutNetwork, true) => {
            let says = format!("network of {node} is back");
            Way::Fault(Fault::RestoreNetwork { node }, says)
        }
        (_, false) => {
            let says = format!("power off {node}");
            Way::Fault(Fault::PowerOff { node }, says)
        }
        (_, true) => {
            let says = format!("power on {node}");
            Way::Fault(Fault::PowerOn { node }, says)
        }
    })
}

fn of_volume(target: &Target, what: FaultKind, undo: bool) -> Result<Way, Refusal> {
    let Some(claim) = &target.claim else {
        let pod = target.pod.as_ref().ok_or(Refusal::NoPod)?;
        return Err(Refusal::NoClaim(pod.name.to_string()));
    };
    let (name, volume) = (&claim.name, target.volume.clone());
    if volume.is_empty() {
        return Err(Refusal::Unbound(name.to_string()));
    }
    let (fault, says) = match (what, undo) {
        (FaultKind::HoldVolume, false) => {
            (Fault::HoldVolume { volume, is_held: true }, format!("{name} will not detach"))
        }
        (FaultKind::HoldVolume, true) => {
            (Fault::HoldVolume { volume, is_held: false }, format!("{name} can detach"))
        }
        (_, is_emptied) => {
            let says = if is_emptied { "has space" } else { "is full" };
            (Fault::FillDisk { volume, is_full: !is_emptied }, format!("{name} {says}"))
        }
    };
    Ok(Way::Fault(fault, format!("{says}{}", namespace_of(claim))))
}
