//! A laboratory: a run of a cluster, a command line, and what happened.

use std::time::Duration;

use api::Key;
use apimachinery::{Lang, Time};
use cluster::Fault;
use serde_json::{Value, json};
use session::faults::in_force;
use session::present::Job;
use session::{Act, Run, Why, reference, refusal};

use crate::happened;
use crate::options::Options;

/// A command and [`Lab::settle`] let at most this much time pass, unless told otherwise.
const LIMIT: Duration = Duration::from_mins(10);
/// A cluster in which nothing was written for this long has come to rest.
const QUIET: Duration = Duration::from_secs(3);
/// A shell that does not end at the end of its input is left after this many more lines.
const LAST_LINES: usize = 8;

/// A cluster and its past.
#[derive(Debug, Clone)]
pub struct Lab {
    run: Run,
    lang: Lang,
}

/// The longest that one call lets time pass, in milliseconds: a day.
const CALL_MAX_MS: f64 = 86_400_000.0;

/// A span of time as JavaScript gives it, not longer than one call may take.
#[derive(Debug, Clone, Copy)]
pub struct Span(Duration);

impl Span {
    /// Reads a number of milliseconds.
    ///
    /// # Errors
    /// It is negative, too large or no number: a sentence that begins with `name`.
    pub fn read(name: &str, ms: f64) -> Result<Self, String> {
        let span = Some(ms).filter(|ms| (0.0..=CALL_MAX_MS).contains(ms));
        span.and_then(|ms| Duration::try_from_secs_f64(ms / 1_000.0).ok())
            .map(Self)
            .ok_or_else(|| format!("{name} is a number of milliseconds from 0 to {CALL_MAX_MS}, not {ms}"))
    }
}

impl Lab {
    /// A cluster at 0:00.
    pub fn new(options: Options) -> Self {
        Self { run: Run::new(options.config).seldom_looked_back(), lang: options.lang }
    }

    /// Runs a command line until it ends or its time is over. Returns `{exit, stdout, stderr}`. A command
    /// that reads lines, such as a shell, gets those of `stdin`; one that wants a file edited gets `stdin` as
    /// its new text.
    pub fn run(&mut self, line: &str, stdin: Option<&str>, limit: Option<Span>) -> Value {
        let limit = self.head() + limit.map_or(LIMIT, |limit| limit.0);
        let place = self.run.start(line, stdin, false);
        let mut lines = stdin.unwrap_or_default().lines();
        let mut last_lines = 0;
        while let Some(job) = self.run.job(place).filter(|job| job.exit().is_none()) {
            let text = if job.prompt().is_some() {
                let line = lines.next();
                last_lines += usize::from(line.is_none());
                Some(line.unwrap_or("exit").to_owned())
            } else {
                edited(job, stdin)
            };
            match text {
                _ if last_lines > LAST_LINES => break,
                Some(text) => {
                    self.run.act(Act::Feed { job: place, text });
                }
                None if self.head() >= limit => break,
                None => self.run.run_moment(limit),
            }
        }
        self.run.act(Act::End { job: place });
        let (exit, printed) =
            self.run.job(place).map(|job| (job.exit(), job.printed().clone())).unwrap_or_default();
        json!({"exit": exit, "stdout": printed.stdout, "stderr": printed.stderr})
    }

    /// Lets a fault happen, as JSON says it: `{"CutNetwork": {"node": "node-1"}}`.
    ///
    /// # Errors
    /// It is no fault, or there is nothing that it could happen to; then nothing was done.
    pub fn fault(&mut self, value: &Value) -> Result<(), String> {
        let fault = Fault::try_from(value.clone()).map_err(|why| format!("{why}: {value}"))?;
        if let Some(refusal) = refusal(self.run.head(), &fault) {
            return Err(refusal.sentence(self.lang));
        }
        self.run.act(Act::Fault { fault, text: value.to_string() });
        Ok(())
    }

    /// Which faults are in force, each with its undo: a fault, or a command line.
    pub fn in_force(&self) -> Value {
        let all = in_force(self.run.head(), self.run.records());
        all.iter().map(|one| happened::in_force(one, self.run.origin())).collect()
    }

    /// Lets time pass.
    pub fn advance(&mut self, span: Span) {
        self.run.run_until(self.head() + span.0);
    }

    /// Lets time pass until nothing is written any more; returns how long that was, in milliseconds.
    pub fn settle(&mut self, limit: Option<Span>) -> f64 {
        let before = self.now();
        self.run.settle(QUIET, limit.map_or(LIMIT, |limit| limit.0));
        self.now() - before
    }

    /// Milliseconds since 0:00.
    pub fn now(&self) -> f64 {
        happened::millis(self.head(), self.run.origin())
    }

    /// All objects of a kind, in the order of namespaces and names.
    ///
    /// # Errors
    /// There is no such kind.
    pub fn objects(&self, kind: &str) -> Result<Value, String> {
        let kind = reference::kind(kind)?;
        let objects = self.run.head().store().list(kind, "");
        Ok(objects.map(|object| object.to_value()).collect())
    }

    /// What happened, in order; with `from`, only records whose `id` is at least that.
    pub fn records(&self, from: Option<f64>) -> Value {
        let records = self.run.records().iter();
        let wanted = records.skip_while(|record| happened::number(record.id) < from.unwrap_or(0.0));
        wanted.map(|record| happened::record(record, self.run.origin(), self.lang)).collect()
    }

    /// Why an object is as it is, and after it the same for each object that it waits for.
    ///
    /// # Errors
    /// The reference cannot be read.
    pub fn why(&self, reference: &str) -> Result<Value, String> {
        let key = reference::read(reference)?;
        let about = |key: &Key| Why::about(&self.run, self.head(), key, self.lang);
        let first = about(&key);
        let queue = first.iter().flat_map(|why| why.queue.iter().skip(1)).filter_map(about);
        Ok(first.iter().cloned().chain(queue).map(|why| happened::why(&why)).collect())
    }

    fn head(&self) -> Time {
        self.run.head().now()
    }
}

/// The file that a command wants edited, as edited.
fn edited(job: &Job, stdin: Option<&str>) -> Option<String> {
    job.document().map(|(_, text)| stdin.unwrap_or(text).to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn lab() -> Lab {
        Lab::new(crate::options::read(&Value::Null).unwrap())
    }

    /// Exit code, standard output and standard error of a command that ends.
    fn run(lab: &mut Lab, line: &str, stdin: Option<&str>) -> (i64, String, String) {
        let ran = lab.run(line, stdin, None);
        let text = |member: &str| ran[member].as_str().unwrap().to_owned();
        (
            ran["exit"].as_i64().unwrap_or_else(|| panic!("{line} goes on: {ran}")),
            text("stdout"),
            text("stderr"),
        )
    }

    #[test]
    fn a_pod_of_ones_own_runs_the_lines_of_the_input_and_is_gone() {
        let mut lab = lab();
        let line = "kubectl run dns-test --rm -it --restart=Never --image=busybox:1.28.4 -- sh";
        let (exit, stdout, stderr) =
            run(&mut lab, line, Some("hostname\nnslookup kubernetes | grep Name\nexit 3\n"));
        assert_eq!(exit, 3);
        assert_eq!(
            stdout,
            "dns-test\nName:      kubernetes\npod \"dns-test\" deleted from default namespace\n"
        );
        assert!(stderr.ends_with("pod default/dns-test terminated (Error)\n"), "{stderr}");
        lab.settle(None);
        assert!(lab.objects("pods").unwrap().as_array().unwrap().is_empty());
    }

    #[test]
    fn the_end_of_the_input_ends_a_shell() {
        let mut lab = lab();
        let line = "kubectl run a --rm -i --restart=Never --image=busybox:1.36";
        let (exit, stdout, _) = run(&mut lab, line, Some("echo hi"));
        assert_eq!((exit, stdout.as_str()), (0, "hi\npod \"a\" deleted from default namespace\n"));
        assert_eq!(run(&mut lab, "kubectl run b --image=busybox -- sleep 3600", None).0, 0);
        assert_eq!(run(&mut lab, "kubectl wait --for=condition=Ready pod/b", None).0, 0);
        let (exit, stdout, stderr) =
            run(&mut lab, "kubectl exec -i b -- sh", Some("cd /tmp\npwd\nhostname\nfalse\n"));
        assert_eq!((exit, stdout.as_str()), (1, "/tmp\nb\n"));
        assert_eq!(stderr, "command terminated with exit code 1\n");
        let no_tty = "Unable to use a TTY - input is not a terminal or the right kind of file\n";
        let (exit, stdout, stderr) = run(&mut lab, "kubectl exec -it b -- cat", Some("one\ntwo\n"));
        assert_eq!((exit, stdout.as_str(), stderr.as_str()), (0, "one\ntwo\n", no_tty));
    }

    #[test]
    fn a_program_that_asks_and_ends_is_heard() {
        let mut lab = lab();
        let line = "kubectl run q --rm -it --restart=Never --image=busybox:1.28.4 -- nslookup kubernetes";
        let (exit, stdout, _) = run(&mut lab, line, None);
        assert_eq!(exit, 0);
        assert!(stdout.contains("Name:      kubernetes\n"), "{stdout}");
        assert!(stdout.ends_with("pod \"q\" deleted from default namespace\n"), "{stdout}");
    }

    #[test]
    fn spans_are_those_that_a_call_can_let_pass() {
        for ms in [0.0, 0.5, 86_400_000.0] {
            assert!(Span::read("ms", ms).is_ok(), "{ms}");
        }
        for ms in [-1.0, 1e12, f64::INFINITY, f64::NAN] {
            let said = Span::read("ms", ms).unwrap_err();
            assert_eq!(said, format!("ms is a number of milliseconds from 0 to 86400000, not {ms}"));
        }
    }
}
