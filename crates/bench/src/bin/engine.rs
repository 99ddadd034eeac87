//! `engine`: one set until all its Pods are Ready, and nothing else: no clock, no words, so that it also runs
//! as WebAssembly without a browser. Each call of `main` takes the next size; `run.mjs` holds the watch.

use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use bench::scenario::{self, SIZES};
use cluster::Cluster;

static NEXT: AtomicUsize = AtomicUsize::new(0);

fn main() -> ExitCode {
    let at = NEXT.fetch_add(1, Ordering::Relaxed) % SIZES.len();
    let pods = SIZES.get(at).copied().unwrap_or(1);
    match scenario::run(Cluster::new(scenario::config()), pods) {
        Some(_) => ExitCode::SUCCESS,
        None => ExitCode::FAILURE,
    }
}
