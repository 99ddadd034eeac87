//! The stage: what is selected on it, which set it shows, and what one edits or makes there.

use api::{Key, Kind, Object};
use apimachinery::value::ValueExt;
use scene::{Missing, Scene, SetScene};
use session::examples::{headless_service, storage_class};

use crate::effect::{Effect, Effects, Spot};
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
    /// Something missing is made.
    Create(Missing),
    /// The partition of the set on stage is moved: an edit of its manifest, or a command that is typed.
    Partition(i64),
}

impl StageAction {
    /// Whether it needs a cluster.
    pub const fn needs_engine(&self) -> bool {
        match self {
            Self::Create(_) | Self::Partition(_) => true,
            Self::Select(_) | Self::SelectOrdinal(_) | Self::SelectSet(_) => false,
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
        StageAction::Create(missing) => create(model, &missing, effects),
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
    let documents = &model.session.documents;
    let order = std::iter::once(documents.open).chain(0..documents.all.len());
    let typed = order.into_iter().filter(|_| model.allowed.editable).find_map(|at| {
        let text = &documents.all.get(at)?.text;
        session::manifest::with_partition(text, &set, partition).map(|(text, place)| (at, text, place))
    });
    let Some((at, text, place)) = typed else {
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
    if at != model.session.documents.open {
        model.session.documents.open = at;
        editor::show_document(model, effects);
    }
    let place = text.get(..place).map_or(0, |before| before.encode_utf16().count());
    let end = place + partition.to_string().len();
    effects.push(Effect::SetText(text.clone()));
    effects.push(Effect::Show(end, end));
    if let Some(document) = model.session.documents.current_mut() {
        document.text = text;
    }
    editor::diagnose(model, effects);
    spaces::keep(model, effects);
}

/// Makes what is missing. The person goes on with the document that is open; this one is a tab beside it.
fn create(model: &mut Model, missing: &Missing, effects: &mut Effects) {
    let (name, text) = match missing {
        Missing::StorageClass(name) => (name, storage_class(name)),
        Missing::Service(name) => (name, service(model, name)),
    };
    let name = format!("{name}.yaml");
    model.before_deed();
    model.session.documents.add(&name, &text);
    model.session.apply_text(&name, &text);
    spaces::keep(model, effects);
    time::go_on(model, effects);
}

/// The headless Service of this name for the set that has none, in that set's namespace.
fn service(model: &Model, name: &str) -> String {
    let store = model.session.cluster().store();
    let has_none = |set: &Object| {
        let service = Key::new(Kind::Service, set.metadata.namespace.as_str(), name);
        api::apps::StatefulSet(set).service_name() == name && store.get(&service).is_none()
    };
    let mut users = store.list(Kind::StatefulSet, "").filter(|set| has_none(set));
    let Some(set) = users.next() else { return headless_service(name, &[]) };
    let text = headless_service(name, &match_labels(set));
    match set.metadata.namespace.as_str() {
        "default" => text,
        other => text.replacen("metadata:\n", &format!("metadata:\n  namespace: {other}\n"), 1),
    }
}

fn match_labels(set: &Object) -> Vec<(String, String)> {
    let labels = set.spec().map_at(&["selector", "matchLabels"]).into_iter().flatten();
    labels.map(|(key, value)| (key.clone(), value.as_str().unwrap_or("").to_owned())).collect()
}
