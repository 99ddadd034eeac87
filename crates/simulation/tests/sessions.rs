//! Random sessions: each is its script. No frame, speed, look back, interrupt or reload changes what happens.

use std::rc::Rc;
use std::time::Duration;

use apimachinery::Rng;
use cluster::{Cluster, Config, Fault, Record};
use session::script::Limits;
use session::{Act, Run, Script, Session};
use simulation::play::Play;
use simulation::{Cue, Scenario, generate, seed_of};

/// Random sessions in each test.
const SESSIONS: u64 = 6;
/// Commands that wait, loop and act by themselves, as they are typed one after the other.
const LINES: [&str; 12] = [
    "kubectl get pods -w",
    "kubectl drain node-1 --ignore-daemonsets --delete-emptydir-data --force",
    "kubectl run dns-test --rm -it --restart=Never --image=busybox:1.28.4 -- sh",
    "nslookup kubernetes",
    "exit",
    "for i in 1 2 3 4 5; do kubectl scale sts/web --replicas=$i; sleep 2; done",
    "kubectl uncordon node-1 && kubectl rollout status sts/web --timeout=20s",
    "kubectl delete pod web-0 && kubectl wait --for=condition=Ready pod/web-0 --timeout=60s",
    "kubectl edit sts web",
    "kubectl get pvc; sleep 1; kubectl get pods -o wide",
    "kubectl logs -f web-0",
    "kubectl delete sts web --cascade=orphan; kubectl get events -w",
];
/// Speeds of play, in simulated seconds per second.
const SPEEDS: [f64; 6] = [0.25, 0.5, 1.0, 4.0, 8.0, 60.0];

/// Something that a person does, and when.
#[derive(Debug, Clone)]
enum Do {
    Cue(Cue),
    Line(&'static str),
    Interrupt,
    /// The document that is to be edited is given back, with another number of replicas.
    Edit(u64),
}

fn scenarios() -> impl Iterator<Item = Scenario> {
    (0..SESSIONS).map(|index| generate::scenario(seed_of(99, index)))
}

/// What a person does in a session: a scenario's cues, with typed lines and interrupts among them.
fn deeds(scenario: &Scenario) -> Vec<(Duration, Do)> {
    let mut dice = Rng::stream(scenario.seed, "a person");
    let mut all: Vec<(Duration, Do)> = scenario
        .moments
        .iter()
        .map(|moment| (Duration::from_millis(moment.at_ms), Do::Cue(moment.cue.clone())))
        .collect();
    let mut at = Duration::from_micros(500_000);
    for line in LINES {
        at += Duration::from_micros(dice.between(0, 9_000_000));
        all.push((at, Do::Line(line)));
        if dice.below(3) == 0 {
            all.push((at + Duration::from_micros(dice.between(0, 3_000_000)), Do::Interrupt));
        }
        if line.contains("edit") {
            at += Duration::from_micros(dice.between(1, 2_000_000));
            all.push((at, Do::Edit(dice.between(1, 4))));
        }
    }
    all.sort_by_key(|(at, _)| *at);
    all
}

fn perform(session: &mut Session, what: &Do) {
    match what {
        Do::Cue(Cue::Apply(manifest)) => session.apply_text("a.yaml", &manifest.to_string()),
        Do::Cue(Cue::Command(line)) => session.command(line),
        Do::Cue(Cue::Fault(fault)) => {
            session.perform(Act::Fault { fault: fault.clone(), text: "a fault".to_owned() });
        }
        Do::Line(line) => session.command(line),
        Do::Interrupt => session.interrupt(),
        Do::Edit(replicas) => {
            if let Some((name, text)) = session.terminal().document().cloned() {
                let edited = text.lines().map(|line| match line.strip_prefix("  replicas:") {
                    Some(_) => format!("  replicas: {replicas}\n"),
                    None => format!("{line}\n"),
                });
                session.apply_text(&name, &edited.collect::<String>());
            }
        }
    }
}

/// Everything that two sessions must agree on.
#[derive(PartialEq)]
struct Trace {
    records: Vec<String>,
    stored: String,
    screen: String,
    flags: Vec<String>,
}

impl Trace {
    fn of(session: &Session) -> Self {
        let screen = session.terminal().screen().iter();
        Self {
            records: fingerprints(session.run().records()),
            stored: stored(session.run().head()),
            screen: screen.map(|entry| format!("{:?} {}: {}", entry.kind, entry.at, entry.text)).collect(),
            flags: session.flags().iter().map(|flag| format!("{} {}", flag.at, flag.text)).collect(),
        }
    }

    fn assert_same(&self, other: &Self, what: &str) {
        let differ = self.records.iter().zip(&other.records).position(|(a, b)| a != b);
        let differ = differ.map(|at| (self.records.get(at), other.records.get(at)));
        assert!(differ.is_none(), "{what}: {differ:?}");
        assert_eq!(self.records.len(), other.records.len(), "{what}: records");
        assert!(self.stored == other.stored, "{what}: the objects differ");
        assert_eq!(self.screen, other.screen, "{what}: the screens differ");
        assert_eq!(self.flags, other.flags, "{what}: the flags differ");
    }
}

fn fingerprints(records: &[Record]) -> Vec<String> {
    records.iter().map(Record::fingerprint).collect()
}

/// Everything that is stored, as text.
fn stored(cluster: &Cluster) -> String {
    let objects = api::Kind::ALL.iter().flat_map(|kind| cluster.store().list(*kind, ""));
    objects.map(|object| object.to_whole_value().to_string()).collect::<Vec<_>>().join("\n")
}

/// The session of the same script.
fn reloaded(session: &Session) -> Session {
    let script = Script::read(&session.script().to_text(), Limits::KEPT).expect("our own text");
    let mut again = Session::open(&script);
    // Piece by piece, as frames do it.
    let mut frames = 0;
    while !again.catch_up(&mut few(37)) {
        frames += 1;
        assert!(frames < 1_000_000, "it never comes to an end");
    }
    again
}

/// Says that there is time for this many moments.
fn few(mut moments: u32) -> impl FnMut() -> bool {
    move || {
        moments = moments.saturating_sub(1);
        moments > 0
    }
}

/// Plays up to a moment in frames, with looks around between them.
fn play_in_slices(session: &mut Session, until: Duration, dice: &mut Rng) {
    let end = session.run().origin() + until;
    while session.now() < end {
        let speed = SPEEDS.get(usize::try_from(dice.below(6)).unwrap_or(0)).copied().unwrap_or(1.0);
        let frame = Duration::from_millis(dice.between(1, 250)).mul_f64(speed);
        let frame = frame.min(end.since(session.now()));
        session.play_within(frame, &mut few(u32::try_from(dice.between(1, 400)).unwrap_or(1)));
        match dice.below(24) {
            0 => {
                let head = session.run().head().now();
                let past = u64::try_from(session.since_start(head)).unwrap_or(0);
                let moment = session.run().origin() + Duration::from_micros(dice.between(0, past));
                session.seek(moment);
                let by = Duration::from_millis(dice.between(1, 2_000));
                session.play(by.min(head.since(session.now())));
                session.seek(head);
            }
            1 => {
                let mut ahead = session.forecast();
                ahead.go_on(&mut few(50));
                ahead.ribbons();
            }
            2 => {
                session.complete("kubectl get p");
                session.scene();
                session.why(None, apimachinery::Lang::En);
            }
            3 => {
                let head = session.run().head().now();
                session.seek(session.previous_decision());
                session.seek(head);
            }
            _ => {}
        }
    }
}

#[test]
fn slices_speeds_looks_and_reloads_change_nothing() {
    for scenario in scenarios() {
        let config: Config = scenario.config();
        let deeds = deeds(&scenario);
        let end = deeds.last().map_or(Duration::ZERO, |(at, _)| *at) + Duration::from_secs(20);

        let mut whole = Session::new(config.clone(), None);
        for (at, what) in &deeds {
            let moment = whole.run().origin() + *at;
            whole.play(moment.since(whole.now()));
            perform(&mut whole, what);
        }
        let moment = whole.run().origin() + end;
        whole.play(moment.since(whole.now()));
        let trace = Trace::of(&whole);

        let mut dice = Rng::stream(scenario.seed, "frames");
        let reload_at = usize::try_from(dice.below(u32::try_from(deeds.len()).unwrap())).unwrap_or(0);
        let mut sliced = Session::new(config, None);
        for (index, (at, what)) in deeds.iter().enumerate() {
            play_in_slices(&mut sliced, *at, &mut dice);
            if index == reload_at {
                sliced = reloaded(&sliced);
            }
            perform(&mut sliced, what);
        }
        play_in_slices(&mut sliced, end, &mut dice);
        trace.assert_same(&Trace::of(&sliced), &format!("SEED={} in slices", scenario.seed));
        trace.assert_same(&Trace::of(&reloaded(&whole)), &format!("SEED={} reloaded", scenario.seed));
    }
}

fn played(scenario: &Scenario) -> Play {
    let mut play = Play::new(scenario);
    play.through(scenario).unwrap_or_else(|found| panic!("SEED={}: {found}", scenario.seed));
    play
}

/// The deeds of a run once more, on a new cluster, and as much time.
fn again(run: &Run) -> Run {
    let mut again = Run::new(run.head().config().clone());
    for deed in run.deeds() {
        again.run_until(run.moment_of(deed));
        again.act(deed.act.clone());
    }
    again.run_until(run.head().now());
    again
}

fn assert_same(run: &Run, other: &Run, seed: u64) {
    assert_eq!(fingerprints(run.records()), fingerprints(other.records()), "SEED={seed}");
    assert_eq!(stored(run.head()), stored(other.head()), "SEED={seed}");
}

#[test]
fn a_run_is_its_deeds() {
    for scenario in scenarios() {
        let play = played(&scenario);
        assert_same(play.run(), &again(play.run()), scenario.seed);
    }
}

#[test]
fn a_fork_is_the_replay_of_its_deeds() {
    for scenario in scenarios() {
        let play = played(&scenario);
        let mut run = play.run().clone();
        let mut chance = Rng::stream(scenario.seed, "fork");
        let span = u64::try_from(run.head().now().micros_since(run.origin())).unwrap();
        for _ in 0..3 {
            let moment = run.origin() + Duration::from_micros(chance.between(0, span - 1));
            run.seek_within(moment, &mut || true);
            let mut fork = run.fork().expect("the past is on stage");
            let fault = Fault::PowerOff { node: "node-1".to_owned() };
            fork.act(Act::Fault { fault, text: "off".to_owned() });
            fork.run_until(moment + Duration::from_secs(20));
            assert_same(&fork, &again(&fork), scenario.seed);
        }
        assert!(Rc::ptr_eq(&run.deeds()[0], &play.run().deeds()[0]), "a clone shares what was done");
    }
}

#[test]
fn an_old_branch_goes_on_alone() {
    for scenario in scenarios() {
        let mut session = Session::new(scenario.config(), None);
        for (at, what) in deeds(&scenario) {
            let moment = session.run().origin() + at;
            session.play(moment.since(session.now()));
            perform(&mut session, &what);
        }
        // A loop that would act for a minute is left behind.
        session.command("for i in 1 2 3 4 5 6; do kubectl create configmap left-$i; sleep 5; done");
        let begun = session.now();
        session.play(Duration::from_secs(12));
        session.seek(begun - Duration::from_secs(1));
        session.fault(Fault::PowerOff { node: "node-1".to_owned() }, "off").expect("it can happen");
        session.play(Duration::from_secs(60));
        let made = |session: &Session| {
            let maps = session.cluster().store().list(api::Kind::ConfigMap, "default");
            maps.filter(|map| map.metadata.name.starts_with("left-")).count()
        };
        assert_eq!(made(&session), 0, "SEED={}", scenario.seed);
        session.switch_branch(0);
        assert_eq!(made(&session), 3, "SEED={}", scenario.seed);
        session.play(Duration::from_secs(30));
        assert_eq!(made(&session), 6, "SEED={}", scenario.seed);
    }
}
