//! A person's story, natively: what is played can be replayed, left, and taken up again.

use std::time::Duration;

use api::{Key, Kind};
use apimachinery::Time;
use apimachinery::sorted::{SortedMap, SortedSet};
use apimachinery::value::ValueExt;
use cluster::{Cluster, Fault};

use crate::examples::{NOTE_003, storage_class};
use crate::script::{Limits, Script};
use crate::session::{Session, laboratory};

/// Every object, as text, by key: what two clusters at the same moment must agree on.
fn contents(cluster: &Cluster) -> SortedMap<Key, String> {
    let kinds = Kind::ALL.iter().flat_map(|kind| cluster.store().list(*kind, ""));
    kinds.map(|object| (object.key(), object.to_value().to_string())).collect()
}

fn ready(session: &Session) -> Vec<String> {
    let pods = session.cluster().store().list(Kind::Pod, "default");
    pods.filter(|pod| api::core::Pod(pod).is_running_and_ready())
        .map(|pod| pod.metadata.name.clone())
        .collect()
}

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// The session as it is after a reload: from its text.
fn reloaded(session: &Session) -> Session {
    let script = Script::read(&session.script().to_text(), Limits::KEPT).expect("our own text");
    let mut again = Session::open(&script);
    assert!(again.catch_up(&mut || true));
    again
}

/// Note 003 with its class, three Pods Ready.
fn running() -> Session {
    let mut session = Session::new(laboratory(), Some(NOTE_003));
    session.apply_text("class.yaml", &storage_class("my-storage-class"));
    assert_eq!(session.apply(), 0);
    session.play(seconds(60));
    assert_eq!(ready(&session), ["web-0", "web-1", "web-2"]);
    session
}

#[test]
fn pods_come_up_one_after_the_other() {
    let mut session = Session::new(laboratory(), Some(NOTE_003));
    session.apply_text("class.yaml", &storage_class("my-storage-class"));
    session.apply();
    let mut most = 0;
    for _ in 0..600 {
        session.play(Duration::from_millis(100));
        let exist = session.cluster().store().list(Kind::Pod, "default").count();
        let ready = ready(&session).len();
        assert!(exist <= ready + 1, "{exist} exist while {ready} are Ready");
        most = most.max(ready);
    }
    assert_eq!(most, 3);
}

#[test]
fn any_moment_can_be_seen_again() {
    let mut session = Session::new(laboratory(), Some(NOTE_003));
    session.apply_text("class.yaml", &storage_class("my-storage-class"));
    session.apply();
    let mut seen: Vec<(Time, SortedMap<Key, String>)> = Vec::new();
    for step in 0..40 {
        session.play(Duration::from_millis(1_700));
        match step {
            15 => session.command("kubectl set image sts/web nginx=nginx:1.99"),
            22 => session.command("kubectl scale sts web --replicas=5"),
            28 => {
                let fault = Fault::PowerOff { node: "node-2".to_owned() };
                assert_eq!(session.fault(fault, "power off node-2"), Ok(()));
            }
            33 => session.command("kubectl delete pod web-2"),
            _ => {}
        }
        seen.push((session.now(), contents(session.cluster())));
    }
    for (moment, before) in seen.iter().rev().chain(&seen) {
        session.seek(*moment);
        assert_eq!(contents(session.cluster()), *before, "{moment}");
    }
}

#[test]
fn the_same_deeds_lead_to_the_same_place() {
    let mut first = running();
    first.command("kubectl scale sts web --replicas=4");
    first.play(seconds(20));
    let second = reloaded(&first);
    assert_eq!(contents(first.cluster()), contents(second.cluster()));
    let told = |session: &Session| -> Vec<String> {
        session.run().records().iter().map(cluster::Record::fingerprint).collect()
    };
    assert_eq!(told(&first), told(&second));
}

#[test]
fn acting_in_the_past_begins_a_branch_and_keeps_the_other() {
    let mut session = running();
    let before = session.now();
    session.play(seconds(1));
    session.command("kubectl scale sts web --replicas=1");
    session.play(seconds(60));
    assert_eq!(ready(&session), ["web-0"]);
    session.seek(before);
    assert!(session.in_past());
    session.command("kubectl delete pod web-1 --wait=false");
    assert!(!session.in_past());
    session.play(seconds(60));
    assert_eq!(ready(&session).len(), 3);
    assert_eq!(session.branches().len(), 1);
    session.switch_branch(0);
    assert_eq!(ready(&session), ["web-0"]);
}

#[test]
fn the_forced_rollback_trap_is_explained_and_left_by_deleting_the_pod() {
    let mut session = running();
    session.command("kubectl set image sts/web nginx=nginx:1.99");
    session.play(seconds(60));
    session.command("kubectl set image sts/web nginx=nginx:1.7.9");
    session.play(seconds(120));
    assert_eq!(
        ready(&session),
        ["web-0", "web-1"],
        "the broken Pod stays although the template is good again"
    );
    let why = session.why(None, apimachinery::Lang::En).map(|why| (why.name, why.subject));
    assert_eq!(why, Some(("BrokenPodBlocksUpdate", Key::new(Kind::Pod, "default", "web-2"))));
    let told = session.why(None, apimachinery::Lang::En).expect("an answer");
    assert!(
        told.facts.iter().any(|fact| fact.text.contains("nginx:1.99")),
        "the image, too: {:?}",
        told.facts
    );
    let remedy = told.remedy.expect("a way out");
    assert_eq!(remedy, "kubectl delete pod web-2");
    session.command(&format!("{remedy} --wait=false"));
    session.play(seconds(60));
    assert_eq!(ready(&session), ["web-0", "web-1", "web-2"]);
}

#[test]
fn claims_stay_when_pods_go() {
    let mut session = running();
    session.command("kubectl scale sts web --replicas=5");
    session.play(seconds(60));
    session.command("kubectl scale sts web --replicas=1");
    session.play(seconds(90));
    assert_eq!(ready(&session), ["web-0"]);
    let claims: Vec<String> = session
        .cluster()
        .store()
        .list(Kind::PersistentVolumeClaim, "default")
        .map(|claim| format!("{} {}", claim.metadata.name, claim.status().str_at(&["phase"])))
        .collect();
    let bound: Vec<String> = (0..5).map(|n| format!("www-web-{n} Bound")).collect();
    assert_eq!(claims, bound);
}

#[test]
fn a_refused_manifest_changes_nothing() {
    let mut session = running();
    let before = contents(session.cluster());
    let text = NOTE_003.files[0].1.replace("replicas: 3", "replicas: \"three\"");
    session.apply_text("web.yaml", &text);
    assert_eq!(session.terminal().last_exit(), 1);
    assert_eq!(contents(session.cluster()), before);
}

// Texts: Kubernetes' documentation of `kubectl edit` and the header it writes.
#[test]
fn an_edit_opens_a_document_and_applying_it_changes_the_object() {
    let mut session = running();
    let said =
        |session: &Session| session.terminal().screen().last().map(|e| e.text.clone()).unwrap_or_default();
    session.command("kubectl edit sts web");
    assert!(session.terminal().is_running());
    let document = session.documents.current().unwrap().clone();
    assert!(document.name.starts_with("kubectl-edit-"), "{}", document.name);
    let head = "# Please edit the object below. Lines beginning with a '#' will be ignored,\n# and an empty file will abort the edit. If an error occurs while saving this file will be\n# reopened with the relevant failures.\n#\napiVersion: apps/v1\n";
    assert!(document.text.starts_with(head), "{}", document.text);
    session.apply();
    assert_eq!(said(&session), "Edit cancelled, no changes made.\n");
    assert!(session.documents.all.iter().all(|d| !d.name.starts_with("kubectl-edit-")));

    session.command("kubectl edit sts web");
    let change = |session: &mut Session, from: &str, to: &str| {
        let text = &mut session.documents.current_mut().unwrap().text;
        *text = text.replace(from, to);
    };
    change(&mut session, "serviceName: nginx", "serviceName: other");
    session.apply();
    assert_eq!(said(&session), "error: statefulsets.apps \"web\" is invalid\n");
    let again = session.documents.current().unwrap().text.clone();
    let reason = "#\n# statefulsets.apps \"web\" was not valid:\n# * spec: Forbidden: updates to statefulset spec for fields other than ";
    assert!(again.contains(reason), "{again}");
    change(&mut session, "serviceName: other", "serviceName: nginx");
    change(&mut session, "  replicas: 3\n", "  replicas: 2\n");
    assert_eq!(session.apply(), 0);
    assert_eq!(said(&session), "statefulset.apps/web edited\n");
    session.play(seconds(30));
    assert_eq!(ready(&session), ["web-0", "web-1"]);

    let second = reloaded(&session);
    assert_eq!(contents(session.cluster()), contents(second.cluster()));
}

#[test]
fn a_rolling_update_says_who_stays_behind_and_how_it_came_to_this() {
    let mut session = running();
    session.command("kubectl set image sts/web nginx=nginx:1.25.3");
    session.play(Duration::from_millis(5_000));
    let why = session.why(None, apimachinery::Lang::En).expect("web-1 is being replaced");
    assert_eq!(why.sentence, "web-0 stays on the old revision, because web-1 is terminating.");
    assert_eq!(why.facts.iter().filter(|fact| fact.text.starts_with("web-0 is on ")).count(), 1);
    let chain: Vec<&str> = why.chain.iter().map(|link| link.text.as_str()).collect();
    assert_eq!(chain.first(), Some(&"You: set image sts/web nginx=nginx:1.25.3"));
    assert!(chain.contains(&"web-2 is Ready"), "{chain:?}");
    assert!(chain.contains(&"web-2 is gone"), "{chain:?}");
    assert!(chain.iter().all(|text| !text.contains("controller")), "the books that are kept: {chain:?}");
}

#[test]
fn below_the_partition_nobody_waits_for_an_update() {
    let mut session = running();
    session.command(
        r#"kubectl patch sts web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":2}}}}'"#,
    );
    session.command("kubectl set image sts/web nginx=nginx:no-such-tag");
    session.play(seconds(60));
    let why = session.why(None, apimachinery::Lang::En).expect("web-2 is not Ready");
    assert_eq!(why.sentence, "web-2 cannot start, because its image nginx:no-such-tag cannot be pulled.");
    assert!(why.next.is_some_and(|next| next.contains("delete web-2 yourself")));
    assert_eq!(why.remedy, None, "the template may still be right");
}

/// The patterns of each revision that stage and ribbons show, by the first letters of its name.
fn patterns(session: &mut Session) -> (SortedMap<String, u8>, SortedMap<String, u8>) {
    let scene = session.scene();
    let stage = scene.sets.iter().flat_map(|set| &set.revisions);
    let stage = stage.map(|revision| (revision.short.clone(), revision.pattern)).collect();
    let ribbons = session.ribbons();
    let segments = ribbons.iter().flat_map(|ribbon| &ribbon.segments);
    (stage, segments.map(|segment| (segment.revision.to_string(), segment.pattern)).collect())
}

#[test]
fn stage_and_ribbons_show_a_revision_in_the_same_pattern_whatever_becomes_of_the_set() {
    let mut session = running();
    let lines = [
        "kubectl set image sts/web nginx=nginx:1.9.1",
        "kubectl set image sts/web nginx=nginx:1.7.9",
        "kubectl delete sts web",
    ];
    let mut known: SortedMap<String, u8> = SortedMap::new();
    for line in lines {
        session.command(line);
        session.play(seconds(90));
        let (stage, ribbons) = patterns(&mut session);
        for (revision, pattern) in stage.iter().chain(ribbons.iter()) {
            assert_eq!(known.entry(revision.clone()).or_insert(*pattern), pattern, "{revision} after {line}");
        }
    }
    assert_eq!(known.values().copied().collect::<SortedSet<u8>>().len(), 2, "two templates, two patterns");
    // Made anew with the second template first: its pattern is the one that it had.
    let second = NOTE_003.files[0].1.replace("nginx:1.7.9", "nginx:1.9.1");
    session.apply_text("web.yaml", &second);
    session.play(seconds(90));
    assert_eq!(ready(&session).len(), 3);
    let (stage, ribbons) = patterns(&mut session);
    for (revision, pattern) in stage.iter().chain(ribbons.iter()) {
        assert_eq!(known.get(revision), Some(pattern), "{revision}");
    }
}
