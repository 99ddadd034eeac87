//! Random commands of a person, and random faults of the world.

use std::time::Duration;

use cluster::Fault;

use super::Dice;
use super::manifests::{self, BAD_IMAGES, IMAGES, SETS};
use crate::scenario::Cue;

/// Processes whose watches may be late, or lost.
const PROCESSES: [&str; 8] = [
    "kube-controller-manager",
    "kube-controller-manager",
    "kube-scheduler",
    "coredns",
    "kubelet/node-1",
    "kubelet/node-2",
    "csi-provisioner/rancher.io/local-path",
    "csi-provisioner/hostpath.csi.k8s.io",
];

/// Processes that may end and start again.
const STOPPABLE: [&str; 3] = ["kube-controller-manager", "kube-scheduler", "csi-provisioner"];

/// Controllers that may die in the middle of a decision.
const CONTROLLERS: [&str; 9] = [
    "statefulset-controller",
    "statefulset-controller",
    "endpointslice-controller",
    "generic-garbage-collector",
    "persistentvolume-binder",
    "default-scheduler",
    "persistentvolumeclaim-protection-controller",
    "disruption-controller",
    "resourcequota-controller",
];

/// A random cue: what is done next.
pub(super) fn cue(dice: &mut Dice, nodes: usize) -> Cue {
    let set = dice.of(&SETS);
    match dice.between(0, 99) {
        0..=5 => Cue::Apply(manifests::stateful_set(dice, set)),
        6..=7 => Cue::Apply(manifests::service(dice, set)),
        8..=9 => Cue::Apply(manifests::budget(dice, set)),
        10..=11 => Cue::Apply(manifests::quota(dice, set.0)),
        12 => Cue::Apply(manifests::namespace()),
        13..=54 => {
            let words = command(dice, set.1, nodes);
            let namespace = if set.0 == "default" { String::new() } else { format!(" -n {}", set.0) };
            Cue::Command(format!("kubectl {words}{namespace}"))
        }
        _ => Cue::Fault(fault(dice, set, nodes)),
    }
}

fn node(dice: &mut Dice, nodes: usize) -> String {
    format!("node-{}", dice.between(1, u64::try_from(nodes).unwrap_or(1)))
}

fn pod(dice: &mut Dice, set: &str) -> String {
    format!("{set}-{}", dice.between(0, 3))
}

fn command(dice: &mut Dice, set: &str, nodes: usize) -> String {
    match dice.between(0, 33) {
        0..=7 => format!("scale sts/{set} --replicas={}", dice.between(0, 5)),
        8..=11 => {
            let image = if dice.percent(25) { dice.of(&BAD_IMAGES) } else { dice.of(&IMAGES) };
            format!("set image sts/{set} app={image}")
        }
        12 => format!("rollout restart sts/{set}"),
        13 => format!("rollout undo sts/{set}"),
        14..=15 => format!("delete pod {} --wait=false", pod(dice, set)),
        16 => format!("delete pod {} --wait=false --now", pod(dice, set)),
        17..=18 => format!("delete pod {} --force --grace-period=0", pod(dice, set)),
        19 => {
            let how = dice.of(&["background", "foreground", "orphan"]);
            format!("delete sts {set} --wait=false --cascade={how}")
        }
        20 => format!("delete pvc data-{} --wait=false", pod(dice, set)),
        21..=22 => format!("patch sts {set} --type=merge -p '{}'", patch(dice)),
        23 => format!("cordon {}", node(dice, nodes)),
        24..=25 => format!("uncordon {}", node(dice, nodes)),
        26..=28 => drain(dice, set, nodes),
        29 => format!("label pod {} app-", pod(dice, set)),
        30 => format!("label pod {} app={set} --overwrite", pod(dice, set)),
        31 => dice
            .of(&["delete quota limit", "delete pdb --all", "delete namespace shop --wait=false"])
            .to_owned(),
        32 => {
            let hard = format!(r#"{{"spec":{{"hard":{{"pods":"{}"}}}}}}"#, dice.between(0, 6));
            format!("patch quota limit --type=merge -p '{hard}'")
        }
        _ => format!("delete service {set}"),
    }
}

/// A random `kubectl drain`: of all that is on a node, of one set's Pods, or without asking budgets.
fn drain(dice: &mut Dice, set: &str, nodes: usize) -> String {
    let node = node(dice, nodes);
    let more = match dice.between(0, 5) {
        0 => format!(" --pod-selector=app={set}"),
        1 => " --disable-eviction".to_owned(),
        2 => " --grace-period=1".to_owned(),
        _ => String::new(),
    };
    format!("drain {node} --ignore-daemonsets --delete-emptydir-data --force --timeout=20s{more}")
}

fn patch(dice: &mut Dice) -> String {
    match dice.between(0, 4) {
        0 => {
            let partition = dice.between(0, 4);
            format!(
                r#"{{"spec":{{"updateStrategy":{{"type":"RollingUpdate","rollingUpdate":{{"partition":{partition}}}}}}}}}"#
            )
        }
        1 => r#"{"spec":{"updateStrategy":{"type":"OnDelete","rollingUpdate":null}}}"#.to_owned(),
        2 => {
            let (deleted, scaled) = (dice.of(&["Retain", "Delete"]), dice.of(&["Retain", "Delete"]));
            format!(
                r#"{{"spec":{{"persistentVolumeClaimRetentionPolicy":{{"whenDeleted":"{deleted}","whenScaled":"{scaled}"}}}}}}"#
            )
        }
        3 => format!(r#"{{"spec":{{"ordinals":{{"start":{}}}}}}}"#, dice.between(0, 3)),
        _ => format!(r#"{{"spec":{{"minReadySeconds":{}}}}}"#, dice.of(&[0, 2, 6])),
    }
}

fn fault(dice: &mut Dice, (namespace, set): (&str, &str), nodes: usize) -> Fault {
    let namespace = namespace.to_owned();
    match dice.between(0, 34) {
        0..=2 => {
            let exit_code = dice.of(&[0, 1, 137]);
            Fault::CrashContainer { namespace, pod: pod(dice, set), container: String::new(), exit_code }
        }
        3..=5 => {
            let ready = dice.of(&[Some(false), Some(false), Some(true), None]);
            Fault::ForceReady { namespace, pod: pod(dice, set), ready }
        }
        6 => Fault::StopKubelet { node: node(dice, nodes) },
        7..=8 => Fault::StartKubelet { node: node(dice, nodes) },
        9 => Fault::PowerOff { node: node(dice, nodes) },
        10..=11 => Fault::PowerOn { node: node(dice, nodes) },
        12..=13 => {
            let image = dice.of(&IMAGES).to_owned();
            let behaviour =
                dice.of(&["", "never-ready", "crashes-after=3s", "pull-fails", "ignores-sigterm"]);
            Fault::SetImageBehaviour { image, behaviour: behaviour.to_owned() }
        }
        14..=16 => {
            let lasts = Duration::from_millis(dice.between(50, 20_000));
            Fault::StallWatches { process: dice.of(&PROCESSES).to_owned(), lasts }
        }
        17..=19 => {
            let lasts = Duration::from_millis(dice.between(50, 30_000));
            Fault::LoseWatches { process: dice.of(&PROCESSES).to_owned(), lasts }
        }
        20..=23 => Fault::RestartController { name: dice.of(&CONTROLLERS).to_owned() },
        24 => Fault::SlowProvisioner { by: Duration::from_secs(dice.between(0, 15)) },
        25 => {
            let message = dice.of(&["", "no space left on device"]);
            Fault::FailProvisioner { message: message.to_owned() }
        }
        _ => lasting(dice, namespace, set, nodes),
    }
}

/// A fault that lasts until it is taken back. The volume is said by its claim: see `play.rs`.
fn lasting(dice: &mut Dice, namespace: String, set: &str, nodes: usize) -> Fault {
    let (pod, container) = (pod(dice, set), String::new());
    let volume = format!("{namespace}/www-{pod}");
    match dice.between(0, 12) {
        0 => Fault::RunOutOfMemory { namespace, pod, container },
        1..=2 => Fault::Hang { namespace, pod, container, hangs: dice.percent(70) },
        3 => Fault::IgnoreSigterm { namespace, pod, container, ignores: dice.percent(70) },
        4 => Fault::CutNetwork { node: node(dice, nodes) },
        5..=6 => Fault::RestoreNetwork { node: node(dice, nodes) },
        7 => Fault::StopProcess { process: dice.of(&STOPPABLE).to_owned() },
        8..=9 => Fault::StartProcess { process: dice.of(&STOPPABLE).to_owned() },
        10 => Fault::FillDisk { volume, is_full: dice.percent(60) },
        11 => Fault::HoldVolume { volume, is_held: dice.percent(60) },
        _ => Fault::SlowApiServer { by: Duration::from_millis(dice.of(&[0, 500, 2_000])) },
    }
}
