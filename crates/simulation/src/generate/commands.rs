//! Random commands of a person, and random faults of the world.

use std::time::Duration;

use cluster::Fault;

use super::Dice;
use super::manifests::{self, BAD_IMAGES, IMAGES, SETS};
use crate::scenario::Act;

/// Processes whose watches may be late.
const PROCESSES: [&str; 5] = [
    "kube-controller-manager",
    "kube-scheduler",
    "coredns",
    "kubelet/node-1",
    "csi-provisioner/rancher.io/local-path",
];

/// Controllers that may die in the middle of a decision.
const CONTROLLERS: [&str; 7] = [
    "statefulset-controller",
    "statefulset-controller",
    "endpointslice-controller",
    "generic-garbage-collector",
    "persistentvolume-binder",
    "default-scheduler",
    "persistentvolumeclaim-protection-controller",
];

/// Something that happens next.
pub(super) fn act(dice: &mut Dice, nodes: usize) -> Act {
    let set = dice.of(&SETS);
    match dice.between(0, 99) {
        0..=5 => Act::Apply(manifests::stateful_set(dice, set)),
        6..=7 => Act::Apply(manifests::service(dice, set)),
        8 => Act::Apply(manifests::budget(dice, set)),
        9..=54 => Act::Command(format!("kubectl {}", command(dice, set, nodes))),
        _ => Act::Fault(fault(dice, set, nodes)),
    }
}

fn node(dice: &mut Dice, nodes: usize) -> String {
    format!("node-{}", dice.between(1, u64::try_from(nodes).unwrap_or(1)))
}

fn pod(dice: &mut Dice, set: &str) -> String {
    format!("{set}-{}", dice.between(0, 3))
}

fn command(dice: &mut Dice, set: &str, nodes: usize) -> String {
    match dice.between(0, 30) {
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
        26..=27 => {
            format!("drain {} --ignore-daemonsets --delete-emptydir-data --timeout=20s", node(dice, nodes))
        }
        28 => format!("label pod {} app-", pod(dice, set)),
        29 => format!("label pod {} app={set} --overwrite", pod(dice, set)),
        _ => format!("delete service {set}"),
    }
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

fn fault(dice: &mut Dice, set: &str, nodes: usize) -> Fault {
    let namespace = "default".to_owned();
    match dice.between(0, 22) {
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
        17..=20 => Fault::RestartController { name: dice.of(&CONTROLLERS).to_owned() },
        21 => Fault::SlowProvisioner { by: Duration::from_secs(dice.between(0, 15)) },
        _ => {
            let message = dice.of(&["", "no space left on device"]);
            Fault::FailProvisioner { message: message.to_owned() }
        }
    }
}
