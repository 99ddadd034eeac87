//! The documents as the page holds them: kept in the browser, checked while one types, shown in the editor.

use session::Document;
use yew::Context;

use crate::action::Action;
use crate::app::App;
use crate::platform::{dom, panic, storage};
use crate::view::Asked;

/// Typing is looked at after this pause, in milliseconds.
const DIAGNOSE_AFTER: u32 = 180;

impl App {
    /// Keeps what a person typed and did.
    pub(crate) fn keep(&mut self) {
        if self.session.is_vacant() || self.visit.is_some() {
            return; // what is kept has not been taken up
        }
        let documents: Vec<(String, String, Option<String>)> = self
            .session
            .documents
            .all
            .iter()
            .map(|d| (d.name.clone(), d.text.clone(), d.applied.clone()))
            .collect();
        let kept = storage::keep("documents", &(self.example, self.session.documents.open, documents));
        let head = self.session.since_start(self.session.timeline().head().now());
        let past = (self.session.script(), self.session.branch_scripts(), head);
        self.unkept = !(kept && storage::keep("session", &past));
    }

    /// Puts back the documents that were kept.
    pub(crate) fn restore(&mut self) {
        type Kept = (usize, usize, Vec<(String, String, Option<String>)>);
        if let Some((example, open, documents)) = storage::kept::<Kept>("documents") {
            self.example = example;
            let all = documents.into_iter().map(|(name, text, applied)| Document { name, text, applied });
            self.session.documents = session::Documents::of(all.collect(), open);
        }
    }

    /// Takes up what was done in an earlier visit; after a mistake of ours without the deed that led to it.
    pub(crate) fn resume(&mut self) {
        type Past = (Vec<session::Deed>, Vec<(i64, Vec<session::Deed>)>, i64);
        let (mut script, mut branches, mut until): Past = storage::kept("session").unwrap_or_default();
        if storage::kept::<bool>(panic::FAILED).unwrap_or(false) {
            // What led to the mistake is left out: the last deed, and whatever came of it since.
            script.pop();
            branches.clear();
            until = script.last().map_or(0, |deed| deed.at_micros);
            storage::keep("session", &(&script, &branches, until));
            storage::forget(panic::FAILED);
        }
        self.session.restore(&branches, &script, until);
    }

    pub(crate) fn diagnose(&mut self) {
        if self.session.is_vacant() {
            return; // whether a name exists is for the cluster to say
        }
        let (text, _) = self.current_text();
        let problems = self.session.diagnose(&text);
        let diagnostics: Vec<serde_json::Value> = problems
            .iter()
            .map(|d| {
                let severity = if d.severity == session::Severity::Error { "error" } else { "warning" };
                serde_json::json!({"from": d.from, "to": d.to, "severity": severity, "message": d.message})
            })
            .collect();
        self.problems = Some(problems);
        self.asked = session::manifest::asked(&text).map(|asked| Asked {
            name: asked.name,
            replicas: asked.replicas,
            first: asked.start,
            parallel: asked.parallel,
        });
        self.read_drafts();
        let Some(editor) = &self.editor else { return };
        editor.set_diagnostics(&serde_json::Value::Array(diagnostics).to_string());
        let changed = self.session.documents.current().map(Document::changed_lines).unwrap_or_default();
        let changed: Vec<serde_json::Value> = changed
            .iter()
            .map(|(line, was)| serde_json::json!({"line": line, "was": Some(was).filter(|w| !w.is_empty())}))
            .collect();
        editor.set_changed_lines(&serde_json::Value::Array(changed).to_string());
    }

    /// Which sets have a partition in their manifest that differs from the one that was applied.
    fn read_drafts(&mut self) {
        let scene = self.session.scene();
        let documents = self.session.documents.all.iter();
        let changed = documents.filter_map(|d| Some((d.text.as_str(), d.applied.as_deref()?)));
        let changed: Vec<_> = changed.filter(|(text, applied)| text != applied).collect();
        let partition = session::manifest::partition;
        let sets = scene.sets.iter().map(|set| &set.key);
        self.drafts = sets
            .filter_map(|set| {
                let typed = |(text, applied): &(&str, &str)| {
                    let typed = partition(text, set)?;
                    (partition(applied, set) != Some(typed)).then(|| (set.clone(), typed))
                };
                changed.iter().find_map(typed)
            })
            .collect();
    }

    pub(crate) fn diagnose_later(&mut self, ctx: &Context<Self>) {
        self.diagnose_later = Some(dom::after(DIAGNOSE_AFTER, ctx.link().callback(|()| Action::Diagnose)));
    }

    /// Shows the open document in the editor.
    pub(crate) fn show_document(&mut self) {
        let (text, name) = self.current_text();
        if let Some(editor) = &self.editor {
            editor.open(&text, &name);
        }
        self.diagnose();
    }
}
