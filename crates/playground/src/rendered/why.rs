//! The Why panel.

use apimachinery::Lang;

use super::{LANGUAGES, in_language, text};
use crate::regions::{EditorAction, StageAction};
use crate::stories::{Visit, pod};

/// The panel's part of the page.
fn panel(html: &str) -> String {
    let aside = html.split("<aside").nth(1).and_then(|rest| rest.split("</aside>").next());
    aside.expect("the panel is there").to_owned()
}

#[test]
fn the_sentence_the_rule_and_what_was_read_are_the_sessions() {
    let mut visit = Visit::started();
    visit.act(EditorAction::Apply).pass(5);
    for lang in LANGUAGES {
        let html = panel(&in_language(&mut visit, lang));
        let why = visit.model.session.why(None, lang).expect("web-0 waits for a claim");
        let said = text(&html);
        assert!(said.contains(&why.sentence) && said.contains(&why.rule), "{said}");
        assert!(!why.facts.is_empty() && why.facts.iter().all(|fact| said.contains(&fact.text)), "{said}");
        assert!(html.contains(&format!("href=\"{}\"", why.doc)));
    }
    let said = text(&panel(&in_language(&mut visit, Lang::ZhCn)));
    assert!(said.contains("控制器读到了什么") && said.contains("怎么走到这一步"));
}

#[test]
fn before_anything_was_applied_nothing_waits() {
    let mut visit = Visit::fresh();
    for (lang, said) in LANGUAGES.into_iter().zip(["Nothing is waiting.", "现在没有谁在等待。"]) {
        assert!(text(&panel(&in_language(&mut visit, lang))).contains(said));
    }
}

#[test]
fn what_can_be_done_with_the_selected_one_is_a_row_of_buttons() {
    let mut visit = Visit::with_web();
    visit.act(StageAction::Select(Some(pod("web-1"))));
    let words =
        [["Describe", "Delete", "Crash", "Lose readiness"], ["查看详情", "删除", "让它崩溃", "失去就绪"]];
    for (lang, wanted) in LANGUAGES.into_iter().zip(words) {
        let html = panel(&in_language(&mut visit, lang));
        let said = text(&html);
        assert!(wanted.iter().all(|word| said.lines().any(|line| line == *word)), "{said}");
        assert!(html.contains("title=\"kubectl delete pod web-1 --wait=false\""));
    }
    // The button's name has in it what one reads: the object that is selected.
    let said = text(&panel(&in_language(&mut visit, Lang::En)));
    assert!(said.contains("Clear the selection"), "{said}");
}

#[test]
fn what_nothing_would_end_is_marked() {
    let mut visit = Visit::started();
    visit.act(EditorAction::Apply).pass(20);
    for (lang, said) in
        LANGUAGES.into_iter().zip(["Stuck for good: nothing is due", "一直卡住：后面没有任何事件"])
    {
        let html = panel(&in_language(&mut visit, lang));
        assert!(html.contains("class=\"ans stuck\"") && text(&html).contains(said), "{html}");
        assert!(
            html.contains("<code>WaitsForClass</code>") || html.contains(">WaitsForClass<"),
            "the first cause"
        );
    }
}

#[test]
fn a_name_that_was_not_found_is_answered_at_once_and_until_somebody_goes_on() {
    let mut visit = Visit::with_web();
    visit.command("nslookup ngnix");
    for (lang, said) in LANGUAGES.into_iter().zip(["ngnix does not resolve", "ngnix 解析不了"]) {
        let html = panel(&in_language(&mut visit, lang));
        assert!(text(&html).contains(said) && html.contains("<code>nslookup nginx</code>"), "{html}");
    }
    visit.command("nslookup nginx");
    assert!(!text(&panel(&in_language(&mut visit, Lang::En))).contains("resolve"));
}

#[test]
fn a_way_out_is_offered_as_the_command_to_type() {
    let mut visit = Visit::with_web();
    visit.command("kubectl set image sts/web nginx=nginx:no-such-tag").pass(60);
    visit.command("kubectl rollout undo sts/web").pass(60);
    for (lang, word) in LANGUAGES.into_iter().zip(["Type", "输入"]) {
        let html = panel(&in_language(&mut visit, lang));
        assert!(
            html.contains("<code>kubectl delete pod web-2</code>") && text(&html).contains(word),
            "{html}"
        );
    }
}
