//! What reads a text, as the page hands it over.

use std::time::Duration;

use apimachinery::labels::Selector;
use apimachinery::{Quantity, duration};
use kubectl::gotemplate::GoTemplate;
use kubectl::jsonpath::Template;
use serde_json::Value;
use session::Session;
use session::script::{Limits, Script};

/// A reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A document in the editor: underlined, applied.
    Yaml,
    /// A line at the terminal.
    Line,
    /// `-o go-template`.
    Template,
    /// `-o jsonpath`, `-o custom-columns` and `--sort-by`.
    JsonPath,
    /// `kubectl patch`, of each type.
    Patch,
    /// A session in a link.
    Link,
    /// Selectors, quantities, durations.
    Words,
}

impl Target {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Yaml, Self::Line, Self::Template, Self::JsonPath, Self::Patch, Self::Link, Self::Words];

    /// Its name on a command line and in the names of what was found.
    pub fn name(self) -> &'static str {
        match self {
            Self::Yaml => "yaml",
            Self::Line => "line",
            Self::Template => "template",
            Self::JsonPath => "jsonpath",
            Self::Patch => "patch",
            Self::Link => "link",
            Self::Words => "words",
        }
    }

    /// The target of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.name() == name)
    }
}

/// A session of a visitor, and its objects as templates see them.
#[derive(Debug)]
pub struct Stage {
    session: Session,
    objects: Value,
}

/// Simulated time that follows a text.
const AFTERWARDS: Duration = Duration::from_millis(1_500);
/// Moments that are played at most: each is a slice of its own, between which a person can stop.
const MOMENTS: usize = 40;

fn moments() -> impl FnMut() -> bool {
    let mut left = MOMENTS;
    move || {
        left = left.saturating_sub(1);
        left > 0
    }
}

impl Default for Stage {
    /// Three Pods of a set with claims, ready.
    fn default() -> Self {
        let mut session = Session::default();
        session.apply_text("class.yaml", &session::examples::storage_class("my-storage-class"));
        session.apply();
        session.play(Duration::from_secs(60));
        let kinds = api_kinds();
        let store = session.cluster().store();
        let items =
            kinds.into_iter().flat_map(|kind| store.list(kind, "").map(|object| object.to_whole_value()));
        let objects = serde_json::json!({"kind": "List", "items": items.collect::<Vec<_>>()});
        Self { session, objects }
    }
}

fn api_kinds() -> [api::Kind; 3] {
    [api::Kind::Pod, api::Kind::StatefulSet, api::Kind::Node]
}

impl Stage {
    /// Lets a target read a text.
    pub fn read(&self, target: Target, text: &str) {
        match target {
            Target::Yaml => self.yaml(text),
            Target::Line => self.line(text),
            Target::Template => {
                drop(GoTemplate::parse(text).map(|template| template.print(&self.objects)));
            }
            Target::JsonPath => self.path(text),
            Target::Patch => {
                for kind in ["json", "merge", "strategic"] {
                    let quoted = text.replace('\'', "'\\''");
                    self.line(&format!("kubectl patch sts web --type={kind} -p '{quoted}'"));
                }
            }
            Target::Link => link(text),
            Target::Words => words(text),
        }
    }

    fn yaml(&self, text: &str) {
        let mut session = self.session.clone();
        session.diagnose(text);
        session.apply_text("fuzzed.yaml", text);
        afterwards(&mut session);
    }

    fn line(&self, text: &str) {
        let mut session = self.session.clone();
        session.complete(text);
        session.command(text);
        afterwards(&mut session);
        session.interrupt();
    }

    fn path(&self, text: &str) {
        for template in [Template::parse(text), Template::relaxed(text)].into_iter().flatten() {
            drop((template.print(&self.objects), template.print_json(&self.objects)));
        }
        if let Ok(columns) = kubectl::columns::parse(text) {
            drop(kubectl::columns::row(&columns, &self.objects));
        }
    }
}

fn link(text: &str) {
    let Ok(script) = Script::read(text, Limits::LINK) else { return };
    let mut session = Session::open(&script);
    // What follows is played piece by piece, and a visitor may give it up.
    session.catch_up(&mut moments());
    drop(session.script().to_text());
}

fn afterwards(session: &mut Session) {
    session.play_within(AFTERWARDS, &mut moments());
    drop((session.scene(), session.why(None, apimachinery::Lang::En)));
}

fn words(text: &str) {
    drop((Selector::parse(text), Quantity::parse(text), duration::parse_go(text)));
    drop(kubectl::line::split(text).map(|words| kubectl::filter::Filter::new(&words)));
}
