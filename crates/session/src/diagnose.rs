//! Finds what is wrong with a text in the editor, and where, without sending it.
//!
//! The messages are those of kubectl for YAML, and those of the API server for everything else: it is
//! asked for real, on a copy of the cluster that is thrown away.

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use api::{Key, Kind};
use apimachinery::value::ValueExt;
use apimachinery::yaml::{self, Document, Node, Span};
use apimachinery::{Reason, Status};
use apiserver::{Actor, Answer, Body, FieldValidation, Patch, Request, Subresource, Verb, WriteOptions};
use cluster::Cluster;
use kubectl::annotation::with_last_applied;
use kubectl::apply::patch_for;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Severity};
use crate::hints::Hint;
use crate::mend::{self, Subject};
use crate::places::{locate, locate_key, locate_loosely};

/// Documents of one text that are looked at; more are left to the server.
const DOCUMENTS_MAX: usize = 50;
/// Diagnostics shown.
const DIAGNOSTICS_MAX: usize = 100;

/// What is wrong with `text` if `actor` applied it now; it is in the file `name`.
pub fn diagnose(name: &str, text: &str, cluster: &Cluster, actor: &Actor) -> Vec<Diagnostic> {
    let places = Places::new(name, text);
    let mut found = Vec::new();
    for document in yaml::read(text, &yaml::Limits::default()).iter().take(DOCUMENTS_MAX) {
        for problem in &document.problems {
            let severity = if problem.kind.is_fatal() { Severity::Error } else { Severity::Warning };
            let tab = mend::tab(text, problem.span).filter(|_| problem.kind.is_fatal());
            let span = tab.as_ref().map_or(problem.span, |(span, _)| *span);
            let diagnostic = places.diagnostic(span, severity, problem.message.clone());
            let hint = tab.as_ref().map(|_| Hint::Tab);
            let fixes = tab.map(|(_, fix)| fix).into_iter().collect();
            found.push(Diagnostic { hint, fixes, ..diagnostic });
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

/// What the API server says if `actor` applies an object; nothing is written.
fn applied(key: &Key, value: Value, cluster: &Cluster, actor: &Actor) -> Answer {
    // As `kubectl apply` asks.
    let field_validation = FieldValidation::Strict;
    let options = WriteOptions { dry_run: true, field_validation, ..WriteOptions::default() };
    let ask = |verb| cluster.dry_run(&Request { actor: actor.clone(), key: key.clone(), verb });
    let Some(current) = cluster.store().get(key) else {
        return ask(Verb::Create(Body::Untyped(value), options));
    };
    match ask(Verb::Update(Body::Untyped(value.clone()), Subresource::None, options.clone())) {
        // Put in its place the text would take away what others have written, such as a claim's volume.
        // `kubectl apply` merges instead. What cannot be decoded it tells without the place.
        Err(status) if status.reason == Reason::Invalid => {
            let patch = patch_for(current, &with_last_applied(&value, &key.namespace));
            ask(Verb::Patch(Patch::StrategicMerge(patch), Subresource::None, options))
        }
        answer => answer,
    }
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
        let span = span_of(root, &["kind"]).unwrap_or(first);
        let diagnostic = places.diagnostic(span, Severity::Error, message);
        found.push(mend::no_kind(diagnostic, root, &version, &kind_name));
        return;
    };
    let given = value.str_at(&["metadata", "namespace"]);
    let namespace = if given.is_empty() { "default" } else { given };
    let key = Key::new(kind, namespace, value.str_at(&["metadata", "name"]));
    let asked = value.clone();
    let subject = Subject {
        file: places.file,
        text: places.text,
        root,
        value: &asked,
        key: &key,
        current: cluster.store().get(&key).map(|object| &**object),
    };
    match applied(&key, value, cluster, actor) {
        Ok(answer) => {
            for warning in answer.warnings {
                let span = path_in(&warning).and_then(|path| locate(root, &path)).unwrap_or(first);
                found.push(places.diagnostic(span, Severity::Warning, warning));
            }
        }
        Err(status) => refused(&status, &subject, first, places, found),
    }
}

fn refused(
    status: &Status,
    subject: &Subject<'_>,
    first: Span,
    places: &Places<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let root = subject.root;
    if status.reason == Reason::Invalid && !status.details.causes.is_empty() {
        for cause in &status.details.causes {
            let mended = mend::cause(subject, &cause.field, &cause.message);
            let span = mended.span.or_else(|| locate(root, &cause.field)).unwrap_or(first);
            let message = format!("{}: {}", cause.field, cause.message);
            let diagnostic = places.diagnostic(span, Severity::Error, message);
            found.push(Diagnostic { hint: mended.hint, fixes: mended.fixes, ..diagnostic });
        }
        return;
    }
    let unknown: Vec<&str> = quoted_after(&status.message, "unknown field ");
    if !unknown.is_empty() {
        for path in unknown {
            let span = locate_key(root, path).unwrap_or(first);
            let diagnostic = places.diagnostic(span, Severity::Error, format!("unknown field \"{path}\""));
            found.push(mend::no_field(diagnostic, subject, path));
        }
        return;
    }
    let span = go_path(&status.message).and_then(|path| locate_loosely(root, &path)).unwrap_or(first);
    let diagnostic = places.diagnostic(span, Severity::Error, status.message.clone());
    found.push(mend::wrong_type(diagnostic, subject.text, span));
}

/// The number in `yaml: line 4: found character that cannot start any token`.
fn told_line(message: &str) -> Option<usize> {
    let rest = message.split("yaml: line ").nth(1)?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
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

/// Turns places in bytes into places in UTF-16 units, which editors count in.
struct Places<'t> {
    file: &'t str,
    text: &'t str,
}

impl<'t> Places<'t> {
    fn new(file: &'t str, text: &'t str) -> Self {
        Self { file, text }
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
        let line = before.split(|byte| *byte == b'\n').count();
        Diagnostic {
            from: self.utf16(span.start),
            to: self.utf16(end),
            line,
            severity,
            told_line: told_line(&message).filter(|told| *told != line),
            message,
            hint: None,
            fixes: Vec::new(),
        }
    }
}
