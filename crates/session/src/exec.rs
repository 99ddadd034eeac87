//! What goes through the API server to a kubelet: `exec`.
//!
//! Differs: there are no processes, so `exec` knows the commands of teaching: those that look at names,
//! files and DNS, and small scripts of them.

use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::value::ValueExt;
use apimachinery::{Reason, Rng, Status};
use cluster::{Cluster, Input};
use coredns::Corefile;
use coredns::stub::Stub;
use kubectl::{ExecAnswer, ExecRequest};
use kubelet::container::Container;
use kubelet::shell;
use kubelet::worker::Worker;

use crate::timeline::Timeline;

/// A Pod by name.
pub(crate) fn pod<'c>(cluster: &'c Cluster, namespace: &str, name: &str) -> Result<&'c Object, Status> {
    let found = cluster.store().get(&Key::new(Kind::Pod, namespace, name));
    found.map(|pod| &**pod).ok_or_else(|| Status::not_found("pods", "", name))
}

/// What its kubelet knows of it.
pub(crate) fn worker<'c>(cluster: &'c Cluster, pod: &Object) -> Option<&'c Worker> {
    cluster.kubelet(Pod(pod).node_name())?.worker(&pod.metadata.namespace, &pod.metadata.name)
}

/// A command's effect on a file of the container.
enum Write {
    Append { path: String, text: String },
    Replace { path: String, text: String },
    Remove { path: String },
}

/// Runs one command line of a container.
struct Runner<'c> {
    cluster: &'c Cluster,
    pod: &'c Object,
    container: &'c Container,
    /// Mount point and volume of the claims.
    mounts: Vec<(String, String)>,
    writes: Vec<Write>,
    answer: ExecAnswer,
    /// The program that the runtime does not find.
    missing: Option<String>,
}

/// `POST pods/<name>/exec`.
pub fn exec(timeline: &mut Timeline, request: &ExecRequest) -> Result<ExecAnswer, Status> {
    let cluster = timeline.head();
    let pod = pod(cluster, &request.namespace, &request.pod)?;
    if Pod(pod).node_name().is_empty() {
        return Err(Status::bad_request(format!("pod {} does not have a host assigned", request.pod)));
    }
    let running = worker(cluster, pod)
        .and_then(|w| w.containers.iter().find(|c| c.name == request.container))
        .filter(|c| c.is_running());
    let Some(container) = running else {
        return Err(Status::new(
            Reason::InternalError,
            format!("unable to upgrade connection: container not found (\"{}\")", request.container),
        ));
    };
    let spec = kubelet::status::container_spec(pod, container);
    let mounts =
        cluster.seen_by(&format!("kubelet/{}", Pod(pod).node_name())).map_or_else(Vec::new, |seen| {
            kubelet::volumes::claim_mounts(pod, spec, &seen)
                .into_iter()
                .map(|(volume, path)| (path, volume))
                .collect()
        });
    let (writes, answer) = (Vec::new(), ExecAnswer::default());
    let mut runner = Runner { cluster, pod, container, mounts, writes, answer, missing: None };
    runner.run(&request.command, request.stdin.as_deref());
    let Runner { writes, answer, mounts, missing, .. } = runner;
    if let Some(program) = missing {
        return Err(no_such_program(&program, cluster));
    }
    let inputs: Vec<Input> =
        writes.into_iter().map(|write| as_input(write, &mounts, pod, &request.container)).collect();
    for input in inputs {
        timeline.submit(input);
    }
    Ok(answer)
}

fn as_input(write: Write, mounts: &[(String, String)], pod: &Object, container: &str) -> Input {
    let (path, text, append, remove) = match write {
        Write::Append { path, text } => (path, text, true, false),
        Write::Replace { path, text } => (path, text, false, false),
        Write::Remove { path } => (path, String::new(), false, true),
    };
    let text = (!remove).then_some(text);
    match on_volume(mounts, &path) {
        Some((volume, file)) => Input::Disk {
            volume,
            file,
            text,
            append,
            writer: pod.metadata.name.clone(),
            revision: pod.metadata.label("controller-revision-hash").to_owned(),
        },
        None => Input::File {
            namespace: pod.metadata.namespace.clone(),
            pod: pod.metadata.name.clone(),
            container: container.to_owned(),
            path,
            text,
            append,
        },
    }
}

fn on_volume(mounts: &[(String, String)], path: &str) -> Option<(String, String)> {
    mounts.iter().find_map(|(mount, volume)| {
        let file = path.strip_prefix(mount.trim_end_matches('/'))?.strip_prefix('/')?;
        (!file.is_empty()).then(|| (volume.clone(), file.to_owned()))
    })
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

    fn run(&mut self, words: &[String], stdin: Option<&str>) {
        let Some(program) = words.first() else { return };
        let name = program.rsplit('/').next().unwrap_or(program);
        let is_shell = matches!(name, "sh" | "bash" | "ash");
        match words.get(1) {
            Some(flag) if is_shell && flag.starts_with('-') && flag.contains('c') => {
                let script = words.get(2).cloned().unwrap_or_default();
                self.script(&script);
            }
            _ if is_shell => self.script(stdin.unwrap_or("")),
            _ if !self.simple(words) => self.missing = Some(program.clone()),
            _ => {}
        }
    }

    fn script(&mut self, text: &str) {
        for (joint, statement) in shell::statements(text) {
            let words = shell::split(&self.expand(&statement));
            if let [exit, code @ ..] = words.as_slice()
                && exit == "exit"
            {
                self.answer.exit = code.first().and_then(|code| code.parse().ok()).unwrap_or(0);
                return;
            }
            if !self.simple(&words) {
                self.fail(&format!("sh: {}: not found", words.first().map_or("", String::as_str)), 127);
            }
            let failed = self.answer.exit != 0;
            if (joint == "&&" && failed) || (joint == "||" && !failed) {
                return;
            }
        }
    }

    fn expand(&self, text: &str) -> String {
        let name = self.pod.metadata.name.as_str();
        let mut text = text.replace("$(hostname)", name).replace("`hostname`", name);
        for (variable, value) in self.environment() {
            text = text.replace(&format!("${{{variable}}}"), &value).replace(&format!("${variable}"), &value);
        }
        text
    }

    fn environment(&self) -> Vec<(String, String)> {
        let spec = kubelet::status::container_spec(self.pod, self.container);
        let mut all = vec![("HOSTNAME".to_owned(), self.pod.metadata.name.clone())];
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
        all
    }

    fn read(&self, path: &str) -> Option<String> {
        if let Some((volume, file)) = on_volume(&self.mounts, path) {
            return self.cluster.disks().read(&volume, &file);
        }
        match path {
            "/etc/hostname" => Some(format!("{}\n", self.pod.metadata.name)),
            "/etc/resolv.conf" => Some(self.stub().map(|stub| stub.resolv_conf.text()).unwrap_or_default()),
            "/etc/hosts" => Some(coredns::hosts::text(self.pod, &Corefile::kubeadm())),
            _ => self.container.files.get(path).cloned(),
        }
    }

    fn list(&self, path: &str) -> Option<Vec<String>> {
        let path = path.trim_end_matches('/');
        let mount = self.mounts.iter().find(|(mount, _)| mount.trim_end_matches('/') == path);
        if let Some((_, volume)) = mount {
            return Some(self.cluster.disks().files(volume).map(str::to_owned).collect());
        }
        let inside = |file: &String| file.strip_prefix(path)?.strip_prefix('/').map(str::to_owned);
        let files: Vec<String> = self.container.files.keys().filter_map(inside).collect();
        (!files.is_empty() || matches!(path, "" | "/tmp" | "/etc")).then_some(files)
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
        let output = self.stub().and_then(|stub| coredns::tools::run(words, &stub));
        let Some(output) = output else { return false };
        self.answer.stdout.push_str(&output.stdout);
        self.answer.stderr.push_str(&output.stderr);
        self.answer.exit = output.exit;
        true
    }

    /// Runs one command; whether there is such a program.
    fn simple(&mut self, words: &[String]) -> bool {
        let (words, redirect) = shell::redirection(words);
        let words = words.strip_prefix(&["busybox".to_owned()]).unwrap_or(words).to_vec();
        self.answer.exit = 0;
        let before = self.answer.stdout.len();
        let Some((program, rest)) = words.split_first() else { return true };
        match program.rsplit('/').next().unwrap_or(program) {
            "hostname" if rest.iter().any(|flag| flag == "-i") => self.say(Pod(self.pod).ip()),
            "hostname" if rest.iter().any(|flag| flag == "-f") => {
                self.say(&coredns::hosts::full_hostname(self.pod, &Corefile::kubeadm()));
            }
            "hostname" => self.say(&coredns::hosts::hostname(self.pod)),
            "echo" => self.say(&rest.join(" ")),
            "true" | ":" | "sleep" | "sync" => {}
            "false" => self.answer.exit = 1,
            "date" => self.say(&self.cluster.now().rfc3339()),
            "pwd" => self.say("/"),
            "whoami" => self.say("root"),
            "env" | "printenv" => self.print_environment(rest),
            "cat" => self.cat(rest),
            "ls" => self.ls(rest),
            "touch" => {
                for path in rest {
                    self.writes.push(Write::Append { path: path.clone(), text: String::new() });
                }
            }
            "rm" => {
                for path in rest.iter().filter(|word| !word.starts_with('-')) {
                    self.writes.push(Write::Remove { path: path.clone() });
                }
            }
            "wget" | "curl" => self.fetch(rest),
            "nslookup" | "dig" | "getent" if self.dns(&words) => {}
            _ => return false,
        }
        if let Some((path, append)) = redirect {
            let text = self.answer.stdout.split_off(before);
            self.writes.push(if append {
                Write::Append { path, text }
            } else {
                Write::Replace { path, text }
            });
        }
        true
    }

    fn print_environment(&mut self, names: &[String]) {
        for (name, value) in self.environment() {
            match names.first() {
                Some(wanted) if *wanted == name => self.say(&value),
                Some(_) => {}
                None => self.say(&format!("{name}={value}")),
            }
        }
    }

    fn cat(&mut self, paths: &[String]) {
        for path in paths {
            match self.read(path) {
                Some(text) => self.answer.stdout.push_str(&text),
                None => self.fail(&format!("cat: {path}: No such file or directory"), 1),
            }
        }
    }

    fn ls(&mut self, words: &[String]) {
        let path = words.iter().find(|word| !word.starts_with('-')).map_or("/", String::as_str);
        match self.list(path) {
            Some(files) => {
                for file in files {
                    self.say(&file);
                }
            }
            None => self.fail(&format!("ls: cannot access '{path}': No such file or directory"), 2),
        }
    }

    /// `wget -O- http://web-0.nginx`: what a Ready server of that name answers.
    fn fetch(&mut self, words: &[String]) {
        let Some(url) = words.iter().rev().find(|word| !word.starts_with('-')) else { return };
        let host = url.trim_start_matches("http://").split(['/', ':']).next().unwrap_or("");
        let address = self.stub().and_then(|stub| stub.address_of(host)).map(|ip| ip.to_string());
        let address = if host == "localhost" || host == "127.0.0.1" {
            Some(Pod(self.pod).ip().to_owned())
        } else {
            address
        };
        let Some(address) = address else {
            self.fail(&format!("wget: bad address '{host}'"), 1);
            return;
        };
        let pods = self.cluster.store().list(Kind::Pod, "");
        let target = pods.into_iter().find(|pod| Pod(pod).ip() == address);
        let Some(target) = target.filter(|pod| Pod(pod).phase() == "Running") else {
            self.fail(&format!("wget: can't connect to remote host ({address}): Connection refused"), 1);
            return;
        };
        let page = self.page_of(target);
        self.answer.stdout.push_str(&page);
    }

    /// The page of a web server: the first `index.html` on its volumes, or nginx's greeting.
    fn page_of(&self, pod: &Object) -> String {
        let claims = pod
            .spec()
            .list_at(&["volumes"])
            .iter()
            .map(|v| v.str_at(&["persistentVolumeClaim", "claimName"]));
        for claim in claims.filter(|name| !name.is_empty()) {
            let key = Key::new(Kind::PersistentVolumeClaim, pod.metadata.namespace.as_str(), claim);
            let volume = self.cluster.store().get(&key).map_or("", |c| c.spec().str_at(&["volumeName"]));
            if let Some(text) = self.cluster.disks().read(volume, "index.html") {
                return text;
            }
        }
        "<html>\n<head><title>Welcome to nginx!</title></head>\n</html>\n".to_owned()
    }
}

/// What containerd says (recorded: N20).
fn no_such_program(program: &str, cluster: &Cluster) -> Status {
    let mut rng = Rng::stream(cluster.store().revision(), "exec");
    let id: String = (0..8).map(|_| format!("{:08x}", rng.next_u32())).collect();
    let why = format!("exec: \"{program}\": executable file not found in $PATH: unknown");
    Status::new(
        Reason::InternalError,
        format!(
            "Internal error occurred: Internal error occurred: error executing command in container: \
             failed to exec in container: \
             failed to start exec \"{id}\": OCI runtime exec failed: exec failed: \
             unable to start container process: {why}"
        ),
    )
}

/// A DNS tool typed outside of any Pod: what a `busybox:1.28.4` Pod in the namespace `default` prints.
pub fn dns_tool(cluster: &Cluster, words: &[String]) -> Option<ExecAnswer> {
    let image = if words.first().is_some_and(|tool| tool == "dig") {
        "registry.k8s.io/e2e-test-images/agnhost:2.53"
    } else {
        "busybox:1.28.4"
    };
    let mut pod = Object::new(Kind::Pod, "default", "terminal");
    pod.set_field("spec", serde_json::json!({"containers": [{"name": "terminal", "image": image}]}));
    let seen = cluster.seen_by("coredns")?;
    let stub = Stub::new(&seen, &pod, cluster.now()).drawn(cluster.config().seed);
    let output = coredns::tools::run(words, &stub)?;
    Some(ExecAnswer { stdout: output.stdout, stderr: output.stderr, exit: output.exit })
}
