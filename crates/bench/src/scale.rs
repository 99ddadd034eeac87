//! What a number that somebody writes costs: how long the longest step of a large set holds up the page, and how
//! much memory an hour takes.

// The engine may not read files; whoever measures what a process holds has to.
#![allow(clippy::disallowed_methods)]

use std::time::Duration;

use session::Session;

use crate::clock::Stopwatch;

/// A set of so many replicas.
fn set(replicas: u32, policy: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: web}}\nspec:\n  serviceName: nginx\n  \
         replicas: {replicas}\n  podManagementPolicy: {policy}\n  selector: {{matchLabels: {{app: nginx}}}}\n  \
         template:\n    metadata: {{labels: {{app: nginx}}}}\n    spec: {{containers: [{{name: nginx, image: 'nginx:1.7.9'}}]}}\n"
    )
}

/// How a set on the laboratory's three nodes holds up the page.
#[derive(Debug)]
pub struct Held {
    /// Until the answer to the apply is there.
    pub apply: Duration,
    /// The longest piece of work that a frame cannot divide.
    pub longest: Duration,
    /// Everything together.
    pub all: Duration,
}

/// Applies a set and lets some simulated time pass, piece by piece as frames do it.
pub fn held(replicas: u32, policy: &str, span: Duration) -> Held {
    let mut session = Session::default();
    let whole = Stopwatch::start();
    session.apply_text("web.yaml", &set(replicas, policy));
    let apply = whole.elapsed();
    let (until, mut longest) = (session.now() + span, Duration::ZERO);
    while session.now() < until {
        let watch = Stopwatch::start();
        let mut pieces = 0;
        session.play_within(until.since(session.now()), &mut || {
            pieces += 1;
            pieces <= 1
        });
        longest = longest.max(watch.elapsed());
    }
    Held { apply, longest, all: whole.elapsed() }
}

/// Megabytes that this process has in memory, as Linux counts them; nothing elsewhere.
fn resident() -> Option<usize> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: usize = text.split(' ').nth(1)?.parse().ok()?;
    Some(pages * 4096 / 1_000_000)
}

/// What a simulated hour leaves behind.
#[derive(Debug)]
pub struct Hour {
    /// Megabytes by which the process has grown since the first minute.
    pub megabytes: usize,
    /// Records and changes that are kept.
    pub kept: (usize, usize),
}

/// How a session grows in some simulated hours, hour by hour.
pub fn growth(busy: bool, hours: u32) -> Vec<Hour> {
    let mut session = Session::default();
    let (policy, image) = if busy { ("Parallel", "busybox:1.36") } else { ("OrderedReady", "nginx:1.7.9") };
    session.apply_text("web.yaml", &set(if busy { 30 } else { 3 }, policy).replace("nginx:1.7.9", image));
    session.play(Duration::from_secs(60));
    let begun = resident().unwrap_or(0);
    let mut grown = Vec::new();
    for _ in 0..hours {
        session.play(Duration::from_hours(1));
        let megabytes = resident().unwrap_or(0).saturating_sub(begun);
        grown.push(Hour { megabytes, kept: (session.run().records().len(), session.run().changes().len()) });
    }
    grown
}

/// Makes a text of about so many bytes.
pub type Make = fn(usize) -> String;

/// Long texts: a name, and how one is made.
pub const PASTED: [(&str, Make); 6] = [
    ("objects", |bytes| {
        let one = |at: usize| {
            format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c{at}}}\ndata: {{key: value}}\n---\n")
        };
        (0..bytes / 75).map(one).collect()
    }),
    ("one object", |bytes| {
        let lines: String = (0..bytes / 20).map(|at| format!("  key-{at:08}: a\n")).collect();
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n{lines}")
    }),
    ("a list in a template", |bytes| {
        let one = |at: usize| format!("        - {{name: V{at}, value: a}}\n");
        let list: String = (0..bytes / 32).map(one).collect();
        let head =
            set(1, "Parallel").replace("spec: {containers: [{name: nginx, image: 'nginx:1.7.9'}]}\n", "");
        format!(
            "{head}spec:\n      containers:\n      - name: a\n        image: nginx:1.7.9\n        env:\n{list}"
        )
    }),
    ("no objects", |bytes| "a: b\n".repeat(bytes / 5)),
    ("one line", |bytes| "a".repeat(bytes)),
    ("open brackets", |bytes| "[a, ".repeat(bytes / 4)),
];

/// How long a pasted text blocks: until it is underlined, and until its apply is answered.
pub fn pasted(make: Make, bytes: usize) -> (Duration, Duration) {
    let (mut session, text) = (Session::default(), make(bytes));
    let watch = Stopwatch::start();
    drop(session.diagnose(&text));
    let marked = watch.elapsed();
    let watch = Stopwatch::start();
    session.apply_text("pasted.yaml", &text);
    (marked, watch.elapsed())
}
