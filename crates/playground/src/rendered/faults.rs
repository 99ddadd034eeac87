//! The menu of faults, and what is in force.

use session::faults::MENU;
use yew::Callback;

use super::{LANGUAGES, attribute, in_language, names, text};
use crate::components::faults::{Props, pressed};
use crate::fault_words;
use crate::regions::{FaultsAction, Mode, StageAction};
use crate::stories::Visit;

/// The menu's part of the page.
fn menu(html: &str) -> String {
    let mut dialogs = html.split("<dialog").skip(1).filter_map(|rest| rest.split("</dialog>").next());
    let is_menu = |dialog: &&str| dialog.split('>').next().is_some_and(|tag| tag.contains("class=\"faults"));
    dialogs.find(is_menu).expect("the menu is there").to_owned()
}

fn opened(mode: Mode) -> Visit {
    let mut visit = Visit::with_web();
    visit.act(StageAction::SelectOrdinal(1)).act(FaultsAction::Open(mode));
    visit
}

#[test]
fn every_fault_has_a_letter_of_its_own_and_words_in_both_languages() {
    let all: Vec<_> = MENU.iter().flat_map(|(_, all)| *all).map(|what| fault_words::of(*what)).collect();
    let mut letters: Vec<_> = all.iter().map(|words| words.letter).collect();
    letters.sort_unstable();
    letters.dedup();
    assert_eq!((letters.len(), all.len()), (20, 20));
    for lang in LANGUAGES {
        // A row is one line: `{}` stands for two digits or a node.
        assert!(all.iter().all(|words| words.does(lang).replace("{}", "node-3").chars().count() <= 36));
    }
}

#[test]
fn the_menu_names_its_target_and_has_a_row_for_each_fault() {
    let mut visit = opened(Mode::Menu);
    let words = [["Pod", "Control plane", "Ignore SIGTERM"], ["Pod", "控制平面", "无视 SIGTERM"]];
    for (lang, wanted) in LANGUAGES.into_iter().zip(words) {
        let html = menu(&in_language(&mut visit, lang));
        let said = text(&html);
        assert!(wanted.iter().all(|word| said.lines().any(|line| line == *word)), "{said}");
        assert!(["web-1", "www-web-1", "nginx:1.7.9"].iter().all(|name| said.contains(name)), "{said}");
        assert_eq!(html.matches("role=\"menuitem\"").count(), 20);
        let chosen = html.split("aria-pressed=\"true\"").nth(1).and_then(|rest| rest.split('<').next());
        assert!(chosen.is_some_and(|rest| rest.ends_with(">web-1")), "{chosen:?}");
    }
}

#[test]
fn a_letter_takes_its_row_in_the_menu_only() {
    for (mode, takes) in [(Mode::Menu, true), (Mode::Typing, false)] {
        let visit = opened(mode);
        let model = &visit.model;
        let props = Props {
            frame: model.frame(),
            mode,
            view: model.shown.faults.clone().expect("it is open"),
            in_force: model.shown.in_force.clone(),
            at: 0,
            tab: model.faults.tab,
            text: String::new(),
            refused: None,
            writes: true,
            on_action: Callback::noop(),
        };
        let action = pressed(&props, "p", false, false);
        assert_eq!(matches!(action, Some(FaultsAction::Take(_))), takes, "{action:?}");
        assert_eq!(pressed(&props, "ArrowRight", false, false).is_some(), takes);
        assert!(
            matches!(pressed(&props, "Enter", false, true), Some(FaultsAction::Write(_))),
            "Delete is a command"
        );
        assert_eq!(pressed(&props, "k", true, false), Some(FaultsAction::Open(Mode::Typing)));
    }
}

#[test]
fn what_is_in_force_is_counted_beside_the_set_and_listed_with_its_undo() {
    let mut visit = opened(Mode::Menu);
    let view = visit.model.shown.faults.clone().expect("it is open");
    let row = view.rows[2].1[0].way.clone().expect("a machine can be off");
    let node = view.target.node.clone().expect("web-1 is on a node").name;
    visit.act(FaultsAction::Take(row)).act(FaultsAction::List);
    let words = [["1 in force", "powered off", "Power on"], ["1 生效中", "已断电", "通电"]];
    for (lang, [count, is, undo]) in LANGUAGES.into_iter().zip(words) {
        let html = in_language(&mut visit, lang);
        assert!(text(&html).lines().any(|line| line == count));
        let list =
            html.split("class=\"inpop\"").nth(1).and_then(|rest| rest.split("</ul>").next()).expect("a list");
        let said = text(list);
        assert!(said.lines().any(|line| line == format!("{node} {is}")), "{said}");
        assert!(said.lines().any(|line| line == undo), "{said}");
        let button = html.split("<button").find(|tag| tag.contains("faults-btn"));
        let button = button.and_then(|tag| attribute(tag, "aria-label"));
        assert!(button.is_some_and(|name| name.contains('1')));
    }
    assert!(names(&in_language(&mut visit, LANGUAGES[0]), "group").contains(&"in force".to_owned()));
}
