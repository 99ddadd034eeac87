//! The timeline's window: what it shows, and what moves it.

use super::Visit;
use crate::keyboard::{Press, action_of};
use crate::regions::{Jump, SpacesAction, TimeAction};
use crate::window::{Mode, Span, WindowAction};

/// What the window shows of time, in seconds: from, and how long.
fn shown(visit: &Visit) -> (i64, i64) {
    let span = visit.model.time.window.span(visit.model.shown.timeline.end);
    (span.from / 1_000_000, span.length / 1_000_000)
}

fn press(visit: &mut Visit, key: &str) {
    let press = Press { key: key.to_owned(), ..Press::default() };
    visit.act(action_of(&press).expect("the key does something"));
}

#[test]
fn the_window_follows_the_moment_on_stage() {
    let mut visit = Visit::with_web();
    visit.pass(240);
    let now = visit.model.shown.now / 1_000_000;
    let (from, length) = shown(&visit);
    assert_eq!(length, 60, "a roll-out can be seen however long the run is");
    assert!((from + 40 - now).abs() <= 1, "at two thirds: {from}, {now}");
    visit.act(TimeAction::Jump(Jump::Start));
    assert_eq!(shown(&visit).0, 0);
    visit.act(TimeAction::Jump(Jump::Now));
    assert_eq!(shown(&visit).0, from);
}

#[test]
fn keys_zoom_around_the_moment_on_stage_and_show_all() {
    let mut visit = Visit::with_web();
    visit.pass(240);
    let now = visit.model.shown.now / 1_000_000;
    press(&mut visit, "+");
    assert_eq!(shown(&visit), (now - 20, 30));
    assert!(visit.model.time.window.follows());
    press(&mut visit, "-");
    assert_eq!(shown(&visit).1, 60);
    press(&mut visit, "z");
    assert_eq!(shown(&visit), (0, visit.model.shown.timeline.end / 1_000_000));
    visit.pass(60);
    assert_eq!(shown(&visit).1, visit.model.shown.timeline.end / 1_000_000, "all stays all");
    visit.act(TimeAction::Window(WindowAction::Follow));
    assert_eq!(shown(&visit).1, 60);
}

#[test]
fn a_part_that_was_chosen_stays_until_one_follows_again() {
    let mut visit = Visit::with_web();
    let chosen = Span { from: 5_000_000, length: 10_000_000 };
    visit.act(TimeAction::Window(WindowAction::Show(chosen)));
    visit.pass(60);
    assert_eq!(shown(&visit), (5, 10));
    assert_eq!(visit.model.time.window.mode(), Mode::Chosen);
    visit.act(TimeAction::Window(WindowAction::Follow)).pass(10);
    assert_ne!(shown(&visit).0, 5);
}

#[test]
fn a_click_on_the_lanes_moves_nothing_but_the_cursor() {
    let mut visit = Visit::with_web();
    visit.pass(60);
    let before = shown(&visit);
    let late = (before.0 + before.1 * 9 / 10) * 1_000_000;
    visit.act(TimeAction::Jump(Jump::To(late.min(visit.model.shown.timeline.head)))).frame();
    assert_eq!(shown(&visit), before);
}

#[test]
fn another_session_begins_with_another_window() {
    let mut visit = Visit::with_web();
    press(&mut visit, "z");
    visit.act(SpacesAction::Example(1));
    assert!(visit.model.time.window.follows());
}
