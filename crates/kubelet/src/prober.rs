//! How a worker asks the probes of its containers.

use std::rc::Rc;
use std::time::Duration;

use apimachinery::value::ValueExt;
use client::EventType::{Normal, Warning};

use crate::check::Target;
use crate::container::container_spec;
use crate::context::Context;
use crate::probe::ProbeKind;
use crate::reason::KubeletReason;
use crate::worker::Worker;

impl Worker {
    /// Asks every probe that is due.
    pub(crate) fn ask_probes(&mut self, cx: &mut Context<'_>) {
        for at in 0..self.containers.len() {
            let due = self.containers.get(at).filter(|c| c.is_running()).and_then(|c| c.probes.next_due());
            if let Some((moment, kind)) = due
                && moment <= cx.now
            {
                self.ask_probe(at, kind, cx);
            }
        }
    }

    fn ask_probe(&mut self, at: usize, kind: ProbeKind, cx: &mut Context<'_>) {
        let pod = Rc::clone(&self.pod);
        let behaviour = self.behaviour(at, cx);
        let Some(container) = self.containers.get(at) else { return };
        let spec = container_spec(&pod, container);
        let target = Target { pod: &pod, ip: &self.ip, spec, container, behaviour: &behaviour };
        let answer = target.ask(kind, cx.now);
        let name = container.name.clone();
        if let Err(output) = &answer {
            let text = format!("{} probe failed: {output}", kind.word());
            self.event(cx, Some(at), Warning, "Unhealthy", &text);
        }
        let now = cx.now;
        let verdict =
            self.containers.get_mut(at).and_then(|c| c.probes.answer(kind, spec, answer.is_ok(), now));
        match (verdict, kind) {
            (None, _) | (Some(true), ProbeKind::Liveness) => {}
            (Some(false), ProbeKind::Liveness | ProbeKind::Startup) => {
                self.killed_by_probe(at, kind, &name, cx);
            }
            (Some(ready), ProbeKind::Startup | ProbeKind::Readiness) => {
                let key = self.key();
                cx.because(match answer {
                    Err(output) if !ready => {
                        KubeletReason::ProbeFails { pod: key, container: name, probe: kind.word(), output }
                    }
                    _ => KubeletReason::ContainerIsReady { pod: key, container: name },
                });
                self.sync_by(now + Duration::from_millis(20));
            }
        }
    }

    fn killed_by_probe(&mut self, at: usize, kind: ProbeKind, name: &str, cx: &mut Context<'_>) {
        if self.ending.is_some() {
            return;
        }
        let word = kind.word().to_ascii_lowercase();
        let text = format!("Container {name} failed {word} probe, will be restarted");
        self.event(cx, Some(at), Normal, "Killing", &text);
        self.restart_now(at, Some(kind), cx);
    }

    /// Restarts containers whose image in the spec differs from what runs (recorded: N21).
    pub(crate) fn restart_changed(&mut self, cx: &mut Context<'_>) {
        for at in 0..self.containers.len() {
            let changed = self.containers.get(at).is_some_and(|c| {
                c.is_running() && !c.is_init && c.image != container_spec(&self.pod, c).str_at(&["image"])
            });
            if changed && self.job.is_none() {
                let name = self.containers.get(at).map(|c| c.name.clone()).unwrap_or_default();
                let text = format!("Container {name} definition changed, will be restarted");
                self.event(cx, Some(at), Normal, "Killing", &text);
                self.restart_now(at, None, cx);
            }
        }
    }
}
