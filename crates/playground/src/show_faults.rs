//! What of the session is in the menu of faults, and which faults are in force.

use api::Key;
use session::faults::{Group, in_force, rows};
use session::offers::FaultKind;
use session::target::{Target, targets};

use crate::fault_words;
use crate::marks::Moment;
use crate::model::Model;
use crate::regions::Mode;
use crate::view::{FaultsView, Found, Shared};

/// So many rows are found by typing, at most.
const FOUND_MAX: usize = 8;
/// Of so many Pods the faults are looked through, at most.
const PODS_MAX: usize = 100;

/// Looks up what is in force, and the menu while it is open.
#[inline(never)] // a gate: `www/editor/split/parts.mjs`
pub fn faults(model: &mut Model, moment: Moment) {
    let (session, shown) = (&model.session, &mut model.shown);
    if shown.marks.in_force != Some(moment) {
        shown.marks.in_force = Some(moment);
        shown.in_force.renew(in_force(session.cluster(), session.run().records()));
    }
    let Some(mode) = model.faults.open else {
        (shown.faults, shown.marks.faults) = (None, None);
        return;
    };
    let aim = model.faults.aim.as_ref().or(model.stage.selected.as_ref()).cloned();
    let text = (mode == Mode::Typing).then(|| model.faults.text.clone());
    let lang = model.page.lang;
    let asked = (Moment { now: None, ..moment }, aim, text, lang);
    if shown.marks.faults.as_ref() == Some(&asked) {
        return;
    }
    let cluster = session.cluster();
    let target = Target::of(cluster, asked.1.as_ref());
    let targets = targets(cluster);
    let found = asked.2.as_deref().map_or_else(Vec::new, |text| {
        let first = target.pod.iter().chain(target.node.iter()).cloned();
        let others = targets.iter().take(PODS_MAX).cloned();
        let nodes = cluster.store().list(api::Kind::Node, "").map(|node| node.key());
        find(cluster, first.chain(others).chain(nodes), text, lang)
    });
    shown.marks.faults = Some(asked);
    let view = FaultsView { rows: rows(cluster, &target), target, targets, found };
    match &mut shown.faults {
        Some(known) => known.renew(view),
        none => *none = Some(Shared::new(view)),
    }
}

/// What a fault of a target is done to, by name.
fn subject(target: &Target, group: Group, what: FaultKind) -> String {
    let name = |key: &Option<Key>| key.as_ref().map(|key| key.name.to_string()).unwrap_or_default();
    match (group, what) {
        (_, FaultKind::BreakImage | FaultKind::SlowImage) => target.image.clone(),
        (_, FaultKind::StopProvisioners) | (Group::ControlPlane, _) => String::new(),
        (Group::Pod | Group::Container, _) => name(&target.pod),
        (Group::Node, _) => name(&target.node),
        (Group::Storage, _) => name(&target.claim),
    }
}

/// The faults whose words, in any language, and target have all that was typed; those of the first targets first.
fn find(
    cluster: &cluster::Cluster,
    aims: impl Iterator<Item = Key>,
    text: &str,
    lang: apimachinery::Lang,
) -> Vec<Found> {
    let wanted: Vec<String> = text.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let mut found: Vec<Found> = Vec::new();
    for aim in aims {
        let target = Target::of(cluster, Some(&aim));
        for (group, rows) in rows(cluster, &target) {
            for row in rows {
                let subject = subject(&target, group, row.what);
                let words = fault_words::of(row.what);
                let name = if row.is_in_force { words.undo(lang) } else { words.name(lang) };
                let label = format!("{name} {subject}").trim_end().to_owned();
                let english = words.name(apimachinery::Lang::En);
                let whole = format!("{label} {english}").to_lowercase();
                let is_known = found.iter().any(|known| known.row.what == row.what && known.label == label);
                if is_known || !wanted.iter().all(|word| whole.contains(word)) {
                    continue;
                }
                let says = if group == Group::Node { target.pod.as_ref() } else { None };
                let says = says.map_or_else(String::new, |pod| pod.name.to_string());
                found.push(Found { row, label, says });
                if found.len() == FOUND_MAX {
                    return found;
                }
            }
        }
    }
    found
}
