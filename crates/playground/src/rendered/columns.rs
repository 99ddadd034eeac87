//! The columns: identities that outlive their set, levels of detail, nodes that are lost.

use apimachinery::Lang;
use scene::{PodLook, SetLife};

use super::{LANGUAGES, has, in_language, names, text};
use crate::regions::StageAction;
use crate::stories::{Visit, pod};

fn scale(visit: &mut Visit, replicas: usize) {
    visit.command(&format!(
        "kubectl patch sts web -p '{{\"spec\":{{\"podManagementPolicy\":\"OrderedReady\",\"replicas\":{replicas}}}}}'"
    ));
}

#[test]
fn a_deleted_set_keeps_its_columns_while_pods_end_and_claims_stay() {
    let mut visit = Visit::with_web();
    visit.command("kubectl delete sts web --wait=false");
    if !visit.model.time.playing {
        visit.act(crate::regions::TimeAction::PlayPause);
    }
    for _ in 0..60 {
        visit.frame();
    }
    for (lang, line) in LANGUAGES
        .into_iter()
        .zip(["is deleted · 3 Pods terminating · 3 claims kept", "已删除 · 3 个 Pod 正在终止 · 3 个申领保留"])
    {
        let html = in_language(&mut visit, lang);
        let shown = &visit.model.shown.scene;
        assert!(
            text(&html).contains(line),
            "{:?} {}",
            shown.sets.iter().map(|s| (s.life, s.pods(), s.claims())).collect::<Vec<_>>(),
            text(&html)
        );
        let buttons = names(&html, "button");
        assert!((0..3).all(|n| has(&buttons, &format!("Pod web-{n}, "))), "{buttons:?}");
        assert!(has(&buttons, "Service nginx, "));
        assert!(has(&names(&html, "img"), if lang == Lang::En { "No order" } else { "没有先后" }));
    }
    visit.pass(30);
    for (lang, said) in LANGUAGES.into_iter().zip([
        ["is deleted · 3 claims kept", "no Pod", "disk kept", "Berths", "3 kept"],
        ["已删除 · 3 个申领保留", "没有 Pod", "磁盘还在", "泊位", "保留 3 个"],
    ]) {
        let html = in_language(&mut visit, lang);
        let all = text(&html);
        for wanted in said {
            assert!(all.contains(wanted), "{wanted}: {all}");
        }
        assert!(has(&names(&html, "button"), "PVC www-web-2, Bound"));
        assert!(has(&names(&html, "button"), "DNS web-0.nginx, NXDOMAIN"));
    }
}

#[test]
fn a_column_ends_with_its_claim_and_the_set_with_its_last_column() {
    let mut visit = Visit::with_web();
    visit.command("kubectl delete sts web --wait=false").pass(30);
    visit.command("kubectl delete pvc www-web-1").pass(5);
    let columns = |visit: &Visit| -> Vec<i64> {
        let sets = &visit.model.shown.scene.sets;
        sets.iter().flat_map(|set| set.columns.iter().map(|column| column.ordinal)).collect()
    };
    assert_eq!(columns(&visit), [0, 2]);
    visit.command("kubectl delete pvc --all").pass(5);
    assert!(visit.model.shown.scene.sets.is_empty());
    assert!(text(&in_language(&mut visit, Lang::En)).contains("Nothing is running yet"));
}

#[test]
fn what_a_set_left_is_its_own_again_and_keeps_its_writers_patterns() {
    let mut visit = Visit::with_web();
    visit.command("kubectl set image sts/web nginx=nginx:1.25.3").pass(90);
    let patterns = |visit: &Visit| -> Vec<Vec<u8>> {
        let columns = visit.model.shown.scene.sets.iter().flat_map(|set| &set.columns);
        let disks = columns.flat_map(|column| column.claims.iter().filter_map(|claim| claim.disk.as_ref()));
        disks.map(|disk| disk.writes.iter().map(|write| write.pattern).collect()).collect()
    };
    let before = patterns(&visit);
    assert_eq!(before, [[0, 1], [0, 1], [0, 1]]);
    visit.command("kubectl delete sts web --wait=false").pass(30);
    assert_eq!(patterns(&visit), before, "the set is gone, its disks are not");
    visit.command("kubectl apply -f web.yaml").pass(40);
    let scene = &visit.model.shown.scene;
    assert!(scene.sets.iter().all(|set| set.life == SetLife::Here && set.columns.len() == 3));
    // The first revision comes back, and with it its pattern.
    assert!(
        patterns(&visit).iter().all(|all| all.starts_with(&[0, 1]) && all.last() == Some(&0)),
        "{:?}",
        patterns(&visit)
    );
}

#[test]
fn a_claim_of_no_set_makes_no_column() {
    let mut visit = Visit::with_web();
    let claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data-db-7}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n";
    visit.model.session.documents.add("claim.yaml", claim);
    visit.command("kubectl apply -f claim.yaml").pass(2);
    let scene = &visit.model.shown.scene;
    assert_eq!(scene.sets.iter().map(|set| set.columns.len()).collect::<Vec<_>>(), [3]);
    assert_eq!(scene.loose_claims.len(), 1);
    assert!(text(&in_language(&mut visit, Lang::En)).contains("Claims of no set"));
}

#[test]
fn a_fresh_volume_is_never_left_behind() {
    let mut visit = Visit::started();
    visit.act(crate::regions::EditorAction::Apply);
    let missing = visit.model.shown.scene.missing.first().cloned().expect("the note names a class");
    visit.act(StageAction::Create(missing));
    if !visit.model.time.playing {
        visit.act(crate::regions::TimeAction::PlayPause);
    }
    for _ in 0..600 {
        assert!(visit.frame().model.shown.scene.loose_volumes.is_empty());
    }
    assert!(visit.ready() > 0);
}

#[test]
fn a_lost_node_is_told_at_once_and_to_the_end() {
    let mut visit = Visit::with_web();
    let node =
        visit.model.shown.scene.sets.first().and_then(|set| set.columns.get(1)?.pod.as_ref()?.node.clone());
    let node = node.expect("web-1 runs");
    visit.model.stage.width = 728.0;
    let off = cluster::Fault::PowerOff { node: node.clone() };
    visit.model.session.fault(off, "power off").expect("it can happen");
    visit.pass(12);
    for (lang, said) in LANGUAGES.into_iter().zip([
        ["powered off", " of 50 s", "Kubernetes", "so Kubernetes believes"],
        ["已断电", " / 50 秒", "还不知道", "Kubernetes 还这么以为"],
    ]) {
        let all = text(&in_language(&mut visit, lang)).replace('\n', " ");
        for wanted in said {
            assert!(all.contains(wanted), "no {wanted}: {all}");
        }
    }
    let card = |visit: &Visit| {
        let set = visit.model.shown.scene.sets.first().cloned();
        set.and_then(|set| set.columns.get(1)?.pod.clone()).expect("its object stays")
    };
    assert_eq!((card(&visit).look, card(&visit).unheard), (PodLook::Ready, true));
    visit.pass(60);
    assert_eq!((card(&visit).look, card(&visit).deleting), (PodLook::Unknown, false));
    visit.pass(330);
    assert_eq!((card(&visit).look, card(&visit).deleting), (PodLook::Unknown, true));
    for (lang, said) in LANGUAGES.into_iter().zip([
        ["Terminating", "NotReady", "Powered off.", "still holds", "attached to"],
        ["Terminating", "NotReady", "已断电。", "它还占着", "仍挂载在"],
    ]) {
        let html = in_language(&mut visit, lang);
        let all = text(&html);
        assert!(said.iter().all(|wanted| all.contains(wanted)), "{said:?}: {all}");
        assert!(!all.contains("grace left") && !all.contains("宽限"), "{all}");
    }
}

#[test]
fn columns_narrow_before_they_are_dots_and_who_acts_has_a_whole_card() {
    let mut visit = Visit::with_web();
    visit.model.stage.width = 728.0;
    scale(&mut visit, 5);
    visit.pass(40);
    let html = in_language(&mut visit, Lang::En);
    assert!(html.contains("viewBox=\"0 0 728 "), "five fit without scrolling");
    scale(&mut visit, 12);
    visit.pass(2);
    let html = in_language(&mut visit, Lang::En);
    assert!(html.contains("viewBox=\"0 0 728 "), "twelve fit");
    assert!(text(&html).contains("1 Pod acts"), "{}", text(&html));
    assert!(text(&in_language(&mut visit, Lang::ZhCn)).contains("1 个 Pod 在动"));
    scale(&mut visit, 60);
    visit.pass(1);
    visit.act(StageAction::Select(Some(pod("web-1"))));
    let html = in_language(&mut visit, Lang::En);
    assert!(html.contains("viewBox=\"0 0 728 "), "sixty fit");
    let cards = html.matches("class=\"nowcard\"").count();
    assert_eq!(cards, 2, "who acts, and who is selected");
}
