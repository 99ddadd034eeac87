//! Plays a scenario and checks every rule after every step.

use std::time::Duration;

use api::{Key, Kind};
use apimachinery::Time;
use apimachinery::value::ValueExt;
use cluster::{Cluster, Fault, What};
use session::{Act, Run};

use crate::generate;
use crate::invariants::{REST, REST_LIMIT, Rest, Rules, Step, Violation, is_restless, violation};
use crate::scenario::{Cue, Scenario};

/// The most steps at one moment; with more, time counts as standing still.
const STEPS_AT_ONCE_MAX: u64 = 20_000;

/// The most steps of one scenario: fifty times what one takes that ends well.
const STEPS_MAX: u64 = 100_000;

/// A scenario under way.
pub struct Play {
    run: Run,
    rules: Rules,
    /// Records that the rules have seen.
    seen: usize,
    /// The moment of the last write that shows that the cluster is not at rest.
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
        let run = Run::new(scenario.config());
        let now = run.head().now();
        Self { run, rules: Rules::default(), seen: 0, stirred: now, moment: (now, 0) }
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
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// Steps made since 0:00.
    fn steps(&self) -> u64 {
        self.run.head().steps()
    }

    fn head(&self) -> &Cluster {
        self.run.head()
    }

    /// Does what the scenario says, each thing at its moment.
    ///
    /// # Errors
    /// The first rule that did not hold.
    pub fn through(&mut self, scenario: &Scenario) -> Result<(), Violation> {
        for moment in &scenario.moments {
            let at = self.run.origin() + Duration::from_millis(moment.at_ms);
            self.run_until(at)?;
            self.act(&moment.cue)?;
        }
        Ok(())
    }

    /// Does something now. Commands run beside each other until they end.
    fn act(&mut self, cue: &Cue) -> Result<(), Violation> {
        let (line, stdin) = match cue {
            Cue::Apply(manifest) => ("kubectl apply -f -", Some(manifest.to_string())),
            Cue::Command(line) => (line.as_str(), None),
            Cue::Fault(fault) => {
                let fault = self.with_volume(fault.clone());
                self.run.act(Act::Fault { fault, text: String::new() });
                return self.look();
            }
        };
        self.run.start(line, stdin.as_deref(), false);
        self.look()
    }

    /// A fault whose volume was said by its claim, as `namespace/name`: what volume that is, the cluster knows.
    fn with_volume(&self, fault: Fault) -> Fault {
        let named = |name: String| {
            let Some((namespace, claim)) = name.split_once('/') else { return name };
            let claim = self.head().store().get(&Key::new(Kind::PersistentVolumeClaim, namespace, claim));
            claim.map_or("", |claim| claim.spec().str_at(&["volumeName"])).to_owned()
        };
        match fault {
            Fault::FillDisk { volume, is_full } => Fault::FillDisk { volume: named(volume), is_full },
            Fault::HoldVolume { volume, is_held } => Fault::HoldVolume { volume: named(volume), is_held },
            other => other,
        }
    }

    /// Steps until `until`, looking after every step.
    fn run_until(&mut self, until: Time) -> Result<(), Violation> {
        if until > self.head().now() {
            while self.step(until)? {}
        }
        self.run.run_until(until);
        Ok(())
    }

    /// Does the next thing that happens until `until`; returns whether there was one.
    fn step(&mut self, until: Time) -> Result<bool, Violation> {
        if !self.run.step(until) {
            return Ok(false);
        }
        let now = self.head().now();
        self.moment = if self.moment.0 == now { (now, self.moment.1 + 1) } else { (now, 1) };
        if self.moment.1 > STEPS_AT_ONCE_MAX {
            let next = self.head().agenda().iter().next();
            let what = format!("{} steps at one moment, the next is {next:?}", self.moment.1);
            return Err(violation("time goes on", self.head(), what));
        }
        if self.steps() > STEPS_MAX {
            let last = self.run.records().last().map(cluster::Record::fingerprint);
            let what = format!("still busy after {STEPS_MAX} steps, at last with {last:?}");
            return Err(violation("the cluster comes to rest", self.head(), what));
        }
        self.look()?;
        Ok(true)
    }

    /// Looks at everything that has happened since the last look.
    fn look(&mut self) -> Result<(), Violation> {
        let records = self.run.records().get(self.seen..).unwrap_or_default();
        self.seen += records.len();
        for record in records {
            if let What::Requested { changes, .. } = &record.what
                && changes.iter().any(|change| is_restless(&record.actor, change))
            {
                self.stirred = record.at;
            }
        }
        self.rules.check(&Step { cluster: self.run.head(), records })
    }

    /// Mends everything that a scenario can have broken.
    fn mend(&mut self, scenario: &Scenario) -> Result<(), Violation> {
        for node in scenario.node_names() {
            self.act(&Cue::Fault(Fault::PowerOn { node: node.clone() }))?;
            self.act(&Cue::Fault(Fault::StartKubelet { node: node.clone() }))?;
            self.act(&Cue::Fault(Fault::RestoreNetwork { node: node.clone() }))?;
            self.act(&Cue::Command(format!("kubectl uncordon {node}")))?;
        }
        for image in generate::IMAGES {
            let fault = Fault::SetImageBehaviour { image: image.to_owned(), behaviour: String::new() };
            self.act(&Cue::Fault(fault))?;
        }
        for process in ["kube-controller-manager", "kube-scheduler", "csi-provisioner"] {
            self.act(&Cue::Fault(Fault::StartProcess { process: process.to_owned() }))?;
        }
        self.act(&Cue::Fault(Fault::SlowApiServer { by: Duration::ZERO }))?;
        let held: Vec<String> = self.head().held_volumes().iter().cloned().collect();
        for volume in held {
            self.act(&Cue::Fault(Fault::HoldVolume { volume, is_held: false }))?;
        }
        let full: Vec<String> = self.head().disks().full().map(str::to_owned).collect();
        for volume in full {
            self.act(&Cue::Fault(Fault::FillDisk { volume, is_full: false }))?;
        }
        self.act(&Cue::Fault(Fault::SlowProvisioner { by: Duration::ZERO }))?;
        self.act(&Cue::Fault(Fault::FailProvisioner { message: String::new() }))?;
        if scenario.has_quotas() {
            // A controller whose Pods were refused waits for up to 1000 s before it tries again.
            self.act(&Cue::Fault(Fault::RestartController { name: "statefulset-controller".to_owned() }))?;
        }
        let pods: Vec<Key> = self.head().store().list(Kind::Pod, "").map(|pod| pod.key()).collect();
        for key in pods {
            let container = String::new();
            let (namespace, pod) = (key.namespace.to_string(), key.name.to_string());
            for fault in [
                Fault::ForceReady { namespace: namespace.clone(), pod: pod.clone(), ready: None },
                Fault::Hang {
                    namespace: namespace.clone(),
                    pod: pod.clone(),
                    container: container.clone(),
                    hangs: false,
                },
                Fault::IgnoreSigterm { namespace, pod, container, ignores: false },
            ] {
                self.act(&Cue::Fault(fault))?;
            }
        }
        Ok(())
    }

    /// Mends everything and waits for rest. Returns whether there was any: a container that ends again and
    /// again allows none.
    fn come_to_rest(&mut self, scenario: &Scenario) -> Result<bool, Violation> {
        // Commands that still wait end first: a drain may go on cordoning.
        self.run_until(self.head().now() + Duration::from_secs(25))?;
        for job in 0..self.run.present().jobs().len() {
            self.run.act(Act::End { job });
        }
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
            if !self.step(self.stirred + REST)? {
                break;
            }
        }
        if Rest(self.head()).is_impossible() {
            return Ok(false);
        }
        Rest(self.head()).check().map_err(|(rule, what)| violation(rule, self.head(), what))?;
        Ok(true)
    }
}
