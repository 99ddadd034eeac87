//! Workspaces: nothing is lost by a click, a reload, or another browser tab.

use super::{ALL_HERE, Storage, Visit, pod};
use crate::effect::{Effect, Part, When};
use crate::regions::{EditorAction, Jump, PageAction, SpacesAction, StageAction, TimeAction};
use crate::space::{Cause, Piece, Said};

/// A document that is no example's.
const MINE: &str = "kind: Service\nmetadata:\n  name: mine\nspec:\n  ports: [{port: 80}]\n";

fn edit(visit: &mut Visit, text: &str) {
    visit.act(EditorAction::Edit(text.to_owned())).act(EditorAction::Diagnose);
}

#[test]
fn an_example_opens_beside_mine_and_mine_is_there_when_i_come_back() {
    let mut visit = Visit::with_web();
    visit.command("kubectl scale sts web --replicas=4").pass(30);
    visit.act(StageAction::Select(Some(pod("web-3"))));
    edit(&mut visit, "# not applied\n");
    let (screen, now) = (visit.screen(), visit.model.shown.now);
    let scene = visit.model.shown.scene.clone();
    visit.act(SpacesAction::Example(1));
    assert_eq!(visit.tabs(), ["Three in a row*", ">Canary by partition"]);
    assert!(visit.model.shown.scene.sets.is_empty() && visit.text().contains("nginx:1.7.9"));
    visit.act(EditorAction::Apply).pass(60);
    assert_eq!(visit.ready(), 3);

    let mine = visit.id_of("Three in a row");
    visit.act(SpacesAction::Show(mine));
    assert_eq!(visit.tabs(), [">Three in a row*", "Canary by partition*"]);
    assert_eq!((visit.text(), visit.screen(), visit.model.shown.now), ("# not applied\n", screen, now));
    assert_eq!(*visit.model.shown.scene, *scene);
    assert_eq!(visit.model.stage.selected, Some(pod("web-3")));
    assert_eq!(visit.opened().map(|(_, text)| text), Some("# not applied\n"));
    visit.command("kubectl get pods");
    assert!(visit.screen().contains("web-3"), "it goes on");
}

#[test]
fn an_untouched_example_is_opened_once() {
    let mut visit = Visit::started();
    visit.act(SpacesAction::Example(1)).act(SpacesAction::Example(0)).act(SpacesAction::Example(1));
    assert_eq!(visit.tabs(), ["Three in a row", ">Canary by partition"]);
    edit(&mut visit, MINE);
    visit.act(SpacesAction::Example(1));
    assert_eq!(visit.tabs(), ["Three in a row", "Canary by partition*", ">Canary by partition (2)"]);
}

#[test]
fn a_reload_brings_back_every_workspace() {
    let mut storage = Storage::default();
    let mut first = storage.visit();
    first.act(EditorAction::Apply).pass(30);
    first.act(SpacesAction::Example(1)).act(EditorAction::Apply).pass(60);
    first
        .act(SpacesAction::Empty)
        .act(SpacesAction::Renaming(true))
        .act(SpacesAction::Rename(" my set ".to_owned()));
    edit(&mut first, MINE);
    let tabs = first.tabs();
    assert_eq!(tabs, ["Three in a row*", "Canary by partition*", ">my set*"]);
    storage.leave(first);

    let mut second = storage.visit();
    assert_eq!((second.tabs(), second.text()), (tabs, MINE));
    let canary = second.id_of("Canary by partition");
    second.act(SpacesAction::Show(canary)).frame();
    assert_eq!(second.ready(), 3);
}

#[test]
fn writing_one_does_not_rewrite_the_others() {
    let mut storage = Storage::default();
    let mut visit = storage.visit();
    visit.act(EditorAction::Apply).act(SpacesAction::Example(1));
    storage.carry_out(&mut visit, &mut []);
    let from = visit.effects.len();
    edit(&mut visit, MINE);
    visit.act(EditorAction::Diagnose).act(PageAction::Leave);
    let written: Vec<&str> = visit.effects[from..]
        .iter()
        .filter_map(|effect| match effect {
            Effect::KeepSpace { id, .. } => Some(id.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(written, ["canary"]);
}

#[test]
fn closing_can_be_undone_and_later_be_had_again() {
    let mut visit = Visit::with_web();
    let mine = visit.id_of("Three in a row");
    visit.act(SpacesAction::Example(1)).act(SpacesAction::Close(mine.clone()));
    assert_eq!(visit.tabs(), [">Canary by partition"]);
    let undo = visit.model.spaces.undo.clone().expect("undoing is offered");
    assert_eq!((undo.name.as_str(), undo.cause, undo.inputs), ("Three in a row", Cause::Closed, 2));
    visit.act(SpacesAction::Undo);
    assert_eq!(
        (visit.tabs(), visit.ready()),
        (vec![">Three in a row*".to_owned(), "Canary by partition".to_owned()], 3)
    );
    assert_eq!(visit.model.spaces.undo, None);

    visit.act(SpacesAction::Close(mine.clone()));
    assert_eq!(visit.tabs(), [">Canary by partition"]);
    visit.act(EditorAction::Apply);
    assert_eq!(visit.model.spaces.undo, None, "the next input ends the offer");
    let gone = visit.model.spaces.gone.first().expect("it is under +").clone();
    assert_eq!((gone.id.as_str(), gone.cause, gone.at.as_str()), (mine.as_str(), Cause::Closed, "14:02"));
    visit.act(SpacesAction::Show(gone.id));
    assert_eq!(visit.ready(), 3);
    assert!(visit.model.spaces.gone.is_empty());
}

#[test]
fn there_is_always_a_tab_and_an_untouched_example_goes_without_a_word() {
    let mut visit = Visit::started();
    visit.act(SpacesAction::Example(1));
    let canary = visit.id_of("Canary by partition");
    visit.act(SpacesAction::Close(canary.clone()));
    assert_eq!((visit.tabs(), &visit.model.spaces.undo), (vec![">Three in a row".to_owned()], &None));
    assert!(visit.has_asked(0, &Effect::ForgetSpace(canary)));
    edit(&mut visit, MINE);
    let last = visit.id_of("Three in a row");
    visit.act(SpacesAction::Close(last));
    assert_eq!(visit.tabs(), [">Three in a row"]);
    assert!(visit.text().contains("kind: StatefulSet"), "a new one");
    visit.act(SpacesAction::Undo);
    assert_eq!(visit.text(), MINE);
}

#[test]
fn the_last_five_that_went_can_be_had_again() {
    let mut storage = Storage::default();
    let mut visit = storage.visit();
    for number in 1..=7 {
        visit
            .act(SpacesAction::Empty)
            .act(SpacesAction::Renaming(true))
            .act(SpacesAction::Rename(format!("set {number}")));
        edit(&mut visit, MINE);
        let id = visit.id_of(&format!("set {number}"));
        visit.act(SpacesAction::Close(id));
    }
    let labels = |visit: &Visit| -> Vec<String> {
        visit.model.spaces.gone.iter().map(|gone| gone.label.clone()).collect()
    };
    let wanted = ["set 7", "set 6", "set 5", "set 4", "set 3"];
    assert_eq!(labels(&visit), wanted);
    storage.leave(visit);
    assert_eq!(labels(&storage.visit()), wanted, "also after a reload");
}

#[test]
fn what_a_paste_replaces_comes_back() {
    let mut visit = Visit::started();
    edit(&mut visit, MINE);
    assert_eq!(visit.model.spaces.undo, None, "an example is in the gallery");
    edit(&mut visit, "kind: Pod\n");
    let undo = visit.model.spaces.undo.clone().expect("undoing is offered");
    assert_eq!((undo.name.as_str(), undo.cause), ("web.yaml", Cause::Replaced));
    visit.act(SpacesAction::Undo);
    assert_eq!((visit.text(), visit.model.spaces.gone.len()), (MINE, 0));
    assert_eq!(visit.opened().map(|(_, text)| text), Some(MINE));

    edit(&mut visit, "kind: Pod\n");
    visit.act(SpacesAction::OpenReplaced);
    assert_eq!((visit.text(), visit.tabs().len()), (MINE, 2));
}

#[test]
fn files_open_together_and_runs_each_for_themselves() {
    let mut there = Visit::with_web();
    there.act(PageAction::CopyLink);
    let run = there.effects.iter().find_map(|effect| match effect {
        Effect::CopyLink(text) => Some(text.clone()),
        _ => None,
    });
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let mut visit = Visit::started();
    let files = vec![file("a.yaml", MINE), file("b.yaml", "b: 1\n"), file("run.json", &run.expect("a run"))];
    visit.act(SpacesAction::Files(files)).frame();
    assert_eq!(visit.tabs(), ["Three in a row", "run*", ">a*"]);
    assert_eq!((visit.text(), visit.model.editor.tabs.len()), (MINE, 2));
    let run = visit.id_of("run");
    visit.act(SpacesAction::Show(run)).frame();
    assert_eq!(visit.ready(), 3);
    assert!(visit.text().contains("kind: StatefulSet"), "its documents are in it");

    visit.act(SpacesAction::Pasted(Some("c: 1\n".to_owned())));
    assert_eq!((visit.text(), visit.tabs().last().map(String::as_str)), ("c: 1\n", Some(">pasted*")));
    visit.act(SpacesAction::Files(vec![file("broken.json", "{\"ordinal\": 7}")])).frame();
    assert_eq!(visit.model.spaces.said, Some(Said::Aside("broken".to_owned())));
}

#[test]
fn what_is_saved_can_be_opened_again() {
    let mut visit = Visit::with_web();
    visit.act(TimeAction::Jump(Jump::To(20_000_000))).command("kubectl scale sts web --replicas=1");
    let told = visit.model.shown.branches.clone();
    let mut saved = |piece: Piece| {
        visit.act(SpacesAction::Save(piece));
        let saved = visit.effects.iter().rev().find_map(|effect| match effect {
            Effect::Save(name, text) => Some((name.clone(), text.clone())),
            _ => None,
        });
        saved.expect("a file")
    };
    let (files, objects, run) = (saved(Piece::Files), saved(Piece::Objects), saved(Piece::Run));
    assert_eq!(files.0, "three-in-a-row.yaml");
    assert!(files.1.contains("kind: StatefulSet") && files.1.contains("kind: StorageClass"));
    assert!(objects.0.ends_with("-objects.yaml") && objects.1.contains("kind: Pod"));
    assert!(saved(Piece::Terminal).1.contains("$ kubectl scale"));
    assert!(saved(Piece::Why).1.starts_with("# "));

    let mut there = Visit::started();
    there.act(SpacesAction::Files(vec![run])).frame();
    assert_eq!(there.tabs(), ["Three in a row", ">three-in-a-row*"]);
    assert_eq!((*there.model.shown.branches).clone(), (*told).clone());
    assert!(there.text().contains("kind: StatefulSet"));
}

#[test]
fn before_the_engine_has_come_workspaces_are_documents() {
    let mut storage = Storage::default();
    storage.leave(Visit::with_web());
    let mut visit = storage.open();
    visit.act(SpacesAction::Example(1));
    assert!(visit.text().contains("nginx:1.7.9"));
    let mine = visit.id_of("Three in a row");
    visit.act(PageAction::Arrived(Part::Engine)).frame();
    assert!(visit.model.has_engine());
    let from = visit.effects.len();
    visit.act(SpacesAction::Show(mine));
    assert!(!visit.model.has_engine(), "what was done there needs the commands");
    assert!(visit.has_asked(from, &Effect::Fetch(Part::Commands, When::Now)));
    visit.act(ALL_HERE).frame();
    assert_eq!(visit.ready(), 3);
}

#[test]
fn more_sessions_than_are_held_are_written_down() {
    let mut visit = Visit::with_web();
    for at in 1..7 {
        visit.act(SpacesAction::Example(at)).act(EditorAction::Apply);
    }
    assert_eq!(visit.model.spaces.all.iter().filter(|space| space.started).count(), 5);
    let first = visit.id_of("Three in a row");
    visit.act(SpacesAction::Show(first)).frame();
    assert_eq!(visit.ready(), 3);
}

#[test]
fn two_browser_tabs_keep_what_each_has_done() {
    let mut storage = Storage::default();
    storage.leave(Visit::with_web());
    let (mut here, mut there) = (storage.visit(), storage.visit());
    edit(&mut here, "here: 1\n");
    storage.carry_out(&mut here, &mut [&mut there]);
    assert_eq!(there.model.spaces.said, Some(Said::Elsewhere("Three in a row".to_owned())));
    there.command("kubectl scale sts web --replicas=5");
    storage.carry_out(&mut there, &mut [&mut here]);
    assert_eq!(there.tabs(), ["Three in a row*", ">Three in a row (2)*"]);
    assert_eq!(there.model.spaces.said, Some(Said::Split("Three in a row (2)".to_owned())));
    assert_eq!(here.tabs(), [">Three in a row*", "Three in a row (2)*"]);
    assert_eq!(here.text(), "here: 1\n");
    here.act(TimeAction::PlayPause).act(PageAction::Leave);
    storage.carry_out(&mut here, &mut [&mut there]);
    storage.leave(there);

    let mut later = storage.visit();
    assert_eq!(later.tabs().len(), 2);
    let (one, two) = (later.id_of("Three in a row"), later.id_of("Three in a row (2)"));
    later.act(SpacesAction::Show(two)).frame();
    assert!(later.model.shown.timeline.flags.iter().any(|(_, text)| text.contains("replicas=5")));
    later.act(SpacesAction::Show(one)).frame();
    assert_eq!(later.text(), "here: 1\n");
}

#[test]
fn a_browser_tab_in_which_only_time_went_by_disturbs_nobody() {
    let mut storage = Storage::default();
    storage.leave(Visit::with_web());
    let (mut here, mut there) = (storage.visit(), storage.visit());
    there.pass(20).act(PageAction::Leave);
    storage.carry_out(&mut there, &mut [&mut here]);
    assert_eq!(here.model.spaces.said, None);
    here.command("kubectl scale sts web --replicas=4");
    storage.carry_out(&mut here, &mut [&mut there]);
    assert_eq!(here.tabs(), [">Three in a row*"]);
    assert!(storage.spaces["note-003"].run.as_ref().is_some_and(|run| run.contains("replicas=4")));
}

#[test]
fn a_browser_tab_that_was_asleep_overwrites_nothing() {
    let mut storage = Storage::default();
    let (mut here, mut there) = (storage.visit(), storage.visit());
    edit(&mut here, "here: 1\n");
    storage.carry_out(&mut here, &mut []);
    edit(&mut there, "there: 1\n");
    storage.carry_out(&mut there, &mut [&mut here]);
    assert_eq!(there.tabs(), ["Three in a row*", ">Three in a row (2)*"]);
    let texts: Vec<bool> = ["here: 1", "there: 1"]
        .map(|text| {
            storage.spaces.values().any(|texts| texts.head.as_ref().is_some_and(|head| head.contains(text)))
        })
        .into_iter()
        .collect();
    assert_eq!(texts, [true, true]);
}

#[test]
fn what_another_browser_tab_has_done_can_be_shown_here() {
    let mut storage = Storage::default();
    let (mut here, mut there) = (storage.visit(), storage.visit());
    here.act(EditorAction::Apply).act(PageAction::Leave);
    storage.carry_out(&mut here, &mut [&mut there]);
    there.act(SpacesAction::ShowTheirs).frame();
    assert_eq!(there.tabs(), [">Three in a row*"]);
    assert_eq!(there.model.shown.timeline.flags.len(), 1);
    there.act(SpacesAction::Empty);
    storage.carry_out(&mut there, &mut [&mut here]);
    assert_eq!(here.tabs().len(), 2, "what is new there is a tab here");
}
