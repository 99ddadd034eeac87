//! Workspaces: which are open, which is on stage, what is no longer among the tabs and can be had again.
//!
//! Nothing is lost by a click: what opens gets a tab of its own, and what goes is kept until five others have gone.
//! [`turn`] brings a workspace on stage and begins to do again what was done in it; [`keep`] writes it into the
//! browser and minds what other browser tabs write there.

mod gone;
mod keep;
mod open;
mod turn;

use apimachinery::Lang;
use session::Session;

use crate::effect::{Effect, Effects, Spot, Stored};
use crate::model::{Kept, Model};
use crate::past;
use crate::space::{Cause, Gone, Piece, Said, Space, Texts, Undo, as_name};
use crate::view::{GoneView, Shared, TabView};

pub use keep::keep;
pub use open::replaced;
pub use turn::{caught_up, decide, on_leave, start, stop_replay};

/// Tabs at most.
pub const TABS_MAX: usize = 40;

/// What happens to workspaces.
#[derive(Debug, Clone, PartialEq)]
pub enum SpacesAction {
    /// One is put on stage, by its name in the storage; one that is gone is a tab again.
    Show(String),
    /// An example is opened in a tab of its own, by its place.
    Example(usize),
    /// An empty one is opened.
    Empty,
    /// One is opened with what is on the clipboard.
    Paste,
    /// What is on the clipboard, if the browser tells.
    Pasted(Option<String>),
    /// The browser is asked for files.
    PickFiles,
    /// Files are opened, by name and text: documents together, each run in a tab of its own.
    Files(Vec<(String, String)>),
    /// The name of the one on stage is about to be changed (true), or stays.
    Renaming(bool),
    /// The one on stage gets another name.
    Rename(String),
    /// One is closed.
    Close(String),
    /// What went last comes back.
    Undo,
    /// Undoing is no longer offered.
    CloseUndo,
    /// What went last is opened beside what took its place.
    OpenReplaced,
    /// The gallery is opened (true) or closed.
    Gallery(bool),
    /// What is looked for in the gallery.
    Search(String),
    /// Another browser tab has written one, or has taken it away.
    Changed(String, Texts),
    /// One could not be written, since another browser tab has written it: as it is there.
    Refused(String, Texts),
    /// What the other browser tab has written is put on stage.
    ShowTheirs,
    /// What ended an earlier visit is done again (true), or only the documents are opened.
    Decide(bool),
    /// What was done is put on the clipboard, as text.
    CopyRun,
    /// What is said above the stage goes away.
    CloseSaid,
    /// The menu of what can be saved is opened (true) or closed.
    Export(bool),
    /// A piece of the one on stage is saved as a file.
    Save(Piece),
}

impl SpacesAction {
    /// Whether it needs a cluster, and the part with the commands, where the gallery and the menus are.
    pub const fn needs_engine(&self) -> bool {
        match self {
            Self::Gallery(opens) | Self::Export(opens) => *opens,
            Self::Save(_) => true,
            Self::Show(_)
            | Self::Example(_)
            | Self::Empty
            | Self::Paste
            | Self::Pasted(_)
            | Self::PickFiles
            | Self::Files(_)
            | Self::Renaming(_)
            | Self::Rename(_)
            | Self::Close(_)
            | Self::Undo
            | Self::CloseUndo
            | Self::OpenReplaced
            | Self::Search(_)
            | Self::Changed(..)
            | Self::Refused(..)
            | Self::ShowTheirs
            | Self::Decide(_)
            | Self::CopyRun
            | Self::CloseSaid => false,
        }
    }
}

/// What is open of the region, over the page; one at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Over {
    /// Nothing.
    #[default]
    Nothing,
    /// The gallery.
    Gallery,
    /// The menu of what can be saved.
    Export,
    /// The field for the name of the one on stage.
    Name,
}

/// What the region remembers.
#[derive(Debug)]
pub struct State {
    /// All of them, in the order of the tabs; those that are gone keep their place.
    pub all: Vec<Space>,
    /// The one on stage. Its session is the model's.
    pub current: usize,
    /// The last visit ended in a mistake of ours.
    pub failed: bool,
    /// The workspace in which something was being done again when the last visit ended.
    pub began: Option<String>,
    /// What is open of it.
    pub over: Over,
    /// What is looked for in it.
    pub query: String,
    /// What can be undone.
    pub undo: Option<Undo>,
    /// What is said of it all.
    pub said: Option<Said>,
    /// The tabs, to be drawn.
    pub tabs: Shared<Vec<TabView>>,
    /// Those that are gone, the latest first, to be drawn.
    pub gone: Shared<Vec<GoneView>>,
    /// Names in the storage that cannot be read, and so must not be written.
    unreadable: Vec<String>,
    /// The order of the tabs as it is kept.
    order: String,
    /// What makes names of this visit different from those of others.
    visit: u64,
    /// How many names this visit has made, and how often something came on stage.
    count: u64,
    /// What the clock on the wall says.
    hour: fn() -> String,
}

impl State {
    /// What was kept, or the first example.
    pub fn of(kept: Kept, visit: u64, hour: fn() -> String) -> Self {
        let order =
            kept.tabs.as_deref().and_then(|text| serde_json::from_str::<(String, Vec<String>)>(text).ok());
        let (shown, order) = order.unwrap_or_default();
        let (mut all, mut unreadable) = (Vec::new(), Vec::new());
        for (id, texts) in kept.spaces {
            match Space::read(&id, texts) {
                Some(space) => all.push(space),
                None => unreadable.push(id),
            }
        }
        all.extend(keep::before(kept.before));
        let place = |space: &Space| order.iter().position(|id| *id == space.id).unwrap_or(order.len());
        all.sort_by(|a: &Space, b| place(a).cmp(&place(b)).then_with(|| a.id.cmp(&b.id)));
        let mut state = Self {
            all,
            current: 0,
            failed: kept.failed,
            began: kept.began,
            over: Over::Nothing,
            query: String::new(),
            undo: None,
            said: Some(unreadable.len()).filter(|n| *n > 0).map(Said::Unreadable),
            tabs: Shared::default(),
            gone: Shared::default(),
            unreadable,
            order: kept.tabs.unwrap_or_default(),
            visit,
            count: 0,
            hour,
        };
        let open = |space: &Space| space.gone.is_none();
        let found = state.all.iter().position(|space| open(space) && space.id == shown);
        state.current = found.or_else(|| state.all.iter().position(open)).unwrap_or_else(|| {
            let id = state.id_of_example(0);
            state.all.push(Space::of_example(0, id));
            state.all.len() - 1
        });
        state
    }

    /// The session of the one on stage, which the model takes.
    pub fn take_session(&mut self) -> Session {
        let vacant = Session::vacant(None);
        self.all
            .get_mut(self.current)
            .map_or(vacant, |space| std::mem::replace(&mut space.session, Session::vacant(None)))
    }

    /// The one on stage.
    pub fn on_stage(&self) -> Option<&Space> {
        self.all.get(self.current)
    }

    /// The one on stage, to change.
    pub fn on_stage_mut(&mut self) -> Option<&mut Space> {
        self.all.get_mut(self.current)
    }

    fn place_of(&self, id: &str) -> Option<usize> {
        self.all.iter().position(|space| space.id == id)
    }

    /// A name in the storage that no other visit makes.
    fn fresh(&mut self) -> String {
        self.count += 1;
        format!("{:x}-{}", self.visit, self.count)
    }

    /// The name of an example's workspace if it cannot have the example's own.
    fn id_of_example(&mut self, at: usize) -> Option<String> {
        let slug = session::examples::EXAMPLES.get(at)?.slug;
        let is_taken = self.place_of(slug).is_some() || self.unreadable.iter().any(|id| id == slug);
        is_taken.then(|| self.fresh())
    }

    /// What the open ones are called.
    fn labels(&self, lang: Lang) -> Vec<String> {
        self.all.iter().filter(|space| space.gone.is_none()).map(|space| space.label(lang)).collect()
    }

    fn gone_now(&self, cause: Cause) -> Gone {
        let nth = self.all.iter().filter_map(|space| space.gone.as_ref()).map(|gone| gone.nth).max();
        Gone { cause, at: (self.hour)(), nth: nth.map_or(0, |nth| nth + 1) }
    }
}

/// Does it.
pub fn update(model: &mut Model, action: SpacesAction, effects: &mut Effects) {
    match action {
        SpacesAction::Show(id) => show(model, &id, effects),
        SpacesAction::Example(at) => open::example(model, at, effects),
        SpacesAction::Empty => {
            open::documents(model, model.words_of_spaces().empty_name, Vec::new(), effects);
        }
        SpacesAction::Paste => effects.push(Effect::ReadClipboard),
        SpacesAction::Pasted(text) => open::pasted(model, text, effects),
        SpacesAction::PickFiles => effects.push(Effect::PickFiles),
        SpacesAction::Files(files) => open::files(model, files, effects),
        SpacesAction::Renaming(begins) => {
            model.spaces.over = if begins { Over::Name } else { Over::Nothing };
            if begins {
                effects.push(Effect::Focus(Spot::SpaceName));
            }
        }
        SpacesAction::Rename(name) => rename(model, &name, effects),
        SpacesAction::Close(id) => gone::close(model, &id, effects),
        SpacesAction::Undo => gone::undo(model, effects),
        SpacesAction::CloseUndo => model.spaces.undo = None,
        SpacesAction::OpenReplaced => {
            if let Some(undo) = model.spaces.undo.take() {
                show(model, &undo.id, effects);
            }
        }
        SpacesAction::Gallery(opens) => {
            model.spaces.over = if opens { Over::Gallery } else { Over::Nothing };
            model.spaces.query.clear();
            if opens {
                effects.push(Effect::Focus(Spot::Gallery));
            }
        }
        SpacesAction::Search(query) => model.spaces.query = query,
        SpacesAction::Changed(id, texts) => keep::changed(model, &id, texts),
        SpacesAction::Refused(id, texts) => keep::refused(model, &id, texts, effects),
        SpacesAction::ShowTheirs => keep::show_theirs(model, effects),
        SpacesAction::Decide(again) => turn::decided(model, again, effects),
        SpacesAction::CopyRun => {
            let run = model.spaces.on_stage().and_then(|space| space.run.clone());
            effects.extend(run.map(Effect::CopyText));
        }
        SpacesAction::CloseSaid => model.spaces.said = None,
        SpacesAction::Export(opens) => {
            model.spaces.over = if opens { Over::Export } else { Over::Nothing };
            if opens {
                effects.push(Effect::Focus(Spot::Export));
            }
        }
        SpacesAction::Save(piece) => save(model, piece, effects),
    }
}

/// Puts one on stage. One that is gone is a tab again.
fn show(model: &mut Model, id: &str, effects: &mut Effects) {
    model.spaces.over = Over::Nothing;
    let Some(at) = model.spaces.place_of(id) else { return };
    let was_gone = model.spaces.all.get_mut(at).is_some_and(|space| space.gone.take().is_some());
    if was_gone && at != model.spaces.current {
        keep::keep_parked(model, at, effects);
    }
    turn::to(model, at, effects);
}

fn rename(model: &mut Model, name: &str, effects: &mut Effects) {
    // A field that goes away still tells what was in it.
    if std::mem::take(&mut model.spaces.over) != Over::Name {
        return;
    }
    let lang = model.page.lang;
    let Some(space) = model.spaces.on_stage_mut() else { return };
    if let Some(name) = as_name(name).filter(|name| *name != space.label(lang)) {
        space.name = Some(name);
        keep(model, effects);
    }
}

/// Saves a piece of the one on stage, under its name.
fn save(model: &mut Model, piece: Piece, effects: &mut Effects) {
    model.spaces.over = Over::Nothing;
    let lang = model.page.lang;
    let text = match piece {
        Piece::Files if !model.has_engine() => model.session.documents.current().map(|d| d.text.clone()),
        Piece::Files | Piece::Run | Piece::Terminal | Piece::Objects | Piece::Why => {
            Some(past::piece(&model.session, piece, lang, model.stage.selected.as_ref()))
        }
    };
    let label = model.spaces.on_stage().map(|space| space.label(lang)).unwrap_or_default();
    let as_written = |letter: char| if letter.is_alphanumeric() { letter } else { '-' };
    let name: String = label.chars().map(as_written).collect();
    let name = format!("{}{}", name.trim_matches('-').to_lowercase(), piece.ending());
    effects.extend(text.map(|text| Effect::Save(name, text)));
}

/// A person does something: what went before stays as it is, and what was asked is decided.
pub fn on_input(model: &mut Model, effects: &mut Effects) {
    model.spaces.undo = None;
    decide(model, effects);
}

/// Brings up to date what is drawn of them.
pub fn note(model: &mut Model) {
    let lang = model.page.lang;
    let has_deeds = turn::has_deeds(model);
    let documents = &model.session.documents;
    if let Some(space) = model.spaces.all.get_mut(model.spaces.current) {
        space.mine = space.is_touched(documents, has_deeds);
    }
    let spaces = &mut model.spaces;
    let current = spaces.current;
    let open = spaces.all.iter().enumerate().filter(|(_, space)| space.gone.is_none());
    let tab = |(at, space): (usize, &Space)| TabView {
        id: space.id.clone(),
        label: space.label(lang),
        mine: space.mine,
        on: at == current,
    };
    let tabs = open.map(tab).collect();
    spaces.tabs.renew(tabs);
    let mut gone: Vec<(u64, GoneView)> = Vec::new();
    for space in &spaces.all {
        if let Some(Gone { cause, at, nth }) = &space.gone {
            let (id, label) = (space.id.clone(), space.label(lang));
            gone.push((*nth, GoneView { id, label, cause: *cause, at: at.clone() }));
        }
    }
    gone.sort_by_key(|(nth, _)| std::cmp::Reverse(*nth));
    spaces.gone.renew(gone.into_iter().map(|(_, view)| view).collect());
}

/// Which are kept under names of their own: what the page forgets of an earlier release.
pub const EARLIER: [Stored; 2] = [Stored::Documents, Stored::Session];
