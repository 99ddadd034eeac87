//! What was done in a session, as text: kept in the browser, put into a link, written into a report.
//!
//! It comes with the engine (`www/editor/split.mjs`).

use api::Key;
use apimachinery::Lang;
use serde_json::{Value, json};
use session::script::{Limits, Refused, Script};
use session::{Document, Documents, Session, Why, export, reference};

use crate::effect::Report;
use crate::regions::page::LinkProblem;
use crate::space::Piece;

/// Whether something was done in a session, or is still to be done again.
#[inline(never)]
pub fn has_deeds(session: &Session) -> bool {
    session.is_behind() || !session.run().deeds().is_empty() || !session.branches().is_empty()
}

/// What is kept in the browser of what was done, with what is selected. The documents are kept beside it.
#[inline(never)]
pub fn kept(session: &Session, selected: Option<&Key>) -> String {
    Script { documents: Vec::new(), open: 0, view: view(selected), ..session.script() }.to_text()
}

/// Takes up what was kept, to be done again, in the cluster that it was done in; and its documents, if the session
/// has none. After a mistake of ours without what led to it, the last deed and whatever came of it since. Returns what
/// was selected.
///
/// # Errors
/// Why the text cannot be read.
#[inline(never)]
pub fn resume(session: &mut Session, kept: &str, failed: bool) -> Result<Option<Key>, Refused> {
    let mut script = Script::read(kept, Limits::KEPT)?;
    if failed {
        script.line.deeds.pop();
        script.line.until = script.line.deeds.last().map_or(0, |deed| deed.at_micros);
        script.cursor = None;
    }
    if let Some(cluster) = script.cluster.take() {
        session.start(cluster);
    }
    if session.documents.all.is_empty() {
        session.documents = Documents::of(std::mem::take(&mut script.documents), script.open);
    }
    session.take_up(&script);
    Ok(selected(&script))
}

/// What is selected, as a script holds it.
fn view(selected: Option<&Key>) -> Option<Value> {
    selected.map(|key| json!({"selected": reference::write(key)}))
}

fn selected(script: &Script) -> Option<Key> {
    reference::read(script.view.as_ref()?.get("selected")?.as_str()?).ok()
}

/// A session with the moment on stage, as a link holds it: without its branches, and with what is selected.
#[inline(never)]
pub fn shared(session: &Session, lang: Lang, selected: Option<&Key>) -> String {
    Script { branches: Vec::new(), lang: Some(lang), view: view(selected), ..session.script() }.to_text()
}

/// The session that a link's text holds, all of it still to be done; and what was selected in it.
#[inline(never)]
pub fn open(text: &str) -> Result<(Session, Option<Key>), LinkProblem> {
    let script = Script::read(text, Limits::LINK).map_err(LinkProblem::Refused)?;
    let selected = selected(&script);
    let mut session = Session::open(&script);
    if session.documents.all.is_empty() {
        session.documents.all.push(Document::new("web.yaml", ""));
    }
    Ok((session, selected))
}

/// A piece of the session as a text to be saved, in the page's language.
#[inline(never)]
pub fn piece(session: &Session, piece: Piece, lang: Lang, selected: Option<&Key>) -> String {
    match piece {
        Piece::Files => export::files(&session.documents),
        Piece::Run => Script { lang: Some(lang), view: view(selected), ..session.script() }.to_text(),
        Piece::Terminal => export::screen(session),
        Piece::Objects => export::objects(session),
        Piece::Why => session.why(selected, lang).map_or_else(String::new, |why| in_words(&why)),
    }
}

/// The answer to "why", as Markdown.
fn in_words(why: &Why) -> String {
    let facts: String = why.facts.iter().map(|fact| format!("- {}\n", fact.text)).collect();
    let chain: String = why.chain.iter().map(|link| format!("1. {}\n", link.text)).collect();
    let next = why.next.as_deref().unwrap_or_default();
    let parts =
        [format!("# {}\n", why.sentence), format!("{}\n", why.rule), facts, chain, format!("{next}\n")];
    let parts = parts.into_iter().filter(|part| !part.trim().is_empty());
    format!("{}\n<{}>\n", parts.collect::<Vec<_>>().join("\n"), why.doc)
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
