//! Finds what is wrong with a text in the editor, and where, without sending it.
//!
//! The messages are those of kubectl for YAML, and those of the API server for everything else: it is
//! asked for real, on a copy of the cluster that is thrown away.

use api::{Key, Kind};
use apimachinery::value::ValueExt;
use apimachinery::yaml::{self, Document, Node, NodeKind, Span};
use apimachinery::{Reason, Status};
use apiserver::{Actor, Body, FieldValidation, Patch, Request, Subresource, Verb, WriteOptions};
use cluster::Cluster;
use kubectl::annotation::with_last_applied;
use kubectl::apply::patch_for;
use serde_json::Value;

/// Documents of one text that are looked at; more are left to the server.
const DOCUMENTS_MAX: usize = 50;
/// Diagnostics shown.
const DIAGNOSTICS_MAX: usize = 100;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// It would be refused.
    Error,
    /// It would be taken, perhaps not as meant.
    Warning,
}

/// Something wrong at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// From here, in UTF-16 units: what editors count in.
    pub from: usize,
    /// To here.
    pub to: usize,
    /// The line, from 1.
    pub line: usize,
    /// How bad it is.
    pub severity: Severity,
    /// The words of kubectl or the server.
    pub message: String,
}

/// What is wrong with `text` if `actor` applied it now.
pub fn diagnose(text: &str, cluster: &Cluster, actor: &Actor) -> Vec<Diagnostic> {
    let places = Places::new(text);
    let mut found = Vec::new();
    for document in yaml::read(text, &yaml::Limits::default()).iter().take(DOCUMENTS_MAX) {
        for problem in &document.problems {
            let severity = if problem.kind.is_fatal() { Severity::Error } else { Severity::Warning };
            found.push(places.diagnostic(problem.span, severity, problem.message.clone()));
        }
        if let (Ok(Some(value)), Some(root)) = (document.to_value(), &document.root) {
            check(document, root, value, cluster, actor, &places, &mut found);
        }
        if found.len() >= DIAGNOSTICS_MAX {
            found.truncate(DIAGNOSTICS_MAX);
            break;
        }
    }
    found
}

fn check(
    document: &Document,
    root: &Node,
    value: Value,
    cluster: &Cluster,
    actor: &Actor,
    places: &Places<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let (version, kind_name) = (value.str_at(&["apiVersion"]).to_owned(), value.str_at(&["kind"]).to_owned());
    let head = Span::new(document.span.start, document.span.start + 1);
    let first = first_line(root).unwrap_or(head);
    for (member, text) in [("apiVersion", &version), ("kind", &kind_name)] {
        if text.is_empty() {
            found.push(places.diagnostic(first, Severity::Error, format!("{member} not set")));
            return;
        }
    }
    let Some(kind) = Kind::from_manifest(&version, &kind_name) else {
        let message = format!("no matches for kind \"{kind_name}\" in version \"{version}\"");
        found.push(places.diagnostic(span_of(root, &["kind"]).unwrap_or(first), Severity::Error, message));
        return;
    };
    let given = value.str_at(&["metadata", "namespace"]);
    let namespace = if given.is_empty() { "default" } else { given };
    let key = Key::new(kind, namespace, value.str_at(&["metadata", "name"]));
    // As `kubectl apply` asks.
    let field_validation = FieldValidation::Strict;
    let options = WriteOptions { dry_run: true, field_validation, ..WriteOptions::default() };
    let ask = |verb| cluster.dry_run(&Request { actor: actor.clone(), key: key.clone(), verb });
    let answer = match cluster.store().get(&key) {
        None => ask(Verb::Create(Body::Untyped(value), options)),
        Some(current) => {
            match ask(Verb::Update(Body::Untyped(value.clone()), Subresource::None, options.clone())) {
                // Put in its place the text would take away what others have written, such as a claim's volume.
                // `kubectl apply` merges instead. What cannot be decoded it tells without the place.
                Err(status) if status.reason == Reason::Invalid => {
                    let patch = patch_for(current, &with_last_applied(&value, namespace));
                    ask(Verb::Patch(Patch::StrategicMerge(patch), Subresource::None, options))
                }
                answer => answer,
            }
        }
    };
    match answer {
        Ok(answer) => {
            for warning in answer.warnings {
                let span = path_in(&warning).and_then(|path| locate(root, &path)).unwrap_or(first);
                found.push(places.diagnostic(span, Severity::Warning, warning));
            }
        }
        Err(status) => refused(&status, root, first, places, found),
    }
}

fn refused(status: &Status, root: &Node, first: Span, places: &Places<'_>, found: &mut Vec<Diagnostic>) {
    if status.reason == Reason::Invalid && !status.details.causes.is_empty() {
        for cause in &status.details.causes {
            let span = locate(root, &cause.field).unwrap_or(first);
            let message = format!("{}: {}", cause.field, cause.message);
            found.push(places.diagnostic(span, Severity::Error, message));
        }
        return;
    }
    let unknown: Vec<&str> = quoted_after(&status.message, "unknown field ");
    if !unknown.is_empty() {
        for path in unknown {
            let span = locate_key(root, path).unwrap_or(first);
            found.push(places.diagnostic(span, Severity::Error, format!("unknown field \"{path}\"")));
        }
        return;
    }
    let span = go_path(&status.message).and_then(|path| locate_loosely(root, &path)).unwrap_or(first);
    found.push(places.diagnostic(span, Severity::Error, status.message.clone()));
}

/// The quoted words that follow each occurrence of `lead`.
fn quoted_after<'m>(message: &'m str, lead: &str) -> Vec<&'m str> {
    message.split(lead).skip(1).filter_map(|rest| rest.strip_prefix('"')?.split('"').next()).collect()
}

/// `spec.replicas` of "cannot unmarshal string into Go struct field StatefulSetSpec.spec.replicas of type int32".
fn go_path(message: &str) -> Option<Vec<String>> {
    let rest = message.split("Go struct field ").nth(1)?;
    let full = rest.split(' ').next()?;
    Some(full.split('.').skip(1).map(str::to_owned).collect())
}

/// The field path that begins a warning: `spec.template.spec.containers[0].ports[0]: …`.
fn path_in(warning: &str) -> Option<String> {
    let (path, _) = warning.split_once(": ")?;
    (!path.contains(' ')).then(|| path.to_owned())
}

fn first_line(root: &Node) -> Option<Span> {
    root.as_map()?
        .first()
        .map(|entry| Span::new(entry.key.span.start, entry.value.span.end.max(entry.key.span.end)))
        .map(|span| Span::new(span.start, span.end.min(span.start + 80)))
}

fn span_of(root: &Node, path: &[&str]) -> Option<Span> {
    let mut here = root;
    for name in path {
        here = &here.as_map()?.iter().find(|entry| &*entry.name == *name)?.value;
    }
    Some(here.span)
}

/// A step of a field path.
enum Step {
    Member(String),
    Index(usize),
}

/// Reads `spec.template.spec.containers[0].name`, `metadata.labels[app]`.
fn steps(path: &str) -> Vec<Step> {
    let mut found = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let (key, after) = inner.split_once(']').unwrap_or((inner, ""));
            found.push(key.parse().map_or_else(|_| Step::Member(key.to_owned()), Step::Index));
            rest = after.strip_prefix('.').unwrap_or(after);
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            found.push(Step::Member(name.to_owned()));
            rest = after.strip_prefix('.').unwrap_or(after);
        }
    }
    found
}

/// The place of a field path: the value, or the nearest thing above it that is written.
fn locate(root: &Node, path: &str) -> Option<Span> {
    if path.is_empty() {
        return None;
    }
    let mut here = root;
    let mut span = None;
    for step in steps(path) {
        let (next, at) = match (&step, &here.kind) {
            (Step::Member(name), NodeKind::Map(entries)) => {
                let Some(entry) = entries.iter().rev().find(|entry| *entry.name == **name) else { break };
                let is_leaf = matches!(entry.value.kind, NodeKind::Scalar(_));
                (
                    &entry.value,
                    if is_leaf && !entry.value.span.is_empty() { entry.value.span } else { entry.key.span },
                )
            }
            (Step::Index(at), NodeKind::Seq(items)) => {
                let Some(item) = items.get(*at) else { break };
                let key = item.as_map().and_then(|entries| entries.first()).map(|entry| entry.key.span);
                (item, key.unwrap_or(item.span))
            }
            _ => break,
        };
        here = next;
        span = Some(at);
    }
    span
}

/// The place of a field's name.
fn locate_key(root: &Node, path: &str) -> Option<Span> {
    let mut here = root;
    let mut span = None;
    for step in steps(path) {
        match (&step, &here.kind) {
            (Step::Member(name), NodeKind::Map(entries)) => {
                let entry = entries.iter().rev().find(|entry| *entry.name == **name)?;
                span = Some(entry.key.span);
                here = &entry.value;
            }
            (Step::Index(at), NodeKind::Seq(items)) => here = items.get(*at)?,
            _ => return span,
        }
    }
    span
}

/// The place of a path that leaves out list indexes, as Go's errors do: the first that fits.
fn locate_loosely(node: &Node, path: &[String]) -> Option<Span> {
    match (&node.kind, path.split_first()) {
        (_, None) => Some(node.span),
        (NodeKind::Seq(items), Some(_)) => items.iter().find_map(|item| locate_loosely(item, path)),
        (NodeKind::Map(entries), Some((name, rest))) => {
            let entry = entries.iter().find(|entry| &*entry.name == name.as_str())?;
            locate_loosely(&entry.value, rest)
        }
        (NodeKind::Scalar(_), Some(_)) => Some(node.span),
    }
}

/// Turns places in bytes into places in UTF-16 units, which editors count in.
struct Places<'t> {
    text: &'t str,
}

impl<'t> Places<'t> {
    fn new(text: &'t str) -> Self {
        Self { text }
    }

    fn utf16(&self, byte: usize) -> usize {
        let mut end = byte.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        self.text.get(..end).map_or(0, |before| before.encode_utf16().count())
    }

    fn diagnostic(&self, span: Span, severity: Severity, message: String) -> Diagnostic {
        let end = span.end.max(span.start + 1).min(self.text.len().max(span.start));
        let before = self.text.as_bytes().get(..span.start).unwrap_or_default();
        Diagnostic {
            from: self.utf16(span.start),
            to: self.utf16(end),
            line: before.split(|byte| *byte == b'\n').count(),
            severity,
            message,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::examples::NOTE_003;

    fn of(text: &str) -> Vec<(String, String)> {
        let cluster = Cluster::new(cluster::Config::default());
        let units: Vec<u16> = text.encode_utf16().collect();
        diagnose(text, &cluster, &Actor::user())
            .into_iter()
            .map(|d| (String::from_utf16(units.get(d.from..d.to).unwrap()).unwrap(), d.message))
            .collect()
    }

    #[test]
    fn the_notes_are_clean() {
        for (_, text) in NOTE_003.files {
            assert_eq!(of(text), []);
        }
    }

    #[test]
    fn a_wrong_type_is_underlined_where_it_stands() {
        let text = NOTE_003.files[0].1.replace("replicas: 3", "replicas: \"three\"");
        let found = of(&text);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, "\"three\"");
        assert!(
            found[0].1.contains(
                "cannot unmarshal string into Go struct field StatefulSetSpec.spec.replicas of type int32"
            ),
            "{found:?}"
        );
    }

    #[test]
    fn an_unknown_field_is_underlined_at_its_name() {
        let text = NOTE_003.files[0].1.replace("  replicas: 3", "  replica: 3");
        assert_eq!(of(&text), [("replica".to_owned(), "unknown field \"spec.replica\"".to_owned())]);
    }

    #[test]
    fn an_invalid_value_says_what_the_server_says() {
        let text = NOTE_003.files[0].1.replace("replicas: 3", "replicas: -1");
        let message = "spec.replicas: Invalid value: -1: must be greater than or equal to 0";
        assert_eq!(of(&text), [("-1".to_owned(), message.to_owned())]);
    }

    /// What others have filled in is not missing in the text; what may not change may not be changed by it either.
    #[test]
    fn what_was_applied_is_clean_and_a_forbidden_change_is_told() {
        let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: main\n    \
                    image: nginx:1.27\n---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\n\
                    spec:\n  storageClassName: fast\n  accessModes: [ReadWriteOnce]\n  resources: {requests: \
                    {storage: 1Gi}}\n";
        let mut session = crate::Session::new(crate::laboratory(), None);
        session.documents = crate::Documents::of(vec![crate::Document::new("a.yaml", text)], 0);
        session.apply();
        session.settle(std::time::Duration::from_secs(60));
        let of = |text: &str| -> Vec<String> {
            session.diagnose(text).into_iter().map(|found| found.message).collect()
        };
        assert_eq!(of(text), [""; 0]);
        let found = of(&text.replace("name: main\n", "name: main\n    command: [sh]\n"));
        assert!(
            matches!(found.as_slice(), [one] if one.contains("pod updates may not change fields")),
            "{found:?}"
        );
        let found = of(&text.replace("[ReadWriteOnce]", "[ReadWriteMany]"));
        assert!(
            matches!(found.as_slice(), [one] if one.contains("spec is immutable after creation")),
            "{found:?}"
        );
    }

    #[test]
    fn broken_text_is_bounded() {
        for text in ["[".repeat(20_000), "a: &a [*a]".to_owned(), "x: [".to_owned(), "\t- a: b".to_owned()] {
            assert!(!of(&text).is_empty());
        }
    }
}
