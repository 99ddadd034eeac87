//! The one driver: a cluster and the commands that run at it, moved along simulated time.
//!
//! The page, the JavaScript module, recordings and the simulation all move time here. A command goes on after each
//! step of the cluster, and at least every [`LOOK`] of simulated time. So neither frames nor the speed of play nor
//! that of the machine change what happens: the same acts at the same moments come to the same.
//!
//! Time passes by whole moments: either all that is due at a moment has happened, or nothing of it. Acts at
//! one moment follow each other, and what they make due at that moment happens when time goes on. So an act's
//! moment alone says where it stands among all that happens.

use std::rc::Rc;
use std::time::Duration;

use apimachinery::Time;
use apiserver::Answer;
use cluster::{Cluster, Config, Input, StepLog};
use kubectl::{Output, budget};

use crate::act::Act;
use crate::memory;
use crate::names::Lookup;
use crate::terminal::{Running, Terminal};
use crate::world::SessionWorld;

/// A command that waits looks again after this long at the latest.
const LOOK: Duration = Duration::from_millis(100);
/// The least that time passes.
const LEAST: Duration = Duration::from_micros(1);

/// Says whether there is real time left to go on. A caller that must not take long looks at a clock in it;
/// `&mut || true` lets everything be done.
pub type Spare<'a> = &'a mut dyn FnMut() -> bool;

/// A command apart from the terminal.
#[derive(Debug, Clone)]
pub struct Job {
    running: Option<Running>,
    printed: Output,
    exit: Option<i32>,
}

impl Job {
    /// What it has printed so far.
    pub fn printed(&self) -> &Output {
        &self.printed
    }

    /// Its exit code, once it has ended by itself.
    pub fn exit(&self) -> Option<i32> {
        self.exit
    }

    /// What it asks for before it reads a line.
    pub fn prompt(&self) -> Option<&str> {
        self.running.as_ref()?.command().prompt()
    }

    /// The file that it wants edited: its name and text.
    pub fn document(&self) -> Option<&(String, String)> {
        self.running.as_ref()?.command().document()
    }

    fn poll(&mut self, world: &mut SessionWorld<'_>) {
        let Some(running) = &mut self.running else { return };
        let printed = &mut self.printed;
        self.exit = running.poll(world, &mut |output, _| {
            budget::push(&mut printed.stdout, &output.stdout);
            budget::push(&mut printed.stderr, &output.stderr);
            printed.files.extend(output.files);
        });
        if self.exit.is_some() {
            self.running = None;
        }
    }
}

/// Everything that goes on with time, at one moment.
#[derive(Debug, Clone)]
pub struct Present {
    cluster: Cluster,
    terminal: Terminal,
    jobs: Vec<Job>,
    /// When commands look again, if nothing happens before.
    next_look: Time,
    /// The name that the latest command in a container did not find, until somebody acts again.
    unresolved: Option<Rc<Lookup>>,
}

impl Present {
    /// The first moment of the cluster of `config`.
    pub(crate) fn new(config: Config) -> Self {
        Self::of(Cluster::new(config))
    }

    /// A present without a cluster yet.
    pub(crate) fn vacant() -> Self {
        Self::of(Cluster::vacant(Config::default()))
    }

    fn of(cluster: Cluster) -> Self {
        let next_look = cluster.now();
        Self { cluster, terminal: Terminal::default(), jobs: Vec::new(), next_look, unresolved: None }
    }

    /// The cluster.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// The terminal.
    pub fn terminal(&self) -> &Terminal {
        &self.terminal
    }

    pub(crate) fn terminal_mut(&mut self) -> &mut Terminal {
        &mut self.terminal
    }

    /// The name that the latest command in a container did not find.
    pub fn unresolved(&self) -> Option<&Lookup> {
        self.unresolved.as_deref()
    }

    /// The commands apart from the terminal, in the order in which they began; also those that have ended.
    pub fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    /// The moment.
    pub fn now(&self) -> Time {
        self.cluster.now()
    }

    /// Whether a command runs that has not ended.
    pub fn is_busy(&self) -> bool {
        self.terminal.is_running() || self.jobs.iter().any(|job| job.running.is_some())
    }

    /// When the next thing happens; nothing if none ever does.
    pub fn next(&self) -> Option<Time> {
        let look = self.is_busy().then_some(self.next_look);
        let next = self.cluster.next_due().into_iter().chain(look).min();
        next.map(|at| at.max(self.now()))
    }

    /// The end of the next moment at which something happens, not after `limit`.
    pub fn next_moment(&self, limit: Time) -> Time {
        self.next().unwrap_or(limit).max(self.now() + LEAST).min(limit)
    }

    /// Does the next thing that happens until `until`, and lets commands go on. Returns `None` if there was
    /// none, else whether the command at the terminal acted on the cluster.
    ///
    /// A caller that stops between two things of one moment must go on to the moment's end before anybody
    /// acts; see [`Self::is_whole`].
    pub(crate) fn step(&mut self, until: Time, log: &mut StepLog) -> Option<bool> {
        match self.next() {
            Some(next) if next <= until => {
                memory::stay_ahead();
                if self.cluster.next_due().is_some_and(|due| due <= next) {
                    self.cluster.step(log);
                } else {
                    self.cluster.stand_at(next);
                }
                Some(self.poll(log))
            }
            _ => None,
        }
    }

    /// Whether nothing is left to do at this moment.
    pub(crate) fn is_whole(&self) -> bool {
        self.next().is_none_or(|next| next > self.now())
    }

    /// Stands at a later moment; nothing is due before it.
    pub(crate) fn stand_at(&mut self, moment: Time) {
        self.cluster.stand_at(moment);
    }

    /// Lets time pass up to `until`; does nothing if it is already that late.
    pub(crate) fn run_until(&mut self, until: Time, log: &mut StepLog) {
        if until <= self.now() {
            return;
        }
        while self.step(until, log).is_some() {}
        self.stand_at(until);
    }

    /// Does an act now. Returns the API server's answer to a request, and whether the cluster was acted upon.
    pub(crate) fn act(&mut self, act: &Act, log: &mut StepLog) -> (Option<Answer>, bool) {
        memory::stay_ahead();
        if !matches!(act, Act::Interrupt | Act::End { .. }) {
            self.unresolved = None;
        }
        let mut world = SessionWorld::new(&mut self.cluster, log);
        let mut answer = None;
        match act {
            Act::Line { line, files } => self.terminal.line(line, files, &mut world),
            Act::Apply { name, text } => {
                let running = Running::new(kubectl::start_apply(name), vec![(name.clone(), text.clone())]);
                self.terminal.beside(&format!("kubectl apply -f {name}"), running, &mut world);
            }
            Act::Edited { text } => self.terminal.edited(text, &mut world),
            Act::Interrupt => self.terminal.interrupt(world.moment()),
            Act::Omitted { line, bytes } => self.terminal.omitted(line, *bytes, world.moment()),
            Act::Fault { fault, .. } => answer = world.submit(&Input::Fault(fault.clone())),
            Act::Direct(input) => answer = world.submit(input),
            Act::Start { line, stdin, is_simple } => {
                let start = if *is_simple { kubectl::start_simple } else { kubectl::start };
                let running = Some(Running::new(start(line, stdin.as_deref()), Vec::new()));
                let mut job = Job { running, printed: Output::default(), exit: None };
                job.poll(&mut world);
                self.jobs.push(job);
            }
            Act::Feed { job, text } => {
                if let Some(job) = self.jobs.get_mut(*job) {
                    if let Some(running) = &mut job.running {
                        running.feed(text);
                    }
                    job.poll(&mut world);
                }
            }
            Act::End { job } => {
                if let Some(job) = self.jobs.get_mut(*job) {
                    job.running = None;
                }
            }
        }
        let (has_acted, unresolved) = (world.has_acted, world.unresolved.take());
        self.note(unresolved);
        self.next_look = self.now() + LOOK;
        (answer, has_acted)
    }

    /// Lets all commands go on. Returns whether the one at the terminal acted on the cluster.
    fn poll(&mut self, log: &mut StepLog) -> bool {
        if !self.is_busy() {
            return false;
        }
        let mut world = SessionWorld::new(&mut self.cluster, log);
        self.terminal.poll(&mut world);
        let has_acted = world.has_acted;
        for job in &mut self.jobs {
            job.poll(&mut world);
        }
        let unresolved = world.unresolved.take();
        self.note(unresolved);
        self.next_look = self.now() + LOOK;
        has_acted
    }

    fn note(&mut self, unresolved: Option<Lookup>) {
        if let Some(unresolved) = unresolved {
            self.unresolved = Some(Rc::new(unresolved));
        }
    }
}
