//! Faults of Pods, containers and images: what kubectl says of them, what undo heals, that replay is the same.
#![allow(clippy::unwrap_used)] // stories

mod support;

use session::offers::FaultKind;
use support::Lab;

const LIVENESS: &str =
    "        livenessProbe: {httpGet: {path: /, port: web}, periodSeconds: 2, failureThreshold: 3}\n";
const IMAGE: &str = "image: nginx:1.7.9";

#[test]
fn a_deleted_pod_is_replaced_under_its_name() {
    let mut lab = Lab::new();
    lab.cause("web-1", FaultKind::Delete);
    assert!(lab.run("kubectl get pod web-1").contains("Terminating"));
    lab.wait(30);
    assert_eq!(lab.column("kubectl get pods", 1), ["1/1", "1/1", "1/1"]);
    assert_eq!(lab.in_force(), []);
    lab.assert_replays();
}

#[test]
fn deletion_by_force_frees_the_name_at_once() {
    let mut lab = Lab::new();
    let uid = lab.run("kubectl get pod web-1 -o jsonpath={.metadata.uid}");
    lab.cause("web-1", FaultKind::DeleteByForce);
    let screen = lab.0.terminal().screen().iter().map(|entry| entry.text.clone()).collect::<String>();
    assert!(screen.contains("Immediate deletion does not wait for confirmation"), "{screen}");
    lab.wait(1);
    let now = lab.run("kubectl get pod web-1 -o jsonpath={.metadata.uid}");
    assert!(!now.is_empty() && now != uid, "{now}");
    lab.assert_replays();
}

#[test]
fn an_eviction_asks_the_budget() {
    let mut lab = Lab::new();
    lab.run("kubectl create pdb web --selector=app=nginx --min-available=3");
    lab.wait(2);
    lab.cause("web-1", FaultKind::Evict);
    let last = lab.0.terminal().screen().last().unwrap().text.clone();
    assert!(last.contains("Cannot evict pod as it would violate the pod's disruption budget."), "{last}");
    lab.run("kubectl delete pdb web");
    lab.cause("web-1", FaultKind::Evict);
    assert!(lab.run("kubectl get pod web-1").contains("Terminating"));
    lab.assert_replays();
}

#[test]
fn a_pod_that_lost_readiness_leaves_dns_until_undo() {
    let mut lab = Lab::new();
    lab.cause("web-1", FaultKind::LoseReadiness);
    lab.wait(2);
    assert_eq!(lab.column("kubectl get pods", 1), ["1/1", "0/1", "1/1"]);
    lab.until(5, "nslookup web-1.nginx", "can't resolve");
    lab.undo(FaultKind::LoseReadiness);
    lab.wait(2);
    assert_eq!(lab.column("kubectl get pods", 1), ["1/1", "1/1", "1/1"]);
    lab.assert_replays();
}

#[test]
fn a_crash_is_restarted_in_place() {
    let mut lab = Lab::new();
    lab.cause("web-1", FaultKind::Crash);
    lab.wait(5);
    assert!(lab.run("kubectl describe pod web-1").contains("Exit Code:    1"));
    assert_eq!(lab.column("kubectl get pods", 3), ["0", "1", "0"]);
    lab.assert_replays();
}

/// <https://kubernetes.io/docs/tasks/configure-pod-container/assign-memory-resource/>
#[test]
fn who_runs_out_of_memory_is_oom_killed_with_137() {
    let mut lab = Lab::new();
    lab.cause("web-1", FaultKind::RunOutOfMemory);
    lab.wait(5);
    let text = lab.run("kubectl describe pod web-1");
    let last = text.split("Last State:").nth(1).unwrap();
    assert!(last.contains("OOMKilled") && last.contains("Exit Code:    137"), "{text}");
    // A second end right afterwards has to wait, and that shows why.
    lab.cause("web-1", FaultKind::RunOutOfMemory);
    lab.until(5, "kubectl get pods", "OOMKilled");
    assert!(!lab.events("web-1", "BackOff").is_empty());
    lab.wait(60);
    assert_eq!(lab.column("kubectl get pods", 1), ["1/1", "1/1", "1/1"]);
    lab.assert_replays();
}

#[test]
fn who_hangs_fails_its_probes_and_is_killed_after_the_threshold_and_its_grace() {
    let mut lab = Lab::with(IMAGE, LIVENESS);
    lab.cause("web-1", FaultKind::Hang);
    let noticed = lab.until(12, "kubectl describe pod web-1", "failed liveness probe, will be restarted");
    assert!((4..=7).contains(&noticed), "three probes, 2 s apart: {noticed}");
    let words = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
    assert!(lab.events("web-1", "Unhealthy").iter().any(|text| text.contains(words)));
    // It does not hear SIGTERM, so the whole grace period of 10 s passes.
    assert_eq!(lab.column("kubectl get pods", 3), ["0", "0", "0"]);
    let killed = lab.until(15, "kubectl get pod web-1", " 1 (");
    assert!((9..=12).contains(&killed), "{killed}");
    let text = lab.run("kubectl describe pod web-1");
    assert!(text.split("Last State:").nth(1).unwrap().contains("Exit Code:    137"), "{text}");
    assert_eq!(lab.in_force(), [], "the new process is sound");
    lab.assert_replays();
}

#[test]
fn who_hangs_without_a_probe_stays_ready_until_it_goes_on() {
    let mut lab = Lab::new();
    lab.cause("web-1", FaultKind::Hang);
    lab.wait(60);
    assert_eq!(lab.column("kubectl get pods", 1), ["1/1", "1/1", "1/1"]);
    lab.undo(FaultKind::Hang);
    lab.assert_replays();
}

#[test]
fn who_goes_on_in_time_answers_its_probes_again() {
    let mut lab = Lab::with(IMAGE, LIVENESS);
    lab.cause("web-1", FaultKind::Hang);
    lab.wait(3);
    lab.undo(FaultKind::Hang);
    lab.wait(20);
    assert_eq!(lab.column("kubectl get pods", 3), ["0", "0", "0"]);
}

#[test]
fn who_ignores_sigterm_has_the_whole_grace_period() {
    let mut lab = Lab::new();
    lab.cause("web-1", FaultKind::IgnoreSigterm);
    lab.cause("web-1", FaultKind::Delete);
    lab.wait(9);
    assert!(lab.run("kubectl get pod web-1").contains("Terminating"));
    let end = lab.until(10, "kubectl get pods", "web-1   0/1");
    assert!(end <= 4, "{end}");
    lab.wait(20);
    assert_eq!(lab.in_force(), [], "the next Pod of this name is another one");
    lab.cause("web-2", FaultKind::IgnoreSigterm);
    lab.undo(FaultKind::IgnoreSigterm);
    lab.cause("web-2", FaultKind::Delete);
    lab.wait(4);
    assert!(!lab.run("kubectl get pod web-2").contains("Terminating"));
    lab.assert_replays();
}

#[test]
fn a_broken_image_fails_every_pull_until_undo() {
    let mut lab = Lab::with(IMAGE, "        imagePullPolicy: Always\n");
    lab.cause("web-1", FaultKind::BreakImage);
    lab.cause("web-1", FaultKind::Delete);
    lab.until(20, "kubectl get pods", "ErrImagePull");
    lab.until(30, "kubectl get pods", "ImagePullBackOff");
    assert!(
        lab.events("web-1", "Failed")
            .iter()
            .any(|text| text.starts_with("Failed to pull image \"nginx:1.7.9\""))
    );
    assert_eq!(lab.in_force()[0].subject, "nginx:1.7.9");
    lab.undo(FaultKind::BreakImage);
    lab.wait(40);
    assert_eq!(lab.column("kubectl get pods", 1), ["1/1", "1/1", "1/1"]);
    lab.assert_replays();
}

#[test]
fn a_slow_image_takes_twenty_seconds() {
    let mut lab = Lab::with(IMAGE, "        imagePullPolicy: Always\n");
    lab.cause("web-1", FaultKind::SlowImage);
    lab.cause("web-1", FaultKind::DeleteByForce);
    lab.wait(15);
    assert!(lab.run("kubectl get pods").contains("ContainerCreating"));
    lab.wait(10);
    assert_eq!(lab.column("kubectl get pods", 1), ["1/1", "1/1", "1/1"]);
    let pulled = lab.events("web-1", "Pulled");
    assert!(pulled.iter().any(|text| text.contains(" in 20s (20s including waiting)")), "{pulled:?}");
    lab.undo(FaultKind::SlowImage);
    lab.assert_replays();
}
