//! How long the kubelet leaves something alone that keeps failing.

use std::time::Duration;

use apimachinery::Time;

/// The first wait of a container that keeps ending, and of an image that keeps failing.
const BACKOFF_BASE: Duration = Duration::from_secs(10);
/// The longest wait: `MaxContainerBackOff`.
const BACKOFF_MAX: Duration = Duration::from_secs(300);

/// How long something that fails is left alone: client-go's `flowcontrol.Backoff` for one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BackoffEntry {
    wait: Duration,
    updated: Option<Time>,
}

impl BackoffEntry {
    fn is_expired(self, event: Time) -> bool {
        self.updated.is_none_or(|updated| event.since(updated) > BACKOFF_MAX * 2)
    }

    /// The wait after `event`, and its end; `None` if it is over at `now`.
    pub fn holds(self, event: Time, now: Time) -> Option<(Duration, Time)> {
        if self.is_expired(event) {
            return None;
        }
        let end = event + self.wait;
        (now < end).then_some((self.wait, end))
    }

    /// The wait after the last [`BackoffEntry::next`], and its end; `None` if it is over.
    pub fn holds_since_update(self, now: Time) -> Option<(Duration, Time)> {
        self.holds(self.updated?, now)
    }

    /// Makes the next wait longer, or begins anew after a long time of peace.
    pub fn next(&mut self, event: Time, now: Time) {
        self.wait = if self.is_expired(event) { BACKOFF_BASE } else { (self.wait * 2).min(BACKOFF_MAX) };
        self.updated = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_doubles_to_five_minutes_and_is_forgotten_after_ten() {
        let at = |s: u64| Time::from_unix_seconds(0) + Duration::from_secs(s);
        let mut backoff = BackoffEntry::default();
        assert_eq!(backoff.holds(at(0), at(0)), None);
        backoff.next(at(0), at(0));
        assert_eq!(backoff.holds(at(1), at(5)), Some((Duration::from_secs(10), at(11))));
        assert_eq!(backoff.holds(at(1), at(11)), None);
        for n in 0..6 {
            backoff.next(at(20 + n), at(20 + n));
        }
        assert_eq!(backoff.holds(at(30), at(30)).map(|(d, _)| d), Some(Duration::from_secs(300)));
        assert_eq!(backoff.holds(at(25 + 601), at(25 + 601)), None);
    }
}
