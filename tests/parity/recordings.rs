//! The recordings by area, and the steps that are known to differ.

use std::collections::BTreeMap;
use std::fmt::Write;

use conformance::area::{self, AREAS};
use conformance::{known, read};
use tests::repository::{read as text_of, sources};

use crate::cell;

struct Counted {
    id: String,
    letter: char,
    steps: usize,
}

fn all() -> Vec<Counted> {
    let paths = sources("tests/conformance", &["json"]);
    let one = |path: String| {
        let recording = read(&text_of(&path)).unwrap_or_else(|why| panic!("{path}: {why}"));
        let area = area::of(&recording.id);
        let area = area.unwrap_or_else(|| panic!("{path}: crates/conformance/src/area.rs has no such area"));
        Counted { letter: area.letter, steps: recording.steps.len(), id: recording.id }
    };
    paths.into_iter().map(one).collect()
}

/// How many recordings of each area there are, and how many steps of them differ.
pub fn counts() -> String {
    let recordings = all();
    let known = known::known(known::COMMITTED).expect("the list of known differences is one");
    let mut text = "\
## What was recorded, and plays here

A recording is what a real control plane (etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kubectl,
all v1.36.3, and CoreDNS 1.14.2), or a real kubelet with containerd, did and said. `tests/conformance.rs` plays each on
this engine and compares all of it; `tests/conformance/README.md` tells what that is. `cargo xtask conformance` plays
them in seconds.

| area | recordings | as recorded | steps | steps known to differ |
|---|---:|---:|---:|---:|
"
    .to_owned();
    let mut sum = [0; 4];
    for area in AREAS {
        let mine: Vec<&Counted> = recordings.iter().filter(|each| each.letter == area.letter).collect();
        let differing = |each: &&&Counted| known.contains_key(&each.id);
        let steps = mine.iter().filter_map(|each| known.get(&each.id)).map(BTreeMap::len);
        let row = [
            mine.len(),
            mine.len() - mine.iter().filter(differing).count(),
            mine.iter().map(|each| each.steps).sum(),
            steps.sum(),
        ];
        let [count, passed, steps, differ] = row;
        let _ =
            writeln!(text, "| {} {} | {count} | {passed} | {steps} | {differ} |", area.letter, area.english);
        sum.iter_mut().zip(row).for_each(|(sum, row)| *sum += row);
    }
    let [count, passed, steps, differ] = sum;
    let _ = writeln!(text, "| all | {count} | {passed} | {steps} | {differ} |");
    text
}

/// The steps that this engine does not reproduce.
pub fn differences() -> String {
    let known = known::known(known::COMMITTED).expect("the list of known differences is one");
    let mut text = "\
### Known differences

Steps count from 0; the one after the last is the course of all Pods and Events under a real kubelet.

| recording | step | why |
|---|---:|---|
"
    .to_owned();
    for (id, steps) in known {
        for (step, why) in steps {
            let _ = writeln!(text, "| `{id}` | {step} | {} |", cell(&why));
        }
    }
    text
}
