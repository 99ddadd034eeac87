//! Finds what was meant where a manifest is wrong, and what mends it: from the server's words, the table of fields and
//! the object that is there.

use api::schema::Schema;
use api::{Key, Kind, Object};
use apimachinery::schema::{FieldType, Shape, TypeId};
use apimachinery::value::ValueExt;
use apimachinery::yaml::{Node, Span};
use kubectl::annotation::LAST_APPLIED;
use serde_json::{Value, json};

use crate::diagnostic::Diagnostic;
use crate::edits::{self, Edit, entries, member};
use crate::hints::{FixLabel, Hint, QuickFix, Remedy};
use crate::nearest::{is_near, nearest};
use crate::places::{Step, node, parent, steps};

/// Choices offered at most.
const CHOICES_MAX: usize = 4;

/// A document that was refused.
pub(crate) struct Subject<'a> {
    /// The file's name.
    pub file: &'a str,
    /// The file's text.
    pub text: &'a str,
    /// The document's tree.
    pub root: &'a Node,
    /// The document as JSON.
    pub value: &'a Value,
    /// The object that it describes.
    pub key: &'a Key,
    /// That object, as it is.
    pub current: Option<&'a Object>,
}

/// What is known of one complaint.
#[derive(Default)]
pub(crate) struct Mended {
    /// Where it is, if that is nearer than the path that the message names.
    pub span: Option<Span>,
    /// What is the matter.
    pub hint: Option<Hint>,
    /// What mends it.
    pub fixes: Vec<QuickFix>,
}

fn change(label: FixLabel, edits: Vec<Edit>) -> QuickFix {
    QuickFix { label, remedy: Remedy::Edits(edits) }
}

fn change_to(span: Span, word: &str) -> QuickFix {
    let edit = Edit { span, text: edits::scalar(&Value::from(word)) };
    change(FixLabel::ChangeTo(word.to_owned()), vec![edit])
}

/// What the API server says of a field of a document.
pub(crate) fn cause(subject: &Subject<'_>, field: &str, message: &str) -> Mended {
    if message.contains("`selector` does not match template `labels`") {
        return mismatch(subject);
    }
    let (above, name) = parent(field);
    // What is not written is empty, or 0, and that may be wrong.
    let lacks = message.starts_with("Invalid value: ")
        && node(subject.root, above).is_some_and(|map| map.as_map().is_some() && member(map, name).is_none());
    if message.starts_with("Required value") || (lacks && usual(subject, name).is_some()) {
        return required(subject, field);
    }
    let is_fixed = ["fields other than", "immutable", "updates are forbidden"];
    if is_fixed.iter().any(|words| message.contains(words)) {
        return subject
            .current
            .map_or_else(Mended::default, |current| fixed(subject, current, field, message));
    }
    let allowed = allowed(message);
    if allowed.is_empty() { Mended::default() } else { value(subject, field, message, &allowed) }
}

/// The values that a message says are allowed: `supported values: "A", "B"`, `must be 'A' or 'B'`.
fn allowed<'m>(message: &'m str) -> Vec<&'m str> {
    let all = |list: &'m str, quote: char| list.split(quote).skip(1).step_by(2).collect::<Vec<_>>();
    if let Some((_, list)) = message.split_once("supported values: ") {
        return all(list, '"');
    }
    message.split_once("must be '").map_or_else(Vec::new, |(head, _)| {
        let rest = message.get(head.len()..).unwrap_or("");
        if rest.contains(" when ") { Vec::new() } else { all(rest, '\'') }
    })
}

/// A value that is none of those allowed: the nearest one comes first.
fn value(subject: &Subject<'_>, field: &str, message: &str, allowed: &[&str]) -> Mended {
    let Some(found) = node(subject.root, field) else { return Mended::default() };
    // Of a struct the message prints all members: the wrong one is written in it as in the text.
    let is_told = |node: &&Node| {
        node.as_scalar().is_some_and(|scalar| {
            !allowed.contains(&&*scalar.text) && message.contains(&format!("\"{}\"", scalar.text))
        })
    };
    let members = entries(found).iter().map(|entry| &entry.value);
    let Some(wrong) = std::iter::once(found).chain(members).find(is_told) else { return Mended::default() };
    let Some(scalar) = wrong.as_scalar().filter(|_| !wrong.alias) else { return Mended::default() };
    let sorted = nearest(&scalar.text, allowed.iter().copied());
    let hint = match sorted.first() {
        Some((distance, word)) if is_near(*distance, word) => Hint::DidYouMean((*word).to_owned()),
        Some(_) | None => Hint::NoSuchValue(scalar.text.to_string()),
    };
    let fixes = sorted.iter().take(CHOICES_MAX).map(|(_, word)| change_to(wrong.span, word)).collect();
    Mended { span: Some(wrong.span), hint: Some(hint), fixes }
}

/// The type of the struct at a field path.
fn type_at(kind: Kind, path: &str) -> Option<TypeId> {
    let schema = Schema::get();
    let mut here = (schema.of_kind(kind), Shape::One);
    for step in steps(path) {
        here = match (here, step) {
            ((id, Shape::One), Step::Member(name)) => {
                let field = schema.ty(id).field(&name)?;
                let FieldType::Object(inner) = field.ty else { return None };
                (inner, field.shape)
            }
            ((id, Shape::List | Shape::Map), Step::Index(_) | Step::Member(_)) => (id, Shape::One),
            ((_, Shape::One), Step::Index(_)) => return None,
        };
    }
    Some(here.0)
}

/// A field that is not known: the nearest one that is not written yet comes first.
pub(crate) fn no_field(diagnostic: Diagnostic, subject: &Subject<'_>, path: &str) -> Diagnostic {
    let (above, name) = parent(path);
    let found = if above.is_empty() { Some(subject.root) } else { node(subject.root, above) };
    let Some(entry) = found.and_then(|map| member(map, name)) else { return diagnostic };
    let is_written = |name: &str| found.is_some_and(|map| member(map, name).is_some());
    let schema = Schema::get();
    let fields = type_at(subject.key.kind, above).map(|id| &schema.ty(id).fields);
    let free = fields.into_iter().flatten().map(|field| field.name).filter(|name| !is_written(name));
    let near = nearest(name, free).into_iter().filter(|(distance, word)| is_near(*distance, word));
    let near: Vec<&str> = near.map(|(_, word)| word).take(2).collect();
    let hint = match near.first() {
        Some(word) => Hint::DidYouMean((*word).to_owned()),
        None => Hint::NoSuchField(name.to_owned()),
    };
    let mut fixes: Vec<QuickFix> = near.iter().map(|word| change_to(entry.key.span, word)).collect();
    let removed = edits::removed(subject.text, entry);
    fixes.extend(removed.map(|edit| change(FixLabel::Remove(name.to_owned()), vec![edit])));
    Diagnostic { hint: Some(hint), fixes, ..diagnostic }
}

/// A field that must be written: it is, with what is most likely meant.
fn required(subject: &Subject<'_>, field: &str) -> Mended {
    let (above, name) = parent(field);
    let hint = Some(Hint::Required(name.to_owned()));
    let map = if above.is_empty() { Some(subject.root) } else { node(subject.root, above) };
    let (Some(map), Some(value)) = (map, usual(subject, name)) else {
        return Mended { hint, ..Mended::default() };
    };
    let edit = match member(map, name) {
        Some(entry) => edits::replaced(subject.text, entry, &value),
        None => edits::added(subject.text, map, name, &value),
    };
    let label =
        if value.is_string() { format!("{name}: {}", edits::scalar(&value)) } else { name.to_owned() };
    let fixes = edit.map(|edit| change(FixLabel::Insert(label), vec![edit])).into_iter().collect();
    Mended { hint, fixes, ..Mended::default() }
}

/// What most likely is meant by a field that lacks.
fn usual(subject: &Subject<'_>, name: &str) -> Option<Value> {
    let labels = subject.value.at(&["spec", "template", "metadata", "labels"]);
    let object = subject.value.str_at(&["metadata", "name"]);
    Some(match name {
        "serviceName" if !object.is_empty() => object.into(),
        "selector" => json!({"matchLabels": labels?}),
        "name" => "main".into(),
        "image" => "nginx".into(),
        "containers" => json!([{"name": "main", "image": "nginx"}]),
        "accessModes" => json!(["ReadWriteOnce"]),
        "storage" => "1Gi".into(),
        "port" | "containerPort" => 80.into(),
        "mountPath" => "/data".into(),
        "provisioner" => "kubernetes.io/no-provisioner".into(),
        _ => return None,
    })
}

/// The labels of selector and template: one takes those of the other. What the cluster has selected stays selected.
fn mismatch(subject: &Subject<'_>) -> Mended {
    let selected = subject.value.map_at(&["spec", "selector", "matchLabels"]);
    let labels = subject.value.map_at(&["spec", "template", "metadata", "labels"]);
    let mut fixes = Vec::new();
    let here = edits::at(subject.root, &["spec", "template", "metadata", "labels"]);
    let template = edits::at(subject.root, &["spec", "template"]);
    let copied: Vec<Edit> = match (here, selected, template) {
        (Some(map), Some(selected), _) if !entries(map).is_empty() => selected
            .iter()
            .filter(|(name, value)| labels.and_then(|labels| labels.get(*name)) != Some(*value))
            .filter_map(|(name, value)| match member(map, name) {
                Some(entry) => edits::replaced(subject.text, entry, value),
                None => edits::added(subject.text, map, name, value),
            })
            .collect(),
        (None, Some(selected), Some(template)) => match member(template, "metadata") {
            Some(entry) if !entries(&entry.value).is_empty() => {
                edits::added(subject.text, &entry.value, "labels", &json!(selected)).into_iter().collect()
            }
            Some(_) => Vec::new(),
            None => edits::added(subject.text, template, "metadata", &json!({"labels": selected}))
                .into_iter()
                .collect(),
        },
        _ => Vec::new(),
    };
    if !copied.is_empty() {
        fixes.push(change(FixLabel::CopyLabels, copied));
    }
    let selector = edits::at(subject.root, &["spec", "selector"]).and_then(|s| member(s, "matchLabels"));
    if let (Some(entry), Some(labels), None) = (selector, labels, subject.current) {
        let edit = edits::replaced(subject.text, entry, &json!(labels));
        fixes.extend(edit.map(|edit| change(FixLabel::SelectLabels, vec![edit])));
    }
    Mended { hint: Some(Hint::SelectorMismatch), fixes, ..Mended::default() }
}

/// A change of what may not change: it is taken back, or the object is made anew.
fn fixed(subject: &Subject<'_>, current: &Object, field: &str, message: &str) -> Mended {
    let last = serde_json::from_str(current.metadata.annotation(LAST_APPLIED));
    let live = current.to_value();
    let want: Value = last.unwrap_or_else(|_| live.clone());
    // The message names what may change, in quotes.
    let free: Vec<&str> = message.split(['\'', '`']).skip(1).step_by(2).collect();
    let free: Vec<&str> = free.into_iter().filter_map(|name| name.rsplit('.').next()).collect();
    let path: Vec<&str> = field.split('.').take_while(|name| !name.contains('[')).collect();
    let mut back =
        TakenBack { text: subject.text, free: &free, edits: Vec::new(), names: Vec::new(), span: None };
    if let [leading @ .., name] = path.as_slice()
        && let Some(map) =
            if leading.is_empty() { Some(subject.root) } else { edits::at(subject.root, leading) }
    {
        let only = |value: &Value| json!({ *name: value.at(&path).cloned().unwrap_or(Value::Null) });
        back.take(map, &only(subject.value), &only(&want), &only(&live), Some(name));
    }
    let names = if back.names.is_empty() { field.to_owned() } else { back.names.join(", ") };
    let mut fixes = Vec::new();
    if !back.edits.is_empty() {
        fixes.push(change(FixLabel::TakeBack, back.edits));
    }
    if subject.key.kind == Kind::StatefulSet && !subject.file.is_empty() {
        let namespace = match &*subject.key.namespace {
            "default" => String::new(),
            other => format!(" -n {other}"),
        };
        let line = format!(
            "kubectl delete sts {}{namespace} --cascade=orphan && kubectl apply -f {}",
            subject.key.name, subject.file
        );
        fixes.push(QuickFix { label: FixLabel::Recreate, remedy: Remedy::Type(line) });
    }
    Mended { span: back.span, hint: Some(Hint::Immutable(names)), fixes }
}

/// Edits that lead back to what was applied.
struct TakenBack<'a> {
    text: &'a str,
    /// Members that may change.
    free: &'a [&'a str],
    edits: Vec<Edit>,
    /// The outermost members that were changed.
    names: Vec<String>,
    span: Option<Span>,
}

impl TakenBack<'_> {
    /// Takes a map back; `only` is the one member to look at.
    fn take(&mut self, map: &Node, have: &Value, want: &Value, live: &Value, only: Option<&str>) {
        let empty = serde_json::Map::new();
        let (have_map, want_map) = (have.as_object().unwrap_or(&empty), want.as_object().unwrap_or(&empty));
        let mut names: Vec<&String> = have_map.keys().chain(want_map.keys()).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let is_left_out = only.is_some_and(|only| only != name) || self.free.contains(&name.as_str());
            let (is, was) = (have_map.get(name), want_map.get(name).filter(|was| !was.is_null()));
            let lives = live.get(name);
            if is_left_out || is == was || (is.is_some() && is == lives) {
                continue;
            }
            let entry = member(map, name);
            if let (Some(entry), Some(is), Some(was)) = (entry, is, was)
                && is.is_object()
                && was.is_object()
            {
                self.take(&entry.value, is, was, lives.unwrap_or(&Value::Null), None);
                continue;
            }
            let edit = match (entry, was) {
                (Some(entry), Some(was)) => edits::replaced(self.text, entry, was),
                (Some(entry), None) => edits::removed(self.text, entry),
                (None, Some(was)) => edits::added(self.text, map, name, was),
                (None, None) => None,
            };
            self.edits.extend(edit);
            self.names.push(name.clone());
            self.span = self.span.or(entry.map(|entry| entry.key.span));
        }
    }
}

/// A kind that is not known, or is of another version.
pub(crate) fn no_kind(diagnostic: Diagnostic, root: &Node, version: &str, kind: &str) -> Diagnostic {
    let named = Kind::ALL.iter().map(|known| known.info().name);
    let Some((distance, word)) = nearest(kind, named).into_iter().next() else { return diagnostic };
    let Some(known) = Kind::ALL.iter().find(|known| known.info().name == word) else { return diagnostic };
    if !is_near(distance, word) {
        return diagnostic;
    }
    let wanted = known.info().api_version();
    let mut edits = Vec::new();
    let mut meant = Vec::new();
    for (name, is, wanted) in [("kind", kind, word), ("apiVersion", version, wanted.as_str())] {
        if let Some(entry) = member(root, name).filter(|_| is != wanted) {
            edits.push(Edit { span: entry.value.span, text: wanted.to_owned() });
            meant.push(wanted.to_owned());
        }
    }
    let meant = meant.join(", ");
    let fixes = vec![change(FixLabel::ChangeTo(meant.clone()), edits)];
    Diagnostic { hint: Some(Hint::DidYouMean(meant)), fixes, ..diagnostic }
}

/// A value of the wrong type: quotes make a text of it, and without them it may be a number.
pub(crate) fn wrong_type(diagnostic: Diagnostic, text: &str, span: Span) -> Diagnostic {
    let Some(written) = span.slice(text) else { return diagnostic };
    let bare = written.trim_matches(['"', '\'']);
    let wants_text = diagnostic.message.contains("of type string");
    let is_quoted = bare.len() != written.len();
    let is_plain = bare.parse::<i64>().is_ok() || matches!(bare, "true" | "false");
    let (hint, word) = match (wants_text, is_quoted) {
        (true, false) => (Hint::WantsText, format!("\"{written}\"")),
        (false, true) if is_plain => (Hint::WantsPlain, bare.to_owned()),
        (true | false, _) => return diagnostic,
    };
    let edit = Edit { span, text: word.clone() };
    Diagnostic { hint: Some(hint), fixes: vec![change(FixLabel::ChangeTo(word), vec![edit])], ..diagnostic }
}

/// A text that is not YAML because of a tab before the first letter of a line: where that is, and all of them as blanks.
/// The reader may stumble over the line before.
pub(crate) fn tab(text: &str, span: Span) -> Option<(Span, QuickFix)> {
    let start = text.get(..span.start)?.rfind('\n').map_or(0, |at| at + 1);
    let mut found = None;
    let mut edits = Vec::new();
    let mut at = 0;
    let mut near = 0;
    for line in text.split_inclusive('\n') {
        let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
        let head = line.get(..blanks).unwrap_or("");
        near += usize::from(at >= start);
        if let Some(tab) = head.find('\t').filter(|_| blanks < line.trim_end().len()) {
            edits.push(Edit { span: Span::new(at, at + blanks), text: head.replace('\t', "  ") });
            if (1..=2).contains(&near) {
                found = found.or(Some(Span::new(at + tab, at + blanks)));
            }
        }
        at += line.len();
    }
    found.map(|span| (span, change(FixLabel::Blanks, edits)))
}
