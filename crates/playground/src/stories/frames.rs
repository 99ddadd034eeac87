//! A frame's work: only what has changed is another piece of data, and time passes in frames only.

use super::{Visit, pod};
use crate::effect::Effect;
use crate::regions::{EditorAction, LowerTab, StageAction, TerminalAction, TimeAction};

#[test]
fn nothing_that_did_not_change_is_made_anew() {
    let mut visit = Visit::with_web();
    visit.act(StageAction::Select(Some(pod("web-1")))).act(TerminalAction::Tab(LowerTab::Events)).frame();
    let data = |visit: &Visit| {
        let shown = &visit.model.shown;
        (
            shown.timeline.clone(),
            shown.scene.clone(),
            shown.entries.clone(),
            shown.rows.clone(),
            shown.why.clone(),
            shown.offers.clone(),
            shown.branches.clone(),
            visit.model.editor.tabs.clone(),
        )
    };
    let before = data(&visit);
    visit.frame().frame().act(TerminalAction::Line("kubectl".to_owned())).frame();
    assert!(data(&visit) == before, "the same data, by its address");
}

#[test]
fn a_new_line_leaves_the_others_what_they_were() {
    let mut visit = Visit::with_web();
    let before = visit.model.shown.entries.clone();
    visit.command("kubectl get pods");
    let after = visit.model.shown.entries.clone();
    assert_eq!(after.len(), before.len() + 2);
    assert!(before.iter().zip(after.iter()).all(|(a, b)| a == b), "by their address");
    assert!(before != after);
}

#[test]
fn a_life_that_is_over_stays_the_same_while_others_go_on() {
    let mut visit = Visit::with_web();
    let lives = |visit: &Visit| -> Vec<_> {
        visit.model.shown.timeline.lanes.iter().map(|lane| lane.life.clone()).collect()
    };
    let before = lives(&visit);
    visit.command("kubectl delete pod web-2 --wait=false").pass(1);
    let after = lives(&visit);
    let same: Vec<bool> = before.iter().zip(after.iter()).map(|(a, b)| a == b).collect();
    assert_eq!(same, [true, true, false]);
}

#[test]
fn events_are_looked_up_while_somebody_looks_at_them() {
    let mut visit = Visit::with_web();
    assert!(visit.model.shown.events > 0 && visit.model.shown.rows.is_empty());
    visit.act(TerminalAction::Tab(LowerTab::Events));
    let rows = visit.model.shown.rows.clone();
    assert_eq!(rows.len(), visit.model.shown.events);
    assert!(rows.is_sorted_by(|a, b| a.at + 1_000_000 > b.at), "the newest first, to the second");
    visit.command("kubectl delete pod web-2 --wait=false").act(TerminalAction::Tab(LowerTab::Events)).pass(1);
    assert!(visit.model.shown.rows.len() > rows.len());
}

#[test]
fn events_of_one_second_stand_in_the_order_of_arrival() {
    let mut visit = Visit::with_web();
    visit.act(TerminalAction::Tab(LowerTab::Events));
    let rows = visit.model.shown.rows.iter().rev().filter(|row| row.object == "pod/web-0");
    let reasons: Vec<&str> =
        rows.map(|row| row.reason.as_str()).skip_while(|r| *r == "FailedScheduling").collect();
    // What is said of one Pod comes in this order, although it all fits into a second or two.
    assert_eq!(reasons, ["Scheduled", "SuccessfulAttachVolume", "Pulling", "Pulled", "Created", "Started"]);
}

#[test]
fn frames_come_while_something_moves_and_then_end() {
    let mut visit = Visit::started();
    visit.act(EditorAction::Apply).pass(1);
    let mut frames = 0;
    loop {
        let from = visit.effects.len();
        visit.frame();
        if !visit.has_asked(from, &Effect::NextFrame) {
            break;
        }
        frames += 1;
    }
    assert!((30..=40).contains(&frames), "{frames} frames are 0.6 s");
}

#[test]
fn a_tab_that_was_hidden_does_not_race_on_return() {
    let mut visit = Visit::started();
    visit.act(TimeAction::PlayPause).act(TimeAction::Frame(1_000.0)).act(TimeAction::Frame(100_000.0));
    assert_eq!(visit.model.shown.now, 250_000);
}

#[test]
fn pills_travel_at_walking_speed_only() {
    let mut visit = Visit::started();
    visit.act(EditorAction::Apply);
    let mut seen = 0;
    for _ in 0..120 {
        visit.frame();
        seen += visit.model.time.pills.len();
    }
    assert!(seen > 0, "requests are seen on their way");
    visit.act(TimeAction::Speed(60.0)).command("kubectl scale sts web --replicas=5");
    for _ in 0..60 {
        visit.frame();
    }
    assert!(visit.model.time.pills.is_empty());
}
