//! The page as it stands: regions and what goes into them.

use std::rc::Rc;

use api::{Key, Kind};
use apimachinery::Time;
use apimachinery::value::ValueExt;
use session::Why;
use yew::{Callback, Html, html};

use crate::action::{Action, Jump, LowerTab, Region};
use crate::app::App;
use crate::components::editor_pane::EditorPane;
use crate::components::events_pane::EventsPane;
use crate::components::first_run::FirstRun;
use crate::components::keys_dialog::KeysDialog;
use crate::components::missing_bar::MissingBar;
use crate::components::other_pods::OtherPods;
use crate::components::recording_bar::RecordingBar;
use crate::components::set_line::SetLine;
use crate::components::stage::Stage;
use crate::components::tabs::Tabs;
use crate::components::terminal_pane::TerminalPane;
use crate::components::timeline::Timeline;
use crate::components::top_bar::TopBar;
use crate::components::why_panel::{Deed, WhyPanel};
use crate::defs::defs;
use crate::view::{EventRow, FaultChoice, Frame};
use crate::visit::Stand;

impl App {
    /// The whole page.
    pub(crate) fn draw(&self, on_action: &Callback<Action>) -> Html {
        let words = self.words();
        let frame = Frame {
            lang: self.lang,
            words,
            selected: self.selected.clone(),
            now: self.session.since_start(self.session.now()),
            origin: self.session.timeline().origin(),
        };
        let why = self.why();
        html! {
            <>
                {defs()}
                <a class="skip" href="#stage">{words.skip_to_stage}</a>
                <main class="wb" data-region={self.region.name()}>
                    <TopBar {words} example={self.visit.is_none().then_some(self.example)} on_action={on_action.clone()} />
                    {self.left(on_action)}
                    {self.middle(&frame, why.as_ref(), on_action)}
                    <WhyPanel frame={frame.clone()} {why}
                        deeds={self.deeds()} on_action={on_action.clone()} />
                    <Timeline frame={frame} view={self.timeline.clone()} playing={self.playing} speed={self.speed}
                        decisions={self.session.decisions()} in_past={self.session.in_past()}
                        branches={self.session.branches().iter().map(|b| b.name.clone()).collect::<Vec<_>>()}
                        width={self.lanes_width} on_action={on_action.clone()} />
                    <Tabs {words} region={self.region} on_action={on_action.clone()} />
                </main>
                <p class="vh" role="status">{self.announcement.text.clone()}</p>
                <KeysDialog {words} open={self.keys_open} on_action={on_action.clone()} />
            </>
        }
    }

    /// Why the selected object, or whatever is stuck most, waits.
    fn why(&self) -> Option<Why> {
        if self.session.is_vacant() {
            return None;
        }
        self.session.why(self.selected.as_ref(), self.lang)
    }

    fn left(&self, on_action: &Callback<Action>) -> Html {
        let words = self.words();
        let documents = &self.session.documents;
        let tabs: Vec<(String, bool)> = documents
            .all
            .iter()
            .map(|d| (d.name.clone(), d.applied.as_ref().is_some_and(|applied| *applied != d.text)))
            .collect();
        let changed = documents.current().map_or(0, |d| d.changed_lines().len());
        let events = self.events();
        let tab = |tab: LowerTab, label: Html| {
            let on = self.lower == tab;
            let on_action = on_action.clone();
            let onclick = Callback::from(move |_: yew::MouseEvent| on_action.emit(Action::LowerTab(tab)));
            html! { <button class={if on { "tab on" } else { "tab" }} aria-pressed={on.to_string()} {onclick}>{label}</button> }
        };
        html! {
            <section class="left" tabindex="-1" aria-label={words.manifests}>
                <EditorPane {words} {tabs} open={documents.open} problems={self.problems.clone()} {changed} unkept={self.unkept}
                    place={self.place.clone()} on_action={on_action.clone()} />
                <div class="pane lower">
                    <div class="pane-h">
                        {tab(LowerTab::Terminal, html! { {words.terminal} })}
                        {tab(LowerTab::Events, html! { <>{words.events}{" "}<span class="mono">{events.len()}</span></> })}
                        <span class="sp"></span><span class="note">{"kubectl 1.36"}</span>
                    </div>
                    {match self.lower {
                        LowerTab::Terminal => self.terminal(on_action),
                        LowerTab::Events => html! { <EventsPane {words} rows={Rc::new(events)} /> },
                    }}
                </div>
            </section>
        }
    }

    fn terminal(&self, on_action: &Callback<Action>) -> Html {
        let terminal = &self.session.terminal;
        html! {
            <TerminalPane words={self.words()} entries={Rc::new(terminal.entries().to_vec())}
                prompt={self.prompt.clone()} running={terminal.is_running()} asks={terminal.prompt().map(str::to_owned)} editing={terminal.document().is_some()}
                in_past={self.session.in_past()} on_action={on_action.clone()} />
        }
    }

    fn middle(&self, frame: &Frame, why: Option<&Why>, on_action: &Callback<Action>) -> Html {
        let words = self.words();
        let scene = &self.scene.0;
        let document = self.session.documents.current().map_or_else(String::new, |d| d.name.clone());
        let open_why = {
            let on_action = on_action.clone();
            Callback::from(move |_: yew::MouseEvent| on_action.emit(Action::Region(Region::Why)))
        };
        html! {
            <section class="stagebox" id="stage" tabindex="-1" aria-label={words.stage}>
                {self.visit.as_ref().map(|visit| {
                    let at = match &visit.stand {
                        Stand::Shown(shown) => shown.at(self.session.now()),
                        Stand::Loading | Stand::Missing => 0,
                    };
                    html! { <RecordingBar key="recording" {words} stand={visit.stand.clone()} {at} on_action={on_action.clone()} /> }
                })}
                {self.arrival.failed.as_ref().map(|(part, reason)| {
                    let (on_action, part) = (on_action.clone(), *part);
                    let onclick = Callback::from(move |_: yew::MouseEvent| on_action.emit(Action::FetchAgain(part)));
                    html! {
                        <div class="bar missing" key="part" role="alert">
                            <span>{words.part_missing}{" "}{reason}</span><span class="sp"></span>
                            <button class="btn" {onclick}>{words.try_again}</button>
                        </div>
                    }
                })}
                <SetLine key="set" {words} sets={scene.sets.clone()} at={self.set} on_action={on_action.clone()} />
                {(self.session.in_past() && self.visit.is_none()).then(|| {
                    let on_action = on_action.clone();
                    let onclick = Callback::from(move |_: yew::MouseEvent| on_action.emit(Action::Jump(Jump::Now)));
                    html! {
                        <div class="bar past" key="past" role="status">
                            <span>{words.past_hint}</span><button class="btn narrow" {onclick}>{words.to_now}</button>
                        </div>
                    }
                })}
                {why.map(|why| html! {
                    <div class="mwhy" key="why"><h2>{&why.sentence}</h2><p>{&why.rule}</p><button class="mlink" onclick={open_why}>{words.why}</button></div>
                })}
                {(!scene.missing.is_empty()).then(|| html! { <MissingBar key="missing" {words} missing={scene.missing.clone()} on_action={on_action.clone()} /> })}
                {if scene.sets.is_empty() && scene.other_pods.is_empty() {
                    html! { <FirstRun key="first" {words} {document} asked={self.asked.clone()} strayed={self.has_strayed()} on_action={on_action.clone()} /> }
                } else {
                    html! {
                        <div class="scroll" key="stage">
                            <Stage frame={frame.clone()} scene={self.scene.clone()} set={self.set} draft={self.draft()} width={self.stage_width}
                                clock={self.clock} animate={self.animates()} pills={self.pills.clone()} on_action={on_action.clone()} />
                            <OtherPods frame={frame.clone()} scene={self.scene.clone()} on_action={on_action.clone()} />
                        </div>
                    }
                }}
            </section>
        }
    }

    /// The partition that is typed for the set on stage, but not applied.
    fn draft(&self) -> Option<i64> {
        let set = self.scene.0.sets.get(self.set)?;
        self.drafts.iter().find(|(key, _)| *key == set.key).map(|(_, partition)| *partition)
    }

    /// Whether the editor holds something else than note 003.
    fn has_strayed(&self) -> bool {
        let note = session::examples::EXAMPLES.first().and_then(|example| example.files.first());
        self.session.documents.current().is_some_and(|d| Some(d.text.as_str()) != note.map(|(_, text)| *text))
    }

    /// The Events at the moment on stage, newest first.
    fn events(&self) -> Vec<EventRow> {
        if self.session.is_vacant() {
            return Vec::new();
        }
        let cluster = self.session.cluster();
        let mut rows: Vec<EventRow> = cluster
            .store()
            .list(Kind::Event, "")
            .map(|event| {
                let text = |name: &str| event.field(name).as_str().unwrap_or("").to_owned();
                let at = Time::parse_rfc3339(&text("lastTimestamp")).or(event.metadata.creation_timestamp);
                let object = event.field("involvedObject");
                EventRow {
                    name: event.metadata.name.clone(),
                    at: at.map_or(0, |at| self.session.since_start(at).max(0)),
                    warning: text("type") == "Warning",
                    reason: text("reason"),
                    object: format!(
                        "{}/{}",
                        object.str_at(&["kind"]).to_ascii_lowercase(),
                        object.str_at(&["name"])
                    ),
                    message: text("message"),
                    count: event.field("count").as_i64().unwrap_or(1),
                }
            })
            .collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.at));
        rows
    }

    /// What can be done with the selected object.
    fn deeds(&self) -> Vec<(&'static str, Deed)> {
        let words = self.words();
        let Some(key) = &self.selected else { return Vec::new() };
        let cluster = self.session.cluster();
        let Some(object) = cluster.store().get(key) else { return Vec::new() };
        let name = &key.name;
        let command = |text: String| Deed::Command(text);
        match key.kind {
            Kind::Pod => {
                let mut deeds = vec![
                    (words.describe, command(format!("kubectl describe pod {name}"))),
                    (words.delete_pod, command(format!("kubectl delete pod {name} --wait=false"))),
                    (words.crash, Deed::Fault(FaultChoice::Crash(key.clone()))),
                ];
                let forced = self.is_forced_unready(key);
                let label = if forced { words.regain_readiness } else { words.lose_readiness };
                deeds.push((label, Deed::Fault(FaultChoice::Ready(key.clone(), forced))));
                deeds.extend(self.image_deeds(object));
                deeds
            }
            Kind::PersistentVolumeClaim => vec![
                (words.describe, command(format!("kubectl describe pvc {name}"))),
                (words.delete_claim, command(format!("kubectl delete pvc {name} --wait=false"))),
            ],
            Kind::StatefulSet => {
                let replicas = object.spec().i64_at(&["replicas"]).unwrap_or(1);
                vec![
                    (
                        words.scale_up,
                        command(format!("kubectl scale sts {name} --replicas={}", replicas + 1)),
                    ),
                    (
                        words.scale_down,
                        command(format!("kubectl scale sts {name} --replicas={}", (replicas - 1).max(0))),
                    ),
                    (words.restart_rollout, command(format!("kubectl rollout restart sts/{name}"))),
                    (words.describe, command(format!("kubectl describe sts {name}"))),
                ]
            }
            Kind::Node => self.node_deeds(key, object),
            _ => vec![(
                words.describe,
                command(format!("kubectl describe {} {name}", key.kind.info().singular)),
            )],
        }
    }

    fn node_deeds(&self, key: &Key, object: &api::Object) -> Vec<(&'static str, Deed)> {
        let words = self.words();
        let name = key.name.to_string();
        let powered = self.session.timeline().head().kubelet(&name).is_none_or(kubelet::Kubelet::has_power);
        let power = if powered {
            (words.power_off, Deed::Fault(FaultChoice::PowerOff(name.clone())))
        } else {
            (words.power_on, Deed::Fault(FaultChoice::PowerOn(name.clone())))
        };
        let cordon = if object.spec().bool_at(&["unschedulable"]) == Some(true) {
            (words.uncordon, Deed::Command(format!("kubectl uncordon {name}")))
        } else {
            (words.cordon, Deed::Command(format!("kubectl cordon {name}")))
        };
        vec![power, cordon, (words.describe, Deed::Command(format!("kubectl describe node {name}")))]
    }

    /// How the image of a Pod's first container can be made to behave.
    fn image_deeds(&self, pod: &api::Object) -> Vec<(&'static str, Deed)> {
        let words = self.words();
        let image =
            pod.spec().list_at(&["containers"]).first().map_or("", |c| c.str_at(&["image"])).to_owned();
        let node = api::core::Pod(pod).node_name();
        let kubelet = self.session.timeline().head().kubelet(node);
        let odd = kubelet.is_some_and(|k| k.image_behaviours().iter().any(|(name, _)| name == image));
        let choices: &[(&'static str, &'static str)] = if odd {
            &[(words.image_as_usual, "")]
        } else {
            &[
                (words.image_never_ready, "never-ready"),
                (words.image_crashes, "crashes-after=5s"),
                (words.image_slow, "ready-after=20s"),
            ]
        };
        choices
            .iter()
            .map(|(word, behaviour)| (*word, Deed::Fault(FaultChoice::Image(image.clone(), behaviour))))
            .collect()
    }

    fn is_forced_unready(&self, key: &Key) -> bool {
        let cluster = self.session.timeline().head();
        let node = cluster.store().get(key).map_or("", |pod| api::core::Pod(pod).node_name());
        cluster
            .kubelet(node)
            .and_then(|kubelet| kubelet.worker(&key.namespace, &key.name))
            .is_some_and(|worker| worker.forced_ready == Some(false))
    }
}
