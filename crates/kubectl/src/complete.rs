//! What Tab offers: the words that may stand where the cursor is.
//!
//! Models: `k8s.io/kubectl/pkg/util/completion`.

use api::{Kind, Object};
use apimachinery::value::ValueExt;

use crate::args::verb_place;
use crate::flag::{Flag, Takes};
use crate::flags;
use crate::world::World;
use crate::{foreign, generate, help, line, logs};

/// The words that may take the place of the last word of `line` (an empty one after a blank), sorted.
/// Each is a whole word; where it ends in `/` or `=` no blank should follow.
#[inline(never)] // a gate: `www/editor/split/parts.mjs`
pub fn complete(line: &str, world: &dyn World) -> Vec<String> {
    // Of several commands it is the last one.
    let line = line.rsplit(['|', ';', '&']).next().unwrap_or(line).trim_start();
    let Ok(mut words) = line::split(line) else { return Vec::new() };
    let last =
        if line.ends_with(char::is_whitespace) { String::new() } else { words.pop().unwrap_or_default() };
    let mut found = candidates(&words, &last, world);
    found.retain(|word| word.starts_with(&last) && *word != last);
    found.sort();
    found.dedup();
    found
}

fn candidates(words: &[String], last: &str, world: &dyn World) -> Vec<String> {
    let Some((program, words)) = words.split_first() else {
        return [
            "kubectl", "k", "help", "nslookup", "dig", "getent", "cat", "echo", "grep", "head", "sleep",
            "sort", "tail", "wc",
        ]
        .map(str::to_owned)
        .to_vec();
    };
    if program == "cat" {
        return world.files();
    }
    if !matches!(program.as_str(), "kubectl" | "k") || words.iter().any(|word| word == "--") {
        return Vec::new();
    }
    let Some(at) = verb_place(words) else {
        return if let Some(flag) = words.last().filter(|word| word.starts_with('-') && !last.starts_with('-'))
        {
            values(flag, "", &Here::new(&[], world))
        } else if last.starts_with('-') {
            long_flags("")
        } else {
            help::verbs().map(str::to_owned).collect()
        };
    };
    let verb = words.get(at).map_or("", String::as_str);
    let mut rest = words.to_vec();
    rest.remove(at);
    let here = Here::new(&rest, world);
    if let Some((flag, _)) = last.split_once('=').filter(|_| last.starts_with("--")) {
        return values(flag, verb, &here).into_iter().map(|value| format!("{flag}={value}")).collect();
    }
    if last.starts_with('-') {
        return long_flags(verb);
    }
    if let Some(flag) = words.last().filter(|word| word.starts_with('-') && takes_value(word, verb)) {
        return values(flag, verb, &here);
    }
    arguments(verb, last, &here)
}

/// What stands on the line already.
struct Here<'a> {
    world: &'a dyn World,
    positional: Vec<String>,
    namespace: String,
}

impl<'a> Here<'a> {
    fn new(words: &[String], world: &'a dyn World) -> Self {
        // The verb does not matter for the flags that are read here; unknown ones end the reading.
        let mut positional = Vec::new();
        let mut namespace = "default".to_owned();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if let Some(value) = word.strip_prefix("--namespace=").or_else(|| word.strip_prefix("-n=")) {
                value.clone_into(&mut namespace);
            } else if matches!(word.as_str(), "-n" | "--namespace") {
                namespace = words.next().cloned().unwrap_or(namespace);
            } else if word.starts_with('-') {
                if takes_value(word, "") {
                    words.next();
                }
            } else {
                positional.push(word.clone());
            }
        }
        Self { world, positional, namespace }
    }

    fn objects(&self, kind: Kind) -> Vec<std::rc::Rc<Object>> {
        let namespace = if kind.info().namespaced { self.namespace.as_str() } else { "" };
        self.world.peek(kind, namespace)
    }

    fn names(&self, kind: Kind) -> Vec<String> {
        self.objects(kind).iter().map(|object| object.metadata.name.clone()).collect()
    }
}

/// Whether the flag before the cursor still wants its value.
fn takes_value(word: &str, verb: &str) -> bool {
    all_flags(verb).any(|flag| flag.takes_a_word() && flag.is_word(word))
}

/// The flags of a verb and of the commands below it; of every command if the verb is empty.
fn all_flags(verb: &str) -> impl Iterator<Item = Flag> {
    let inside = help::pages().iter().filter(move |page| page.command.split(' ').next() == Some(verb));
    inside.flat_map(|page| page.options).copied().chain(flags::everywhere())
}

fn long_flags(verb: &str) -> Vec<String> {
    all_flags(verb)
        .map(|flag| match flag.takes {
            Takes::Value | Takes::Number | Takes::Duration => format!("--{}=", flag.name),
            Takes::Nothing | Takes::Optional(_) => format!("--{}", flag.name),
        })
        .collect()
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// The values of a flag.
fn values(flag: &str, verb: &str, here: &Here) -> Vec<String> {
    match flag.trim_start_matches('-') {
        "namespace" | "n" => here.names(Kind::Namespace),
        "output" | "o" if matches!(verb, "get" | "events") => {
            owned(&["wide", "yaml", "json", "name", "jsonpath=", "custom-columns="])
        }
        "output" | "o" => owned(&["yaml", "json", "name"]),
        "filename" | "f" if verb != "logs" => here.world.files(),
        "container" | "c" => containers(here),
        "cascade" => owned(&["background", "foreground", "orphan"]),
        "dry-run" => owned(&["none", "client", "server"]),
        "for" => owned(&["condition=", "create", "delete", "jsonpath="]),
        "type" if verb == "patch" => owned(&["json", "merge", "strategic"]),
        "restart" => owned(&["Always", "Never", "OnFailure"]),
        "subresource" => owned(&["status", "scale", "resize"]),
        _ => Vec::new(),
    }
}

fn containers(here: &Here) -> Vec<String> {
    let wanted = here.positional.first().map_or("", |word| word.rsplit('/').next().unwrap_or(word));
    let pods = here.objects(Kind::Pod);
    let Some(pod) = pods.iter().find(|pod| pod.metadata.name == wanted) else { return Vec::new() };
    let (main, init) = logs::containers(pod);
    main.into_iter().chain(init).collect()
}

/// The arguments of a verb.
fn arguments(verb: &str, last: &str, here: &Here) -> Vec<String> {
    let given = &here.positional;
    match (verb, given.as_slice()) {
        ("logs" | "exec" | "attach", []) => here.names(Kind::Pod),
        ("logs", [_]) => containers(here),
        ("cordon" | "uncordon" | "drain", _) => here.names(Kind::Node),
        ("rollout", []) => owned(&["history", "pause", "restart", "resume", "status", "undo"]),
        ("set", []) => owned(&["env", "image", "resources", "serviceaccount"]),
        ("rollout" | "set", [_, rest @ ..]) => set_or_rollout(verb, rest, last, here),
        ("create", []) => {
            let known = [
                "configmap",
                "namespace",
                "poddisruptionbudget",
                "priorityclass",
                "quota",
                "secret",
                "service",
                "serviceaccount",
            ];
            owned(&known).into_iter().filter(|word| generate::knows(word)).collect()
        }
        ("create", [word]) if word == "secret" => owned(&["generic"]),
        ("create", [word]) if word == "service" => {
            owned(&["clusterip", "nodeport", "loadbalancer", "externalname"])
        }
        ("auth", []) => owned(&["can-i", "whoami"]),
        ("auth", [_]) => owned(&["get", "list", "watch", "create", "update", "patch", "delete"]),
        ("auth", [_, _]) => types(),
        ("config", []) => owned(&["current-context", "get-clusters", "get-contexts", "get-users", "view"]),
        ("cp", _) => {
            here.world.files().into_iter().chain(here.names(Kind::Pod).into_iter().map(|n| n + ":")).collect()
        }
        ("apply", []) => owned(&["set-last-applied", "view-last-applied"]),
        ("apply", [_]) => types(),
        ("top", []) => owned(&["node", "pod"]),
        ("explain", []) => fields(last),
        ("scale", _) => objects(given, last, here, &[Kind::StatefulSet]),
        ("expose", _) => objects(given, last, here, &[Kind::Pod, Kind::Service]),
        ("taint", _) => objects(given, last, here, &[Kind::Node]),
        ("get" | "describe" | "delete" | "edit" | "patch" | "label" | "annotate" | "wait", _) => {
            objects(given, last, here, Kind::ALL)
        }
        _ => Vec::new(),
    }
}

fn set_or_rollout(verb: &str, rest: &[String], last: &str, here: &Here) -> Vec<String> {
    let kinds: &[Kind] =
        if verb == "rollout" { &[Kind::StatefulSet] } else { &[Kind::StatefulSet, Kind::Pod] };
    if let [word] = rest
        && word.contains('/')
        && verb == "set"
        && !last.contains('=')
    {
        return images(word, here);
    }
    objects(rest, last, here, kinds)
}

/// `nginx=` for every container of the object that is named.
fn images(word: &str, here: &Here) -> Vec<String> {
    let Some((kind, name)) = word.split_once('/') else { return Vec::new() };
    let Some(kind) = Kind::from_resource(kind) else { return Vec::new() };
    let objects = here.objects(kind);
    let Some(object) = objects.iter().find(|object| object.metadata.name == name) else { return Vec::new() };
    let path: &[&str] = if kind == Kind::Pod { &["spec"] } else { &["spec", "template", "spec"] };
    let containers = object.at(path).map_or(&[][..], |spec| spec.list_at(&["containers"]));
    containers.iter().map(|container| format!("{}=", container.str_at(&["name"]))).collect()
}

fn types() -> Vec<String> {
    foreign::all().iter().map(foreign::Type::qualified).collect()
}

/// Types, then names; or `type/name` in one word.
fn objects(given: &[String], last: &str, here: &Here, kinds: &[Kind]) -> Vec<String> {
    if let Some((word, _)) = last.split_once('/') {
        let names = Kind::from_resource(word).map(|kind| here.names(kind)).unwrap_or_default();
        return names.into_iter().map(|name| format!("{word}/{name}")).collect();
    }
    match given.first() {
        // `pods,sv` goes on after the comma.
        None => {
            let head = last.rsplit_once(',').map_or(String::new(), |(head, _)| format!("{head},"));
            kinds.iter().map(|kind| format!("{head}{}", kind.info().plural)).collect()
        }
        Some(word) if word.contains('/') => Vec::new(),
        Some(word) => {
            let kind = Kind::from_resource(word);
            let names = kind.map(|kind| here.names(kind)).unwrap_or_default();
            names.into_iter().filter(|name| !given.contains(name)).collect()
        }
    }
}

/// `sts.spec.` and the fields below.
fn fields(last: &str) -> Vec<String> {
    let Some((path, _)) = last.rsplit_once('.') else {
        return Kind::ALL.iter().map(|kind| kind.info().plural.to_owned()).collect();
    };
    crate::explain::fields_below(path).into_iter().map(|name| format!("{path}.{name}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::FakeWorld;

    const WORLD: &str = "
apiVersion: v1
kind: Pod
metadata: {name: web-0, namespace: default}
spec: {containers: [{name: nginx}, {name: side}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: default}
spec: {containers: [{name: nginx}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db-0, namespace: other}
spec: {containers: [{name: db}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: other}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web, namespace: default}
spec: {template: {spec: {containers: [{name: nginx}]}}}
";

    fn tab(line: &str) -> Vec<String> {
        complete(line, &FakeWorld::new("2026-11-22T02:11:40Z", WORLD))
    }

    #[test]
    fn every_place_has_its_words() {
        assert_eq!(tab("ku"), ["kubectl"]);
        assert_eq!(tab("kubectl desc"), ["describe"]);
        assert_eq!(tab("kubectl get statef"), ["statefulsets"]);
        assert_eq!(tab("kubectl get pods,statef"), ["pods,statefulsets"]);
        assert_eq!(tab("kubectl get pods "), ["web-0", "web-1"]);
        assert_eq!(tab("kubectl get pods web-0 "), ["web-1"]);
        assert_eq!(tab("kubectl -n other get pods "), ["db-0"]);
        assert_eq!(tab("kubectl get pod/w"), ["pod/web-0", "pod/web-1"]);
        assert_eq!(tab("kubectl get pods -n "), ["other"]);
        assert_eq!(tab("kubectl get pods --namespace=o"), ["--namespace=other"]);
        assert_eq!(tab("kubectl get pods --show-l"), ["--show-labels"]);
        assert_eq!(tab("kubectl logs web-0 -c "), ["nginx", "side"]);
        assert_eq!(tab("kubectl rollout sta"), ["status"]);
        assert_eq!(tab("kubectl rollout status sts/"), ["sts/web"]);
        assert_eq!(tab("kubectl set image sts/web "), ["nginx="]);
        assert_eq!(tab("kubectl delete sts web --cascade=o"), ["--cascade=orphan"]);
        assert_eq!(tab("kubectl explain sts.spec.pod"), ["sts.spec.podManagementPolicy"]);
        assert_eq!(tab("kubectl exec web-0 -- ca"), Vec::<String>::new());
        assert_eq!(tab("sleep 5; kubectl get pods web-0 "), ["web-1"]);
        assert_eq!(tab("kubectl get pods | gr"), ["grep"]);
    }
}
