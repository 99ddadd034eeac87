//! The page as it stands: regions and what goes into them.

use yew::{Callback, Html, NodeRef, html};

use crate::components::act;
use crate::components::bars;
use crate::components::editor_pane::EditorPane;
use crate::components::events_pane::EventsPane;
use crate::components::export_menu::ExportMenu;
use crate::components::faults_menu::FaultsMenu;
use crate::components::first_run::FirstRun;
use crate::components::gallery::Gallery;
use crate::components::grip::Grip;
use crate::components::in_force;
use crate::components::keys_dialog::KeysDialog;
use crate::components::missing_bar::MissingBar;
use crate::components::other_pods::OtherPods;
use crate::components::recording_bar::RecordingBar;
use crate::components::set_line::SetLine;
use crate::components::stage::Stage;
use crate::components::tabs::Tabs;
use crate::components::terminal_pane::TerminalPane;
use crate::components::timeline::Timeline;
use crate::components::top_bar::{SpacesView, TopBar};
use crate::components::undo_bar;
use crate::components::why_panel::WhyPanel;
use crate::defs::defs;
use crate::effect::Pane;
use crate::model::Model;
use crate::place::Place;
use crate::regions::spaces::{Over, State};
use crate::regions::{
    Action, LowerTab, PageAction, PanesAction, Region, TerminalAction, editor, stage, time,
};
use crate::view::{drifted, missing_count};

/// The whole page. `editor` is where CodeMirror goes.
pub fn page(model: &Model, editor: &NodeRef, on_action: &Callback<Action>) -> Html {
    let words = model.words();
    let chrome = model.allowed.chrome;
    html! {
        <>
            {defs()}
            <a class="skip" href="#stage">{words.skip_to_stage}</a>
            <main class="wb" data-region={model.page.region.name()}>
                {chrome.top_bar.then(|| html! {
                    <TopBar {words} spaces={chrome.spaces.then(|| spaces(model))} shared={model.allowed.shared}
                        in_force={model.shown.in_force.len()} faults_open={model.faults.open.is_some()}
                        on_action={on_action.clone()} />
                })}
                {(chrome.editor || chrome.terminal).then(|| left(model, editor, on_action))}
                {(chrome.editor || chrome.terminal).then(|| html! {
                    <Grip pane={Pane::Left} name={words.grip_left} size={model.panes.left} on_action={on_action.clone()} />
                })}
                {middle(model, on_action)}
                <WhyPanel {words} lang={model.page.lang} selected={model.stage.selected.clone()} why={model.shown.why.clone()}
                    offers={model.shown.offers.clone()} on_action={on_action.clone()} />
                {chrome.timeline.then(|| timeline(model, on_action))}
                <Tabs {words} region={model.page.region} on_action={on_action.clone()} />
                // Always a node each: one more or less would move those before it, and the editor must stay where it is.
                {if chrome.spaces && model.spaces.over == Over::Gallery { html! {
                    <Gallery words={model.words_of_spaces()} lang={model.page.lang} query={model.spaces.query.clone()}
                        gone={model.spaces.gone.clone()} on_action={on_action.clone()} />
                } } else { html! {} }}
                {if chrome.spaces && model.spaces.over == Over::Export { html! {
                    <ExportMenu words={model.words_of_spaces()} why={model.shown.why.is_some()} on_action={on_action.clone()} />
                } } else { html! {} }}
                {model.spaces.undo.as_ref().map(|undo| undo_bar::bar(model.words_of_spaces(), undo, on_action)).unwrap_or_default()}
                {model.page.copied.as_ref().map(|copied| bars::copied(words, model.words_of_spaces(), copied, on_action)).unwrap_or_default()}
            </main>
            <p class="vh" role="status">{model.page.announcement.clone()}</p>
            {faults(model, on_action)}
            <KeysDialog {words} open={model.page.keys_open} on_action={on_action.clone()} />
        </>
    }
}

fn timeline(model: &Model, on_action: &Callback<Action>) -> Html {
    let shown = &model.shown;
    html! {
        <Timeline frame={model.frame()} view={shown.timeline.clone()} playing={model.time.playing} speed={model.time.speed}
            pace={time::told_pace(&model.time)} decisions={shown.decisions} in_past={shown.in_past} branches={shown.branches.clone()}
            window={model.time.window} width={model.time.lanes_width} on_action={on_action.clone()} />
    }
}

fn left(model: &Model, editor: &NodeRef, on_action: &Callback<Action>) -> Html {
    let (words, chrome) = (model.words(), model.allowed.chrome);
    let editor::State { tabs, problems, changed, .. } = &model.editor;
    html! {
        <section class="left" tabindex="-1" aria-label={words.manifests}>
            {chrome.editor.then(|| html! {
                <EditorPane {words} tabs={tabs.clone()} open={model.session.documents.open} problems={problems.clone()}
                    lang={model.page.lang} changed={*changed} drift={drifted(&model.editor.drift)} missing={missing_count(&model.shown.missing)} unkept={!model.page.unkept.is_empty()} notice={model.notice()}
                    editable={model.allowed.editable} place={editor.clone()} on_action={on_action.clone()} />
            })}
            {(chrome.editor && chrome.terminal).then(|| html! {
                <Grip key="grip" pane={Pane::Lower} name={words.grip_lower} size={model.panes.lower} on_action={on_action.clone()} />
            })}
            {chrome.terminal.then(|| lower(model, on_action))}
        </section>
    }
}

/// The terminal and the Events.
fn lower(model: &Model, on_action: &Callback<Action>) -> Html {
    let (words, shown) = (model.words(), &model.shown);
    let tab = |tab: LowerTab, label: Html| {
        let on = model.terminal.tab == tab;
        let onclick = act(on_action, TerminalAction::Tab(tab));
        html! { <button class={if on { "tab on" } else { "tab" }} aria-pressed={on.to_string()} {onclick}>{label}</button> }
    };
    html! {
        <div class="pane lower">
            <div class="pane-h">
                {tab(LowerTab::Terminal, html! { {words.terminal} })}
                {tab(LowerTab::Events, html! { <>{words.events}{" "}<span class="mono">{shown.events}</span></> })}
                <span class="sp"></span>
                <button class={if model.panes.wraps { "btn quiet on" } else { "btn quiet" }} aria-pressed={model.panes.wraps.to_string()}
                    onclick={act(on_action, PanesAction::Wrap)}>{words.wrap}</button>
                <span class="note">{"kubectl 1.36"}</span>
            </div>
            {match model.terminal.tab {
                LowerTab::Terminal => html! {
                    <TerminalPane {words} entries={shown.entries.clone()} prompt={model.terminal.prompt.clone()} wraps={model.panes.wraps}
                        running={shown.running.clone()} notice={model.notice()} in_past={shown.in_past} on_action={on_action.clone()} />
                },
                LowerTab::Events => html! { <EventsPane {words} rows={shown.rows.clone()} /> },
            }}
        </div>
    }
}

fn middle(model: &Model, on_action: &Callback<Action>) -> Html {
    let (words, shown) = (model.words(), &model.shown);
    let (scene, at) = (&shown.scene, model.stage.set);
    html! {
        <section class="stagebox" id="stage" tabindex="-1" aria-label={words.stage}>
            {place(model, on_action)}
            {bars::engine(words, model.notice(), model.missing.as_ref().map(|(_, why)| why.as_str()), on_action)}
            {model.spaces.said.as_ref().map(|said| bars::said(model.words_of_spaces(), said, on_action))}
            {model.spaces.on_stage().is_some_and(|space| space.doubted).then(|| bars::doubted(model.words_of_spaces(), on_action))}
            <SetLine key="set" {words} scene={scene.clone()} {at} in_force={in_force(model, on_action)} on_action={on_action.clone()} />
            {(shown.in_past && model.allowed.chrome.past_hint).then(|| bars::past(words, on_action))}
            {shown.why.as_ref().map(|why| html! {
                <div class="mwhy" key="why"><h2>{&why.sentence}</h2><p>{&why.rule}</p>
                    <button class="mlink" onclick={act(on_action, PageAction::Region(Region::Why))}>{words.why}</button></div>
            })}
            {(!shown.missing.is_empty()).then(|| html! {
                <MissingBar key="missing" lang={model.page.lang} {words} missing={shown.missing.clone()}
                    dismissed={model.stage.dismissed.clone()} editable={model.allowed.editable} on_action={on_action.clone()} />
            })}
            {if scene.sets.is_empty() && scene.other_pods.is_empty() && scene.loose_claims.is_empty() {
                html! {
                    <>
                        <FirstRun key="first" {words} document={editor::label(model)} asked={model.editor.asked.clone()}
                            strayed={model.editor.strayed} on_action={on_action.clone()} />
                        <OtherPods key="beside" {words} scene={scene.clone()} selected={model.stage.selected.clone()} on_action={on_action.clone()} />
                    </>
                }
            } else {
                html! {
                    <div class="scroll" key="stage">
                        <Stage frame={model.frame()} scene={scene.clone()} set={at} draft={stage::draft(model)} room={(model.stage.width, model.stage.height)}
                            clock={model.time.clock} animate={model.animates()} pills={model.time.pills.clone()} on_action={on_action.clone()} />
                        <OtherPods {words} scene={scene.clone()} selected={model.stage.selected.clone()} on_action={on_action.clone()} />
                    </div>
                }
            }}
        </section>
    }
}

/// What the top bar shows of workspaces.
fn spaces(model: &Model) -> SpacesView {
    let State { tabs, over, .. } = &model.spaces;
    SpacesView { words: model.words_of_spaces(), tabs: tabs.clone(), over: *over }
}

/// How many faults are in force, and which. Of a page without a cluster nothing is known.
fn in_force(model: &Model, on_action: &Callback<Action>) -> Html {
    if model.shown.in_force.is_empty() {
        return html! {};
    }
    in_force::in_force(&model.frame(), &model.shown.in_force, model.faults.lists, on_action)
}

/// The menu of faults, while it is open.
fn faults(model: &Model, on_action: &Callback<Action>) -> Html {
    let (Some(mode), Some(view)) = (model.faults.open, &model.shown.faults) else { return html! {} };
    let state = &model.faults;
    let refused = state.refused.as_ref().map(|refusal| refusal.sentence(model.page.lang));
    html! {
        <FaultsMenu frame={model.frame()} {mode} view={view.clone()} in_force={model.shown.in_force.clone()} at={state.at} tab={state.tab}
            text={state.text.clone()} {refused} writes={model.allowed.chrome.terminal} on_action={on_action.clone()} />
    }
}

/// Where one is, if it is not one's own session.
fn place(model: &Model, on_action: &Callback<Action>) -> Html {
    let words = model.words();
    match &model.place {
        Place::Laboratory => html! {},
        Place::SharedLink { .. } => bars::shared(words, model.page.lang, &model.page.opening),
        Place::Recording { .. } => html! {
            <RecordingBar key="recording" {words} stand={model.recording.stand.clone()} at={model.recording.at} on_action={on_action.clone()} />
        },
    }
}
