//! Plays a scenario, with every rule looked at after every step.

use std::time::Duration;

use api::{Key, Kind};
use apimachinery::Time;
use cluster::{Cluster, Fault, Input, What};
use kubectl::{Command, Output, Poll};
use session::Timeline;
use session::world::SessionWorld;

use crate::generate;
use crate::invariants::{REST, REST_LIMIT, Rest, Rules, Step, Violation, is_restless, violation};
use crate::scenario::{Act, Scenario};

/// Polls of one command in a row.
const POLLS_MAX: usize = 8;
/// Steps at one moment: more is a world that stands still.
const STEPS_AT_ONCE_MAX: u64 = 20_000;

/// Steps of one scenario: fifty times what one takes that ends well.
const STEPS_MAX: u64 = 100_000;

/// A scenario under way.
pub struct Play {
    timeline: Timeline,
    rules: Rules,
    running: Vec<Box<dyn Command>>,
    /// Records that the rules have seen.
    seen: usize,
    /// When the last write was that shows the cluster not at rest.
    stirred: Time,
    /// The moment of the last step, and how many steps there were at it.
    moment: (Time, u64),
}

/// What a run came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Steps that were made and looked at.
    pub steps: u64,
    /// Whether the cluster came to rest, and the rules for that were looked at.
    pub rested: bool,
}

/// Plays a scenario to its end: what is done in it, then all faults mended, then rest.
///
/// # Errors
/// The first rule that did not hold.
pub fn play(scenario: &Scenario) -> Result<Summary, Violation> {
    Play::new(scenario).to_the_end(scenario)
}

impl Play {
    /// The cluster of a scenario, before anything is done.
    pub fn new(scenario: &Scenario) -> Self {
        let timeline = Timeline::new(scenario.config());
        let now = timeline.head().now();
        Self {
            timeline,
            rules: Rules::default(),
            running: Vec::new(),
            seen: 0,
            stirred: now,
            moment: (now, 0),
        }
    }

    /// Does what the scenario says, mends everything and waits for rest.
    ///
    /// # Errors
    /// The first rule that did not hold.
    pub fn to_the_end(&mut self, scenario: &Scenario) -> Result<Summary, Violation> {
        self.through(scenario)?;
        let rested = self.come_to_rest(scenario)?;
        Ok(Summary { steps: self.steps(), rested })
    }

    /// The run so far.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// Steps made since 0:00.
    fn steps(&self) -> u64 {
        self.timeline.head().steps()
    }

    fn head(&self) -> &Cluster {
        self.timeline.head()
    }

    /// Does what the scenario says, each thing at its moment.
    ///
    /// # Errors
    /// The first rule that did not hold.
    pub fn through(&mut self, scenario: &Scenario) -> Result<(), Violation> {
        for moment in &scenario.moments {
            let at = self.timeline.origin() + Duration::from_millis(moment.at_ms);
            self.run_until(at)?;
            self.act(&moment.act)?;
        }
        Ok(())
    }

    /// Does something now.
    fn act(&mut self, act: &Act) -> Result<(), Violation> {
        match act {
            Act::Apply(manifest) => self.begin("kubectl apply -f -", Some(&manifest.to_string())),
            Act::Command(line) => self.begin(line, None),
            Act::Fault(fault) => {
                self.timeline.submit(Input::Fault(fault.clone()));
            }
        }
        self.look()
    }

    fn begin(&mut self, line: &str, stdin: Option<&str>) {
        self.running.push(kubectl::start(line, stdin));
        self.poll();
    }

    /// Lets commands that have not ended go on.
    fn poll(&mut self) {
        let mut running = std::mem::take(&mut self.running);
        running.retain_mut(|command| {
            for _ in 0..POLLS_MAX {
                let mut output = Output::default();
                let poll = command.poll(&mut SessionWorld::new(&mut self.timeline, &[]), &mut output);
                if matches!(poll, Poll::Exited(_)) {
                    return false;
                }
                if output == Output::default() {
                    break;
                }
            }
            true
        });
        self.running = running;
    }

    /// Steps until `until`, looking after every step.
    fn run_until(&mut self, until: Time) -> Result<(), Violation> {
        while self.head().next_due().is_some_and(|due| due <= until) {
            self.step()?;
        }
        self.timeline.run_until(until);
        Ok(())
    }

    fn step(&mut self) -> Result<(), Violation> {
        self.timeline.step();
        if !self.running.is_empty() {
            self.poll();
        }
        let now = self.head().now();
        self.moment = if self.moment.0 == now { (now, self.moment.1 + 1) } else { (now, 1) };
        if self.moment.1 > STEPS_AT_ONCE_MAX {
            let next = self.head().agenda().iter().next();
            let what = format!("{} steps at one moment, the next is {next:?}", self.moment.1);
            return Err(violation("time goes on", self.head(), what));
        }
        if self.steps() > STEPS_MAX {
            let last = self.timeline.records().last().map(cluster::Record::fingerprint);
            let what = format!("still busy after {STEPS_MAX} steps, at last with {last:?}");
            return Err(violation("the cluster comes to rest", self.head(), what));
        }
        self.look()
    }

    /// Looks at everything that has happened since the last look.
    fn look(&mut self) -> Result<(), Violation> {
        let records = self.timeline.records().get(self.seen..).unwrap_or_default();
        self.seen += records.len();
        for record in records {
            if let What::Requested { changes, .. } = &record.what
                && changes.iter().any(|change| is_restless(&record.actor, change))
            {
                self.stirred = record.at;
            }
        }
        self.rules.check(&Step { cluster: self.timeline.head(), records })
    }

    /// Mends everything that a scenario can have broken.
    fn mend(&mut self, scenario: &Scenario) -> Result<(), Violation> {
        for node in scenario.node_names() {
            self.act(&Act::Fault(Fault::PowerOn { node: node.clone() }))?;
            self.act(&Act::Fault(Fault::StartKubelet { node: node.clone() }))?;
            self.act(&Act::Command(format!("kubectl uncordon {node}")))?;
        }
        for image in generate::IMAGES {
            let fault = Fault::SetImageBehaviour { image: image.to_owned(), behaviour: String::new() };
            self.act(&Act::Fault(fault))?;
        }
        self.act(&Act::Fault(Fault::SlowProvisioner { by: Duration::ZERO }))?;
        self.act(&Act::Fault(Fault::FailProvisioner { message: String::new() }))?;
        if scenario.has_quotas() {
            // Whose Pods were refused waits for up to 1000 s before it tries again.
            self.act(&Act::Fault(Fault::RestartController { name: "statefulset-controller".to_owned() }))?;
        }
        let pods: Vec<Key> = self.head().store().list(Kind::Pod, "").map(|pod| pod.key()).collect();
        for key in pods {
            let (namespace, pod) = (key.namespace.to_string(), key.name.to_string());
            self.act(&Act::Fault(Fault::ForceReady { namespace, pod, ready: None }))?;
        }
        Ok(())
    }

    /// Mends everything and waits for rest. Returns whether there was any: a container that ends again and
    /// again allows none.
    fn come_to_rest(&mut self, scenario: &Scenario) -> Result<bool, Violation> {
        // Commands that still wait end first: a drain may go on cordoning.
        self.run_until(self.head().now() + Duration::from_secs(25))?;
        self.running.clear();
        self.mend(scenario)?;
        let begun = self.head().now();
        self.stirred = begun;
        while self.head().now().since(self.stirred) < REST {
            if self.head().now().since(begun) > REST_LIMIT {
                if Rest(self.head()).is_impossible() {
                    return Ok(false);
                }
                let what = format!("still writing {} s after the last fault", REST_LIMIT.as_secs());
                return Err(violation("the cluster comes to rest", self.head(), what));
            }
            let next = self.head().next_due().unwrap_or(self.head().now() + REST);
            if next > self.stirred + REST {
                break;
            }
            self.step()?;
        }
        if Rest(self.head()).is_impossible() {
            return Ok(false);
        }
        Rest(self.head()).check().map_err(|(rule, what)| violation(rule, self.head(), what))?;
        Ok(true)
    }
}
