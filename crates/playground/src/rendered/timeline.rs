//! The timeline.

use apimachinery::Lang;
use cluster::Fault;
use session::offers::Way;

use super::{LANGUAGES, attribute, has, in_language, names, text};
use crate::regions::{EditorAction, Jump, PageAction, StageAction, TimeAction, WhyAction};
use crate::stories::{Visit, pod};
use crate::window::WindowAction;
use crate::words::clock;

#[test]
fn a_life_is_a_list_of_words_with_times() {
    let mut visit = Visit::with_web();
    visit.act(TimeAction::Window(WindowAction::Fit));
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
    visit.act(TimeAction::Window(WindowAction::Fit));
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
    visit.act(TimeAction::Window(WindowAction::Fit));
    let life = visit.model.shown.timeline.lanes.get(2).and_then(|lane| lane.life.clone()).expect("web-2");
    let said = names(&in_language(&mut visit, Lang::En), "img");
    let said = said.iter().find(|name| name.starts_with("web-2: ")).expect("its ribbon");
    // What is too short to be seen is not told either.
    let is_seen = |s: &&scene::Segment| s.until_micros.is_none_or(|until| until - s.from_micros > 100_000);
    for segment in life.segments.iter().filter(is_seen) {
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

/// The parts of the page that belong to a lane, by the Pod's name, forecast included.
fn lane_of(html: &str, pod: &str) -> String {
    let lane = html.split("<g role=\"img\"").find(|part| part.contains(&format!("\"{pod}: ")));
    lane.unwrap_or_else(|| panic!("no lane of {pod}")).to_owned()
}

#[test]
fn of_many_lanes_some_are_drawn_and_the_others_can_be_scrolled_to() {
    let mut visit = Visit::with_web();
    visit.command("kubectl scale sts web --replicas=24").pass(200);
    let drawn = |html: &str| -> Vec<String> {
        let lanes = html.split("class=\"lane\">").skip(1);
        lanes.filter_map(|lane| lane.split('<').next()).map(str::to_owned).collect()
    };
    for (lang, lanes, overview) in [(Lang::En, "Lanes", "Overview"), (Lang::ZhCn, "泳道", "总览")] {
        visit.act(TimeAction::Window(WindowAction::Lanes(0.0)));
        let html = in_language(&mut visit, lang);
        assert_eq!(drawn(&html).first().map(String::as_str), Some("web-0"));
        assert_eq!(drawn(&html).len(), 11, "ten and a cut one");
        assert!(has(&names(&html, "slider"), lanes) && has(&names(&html, "group"), overview));
        visit.act(TimeAction::Window(WindowAction::Lanes(24.0)));
        let html = in_language(&mut visit, lang);
        assert_eq!(drawn(&html).last().map(String::as_str), Some("web-23"));
        let ruler = html.split("class=\"rt\"").count();
        assert!(ruler > 5, "the ruler stays");
    }
}

#[test]
fn the_lane_whose_turn_it_is_stands_out_while_it_is_followed() {
    let mut visit = Visit::with_web();
    visit.command("kubectl scale sts web --replicas=16").pass(150);
    visit.command("kubectl set image sts/web nginx=nginx:1.25.3").pass(20);
    let html = in_language(&mut visit, Lang::En);
    let acting = html.split("class=\"lane lb\">").nth(1).and_then(|lane| lane.split('<').next());
    let scene = &visit.model.shown.scene;
    let set = scene.sets.first().expect("web");
    let beads = &set.order.as_ref().expect("an order").beads;
    let at = beads.iter().position(|bead| *bead == scene::Bead::Now).expect("one acts");
    assert_eq!(acting, set.columns.get(at).map(|column| column.name.as_str()));
    assert!(html.contains("class=\"nowlane\""));
}

#[test]
fn a_lost_pod_keeps_its_shape_hatched_to_the_end() {
    let mut visit = Visit::with_web();
    let node = visit.model.shown.scene.sets.first().and_then(|set| set.columns.get(1)?.pod.clone()?.node);
    let node = node.expect("web-1 is on a node");
    let way = Way::Fault(Fault::PowerOff { node: node.clone() }, format!("power off {node}"));
    visit.act(WhyAction::Take(way)).pass(20);
    let lane = lane_of(&in_language(&mut visit, Lang::En), "web-1");
    assert!(
        lane.contains("url(#hatchcut)") && !lane.contains("class=\"faded\""),
        "off, and nobody knows: {lane}"
    );
    assert!(lane.contains("(powered off, unnoticed)"));
    visit.pass(60);
    visit.act(TimeAction::Window(WindowAction::Fit));
    let lane = lane_of(&in_language(&mut visit, Lang::En), "web-1");
    assert!(
        lane.contains("class=\"faded\"") && lane.contains("eA dd") && lane.contains(">NotReady<"),
        "{lane}"
    );
    assert!(!lane.contains("tl-hollow"), "it keeps the shape that it had: {lane}");
    visit.pass(330);
    for (lang, said) in LANGUAGES.into_iter().zip(["deleted, cannot end", "已删除，但结束不了"]) {
        let lane = lane_of(&in_language(&mut visit, lang), "web-1");
        assert!(lane.contains(said) && !lane.contains("tl-term"), "{lane}");
    }
}

#[test]
fn claims_that_are_kept_are_a_line_until_they_are_deleted() {
    let mut visit = Visit::with_web();
    visit.command("kubectl scale sts web --replicas=2").pass(15);
    for (lang, said) in LANGUAGES.into_iter().zip(["www-web-2 kept", "www-web-2 保留"]) {
        let lane = lane_of(&in_language(&mut visit, lang), "web-2");
        assert!(lane.contains("class=\"tl-kept\"") && lane.contains(&format!(">{said}</text>")), "{lane}");
    }
    let kept = |visit: &Visit| {
        let life = visit.model.shown.timeline.lanes.get(2).and_then(|lane| lane.life.clone()).expect("web-2");
        life.kept.iter().map(|kept| kept.until_micros.is_some()).collect::<Vec<_>>()
    };
    assert_eq!(kept(&visit), [false]);
    visit.command("kubectl delete pvc www-web-2 --wait=false").pass(5);
    assert_eq!(kept(&visit), [true], "it ends with the claim");
    visit.command("kubectl scale sts web --replicas=3").pass(30);
    assert_eq!(kept(&visit), [true]);
}

#[test]
fn what_there_is_no_room_for_is_said_shorter_or_shown_as_a_tick() {
    let mut visit = Visit::with_web();
    visit.command("kubectl set image sts/web nginx=nginx:1.25.3").command("kubectl get pods").pass(60);
    let html = in_language(&mut visit, Lang::En);
    assert!(text(&html).contains("forecast: nothing changes"));
    visit
        .act(PageAction::Resized { stage: (390.0, 600.0), lanes: 390.0 })
        .act(TimeAction::Window(WindowAction::Fit));
    let html = in_language(&mut visit, Lang::En);
    let flags: Vec<&str> =
        html.split("<g role=\"img\"").filter(|part| part.contains("class=\"flag input\"")).collect();
    assert!(!flags.is_empty());
    for flag in flags {
        let said = attribute(flag, "aria-label").expect("its words");
        let whole = said.split_once(' ').map_or("", |(_, words)| words);
        let shown =
            flag.split("<text").nth(1).and_then(|t| t.split('>').nth(1)).and_then(|t| t.split('<').next());
        assert!(flag.contains("class=\"mark\"") || shown == Some(whole), "a whole text or none: {flag}");
    }
}

#[test]
fn the_window_has_buttons_with_names() {
    let mut visit = Visit::with_web();
    let named =
        [["Zoom", "Zoom out", "Zoom in", "Fit Z", "Follow"], ["缩放", "缩小", "放大", "全部 Z", "跟随"]];
    for (lang, [group, buttons @ ..]) in LANGUAGES.into_iter().zip(named) {
        let html = in_language(&mut visit, lang);
        assert!(has(&names(&html, "group"), group));
        for button in buttons {
            assert!(html.contains(&format!("aria-label=\"{button}\"")), "{button}");
        }
    }
    let html = in_language(&mut visit, Lang::En);
    assert!(html.contains("aria-pressed=\"true\" aria-label=\"Follow\""), "it follows from the start");
}
