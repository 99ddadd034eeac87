//! Runs cases beside a clock.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use apimachinery::Rng;

use crate::corpus::Corpus;
use crate::mutate;
use crate::target::{Stage, Target};

/// Stack of the thread that reads, in bytes: as much as the page's WebAssembly has, times what a build without
/// optimisation takes more.
const STACK: usize = if cfg!(debug_assertions) { 8 << 20 } else { 1 << 20 };

/// Something that was found.
#[derive(Debug)]
pub struct Found {
    /// Who read the text.
    pub target: Target,
    /// The number that makes the text again, if it was made.
    pub case: Option<u64>,
    /// The text.
    pub text: String,
    /// What happened: a panic, or how long it took.
    pub what: String,
}

/// What to run.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Cases begin with this number.
    pub from: u64,
    /// Until so much time has passed, or so many cases.
    pub span: Duration,
    /// Until so many cases were run.
    pub cases: u64,
    /// A case that takes longer than this is found.
    pub slow: Duration,
    /// One target alone.
    pub only: Option<Target>,
}

enum News {
    Begins(Target, Option<u64>, String),
    /// The panic's text, if there was one, and how long it took.
    Ends(Option<String>, Duration),
}

/// A case that does not end is given up after so many times what is slow: the machine may be busy.
const PATIENCE: u32 = 20;

/// Time of this thread on processors, as Linux counts it.
fn on_processor() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

/// Runs cases of all targets in turn. Returns how many were run, or what was found first.
///
/// # Errors
/// A case panics, takes too long or never ends.
pub fn run(corpus: &Corpus, wanted: Wanted) -> Result<u64, Box<Found>> {
    let corpus = corpus.clone();
    watched(wanted.slow, move |tell| {
        let (stage, begun) = (Stage::default(), Instant::now());
        let mut done = 0;
        while done < wanted.cases && begun.elapsed() < wanted.span {
            let case = wanted.from + done;
            let target = wanted.only.unwrap_or_else(|| turn(case));
            let seeds = corpus.get(&target).map_or(&[][..], Vec::as_slice);
            let text = mutate::text(seeds, &mut Rng::stream(case, target.name()));
            if !tried(&stage, target, Some(case), &text, tell) {
                break;
            }
            done += 1;
        }
        done
    })
}

/// The target whose turn a case is.
fn turn(case: u64) -> Target {
    let at = usize::try_from(case).unwrap_or(0) % Target::ALL.len();
    Target::ALL.get(at).copied().unwrap_or(Target::Yaml)
}

/// Reads given texts.
///
/// # Errors
/// As [`run`].
pub fn read(texts: Vec<(Target, String)>, slow: Duration) -> Result<u64, Box<Found>> {
    watched(slow, move |tell| {
        let stage = Stage::default();
        let mut done = 0;
        for (target, text) in &texts {
            if !tried(&stage, *target, None, text, tell) {
                break;
            }
            done += 1;
        }
        done
    })
}

/// Tries a case; returns whether it did not panic.
fn tried(stage: &Stage, target: Target, case: Option<u64>, text: &str, tell: &Sender<News>) -> bool {
    drop(tell.send(News::Begins(target, case, text.to_owned())));
    let (begun, before) = (Instant::now(), on_processor());
    let outcome = catch_unwind(AssertUnwindSafe(|| stage.read(target, text)));
    let panicked = outcome.err().map(|payload| {
        let text = payload.downcast_ref::<String>().cloned();
        text.or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
    });
    let is_fine = panicked.is_none();
    let took = before
        .zip(on_processor())
        .map_or_else(|| begun.elapsed(), |(before, now)| now.saturating_sub(before));
    drop(tell.send(News::Ends(panicked, took)));
    is_fine
}

fn watched(
    slow: Duration,
    work: impl FnOnce(&Sender<News>) -> u64 + Send + 'static,
) -> Result<u64, Box<Found>> {
    let (tell, hear) = channel();
    let worker = thread::Builder::new().stack_size(STACK).spawn(move || work(&tell));
    let worker = worker.expect("a thread can be started");
    listen(&hear, slow)?;
    Ok(worker.join().expect("panics are caught in each case"))
}

fn listen(hear: &Receiver<News>, slow: Duration) -> Result<(), Box<Found>> {
    let mut now: Option<(Target, Option<u64>, String)> = None;
    let hangs = slow * PATIENCE;
    loop {
        // Before its first case the worker sets the stage.
        let wait = if now.is_some() { hangs } else { Duration::from_secs(600) };
        match hear.recv_timeout(wait) {
            Ok(News::Begins(target, case, text)) => now = Some((target, case, text)),
            Ok(News::Ends(panicked, took)) => {
                let Some((target, case, text)) = now.take() else { continue };
                let late = (took > slow).then(|| format!("took {} ms", took.as_millis()));
                if let Some(what) = panicked.map(|text| format!("panicked: {text}")).or(late) {
                    return Err(Box::new(Found { target, case, text, what }));
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                let Some((target, case, text)) = now.take() else { continue };
                let what = format!("did not end within {} ms", hangs.as_millis());
                return Err(Box::new(Found { target, case, text, what }));
            }
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
    }
}

/// A shorter text that still shows the same. A case that does not end leaves its thread behind each time, so only a
/// few cuts are tried.
pub fn shortened(found: Found, slow: Duration) -> Found {
    let mut best = found;
    let mut tries = 60;
    let mut size = best.text.len() / 2;
    while size > 0 && tries > 0 {
        let mut begin = 0;
        while begin < best.text.len() && tries > 0 {
            let (from, to) =
                (best.text.floor_char_boundary(begin), best.text.floor_char_boundary(begin + size));
            let cut = [best.text.get(..from).unwrap_or(""), best.text.get(to..).unwrap_or("")].concat();
            tries -= 1;
            match read(vec![(best.target, cut)], slow) {
                Err(smaller) => best = Found { case: best.case, ..*smaller },
                Ok(_) => begin += size,
            }
        }
        size /= 2;
    }
    best
}
