//! The browser: everything that is not drawing. Nothing outside of this folder names `web_sys` or `gloo`.
//!
//! [`Platform`] carries out what `update` asks for, and hands on what the browser tells.

pub mod dom;
mod editor;
pub mod engine;
mod files;
mod frames;
mod keys;
mod link;
pub mod panic;
mod recordings;
mod storage;
pub mod wheel;

use apimachinery::Lang;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, NodeRef};

use crate::effect::{Effect, Effects, Pane, Spot, Stored, Timer};
use crate::model::{Model, Surroundings};
use crate::place::Place;
use crate::regions;
use crate::regions::{Action, EditorAction, PageAction, RecordingAction, SpacesAction, TimeAction};
use crate::space::Texts;
use crate::words::tag;
use editor::{Editor, Start};

/// Something asked of the browser; dropping it takes it back.
pub type Guard = Box<dyn std::any::Any>;

/// The regions that F6 goes through, in order.
const REGIONS: [&str; 4] = [".left", "#stage", ".side", ".tl"];

/// The browser, as the page uses it.
pub struct Platform {
    /// Where what comes of an effect goes.
    answers: Callback<Action>,
    editor: Option<Editor>,
    next_frame: Option<Guard>,
    /// A choice of files that is under way.
    picking: Option<Guard>,
    timers: Vec<(Timer, Guard)>,
    /// Where the focus goes once the page is drawn.
    focus: Option<Spot>,
    /// The column that was brought into sight last, and where the stage was scrolled to.
    followed: Option<(String, i32)>,
    /// What had the focus when the page was drawn last, and in which region.
    focused: Option<(web_sys::Element, &'static str)>,
    /// What could not be kept, as far as the page has been told.
    unkept: Vec<Stored>,
    /// What is listened to as long as the page is there.
    listening: Vec<Guard>,
}

impl std::fmt::Debug for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Platform").finish_non_exhaustive()
    }
}

impl Platform {
    /// Begins to listen to the browser.
    pub fn new(answers: Callback<Action>) -> Self {
        let on_press = answers.clone();
        let pressed = Callback::from(move |press| {
            let Some(action) = crate::keyboard::action_of(&press) else { return false };
            on_press.emit(action);
            true
        });
        let leave = answers.reform(|()| PageAction::Leave.into());
        let wishes = answers.reform(|wishes| PageAction::Wishes(wishes).into());
        let mut listening = vec![keys::listen(pressed), dom::on_leave(leave)];
        listening.extend(dom::on_wishes(&wishes));
        let changed = answers.reform(|(id, texts)| SpacesAction::Changed(id, texts).into());
        listening.push(storage::on_change(changed));
        listening.extend(files::on_drop(answers.reform(|files| SpacesAction::Files(files).into())));
        Self {
            answers,
            editor: None,
            next_frame: None,
            picking: None,
            timers: Vec::new(),
            focus: None,
            focused: None,
            followed: None,
            unkept: Vec::new(),
            listening,
        }
    }

    /// What the page finds where it opens.
    pub fn surroundings(&mut self) -> Surroundings {
        let kept = storage::kept();
        if kept.is_none() {
            self.unkept.push(Stored::Spaces);
        }
        Surroundings {
            place: Place::of(&dom::fragment()),
            lang: if dom::root_attribute("lang").starts_with("zh") { Lang::ZhCn } else { Lang::En },
            theme: dom::theme(),
            wishes: dom::wishes(),
            kept,
            watch: dom::watch,
            hour: dom::hour,
            visit: dom::visit(),
        }
    }

    /// Carries out what an action asks for, in its order.
    pub fn carry_out(&mut self, effects: Effects) {
        for effect in effects {
            self.carry(effect);
        }
    }

    fn carry(&mut self, effect: Effect) {
        match effect {
            Effect::OpenText { .. }
            | Effect::SetText(_)
            | Effect::Diagnostics(..)
            | Effect::ChangedLines(_)
            | Effect::Drift(_)
            | Effect::Show(..)
            | Effect::Reveal(..)
            | Effect::EditorTheme(_) => {
                if let Some(editor) = &self.editor {
                    editor.carry(effect);
                }
            }
            Effect::Focus(spot) => self.focus = Some(spot),
            Effect::PageTheme(theme) => dom::set_root_attribute("data-theme", theme.name()),
            Effect::Language(lang, label) => {
                dom::set_root_attribute("lang", tag(lang));
                panic::set_language(lang);
                if let Some(editor) = &self.editor {
                    editor.set_lang(tag(lang), &label);
                }
            }
            Effect::PaneSize(Pane::Left, px) => dom::set_size("--left-w", px),
            Effect::PaneSize(Pane::Lower, px) => dom::set_size("--lower-h", px),
            Effect::Title(title) => dom::set_title(title),
            Effect::Fragment(fragment) => dom::set_fragment(&fragment),
            Effect::Keep(stored, text) => self.told(stored, storage::keep(stored, &text)),
            Effect::Forget(stored) => self.told(stored, storage::forget(stored)),
            Effect::KeepSpace { id, was, now } => self.keep_space(id, &was, &now),
            Effect::ForgetSpace(id) => self.told(Stored::Spaces, storage::forget_space(&id)),
            Effect::PickFiles => {
                self.picking = files::pick(self.answers.reform(|files| SpacesAction::Files(files).into()));
            }
            Effect::ReadClipboard => {
                files::clipboard(self.answers.reform(|text| SpacesAction::Pasted(text).into()));
            }
            Effect::CopyText(text) => dom::copy(&text),
            Effect::Save(name, text) => drop(files::save(&name, &text)),
            Effect::FetchRecordings => {
                recordings::fetch(self.answers.reform(|all| RecordingAction::Arrived(all).into()));
            }
            Effect::Fetch(part, when) => {
                let told = self.answers.reform(move |outcome| match outcome {
                    Ok(()) => PageAction::Arrived(part).into(),
                    Err(reason) => PageAction::NotArrived(part, reason).into(),
                });
                engine::fetch(part, when, told);
            }
            Effect::NextFrame => {
                let frame = self.answers.reform(|millis| TimeAction::Frame(millis).into());
                self.next_frame = Some(frames::next(frame));
            }
            Effect::Later(timer, millis, action) => self.later(timer, millis, *action),
            Effect::OpenLink(payload) => self.open_link(payload),
            Effect::CopyLink(text) => self.copy_link(text),
            Effect::Report(report) => panic::set_report(report),
            Effect::ReportInputs(inputs) => panic::set_inputs(&inputs),
        }
    }

    fn keep_space(&mut self, id: String, was: &Texts, now: &Texts) {
        match storage::keep_space(&id, was, now) {
            storage::Outcome::Kept => self.told(Stored::Spaces, true),
            storage::Outcome::Unkept => self.told(Stored::Spaces, false),
            storage::Outcome::Refused(texts) => self.answers.emit(SpacesAction::Refused(id, texts).into()),
        }
    }

    fn open_link(&self, payload: String) {
        let answers = self.answers.clone();
        spawn_local(async move {
            answers.emit(PageAction::LinkOpened(link::open(&payload).await).into());
        });
    }

    fn copy_link(&self, text: String) {
        let answers = self.answers.clone();
        spawn_local(async move { answers.emit(PageAction::LinkCopied(link::copy(&text).await).into()) });
    }

    /// Tells whether something could be kept, if the page does not know yet.
    fn told(&mut self, stored: Stored, done: bool) {
        if self.unkept.contains(&stored) == done {
            self.unkept.retain(|one| *one != stored);
            self.unkept.extend((!done).then_some(stored));
            self.answers.emit(PageAction::Kept(stored, done).into());
        }
    }

    fn later(&mut self, timer: Timer, millis: u32, action: Action) {
        let answers = self.answers.clone();
        let guard = dom::after(millis, Callback::from(move |()| answers.emit(action.clone())));
        self.timers.retain(|(known, _)| *known != timer);
        self.timers.push((timer, guard));
    }

    /// Puts the editor into its place and measures the regions, once the page is drawn for the first time.
    pub fn mount(&mut self, place: &NodeRef, model: &Model) {
        let (text, label) = regions::editor::current(model);
        let start = Start {
            text: &text,
            label: &label,
            lang: tag(model.page.lang),
            dark: model.is_dark(),
            read_only: !model.allowed.editable,
        };
        let edit = self.answers.reform(|text| EditorAction::Edit(text).into());
        self.editor = Editor::new(place, start, edit, &self.answers);
        let answers = self.answers.clone();
        let measured = Callback::from(move |()| {
            let (stage, lanes) = (dom::stage_room(), dom::width_of(".tl"));
            answers.emit(PageAction::Resized { stage, lanes }.into());
        });
        self.listening.extend(dom::on_resize(&[".stagebox", ".tl"], measured));
    }

    /// What had the focus may be gone, as a button is that can no longer be pressed: its region has it then, so
    /// that a person with a keyboard goes on where they were.
    fn keep_focus(&mut self) {
        match dom::focused() {
            Some(element) => {
                let region = REGIONS.iter().find(|region| element.closest(region).ok().flatten().is_some());
                self.focused = region.map(|region| (element, *region));
            }
            None => {
                if let Some((_, region)) = self.focused.take_if(|(element, _)| !element.is_connected()) {
                    dom::focus_on(region);
                }
            }
        }
    }

    /// Does what had to wait until the page was drawn.
    pub fn drawn(&mut self) {
        dom::follow_acting(&mut self.followed);
        match self.focus.take() {
            None => self.keep_focus(),
            Some(Spot::TerminalLine) => dom::focus_on("#terminal-input"),
            Some(Spot::Selected) => dom::focus_on(r#".press[data-kind="pod"][aria-pressed="true"]"#),
            Some(Spot::Link) => dom::focus_on("#link-field"),
            Some(Spot::Gallery) => dom::focus_on("#gallery-search"),
            Some(Spot::Export) => dom::focus_on(".exppop button"),
            Some(Spot::SpaceName) => dom::focus_on("#space-name"),
            Some(Spot::Editor) => self.editor.iter().for_each(Editor::focus),
            Some(Spot::NextRegion) => dom::focus_next(&REGIONS, false),
            Some(Spot::PreviousRegion) => dom::focus_next(&REGIONS, true),
        }
    }
}
