//! A link to a moment, copied and opened.

use super::{ALL_HERE, Visit, surroundings};
use crate::effect::{Effect, Spot, Stored, Timer};
use crate::model::Kept;
use crate::regions::page::{Copied, LINK_TEXT_MAX, LinkProblem, Opening};
use crate::regions::{EditorAction, Jump, PageAction, RecordingAction, TerminalAction, TimeAction};

fn opened_by(fragment: &str) -> Visit {
    Visit::of(surroundings(fragment, Some(Kept::default())))
}

fn copied(visit: &Visit) -> Option<&str> {
    visit.effects.iter().rev().find_map(|effect| match effect {
        Effect::CopyLink(text) => Some(text.as_str()),
        _ => None,
    })
}

#[test]
fn a_link_leads_to_the_moment_on_stage_and_keeps_nothing() {
    let mut here = Visit::with_web();
    here.command("kubectl scale sts web --replicas=4").pass(30);
    here.act(EditorAction::Edit("# not applied\n".to_owned()));
    here.act(TimeAction::Jump(Jump::To(20_000_000))).act(PageAction::CopyLink);
    let text = copied(&here).expect("a link is made").to_owned();

    let mut there = opened_by("#s=payload");
    assert!(there.has_asked(0, &Effect::OpenLink("payload".to_owned())));
    there.act(PageAction::LinkOpened(Ok(text))).act(TerminalAction::Interrupt);
    assert_eq!(there.model.page.opening, Opening::UnderWay, "it waits for the engine");
    there.act(ALL_HERE).frame();
    assert_eq!(there.model.page.opening, Opening::Done);
    let (shown, wanted) = (&there.model.shown, &here.model.shown);
    assert_eq!((shown.now, shown.in_past), (20_000_000, true));
    assert_eq!(shown.timeline.head, wanted.timeline.head);
    assert_eq!(*shown.timeline.flags, *wanted.timeline.flags);
    assert_eq!(*shown.scene, *wanted.scene);
    assert_eq!(there.text(), "# not applied\n");
    there.command("kubectl get pods").act(PageAction::Leave);
    assert_eq!((there.kept_space(), there.kept(Stored::Tabs)), (None, None));
}

#[test]
fn a_broken_link_is_told_and_the_page_lives() {
    let texts = [
        Err(LinkProblem::Damaged),
        Err(LinkProblem::TooLarge),
        Err(LinkProblem::Unsupported),
        Ok(String::new()),
        Ok("{}".to_owned()),
        Ok(r#"{"ordinal":2}"#.to_owned()),
        Ok(r#"{"ordinal":1,"deeds":[{"at":0,"dance":true}]}"#.to_owned()),
    ];
    for text in texts {
        let mut visit = opened_by("#s=x");
        visit.act(ALL_HERE).act(PageAction::LinkOpened(text.clone()));
        match (&visit.model.page.opening, text) {
            (Opening::Failed(told), Err(problem)) => assert_eq!(*told, problem),
            (Opening::Failed(LinkProblem::Refused(_)), Ok(_)) => {}
            (opening, text) => panic!("{text:?}: {opening:?}"),
        }
        visit.act(EditorAction::Apply);
        assert!(visit.screen().contains("statefulset.apps/web created"));
    }
}

#[test]
fn the_page_says_that_a_link_was_copied_for_a_while() {
    let mut visit = Visit::started();
    visit.act(PageAction::LinkCopied(Copied::Done));
    assert_eq!(visit.model.page.copied, Some(Copied::Done));
    let close = |effect: &Effect| match effect {
        Effect::Later(Timer::LinkNotice, _, action) => Some((**action).clone()),
        _ => None,
    };
    let close = visit.effects.iter().find_map(close).expect("it goes away by itself");
    visit.act(close);
    assert_eq!(visit.model.page.copied, None);
}

#[test]
fn a_link_that_the_browser_does_not_take_stands_there_to_be_taken() {
    let mut visit = Visit::started();
    let link = Copied::Refused("https://host/#s=x".to_owned());
    visit.act(PageAction::LinkCopied(link.clone()));
    assert_eq!(visit.model.page.copied, Some(link));
    assert!(visit.has_asked(0, &Effect::Focus(Spot::Link)));
    assert!(!visit.effects.iter().any(|effect| matches!(effect, Effect::Later(Timer::LinkNotice, _, _))));
    visit.act(PageAction::CloseLink);
    assert_eq!(visit.model.page.copied, None);
}

#[test]
fn what_another_page_would_not_open_is_not_packed() {
    let mut visit = Visit::started();
    visit.act(EditorAction::Edit("#".repeat(LINK_TEXT_MAX))).act(PageAction::CopyLink);
    assert_eq!((copied(&visit), &visit.model.page.copied), (None, &Some(Copied::TooLarge)));
}

#[test]
fn a_recordings_steps_have_addresses_of_their_own() {
    let mut visit = opened_by("#/parity/A01/0");
    visit.act(ALL_HERE).act(RecordingAction::Arrived(None)).act(PageAction::CopyLink);
    assert_eq!(copied(&visit), None);
}
