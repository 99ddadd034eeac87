//! What was done in a session, as text: kept in the browser, put into a link, written into a report.
//!
//! It comes with the engine (`www/editor/split.mjs`).

use apimachinery::value::ValueExt;
use serde_json::{Value, json};
use session::{Deed, Document, Documents, Session};

use crate::effect::Report;
use crate::regions::page::LinkProblem;

/// What is kept: the deeds, those of each branch with when it was left, and how far time had come.
type Past = (Vec<Deed>, Vec<(i64, Vec<Deed>)>, i64);

/// The format of a link's text; another number is a page that this one does not know.
const LINK_VERSION: i64 = 1;

fn head(session: &Session) -> i64 {
    session.since_start(session.timeline().head().now())
}

/// What is kept in the browser of what was done.
#[inline(never)]
pub fn kept(session: &Session) -> String {
    let past = (session.script(), session.branch_scripts(), head(session));
    serde_json::to_string(&past).unwrap_or_default()
}

/// Does again what was kept. After a mistake of ours without what led to it, the last deed and whatever came of
/// it since; what is to be kept from then on is returned.
#[inline(never)]
pub fn resume(session: &mut Session, kept: &str, failed: bool) -> Option<String> {
    let (mut script, mut branches, mut until): Past = serde_json::from_str(kept).unwrap_or_default();
    let mut shorter = None;
    if failed {
        script.pop();
        branches.clear();
        until = script.last().map_or(0, |deed| deed.at_micros);
        shorter = serde_json::to_string(&(&script, &branches, until)).ok();
    }
    session.restore(&branches, &script, until);
    shorter
}

/// A session up to the moment on stage, as a link holds it.
#[inline(never)]
pub fn shared(session: &Session) -> String {
    let documents = session.documents.all.iter().map(|d| json!([d.name, d.text, d.applied]));
    let script: Vec<Value> = session.script().iter().cloned().map(Value::from).collect();
    let text = json!({
        "version": LINK_VERSION,
        "script": script,
        "head": head(session),
        "now": session.since_start(session.now()),
        "documents": documents.collect::<Vec<_>>(),
        "open": session.documents.open,
    });
    text.to_string()
}

/// The session that a link's text holds.
#[inline(never)]
pub fn open(text: &str) -> Result<Session, LinkProblem> {
    let value: Value = serde_json::from_str(text).map_err(|_| LinkProblem::Foreign)?;
    if value.i64_at(&["version"]) != Some(LINK_VERSION) {
        return Err(LinkProblem::Foreign);
    }
    let number = |name: &str| value.i64_at(&[name]).ok_or(LinkProblem::Foreign);
    let deeds = value.list_at(&["script"]).iter().cloned().map(Deed::try_from);
    let script = deeds.collect::<Result<Vec<_>, _>>().map_err(|_| LinkProblem::Foreign)?;
    let documents = value.list_at(&["documents"]).iter().map(document).collect::<Option<Vec<_>>>();
    let documents = documents.filter(|all| !all.is_empty()).ok_or(LinkProblem::Foreign)?;
    let open = usize::try_from(number("open")?).unwrap_or(0).min(documents.len() - 1);
    let (head, now) = (number("head")?, number("now")?);
    let mut session = Session::new(session::laboratory(), None);
    session.restore(&[], &script, head);
    session.documents = Documents::of(documents, open);
    let moment = std::time::Duration::from_micros(u64::try_from(now).unwrap_or(0));
    session.seek(session.timeline().origin() + moment);
    Ok(session)
}

fn document(parts: &Value) -> Option<Document> {
    let part = |at: usize| parts.get(at).and_then(Value::as_str).map(str::to_owned);
    Some(Document { name: part(0)?, text: part(1)?, applied: part(2) })
}

/// What a report of a mistake says of a session, in numbers.
#[inline(never)]
pub fn report(session: &Session) -> Report {
    let (cluster, script) = (session.timeline().head(), session.script());
    Report {
        seed: cluster.config().seed,
        inputs: script.len(),
        steps: cluster.steps(),
        head: head(session),
        // The way back leaves out the last deed.
        back: script.iter().rev().nth(1).map_or(0, |deed| deed.at_micros),
    }
}

/// What was done, for such a report.
#[inline(never)]
pub fn inputs(session: &Session) -> String {
    serde_json::to_string(session.script()).unwrap_or_default()
}
