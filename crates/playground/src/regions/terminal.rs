//! The terminal, and the Events beside it.

use crate::effect::{Effect, Effects, Spot};
use crate::model::Model;
use crate::prompt::Prompt;
use crate::regions::{Action, Region, editor, spaces, time};

/// Which tab of the lower left is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LowerTab {
    /// The terminal.
    #[default]
    Terminal,
    /// The events.
    Events,
}

/// What happens at the terminal.
#[derive(Debug, Clone, PartialEq)]
pub enum TerminalAction {
    /// A command line was typed.
    Command(String),
    /// The line was changed.
    Line(String),
    /// A command line is typed by the page, but not run.
    Type(String),
    /// An older command (true) or a newer one.
    Recall(bool),
    /// Ctrl-R: the history is searched, or searched further back.
    Search,
    /// The search of the history is left, with what was found.
    TakeFound,
    /// Tab.
    Complete,
    /// Ctrl-C.
    Interrupt,
    /// The screen is emptied.
    Clear,
    /// The cursor goes to the line.
    Focus,
    /// The terminal or the Events.
    Tab(LowerTab),
}

impl TerminalAction {
    /// Whether it needs a cluster.
    pub const fn needs_engine(&self) -> bool {
        match self {
            Self::Command(_) | Self::Complete => true,
            Self::Line(_)
            | Self::Type(_)
            | Self::Recall(_)
            | Self::Search
            | Self::TakeFound
            | Self::Interrupt
            | Self::Clear
            | Self::Focus
            | Self::Tab(_) => false,
        }
    }
}

/// What the region remembers.
#[derive(Debug, Default)]
pub struct State {
    /// The open tab.
    pub tab: LowerTab,
    /// The line being typed.
    pub prompt: Prompt,
}

/// Does it.
pub fn update(model: &mut Model, action: TerminalAction, effects: &mut Effects) {
    match action {
        TerminalAction::Command(line) => command(model, &line, effects),
        TerminalAction::Line(line) => on_line(model, |prompt, history| prompt.set(line, history)),
        TerminalAction::Type(line) => type_line(model, line, effects),
        TerminalAction::Recall(older) => on_line(model, |prompt, history| prompt.recall(older, history)),
        TerminalAction::Search => on_line(model, Prompt::search),
        TerminalAction::TakeFound => model.terminal.prompt.take_found(),
        TerminalAction::Complete => {
            let offers = model.session.complete(&model.terminal.prompt.line);
            model.terminal.prompt.take_offers(offers);
        }
        TerminalAction::Interrupt => interrupt(model, effects),
        TerminalAction::Clear => clear(model),
        TerminalAction::Focus => go_there(model, effects),
        TerminalAction::Tab(tab) => model.terminal.tab = tab,
    }
}

/// Changes the line, with what was typed so far at hand.
fn on_line(model: &mut Model, change: impl FnOnce(&mut Prompt, &[String])) {
    let history = if model.has_engine() { model.session.history() } else { &[] };
    change(&mut model.terminal.prompt, history);
}

fn command(model: &mut Model, line: &str, effects: &mut Effects) {
    model.terminal.prompt = Prompt::default();
    if line.trim() == "clear" {
        clear(model);
        return;
    }
    let before = editor::current(model);
    model.before_deed();
    model.session.command(line);
    model.terminal.tab = LowerTab::Terminal;
    spaces::keep(model, effects);
    if !editor::show_if_other(model, &before, effects) {
        editor::diagnose(model, effects);
    }
    if model.session.terminal().document().is_some() && model.page.region == Region::Terminal {
        model.page.region = Region::Yaml;
    }
    time::go_on(model, effects);
}

/// Ends the running command; before there is a cluster, gives up what waits for one.
fn interrupt(model: &mut Model, effects: &mut Effects) {
    if !model.has_engine() {
        model.waiting.retain(Action::is_answer);
        model.terminal.prompt = Prompt::default();
        return;
    }
    let before = editor::current(model);
    model.before_deed();
    model.session.interrupt();
    spaces::keep(model, effects);
    model.terminal.prompt = Prompt::default();
    editor::show_if_other(model, &before, effects);
}

fn clear(model: &mut Model) {
    if model.has_engine() {
        model.session.clear();
    }
}

fn go_there(model: &mut Model, effects: &mut Effects) {
    model.terminal.tab = LowerTab::Terminal;
    model.page.region = Region::Terminal;
    effects.push(Effect::Focus(Spot::TerminalLine));
}

/// Puts a command line at the prompt, for the person to run.
pub fn type_line(model: &mut Model, line: String, effects: &mut Effects) {
    model.terminal.prompt = Prompt::of(line);
    go_there(model, effects);
}
