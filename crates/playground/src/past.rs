//! What was done in a session, as text: kept in the browser, put into a link, written into a report.
//!
//! It comes with the engine (`www/editor/split.mjs`).

use api::Key;
use apimachinery::Lang;
use serde_json::json;
use session::script::{Limits, Script};
use session::{Document, Session, reference};

use crate::effect::Report;
use crate::regions::page::LinkProblem;

/// What is kept in the browser of what was done. The documents are kept beside it.
#[inline(never)]
pub fn kept(session: &Session) -> String {
    Script { documents: Vec::new(), open: 0, ..session.script() }.to_text()
}

/// Takes up what was kept, to be done again. After a mistake of ours without what led to it, the last deed and
/// whatever came of it since. Returns whether the text could be read.
#[inline(never)]
pub fn resume(session: &mut Session, kept: &str, failed: bool) -> bool {
    let Ok(mut script) = Script::read(kept, Limits::KEPT) else { return false };
    if failed {
        script.line.deeds.pop();
        script.line.until = script.line.deeds.last().map_or(0, |deed| deed.at_micros);
        script.cursor = None;
    }
    if let Some(cluster) = script.cluster.take() {
        session.start(cluster); // that of an earlier visit may be of an older laboratory
    }
    session.take_up(&script);
    true
}

/// A session with the moment on stage, as a link holds it: without its branches, and with what is selected.
#[inline(never)]
pub fn shared(session: &Session, lang: Lang, selected: Option<&Key>) -> String {
    let view = selected.map(|key| json!({"selected": reference::write(key)}));
    Script { branches: Vec::new(), lang: Some(lang), view, ..session.script() }.to_text()
}

/// The session that a link's text holds, all of it still to be done; and what was selected in it.
#[inline(never)]
pub fn open(text: &str) -> Result<(Session, Option<Key>), LinkProblem> {
    let script = Script::read(text, Limits::LINK).map_err(LinkProblem::Refused)?;
    let selected =
        script.view.as_ref().and_then(|view| reference::read(view.get("selected")?.as_str()?).ok());
    let mut session = Session::open(&script);
    if session.documents.all.is_empty() {
        session.documents.all.push(Document::new("web.yaml", ""));
    }
    Ok((session, selected))
}

/// What a report of a mistake says of a session, in numbers.
#[inline(never)]
pub fn report(session: &Session) -> Report {
    let (run, deeds) = (session.run(), session.run().deeds());
    Report {
        seed: run.head().config().seed,
        inputs: deeds.len(),
        steps: run.head().steps(),
        head: session.since_start(run.head().now()),
        // The way back leaves out the last deed.
        back: deeds.iter().rev().nth(1).map_or(0, |deed| deed.at_micros),
    }
}

/// What was done, for such a report.
#[inline(never)]
pub fn inputs(session: &Session) -> String {
    session.script().to_text()
}
