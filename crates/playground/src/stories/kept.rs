//! What is kept in the browser, and taken up again.

use super::{ALL_HERE, Storage, Visit, pod, surroundings};
use crate::effect::{Effect, Pane, Stored};
use crate::regions::{EditorAction, Jump, PageAction, PanesAction, SpacesAction, StageAction, TimeAction};
use crate::space::{Cause, Said, Texts};
use crate::view::Notice;

/// The next visit, after the page was left.
fn again(visit: Visit) -> Visit {
    let mut storage = Storage::default();
    storage.leave(visit);
    storage.open()
}

fn flags(visit: &Visit) -> Vec<String> {
    visit.model.shown.timeline.flags.iter().map(|(_, text)| text.clone()).collect()
}

#[test]
fn a_visit_goes_on_where_the_last_one_ended() {
    let mut first = Visit::with_web();
    first.command("kubectl scale sts web --replicas=4").pass(30);
    first.act(EditorAction::Edit("# not applied\n".to_owned())).act(StageAction::Select(Some(pod("web-3"))));
    let (told, now) = (flags(&first), first.model.shown.now);
    let mut second = again(first);
    assert_eq!(second.text(), "# not applied\n");
    second.act(ALL_HERE).frame();
    assert_eq!(flags(&second), told);
    assert_eq!((second.model.shown.now, second.ready()), (now, 4));
    assert_eq!(second.model.stage.selected, Some(pod("web-3")));
}

#[test]
fn panes_have_the_sizes_that_a_person_gave_them() {
    let mut first = Visit::started();
    first.act(PanesAction::Size(Pane::Left, 5_000.0)).act(PanesAction::Size(Pane::Lower, 240.4));
    first.act(PanesAction::Let).act(PanesAction::Wrap);
    let second = again(first);
    let panes = &second.model.panes;
    assert_eq!((panes.left, panes.lower, panes.wraps), (Some(560.0), Some(240.0), false));
    assert!(second.has_asked(0, &Effect::PaneSize(Pane::Lower, 240.0)));
}

#[test]
fn a_branch_that_was_left_is_there_again() {
    let mut first = Visit::with_web();
    first.act(TimeAction::Jump(Jump::To(2_000_000))).command("kubectl scale sts web --replicas=1");
    let (told, branches) = (flags(&first), first.model.shown.branches.clone());
    let mut second = again(first);
    second.act(ALL_HERE).frame();
    assert_eq!(*second.model.shown.branches, *branches);
    assert_eq!(second.model.shown.branches.len(), 1);
    assert_eq!(flags(&second), told);
}

#[test]
fn after_a_mistake_of_ours_the_last_deed_is_left_out_and_the_whole_is_kept_aside() {
    let mut storage = Storage::default();
    let mut first = Visit::with_web();
    first.command("kubectl scale sts web --replicas=4");
    storage.leave(first);
    storage.kept.insert("Failed".to_owned(), "true".to_owned());
    let mut second = storage.visit();
    assert_eq!(flags(&second).last().map(String::as_str), Some("apply my-storage-class.yaml"));
    assert_eq!(second.model.spaces.said, Some(Said::StepBack("Three in a row".to_owned())));
    storage.carry_out(&mut second, &mut []);
    assert!(!storage.kept.contains_key("Failed"));
    let run = storage.spaces["note-003"].run.as_ref().expect("what is left is kept");
    assert!(!run.contains("replicas=4") && run.contains("my-storage-class"));
    let aside = second.model.spaces.gone.first().expect("it can be had again").clone();
    assert_eq!((aside.cause, aside.at.as_str()), (Cause::Aside, "14:02"));
    second.act(SpacesAction::Show(aside.id)).frame();
    assert_eq!(flags(&second).last().map(String::as_str), Some("scale sts web --replicas=4"));
}

#[test]
fn a_browser_without_storage_keeps_nothing_and_the_page_says_so() {
    let mut visit = Visit::of(surroundings("", None));
    assert_eq!(visit.model.page.unkept, [Stored::Spaces]);
    visit.act(ALL_HERE).act(EditorAction::Apply);
    visit.act(PageAction::Kept(Stored::Tabs, false)).act(PageAction::Kept(Stored::Spaces, true));
    assert_eq!(visit.model.page.unkept, [Stored::Tabs]);
    visit.act(PageAction::Kept(Stored::Tabs, true));
    assert_eq!(visit.model.page.unkept, []);
}

#[test]
fn what_an_earlier_release_kept_is_a_workspace() {
    let mut storage = Storage::default();
    storage.kept.insert("Documents".to_owned(), r#"[1,0,[["web.yaml","kind: Pod\n",null]]]"#.to_owned());
    let run = r#"{"ordinal":1,"deeds":[{"at":0,"line":"kubectl get pods"}],"until":5000000}"#;
    storage.kept.insert("Session".to_owned(), run.to_owned());
    let mut visit = storage.visit();
    assert_eq!((visit.text(), visit.model.shown.now), ("kind: Pod\n", 5_000_000));
    assert_eq!(visit.tabs(), [">A set without disks*"]);
    storage.carry_out(&mut visit, &mut []);
    assert!(!storage.kept.contains_key("Documents") && !storage.kept.contains_key("Session"));
    assert!(storage.spaces["first"].run.as_ref().is_some_and(|run| run.contains("get pods")));
}

#[test]
fn what_cannot_be_read_is_kept_aside() {
    let mut storage = Storage::default();
    let texts = |head: &str, run: &str| Texts { head: Some(head.to_owned()), run: Some(run.to_owned()) };
    let newer = r#"{"version":2}"#;
    storage.spaces.insert("note-003".to_owned(), texts(newer, "x"));
    let head = r#"{"version":1,"name":"mine","documents":[{"name":"a.yaml","text":"a: 1"}]}"#;
    storage.spaces.insert("b".to_owned(), texts(head, r#"{"ordinal":3}"#));
    let mut visit = storage.open();
    assert_eq!(visit.model.spaces.said, Some(Said::Unreadable(1)));
    visit.act(ALL_HERE).frame();
    assert_eq!((visit.text(), visit.tabs()), ("a: 1", vec![">mine*".to_owned()]));
    assert_eq!(visit.model.spaces.said, Some(Said::Aside("mine".to_owned())));
    visit.act(SpacesAction::CloseSaid).act(SpacesAction::Example(0)).act(EditorAction::Apply);
    storage.leave(visit);
    assert_eq!(storage.spaces["note-003"].head.as_deref(), Some(newer), "nothing is written over it");
    assert_eq!(storage.spaces["b"].run, None);
    let aside = |texts: &&Texts| texts.run.as_deref() == Some(r#"{"ordinal":3}"#);
    assert_eq!(storage.spaces.values().filter(aside).count(), 1, "nobody's work is thrown away");
}

#[test]
fn what_ended_a_visit_is_not_done_again_unasked() {
    let mut storage = Storage::default();
    let mut first = Visit::with_web();
    first.command("kubectl scale sts web --replicas=4");
    let told = flags(&first);
    storage.leave(first);
    // The next visit begins to do it again, and ends there.
    let mut second = storage.open();
    second.act(ALL_HERE);
    storage.carry_out(&mut second, &mut []);
    assert_eq!(storage.kept.get("Began").map(String::as_str), Some("note-003"));
    drop(second);

    let mut third = storage.visit();
    assert!(third.model.spaces.on_stage().is_some_and(|space| space.doubted));
    assert!(flags(&third).is_empty() && third.text().contains("kind: StatefulSet"));
    third.act(SpacesAction::CopyRun);
    assert!(third.effects.iter().any(|e| matches!(e, Effect::CopyText(text) if text.contains("replicas=4"))));
    third.act(SpacesAction::Decide(true)).frame();
    assert_eq!(flags(&third), told);
    storage.carry_out(&mut third, &mut []);
    assert!(!storage.kept.contains_key("Began"));

    storage.kept.insert("Began".to_owned(), "note-003".to_owned());
    let mut fourth = storage.visit();
    fourth.act(EditorAction::Apply).frame();
    assert_eq!(flags(&fourth), ["apply web.yaml"], "who goes on has decided");
    assert_eq!(fourth.model.spaces.gone.first().map(|gone| gone.cause), Some(Cause::Aside));
    storage.leave(fourth);
    assert!(!storage.kept.contains_key("Began"));
    assert!(storage.spaces.values().any(|texts| texts.run.as_ref().is_some_and(|run| run.contains("=4"))));
}

#[test]
fn who_leaves_while_something_is_done_again_is_not_asked() {
    let mut storage = Storage::default();
    storage.leave(Visit::with_web());
    let mut second = storage.open();
    second.act(ALL_HERE);
    storage.leave(second);
    assert!(!storage.kept.contains_key("Began"));
    assert_eq!(storage.visit().ready(), 3);
}

/// A clock that lets each look at it take a millisecond.
fn slow() -> f64 {
    use std::cell::Cell;
    thread_local! { static NOW: Cell<f64> = const { Cell::new(0.0) }; }
    NOW.with(|now| {
        now.set(now.get() + 1.0);
        now.get()
    })
}

/// The next visit, on a machine that needs many frames for what the last one did.
fn slowly_again(visit: Visit) -> Visit {
    let mut second = again(visit);
    second.model.watch = slow;
    second.act(ALL_HERE).frame();
    assert_eq!(second.model.notice(), Notice::Replaying);
    second
}

#[test]
fn an_earlier_visit_is_done_again_frame_by_frame_and_what_is_pressed_meanwhile_waits() {
    let mut first = Visit::with_web();
    first.command("kubectl scale sts web --replicas=4").pass(30);
    let (told, head) = (flags(&first), first.model.shown.timeline.head);
    let mut second = slowly_again(first);
    second.command("kubectl scale sts web --replicas=2").act(PageAction::Leave);
    let kept = second.kept_space().and_then(|texts| texts.run.as_ref());
    assert!(kept.is_none_or(|kept| kept.contains("replicas=4")), "nothing is lost");
    assert_eq!(second.model.waiting.len(), 1);
    let mut frames = 0;
    while second.model.notice() == Notice::Replaying {
        second.frame();
        frames += 1;
    }
    assert!(frames > 3, "{frames}");
    let wanted: Vec<String> = told.into_iter().chain(["scale sts web --replicas=2".to_owned()]).collect();
    assert_eq!(flags(&second), wanted);
    let at = second.model.shown.timeline.flags.last().map(|(at, _)| *at);
    assert_eq!(at, Some(head), "it acts where the last visit ended");
}

#[test]
fn doing_again_can_be_stopped_and_nothing_is_lost() {
    let mut first = Visit::with_web();
    first.command("kubectl scale sts web --replicas=4").pass(30).act(PageAction::Leave);
    let whole = first.kept_space().and_then(|texts| texts.run.clone()).expect("kept");
    let mut second = slowly_again(first);
    second.act(PageAction::StopReplay);
    assert_eq!(second.model.notice(), Notice::None);
    let aside =
        |effect: &Effect| matches!(effect, Effect::KeepSpace { now, .. } if now.run.as_ref() == Some(&whole));
    assert!(second.effects.iter().any(aside));
    assert_eq!(second.model.spaces.said, Some(Said::Aside("Three in a row".to_owned())));
    second.command("kubectl get pods");
    assert!(second.screen().contains("kubectl get pods"));
}
