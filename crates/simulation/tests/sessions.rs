//! Play is replay, a fork is the replay of its inputs, and a session that was kept is the session: for random ones.

use std::time::Duration;

use apimachinery::Rng;
use cluster::{Cluster, Input, Record, StepLog};
use session::{Session, Timeline};
use simulation::play::Play;
use simulation::{Act, Scenario, generate, seed_of};

/// Random sessions in each test.
const SESSIONS: u64 = 6;

fn scenarios() -> impl Iterator<Item = Scenario> {
    (0..SESSIONS).map(|index| generate::scenario(seed_of(99, index)))
}

fn played(scenario: &Scenario) -> Play {
    let mut play = Play::new(scenario);
    play.through(scenario).unwrap_or_else(|found| panic!("SEED={}: {found}", scenario.seed));
    play
}

fn fingerprints(records: &[Record]) -> Vec<String> {
    records.iter().map(Record::fingerprint).collect()
}

/// Everything that is stored, as text.
fn stored(cluster: &Cluster) -> String {
    let objects = api::Kind::ALL.iter().flat_map(|kind| cluster.store().list(*kind, ""));
    objects.map(|object| object.to_whole_value().to_string()).collect::<Vec<_>>().join("\n")
}

/// The inputs of a timeline once more, on a new cluster, and as many steps.
fn again(timeline: &Timeline) -> (Cluster, StepLog) {
    let mut cluster = Cluster::new(timeline.head().config().clone());
    let mut log = StepLog::default();
    for input in timeline.inputs() {
        while cluster.steps() < input.after_steps && cluster.step(&mut log) {}
        cluster.stand_at(input.at);
        cluster.submit(&input.input, &mut log);
    }
    while cluster.steps() < timeline.head().steps() && cluster.step(&mut log) {}
    cluster.stand_at(timeline.head().now());
    (cluster, log)
}

#[test]
fn play_is_replay() {
    for scenario in scenarios() {
        let play = played(&scenario);
        let timeline = play.timeline();
        let (cluster, log) = again(timeline);
        assert_eq!(fingerprints(&log.records), fingerprints(timeline.records()), "SEED={}", scenario.seed);
        assert_eq!(stored(&cluster), stored(timeline.head()), "SEED={}", scenario.seed);
    }
}

#[test]
fn a_fork_is_the_replay_of_its_inputs() {
    for scenario in scenarios() {
        let play = played(&scenario);
        let timeline = play.timeline();
        let mut chance = Rng::stream(scenario.seed, "fork");
        let span = u64::try_from(timeline.head().now().micros_since(timeline.origin())).unwrap();
        for _ in 0..3 {
            let moment = timeline.origin() + Duration::from_micros(chance.between(0, span));
            let mut fork = timeline.fork(moment);
            fork.submit(Input::Fault(cluster::Fault::PowerOff { node: "node-1".to_owned() }));
            fork.run_until(moment + Duration::from_secs(20));
            let (cluster, log) = again(&fork);
            assert_eq!(fingerprints(&log.records), fingerprints(fork.records()), "SEED={}", scenario.seed);
            assert_eq!(stored(&cluster), stored(fork.head()), "SEED={}", scenario.seed);
        }
    }
}

#[test]
fn a_session_that_was_kept_is_the_session() {
    for scenario in scenarios() {
        let mut session = Session::new(scenario.config(), None);
        for moment in &scenario.moments {
            let at = session.timeline().origin() + Duration::from_millis(moment.at_ms);
            session.play(at.since(session.now()));
            match &moment.act {
                Act::Apply(manifest) => session.apply_text("a.yaml", &manifest.to_string()),
                Act::Command(line) => session.command(line),
                Act::Fault(fault) => session.fault(fault.clone(), "a fault"),
            }
        }
        // What the last deed made due at its own moment is done before.
        session.play(Duration::from_secs(1));
        let kept = serde_json::to_string(session.script()).unwrap();
        let script: Vec<session::Deed> = serde_json::from_str(&kept).unwrap();
        let mut restored = Session::new(scenario.config(), None);
        restored.restore(&[], &script, session.since_start(session.now()));
        let (old, new) = (session.timeline(), restored.timeline());
        assert_eq!(fingerprints(new.records()), fingerprints(old.records()), "SEED={}", scenario.seed);
        assert_eq!(stored(new.head()), stored(old.head()), "SEED={}", scenario.seed);
    }
}
