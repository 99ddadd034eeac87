//! A shell in a container, and its programs as far as teaching needs them: those that look at names,
//! files and DNS.
//!
//! Models: busybox, and the shell of Debian's images.
//! Differs: there are no processes; a file outside of the volumes lasts as long as its container.

mod programs;

use api::Object;
use api::core::Pod;
use apimachinery::value::ValueExt;
use cluster::Cluster;
use coredns::Corefile;
use coredns::stub::Stub;
use coredns::tools::Flavour;
use kubectl::budget::{self, OUTPUT_MAX};
use kubectl::{ExecAnswer, line};
use kubelet::container::Container;
use kubelet::shell;

use crate::names::{self, Lookup};

/// Folders that every image has.
const FOLDERS: &str =
    "/bin /dev /etc /home /proc /root /sys /tmp /usr /var /usr/share /usr/bin /var/log /var/run";
/// Files that every container has.
const FILES: &str = "/etc/hostname /etc/hosts /etc/resolv.conf";

/// Variables that a shell keeps.
const VARIABLES_MAX: usize = 1_000;

/// A command's effect on a file of the container.
pub(crate) enum Write {
    Append { path: String, text: String },
    Replace { path: String, text: String },
    Remove { path: String },
}

/// The volume and the file below its root that a path means, if it is on one.
pub(crate) fn on_volume(mounts: &[(String, String)], path: &str) -> Option<(String, String)> {
    mounts.iter().find_map(|(mount, volume)| {
        let file = path.strip_prefix(mount.trim_end_matches('/'))?.strip_prefix('/')?;
        (!file.is_empty()).then(|| (volume.clone(), file.to_owned()))
    })
}

/// Runs one command line of a container.
pub(crate) struct Runner<'c> {
    cluster: &'c Cluster,
    pod: &'c Object,
    container: &'c Container,
    /// Mount point and volume of the claims.
    pub(crate) mounts: Vec<(String, String)>,
    directory: String,
    variables: Vec<(String, String)>,
    pub(crate) writes: Vec<Write>,
    /// Bytes of what was written.
    written: usize,
    pub(crate) answer: ExecAnswer,
    /// The last name that was not found.
    pub(crate) unresolved: Option<Lookup>,
    /// The prompt that a shell would show after the command.
    pub(crate) prompt: String,
    /// The program that was asked for, if the container has none of this name.
    pub(crate) missing: Option<String>,
}

impl<'c> Runner<'c> {
    /// A runner in a container with these mount points and volumes.
    pub(crate) fn new(
        cluster: &'c Cluster,
        pod: &'c Object,
        container: &'c Container,
        mounts: Vec<(String, String)>,
    ) -> Self {
        let (writes, answer) = (Vec::new(), ExecAnswer::default());
        let (directory, prompt) = ("/".to_owned(), String::new());
        Self {
            cluster,
            pod,
            container,
            mounts,
            directory,
            variables: Vec::new(),
            writes,
            written: 0,
            answer,
            unresolved: None,
            prompt,
            missing: None,
        }
    }
}

impl Runner<'_> {
    fn say(&mut self, text: &str) {
        self.answer.stdout.push_str(text);
        self.answer.stdout.push('\n');
    }

    fn fail(&mut self, text: &str, exit: i32) {
        self.answer.stderr.push_str(text);
        self.answer.stderr.push('\n');
        self.answer.exit = exit;
    }

    /// Runs a command line, with `stdin` as all of its input.
    pub(crate) fn run(&mut self, words: &[String], stdin: Option<&str>) {
        let Some(program) = words.first() else { return };
        let name = program.rsplit('/').next().unwrap_or(program);
        let is_shell = matches!(name, "sh" | "ash" | "dash") || name == "bash" && !self.is_busybox();
        match words.get(1) {
            Some(flag) if is_shell && flag.starts_with('-') && flag.contains('c') => {
                let script = words.get(2).cloned().unwrap_or_default();
                self.script(&script);
            }
            _ if is_shell => self.script(stdin.unwrap_or("")),
            _ if !self.simple(words, stdin.unwrap_or("")) => self.missing = Some(program.clone()),
            _ => {}
        }
        let here = if self.directory == "/root" { "~" } else { &self.directory };
        self.prompt = match name {
            "bash" => format!("root@{}:{here}# ", self.pod.metadata.name),
            _ if self.is_busybox() => format!("{here} # "),
            _ => "# ".to_owned(),
        };
    }

    /// Whether the container's programs are busybox's; else they are those of Debian.
    fn is_busybox(&self) -> bool {
        matches!(Flavour::of(&self.container.image), Flavour::Busybox | Flavour::Busybox128)
    }

    fn script(&mut self, text: &str) {
        let mut skips = false;
        for (joint, statement) in shell::statements(text) {
            if !std::mem::take(&mut skips) {
                let words = shell::split(&statement);
                if let [exit, code @ ..] = words.as_slice()
                    && exit == "exit"
                {
                    self.answer.exit =
                        code.first().and_then(|code| code.parse().ok()).unwrap_or(self.answer.exit);
                    return;
                }
                self.pipeline(&statement);
                if self.answer.stdout.len() > OUTPUT_MAX {
                    let printed = std::mem::take(&mut self.answer.stdout);
                    budget::push(&mut self.answer.stdout, &printed);
                    return;
                }
            }
            let failed = self.answer.exit != 0;
            skips = (joint == "&&" && failed) || (joint == "||" && !failed);
        }
    }

    /// Commands joined by `|`.
    fn pipeline(&mut self, statement: &str) {
        let mut stdin = String::new();
        let stages: Vec<&str> = statement.split(" | ").collect();
        for (at, stage) in stages.iter().enumerate() {
            let expanded = match self.expand(stage) {
                Ok(expanded) => expanded,
                Err(problem) => return self.fail(&format!("sh: {problem}"), 2),
            };
            let words = shell::split(&expanded);
            let before = self.answer.stdout.len();
            if !self.simple(&words, &stdin) {
                self.fail(&format!("sh: {}: not found", words.first().map_or("", String::as_str)), 127);
            }
            if at + 1 < stages.len() {
                stdin = self.answer.stdout.split_off(before);
            }
        }
    }

    /// A text with variables replaced, but for what stands in single quotes.
    fn expand(&self, text: &str) -> Result<String, String> {
        if !text.contains(['$', '`']) {
            return Ok(text.to_owned());
        }
        let name = self.pod.metadata.name.as_str();
        let exit = self.answer.exit.to_string();
        let mut outside = true;
        let parts = text.split('\'').map(|part| {
            outside = !outside;
            if outside {
                return part.to_owned();
            }
            part.replace("$(hostname)", name).replace("`hostname`", name).replace("$?", &exit)
        });
        line::expand(&parts.collect::<Vec<_>>().join("'"), &self.environment())
    }

    /// A path from the root on.
    fn absolute(&self, path: &str) -> String {
        let mut steps: Vec<&str> = Vec::new();
        let start = if path.starts_with('/') { "" } else { self.directory.as_str() };
        for step in start.split('/').chain(path.split('/')) {
            match step {
                "" | "." => {}
                ".." => {
                    steps.pop();
                }
                _ => steps.push(step),
            }
        }
        format!("/{}", steps.join("/"))
    }

    /// Does what changes the shell itself: `A=b`, `export A=b`, `cd /tmp`. Returns whether it was that.
    fn keeps(&mut self, words: &[String]) -> bool {
        let assignments = match words {
            [export, rest @ ..] if export == "export" => rest,
            all => all,
        };
        let is_name =
            |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let pairs: Vec<(String, String)> = assignments
            .iter()
            .filter_map(|word| word.split_once('='))
            .filter(|(name, _)| is_name(name))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        if !assignments.is_empty() && pairs.len() == assignments.len() {
            for (name, value) in pairs {
                self.variables.retain(|(known, _)| *known != name);
                if self.variables.len() >= VARIABLES_MAX {
                    self.fail("sh: out of memory", 2);
                    break;
                }
                self.variables.push((name, value));
            }
            return true;
        }
        let [cd, rest @ ..] = words else { return false };
        if cd != "cd" {
            return false;
        }
        let path = self.absolute(rest.first().map_or("/root", String::as_str));
        if self.list(&path).is_some() || path == "/root" {
            self.directory = path;
        } else {
            self.fail(
                &format!(
                    "sh: cd: can't cd to {}: No such file or directory",
                    rest.first().map_or("", String::as_str)
                ),
                2,
            );
        }
        true
    }

    fn environment(&self) -> Vec<(String, String)> {
        let spec = kubelet::container::container_spec(self.pod, self.container);
        let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        let mut all = vec![
            ("PATH".to_owned(), path.to_owned()),
            ("HOSTNAME".to_owned(), self.pod.metadata.name.clone()),
        ];
        for env in spec.list_at(&["env"]) {
            let field = env.str_at(&["valueFrom", "fieldRef", "fieldPath"]);
            let value = match field {
                "" => env.str_at(&["value"]).to_owned(),
                "metadata.name" => self.pod.metadata.name.clone(),
                "metadata.namespace" => self.pod.metadata.namespace.clone(),
                "status.podIP" => Pod(self.pod).ip().to_owned(),
                "spec.nodeName" => Pod(self.pod).node_name().to_owned(),
                other => {
                    let label = other.strip_prefix("metadata.labels['").and_then(|l| l.strip_suffix("']"));
                    label.map(|l| self.pod.metadata.label(l).to_owned()).unwrap_or_default()
                }
            };
            all.push((env.str_at(&["name"]).to_owned(), value));
        }
        all.push(("HOME".to_owned(), "/root".to_owned()));
        all.retain(|(known, _)| self.variables.iter().all(|(name, _)| name != known));
        all.extend(self.variables.iter().cloned());
        all
    }

    fn read(&self, path: &str) -> Option<String> {
        let path = self.absolute(path);
        if let Some((volume, file)) = on_volume(&self.mounts, &path) {
            return self.cluster.disks().read(&volume, &file);
        }
        match path.as_str() {
            "/etc/hostname" => Some(format!("{}\n", self.pod.metadata.name)),
            "/etc/resolv.conf" => Some(self.stub().map(|stub| stub.resolv_conf.text()).unwrap_or_default()),
            "/etc/hosts" => Some(coredns::hosts::text(self.pod, &Corefile::kubeadm())),
            path => self.container.files.get(path).cloned(),
        }
    }

    /// What lies in a directory; nothing if there is none.
    fn list(&self, path: &str) -> Option<Vec<String>> {
        let path = self.absolute(path);
        let inside = if path == "/" { String::new() } else { path.clone() };
        let below =
            |file: &str| Some(file.strip_prefix(&inside)?.strip_prefix('/')?.split('/').next()?.to_owned());
        let mut found: Vec<String> = Vec::new();
        for (mount, volume) in &self.mounts {
            let files = self.cluster.disks().files(volume).map(|file| format!("{mount}/{file}"));
            found.extend(files.chain([mount.clone()]).filter_map(|file| below(&file)));
        }
        let known = FOLDERS.split(' ').chain(FILES.split(' ')).map(str::to_owned);
        let files = self.container.files.keys().cloned().chain(known);
        found.extend(files.filter_map(|file| below(&file)));
        found.sort();
        found.dedup();
        let exists = FOLDERS.split(' ').any(|known| known == path) || path == "/" || self.is_mount(&path);
        (exists || !found.is_empty()).then_some(found)
    }

    /// Whether a path is on a volume that has no space left.
    fn is_full(&self, path: &str) -> bool {
        on_volume(&self.mounts, path).is_some_and(|(volume, _)| self.cluster.disks().is_full(&volume))
    }

    fn is_mount(&self, path: &str) -> bool {
        self.mounts.iter().any(|(mount, _)| mount.trim_end_matches('/') == path)
    }

    fn stub(&self) -> Option<Stub<'_>> {
        let seen = self.cluster.seen_by("coredns")?;
        let config = self.cluster.config();
        let stub = Stub::new(&seen, self.pod, self.cluster.now()).drawn(config.seed);
        let tools = config.images.of(self.pod, stub.image()).tools;
        let stub = stub.with_tools_of(&tools);
        Some(match &config.cluster_dns {
            Some(address) => stub.with_cluster_dns(address),
            None => stub,
        })
    }

    fn dns(&mut self, words: &[String]) -> bool {
        let Some(stub) = self.stub() else { return false };
        let Some(output) = coredns::tools::run(words, &stub) else { return false };
        if names::is_failure(words, &output) {
            let failed = names::failed(words, &stub, Some(self.pod.key()));
            self.note(failed);
        }
        self.answer.stdout.push_str(&output.stdout);
        self.answer.stderr.push_str(&output.stderr);
        self.answer.exit = output.exit;
        true
    }

    /// Remembers a name that was not found.
    fn note(&mut self, failed: Option<Lookup>) {
        if failed.is_some() {
            self.unresolved = failed;
        }
    }

    /// Runs one command. Returns whether there is such a program.
    fn simple(&mut self, words: &[String], stdin: &str) -> bool {
        let (words, redirect) = shell::redirection(words);
        let words = words.strip_prefix(&["busybox".to_owned()]).unwrap_or(words).to_vec();
        self.answer.exit = 0;
        let before = self.answer.stdout.len();
        if !self.keeps(&words) && !self.program(&words, stdin) {
            return false;
        }
        if let Some((path, append)) = redirect {
            let (text, path) = (self.answer.stdout.split_off(before), self.absolute(&path));
            if path == "/dev/null" {
                return true;
            }
            let there = if append { self.read(&path).map_or(0, |text| text.len()) } else { 0 };
            self.written += text.len();
            let has_no_room = there + self.written > OUTPUT_MAX || self.is_full(&path);
            if !text.is_empty() && has_no_room {
                // The shell's own `echo` fails in the shell's name.
                let program = words.first().filter(|word| *word != "echo").map_or("sh", String::as_str);
                self.fail(&format!("{program}: write error: No space left on device"), 1);
                return true;
            }
            self.writes.push(if append {
                Write::Append { path, text }
            } else {
                Write::Replace { path, text }
            });
        }
        true
    }
}
