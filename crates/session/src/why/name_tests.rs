//! Stories of names that are not found, and of how reasons are worded.

use api::{Key, Kind};
use apimachinery::Lang;
use apimachinery::sorted::SortedMap;
use client::SharedReason;
use cluster::Fault;

use super::tests::{applied, headline, running, seconds};
use crate::decisions::decision;
use crate::examples::{NOTE_000, NOTE_003};
use crate::session::{Session, laboratory};

#[test]
fn a_name_that_is_not_found_is_answered_with_the_nearest_one() {
    let mut session = Session::new(laboratory(), Some(NOTE_000));
    for file in NOTE_000.files {
        session.apply_text(file.0, file.1);
    }
    session.play(seconds(60));
    session.command("kubectl run dns-test --image=busybox:1.28.4 --restart=Never -- sleep 3600");
    session.play(seconds(15));
    session.command("kubectl exec dns-test -- nslookup headless-web");
    let told = session.why(None, Lang::En).expect("an answer");
    assert_eq!(
        told.sentence,
        "headless-web does not resolve, because no Service is called headless-web; this one is called web."
    );
    assert_eq!(told.remedy.as_deref(), Some("nslookup web"));
    session.command("kubectl exec dns-test -- nslookup web");
    assert!(!headline(&session).contains("resolve"), "found, and nothing more to say of it");
    session.command("kubectl exec -it dns-test -- sh");
    session.command("nslookup headless-web");
    assert_eq!(headline(&session), told.sentence, "typed into a shell of the Pod");
    session.command("nslookup web");
    assert!(!headline(&session).contains("resolve"), "found, and nothing more to say of it");
    session.command("kubectl exec dns-test -- nslookup headless-web");
    session.command("kubectl get pods");
    assert!(!headline(&session).contains("resolve"), "somebody has gone on");
}

#[test]
fn each_name_has_its_own_reason() {
    let mut session = running();
    let ask = |session: &mut Session, name: &str| {
        session.command(&format!("nslookup {name}"));
        session.why(None, Lang::En).map(|why| (why.name, why.sentence)).expect("an answer")
    };
    for (name, rule) in [
        ("ngnix", "NoSuchService"),
        ("web-0.web", "NoSuchService"),
        ("web-0", "NeedsItsService"),
        ("web-7.nginx", "PodIsNotThere"),
        ("web-0.nginx.default.svc.cluster.lokal", "NotOfTheCluster"),
        ("example.com", "NotOfTheCluster"),
    ] {
        assert_eq!(ask(&mut session, name).0, rule, "{name}");
    }
    session.command("kubectl scale sts web --replicas=0");
    session.play(seconds(60));
    let (rule, sentence) = ask(&mut session, "nginx");
    assert_eq!(rule, "NoReadyEndpoint");
    assert_eq!(sentence, "nginx does not resolve, because the Service nginx selects no Pod that exists.");
}

/// Runs in which components say most of what they can say.
fn stories() -> Vec<Session> {
    let mut without_class = Session::new(laboratory(), Some(NOTE_003));
    without_class.apply();
    let mut parallel = applied(["replicas: 3", "podManagementPolicy: Parallel\n  replicas: 3"], laboratory());
    let mut broken = running();
    broken.command("kubectl set image sts/web nginx=nginx:1.99");
    broken.play(seconds(40));
    broken.command("kubectl rollout undo sts/web");
    broken.play(seconds(20));
    broken.command("kubectl scale sts web --replicas=1");
    let mut lost = running();
    lost.fault(Fault::PowerOff { node: "node-1".to_owned() }, "power off").expect("it can happen");
    lost.play(seconds(420));
    lost.fault(Fault::PowerOn { node: "node-1".to_owned() }, "power on").expect("it can happen");
    let mut orphans = running();
    orphans.command("kubectl delete sts web --cascade=orphan");
    orphans.play(seconds(5));
    orphans.apply_text("web.yaml", &super::tests::changed(["name: www", "name: data"]));
    let mut gone = running();
    gone.command("kubectl label pod web-1 app-");
    gone.play(seconds(5));
    gone.command("kubectl delete sts web --wait=false");
    gone.command("kubectl delete pvc www-web-0 --wait=false");
    let mut all = vec![without_class, broken, lost, orphans, gone];
    parallel.play(seconds(40));
    parallel.command("kubectl set image sts/web nginx=nginx:1.25.3");
    all.push(parallel);
    for session in &mut all {
        session.play(seconds(60));
    }
    all
}

fn is_han(letter: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&letter)
}

/// Where a Chinese and a Latin letter stand side by side without a space.
fn collision(text: &str) -> Option<String> {
    let letters: Vec<char> = text.chars().collect();
    let pair = letters.windows(2).find(|pair| match pair {
        [a, b] => is_han(*a) && b.is_ascii_alphanumeric() || a.is_ascii_alphanumeric() && is_han(*b),
        _ => false,
    });
    pair.map(|pair| pair.iter().collect())
}

#[test]
fn answers_are_written_in_both_languages() {
    let names = ["web-0", "web-1", "web-2", "web-7", "www-web-0", "www-web-1", "web", "node-1"];
    let kinds = [Kind::Pod, Kind::PersistentVolumeClaim, Kind::StatefulSet, Kind::Node];
    let keys = || kinds.iter().flat_map(|kind| names.map(|name| key(*kind, name)));
    let mut rules: SortedMap<&'static str, usize> = SortedMap::new();
    let mut sessions = stories();
    for name in ["headless-web", "web-0", "web-0.web", "web-7.nginx", "example.com"] {
        let mut session = sessions.first().expect("a story").clone();
        session.command(&format!("nslookup {name}"));
        sessions.push(session);
    }
    for session in &sessions {
        for about in std::iter::once(None).chain(keys().map(Some)) {
            let [en, zh] = [Lang::En, Lang::ZhCn].map(|lang| session.why(about.as_ref(), lang));
            let (Some(en), Some(zh)) = (en, zh) else { continue };
            assert_eq!(
                (en.name, en.stuck.is_some(), en.facts.len()),
                (zh.name, zh.stuck.is_some(), zh.facts.len())
            );
            assert!(en.sentence.ends_with('.') && zh.sentence.ends_with('。'), "{en:?} {zh:?}");
            let facts = zh.facts.iter().map(|fact| &fact.text);
            for text in [&zh.sentence, &zh.rule].into_iter().chain(&zh.next).chain(facts) {
                assert_eq!(collision(text), None, "{text}");
            }
            *rules.entry(en.name).or_insert(0) += 1;
        }
    }
    assert!(rules.len() > 12, "{rules:?}");
}

fn key(kind: Kind, name: &str) -> Key {
    Key::new(kind, if kind.info().namespaced { "default" } else { "" }, name)
}

#[test]
fn reasons_are_written_in_both_languages_and_ended_like_sentences() {
    let mut reasons: SortedMap<&'static str, SharedReason> = SortedMap::new();
    for session in stories() {
        for (_, reason) in session.run().records().iter().filter_map(decision) {
            reasons.insert(reason.name(), reason.clone());
        }
    }
    assert!(reasons.len() > 35, "{:?}", reasons.keys().collect::<Vec<_>>());
    for reason in reasons.values() {
        let [en, zh] = [Lang::En, Lang::ZhCn].map(|lang| {
            let more = [Some(reason.rule(lang)), reason.next(lang), reason.then(lang)];
            let sentences = std::iter::once(reason.sentence(lang)).chain(more.into_iter().flatten());
            (sentences.collect::<Vec<_>>(), reason.facts(lang))
        });
        assert!(en.0.iter().all(|text| text.ends_with('.') && !text.contains("  ")), "{en:?}");
        assert!(zh.0.iter().all(|text| text.ends_with('。') && text.chars().any(is_han)), "{zh:?}");
        let facts = zh.1.iter().map(|fact| &fact.text);
        for text in zh.0.iter().chain(facts) {
            assert_eq!(collision(text), None, "{text}");
        }
        assert_eq!(en.1.len(), zh.1.len(), "{reason:?}");
    }
}
