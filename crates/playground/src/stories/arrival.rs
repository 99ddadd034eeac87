//! The page before the engine has come, and if it does not.

use session::missing::Fix;

use super::{ALL_HERE, Visit, not_here, pod, surroundings};
use crate::effect::{Effect, Part, Spot, Stored, Theme, When};
use crate::model::{Engine, Kept, Wishes};
use crate::regions::{
    EditorAction, Jump, PageAction, RecordingAction, StageAction, TerminalAction, TimeAction,
};
use crate::space::Texts;
use crate::view::Notice;

#[test]
fn a_click_before_the_engine_is_there_is_carried_out_when_it_arrives() {
    let mut visit = Visit::fresh();
    visit.act(EditorAction::Apply);
    assert!(visit.model.session.is_vacant());
    assert_eq!(visit.model.notice(), Notice::Coming);
    visit.act(ALL_HERE);
    assert_eq!(visit.model.notice(), Notice::None);
    assert!(visit.screen().contains("statefulset.apps/web created"), "{}", visit.screen());
    assert!(visit.model.time.playing);
}

#[test]
fn what_waits_is_done_in_order() {
    let mut visit = Visit::fresh();
    visit.act(EditorAction::Apply).act(EditorAction::Apply);
    visit.command("kubectl scale sts web --replicas=1").command("kubectl get sts web -o name");
    visit.act(ALL_HERE);
    let screen = visit.screen();
    let lines: Vec<&str> = screen.lines().filter(|line| line.starts_with("kubectl")).collect();
    let once =
        ["kubectl apply -f web.yaml", "kubectl scale sts web --replicas=1", "kubectl get sts web -o name"];
    assert_eq!(lines, once, "Apply was pressed twice and is meant once");
    assert!(screen.contains("statefulset.apps/web scaled"));
}

#[test]
fn what_needs_no_cluster_happens_at_once() {
    let mut visit = Visit::fresh();
    let from = visit.effects.len();
    visit
        .act(EditorAction::Edit("kind: Pod\n".to_owned()))
        .act(PageAction::Theme)
        .act(PageAction::Keys(true));
    visit.act(TerminalAction::Line("kubectl".to_owned())).act(TerminalAction::Recall(true));
    visit.act(TerminalAction::Focus).act(StageAction::Select(Some(pod("web-0")))).frame();
    assert_eq!(visit.text(), "kind: Pod\n");
    assert!(visit.model.page.keys_open);
    assert!(visit.has_asked(from, &Effect::PageTheme(Theme::Dark)));
    assert!(visit.has_asked(from, &Effect::Focus(Spot::TerminalLine)));
    assert_eq!(visit.model.waiting, []);
}

#[test]
fn playing_begins_when_there_is_a_cluster() {
    let mut visit = Visit::fresh();
    visit.act(TimeAction::PlayPause).frame().frame();
    assert_eq!(visit.model.shown.now, 0);
    visit.act(ALL_HERE).frame().frame();
    assert!(visit.model.shown.now > 0);
}

#[test]
fn ctrl_c_takes_back_what_waits() {
    let mut visit = Visit::fresh();
    visit.act(EditorAction::Apply).act(TerminalAction::Interrupt).act(ALL_HERE);
    assert_eq!(visit.screen(), "");
}

#[test]
fn an_engine_that_cannot_be_loaded_is_told_and_fetched_again() {
    let mut visit = Visit::fresh();
    visit.act(EditorAction::Edit("kind: Pod\n".to_owned())).act(not_here());
    assert_eq!(visit.model.notice(), Notice::Missing);
    let kept = visit.kept_space().and_then(|texts| texts.head.as_deref());
    assert!(kept.is_some_and(|text| text.contains(r"kind: Pod\n")));
    let from = visit.effects.len();
    visit.act(PageAction::FetchAgain);
    assert!(visit.has_asked(from, &Effect::Fetch(Part::Engine, When::Now)));
    assert_eq!(visit.model.engine, Engine::Coming);
    visit.act(ALL_HERE);
    assert_eq!((visit.text(), visit.model.notice()), ("kind: Pod\n", Notice::None));
}

#[test]
fn who_acts_without_an_engine_tries_again() {
    let mut visit = Visit::fresh();
    visit.act(not_here());
    let from = visit.effects.len();
    visit.act(EditorAction::Apply);
    assert!(visit.has_asked(from, &Effect::Fetch(Part::Engine, When::Now)));
    assert_eq!(visit.model.notice(), Notice::Coming);
    visit.act(ALL_HERE);
    assert!(visit.screen().contains("created"));
}

#[test]
fn the_queue_is_bounded() {
    let mut visit = Visit::fresh();
    for _ in 0..500 {
        visit.act(TimeAction::Jump(Jump::Start));
    }
    assert_eq!(visit.model.waiting.len(), 50);
}

#[test]
fn a_dark_system_is_followed_until_somebody_chooses() {
    let mut visit = Visit::fresh();
    let dark = Wishes { dark: true, ..Wishes::default() };
    visit.act(PageAction::Wishes(dark));
    assert!(visit.has_asked(0, &Effect::EditorTheme(true)));
    visit.act(PageAction::Theme);
    assert!(visit.has_asked(0, &Effect::PageTheme(Theme::Light)));
    assert_eq!(visit.kept(Stored::Theme), Some("light"));
    visit.act(PageAction::Wishes(dark));
    assert_eq!(visit.model.page.theme, Some(Theme::Light));
    assert!(!visit.model.is_dark());
}

#[test]
fn a_recording_is_played_and_gone_through_step_by_step() {
    let all = concat!(
        r#"{"title":"x","id":"nothing"}"#,
        "\n",
        include_str!("../../../../tests/conformance/recordings/A01-ordered-creation.json")
    );
    let all = all.replace('\n', " ").replacen("nothing\"} ", "nothing\"}\n", 1);
    let head = r#"{"version":1,"documents":[{"name":"mine.yaml","text":"a: 1"}]}"#;
    let texts = Texts { head: Some(head.to_owned()), run: None };
    let kept = Kept { spaces: vec![("mine".to_owned(), texts)], ..Kept::default() };
    let mut visit = Visit::of(surroundings("#/parity/A01-ordered-creation/1", Some(kept)));
    assert!(!visit.text().contains("a: 1"), "one's own documents stay at home");
    visit.act(ALL_HERE);
    assert!(visit.has_asked(0, &Effect::FetchRecordings));
    visit.act(RecordingAction::Arrived(Some(all)));
    assert_eq!(visit.model.recording.at, 1);
    let pods = |visit: &Visit| {
        visit
            .model
            .shown
            .scene
            .sets
            .first()
            .map_or(0, |s| s.columns.iter().filter(|c| c.pod.is_some()).count())
    };
    let before = pods(&visit);
    visit.act(RecordingAction::Step(2));
    assert_eq!((visit.model.recording.at, pods(&visit)), (2, before + 1));
    assert!(visit.has_asked(0, &Effect::Fragment("#/parity/A01-ordered-creation/2".to_owned())));
    visit.command("kubectl delete sts web");
    assert_eq!(visit.kept_space(), None, "nothing is kept");
}

/// The engine has arrived, and nothing after it.
const ENGINE_HERE: PageAction = PageAction::Arrived(Part::Engine);
const COMMANDS_HERE: PageAction = PageAction::Arrived(Part::Commands);

#[test]
fn what_only_creates_everyday_objects_needs_the_engine_alone() {
    let mut visit = Visit::fresh();
    visit.act(EditorAction::Apply).act(ENGINE_HERE);
    assert!(visit.screen().contains("statefulset.apps/web created"), "{}", visit.screen());
    assert!(visit.has_asked(0, &Effect::Fetch(Part::Commands, When::Idle)));
}

#[test]
fn what_changes_objects_waits_for_the_commands() {
    let mut visit = Visit::fresh();
    visit.act(ENGINE_HERE).act(EditorAction::Apply);
    let (from, scaled) = (visit.effects.len(), visit.text().replace("replicas: 3", "replicas: 2"));
    assert_ne!(scaled, visit.text());
    visit.act(EditorAction::Edit(scaled)).act(EditorAction::Diagnose).act(EditorAction::Apply);
    assert_eq!(visit.model.editor.problems, None, "nobody can say yet what is wrong with a change");
    assert!(visit.has_asked(from, &Effect::Fetch(Part::Commands, When::Now)));
    assert!(!visit.screen().contains("configured"));
    visit.act(COMMANDS_HERE);
    assert!(visit.screen().contains("statefulset.apps/web configured"), "{}", visit.screen());
    assert!(visit.model.editor.problems.is_some());
}

#[test]
fn a_kind_that_few_manifests_hold_waits_for_the_commands() {
    let mut visit = Visit::fresh();
    let quota = "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: few}\nspec: {hard: {pods: 2}}\n";
    visit.act(EditorAction::Edit(quota.to_owned())).act(EditorAction::Apply).act(ENGINE_HERE);
    assert_eq!(visit.screen(), "");
    assert!(visit.has_asked(0, &Effect::Fetch(Part::Commands, When::Now)));
    visit.act(COMMANDS_HERE);
    assert!(visit.screen().contains("resourcequota/few created"), "{}", visit.screen());
}

#[test]
fn an_image_is_taken_as_a_server_when_the_commands_are_here() {
    let mut visit = Visit::fresh();
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: kv}\nspec: {containers: [{name: kv, image: 'mycorp/kv:1.4'}]}\n";
    visit.act(EditorAction::Edit(pod.to_owned())).act(ENGINE_HERE).act(EditorAction::Apply);
    for _ in 0..600 {
        visit.frame();
    }
    let missing = visit.model.shown.missing.first().cloned().expect("nobody knows the image");
    let is_server = |fix: &&Fix| matches!(fix, Fix::TakeAsServer(..));
    let fix = missing.fixes.iter().find(is_server).cloned().expect("it can be taken as a server");
    let (from, waiting) = (visit.effects.len(), StageAction::Mend(missing, fix));
    visit.act(waiting.clone());
    assert_eq!(visit.model.waiting, [waiting.into()]);
    assert!(visit.has_asked(from, &Effect::Fetch(Part::Commands, When::Now)));
    visit.act(COMMANDS_HERE);
    assert_eq!(visit.model.waiting, []);
    assert!(visit.model.shown.timeline.flags.iter().any(|(_, text)| text.contains("mycorp/kv:1.4")));
}
