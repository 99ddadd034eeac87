//! The page around the regions: its arrival, its looks, what is kept, links.

use apimachinery::Lang;
use session::script::{Limits, Refused};

use crate::effect::{Effect, Effects, Part, Spot, Stored, Theme, Timer, When};
use crate::model::{Engine, Model, Wishes};
use crate::past;
use crate::regions::{LowerTab, editor, recording, spaces};
use crate::words::tag;

/// Milliseconds for which the page says that a link was copied.
const COPIED_FOR: u32 = 4_000;

/// A link holds at most so much text, in bytes: what one page packs, another one opens.
pub const LINK_TEXT_MAX: usize = Limits::LINK.bytes;

/// Which region a narrow page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Region {
    /// The stage.
    #[default]
    Stage,
    /// The editor.
    Yaml,
    /// The terminal and events.
    Terminal,
    /// The Why panel.
    Why,
}

/// Why a link could not be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkProblem {
    /// It is damaged: part of it is missing or changed.
    Damaged,
    /// It holds more text than the page opens.
    TooLarge,
    /// What it holds is no script of a session, or asks for more than it may.
    Refused(Refused),
    /// This browser cannot unpack it.
    Unsupported,
}

/// A link of more letters is cut by many programs that send messages.
pub const LINK_LETTERS_MAX: usize = 8_000;

/// What became of a link that was to be copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Copied {
    /// It is on the clipboard.
    Done,
    /// The browser does not let the page copy; this is the link.
    Refused(String),
    /// This browser cannot pack a session.
    Unsupported,
    /// There is more text than a link may hold.
    TooLarge,
    /// It is so long, in letters, that it would not arrive everywhere: it is not on the clipboard.
    Long(usize),
}

/// What happens to the page.
#[derive(Debug, Clone, PartialEq)]
pub enum PageAction {
    /// A part of the program has arrived, and those before it.
    Arrived(Part),
    /// A part could not be loaded, and why, in the page's language.
    NotArrived(Part, String),
    /// What was done in an earlier visit is not done again from here on.
    StopReplay,
    /// It is fetched again.
    FetchAgain,
    /// The region of a narrow page.
    Region(Region),
    /// The focus goes to the next region, or back to the one before.
    FocusRegion {
        /// To the one before.
        back: bool,
    },
    /// The next language.
    Language,
    /// The other theme.
    Theme,
    /// The visitor's system wishes otherwise now.
    Wishes(Wishes),
    /// The keyboard table is opened (true) or closed.
    Keys(bool),
    /// The page is left, perhaps for good.
    Leave,
    /// Regions have these widths, in CSS pixels; 0 if one is not shown.
    Resized {
        /// The stage's, and its height.
        stage: (f64, f64),
        /// The lanes'.
        lanes: f64,
    },
    /// Whether something could be kept in the browser.
    Kept(Stored, bool),
    /// A link to the moment on stage is copied.
    CopyLink,
    /// It was copied, or not.
    LinkCopied(Copied),
    /// What is said of the copied link goes away.
    CloseLink,
    /// The page's own link is unpacked, or cannot be.
    LinkOpened(Result<String, LinkProblem>),
}

impl PageAction {
    /// Whether it needs a cluster.
    pub const fn needs_engine(&self) -> bool {
        match self {
            Self::CopyLink | Self::LinkOpened(_) => true,
            Self::Arrived(_)
            | Self::NotArrived(..)
            | Self::StopReplay
            | Self::FetchAgain
            | Self::Region(_)
            | Self::FocusRegion { .. }
            | Self::Language
            | Self::Theme
            | Self::Wishes(_)
            | Self::Keys(_)
            | Self::Leave
            | Self::Resized { .. }
            | Self::Kept(..)
            | Self::LinkCopied(_)
            | Self::CloseLink => false,
        }
    }
}

/// How far the link that the page was opened with is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Opening {
    /// It is being unpacked.
    #[default]
    UnderWay,
    /// Its session is on stage.
    Done,
    /// It cannot be opened.
    Failed(LinkProblem),
}

/// What the page remembers.
#[derive(Debug)]
pub struct State {
    /// The language.
    pub lang: Lang,
    /// The theme that somebody chose.
    pub theme: Option<Theme>,
    /// What the visitor's system wishes.
    pub wishes: Wishes,
    /// What a narrow page shows.
    pub region: Region,
    /// The keyboard table is open.
    pub keys_open: bool,
    /// What could not be kept in the browser.
    pub unkept: Vec<Stored>,
    /// What screen readers are told.
    pub announcement: String,
    /// What became of the link that was copied last, while the page says so.
    pub copied: Option<Copied>,
    /// How far the page's own link is.
    pub opening: Opening,
}

impl State {
    /// A page as it opens.
    pub fn new(lang: Lang, theme: Option<Theme>, wishes: Wishes, unkept: bool) -> Self {
        Self {
            lang,
            theme,
            wishes,
            region: Region::default(),
            keys_open: false,
            unkept: if unkept { vec![Stored::Spaces] } else { Vec::new() },
            announcement: String::new(),
            copied: None,
            opening: Opening::default(),
        }
    }
}

/// Does it.
pub fn update(model: &mut Model, action: PageAction, effects: &mut Effects) {
    match action {
        PageAction::Arrived(part) => arrived(model, part, effects),
        PageAction::NotArrived(part, reason) => {
            model.missing = Some((part, reason));
            if model.engine == Engine::Coming {
                model.engine = Engine::Missing;
            }
            spaces::keep(model, effects);
        }
        PageAction::StopReplay => spaces::stop_replay(model, effects),
        PageAction::FetchAgain => {
            let missing = model.missing.take().map_or(Part::Engine, |(part, _)| part);
            if model.engine == Engine::Missing {
                model.engine = Engine::Coming;
            }
            effects.push(Effect::Fetch(missing, When::Now));
        }
        PageAction::Region(region) => show_region(model, region),
        PageAction::FocusRegion { back } => {
            effects.push(Effect::Focus(if back { Spot::PreviousRegion } else { Spot::NextRegion }));
        }
        PageAction::Language => next_language(model, effects),
        PageAction::Theme => other_theme(model, effects),
        PageAction::Wishes(wishes) => {
            model.page.wishes = wishes;
            effects.push(Effect::EditorTheme(model.is_dark()));
        }
        PageAction::Keys(open) => model.page.keys_open = open,
        PageAction::Leave => {
            spaces::keep(model, effects);
            spaces::on_leave(model, effects);
        }
        PageAction::Resized { stage, lanes } => resize(model, stage, lanes),
        PageAction::Kept(stored, done) => {
            model.page.unkept.retain(|one| *one != stored);
            model.page.unkept.extend((!done).then_some(stored));
        }
        PageAction::CopyLink => copy_link(model, effects),
        PageAction::LinkCopied(copied) => link_copied(model, copied, effects),
        PageAction::CloseLink => model.page.copied = None,
        PageAction::LinkOpened(opened) => link_opened(model, opened, effects),
    }
}

/// Starts the cluster as soon as the part that it begins with is here.
fn arrived(model: &mut Model, part: Part, effects: &mut Effects) {
    model.here = model.here.max(Some(part));
    model.missing.take_if(|(missing, _)| *missing <= part);
    if model.has_engine() {
        editor::diagnose(model, effects);
        effects.push(Effect::NextFrame);
        return;
    }
    let wanted = model.begins_with();
    if model.here < Some(wanted) {
        effects.push(Effect::Fetch(wanted, When::Now));
        return;
    }
    started(model, effects);
    if model.here < Some(Part::Commands) {
        let is_wanted = model.waiting.iter().any(|action| action.needs(model) >= Some(Part::Commands));
        effects.push(Effect::Fetch(Part::Commands, if is_wanted { When::Now } else { When::Idle }));
    }
}

/// Starts the cluster of the workspace on stage.
fn started(model: &mut Model, effects: &mut Effects) {
    model.engine = Engine::Here;
    spaces::start(model, effects);
    recording::fetch(model, effects);
}

fn show_region(model: &mut Model, region: Region) {
    model.page.region = region;
    if region == Region::Terminal {
        model.terminal.tab = LowerTab::Terminal;
    }
}

fn next_language(model: &mut Model, effects: &mut Effects) {
    let lang = match model.page.lang {
        Lang::En => Lang::ZhCn,
        Lang::ZhCn => Lang::En,
    };
    model.page.lang = lang;
    effects.push(Effect::Keep(Stored::Language, tag(lang).to_owned()));
    effects.push(Effect::Title(model.words().title));
    effects.push(Effect::Language(lang, editor::label(model)));
}

fn other_theme(model: &mut Model, effects: &mut Effects) {
    let theme = if model.is_dark() { Theme::Light } else { Theme::Dark };
    model.page.theme = Some(theme);
    effects.push(Effect::PageTheme(theme));
    effects.push(Effect::EditorTheme(model.is_dark()));
    effects.push(Effect::Keep(Stored::Theme, theme.name().to_owned()));
}

/// Draws for the room that the regions have; one that is not shown keeps its last.
fn resize(model: &mut Model, stage: (f64, f64), lanes: f64) {
    if stage.0 > 0.0 {
        (model.stage.width, model.stage.height) = stage;
    }
    if lanes > 0.0 {
        model.time.lanes_width = lanes;
    }
}

fn copy_link(model: &mut Model, effects: &mut Effects) {
    model.spaces.over = spaces::Over::Nothing;
    if !model.allowed.shared {
        return;
    }
    let text = past::shared(&model.session, model.page.lang, model.stage.selected.as_ref());
    if text.len() > LINK_TEXT_MAX {
        link_copied(model, Copied::TooLarge, effects);
    } else {
        effects.push(Effect::CopyLink(text));
    }
}

fn link_copied(model: &mut Model, copied: Copied, effects: &mut Effects) {
    match &copied {
        Copied::Done => {
            let close = Box::new(PageAction::CloseLink.into());
            effects.push(Effect::Later(Timer::LinkNotice, COPIED_FOR, close));
        }
        Copied::Refused(_) => effects.push(Effect::Focus(Spot::Link)),
        Copied::Unsupported | Copied::TooLarge | Copied::Long(_) => {}
    }
    model.page.copied = Some(copied);
}

/// Puts the session of the page's own link on stage.
fn link_opened(model: &mut Model, opened: Result<String, LinkProblem>, effects: &mut Effects) {
    match opened.and_then(|text| past::open(&text)) {
        Ok((session, selected)) => {
            model.put_on_stage(session);
            model.stage.selected = selected;
            effects.push(Effect::NextFrame);
            model.page.opening = Opening::Done;
            editor::show_document(model, effects);
        }
        Err(problem) => model.page.opening = Opening::Failed(problem),
    }
}
