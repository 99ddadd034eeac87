//! The stage: what is selected on it, which set it shows, and what one edits or makes there.

use api::{Key, Kind};
use scene::{Scene, SetScene};
use session::missing::{Fix, Lack, Missing};

use crate::effect::{Effect, Effects, Part, Spot};
use crate::model::Model;
use crate::regions::{editor, spaces, terminal, time};

/// What happens on the stage.
#[derive(Debug, Clone, PartialEq)]
pub enum StageAction {
    /// An object is selected, or nothing.
    Select(Option<Key>),
    /// A digit is typed: the Pod of that ordinal is selected, or of one with more digits.
    SelectOrdinal(i64),
    /// Another set is shown, by its place.
    SelectSet(usize),
    /// Something missing is mended in this way.
    Mend(Missing, Fix),
    /// What was assumed in place of something missing is taken note of.
    Dismiss(Missing),
    /// The partition of the set on stage is moved: an edit of its manifest, or a command that is typed.
    Partition(i64),
}

impl StageAction {
    /// Whether it needs a cluster.
    pub const fn needs_engine(&self) -> bool {
        match self {
            Self::Mend(..) | Self::Partition(_) => true,
            Self::Select(_) | Self::SelectOrdinal(_) | Self::SelectSet(_) | Self::Dismiss(_) => false,
        }
    }
}

/// What the region remembers.
#[derive(Debug)]
pub struct State {
    /// The selected object.
    pub selected: Option<Key>,
    /// Which set is shown, by its place.
    pub set: usize,
    /// The set that is shown, which may change its place.
    shown: Option<Key>,
    /// A person chose it, so the stage stays there.
    is_chosen: bool,
    /// The ordinal that was typed last, and when, in milliseconds of the page's own clock.
    typed: Option<(i64, f64)>,
    /// Names of what was assumed, that somebody has taken note of.
    pub dismissed: Vec<String>,
    /// The width to fill, in CSS pixels.
    pub width: f64,
    /// The height that is there, in CSS pixels.
    pub height: f64,
}

impl Default for State {
    fn default() -> Self {
        Self {
            selected: None,
            set: 0,
            shown: None,
            is_chosen: false,
            typed: None,
            dismissed: Vec::new(),
            width: 700.0,
            height: 520.0,
        }
    }
}

impl State {
    /// Nothing is selected, and nobody has chosen a set.
    pub fn clear(&mut self) {
        *self = Self { width: self.width, height: self.height, ..Self::default() };
    }
}

/// Does it.
pub fn update(model: &mut Model, action: StageAction, effects: &mut Effects) {
    match action {
        StageAction::Select(key) => {
            if let Some(at) = key.as_ref().and_then(|key| set_of(&model.shown.scene, key)) {
                show_set(model, at);
            }
            model.stage.selected = key;
        }
        StageAction::SelectOrdinal(digit) => select_ordinal(model, digit, effects),
        StageAction::SelectSet(at) => show_set(model, at),
        StageAction::Mend(missing, fix) => mend(model, &missing, fix, effects),
        StageAction::Dismiss(missing) => model.stage.dismissed.push(missing.name),
        StageAction::Partition(partition) => move_partition(model, partition, effects),
    }
}

/// A person looks at a set, and stays there.
fn show_set(model: &mut Model, at: usize) {
    let stage = &mut model.stage;
    (stage.set, stage.is_chosen) = (at, true);
    stage.shown = model.shown.scene.sets.get(at).map(|set| set.key.clone());
}

/// The place of the set that an object belongs to.
fn set_of(scene: &Scene, key: &Key) -> Option<usize> {
    let has = |set: &SetScene| {
        let columns = || set.columns.iter();
        set.key == *key
            || columns().any(|column| column.pod.as_ref().is_some_and(|pod| pod.key == *key))
            || columns().flat_map(|column| &column.claims).any(|claim| claim.key == *key)
    };
    scene.sets.iter().position(has)
}

/// Finds the set on stage again among those that are there now. Unless a person chose it, the stage goes to one
/// that is blocked.
pub fn follow(stage: &mut State, scene: &Scene) {
    let place = |key: &Key| scene.sets.iter().position(|set| set.key == *key);
    let known = stage.shown.as_ref().and_then(place);
    if known.is_none() {
        stage.is_chosen = false;
    }
    let here = known.unwrap_or(0);
    let is_well = scene.sets.get(here).is_none_or(|set| !set.struggles());
    let blocked = scene.sets.iter().position(SetScene::is_blocked).filter(|_| !stage.is_chosen && is_well);
    stage.set = blocked.unwrap_or(here);
    stage.shown = scene.sets.get(stage.set).map(|set| set.key.clone());
}

/// Digits typed within this time are one ordinal, in milliseconds.
const ONE_NUMBER: f64 = 600.0;

fn select_ordinal(model: &mut Model, digit: i64, effects: &mut Effects) {
    let now = (model.watch)();
    let before = model.stage.typed.filter(|(_, at)| now - at < ONE_NUMBER);
    let ordinal = before.map_or(digit, |(tens, _)| tens.saturating_mul(10).saturating_add(digit));
    model.stage.typed = Some((ordinal, now));
    let Some(set) = model.shown.scene.sets.get(model.stage.set) else { return };
    if let Some(column) = set.columns.iter().find(|column| column.ordinal == ordinal) {
        let namespace = set.key.namespace.clone();
        model.stage.selected = Some(Key::new(Kind::Pod, namespace, column.name.as_str()));
        effects.push(Effect::Focus(Spot::Selected));
    }
}

/// The partition that is typed for the set on stage, but not applied.
pub fn draft(model: &Model) -> Option<i64> {
    let set = model.shown.scene.sets.get(model.stage.set)?;
    model.editor.drafts.iter().find(|(key, _)| *key == set.key).map(|(_, partition)| *partition)
}

/// Types the partition into the manifest that the set on stage came from, or else the command that sets it.
fn move_partition(model: &mut Model, partition: i64, effects: &mut Effects) {
    let Some(set) = model.shown.scene.sets.get(model.stage.set).map(|set| set.key.clone()) else { return };
    let typed = in_a_document(model, |text| session::manifest::with_partition(text, &set, partition));
    let Some((at, (text, place))) = typed else {
        let patch =
            format!(r#"{{"spec":{{"updateStrategy":{{"rollingUpdate":{{"partition":{partition}}}}}}}}}"#);
        let namespace = match &*set.namespace {
            "default" => String::new(),
            other => format!(" -n {other}"),
        };
        let line = format!("kubectl patch sts {}{namespace} -p '{patch}'", set.name);
        terminal::type_line(model, line, effects);
        return;
    };
    let place = text.get(..place).map_or(0, |before| before.encode_utf16().count());
    let end = place + partition.to_string().len();
    editor::write(model, at, text, Some((end, end)), effects);
}

/// The first document that can be changed so, the open one before the others: its place, and what came of it.
fn in_a_document<T>(model: &Model, change: impl Fn(&str) -> Option<T>) -> Option<(usize, T)> {
    let documents = &model.session.documents;
    let order = std::iter::once(documents.open).chain(0..documents.all.len());
    let mut order = order.filter(|_| model.allowed.editable);
    order.find_map(|at| change(&documents.all.get(at)?.text).map(|changed| (at, changed)))
}

/// The part of the program that mending something missing needs: two kinds and all faults come with the commands.
pub const fn mend_needs(missing: &Missing, fix: &Fix) -> Part {
    match (fix, missing.lack) {
        (Fix::TakeAsServer(..), _) | (Fix::Make(..), Lack::Secret | Lack::PriorityClass) => Part::Commands,
        (Fix::Make(..) | Fix::MarkOptional | Fix::UseImage(_) | Fix::Look(_), _) => Part::Engine,
    }
}

/// Mends what is missing. Something that is made is a tab beside the open document, with which the person goes on; a
/// manifest is changed as if it had been typed, and is still to be applied.
fn mend(model: &mut Model, missing: &Missing, fix: Fix, effects: &mut Effects) {
    match fix {
        Fix::Make(name, text) => {
            model.before_deed();
            model.session.documents.add(&name, &text);
            model.session.apply_text(&name, &text);
        }
        Fix::TakeAsServer(fault, text) => {
            model.before_deed();
            if let Err(refusal) = model.session.fault(fault, &text) {
                model.page.announcement = refusal.sentence(model.page.lang);
                return;
            }
        }
        Fix::MarkOptional => {
            let is_secret = missing.lack == Lack::Secret;
            let change = |text: &str| session::manifest::with_optional(text, is_secret, &missing.name);
            return change_document(model, change, effects);
        }
        Fix::UseImage(image) => {
            let change = |text: &str| session::manifest::with_image(text, &missing.name, &image);
            return change_document(model, change, effects);
        }
        Fix::Look(key) => {
            model.stage.selected = Some(key);
            return;
        }
    }
    spaces::keep(model, effects);
    time::go_on(model, effects);
}

/// Changes a manifest, and shows where.
fn change_document(model: &mut Model, change: impl Fn(&str) -> Option<String>, effects: &mut Effects) {
    let Some((at, text)) = in_a_document(model, change) else { return };
    let before = model.session.documents.all.get(at).map_or("", |document| document.text.as_str());
    let same = before.encode_utf16().zip(text.encode_utf16()).take_while(|(a, b)| a == b).count();
    editor::write(model, at, text, Some((same, same)), effects);
}
