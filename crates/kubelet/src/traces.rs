//! What processes leave behind: output, files, lines on volumes.

use api::Object;
use apimachinery::Time;
use client::Effect;
use serde_json::Value;

use crate::container::Container;
use crate::context::Context;
use crate::program::Trace;
use crate::volumes::claim_mounts;

/// The file on each volume in which the laboratory shows who has used it.
pub const VISITS: &str = "visits.log";

impl Container {
    /// The next trace whose moment has come, and that moment.
    pub(crate) fn due_trace(&mut self, now: Time) -> Option<(Time, Trace)> {
        let since = self.own_time()?;
        let (after, trace) = self.plan.as_ref()?.traces.get(self.traces_done)?.clone();
        let at = since + after;
        (at <= now).then(|| {
            self.traces_done += 1;
            (at, trace)
        })
    }

    /// Writes one of its own files: a new text, more text, or no file any more (`None`).
    pub(crate) fn write(&mut self, path: &str, text: Option<&str>, append: bool) {
        match text {
            Some(text) if append => self.files.entry(path.to_owned()).or_default().push_str(text),
            Some(text) => {
                self.files.insert(path.to_owned(), text.to_owned());
            }
            None => {
                self.files.remove(path);
            }
        }
    }

    /// When and with what code it ends, if that moment has come.
    pub(crate) fn due_end(&self, now: Time) -> Option<(Time, i32)> {
        self.running_since()?;
        let exits = self.plan.as_ref()?.exits.zip(self.own_time());
        let own = exits.map(|((after, code), since)| (since + after, code));
        [own, self.kill].into_iter().flatten().min().filter(|(at, _)| *at <= now)
    }
}

/// Notes on every volume that a container has just started.
pub fn note_start(pod: &Object, spec: &Value, cx: &mut Context<'_>) {
    for (volume, _) in claim_mounts(pod, spec, cx.seen) {
        if cx.full.contains(&volume) {
            continue;
        }
        let text = format!("{} started\n", pod.metadata.name);
        cx.effects.push(write(volume, VISITS, text, pod));
    }
}

/// Leaves a trace: prints a line, writes or removes a file.
pub fn carry_out(
    container: &mut Container,
    pod: &Object,
    spec: &Value,
    at: Time,
    trace: &Trace,
    cx: &mut Context<'_>,
) {
    match trace {
        Trace::Prints(line) => container.print(at, &expand(line, pod, at)),
        Trace::Writes { path, text, append } => {
            let text = if text.is_empty() { String::new() } else { format!("{}\n", expand(text, pod, at)) };
            let mounts = claim_mounts(pod, spec, cx.seen);
            let on_volume = mounts.into_iter().find_map(|(volume, mount)| {
                let file = path.strip_prefix(mount.trim_end_matches('/'))?.strip_prefix('/')?;
                Some((volume, file.to_owned()))
            });
            match on_volume {
                Some((volume, _)) if cx.full.contains(&volume) => {
                    container.print(at, "sh: write error: No space left on device");
                }
                Some((volume, file)) => cx.effects.push(write(volume, &file, text, pod)),
                None => container.write(path, Some(&text), *append),
            }
        }
        Trace::Removes(path) => container.write(path, None, false),
    }
}

/// Fills in the variables that a shell in the Pod would know.
fn expand(text: &str, pod: &Object, at: Time) -> String {
    let name = pod.metadata.name.as_str();
    let text =
        if text.contains("$(date)") { text.replace("$(date)", &at.unix_date()) } else { text.to_owned() };
    text.replace("$(hostname)", name).replace("$HOSTNAME", name).replace("${HOSTNAME}", name)
}

fn write(volume: String, file: &str, text: String, pod: &Object) -> Effect {
    Effect::WriteDisk {
        volume,
        file: file.to_owned(),
        text,
        writer: pod.metadata.name.clone(),
        revision: pod.metadata.label("controller-revision-hash").to_owned(),
    }
}
