//! The timeline.

use apimachinery::Lang;

use super::{LANGUAGES, attribute, has, in_language, names, text};
use crate::regions::{EditorAction, Jump, StageAction, TimeAction};
use crate::stories::{Visit, pod};
use crate::words::clock;

#[test]
fn a_life_is_a_list_of_words_with_times() {
    let mut visit = Visit::with_web();
    let images = names(&in_language(&mut visit, Lang::En), "img");
    for ordinal in 0..3 {
        let life = images.iter().find(|name| name.starts_with(&format!("web-{ordinal}: ")));
        let life = life.unwrap_or_else(|| panic!("web-{ordinal} has no ribbon: {images:?}"));
        let order = ["Pending 0:", "ContainerCreating 0:", "Ready 0:"].map(|word| life.find(word));
        assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{life}");
    }
}

#[test]
fn deeds_are_flags_and_are_counted() {
    let mut visit = Visit::with_web();
    for (lang, counted) in LANGUAGES.into_iter().zip([" decisions, 2 inputs", " 个决定，2 次操作"]) {
        let html = in_language(&mut visit, lang);
        assert!(has(&names(&html, "img"), "0:00.0 apply web.yaml"));
        assert!(
            text(&html).contains(&format!("{}{counted}", visit.model.shown.decisions)),
            "{}",
            text(&html)
        );
    }
}

#[test]
fn the_cursor_is_a_slider_at_the_moment_on_stage() {
    let mut visit = Visit::with_web();
    visit.act(TimeAction::Jump(Jump::To(12_300_000)));
    for (lang, name, past) in [(Lang::En, "Timeline", "Back to now"), (Lang::ZhCn, "时间线", "回到现在")]
    {
        let html = in_language(&mut visit, lang);
        let slider = html.split('<').find(|e| e.contains("role=\"slider\"") && e.contains("class=\"cursor"));
        let slider = slider.expect("a cursor");
        assert_eq!(attribute(slider, "aria-valuetext"), Some("0:12.3".to_owned()));
        assert_eq!(attribute(slider, "aria-label"), Some(name.to_owned()));
        assert!(text(&html).contains(past));
    }
}

#[test]
fn ticks_stand_under_the_selected_life_only() {
    let mut visit = Visit::with_web();
    visit.frame();
    let ticks = |html: &str| {
        let lanes = html.split("<g role=\"img\"").filter(|lane| lane.contains("class=\"lane\""));
        lanes
            .map(|lane| lane.split("class=\"lane\"").nth(1).is_some_and(|l| l.contains("class=\"tick\"")))
            .collect()
    };
    let none: Vec<bool> = ticks(&in_language(&mut visit, Lang::En));
    assert!(none.iter().take(2).all(|has| !has), "{none:?}");
    visit.act(StageAction::Select(Some(pod("web-0")))).frame();
    let some: Vec<bool> = ticks(&in_language(&mut visit, Lang::En));
    assert_eq!(some.get(..2), Some(&[true, false][..]));
}

#[test]
fn what_lies_ahead_is_drawn_and_said_to_be_a_forecast() {
    let mut visit = Visit::started();
    visit.act(EditorAction::Apply);
    visit.mend(0).frame();
    assert!(visit.model.shown.timeline.head < 1_000_000);
    for (lang, said) in
        LANGUAGES.into_iter().zip(["forecast: what happens if you do nothing", "预测：什么都不做会怎样"])
    {
        let html = in_language(&mut visit, lang);
        let future = html.split("class=\"future\"").nth(1).expect("what lies ahead");
        assert!(future.contains("fill=\"url(#rA)\""), "the Pods will be Ready");
        let lanes: Vec<&str> =
            html.split("class=\"lane\">").skip(1).filter_map(|l| l.split('<').next()).collect();
        assert_eq!(lanes, ["web-0", "web-1", "web-2"]);
        assert!(text(&html).contains(said));
    }
}

#[test]
fn the_ribbon_of_a_life_ends_where_the_next_piece_begins() {
    let mut visit = Visit::with_web();
    visit.command("kubectl delete pod web-2 --wait=false").pass(40);
    let life = &visit.model.shown.timeline.ribbons.get(2).expect("web-2").clone();
    let said = names(&in_language(&mut visit, Lang::En), "img");
    let said = said.iter().find(|name| name.starts_with("web-2: ")).expect("its ribbon");
    for segment in &life.ribbon.segments {
        assert!(said.contains(&clock(segment.from_micros)), "{said}");
    }
    assert!(said.contains("Terminating"));
}

#[test]
fn a_branch_that_was_left_is_a_tab() {
    let mut visit = Visit::with_web();
    visit.act(TimeAction::Jump(Jump::To(1_000_000))).command("kubectl scale sts web --replicas=1");
    for (lang, group) in LANGUAGES.into_iter().zip(["Branches", "分支"]) {
        let html = in_language(&mut visit, lang);
        assert!(has(&names(&html, "group"), group));
        assert!(text(&html).contains("apply my-storage-class.yaml"));
    }
}
