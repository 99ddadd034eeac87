//! Typing, applying, moving through time, acting in the past.

use super::{Visit, pod};
use crate::effect::{Effect, Spot, Timer};
use crate::regions::{
    EditorAction, Jump, LowerTab, PageAction, Region, SpacesAction, StageAction, TerminalAction, TimeAction,
    WhyAction,
};

#[test]
fn type_apply_seek_back_act_and_there_is_a_branch() {
    let mut visit = Visit::started();
    let text = visit.text().replace("replicas: 3", "replicas: 2");
    visit.act(EditorAction::Edit(text));
    assert!(visit.effects.iter().any(|e| matches!(e, Effect::Later(Timer::Diagnose, _, _))));
    visit.act(EditorAction::Apply).pass(5);
    let end = visit.model.shown.now;
    visit.act(TimeAction::Jump(Jump::To(1_000_000)));
    assert!(visit.model.shown.in_past && !visit.model.time.playing);
    assert_eq!(visit.model.shown.now, 1_000_000);
    visit.command("kubectl scale sts web --replicas=1");
    assert!(!visit.model.shown.in_past);
    assert_eq!(visit.model.shown.branches.len(), 1);
    let flags = |visit: &Visit| -> Vec<String> {
        visit.model.shown.timeline.flags.iter().map(|(_, text)| text.clone()).collect()
    };
    assert_eq!(flags(&visit), ["apply web.yaml", "scale sts web --replicas=1"]);
    visit.act(TimeAction::SwitchBranch(0));
    assert_eq!(flags(&visit), ["apply web.yaml"]);
    assert_eq!(visit.model.shown.now, end);
}

#[test]
fn a_bad_text_is_refused_at_the_terminal_and_marked_in_the_editor() {
    let mut visit = Visit::started();
    visit.act(PageAction::Region(Region::Yaml)).act(TerminalAction::Tab(LowerTab::Events));
    visit.act(EditorAction::Edit(visit.text().replace("replicas: 3", "replicas: three")));
    visit.act(EditorAction::Diagnose);
    let problems = visit.model.editor.problems.clone().expect("looked at");
    assert_eq!(problems.len(), 1);
    assert!(visit.has_asked(0, &Effect::Diagnostics(problems)));
    visit.act(EditorAction::Apply);
    assert_eq!((visit.model.terminal.tab, visit.model.page.region), (LowerTab::Terminal, Region::Yaml));
}

#[test]
fn the_history_is_searched_and_gone_through() {
    let mut visit = Visit::started();
    visit.command("kubectl get pods").command("kubectl get sts");
    visit.act(TerminalAction::Search).act(TerminalAction::Line("pods".to_owned()));
    assert_eq!(visit.model.terminal.prompt.found.as_deref(), Some("kubectl get pods"));
    visit.act(TerminalAction::TakeFound);
    assert_eq!(visit.model.terminal.prompt.line, "kubectl get pods");
    visit.act(TerminalAction::Line(String::new())).act(TerminalAction::Recall(true));
    assert_eq!(visit.model.terminal.prompt.line, "kubectl get sts");
    visit.act(TerminalAction::Complete);
    assert!(visit.model.terminal.prompt.line.starts_with("kubectl get sts"));
}

#[test]
fn tab_completes_from_the_cluster() {
    let mut visit = Visit::with_web();
    visit.act(TerminalAction::Line("kubectl get pod web-".to_owned())).act(TerminalAction::Complete);
    assert_eq!(visit.model.terminal.prompt.offers, ["web-0", "web-1", "web-2"]);
}

#[test]
fn an_example_begins_anew() {
    let mut visit = Visit::with_web();
    visit.act(StageAction::Select(Some(pod("web-0")))).act(SpacesAction::Example(6));
    assert_eq!(visit.opened().map(|(label, _)| label), Some("statefulset.yaml"));
    assert_eq!(visit.model.editor.tabs.len(), 3);
    let shown = &visit.model.shown;
    assert!(shown.scene.sets.is_empty() && shown.entries.is_empty() && shown.timeline.lanes.is_empty());
    assert_eq!((shown.now, shown.decisions, visit.model.stage.selected.as_ref()), (0, 0, None));
    visit.act(EditorAction::Open(2));
    assert_eq!(visit.opened().map(|(label, _)| label), Some("storage.yaml"));
}

#[test]
fn an_edit_that_a_command_asks_for_opens_and_closes_its_document() {
    let mut visit = Visit::with_web();
    visit.act(PageAction::Region(Region::Terminal)).command("kubectl edit sts web");
    let (label, text) = visit.opened().expect("a document is opened");
    assert!(text.contains("kind: StatefulSet"), "{label}");
    assert_eq!(visit.model.page.region, Region::Yaml);
    assert!(visit.model.shown.running.edits);
    visit.act(TerminalAction::Interrupt);
    assert_eq!(visit.opened().map(|(label, _)| label), Some("web.yaml"));
    assert!(!visit.model.shown.running.is_on);
}

#[test]
fn an_edit_at_the_end_of_a_wait_opens_its_document_too() {
    let mut visit = Visit::with_web();
    visit.command("sleep 3; kubectl edit sts web");
    assert_eq!(visit.model.editor.tabs.len(), 2);
    visit.pass(5);
    assert_eq!(visit.model.editor.tabs.len(), 3);
    assert!(visit.opened().is_some_and(|(_, text)| text.contains("resourceVersion")));
}

#[test]
fn what_is_offered_is_done() {
    let mut visit = Visit::with_web();
    visit.act(StageAction::SelectOrdinal(1));
    assert_eq!(visit.model.stage.selected, Some(pod("web-1")));
    let way = |visit: &Visit, what| {
        let offer = visit.model.shown.offers.iter().find(|offer| offer.what == what);
        offer.expect("it is offered").way.clone()
    };
    visit.act(WhyAction::Take(way(
        &visit,
        session::offers::OfferKind::Cause(session::offers::FaultKind::Crash),
    )));
    assert_eq!(visit.model.shown.timeline.flags.last().map(|(_, text)| text.as_str()), Some("crash web-1"));
    visit.pass(30);
    visit.act(WhyAction::Take(way(
        &visit,
        session::offers::OfferKind::Cause(session::offers::FaultKind::Delete),
    )));
    assert!(visit.screen().contains("kubectl delete pod web-1 --wait=false"));
}

#[test]
fn clear_empties_the_screen_and_ctrl_l_does() {
    let mut visit = Visit::started();
    visit.command("kubectl get pods").command("clear");
    assert_eq!(visit.screen(), "");
    visit.command("kubectl get pods").act(TerminalAction::Clear);
    assert_eq!(visit.screen(), "");
}

#[test]
fn the_way_out_is_typed_and_not_run() {
    let mut visit = Visit::started();
    visit.act(TerminalAction::Type("kubectl delete pod web-2".to_owned()));
    assert_eq!(visit.model.terminal.prompt.line, "kubectl delete pod web-2");
    assert_eq!(visit.screen(), "");
    assert!(visit.has_asked(0, &Effect::Focus(Spot::TerminalLine)));
}

#[test]
fn from_decision_to_decision_and_from_deed_to_deed() {
    let mut visit = Visit::with_web();
    let end = (visit.model.shown.now, visit.model.shown.decisions);
    visit.act(TimeAction::Jump(Jump::Start));
    assert_eq!((visit.model.shown.now, visit.model.shown.decisions), (0, 0));
    visit.act(TimeAction::Jump(Jump::NextDecision));
    let first = visit.model.shown.now;
    assert!(first > 0 && visit.model.shown.decisions >= 1);
    visit.act(TimeAction::Jump(Jump::NextDecision)).act(TimeAction::Jump(Jump::PreviousDecision));
    assert_eq!(visit.model.shown.now, first);
    visit.act(TimeAction::Jump(Jump::Now));
    assert_eq!((visit.model.shown.now, visit.model.shown.decisions), end);
    assert_eq!(visit.model.shown.decisions, visit.model.session.decisions(), "counted as the session counts");
}
