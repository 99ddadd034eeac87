//! What a person can write does not stop the page: every piece of work is bounded, and time goes on.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use api::{Key, Kind};
use apimachinery::Lang;
use cluster::What;
use session::Session;

/// A Pod that runs a shell's tools, ready.
fn with_a_pod() -> Session {
    let mut session = Session::default();
    session.command("kubectl run box --image=busybox:1.28.4 -- sleep 3600");
    session.play(Duration::from_secs(20));
    session
}

/// What a line printed that ended at once.
fn printed(session: &mut Session, line: &str) -> String {
    session.command(line);
    assert!(!session.terminal().is_running(), "{line}");
    session.terminal().screen().last().unwrap().text.clone()
}

#[test]
fn a_container_s_shell_does_not_double_without_end() {
    let mut session = with_a_pod();
    let exec = |script: &str| format!("kubectl exec box -- sh -c '{script}'");
    assert_eq!(printed(&mut session, &exec("A=x; A=$A$A; A=$A${A}y; echo $A $B")), "xxxxy $B\n");
    let doubled = "A=$A$A; ".repeat(60);
    let said = printed(&mut session, &exec(&format!("A=0123456789; {doubled} echo $A")));
    assert!(said.contains("sh: Argument list too long"), "{} bytes", said.len());
    for _ in 0..40 {
        session.command(&exec("echo 0123456789abcdef >> /tmp/f; cat /tmp/f >> /tmp/f"));
    }
    let said = printed(&mut session, &exec("cat /tmp/f >> /tmp/f"));
    assert!(said.contains("No space left on device"), "{said}");
    let many = printed(&mut session, &exec(&format!("cat {}", "/tmp/f ".repeat(100))));
    assert!(many.ends_with("# cut: longer than 4 MiB\n") && many.len() < 5 << 20, "{} bytes", many.len());
}

#[test]
fn a_loop_of_ten_millions_goes_on_with_time_and_ends_with_ctrl_c() {
    let mut session = Session::default();
    let heads: String =
        ["a", "b", "c", "d", "e", "f", "g"].map(|v| format!("for {v} in 0 1 2 3 4 5 6 7 8 9; do ")).concat();
    session.command(&format!("{heads}kubectl get nodes; {}", "done; ".repeat(7)));
    session.play(Duration::from_secs(1));
    assert!(session.terminal().is_running());
    session.interrupt();
    assert!(!session.terminal().is_running());
    assert_eq!(session.terminal().last_exit(), 130);
    let bytes: usize = session.terminal().screen().iter().map(|entry| entry.text.len()).sum();
    assert!(bytes < 32 << 20, "{bytes} bytes on screen");
}

fn set(name: &str, replicas: u64, policy: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: {name}}}\nspec:\n  serviceName: nginx\n  \
         replicas: {replicas}\n  podManagementPolicy: {policy}\n  selector: {{matchLabels: {{app: {name}}}}}\n  \
         template:\n    metadata: {{labels: {{app: {name}}}}}\n    spec:\n      \
         containers: [{{name: nginx, image: 'nginx:1.7.9'}}]\n"
    )
}

fn count(session: &Session, kind: Kind) -> usize {
    session.cluster().store().list(kind, "").count()
}

/// Whatever is asked for, a step writes no more than a batch of the real controller, and others go on.
#[test]
fn no_number_of_replicas_stops_the_page() {
    let mut session = Session::default();
    session.apply_text("many.yaml", &set("many", 2_147_483_647, "Parallel"));
    assert_eq!(session.terminal().last_exit(), 0);
    session.apply_text("few.yaml", &set("few", 1, "OrderedReady"));
    assert_eq!(session.terminal().last_exit(), 0);
    let mut longest = 0;
    let until = session.now() + Duration::from_millis(150);
    while session.now() < until {
        let before = session.cluster().store().revision();
        let mut asked = false;
        session.play_within(until.since(session.now()), &mut || !std::mem::replace(&mut asked, true));
        longest = longest.max(session.cluster().store().revision() - before);
    }
    assert!(longest <= 600, "{longest} writes at one moment");
    assert!(count(&session, Kind::Pod) > 1_000);
    let scene = session.scene();
    let many = scene.sets.iter().find(|set| &*set.key.name == "many").unwrap();
    assert_eq!((many.columns.len(), many.beyond), (1_000, 2_147_483_647 - 1_000));
    assert!(scene.other_pods.is_empty(), "those beyond are no strangers");
    let few = Key::new(Kind::Pod, "default", "few-0");
    assert!(session.cluster().store().get(&few).is_some(), "another set goes on");
}

#[test]
fn more_replicas_than_the_laboratory_holds_are_told() {
    let mut session = Session::default();
    session.apply_text("many.yaml", &set("many", 21_000, "OrderedReady"));
    assert_eq!(session.terminal().last_exit(), 0);
    session.command("kubectl scale sts many --replicas=1000000");
    session.play(Duration::from_millis(500));
    let about = Key::new(Kind::StatefulSet, "default", "many");
    let told = session.run().records().iter().any(|record| match &record.what {
        What::Decided { key, reason } => *key == about && reason.name() == "LaboratoryIsFull",
        What::Requested { .. } | What::Failed { .. } | What::Fault(_) => false,
    });
    assert!(told);
    assert!(count(&session, Kind::Pod) < 10);
}

/// A set whose Pods crash again and again, for so many simulated hours.
fn crashing(hours: u64) -> Session {
    let mut session = Session::default();
    session.apply_text("web.yaml", &set("web", 30, "Parallel").replace("nginx:1.7.9", "busybox:1.36"));
    assert_eq!(session.terminal().last_exit(), 0);
    session.play(Duration::from_hours(hours));
    session
}

#[test]
fn what_happened_thins_out_with_age_and_any_moment_can_still_be_seen() {
    let session = crashing(2);
    let run = session.run();
    let records = run.records();
    assert!(records.len() <= 8_192 + 600, "{} records", records.len());
    assert!(run.changes().len() <= 8_192 + 600, "{} changes", run.changes().len());
    assert!(run.forgotten() > run.origin());
    assert!(records.iter().any(|record| record.at < run.forgotten() && record.actor.is_user()), "deeds stay");
    assert!(records.windows(2).all(|pair| matches!(pair, [a, b] if a.id < b.id)));
    let mut again = session.clone();
    again.play(Duration::from_mins(5));
    for key in [Key::new(Kind::Pod, "default", "web-0"), Key::new(Kind::StatefulSet, "default", "web")] {
        let about = |record: &&cluster::Record| match &record.what {
            What::Decided { reason, .. } => reason.subject() == key,
            What::Requested { .. } | What::Failed { .. } | What::Fault(_) => false,
        };
        let told = again.run().records().iter().filter(about);
        let told: Vec<i64> = told.map(|record| record.at.micros_since(run.origin())).collect();
        assert_eq!(again.decisions_about(&key), told, "{key}");
    }
    let decisions = session.decisions();
    again.seek(session.now());
    assert_eq!(again.decisions(), decisions);
    again.command("kubectl scale sts web --replicas=29");
    assert_eq!(again.branches().len(), 1);
    assert!(again.decisions() >= decisions, "a branch counts what it shares");
    again.seek(run.origin() + Duration::from_secs(10));
    assert_eq!(count(&again, Kind::Pod), 30);
    again.seek(run.origin() + Duration::from_mins(50));
    let hours_ago = again.why(None, Lang::En).unwrap();
    assert_eq!(hours_ago.chain.first().unwrap().text, "What led to this is too long ago to be kept.");
}

/// Each number of a set at its type's ends, with what a person does then.
#[test]
fn no_number_overflows() {
    let (int, long) = (i64::from(i32::MAX), i64::MAX);
    for (int, long) in [(int, long), (1, 1), (0, 0)] {
        for quantity in ["9223372036854775807Ei", "1n", "0"] {
            let mut session = Session::default();
            let text = format!(
                "apiVersion: v1\nkind: Pod\nmetadata: {{name: alone, labels: {{app: web}}}}\nspec:\n  \
                 activeDeadlineSeconds: {int}\n  terminationGracePeriodSeconds: {long}\n  priority: 0\n  \
                 tolerations: [{{key: a, effect: NoExecute, operator: Exists, tolerationSeconds: {long}}}]\n  \
                 containers:\n  - name: a\n    image: nginx:1.7.9\n    resources: {{requests: {{cpu: '{quantity}', memory: '{quantity}'}}}}\n    \
                 livenessProbe: &p {{tcpSocket: {{port: 80}}, initialDelaySeconds: {int}, periodSeconds: {int}, timeoutSeconds: {int}, failureThreshold: {int}, terminationGracePeriodSeconds: {long}}}\n    \
                 startupProbe: *p\n    lifecycle: {{preStop: {{sleep: {{seconds: {long}}}}}}}\n---\n{}",
                set("web", 2, "Parallel").replace(
                    "  replicas: 2\n",
                    &format!(
                        "  replicas: 2\n  minReadySeconds: {int}\n  revisionHistoryLimit: {int}\n  ordinals: {{start: {int}}}\n  \
                         updateStrategy: {{rollingUpdate: {{partition: {int}, maxUnavailable: {int}}}}}\n"
                    )
                )
            );
            session.apply_text("ends.yaml", &text);
            if int > 0 {
                assert_eq!(session.terminal().last_exit(), 0, "{:?}", session.terminal().screen().last());
            }
            session.play(Duration::from_secs(20));
            drop((session.scene(), session.why(None, Lang::En)));
            for line in [
                "kubectl describe pods",
                "kubectl get pods -o wide",
                &format!("kubectl delete pod alone --grace-period={int} --wait=false"),
                &format!("kubectl rollout status sts/web --timeout={int}s"),
                &format!("kubectl scale sts web --replicas={int}"),
                "kubectl get sts -o yaml",
            ] {
                session.command(line);
                session.play_within(Duration::from_secs(2), &mut few());
                drop(session.scene());
            }
            session.play_within(Duration::from_hours(1), &mut few());
        }
    }
}

/// Some moments and no more.
fn few() -> impl FnMut() -> bool {
    let mut left = 10;
    move || {
        left -= 1;
        left > 0
    }
}
