//! The stage, its line, and what is missing on it.

use apimachinery::Lang;

use super::{LANGUAGES, has, in_language, names, text};
use crate::regions::{EditorAction, StageAction};
use crate::stories::{Visit, pod};

#[test]
fn cards_claims_records_and_nodes_have_names() {
    let mut visit = Visit::with_web();
    for (lang, revision) in LANGUAGES.into_iter().zip(["revision", "修订"]) {
        let html = in_language(&mut visit, lang);
        let buttons = names(&html, "button");
        for ordinal in 0..3 {
            let card =
                buttons.iter().find(|name| name.starts_with(&format!("Pod web-{ordinal}, Running, Ready, ")));
            let card = card.unwrap_or_else(|| panic!("no card of web-{ordinal}: {buttons:?}"));
            assert!(card.contains(&format!(", {revision} ")) && card.contains(", node-"), "{card}");
            assert!(has(&buttons, &format!("PVC www-web-{ordinal}, Bound, 1Gi my-storage-class")));
            let records = names(&html, "button");
            assert!(has(&records, &format!("DNS web-{ordinal}.nginx, A 10.244.")), "{records:?}");
        }
        for node in ["node-1", "node-2", "node-3"] {
            assert!(has(&buttons, &format!("Node {node}, Ready")));
        }
        assert!(has(&buttons, "Service nginx, "));
    }
}

#[test]
fn a_state_is_said_by_its_word() {
    let mut visit = Visit::with_web();
    visit.command("kubectl delete pod web-1 --wait=false").frame().frame();
    let english = names(&in_language(&mut visit, Lang::En), "button");
    let card = english.iter().find(|name| name.starts_with("Pod web-1, Terminating, ")).expect("it leaves");
    assert!(card.contains(" s of grace left"), "{card}");
    let chinese = names(&in_language(&mut visit, Lang::ZhCn), "button");
    let card =
        chinese.iter().find(|name| name.starts_with("Pod web-1, Terminating, ")).expect("kubectl's own word");
    assert!(card.contains("宽限还剩 "), "{card}");
    visit.command("kubectl set image sts/web nginx=nginx:no-such-tag").pass(30);
    let buttons = names(&in_language(&mut visit, Lang::En), "button");
    let bad =
        buttons.iter().filter(|name| name.contains("ImagePullBackOff") || name.contains("ErrImagePull"));
    assert_eq!(bad.count(), 1, "{buttons:?}");
}

#[test]
fn the_selected_one_is_pressed_and_no_other() {
    let mut visit = Visit::with_web();
    visit.act(StageAction::Select(Some(pod("web-1"))));
    let html = in_language(&mut visit, Lang::En);
    let pressed =
        html.split('<').filter(|e| e.contains("class=\"press\"") && e.contains("aria-pressed=\"true\""));
    let pressed: Vec<&str> = pressed.collect();
    assert_eq!(pressed.len(), 1);
    assert!(pressed.iter().all(|element| element.contains("Pod web-1")));
}

#[test]
fn the_line_above_counts_and_names_the_revisions() {
    let mut visit = Visit::with_web();
    for (lang, ready) in LANGUAGES.into_iter().zip(["3 of 3", "3 / 3"]) {
        assert!(text(&in_language(&mut visit, lang)).contains(ready));
    }
    visit.command("kubectl set image sts/web nginx=nginx:1.25.3").pass(2);
    let english = text(&in_language(&mut visit, Lang::En));
    assert!(english.contains("current, ") && english.contains("update, "), "{english}");
    let chinese = text(&in_language(&mut visit, Lang::ZhCn));
    assert!(chinese.contains("当前修订，") && chinese.contains("目标修订，"));
}

#[test]
fn a_partition_is_a_slider_that_says_what_is_not_applied() {
    let mut visit = Visit::with_web();
    visit.act(StageAction::Partition(2));
    for (lang, said) in LANGUAGES.into_iter().zip(["partition 2, not applied", "分区 2，未应用"]) {
        let html = in_language(&mut visit, lang);
        assert!(html.contains(&format!("aria-valuetext=\"{said}\"")), "{said}");
        assert!(has(&names(&html, "img"), said));
    }
}

#[test]
fn what_is_missing_has_a_button() {
    let mut visit = Visit::started();
    visit.act(EditorAction::Apply);
    for (lang, button) in LANGUAGES.into_iter().zip(["Create this StorageClass", "创建这个 StorageClass"])
    {
        let html = in_language(&mut visit, lang);
        assert!(text(&html).contains(button) && text(&html).contains("my-storage-class"));
    }
}

#[test]
fn many_pods_are_marks_with_names() {
    let mut visit = Visit::with_web();
    visit.command(
        "kubectl patch sts web -p '{\"spec\":{\"podManagementPolicy\":\"OrderedReady\",\"replicas\":50}}'",
    );
    visit.pass(1);
    let marks = names(&in_language(&mut visit, Lang::En), "button");
    assert_eq!(
        marks.iter().filter(|name| name.starts_with("Pod web-")).count(),
        visit_pods(&visit),
        "{marks:?}"
    );
}

fn visit_pods(visit: &Visit) -> usize {
    visit
        .model
        .shown
        .scene
        .sets
        .first()
        .map_or(0, |set| set.columns.iter().filter(|c| c.pod.is_some()).count())
}
