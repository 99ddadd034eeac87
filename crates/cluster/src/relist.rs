//! What an informer tells after its watch was lost for too long: it cannot go on where it was, lists the kind
//! anew and compares.
//!
//! An object that is there comes as it is now, however often it changed meanwhile. Of one that is gone the last
//! state that was known is told (`DeletedFinalStateUnknown`), and nobody hears of what came and went meanwhile.
//!
//! Models: `client-go/tools/cache` (`Reflector` after `410 Gone`, `DeltaFIFO.Replace`).
//! Differs: an object that was deleted and made again under its name comes as an end and a beginning. Upstream
//! tells one update from the one to the other, from which its garbage collector does not see that an owner is
//! gone. What did not change is not told of; upstream tells of it as an update that changes nothing.

use std::rc::Rc;

use api::{Key, Object};
use apimachinery::sorted::SortedMap;
use apiserver::Change;

/// What is told instead of these changes of one kind, which nobody heard of: what there is in the order of its
/// keys, then what is gone.
pub fn relisted<'a>(missed: impl Iterator<Item = &'a Rc<Change>>) -> Vec<Rc<Change>> {
    let mut spans: SortedMap<Key, (&Rc<Change>, &Rc<Change>)> = SortedMap::new();
    for change in missed {
        spans.entry(change.key.clone()).or_insert((change, change)).1 = change;
    }
    let (mut told, mut gone) = (Vec::new(), Vec::new());
    for (first, last) in spans.into_values() {
        let as_one = |before: Option<&Rc<Object>>, after: Option<&Rc<Object>>| {
            Rc::new(Change { before: before.cloned(), after: after.cloned(), ..Change::clone(last) })
        };
        match (&first.before, &last.after) {
            (None, None) => {}
            (Some(before), None) => gone.push(as_one(Some(before), None)),
            (Some(before), Some(after)) if before.metadata.uid != after.metadata.uid => {
                told.push(as_one(Some(before), None));
                told.push(as_one(None, Some(after)));
            }
            (before, Some(after)) => told.push(as_one(before.as_ref(), Some(after))),
        }
    }
    told.extend(gone);
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::Kind;
    use apimachinery::Time;

    fn pod(name: &str, uid: &str, version: u64) -> Rc<Object> {
        let mut pod = Object::new(Kind::Pod, "default", name);
        pod.metadata.uid = uid.to_owned();
        pod.metadata.resource_version = version;
        Rc::new(pod)
    }

    fn change(revision: u64, before: Option<&Rc<Object>>, after: Option<&Rc<Object>>) -> Rc<Change> {
        let key = before.or(after).unwrap().key();
        let (before, after) = (before.cloned(), after.cloned());
        Rc::new(Change { revision, key, before, after, at: Time::default(), cause: revision })
    }

    /// As `web-0 1→3`, with versions; `-` where there is nothing.
    fn told(missed: &[Rc<Change>]) -> Vec<String> {
        let version = |object: &Option<Rc<Object>>| {
            object.as_ref().map_or("-".to_owned(), |object| object.metadata.resource_version.to_string())
        };
        let words = |c: &Rc<Change>| format!("{} {}→{}", c.key.name, version(&c.before), version(&c.after));
        relisted(missed.iter()).iter().map(words).collect()
    }

    #[test]
    fn changes_that_follow_each_other_are_one() {
        let (first, second, third) = (pod("web-0", "a", 1), pod("web-0", "a", 2), pod("web-0", "a", 3));
        let missed = [change(2, Some(&first), Some(&second)), change(3, Some(&second), Some(&third))];
        assert_eq!(told(&missed), ["web-0 1→3"]);
        assert_eq!(relisted(missed.iter())[0].cause, 3);
    }

    #[test]
    fn what_is_gone_is_told_with_its_last_known_state_after_what_is_there() {
        let (known, missed) = (pod("web-0", "a", 1), pod("web-0", "a", 2));
        let new = pod("web-1", "b", 4);
        let gone = [
            change(2, Some(&known), Some(&missed)),
            change(3, Some(&missed), None),
            change(4, None, Some(&new)),
        ];
        assert_eq!(told(&gone), ["web-1 -→4", "web-0 1→-"]);
    }

    #[test]
    fn what_came_and_went_was_never_there() {
        let pod = pod("web-0", "a", 1);
        assert_eq!(told(&[change(1, None, Some(&pod)), change(2, Some(&pod), None)]), [""; 0]);
    }

    #[test]
    fn a_successor_of_the_same_name_is_an_end_and_a_beginning() {
        let (old, new) = (pod("web-0", "a", 1), pod("web-0", "b", 3));
        assert_eq!(
            told(&[change(2, Some(&old), None), change(3, None, Some(&new))]),
            ["web-0 1→-", "web-0 -→3"]
        );
    }
}
