//! Faults of nodes, volumes and the control plane: what kubectl says of them, what undo heals, that replay is the
//! same.
#![allow(clippy::unwrap_used)] // stories

mod support;

use apimachinery::Lang;
use cluster::Fault;
use session::offers::FaultKind;
use session::refusal::{Refusal, refusal};
use support::Lab;

const READY: [&str; 3] = ["1/1", "1/1", "1/1"];

/// The phases of a lost node: 50 s of silence, 300 s of toleration, then a Pod that cannot end.
#[test]
fn a_node_without_network_runs_on_unheard_and_returns() {
    let mut lab = Lab::new();
    let node = lab.node_of("web-1");
    lab.cause("web-1", FaultKind::CutNetwork);
    lab.wait(30);
    assert_eq!(lab.column("kubectl get pods", 1), READY, "nobody knows yet");
    let logs = lab.run("kubectl logs web-1");
    assert!(logs.contains(":10250: i/o timeout"), "{logs}");
    let exec = lab.run("kubectl exec web-1 -- hostname");
    assert!(exec.starts_with("Error from server: error dialing backend: dial tcp"), "{exec}");
    lab.wait(30);
    assert!(lab.run(&format!("kubectl get node {node}")).contains("NotReady"));
    lab.wait(310);
    assert!(lab.run("kubectl get pod web-1").contains("Terminating"));
    lab.wait(60);
    assert!(lab.run("kubectl get pod web-1").contains("Terminating"), "nobody can say that it has ended");
    lab.undo(FaultKind::CutNetwork);
    lab.wait(60);
    assert!(!lab.run("kubectl get nodes").contains("NotReady"));
    assert_eq!(lab.column("kubectl get pods", 1), READY);
    lab.assert_replays();
}

#[test]
fn a_short_cut_changes_nothing_for_the_pods() {
    let mut lab = Lab::new();
    lab.cause("web-1", FaultKind::CutNetwork);
    lab.wait(60);
    lab.cause("web-1", FaultKind::Crash);
    lab.wait(5);
    assert_eq!(lab.column("kubectl get pods", 3), ["0", "0", "0"], "the restart is not told");
    lab.undo(FaultKind::CutNetwork);
    lab.wait(30);
    assert_eq!(lab.column("kubectl get pods", 1), READY);
    assert_eq!(lab.column("kubectl get pods", 3), ["0", "1", "0"]);
    lab.assert_replays();
}

#[test]
fn a_pod_deleted_by_force_runs_on_behind_the_cut_until_its_kubelet_hears() {
    let mut lab = Lab::new();
    let node = lab.node_of("web-1");
    lab.cause("web-1", FaultKind::CutNetwork);
    lab.run(&format!("kubectl cordon {node}"));
    lab.cause("web-1", FaultKind::DeleteByForce);
    lab.wait(2);
    let runs = |lab: &Lab| {
        let kubelet = lab.0.cluster().kubelet(&node).unwrap();
        kubelet
            .worker("default", "web-1")
            .is_some_and(|w| w.containers.iter().any(kubelet::container::Container::is_running))
    };
    assert!(runs(&lab));
    assert_ne!(lab.node_of("web-1"), node);
    lab.run(&format!("kubectl uncordon {node}"));
    lab.undo(FaultKind::CutNetwork);
    lab.wait(15);
    assert!(!runs(&lab));
    lab.assert_replays();
}

#[test]
fn a_node_without_power_comes_back() {
    let mut lab = Lab::new();
    lab.cause("web-1", FaultKind::PowerOff);
    lab.wait(70);
    assert!(lab.run("kubectl get nodes").contains("NotReady"));
    lab.undo(FaultKind::PowerOff);
    lab.wait(60);
    assert_eq!(lab.column("kubectl get pods", 1), READY);
    lab.assert_replays();
}

#[test]
fn a_drained_node_is_cordoned_until_undo() {
    let mut lab = Lab::new();
    let node = lab.node_of("web-1");
    lab.cause("web-1", FaultKind::Drain);
    lab.wait(30);
    assert!(lab.run(&format!("kubectl get node {node}")).contains("Ready,SchedulingDisabled"));
    assert_ne!(lab.node_of("web-1"), node);
    lab.undo(FaultKind::Cordon);
    lab.cause("web-1", FaultKind::Cordon);
    lab.undo(FaultKind::Cordon);
    lab.assert_replays();
}

#[test]
fn without_a_provisioner_a_new_claim_stays_pending() {
    let mut lab = Lab::new();
    lab.cause("web-1", FaultKind::StopProvisioners);
    lab.run("kubectl scale sts web --replicas=4");
    lab.wait(60);
    assert!(lab.run("kubectl get pvc www-web-3").contains("Pending"));
    assert!(lab.run("kubectl get pod web-3").contains("Pending"));
    let words = "either by the external provisioner 'nfs.csi.k8s.io' or manually";
    assert!(lab.events("www-web-3", "ExternalProvisioning").iter().any(|text| text.contains(words)));
    lab.undo(FaultKind::StopProvisioners);
    lab.wait(40);
    assert!(lab.run("kubectl get pvc www-web-3").contains("Bound"));
    assert!(lab.run("kubectl get pod web-3").contains("1/1"));
    lab.assert_replays();
}

#[test]
fn on_a_full_disk_no_write_succeeds() {
    let mut lab = Lab::new();
    let write = "kubectl exec web-1 -- sh -c 'echo a >> /usr/share/nginx/html/index.html'";
    lab.run(write);
    lab.cause("web-1", FaultKind::FillDisk);
    let refused = lab.run(write);
    assert!(refused.contains("No space left on device"), "{refused}");
    assert_eq!(lab.0.terminal().last_exit(), 1);
    lab.cause("web-1", FaultKind::Crash);
    lab.wait(5);
    assert_eq!(lab.run("kubectl exec web-1 -- cat /usr/share/nginx/html/index.html"), "a\n");
    let other = lab.run("kubectl exec web-2 -- sh -c 'echo b >> /usr/share/nginx/html/index.html'");
    assert_eq!(other, "");
    lab.undo(FaultKind::FillDisk);
    lab.run(write);
    assert_eq!(lab.run("kubectl exec web-1 -- cat /usr/share/nginx/html/index.html"), "a\na\n");
    lab.assert_replays();
}

#[test]
fn a_volume_that_will_not_detach_keeps_its_pod_from_another_node() {
    let mut lab = Lab::new();
    let node = lab.node_of("web-1");
    lab.cause("web-1", FaultKind::HoldVolume);
    lab.run(&format!("kubectl cordon {node}"));
    lab.cause("web-1", FaultKind::Delete);
    lab.wait(60);
    assert_ne!(lab.node_of("web-1"), node);
    assert!(lab.run("kubectl get pod web-1").contains("ContainerCreating"));
    let text = lab.events("web-1", "FailedAttachVolume");
    assert!(text.iter().any(|t| t.starts_with("Multi-Attach error for volume")
        && t.ends_with(
            "Volume is already exclusively attached to one node and can't be attached to another"
        )));
    lab.wait(120);
    let text = lab.events("web-1", "FailedMount");
    assert!(text.iter().any(|t| t.contains("unmounted volumes=[www]")), "{text:?}");
    lab.run(&format!("kubectl uncordon {node}"));
    lab.undo(FaultKind::HoldVolume);
    lab.wait(20);
    assert_eq!(lab.column("kubectl get pods", 1), READY);
    lab.assert_replays();
}

#[test]
fn without_controllers_nobody_replaces_a_pod() {
    let mut lab = Lab::new();
    lab.cause("web-1", FaultKind::StopControllers);
    lab.cause("web-1", FaultKind::DeleteByForce);
    lab.run("kubectl scale sts web --replicas=5");
    lab.wait(120);
    assert_eq!(lab.column("kubectl get pods", 0), ["web-0", "web-2"]);
    assert!(!lab.run("kubectl get nodes").contains("NotReady"));
    lab.undo(FaultKind::StopControllers);
    lab.wait(60);
    assert_eq!(lab.column("kubectl get pods", 0), ["web-0", "web-1", "web-2", "web-3", "web-4"]);
    assert!(
        !lab.run("kubectl get nodes").contains("NotReady"),
        "silence of the past is not held against nodes"
    );
    lab.assert_replays();
}

#[test]
fn without_a_scheduler_a_new_pod_stays_pending() {
    let mut lab = Lab::new();
    let before = lab.events("web-1", "FailedScheduling");
    lab.cause("web-1", FaultKind::StopScheduler);
    lab.cause("web-1", FaultKind::DeleteByForce);
    lab.wait(60);
    assert!(lab.run("kubectl get pod web-1").contains("Pending"));
    assert!(lab.run("kubectl describe pod web-1").contains("Node:             <none>"));
    assert_eq!(lab.events("web-1", "FailedScheduling"), before, "nobody has even looked");
    lab.undo(FaultKind::StopScheduler);
    lab.wait(20);
    assert_eq!(lab.column("kubectl get pods", 1), READY);
    lab.assert_replays();
}

#[test]
fn a_slow_api_server_makes_all_that_components_do_slow() {
    let took = |is_slow: bool| {
        let mut lab = Lab::new();
        if is_slow {
            lab.cause("web-1", FaultKind::SlowApiServer);
        }
        lab.cause("web-1", FaultKind::DeleteByForce);
        lab.wait(1);
        let took = lab.until(60, "kubectl get pod web-1", "1/1");
        if is_slow {
            lab.undo(FaultKind::SlowApiServer);
            lab.assert_replays();
        }
        took
    };
    // The set creates, the scheduler binds, the kubelet reports: each a request of 2 s.
    assert!(took(true) >= took(false) + 5);
}

#[test]
fn a_fault_without_anything_to_happen_to_is_refused_with_a_sentence() {
    let mut lab = Lab::new();
    let deeds = lab.0.run().deeds().len();
    let crash = Fault::CrashContainer {
        namespace: "default".to_owned(),
        pod: "web-9".to_owned(),
        container: String::new(),
        exit_code: 1,
    };
    let refused = lab.0.fault(crash, "crash web-9").unwrap_err();
    assert_eq!(refused.sentence(Lang::En), "There is no Pod web-9.");
    assert_eq!(refused.sentence(Lang::ZhCn), "没有 Pod web-9。");
    assert_eq!(lab.0.run().deeds().len(), deeds, "nothing was done");
    let why = |fault: &Fault| refusal(lab.0.cluster(), fault);
    let node = Fault::CutNetwork { node: "node-9".to_owned() };
    assert_eq!(why(&node), Some(Refusal::NoSuchNode("node-9".to_owned())));
    let process = Fault::StopProcess { process: "kubelet/node-1".to_owned() };
    assert_eq!(why(&process), Some(Refusal::NoSuchProcess("kubelet/node-1".to_owned())));
    let volume = Fault::FillDisk { volume: "pv".to_owned(), is_full: true };
    assert_eq!(why(&volume), Some(Refusal::NoSuchVolume("pv".to_owned())));
    assert_eq!(why(&Fault::StopProcess { process: "kube-scheduler".to_owned() }), None);
}
