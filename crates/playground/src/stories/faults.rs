//! The menu of faults.

use api::{Key, Kind};
use session::offers::{FaultKind, OfferKind, Way};
use session::refusal::Refusal;

use super::{Visit, pod};
use crate::regions::{FaultsAction, Mode, StageAction, TimeAction};

/// How a row of the open menu is taken.
fn way(visit: &Visit, what: FaultKind) -> Result<Way, Refusal> {
    let view = visit.model.shown.faults.as_ref().expect("it is open");
    let mut rows = view.rows.iter().flat_map(|(_, rows)| rows);
    rows.find(|row| row.what == what).expect("it is in the menu").way.clone()
}

fn take(visit: &mut Visit, what: FaultKind) {
    visit.act(FaultsAction::Open(Mode::Menu));
    let way = way(visit, what).expect("it can happen");
    visit.act(FaultsAction::Take(way));
}

/// What is in force, and to what.
fn in_force(visit: &Visit) -> Vec<(OfferKind, String)> {
    visit.model.shown.in_force.iter().map(|one| (one.what, one.subject.clone())).collect()
}

fn aimed(visit: &Visit) -> Option<String> {
    visit.model.shown.faults.as_ref()?.aimed().map(|key| key.name.to_string())
}

#[test]
fn the_target_is_the_selection_and_goes_on_to_the_next() {
    let mut visit = Visit::with_web();
    visit.act(StageAction::SelectOrdinal(1)).act(FaultsAction::Open(Mode::Menu));
    assert_eq!(aimed(&visit).as_deref(), Some("web-1"));
    visit.act(FaultsAction::Beside { back: false });
    assert_eq!(aimed(&visit).as_deref(), Some("web-2"));
    visit.act(FaultsAction::Beside { back: false });
    assert_eq!(aimed(&visit).as_deref(), Some("web-0"));
    visit.act(FaultsAction::Beside { back: true });
    assert_eq!(aimed(&visit).as_deref(), Some("web-2"));
    assert_eq!(visit.model.stage.selected, Some(pod("web-1")), "the selection stays");
    visit.act(FaultsAction::Close).act(FaultsAction::Open(Mode::Menu));
    assert_eq!(aimed(&visit).as_deref(), Some("web-1"));
    let node = Key::new(Kind::Node, "", "node-3");
    visit.act(FaultsAction::Close).act(StageAction::Select(Some(node.clone())));
    visit.act(FaultsAction::Open(Mode::Menu));
    assert_eq!(visit.model.shown.faults.as_ref().and_then(|view| view.target.node.clone()), Some(node));
}

#[test]
fn what_lasts_is_in_force_until_it_is_taken_back() {
    let mut visit = Visit::with_web();
    visit.act(StageAction::SelectOrdinal(1));
    take(&mut visit, FaultKind::Hang);
    assert!(visit.model.faults.open.is_none(), "the menu closes");
    assert_eq!(in_force(&visit), [(OfferKind::Undo(FaultKind::Hang), "web-1".to_owned())]);
    take(&mut visit, FaultKind::StopScheduler);
    assert_eq!(visit.model.shown.in_force.len(), 2);
    let flags = visit.model.shown.timeline.flags.iter().map(|(_, text)| text.clone()).collect::<Vec<_>>();
    assert!(flags.ends_with(&["web-1 hangs".to_owned(), "stop the scheduler".to_owned()]), "{flags:?}");
    visit.act(FaultsAction::List);
    assert!(visit.model.faults.lists);
    for _ in 0..2 {
        let undo = visit.model.shown.in_force[0].undo.clone();
        visit.act(FaultsAction::Take(undo));
    }
    assert_eq!(in_force(&visit), []);
}

#[test]
fn the_past_shows_what_was_in_force_then() {
    let mut visit = Visit::with_web();
    take(&mut visit, FaultKind::PowerOff);
    visit.pass(5);
    assert_eq!(visit.model.shown.in_force.len(), 1);
    visit.act(TimeAction::Jump(crate::regions::Jump::Start));
    assert_eq!(in_force(&visit), []);
}

#[test]
fn a_command_is_written_into_the_terminal_and_not_run() {
    let mut visit = Visit::with_web();
    visit.act(FaultsAction::Open(Mode::Menu));
    let Ok(Way::Command(line)) = way(&visit, FaultKind::Drain) else { panic!("it is a command") };
    visit.act(FaultsAction::Write(line.clone()));
    assert_eq!(visit.model.terminal.prompt.line, line);
    assert!(visit.model.faults.open.is_none() && !visit.screen().contains("drain"));
}

#[test]
fn typing_finds_a_fault_of_any_target() {
    let mut visit = Visit::with_web();
    visit.act(FaultsAction::Open(Mode::Typing)).act(FaultsAction::Type("off node-3".to_owned()));
    let labels = |visit: &Visit| {
        let view = visit.model.shown.faults.as_ref().expect("it is open");
        view.found.iter().map(|found| found.label.clone()).collect::<Vec<_>>()
    };
    assert_eq!(labels(&visit), ["Power off node-3", "Cut off the network node-3"]);
    visit.act(FaultsAction::Type("HANG web-2".to_owned()));
    assert_eq!(labels(&visit), ["Hang web-2"]);
    visit.act(FaultsAction::Row { up: true });
    assert_eq!(visit.model.faults.at, 0);
    visit.act(FaultsAction::Type("no such thing".to_owned()));
    assert_eq!(labels(&visit), [""; 0]);
}

#[test]
fn what_has_nothing_to_happen_to_says_so() {
    let mut visit = Visit::started();
    visit.act(FaultsAction::Open(Mode::Menu));
    let refusal = way(&visit, FaultKind::Crash).expect_err("there is no Pod");
    assert_eq!(refusal, Refusal::NoPod);
    visit.act(FaultsAction::Refuse(refusal));
    assert!(visit.model.faults.open.is_some() && visit.model.faults.refused.is_some());
    assert!(way(&visit, FaultKind::PowerOff).is_ok(), "there are nodes");
}
