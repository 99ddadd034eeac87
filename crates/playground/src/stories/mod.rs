//! What happens on the page, told as stories: a person acts, and what is on the page afterwards is looked at.
//! No browser is there; what would happen in one are effects.

mod arrival;
mod faults;
mod frames;
mod kept;
mod links;
mod session;
mod spaces;
mod stage;
mod timeline;

use std::collections::BTreeMap;

use api::{Key, Kind};

use crate::effect::{Effect, Part, Stored};
use crate::model::{Kept, Model, Surroundings, Wishes};
use crate::place::Place;
use crate::regions::{
    Action, EditorAction, PageAction, SpacesAction, StageAction, TerminalAction, TimeAction,
};
use crate::space::Texts;
use crate::update::update;

/// Somebody's visit of the page.
pub struct Visit {
    /// The page.
    pub model: Model,
    /// What was asked of the browser, from the first moment on.
    pub effects: Vec<Effect>,
    /// How many of these were carried out by a [`Storage`].
    carried: usize,
    clock: f64,
}

impl Visit {
    /// The page as it opens for somebody who has never been there; the engine is on its way.
    pub fn fresh() -> Self {
        Self::of(surroundings("", Some(Kept::default())))
    }

    /// The page as it opens.
    pub fn of(surroundings: Surroundings) -> Self {
        let (model, effects) = Model::open(surroundings);
        Self { model, effects, carried: 0, clock: 0.0 }
    }

    /// The same with the engine there.
    pub fn started() -> Self {
        let mut visit = Self::fresh();
        visit.act(ALL_HERE);
        visit
    }

    /// The set of note 003 with the class that it needs, all of its Pods Ready.
    pub fn with_web() -> Self {
        let mut visit = Self::started();
        visit.act(EditorAction::Apply);
        let missing = visit.model.shown.scene.missing.first().cloned().expect("the note names a class");
        visit.act(StageAction::Create(missing)).pass(60);
        assert_eq!(visit.ready(), 3);
        visit
    }

    /// A person acts, or the browser tells something.
    pub fn act(&mut self, action: impl Into<Action>) -> &mut Self {
        let effects = update(&mut self.model, action.into());
        self.effects.extend(effects);
        self
    }

    /// A command line is typed and run.
    pub fn command(&mut self, line: &str) -> &mut Self {
        self.act(TerminalAction::Command(line.to_owned()))
    }

    /// So many simulated seconds go by on stage, frame by frame.
    pub fn pass(&mut self, seconds: u32) -> &mut Self {
        let speed = self.model.time.speed;
        self.act(TimeAction::Speed(60.0));
        if !self.model.time.playing {
            self.act(TimeAction::PlayPause);
        }
        // A sixtieth of a second each, that is a simulated one; the first frame only begins.
        for _ in 0..=seconds {
            self.frame();
        }
        self.act(TimeAction::PlayPause).act(TimeAction::Speed(speed))
    }

    /// A sixtieth of a second later the browser draws.
    pub fn frame(&mut self) -> &mut Self {
        self.clock += 1_000.0 / 60.0;
        let now = self.clock;
        self.act(TimeAction::Frame(now))
    }

    /// How many Pods of the set on stage are Ready.
    pub fn ready(&self) -> i64 {
        self.model.shown.scene.sets.first().map_or(0, |set| set.ready)
    }

    /// The text in the open document.
    pub fn text(&self) -> &str {
        self.model.session.documents.current().map_or("", |document| document.text.as_str())
    }

    /// All that stands on the terminal's screen.
    pub fn screen(&self) -> String {
        self.model.shown.entries.iter().map(|entry| format!("{}\n", entry.text.trim_end())).collect()
    }

    /// What was kept last under a name.
    pub fn kept(&self, name: Stored) -> Option<&str> {
        self.effects.iter().rev().find_map(|effect| match effect {
            Effect::Keep(stored, text) if *stored == name => Some(text.as_str()),
            _ => None,
        })
    }

    /// How the workspace on stage was kept last.
    pub fn kept_space(&self) -> Option<&Texts> {
        self.effects.iter().rev().find_map(|effect| match effect {
            Effect::KeepSpace { now, .. } => Some(now),
            _ => None,
        })
    }

    /// The tabs: `my set*` is one's own, `>my set` is on stage.
    pub fn tabs(&self) -> Vec<String> {
        let tabs = self.model.spaces.tabs.iter();
        tabs.map(|tab| {
            format!("{}{}{}", if tab.on { ">" } else { "" }, tab.label, if tab.mine { "*" } else { "" })
        })
        .collect()
    }

    /// The name in the storage of a tab.
    pub fn id_of(&self, label: &str) -> String {
        let tab = self.model.spaces.tabs.iter().find(|tab| tab.label == label);
        tab.unwrap_or_else(|| panic!("{label} is no tab: {:?}", self.tabs())).id.clone()
    }

    /// What the browser was asked to show in the editor last.
    pub fn opened(&self) -> Option<(&str, &str)> {
        self.effects.iter().rev().find_map(|effect| match effect {
            Effect::OpenText { text, label } => Some((label.as_str(), text.as_str())),
            _ => None,
        })
    }

    /// Whether the browser was asked for this since the first `from` effects.
    pub fn has_asked(&self, from: usize, wanted: &Effect) -> bool {
        self.effects.iter().skip(from).any(|effect| effect == wanted)
    }
}

/// What a page finds that opens at a place, where this is kept.
pub fn surroundings(fragment: &str, kept: Option<Kept>) -> Surroundings {
    Surroundings {
        place: Place::of(fragment),
        lang: apimachinery::Lang::En,
        theme: None,
        wishes: Wishes::default(),
        kept,
        watch: no_time,
        hour: || "14:02".to_owned(),
        visit: 0xa,
    }
}

/// A browser's storage, as `platform` keeps it: several pages may share it.
#[derive(Debug, Default)]
pub struct Storage {
    /// Workspaces.
    pub spaces: BTreeMap<String, Texts>,
    /// All else.
    pub kept: BTreeMap<String, String>,
    /// How many pages were opened on it.
    opened: u64,
}

impl Storage {
    /// A page opens.
    pub fn open(&mut self) -> Visit {
        self.opened += 1;
        let kept = |stored: Stored| self.kept.get(&format!("{stored:?}")).cloned();
        let kept = Kept {
            spaces: self.spaces.iter().map(|(id, texts)| (id.clone(), texts.clone())).collect(),
            tabs: kept(Stored::Tabs),
            began: kept(Stored::Began),
            failed: kept(Stored::Failed).is_some(),
            before: Texts { head: kept(Stored::Documents), run: kept(Stored::Session) },
        };
        Visit::of(Surroundings { visit: self.opened, ..surroundings("", Some(kept)) })
    }

    /// A page opens, and its engine is there.
    pub fn visit(&mut self) -> Visit {
        let mut visit = self.open();
        visit.act(ALL_HERE).frame();
        visit
    }

    /// Does what a page asks for, and tells the others of it.
    pub fn carry_out(&mut self, visit: &mut Visit, others: &mut [&mut Visit]) {
        while visit.carried < visit.effects.len() {
            let effect = visit.effects[visit.carried].clone();
            visit.carried += 1;
            let told = match effect {
                Effect::Keep(stored, text) => {
                    self.kept.insert(format!("{stored:?}"), text);
                    None
                }
                Effect::Forget(stored) => {
                    self.kept.remove(&format!("{stored:?}"));
                    None
                }
                Effect::KeepSpace { id, was, now } => {
                    let there = self.spaces.get(&id).cloned().unwrap_or_default();
                    if there != was && there != now && there.head.is_some() {
                        visit.act(SpacesAction::Refused(id, there));
                        None
                    } else {
                        self.spaces.insert(id.clone(), now);
                        Some(id)
                    }
                }
                Effect::ForgetSpace(id) => self.spaces.remove(&id).map(|_| id),
                _ => None,
            };
            if let Some(id) = told {
                let texts = self.spaces.get(&id).cloned().unwrap_or_default();
                for other in others.iter_mut() {
                    other.act(SpacesAction::Changed(id.clone(), texts.clone()));
                }
            }
        }
    }

    /// The page is left, and all that it asked for is done.
    pub fn leave(&mut self, mut visit: Visit) {
        visit.act(PageAction::Leave);
        self.carry_out(&mut visit, &mut []);
    }
}

/// The whole program has arrived.
pub const ALL_HERE: PageAction = PageAction::Arrived(Part::Recordings);

/// The engine has not arrived.
pub fn not_here() -> PageAction {
    PageAction::NotArrived(Part::Engine, "The server cannot be reached.".to_owned())
}

/// A clock by which nothing takes any time: everything is done in one frame.
pub fn no_time() -> f64 {
    0.0
}

/// A Pod's key.
pub fn pod(name: &str) -> Key {
    Key::new(Kind::Pod, "default", name)
}
