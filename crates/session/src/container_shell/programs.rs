//! The programs of a container, by name.

use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::value::ValueExt;
use coredns::Corefile;
use kubectl::budget;
use kubectl::filter::Filter;
use kubectl::tar;

use super::{Runner, Write};
use crate::names;

impl Runner<'_> {
    /// Runs a program. Returns whether there is one of this name.
    pub(super) fn program(&mut self, words: &[String], stdin: &str) -> bool {
        let Some((program, rest)) = words.split_first() else { return true };
        let program = program.rsplit('/').next().unwrap_or(program);
        let paths = || rest.iter().filter(|word| !word.starts_with('-'));
        match program {
            "hostname" if rest.iter().any(|flag| flag == "-i") => self.say(Pod(self.pod).ip()),
            "hostname" if rest.iter().any(|flag| flag == "-f") => {
                self.say(&coredns::hosts::full_hostname(self.pod, &Corefile::kubeadm()));
            }
            "hostname" => self.say(&coredns::hosts::hostname(self.pod)),
            "echo" if rest.first().is_some_and(|flag| flag == "-n") => {
                self.answer.stdout.push_str(&rest.get(1..).unwrap_or(&[]).join(" "));
            }
            "echo" => self.say(&rest.join(" ")),
            "true" | ":" | "sleep" | "sync" | "mkdir" => {}
            "false" => self.answer.exit = 1,
            "date" => self.say(&self.cluster.now().unix_date()),
            "test" => {
                let path = rest.last().map_or("", String::as_str);
                let there = match rest.first().map(String::as_str) {
                    Some("-d") => self.list(path).is_some(),
                    _ => self.read(path).is_some(),
                };
                self.answer.exit = i32::from(!there);
            }
            "pwd" => self.say(&self.directory.clone()),
            "whoami" => self.say("root"),
            "id" => self.say("uid=0(root) gid=0(root) groups=0(root)"),
            "ps" if self.is_busybox() => self.processes(&words.join(" ")),
            "env" | "printenv" => self.print_environment(rest),
            "cat" if rest.is_empty() => self.answer.stdout.push_str(stdin),
            "cat" => self.cat(rest),
            "ls" => self.ls(rest),
            "touch" | "rm" => {
                for path in paths().map(|path| self.absolute(path)).collect::<Vec<_>>() {
                    let touched = Write::Append { path: path.clone(), text: String::new() };
                    self.writes.push(if program == "rm" { Write::Remove { path } } else { touched });
                }
            }
            "tar" => self.tar(rest, stdin),
            "wget" => self.fetch(rest),
            "curl" if !self.is_busybox() => self.fetch(rest),
            "nslookup" | "dig" | "getent" => return self.dns(words),
            _ => return self.filter(words, stdin),
        }
        true
    }

    /// Runs `grep`, `head` and their like on a file or on the input. Returns whether the words name one of
    /// them.
    fn filter(&mut self, words: &[String], stdin: &str) -> bool {
        let Some(mut filter) = Filter::new(words) else { return false };
        let path = words.iter().skip(1).rfind(|word| !word.starts_with('-'));
        let text = path.and_then(|path| self.read(path)).unwrap_or_else(|| stdin.to_owned());
        let passed = filter.pass(&text, true);
        self.answer.stdout.push_str(&passed);
        self.answer.exit = filter.code();
        true
    }

    /// Busybox's `ps`: the container's own program, and this one.
    fn processes(&mut self, line: &str) {
        let spec = kubelet::container::container_spec(self.pod, self.container);
        let words = spec.list_at(&["command"]).iter().chain(spec.list_at(&["args"]));
        let main: Vec<&str> = words.filter_map(serde_json::Value::as_str).collect();
        let main = if main.is_empty() { "sh".to_owned() } else { main.join(" ") };
        self.say("PID   USER     TIME  COMMAND");
        for (id, command) in [(1, main.as_str()), (7, line)] {
            self.say(&format!("{id:>5} root      0:00 {command}"));
        }
    }

    /// `tar cf - PATH` and `tar xmf - -C DIRECTORY`, as `kubectl cp` asks for them.
    fn tar(&mut self, words: &[String], stdin: &str) {
        let packs = words.first().is_some_and(|flags| flags.contains('c'));
        let directory = words.iter().skip_while(|word| *word != "-C").nth(1);
        if !packs {
            let directory = self.absolute(directory.map_or("", String::as_str));
            for (name, text) in tar::unpacked(stdin) {
                let path = self.absolute(&format!("{directory}/{name}"));
                if self.is_full(&path) {
                    self.fail(&format!("tar: {name}: Cannot write: No space left on device"), 2);
                    return;
                }
                self.writes.push(Write::Replace { path, text });
            }
            return;
        }
        let Some(path) = words.iter().rfind(|word| !word.starts_with('-')) else { return };
        let mut names = vec![path.clone()];
        if self.read(path).is_none() {
            let inside = self.list(path).unwrap_or_default();
            names = inside.iter().map(|name| format!("{}/{name}", path.trim_end_matches('/'))).collect();
        }
        if path.starts_with('/') {
            self.answer.stderr.push_str("tar: removing leading '/' from member names\n");
        }
        let mut files = Vec::new();
        for name in names {
            match self.read(&name) {
                Some(text) => files.push((name.trim_start_matches('/').to_owned(), text)),
                None if self.list(&name).is_some() => {}
                None => self.fail(&format!("tar: {name}: No such file or directory"), 1),
            }
        }
        self.answer.stdout.push_str(&tar::packed(&files));
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
                Some(text) => {
                    if !budget::push(&mut self.answer.stdout, &text) {
                        return;
                    }
                }
                None => self.fail(&format!("cat: {path}: No such file or directory"), 1),
            }
        }
    }

    fn ls(&mut self, words: &[String]) {
        let path = words.iter().find(|word| !word.starts_with('-')).map_or(".", String::as_str);
        if let Some(files) = self.list(path) {
            for file in files {
                self.say(&file);
            }
        } else if self.read(path).is_some() {
            self.say(path);
        } else if self.is_busybox() {
            self.fail(&format!("ls: {path}: No such file or directory"), 1);
        } else {
            self.fail(&format!("ls: cannot access '{path}': No such file or directory"), 2);
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
            let asked = words.iter().map(|word| if word == url { host.to_owned() } else { word.clone() });
            let asked: Vec<String> = std::iter::once("wget".to_owned()).chain(asked).collect();
            let failed = self.stub().and_then(|stub| names::failed(&asked, &stub, Some(self.pod.key())));
            self.note(failed);
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
