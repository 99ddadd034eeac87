//! Probes: who is asked when, and what the answer changes.
//!
//! Models: `pkg/kubelet/prober`.

use std::time::Duration;

use apimachinery::Time;
use apimachinery::value::ValueExt;
use serde_json::Value;

/// The three kinds of probes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProbeKind {
    /// It holds the others back until its first success.
    Startup,
    /// It decides whether the container counts as ready.
    Readiness,
    /// It restarts the container if it fails.
    Liveness,
}

impl ProbeKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Startup, Self::Readiness, Self::Liveness];

    /// The field of the container's spec.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Startup => "startupProbe",
            Self::Readiness => "readinessProbe",
            Self::Liveness => "livenessProbe",
        }
    }

    /// The word that begins an event.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Startup => "Startup",
            Self::Readiness => "Readiness",
            Self::Liveness => "Liveness",
        }
    }
}

/// One probe of a running container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Probe {
    next: Option<Time>,
    /// How many answers of one kind have come in a row.
    run: i64,
    last: Option<bool>,
    /// Its verdict; `None` before the first one.
    verdict: Option<bool>,
}

/// All probes of a running container.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Probes {
    startup: Probe,
    readiness: Probe,
    liveness: Probe,
}

fn seconds(spec: &Value, field: &str, default: i64) -> i64 {
    spec.i64_at(&[field]).unwrap_or(default)
}

fn duration(seconds: i64) -> Duration {
    Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
}

impl Probes {
    fn of(&self, kind: ProbeKind) -> &Probe {
        match kind {
            ProbeKind::Startup => &self.startup,
            ProbeKind::Readiness => &self.readiness,
            ProbeKind::Liveness => &self.liveness,
        }
    }

    fn of_mut(&mut self, kind: ProbeKind) -> &mut Probe {
        match kind {
            ProbeKind::Startup => &mut self.startup,
            ProbeKind::Readiness => &mut self.readiness,
            ProbeKind::Liveness => &mut self.liveness,
        }
    }

    /// Plans the first questions to a container that has just started.
    pub fn start(&mut self, container: &Value, now: Time) {
        let has_startup = container.at(&["startupProbe"]).is_some();
        for kind in ProbeKind::ALL {
            let Some(spec) = container.at(&[kind.field()]) else { continue };
            if has_startup && kind != ProbeKind::Startup {
                continue;
            }
            let first = now + duration(seconds(spec, "initialDelaySeconds", 0)) + Duration::from_millis(60);
            self.of_mut(kind).next = Some(first);
        }
    }

    /// Asks nothing any more, since the container has stopped.
    pub fn stop(&mut self) {
        *self = Self::default();
    }

    /// Asks only for readiness any more: a container that is being stopped is not restarted.
    pub fn stop_restarting(&mut self) {
        self.startup.next = None;
        self.liveness.next = None;
    }

    /// Whether the startup probe has let the container through.
    pub fn is_started(&self, container: &Value) -> bool {
        container.at(&["startupProbe"]).is_none() || self.startup.verdict == Some(true)
    }

    /// Whether the readiness probe holds, or there is none.
    pub fn is_ready(&self, container: &Value) -> bool {
        self.is_started(container)
            && (container.at(&["readinessProbe"]).is_none() || self.readiness.verdict == Some(true))
    }

    /// The next question, and when.
    pub fn next_due(&self) -> Option<(Time, ProbeKind)> {
        ProbeKind::ALL.into_iter().filter_map(|kind| Some((self.of(kind).next?, kind))).min()
    }

    /// Takes an answer. Returns the verdict if it has changed.
    pub fn answer(&mut self, kind: ProbeKind, container: &Value, success: bool, now: Time) -> Option<bool> {
        let none = Value::Null;
        let spec = container.at(&[kind.field()]).unwrap_or(&none);
        let probe = self.of_mut(kind);
        probe.next = Some(now + duration(seconds(spec, "periodSeconds", 10).max(1)));
        probe.run = if probe.last == Some(success) { probe.run + 1 } else { 1 };
        probe.last = Some(success);
        let needed =
            if success { seconds(spec, "successThreshold", 1) } else { seconds(spec, "failureThreshold", 3) };
        if probe.run < needed || probe.verdict == Some(success) {
            return None;
        }
        probe.verdict = Some(success);
        if kind == ProbeKind::Startup && success {
            probe.next = None;
            self.start_gated(container, now);
        }
        Some(success)
    }

    /// Begins the other probes after the startup probe has succeeded, readiness at once.
    fn start_gated(&mut self, container: &Value, now: Time) {
        for kind in [ProbeKind::Readiness, ProbeKind::Liveness] {
            if let Some(spec) = container.at(&[kind.field()]) {
                let period = seconds(spec, "periodSeconds", 10).max(1);
                let wait =
                    if kind == ProbeKind::Readiness { Duration::from_millis(150) } else { duration(period) };
                self.of_mut(kind).next = Some(now + wait);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn thresholds_count_answers_in_a_row() {
        let container =
            json!({"readinessProbe": {"periodSeconds": 2, "failureThreshold": 2, "successThreshold": 1}});
        let t = Time::from_unix_seconds(0);
        let mut probes = Probes::default();
        probes.start(&container, t);
        assert!(!probes.is_ready(&container));
        assert_eq!(probes.answer(ProbeKind::Readiness, &container, true, t), Some(true));
        assert!(probes.is_ready(&container));
        assert_eq!(probes.answer(ProbeKind::Readiness, &container, false, t), None);
        assert_eq!(probes.answer(ProbeKind::Readiness, &container, false, t), Some(false));
        assert!(!probes.is_ready(&container));
        assert_eq!(probes.next_due().map(|(at, _)| at), Some(t + Duration::from_secs(2)));
    }

    #[test]
    fn a_startup_probe_holds_the_others_back() {
        let container = json!({"startupProbe": {"periodSeconds": 1}, "livenessProbe": {"periodSeconds": 5}});
        let t = Time::from_unix_seconds(0);
        let mut probes = Probes::default();
        probes.start(&container, t);
        assert_eq!(probes.next_due().map(|(_, kind)| kind), Some(ProbeKind::Startup));
        assert!(!probes.is_started(&container));
        probes.answer(ProbeKind::Startup, &container, true, t);
        assert!(probes.is_started(&container));
        assert_eq!(probes.next_due().map(|(_, kind)| kind), Some(ProbeKind::Liveness));
    }
}
