//! What is kept in the browser, and taken up again.

use super::{ALL_HERE, Visit, no_time};
use crate::effect::{Effect, Stored};
use crate::model::{Kept, Surroundings, Wishes};
use crate::place::Place;
use crate::regions::{EditorAction, Jump, PageAction, Pane, PanesAction, TimeAction};
use crate::view::Notice;

fn again(visit: &Visit, failed: bool) -> Visit {
    let text = |name| visit.kept(name).map(str::to_owned);
    Visit::of(Surroundings {
        place: Place::Laboratory,
        lang: apimachinery::Lang::En,
        theme: None,
        wishes: Wishes::default(),
        kept: Some(Kept {
            documents: text(Stored::Documents),
            session: text(Stored::Session),
            panes: text(Stored::Panes),
            failed,
        }),
        watch: no_time,
    })
}

fn flags(visit: &Visit) -> Vec<&str> {
    visit.model.shown.timeline.flags.iter().map(|(_, text)| text.as_str()).collect()
}

#[test]
fn a_visit_goes_on_where_the_last_one_ended() {
    let mut first = Visit::with_web();
    first.command("kubectl scale sts web --replicas=4").pass(30);
    first.act(EditorAction::Edit("# not applied\n".to_owned())).act(PageAction::Leave);
    let mut second = again(&first, false);
    assert_eq!(second.text(), "# not applied\n");
    second.act(ALL_HERE).frame();
    assert_eq!(flags(&second), flags(&first));
    assert_eq!((second.model.shown.now, second.ready()), (first.model.shown.now, 4));
}

#[test]
fn panes_have_the_sizes_that_a_person_gave_them() {
    let mut first = Visit::started();
    first.act(PanesAction::Size(Pane::Left, 5_000.0)).act(PanesAction::Size(Pane::Lower, 240.4));
    first.act(PanesAction::Let).act(PanesAction::Wrap);
    let second = again(&first, false);
    let panes = &second.model.panes;
    assert_eq!((panes.left, panes.lower, panes.wraps), (Some(560.0), Some(240.0), false));
    assert!(second.has_asked(0, &Effect::PaneSize(Pane::Lower, 240.0)));
}

#[test]
fn a_branch_that_was_left_is_there_again() {
    let mut first = Visit::with_web();
    first.act(TimeAction::Jump(Jump::To(2_000_000))).command("kubectl scale sts web --replicas=1");
    let mut second = again(&first, false);
    second.act(ALL_HERE).frame();
    assert_eq!(*second.model.shown.branches, *first.model.shown.branches);
    assert_eq!(second.model.shown.branches.len(), 1);
    assert_eq!(flags(&second), flags(&first));
}

#[test]
fn after_a_mistake_of_ours_the_last_deed_is_left_out() {
    let mut first = Visit::with_web();
    first.command("kubectl scale sts web --replicas=4");
    let mut second = again(&first, true);
    second.act(ALL_HERE).frame();
    assert_eq!(flags(&second).last(), Some(&"apply my-storage-class.yaml"));
    assert!(second.has_asked(0, &Effect::Forget(Stored::Failed)));
    let kept = second.kept(Stored::Session).expect("what is left is kept");
    assert!(!kept.contains("replicas=4") && kept.contains("my-storage-class"));
}

#[test]
fn an_example_before_the_engine_has_come_begins_anew() {
    let mut first = Visit::with_web();
    first.act(PageAction::Leave);
    let mut second = again(&first, false);
    second.act(PageAction::LoadExample(1)).act(ALL_HERE).frame();
    assert!(second.has_asked(0, &Effect::Forget(Stored::Session)));
    assert!(flags(&second).is_empty());
    assert_eq!(second.model.editor.tabs.len(), 3);
}

#[test]
fn a_browser_without_storage_keeps_nothing_and_the_page_says_so() {
    let mut visit = Visit::of(Surroundings {
        place: Place::Laboratory,
        lang: apimachinery::Lang::En,
        theme: None,
        wishes: Wishes::default(),
        kept: None,
        watch: no_time,
    });
    assert_eq!(visit.model.page.unkept, [Stored::Documents]);
    visit.act(ALL_HERE).act(EditorAction::Apply);
    visit.act(PageAction::Kept(Stored::Session, false)).act(PageAction::Kept(Stored::Documents, true));
    assert_eq!(visit.model.page.unkept, [Stored::Session]);
    visit.act(PageAction::Kept(Stored::Session, true));
    assert_eq!(visit.model.page.unkept, []);
}

#[test]
fn what_was_kept_and_makes_no_sense_is_left_alone() {
    let kept = Kept { documents: Some("{".to_owned()), session: Some("[1]".to_owned()), ..Kept::default() };
    let mut visit = Visit::of(Surroundings {
        place: Place::Laboratory,
        lang: apimachinery::Lang::En,
        theme: None,
        wishes: Wishes::default(),
        kept: Some(kept),
        watch: no_time,
    });
    visit.act(ALL_HERE).frame();
    assert!(visit.text().contains("kind: StatefulSet"));
    assert!(flags(&visit).is_empty());
    assert_eq!(visit.kept(Stored::Aside), Some("[1]"), "nobody's work is thrown away");
    assert!(visit.model.page.put_aside);
    visit.act(PageAction::CloseAside);
    assert!(!visit.model.page.put_aside);
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
fn slowly_again(visit: &Visit) -> Visit {
    let mut second = again(visit, false);
    second.model.watch = slow;
    second.act(ALL_HERE).frame();
    assert_eq!(second.model.notice(), Notice::Replaying);
    second
}

#[test]
fn an_earlier_visit_is_done_again_frame_by_frame_and_what_is_pressed_meanwhile_waits() {
    let mut first = Visit::with_web();
    first.command("kubectl scale sts web --replicas=4").pass(30).act(PageAction::Leave);
    let mut second = slowly_again(&first);
    second.command("kubectl scale sts web --replicas=2").act(PageAction::Leave);
    assert!(second.kept(Stored::Session).is_some_and(|kept| kept.contains("replicas=4")), "nothing is lost");
    assert_eq!(second.model.waiting.len(), 1);
    let mut frames = 0;
    while second.model.notice() == Notice::Replaying {
        second.frame();
        frames += 1;
    }
    assert!(frames > 3, "{frames}");
    let wanted: Vec<&str> = flags(&first).into_iter().chain(["scale sts web --replicas=2"]).collect();
    assert_eq!(flags(&second), wanted);
    let at = second.model.shown.timeline.flags.last().map(|(at, _)| *at);
    assert_eq!(at, Some(first.model.shown.timeline.head), "it acts where the last visit ended");
}

#[test]
fn doing_again_can_be_stopped_and_nothing_is_lost() {
    let mut first = Visit::with_web();
    first.command("kubectl scale sts web --replicas=4").pass(30).act(PageAction::Leave);
    let whole = first.kept(Stored::Session).expect("kept").to_owned();
    let mut second = slowly_again(&first);
    second.act(PageAction::StopReplay);
    assert_eq!(second.model.notice(), Notice::None);
    assert_eq!(second.kept(Stored::Aside), Some(whole.as_str()));
    assert!(second.model.page.put_aside);
    second.command("kubectl get pods");
    assert!(second.screen().contains("kubectl get pods"));
}
