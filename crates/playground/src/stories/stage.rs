//! What one does on the stage.

use super::Visit;
use crate::effect::{Effect, Spot};
use crate::regions::stage::draft;
use crate::regions::{EditorAction, StageAction};

#[test]
fn the_partition_is_dragged_and_the_yaml_changes() {
    let mut visit = Visit::with_web();
    visit.act(StageAction::Partition(2));
    assert!(visit.text().contains("    rollingUpdate:\n      partition: 2\n"), "{}", visit.text());
    assert_eq!(draft(&visit.model), Some(2));
    let text = visit.text().to_owned();
    assert!(visit.has_asked(0, &Effect::SetText(text)));
    assert!(visit.model.editor.changed > 0);
    visit.act(EditorAction::Apply);
    assert_eq!(draft(&visit.model), None);
    assert_eq!(visit.model.shown.scene.sets.first().and_then(|set| set.partition), Some(2));
}

#[test]
fn without_the_set_in_a_document_the_command_is_typed() {
    let mut visit = Visit::with_web();
    visit.act(EditorAction::Edit("# nothing\n".to_owned())).act(StageAction::Partition(1));
    let patch = r#"kubectl patch sts web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":1}}}}'"#;
    assert_eq!(visit.model.terminal.prompt.line, patch);
    assert_eq!(visit.text(), "# nothing\n");
}

#[test]
fn what_is_missing_is_made_as_a_tab_beside_the_open_one() {
    let mut visit = Visit::started();
    visit.act(EditorAction::Apply);
    let missing = visit.model.shown.scene.missing.first().cloned().expect("the note names a class");
    visit.act(StageAction::Create(missing));
    let names: Vec<&str> = visit.model.editor.tabs.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["web.yaml", "my-storage-class.yaml"]);
    assert_eq!(visit.model.session.documents.open, 0);
    assert!(visit.model.shown.scene.missing.is_empty());
}

#[test]
fn a_service_that_is_missing_is_made_in_its_sets_namespace() {
    let mut visit = Visit::started();
    visit.command("kubectl create namespace other");
    let text = visit.text().split("---").find(|part| part.contains("StatefulSet")).expect("a set").to_owned();
    visit.act(EditorAction::Edit(text.replacen("metadata:", "metadata:\n  namespace: other", 1)));
    visit.act(EditorAction::Apply);
    let missing = visit.model.shown.scene.missing.clone();
    let service =
        missing.iter().find(|one| matches!(one, scene::Missing::Service(_))).expect("no Service there");
    visit.act(StageAction::Create(service.clone()));
    assert!(!visit.model.shown.scene.missing.contains(service), "{}", visit.screen());
    visit.command("kubectl get service nginx -n other -o name");
    assert!(visit.screen().ends_with("service/nginx\n"));
}

#[test]
fn another_set_is_shown_and_a_set_that_goes_leaves_the_first() {
    let mut visit = Visit::with_web();
    visit.act(EditorAction::Edit(visit.text().replace("name: web\n", "name: web2\n")));
    visit.act(EditorAction::Apply).act(StageAction::SelectSet(1)).pass(60);
    assert_eq!(visit.model.stage.set, 1, "{}", visit.screen());
    visit.command("kubectl delete sts web2").pass(60);
    assert_eq!(visit.model.stage.set, 1, "its claims are still there");
    visit.command("kubectl delete pvc www-web2-0 www-web2-1 www-web2-2").pass(5);
    assert_eq!(visit.model.stage.set, 0);
}

#[test]
fn the_stage_goes_to_a_set_that_is_blocked_unless_a_person_chose() {
    let mut visit = Visit::with_web();
    visit.act(EditorAction::Edit(visit.text().replace("name: web\n", "name: web2\n")));
    visit.act(EditorAction::Apply).pass(60);
    assert_eq!(visit.model.stage.set, 0);
    visit.command("kubectl set image sts/web2 nginx=nginx:no-such-tag").pass(60);
    assert_eq!(visit.model.stage.set, 1);
    visit.act(StageAction::SelectSet(0)).pass(10);
    assert_eq!(visit.model.stage.set, 0, "somebody wants to see this one");
    visit.act(StageAction::Select(Some(super::pod("web2-0"))));
    assert_eq!(visit.model.stage.set, 1, "what is selected is in sight");
}

#[test]
fn digits_that_follow_each_other_are_one_ordinal_and_the_focus_goes_along() {
    let mut visit = Visit::with_web();
    visit.command("kubectl patch sts web -p '{\"spec\":{\"podManagementPolicy\":\"OrderedReady\",\"replicas\":13}}'").pass(120);
    let from = visit.effects.len();
    visit.act(StageAction::SelectOrdinal(1)).act(StageAction::SelectOrdinal(2));
    assert_eq!(visit.model.stage.selected, Some(super::pod("web-12")));
    assert!(visit.has_asked(from, &Effect::Focus(Spot::Selected)));
}
