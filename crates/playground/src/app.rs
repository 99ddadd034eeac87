//! The shell: one session, one state of the page, one place where actions happen.

use std::rc::Rc;
use std::time::Duration;

use api::Key;
use apimachinery::Lang;
use session::examples::EXAMPLES;
use session::{Diagnostic, Session};
use yew::{Callback, Component, Context, Html, NodeRef};

use crate::action::{Action, LowerTab, Region};
use crate::arrival::{self, Arrival};
use crate::platform::editor::{Editor, Start};
use crate::platform::engine::{Part, When};
use crate::platform::{Guard, dom, frames, keys, panic};
use crate::prompt::Prompt;
use crate::view::{Asked, Pill, SharedScene, TimelineView};
use crate::visit::Visit;
use crate::words::{Words, tag};

/// At most this much real time is caught up with in one frame: a hidden tab does not race on return.
const FRAME_MAX: f64 = 250.0;
/// A pill is kept this long, in milliseconds.
const PILL_LIFE: f64 = 600.0;
/// Pills in one column at once.
const PILLS_MAX: usize = 1;
/// Real milliseconds between two forecasts while time passes.
const FORECAST_EVERY: f64 = 400.0;
/// From one announcement to the next, in milliseconds.
const ANNOUNCE_EVERY: f64 = 1_000.0;

/// The page.
#[allow(clippy::struct_excessive_bools)] // each is a switch of its own
pub struct App {
    pub(crate) session: Session,
    pub(crate) arrival: Arrival,
    pub(crate) lang: Lang,
    pub(crate) playing: bool,
    pub(crate) speed: f64,
    pub(crate) selected: Option<Key>,
    pub(crate) set: usize,
    pub(crate) lower: LowerTab,
    pub(crate) region: Region,
    pub(crate) keys_open: bool,
    pub(crate) example: usize,
    /// What is wrong with the open document; not known before the engine has come.
    pub(crate) problems: Option<Vec<Diagnostic>>,
    /// What the open document asks for; not known before the engine has come.
    pub(crate) asked: Option<Asked>,
    /// A partition that is typed but not applied, by its set.
    pub(crate) drafts: Vec<(Key, i64)>,
    /// The line at the terminal.
    pub(crate) prompt: Prompt,
    /// Where the cursor goes once the page is drawn.
    pub(crate) focus_wanted: Option<&'static str>,
    /// The browser offers no storage.
    pub(crate) unkept: bool,
    pub(crate) scene: SharedScene,
    pub(crate) timeline: TimelineView,
    pub(crate) stage_width: f64,
    pub(crate) lanes_width: f64,
    pub(crate) place: NodeRef,
    pub(crate) editor: Option<Editor>,
    /// The page's clock at the last frame, in milliseconds.
    pub(crate) clock: f64,
    /// Requests on their way across the stage.
    pub(crate) pills: Rc<Vec<Pill>>,
    /// Records up to here have had their pills.
    piped: usize,
    /// Something still moves until then.
    moves_until: f64,
    /// The pointer drags the cursor through time: nothing is eased.
    pub(crate) scrubbing: bool,
    /// The recording on stage, in place of what the person did.
    pub(crate) visit: Option<Visit>,
    last_frame: Option<f64>,
    forecast_at: f64,
    forecast_of: u64,
    /// Whose decisions the timeline shows.
    decisions_of: Option<Key>,
    /// What screen readers are told.
    pub(crate) announcement: Announcement,
    next_frame: Option<Guard>,
    pub(crate) diagnose_later: Option<Guard>,
    resize: Option<Guard>,
    _leave: Guard,
    _keys: Guard,
}

/// What became of the cluster, for those who do not see it: read out when they have time.
#[derive(Debug, Default)]
pub(crate) struct Announcement {
    pub(crate) text: String,
    since: f64,
}

impl App {
    /// The texts of the language that is on.
    pub(crate) fn words(&self) -> &'static Words {
        Words::of(self.lang)
    }

    /// The open document's text and name.
    pub(crate) fn current_text(&self) -> (String, String) {
        self.session.documents.current().map_or_else(Default::default, |d| (d.text.clone(), d.name.clone()))
    }

    /// Starts the cluster and does again what was done in an earlier visit.
    pub(crate) fn start(&mut self) {
        self.session.start(session::laboratory());
        if self.visit.is_none() {
            self.resume();
        }
        self.diagnose();
    }

    /// Draws what the session holds now.
    fn refresh(&mut self) {
        self.scene = SharedScene(Rc::new(self.session.scene()));
        self.set = self.set.min(self.scene.0.sets.len().saturating_sub(1));
        self.timeline.ribbons = self.session.ribbons();
        self.timeline.flags =
            self.session.flags().iter().map(|f| (self.session.since_start(f.at), f.text.clone())).collect();
        self.timeline.head = self.session.since_start(self.session.timeline().head().now());
    }

    /// Looks ahead, and at what was decided about the selected object, if something has changed since the last
    /// time.
    fn look_around(&mut self, now: f64) {
        let revision = self.session.timeline().head().store().revision();
        let known = revision == self.forecast_of || (self.playing && now - self.forecast_at < FORECAST_EVERY);
        if !known || self.decisions_of != self.selected {
            self.decisions_of.clone_from(&self.selected);
            let decisions = self.selected.as_ref().map(|key| self.session.decisions_about(key));
            self.timeline.decisions = decisions.unwrap_or_default();
        }
        if known {
            return;
        }
        (self.forecast_of, self.forecast_at) = (revision, now);
        self.timeline.forecast = if self.scene.0.sets.iter().map(|s| s.columns.len()).sum::<usize>() > 60 {
            Vec::new()
        } else {
            self.session.forecast()
        };
    }

    /// The ruler reaches a little further than what is known, and grows in steps, so that it does not creep.
    fn stretch(&mut self) {
        let known = self.timeline.forecast.iter().flat_map(|r| &r.segments).map(|s| s.from_micros).max();
        let end = known.unwrap_or(0).max(self.timeline.head) + 8_000_000;
        let step = if end > 600_000_000 { 120_000_000 } else { 15_000_000 };
        self.timeline.end = (end / step + 1) * step;
    }

    /// Says what is the matter now: at most a sentence a second, and none while somebody moves through time.
    fn announce(&mut self, now: f64) {
        if self.scrubbing || now - self.announcement.since < ANNOUNCE_EVERY {
            return;
        }
        let text = self.session.why(None, self.lang).map(|why| why.sentence).unwrap_or_default();
        self.announcement = Announcement { text, since: now };
    }

    fn schedule(&mut self, ctx: &Context<Self>) {
        if self.next_frame.is_none() {
            self.next_frame = Some(frames::next(ctx.link().callback(Action::Frame)));
        }
    }

    fn frame(&mut self, now: f64, ctx: &Context<Self>) -> bool {
        self.next_frame = None;
        let passed = self.last_frame.map_or(0.0, |last| (now - last).clamp(0.0, FRAME_MAX));
        self.last_frame = Some(now);
        self.clock = now;
        if self.playing {
            self.session.play(Duration::from_secs_f64(passed / 1_000.0 * self.speed));
        }
        if !self.session.is_vacant() {
            self.refresh();
            self.launch_pills(now);
            self.look_around(now);
            self.stretch();
            self.announce(now);
            self.note_for_reports();
            // The panel for mistakes is part of the page, so there is a way to see it.
            assert!(dom::fragment() != "#mistake", "asked for by the page's address");
        }
        if self.playing || now < self.moves_until {
            self.schedule(ctx);
        } else {
            self.last_frame = None;
        }
        true
    }

    /// Whether what changes on stage is to move.
    pub(crate) fn animates(&self) -> bool {
        !self.scrubbing && self.speed <= 8.0 && !dom::wants_less_motion()
    }

    /// New requests become pills; at high speed, or in the past, there are none.
    fn launch_pills(&mut self, now: f64) {
        let records = self.session.timeline().records();
        let fresh = records.get(self.piped.min(records.len())..).unwrap_or_default();
        let mut pills: Vec<Pill> =
            self.pills.iter().filter(|pill| now - pill.since < PILL_LIFE).cloned().collect();
        if self.playing && self.animates() && !self.session.in_past() {
            let shown = fresh.iter().filter_map(|record| crate::view::pill(record, now));
            for pill in shown {
                if pills.iter().filter(|p| p.pod == pill.pod).count() < PILLS_MAX {
                    pills.push(pill);
                }
            }
        }
        self.piped = records.len();
        if !pills.is_empty() {
            self.moves_until = now + PILL_LIFE;
        }
        if !pills.is_empty() || !self.pills.is_empty() {
            self.pills = Rc::new(pills);
        }
    }

    /// Leaves for the panel of a mistake what it would say of the session.
    fn note_for_reports(&self) {
        let (cluster, script) = (self.session.timeline().head(), self.session.script());
        let back = script.iter().rev().nth(1).map_or(0, |deed| deed.at_micros);
        panic::set_context(panic::Context {
            facts: format!(
                "seed {}, {} inputs, step {}",
                cluster.config().seed,
                script.len(),
                cluster.steps()
            ),
            safe: crate::words::clock(self.timeline.head),
            back: crate::words::clock(back),
        });
        panic::set_inputs(script.len(), || serde_json::to_string(script).unwrap_or_default());
    }

    pub(crate) fn editor(&self) -> Option<&Editor> {
        self.editor.as_ref()
    }

    /// Time goes on from here, if it did not already.
    pub(crate) fn go_on(&mut self, ctx: &Context<Self>) {
        self.playing = true;
        self.schedule(ctx);
    }

    /// Draws for the sizes that the regions have; one that is not shown keeps its last.
    pub(crate) fn measure(&mut self) {
        let (stage, lanes) = (dom::width_of(".stagebox"), dom::width_of(".tl"));
        if stage > 0.0 {
            self.stage_width = stage;
        }
        if lanes > 0.0 {
            self.lanes_width = lanes;
        }
    }

    pub(crate) fn tell_words(&self) {
        let words = self.words();
        panic::set_words([
            words.mistake,
            words.mistake_hint,
            words.mistake_step,
            words.recover,
            words.copy_report,
            words.report,
        ]);
        dom::set_root_attribute("lang", tag(self.lang));
        dom::set_title(words.title);
    }
}

impl Component for App {
    type Message = Action;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let link = ctx.link().clone();
        let pressed = Callback::from(move |press: keys::Press| match crate::keyboard::action_of(&press) {
            Some(action) => {
                link.send_message(action);
                true
            }
            None => false,
        });
        let lang = if dom::root_attribute("lang").starts_with("zh") { Lang::ZhCn } else { Lang::En };
        let mut app = Self {
            session: Session::vacant(EXAMPLES.first().copied()),
            arrival: Arrival::default(),
            lang,
            playing: false,
            speed: 1.0,
            selected: None,
            set: 0,
            lower: LowerTab::default(),
            region: Region::default(),
            keys_open: false,
            example: 0,
            problems: None,
            asked: None,
            drafts: Vec::new(),
            prompt: Prompt::default(),
            focus_wanted: None,
            unkept: false,
            scene: SharedScene(Rc::default()),
            timeline: TimelineView { end: 45_000_000, ..TimelineView::default() },
            stage_width: 700.0,
            lanes_width: 1_200.0,
            place: NodeRef::default(),
            editor: None,
            clock: 0.0,
            pills: Rc::default(),
            piped: 0,
            moves_until: 0.0,
            scrubbing: false,
            visit: Visit::asked_for(&dom::fragment()),
            last_frame: None,
            forecast_at: 0.0,
            forecast_of: 0,
            decisions_of: None,
            announcement: Announcement::default(),
            next_frame: None,
            diagnose_later: None,
            resize: None,
            _leave: dom::on_leave(ctx.link().callback(|()| Action::Leave)),
            _keys: keys::listen(pressed),
        };
        app.tell_words();
        if app.visit.is_none() {
            app.restore();
        }
        app.schedule(ctx);
        app
    }

    fn update(&mut self, ctx: &Context<Self>, action: Action) -> bool {
        if let Action::Frame(now) = action {
            return self.frame(now, ctx);
        }
        let scrubs = matches!(action, Action::Jump(crate::action::Jump::To(_)));
        let draw = self.act(action, ctx);
        self.scrubbing = scrubs;
        if draw && !self.playing {
            self.moves_until = self.clock + PILL_LIFE;
            self.schedule(ctx);
        }
        draw
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        self.draw(&ctx.link().callback(|action| action))
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first {
            let (text, label) = self.current_text();
            let start = Start { text: &text, label: &label, lang: tag(self.lang), dark: dom::is_dark() };
            let link = ctx.link();
            self.editor = Editor::new(
                &self.place,
                start,
                link.callback(Action::Edit),
                link.callback(|()| Action::Apply),
            );
            self.resize = dom::on_resize(&[".stagebox", ".tl"], link.callback(|()| Action::Resized));
            arrival::fetch(Part::Engine, When::Painted, ctx);
        }
        if let Some(place) = self.focus_wanted.take() {
            dom::focus_on(place);
        }
    }
}
