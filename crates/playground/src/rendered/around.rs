//! The page around its regions: first run, the engine's arrival, links, recordings, what a place allows.

use apimachinery::Lang;

use session::script::Refused;

use super::{LANGUAGES, has, html, in_language, names, text};
use crate::model::Kept;
use crate::place::Chrome;
use crate::regions::page::{Copied, LinkProblem};
use crate::regions::{EditorAction, PageAction, RecordingAction};
use crate::stories::{ALL_HERE, Visit, not_here, surroundings};

fn at(fragment: &str, kept: Option<Kept>) -> Visit {
    Visit::of(surroundings(fragment, kept))
}

#[test]
fn before_the_first_apply_there_is_one_thing_to_press() {
    let mut visit = Visit::started();
    for (lang, said) in
        LANGUAGES.into_iter().zip(["asks for three Pods. Apply it and web-0 comes first.", "要 3 个 Pod。"])
    {
        let html = in_language(&mut visit, lang);
        assert!(text(&html).contains(said));
    }
    assert!(in_language(&mut visit, Lang::En).contains("Apply web.yaml"));
}

#[test]
fn who_waits_for_the_engine_is_told_where_they_look() {
    let mut visit = Visit::fresh();
    let coming = ["The simulator is on its way.", "模拟器还在加载"];
    for (lang, said) in LANGUAGES.into_iter().zip(coming) {
        assert!(!text(&in_language(&mut visit, lang)).contains(said), "nobody waits");
    }
    visit.act(EditorAction::Apply);
    for (lang, said) in LANGUAGES.into_iter().zip(coming) {
        let html = in_language(&mut visit, lang);
        assert_eq!(text(&html).matches(said).count(), 3, "above the stage, below the text, at the terminal");
    }
    visit.act(not_here());
    for (lang, again) in LANGUAGES.into_iter().zip(["Try again", "再试一次"]) {
        let html = in_language(&mut visit, lang);
        let bar = html.split("role=\"alert\"").nth(1).and_then(|rest| rest.split("</div>").next());
        assert!(bar.is_some_and(|bar| bar.contains(again)));
    }
}

#[test]
fn a_page_that_keeps_nothing_says_so() {
    let mut visit = at("", None);
    for (lang, said) in LANGUAGES.into_iter().zip(["Kept in this tab only", "内容只保留在这个标签页里"])
    {
        assert!(text(&in_language(&mut visit, lang)).contains(said));
    }
    assert!(!text(&html(&at("", Some(Kept::default())).model)).contains("Kept in this tab only"));
}

#[test]
fn a_link_is_copied_or_stands_there() {
    let mut visit = Visit::started();
    for (lang, name) in LANGUAGES.into_iter().zip(["Copy link to this moment", "复制此刻的链接"]) {
        let html = in_language(&mut visit, lang);
        assert!(names(&html, "").iter().filter(|label| *label == name).count() == 1, "a button");
        assert_eq!(text(&html).matches(name).count(), 1, "a row of the keyboard table");
    }
    visit.act(PageAction::LinkCopied(Copied::Done));
    for (lang, said) in LANGUAGES.into_iter().zip(["Link copied", "链接已复制"]) {
        assert!(text(&in_language(&mut visit, lang)).contains(said));
    }
    visit.act(PageAction::LinkCopied(Copied::Refused("https://host/lab/#s=abc".to_owned())));
    let html = in_language(&mut visit, Lang::En);
    let field = html.split('<').find(|element| element.contains("id=\"link-field\"")).expect("a field");
    assert!(super::plain(field).contains("https://host/lab/#s=abc") && field.contains("readonly"), "{field}");
}

#[test]
fn a_shared_session_says_what_it_is_and_where_home_is() {
    let mut visit = at("#s=x", Some(Kept::default()));
    assert!(text(&html(&visit.model)).contains("Opening the shared session"));
    visit.act(ALL_HERE);
    let problems = [
        (LinkProblem::Damaged, "damaged", "链接坏了"),
        (LinkProblem::TooLarge, "more than 1 MiB", "超过 1 MiB"),
        (LinkProblem::Refused(Refused::NoScript), "no script to open", "没有可以打开的脚本"),
        (LinkProblem::Refused(Refused::Newer), "later release", "更新的版本"),
        (LinkProblem::Unsupported, "cannot open such a link", "打不开这种链接"),
    ];
    for (problem, english, chinese) in problems {
        visit.act(PageAction::LinkOpened(Err(problem)));
        for (lang, said) in [(Lang::En, english), (Lang::ZhCn, chinese)] {
            let html = in_language(&mut visit, lang);
            let bar = html
                .split("role=\"alert\"")
                .nth(1)
                .and_then(|rest| rest.split("</div>").next())
                .expect("a bar");
            assert!(bar.contains(said) && bar.contains("href=\"#\""), "{bar}");
        }
    }
    let html = in_language(&mut visit, Lang::En);
    assert!(!text(&html).contains("Three in a row"), "one's own workspaces are at home");
}

#[test]
fn a_recording_that_is_not_there_says_so() {
    let mut visit = at("#/parity/nothing/0", Some(Kept::default()));
    assert!(text(&html(&visit.model)).contains("Loading the recording"));
    visit.act(ALL_HERE).act(RecordingAction::Arrived(None));
    for (lang, said) in LANGUAGES.into_iter().zip(["There is no such recording", "没有这份录制"]) {
        assert!(text(&in_language(&mut visit, lang)).contains(said));
    }
    assert!(!has(&names(&html(&visit.model), ""), "Copy link"));
}

#[test]
fn what_a_place_does_not_allow_is_not_drawn() {
    let mut visit = Visit::with_web();
    let regions = |visit: &Visit| {
        let html = html(&visit.model);
        [" class=\"top\"", "class=\"pane edit\"", "role=\"log\"", "class=\"tl\"", "btn primary"]
            .map(|part| html.contains(part))
    };
    assert_eq!(regions(&visit), [true; 5]);
    visit.model.allowed.editable = false;
    assert_eq!(regions(&visit), [true, true, true, true, false], "nothing to apply");
    let chrome = Chrome {
        top_bar: false,
        editor: false,
        terminal: false,
        timeline: false,
        ..visit.model.allowed.chrome
    };
    visit.model.allowed.chrome = chrome;
    assert_eq!(regions(&visit), [false; 5]);
    assert!(has(&names(&html(&visit.model), "button"), "Pod web-0"), "the stage is always there");
}
