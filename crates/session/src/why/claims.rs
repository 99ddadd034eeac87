//! What holds of a claim. Its controller looks at waiting claims every 15 s only, so its last word may be out of date.

use api::Key;
use api::core::Claim;
use client::Outlook;
use controller_manager::persistentvolume::EVENT_SOURCE;

use super::situation::Situation;
use super::view::{Said, View};

/// Why a claim is as it is.
pub(super) fn about<'v>(view: &View<'v>, key: &Key) -> Option<Said<'v>> {
    let said = view.decisions(key).next()?;
    let is_pending = view.object(key).is_some_and(|claim| Claim(claim).volume_name().is_empty());
    let by_binder = said.record.is_some_and(|record| record.actor.as_str() == EVENT_SOURCE);
    if !is_pending || !by_binder || said.reason.outlook() != Outlook::Stays {
        return Some(said);
    }
    let would_say = view.cluster().would_say(EVENT_SOURCE, key);
    let holds = would_say.iter().any(|reason| format!("{reason:?}") == format!("{:?}", said.reason));
    let next = view.next_look(EVENT_SOURCE, key).filter(|_| !holds);
    Some(match (next, said.reason.waits_for()) {
        (Some(at), Some(missing)) => Said {
            record: said.record,
            ..Said::seen(Situation::WaitsForNextLook { claim: key.clone(), missing, at })
        },
        _ => said,
    })
}
