//! The format, as `FORMAT.md` describes it.

use std::time::Duration;

use cluster::Fault;
use serde_json::{Value, json};

use super::{Limits, Refused, Script};
use crate::act::Act;
use crate::examples::{NOTE_003, storage_class};
use crate::laboratory::{first_laboratory, laboratory};
use crate::session::Session;

fn read(value: &Value) -> Result<Script, Refused> {
    Script::read(&value.to_string(), Limits::LINK)
}

fn place_of(refused: Result<Script, Refused>) -> String {
    match refused {
        Err(Refused::Wrong { place, .. }) => place,
        other => panic!("not refused for a member: {other:?}"),
    }
}

/// The example in `FORMAT.md`.
fn described() -> Value {
    let page = include_str!("FORMAT.md");
    let example = page.split("```json").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    serde_json::from_str(example).expect("JSON")
}

#[test]
fn the_example_of_the_description_is_read_and_written_again() {
    let script = read(&described()).expect("the description's own example");
    let acts: Vec<&Act> = script.line.deeds.iter().map(|deed| &deed.act).collect();
    assert_eq!(acts.len(), 8);
    let service = described()["texts"][0].as_str().unwrap().to_owned();
    assert_eq!(*acts[0], Act::Apply { name: "web.yaml".to_owned(), text: service.clone() });
    assert_eq!(
        *acts[6],
        Act::Fault {
            fault: Fault::PowerOff { node: "node-1".to_owned() },
            text: "power off node-1".to_owned()
        }
    );
    assert_eq!(script.documents[0].applied.as_deref(), Some(service.as_str()));
    assert_eq!(script.documents[1].applied, None);
    let cluster = script.cluster.as_ref().expect("a cluster of its own");
    assert_eq!((cluster.nodes.len(), cluster.images.iter().count()), (2, 1));

    let text = script.to_text();
    assert_eq!(Script::read(&text, Limits::LINK).expect("our own text").to_text(), text);
    // Written again it says the same, but for what is as usual.
    let mut said = described();
    let written: Value = serde_json::from_str(&text).unwrap();
    let usual = [("cluster", "seed"), ("cluster", "watchLag"), ("", "open")];
    for (outer, inner) in usual {
        let members = if outer.is_empty() { &mut said } else { &mut said[outer] };
        members.as_object_mut().unwrap().remove(inner);
    }
    said["branches"][0].as_object_mut().unwrap().remove("deeds");
    assert_eq!(written, said);
}

#[test]
fn what_is_not_given_is_as_in_a_new_laboratory() {
    let session = Session::open(&read(&json!({"ordinal": 2})).unwrap());
    assert_eq!(session.cluster().config().seed, laboratory().seed);
    assert_eq!(session.cluster().store().revision(), Session::default().cluster().store().revision());
    assert!(session.documents.all.is_empty() && !session.is_behind());
}

#[test]
fn a_script_of_version_1_has_the_laboratory_of_its_time_and_stays_of_version_1() {
    let script = read(&json!({"ordinal": 1, "cluster": {"nodes": 2}, "until": 5_000_000})).unwrap();
    let mut session = Session::open(&script);
    assert!(session.catch_up(&mut || true));
    let config = session.cluster().config();
    let first = first_laboratory();
    assert_eq!((&config.objects, &config.provisioners), (&first.objects, &first.provisioners));
    assert_eq!(config.nodes.len(), 2);
    let written: Value = serde_json::from_str(&session.script().to_text()).unwrap();
    assert_eq!(written, json!({"ordinal": 1, "cluster": {"nodes": 2}, "until": 5_000_000}));
    let new: Value = serde_json::from_str(&Session::default().script().to_text()).unwrap();
    assert_eq!(new["ordinal"], 2);
}

#[test]
fn what_is_no_script_is_refused_with_its_place() {
    let no_script = |text: &str| Script::read(text, Limits::LINK).map(|_| ());
    assert_eq!(no_script("hello"), Err(Refused::NoScript));
    assert_eq!(no_script(r#"{"deeds": []}"#), Err(Refused::NoScript));
    assert_eq!(no_script(r#"{"ordinal": 3}"#), Err(Refused::Newer));
    let deed = |deed: Value| place_of(read(&json!({"ordinal": 1, "deeds": [deed]})));
    assert_eq!(deed(json!({"at": 0, "dance": true})), "deeds[0]");
    assert_eq!(deed(json!({"line": "kubectl get pods"})), "deeds[0].at");
    assert_eq!(deed(json!({"at": -1, "line": "x"})), "deeds[0].at");
    assert_eq!(deed(json!({"at": 0, "apply": "a.yaml", "text": 3})), "deeds[0].text");
    assert_eq!(deed(json!({"at": 0, "fault": {"Rain": {}}})), "deeds[0].fault");
    assert_eq!(place_of(read(&json!({"ordinal": 1, "cluster": {"nodes": ["a", "a"]}}))), "cluster");
    assert_eq!(place_of(read(&json!({"ordinal": 1, "documents": [{"text": "a"}]}))), "documents[0].name");
    let late = json!([{"at": 2, "line": "a"}, {"at": 1, "line": "b"}]);
    assert_eq!(place_of(read(&json!({"ordinal": 1, "deeds": late}))), "deeds[1].at");
}

#[test]
fn a_script_asks_for_no_more_than_is_allowed() {
    let long = format!(r#"{{"ordinal": 1, "view": "{}"}}"#, "x".repeat(Limits::LINK.bytes));
    assert_eq!(
        Script::read(&long, Limits::LINK).map(|_| ()),
        Err(Refused::TooLong { most: Limits::LINK.bytes })
    );
    let many = vec![json!({"at": 0, "line": "a"}); Limits::LINK.deeds];
    assert!(read(&json!({"ordinal": 1, "deeds": many})).is_ok());
    let branch = json!({"at": 0, "deeds": [{"at": 0, "line": "a"}]});
    let beyond = read(&json!({"ordinal": 1, "deeds": many, "branches": [branch]}));
    assert_eq!(place_of(beyond), "branches[0].deeds");
    let day = 24 * 3_600 * 1_000_000_i64;
    assert!(read(&json!({"ordinal": 1, "until": day})).is_ok());
    assert_eq!(place_of(read(&json!({"ordinal": 1, "until": day + 1}))), "until");
}

#[test]
fn branches_come_back_and_are_played_when_they_are_wanted() {
    let mut session = Session::new(laboratory(), Some(NOTE_003));
    session.apply_text("class.yaml", &storage_class("my-storage-class"));
    session.apply();
    session.play(Duration::from_secs(30));
    session.command("kubectl scale sts web --replicas=5");
    session.play(Duration::from_secs(20));
    session.seek(session.run().origin() + Duration::from_secs(10));
    session.command("kubectl delete pod web-0 --wait=false");
    session.play(Duration::from_secs(5));
    let text = session.script().to_text();

    let mut again = Session::open(&Script::read(&text, Limits::KEPT).expect("our own text"));
    assert!(again.is_behind());
    assert_eq!(again.script().to_text(), text, "nothing is lost before anything is played");
    assert!(again.catch_up(&mut || true));
    assert_eq!(again.script().to_text(), text);
    let names = |session: &Session| session.branches().iter().map(|b| b.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&again), ["scale sts web --replicas=5"]);
    again.switch_branch(0);
    assert!(again.is_behind(), "it is still to be played");
    assert!(again.catch_up(&mut || true));
    session.switch_branch(0);
    let stored = |session: &Session| session.cluster().store().revision();
    assert_eq!((stored(&again), again.now()), (stored(&session), session.now()));
}

#[test]
fn a_huge_text_that_was_refused_is_told_of_and_not_kept() {
    let mut session = Session::new(laboratory(), None);
    session.apply_text("huge.yaml", &format!("a: b\n c: {}\n", "x".repeat(super::REFUSED_MAX)));
    assert_eq!(session.terminal().last_exit(), 1);
    let text = session.script().to_text();
    assert!(text.len() < 1_000, "{} bytes", text.len());
    let mut again = Session::open(&Script::read(&text, Limits::KEPT).expect("our own text"));
    assert!(again.catch_up(&mut || true));
    let said = again.terminal().screen().last().expect("a line").text.clone();
    assert!(said.contains("bytes was not kept"), "{said}");
    assert_eq!(again.script().to_text(), text);
}

#[test]
fn the_past_that_was_on_stage_is_on_stage_again() {
    let mut session = Session::new(laboratory(), Some(NOTE_003));
    session.apply();
    session.play(Duration::from_secs(20));
    session.seek(session.run().origin() + Duration::from_secs(7));
    let script = Script::read(&session.script().to_text(), Limits::LINK).expect("our own text");
    let mut again = Session::open(&script);
    // A moment in each frame: nothing is done while something of the earlier visit is still to come.
    while again.is_behind() {
        let mut looks = 0;
        again.catch_up(&mut || {
            looks += 1;
            looks < 2
        });
    }
    assert_eq!((again.now(), again.in_past()), (session.now(), true));
    assert_eq!(again.run().head().now(), session.run().head().now());
}
