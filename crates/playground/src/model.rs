//! The page's state: a session, and what its regions remember. It changes in `update` only.

use apimachinery::Lang;
use session::Session;

use crate::effect::{Effect, Effects, Part, Theme, When};
use crate::place::{Allowed, Place};
use crate::regions::{Action, editor, faults, page, recording, spaces, stage, terminal, time};
use crate::space::Texts;
use crate::space_words::SpaceWords;
use crate::view::{Frame, Notice, Shown, TimelineView};
use crate::window::Window;
use crate::words::Words;

/// How the program's larger part stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// On its way.
    Coming,
    /// It is there, and so is a cluster.
    Here,
    /// It could not be loaded.
    Missing,
}

/// What the page finds where it opens.
#[derive(Debug)]
pub struct Surroundings {
    /// Where it is.
    pub place: Place,
    /// The language that is on.
    pub lang: Lang,
    /// The theme that somebody chose.
    pub theme: Option<Theme>,
    /// What the visitor's system wishes.
    pub wishes: Wishes,
    /// What an earlier visit has kept; nothing if the browser offers no storage.
    pub kept: Option<Kept>,
    /// A clock that says how long something takes, in milliseconds.
    pub watch: fn() -> f64,
    /// What the clock on the wall says: `14:02`.
    pub hour: fn() -> String,
    /// A number that makes this visit different from others.
    pub visit: u64,
}

/// What the visitor's system wishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wishes {
    /// A dark page.
    pub dark: bool,
    /// Little motion.
    pub less_motion: bool,
}

/// What earlier visits have kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Kept {
    /// Workspaces, by their names.
    pub spaces: Vec<(String, Texts)>,
    /// Which of them was on stage, and the order of their tabs.
    pub tabs: Option<String>,
    /// The one in which something was being done again when the visit ended.
    pub began: Option<String>,
    /// The visit ended in a mistake of ours.
    pub failed: bool,
    /// What a release before workspaces has kept.
    pub before: Texts,
}

/// The page.
#[derive(Debug)]
pub struct Model {
    /// Where it is.
    pub place: Place,
    /// What may be done there.
    pub allowed: Allowed,
    /// How the engine stands. Until it is here, no function of its crates may be called.
    pub engine: Engine,
    /// The last part of the program that is here.
    pub here: Option<Part>,
    /// The part that did not arrive, and why, in the page's language.
    pub missing: Option<(Part, String)>,
    /// What waits for the engine, in order.
    pub waiting: Vec<Action>,
    /// The session. Without the engine it holds documents only.
    pub session: Session,
    /// A clock that says how long something takes, in milliseconds.
    pub watch: fn() -> f64,
    /// Counts lines of time: another number says that the past is another one.
    pub line: u64,
    /// Workspaces.
    pub spaces: spaces::State,
    /// The documents' region.
    pub editor: editor::State,
    /// The terminal's region.
    pub terminal: terminal::State,
    /// The timeline's region.
    pub time: time::State,
    /// The stage.
    pub stage: stage::State,
    /// The menu of faults.
    pub faults: faults::State,
    /// The recording beside it.
    pub recording: recording::State,
    /// The page around them.
    pub page: page::State,
    /// What of the session is on the page.
    pub shown: Shown,
}

impl Model {
    /// The page as it opens, and what it asks of the browser.
    pub fn open(surroundings: Surroundings) -> (Self, Effects) {
        let Surroundings { place, lang, theme, wishes, kept, watch, hour, visit } = surroundings;
        let allowed = place.allowed();
        let unkept = allowed.kept && kept.is_none();
        let mut spaces = spaces::State::of(kept.filter(|_| allowed.kept).unwrap_or_default(), visit, hour);
        let mut model = Self {
            place,
            allowed,
            engine: Engine::Coming,
            here: None,
            missing: None,
            waiting: Vec::new(),
            session: spaces.take_session(),
            watch,
            line: 0,
            spaces,
            editor: editor::State::default(),
            terminal: terminal::State::default(),
            time: time::State::default(),
            stage: stage::State::default(),
            faults: faults::State::default(),
            recording: recording::State::default(),
            page: page::State::new(lang, theme, wishes, unkept),
            shown: Shown { timeline: TimelineView::short(), ..Shown::default() },
        };
        editor::note_documents(&mut model);
        spaces::note(&mut model);
        let mut effects = vec![
            Effect::Title(model.words().title),
            Effect::Language(lang, editor::label(&model)),
            Effect::NextFrame,
            Effect::Fetch(Part::Engine, When::Painted),
        ];
        if let Place::SharedLink { payload } = &model.place {
            effects.push(Effect::OpenLink(payload.clone()));
        }
        (model, effects)
    }

    /// Whether the engine is there.
    pub fn has_engine(&self) -> bool {
        self.engine == Engine::Here
    }

    /// Whether something that needs this part can be done: the part is here, and so is a cluster in which what was
    /// done in an earlier visit is done again.
    pub fn is_ready_for(&self, part: Part) -> bool {
        self.has_engine() && self.here >= Some(part) && !self.session.is_behind()
    }

    /// The part with which the cluster begins: what was done in an earlier visit, or in a shared session, may be
    /// commands, and a recording needs its player.
    pub fn begins_with(&self) -> Part {
        let has_run = self.spaces.on_stage().is_some_and(|space| space.run.is_some());
        match self.place {
            Place::Recording { .. } => Part::Recordings,
            Place::SharedLink { .. } => Part::Commands,
            Place::Laboratory if has_run => Part::Commands,
            Place::Laboratory => Part::Engine,
        }
    }

    /// The texts of the language that is on.
    pub fn words(&self) -> &'static Words {
        Words::of(self.page.lang)
    }

    /// The texts about workspaces.
    pub fn words_of_spaces(&self) -> &'static SpaceWords {
        SpaceWords::of(self.page.lang)
    }

    /// Whether the page is dark: by choice, or by the system's wish.
    pub fn is_dark(&self) -> bool {
        self.page.theme.map_or(self.page.wishes.dark, |theme| theme == Theme::Dark)
    }

    /// Whether what changes on stage is to move.
    pub fn animates(&self) -> bool {
        !self.time.scrubbing && self.time.speed <= 8.0 && !self.page.wishes.less_motion
    }

    /// What is said of the engine, if somebody waits for it.
    pub fn notice(&self) -> Notice {
        match self.engine {
            Engine::Here if self.session.is_behind() => Notice::Replaying,
            Engine::Here if self.missing.is_some() => Notice::Missing,
            Engine::Coming | Engine::Here if self.waiting.iter().all(Action::is_answer) => Notice::None,
            Engine::Coming | Engine::Here => Notice::Coming,
            Engine::Missing => Notice::Missing,
        }
    }

    /// What every component knows.
    pub fn frame(&self) -> Frame {
        Frame {
            lang: self.page.lang,
            words: self.words(),
            selected: self.stage.selected.clone(),
            now: self.shown.now,
            origin: self.shown.origin,
        }
    }

    /// To be called before something is done to the cluster: in the past that begins another line of time.
    pub fn before_deed(&mut self) {
        if self.session.in_past() {
            self.line += 1;
        }
    }

    /// Another session takes the place of the one on stage, at rest and with nothing selected.
    pub fn put_on_stage(&mut self, session: Session) {
        self.session = session;
        self.line += 1;
        self.stage.clear();
        self.time.playing = false;
        self.time.under_way = None;
        self.time.window = Window::default();
        self.shown.timeline = TimelineView::short();
    }
}
