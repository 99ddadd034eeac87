//! Links of version 1 open for ever. Those in `tests/links` were written by hand, in the words of
//! `crates/session/src/script/FORMAT.md`, and packed by an independent compressor; none of them may be changed.

use std::io::{Read, Write};
use std::time::Duration;

use api::core::Pod;
use api::{Key, Kind};
use apimachinery::Lang;
use apimachinery::base64::Alphabet;
use apimachinery::value::ValueExt;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use session::examples::{NOTE_003, storage_class};
use session::script::{Limits, Script};
use session::{Session, first_laboratory, laboratory};
use tests::repository::read;

/// The first example with five deeds fits into an address of so many letters.
const SMALL: usize = 2_000;

fn script_of(link: &str) -> Script {
    let payload = read(&format!("tests/links/{link}.link"));
    let packed = Alphabet::Url.decode(payload.trim()).expect("base64url");
    let mut text = String::new();
    DeflateDecoder::new(packed.as_slice()).read_to_string(&mut text).expect("DEFLATE");
    Script::read(&text, Limits::LINK).unwrap_or_else(|refused| panic!("{link}: {refused}"))
}

fn opened(script: &Script) -> Session {
    let mut session = Session::open(script);
    assert!(session.catch_up(&mut || true));
    session
}

fn at(session: &mut Session, seconds: u64) {
    session.seek(session.run().origin() + Duration::from_secs(seconds));
}

fn ready(session: &Session) -> Vec<String> {
    let pods = session.cluster().store().list(Kind::Pod, "default");
    pods.filter(|pod| Pod(pod).is_running_and_ready()).map(|pod| pod.metadata.name.clone()).collect()
}

fn screen(session: &Session) -> String {
    session.terminal().screen().iter().map(|entry| format!("{}\n", entry.text.trim_end())).collect()
}

#[test]
fn an_empty_link_is_the_laboratory_of_its_version() {
    let session = opened(&script_of("v1-nothing"));
    assert_eq!((session.since_start(session.now()), session.flags().len()), (0, 0));
    let (config, first) = (session.cluster().config(), first_laboratory());
    assert_eq!((&config.nodes, &config.objects), (&first.nodes, &first.objects));
}

#[test]
fn three_pods_are_ready_in_the_order_of_their_names() {
    let session = opened(&script_of("v1-three-pods"));
    assert_eq!(ready(&session), ["web-0", "web-1", "web-2"]);
    assert_eq!(session.since_start(session.now()), 60_000_000);
    let document = session.documents.current().expect("a document");
    assert_eq!((document.name.as_str(), document.text.as_str()), ("web.yaml", NOTE_003.files[0].1));
    assert_eq!(document.applied.as_deref(), Some(document.text.as_str()));
    let told: Vec<&str> = session.flags().iter().map(|flag| flag.text.as_str()).collect();
    assert_eq!(told, ["apply my-storage-class.yaml", "apply web.yaml"]);
}

#[test]
fn every_deed_is_done_at_its_moment() {
    let script = script_of("v1-every-deed");
    assert_eq!(script.lang, Some(Lang::ZhCn));
    assert_eq!(script.view.as_ref().map(|view| view.str_at(&["selected"])), Some("pod/web-1"));
    let mut session = opened(&script);
    assert_eq!(session.cluster().config().nodes.len(), 2);
    assert_eq!((session.in_past(), session.since_start(session.now())), (true, 72_000_000));
    assert!(session.terminal().is_running(), "the watch goes on at this moment");
    assert_eq!(session.documents.current().map(|document| document.name.as_str()), Some("b.yaml"));

    at(&mut session, 65);
    let written = screen(&session);
    assert!(written.contains("echo kept > /usr/share/nginx/html/note"), "{written}");
    let volume = Key::new(Kind::PersistentVolumeClaim, "default", "www-web-0");
    let claim = session.cluster().store().get(&volume).expect("a claim").clone();
    let disk = claim.spec().str_at(&["volumeName"]);
    assert_eq!(session.cluster().disks().read(disk, "note").as_deref(), Some("kept\n"));

    at(&mut session, 78);
    assert!(screen(&session).trim_end().ends_with("^C") && !session.terminal().is_running());
    at(&mut session, 98);
    let told = screen(&session);
    assert!(
        told.contains("Edit cancelled, saved file was empty.") && told.contains("1800000 bytes"),
        "{told}"
    );

    session.seek(session.run().head().now());
    assert_eq!(session.since_start(session.now()), 200_000_000);
    let node = session.cluster().store().get(&Key::new(Kind::Node, "", "node-2")).expect("a node").clone();
    let conditions = node.status().list_at(&["conditions"]).to_vec();
    let is_ready = conditions.iter().find(|condition| condition.str_at(&["type"]) == "Ready");
    assert_eq!(is_ready.map(|ready| ready.str_at(&["status"])), Some("Unknown"), "it has no power");

    assert_eq!(session.branches().len(), 1);
    session.switch_branch(0);
    assert!(session.catch_up(&mut || true));
    assert_eq!(session.since_start(session.now()), 80_000_000);
    assert!(screen(&session).contains("Error from server (NotFound)"), "{}", screen(&session));
}

#[test]
fn the_first_example_with_five_deeds_is_small() {
    let mut session = Session::new(laboratory(), Some(NOTE_003));
    session.apply();
    session.play(Duration::from_secs(5));
    session.apply_text("my-storage-class.yaml", &storage_class("my-storage-class"));
    session.play(Duration::from_secs(60));
    session.command("kubectl scale sts web --replicas=5");
    session.play(Duration::from_secs(40));
    session.command("kubectl delete pod web-1 --wait=false");
    session.play(Duration::from_secs(10));
    session.command("kubectl get pods,pvc");
    let script = Script { lang: Some(Lang::En), ..session.script() };
    assert_eq!(script.line.deeds.len(), 5);
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::default());
    packer.write_all(script.to_text().as_bytes()).expect("memory takes all");
    let link = Alphabet::Url.encode(&packer.finish().expect("memory takes all"));
    println!("{} letters, {} bytes of text", link.len(), script.to_text().len());
    assert!(link.len() <= SMALL, "{} letters", link.len());
}
