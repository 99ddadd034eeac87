//! The terminal, the Events, the documents.

use apimachinery::Lang;

use super::{LANGUAGES, has, in_language, names, text};
use crate::regions::{EditorAction, Jump, LowerTab, TerminalAction, TimeAction};
use crate::stories::Visit;

/// What the terminal's log shows.
fn log(html: &str) -> String {
    let log = html.split("role=\"log\"").nth(1).and_then(|rest| rest.split("</div>").next());
    log.expect("the terminal is a log").to_owned()
}

#[test]
fn commands_answers_and_errors_are_told_apart() {
    let mut visit = Visit::with_web();
    visit.command("kubectl get sts -o name").command("kubectl get nobody");
    for (lang, name) in LANGUAGES.into_iter().zip(["Terminal output", "终端输出"]) {
        let html = in_language(&mut visit, lang);
        assert!(has(&names(&html, "log"), name));
        let log = log(&html);
        assert!(log.contains("<pre class=\"cmd\"><span class=\"ps\">$ </span>kubectl get sts -o name</pre>"));
        assert!(
            log.contains("<pre>statefulset.apps&#x2F;web\n</pre>")
                || log.contains("<pre>statefulset.apps/web\n</pre>")
        );
        let error = log.split("<pre class=\"er\">").nth(1).expect("an error");
        assert!(error.contains("the server doesn"), "kubectl's own words in every language: {error}");
    }
}

#[test]
fn the_line_says_what_it_is_for() {
    let mut visit = Visit::with_web();
    let hint = |html: &str| {
        super::attribute(html.split("id=\"terminal-input\"").nth(1).expect("the line"), "placeholder")
    };
    for (lang, said) in LANGUAGES.into_iter().zip(["kubectl, nslookup, help", "kubectl、nslookup、help"]) {
        assert_eq!(hint(&in_language(&mut visit, lang)).as_deref(), Some(said));
    }
    visit.command("kubectl get pods -w");
    assert_eq!(hint(&in_language(&mut visit, Lang::En)).as_deref(), Some("running, Ctrl-C ends it"));
    visit.act(TerminalAction::Interrupt).command("kubectl edit sts web");
    assert!(
        hint(&in_language(&mut visit, Lang::ZhCn)).is_some_and(|said| said.starts_with("kubectl edit 在等"))
    );
}

#[test]
fn a_search_shows_what_it_found() {
    let mut visit = Visit::with_web();
    visit
        .command("kubectl get pods")
        .act(TerminalAction::Search)
        .act(TerminalAction::Line("pods".to_owned()));
    assert!(text(&in_language(&mut visit, Lang::En)).contains("(reverse-i-search) kubectl get pods"));
}

#[test]
fn the_past_is_said_before_one_types() {
    let mut visit = Visit::with_web();
    visit.act(TimeAction::Jump(Jump::Start));
    let hints = ["This is the past. Acting here starts a branch", "这是过去。在这里操作会另起一条分支"];
    for (lang, said) in LANGUAGES.into_iter().zip(hints) {
        let html = in_language(&mut visit, lang);
        let term = html.split("class=\"term wraps\"").nth(1).expect("the terminal");
        assert!(
            text(term).contains(said) && text(&html).matches(said).count() == 2,
            "there and above the stage"
        );
    }
}

#[test]
fn events_are_kubernetes_words_with_their_object_and_count() {
    let mut visit = Visit::with_web();
    visit.act(TerminalAction::Tab(LowerTab::Events));
    for (lang, name) in LANGUAGES.into_iter().zip(["Events", "事件"]) {
        let html = in_language(&mut visit, lang);
        let list = html.split("<ol ").nth(1).expect("a list");
        assert!(list.contains(&format!("aria-label=\"{name}\"")));
        let said = text(list);
        assert!(said.contains("SuccessfulCreate") && said.contains("statefulset/web"), "{said}");
        assert!(said.to_lowercase().contains("create pod web-0 in statefulset web successful"));
    }
    let count = format!("<span class=\"mono\">{}</span>", visit.model.shown.events);
    assert!(in_language(&mut visit, Lang::En).contains(&count));
}

#[test]
fn a_mistake_in_the_text_is_a_line_with_the_servers_words() {
    let mut visit = Visit::with_web();
    visit
        .act(EditorAction::Edit(visit.text().replace("replicas: 3", "replica: 3")))
        .act(EditorAction::Diagnose);
    for (lang, counted) in LANGUAGES.into_iter().zip(["1 problem", "1 个问题"]) {
        let html = in_language(&mut visit, lang);
        let said = text(&html);
        assert!(said.contains(counted) && said.contains("unknown field \"spec.replica\""), "{said}");
    }
    assert!(
        in_language(&mut visit, Lang::En).contains("class=\"dot\""),
        "the tab says that it is not applied"
    );
}
