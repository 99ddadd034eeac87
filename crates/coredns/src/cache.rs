//! A cache of the server, or of a node: it keeps answers for a while, and denials, too.
//!
//! It is a value with two functions: [`Cache::look`] and [`Cache::keep`]. C libraries keep nothing. So if the
//! Corefile does not cache the cluster's zone, as kubeadm's does not, a client always hears what `CoreDNS`
//! sees now.
//!
//! Models: `plugin/cache` (`handler.go`, `item.go`, `pkg/dnsutil/ttl.go`).
//! Differs: no limit of 10 000 entries, no prefetch, no stale answers; they are off by default.

use apimachinery::Time;
use apimachinery::sorted::SortedMap;
use client::Seen;

use crate::corefile::{CachePlugin, Corefile};
use crate::names::{absolute, inside};
use crate::record::{Answer, Outcome, Question, RecordType};

/// The shortest time that anything is kept, in seconds.
const TTL_MIN: u32 = 5;

/// An answer that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    answer: Answer,
    stored: Time,
    ttl: u32,
}

/// What a server has kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cache(SortedMap<(String, RecordType), Entry>);

fn key(question: &Question) -> (String, RecordType) {
    (question.name.to_ascii_lowercase(), question.kind)
}

impl Cache {
    /// The answer that is kept to a question; its TTL is the time that is left.
    pub fn look(&self, question: &Question, now: Time) -> Option<Answer> {
        let entry = self.0.get(&key(question))?;
        let age = u32::try_from(now.since(entry.stored).as_secs()).unwrap_or(u32::MAX);
        let left = entry.ttl.checked_sub(age).filter(|left| *left > 0)?;
        let mut answer = entry.answer.clone();
        answer.question = question.clone();
        // Some resolvers throw away whatever is not authoritative, so the plugin always says it is.
        answer.authoritative = true;
        answer.records_mut().for_each(|r| r.ttl = left);
        Some(answer)
    }

    /// Keeps an answer as the plugin would; forgets answers whose time is over.
    #[must_use]
    pub fn keep(mut self, plugin: &CachePlugin, answer: &Answer, now: Time) -> Self {
        self.0.retain(|_, e| now.since(e.stored).as_secs() < u64::from(e.ttl));
        let disabled = match answer.outcome() {
            Outcome::Found => &plugin.success_disabled,
            Outcome::NoData | Outcome::NxDomain => &plugin.denial_disabled,
        };
        let excepted = disabled.iter().any(|z| inside(&answer.question.name, &absolute(z)).is_some());
        // A denial without an SOA says nothing about how long it holds.
        let unbounded = answer.outcome() == Outcome::NxDomain && answer.authority.is_empty();
        if !excepted && !unbounded {
            let ttl = time_to_live(plugin, answer);
            self.0.insert(key(&answer.question), Entry { answer: answer.clone(), stored: now, ttl });
        }
        self
    }
}

/// How long an answer is kept, in seconds: the least TTL of its records, within the plugin's bounds.
fn time_to_live(plugin: &CachePlugin, answer: &Answer) -> u32 {
    let sections = [&answer.answer, &answer.authority, &answer.additional];
    let least = sections.into_iter().flatten().map(|r| r.ttl).min();
    least.unwrap_or(TTL_MIN).max(TTL_MIN).min(plugin.ttl)
}

impl Corefile {
    /// What a server with this configuration and this cache answers, and the cache afterwards.
    pub fn answer_cached(
        &self,
        seen: &Seen<'_>,
        cache: Cache,
        question: &Question,
        now: Time,
    ) -> (Answer, Cache) {
        let Some(plugin) = &self.cache else { return (self.answer(seen, question), cache) };
        if let Some(answer) = cache.look(question, now) {
            return (answer, cache);
        }
        let mut answer = self.answer(seen, question);
        let ttl = time_to_live(plugin, &answer);
        let cache = cache.keep(plugin, &answer, now);
        answer.records_mut().for_each(|r| r.ttl = r.ttl.min(ttl));
        (answer, cache)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::fixture::{Fixture, headless, slice};
    use crate::record::Rcode;

    fn at(seconds: i64) -> Time {
        Time::from_unix_seconds(1_000_000 + seconds)
    }

    /// "looking a pod up just before it is created can keep failing for some seconds", up to 30
    /// with a plain `cache 30`, and not at all with kubeadm's Corefile.
    #[test]
    fn a_denial_outlives_its_cause_where_the_zone_is_cached() {
        let before = Fixture::new(&[headless("nginx", "web"), slice("nginx", "web", &[])]);
        let ready = [("web-0", "10.244.1.5", true)];
        let after = Fixture::new(&[headless("nginx", "web"), slice("nginx", "web", &ready)]);
        let question = Question::new("web-0.nginx.default.svc.cluster.local", RecordType::A);
        for (corefile, later, expected) in [
            (Corefile::with_plain_cache(), 29, Rcode::NxDomain),
            (Corefile::with_plain_cache(), 30, Rcode::NoError),
            (Corefile::kubeadm(), 1, Rcode::NoError),
        ] {
            let (first, cache) = corefile.answer_cached(&before.seen(), Cache::default(), &question, at(0));
            assert_eq!(first.rcode, Rcode::NxDomain);
            let (second, _) = corefile.answer_cached(&after.seen(), cache, &question, at(later));
            assert_eq!(second.rcode, expected, "after {later} s");
        }
    }

    #[test]
    fn what_is_kept_grows_old() {
        let fixture = Fixture::new(&[
            headless("nginx", "web"),
            slice("nginx", "web", &[("web-0", "10.244.1.5", true)]),
        ]);
        let corefile = Corefile { ttl: 5, ..Corefile::with_plain_cache() };
        let question = Question::new("nginx.default.svc.cluster.local", RecordType::A);
        let (first, cache) = corefile.answer_cached(&fixture.seen(), Cache::default(), &question, at(0));
        assert_eq!(first.answer.first().map(|r| r.ttl), Some(5));
        let kept = cache.look(&question, at(3)).and_then(|a| a.answer.first().map(|r| r.ttl));
        assert_eq!(kept, Some(2));
        assert_eq!(cache.look(&question, at(0) + Duration::from_secs(5)), None);
    }
}
