//! Verbs about the cluster itself: `auth`, `version`, `api-resources`, `api-versions`, `cluster-info`.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/auth`, `cmd/version`, `cmd/apiresources`.
//! Differs: everybody may do everything.

use api::Kind;
use apimachinery::tree::Tree;
use apimachinery::value::set_at;
use apimachinery::{gojson, yaml};
use serde_json::{Value, json};

use crate::Invocation;
use crate::command::{Command, failed, once, planned, printed};
use crate::errors;
use crate::foreign;
use crate::help;
use crate::output::{self, Form};
use crate::printers::table;

/// What `kubectl cluster-info` prints.
pub const CLUSTER_INFO: &str = "Kubernetes control plane is running at https://10.96.0.1:443\nCoreDNS is running at https://10.96.0.1:443/api/v1/namespaces/kube-system/services/kube-dns:dns/proxy\n\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n";

pub(crate) fn rendered<const N: usize>(rows: &[[&str; N]]) -> String {
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|c| (*c).to_owned()).collect()).collect();
    table::render(&rows, &mut Vec::new())
}

/// Begins `auth`.
pub fn auth(call: Invocation) -> Box<dyn Command> {
    let words: Vec<&str> = call.args.positional.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["whoami", ..] => who_am_i(call),
        ["reconcile", ..] => failed(reconcile(&call), 1),
        ["can-i", _, ..] if call.args.is_on("list") => {
            failed(errors::line("list option must be specified with no arguments"), 1)
        }
        ["can-i", ..] if call.args.is_on("no-headers") && !call.args.is_on("list") => {
            failed(errors::line("--no-headers cannot be set without --list specified"), 1)
        }
        ["can-i"] if call.args.is_on("list") => printed(rendered(&[
            ["Resources", "Non-Resource URLs", "Resource Names", "Verbs"],
            ["*.*", "[]", "[]", "[*]"],
            ["", "[*]", "[]", "[*]"],
        ])),
        ["can-i", verb, what] => {
            let warnings = doubts(verb, what, call.args.is_on("all-namespaces"));
            let quiet = call.args.is_on("quiet");
            once(move |_, out| {
                out.stderr.push_str(&warnings);
                out.stdout.push_str(if quiet { "" } else { "yes\n" });
                0
            })
        }
        ["can-i", ..] => failed(
            errors::line(
                "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
            ),
            1,
        ),
        [] => failed(help::of("auth"), 1),
        [word, ..] => failed(errors::usage("auth", &format!("unknown command \"{word}\"")), 1),
    }
}

fn who_am_i(call: Invocation) -> Box<dyn Command> {
    planned(move |world, _| {
        let form = Form::read(call.args.value("output"), false)?;
        if form == Form::Table {
            return Ok(printed(rendered(&[
                ["ATTRIBUTE", "VALUE"],
                ["Username", "admin"],
                ["UID", "admin"],
                ["Groups", "[system:masters system:authenticated]"],
            ])));
        }
        let user = json!({"groups": ["system:masters", "system:authenticated"], "uid": "admin", "username": "admin"});
        let review = json!({
            "apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview",
            "metadata": {"creationTimestamp": world.now().rfc3339()}, "status": {"userInfo": user},
        });
        let order = ["kind", "apiVersion", "metadata", "status", "username", "uid", "groups"];
        Ok(printed(output::print_tree(&form, &review, &Tree::ordered(&review, &order))?))
    })
}

fn reconcile(call: &Invocation) -> String {
    match call.args.value("filename") {
        None => errors::line("must specify one of -f and -k"),
        Some("-") => errors::line("auth reconcile is not part of this terminal"),
        Some(path) => errors::line(&format!("the path \"{path}\" does not exist")),
    }
}

/// The verbs that `can-i` knows.
const VERBS: &str = " get list watch create update patch delete deletecollection use bind impersonate escalate approve sign * ";

/// The warnings of `can-i` about a question.
fn doubts(verb: &str, what: &str, everywhere: bool) -> String {
    let mut text = Vec::new();
    let word = what.split('/').next().unwrap_or(what);
    if word.is_empty() {
        return String::new();
    }
    let named = Kind::from_resource(word).map(|kind| {
        let info = kind.info();
        (info.plural, info.group, info.namespaced)
    });
    match named.or_else(|| foreign::find(word).map(|t| (t.plural, t.group, t.namespaced))) {
        None if word != "*" => {
            let (word, group) = word.split_once('.').unwrap_or((word, ""));
            let place = if group.is_empty() { String::new() } else { format!(" in group '{group}'") };
            text.push(format!("Warning: the server doesn't have a resource type '{word}'{place}\n\n"));
        }
        Some((plural, group, false)) if !everywhere => {
            let place = if group.is_empty() { String::new() } else { format!(" in group '{group}'") };
            text.push(format!("Warning: resource '{plural}' is not namespace scoped{place}\n\n"));
        }
        _ => {}
    }
    if !VERBS.contains(&format!(" {verb} ")) {
        text.push(format!("Warning: verb '{verb}' is not a known verb\n\n"));
    }
    text.concat()
}

/// Begins `version`.
pub fn version(call: &Invocation) -> Box<dyn Command> {
    if !call.args.positional.is_empty() {
        return failed(errors::line(&format!("extra arguments: [{}]", call.args.positional.join(" "))), 1);
    }
    match call.args.value("output") {
        None | Some("") => {}
        Some(form @ ("json" | "yaml")) => {
            return printed(versions(call.args.is_on("client"), form == "json"));
        }
        Some(_) => return failed(errors::line("--output must be 'yaml' or 'json'"), 1),
    }
    let client = "Client Version: v1.36.3\nKustomize Version: v5.8.1\n";
    let server = if call.args.is_on("client") { "" } else { "Server Version: v1.36.3\n" };
    printed(format!("{client}{server}"))
}

/// The order of the members in Go's structs.
const VERSION_ORDER: [&str; 16] = [
    "clientVersion",
    "kustomizeVersion",
    "serverVersion",
    "major",
    "minor",
    "emulationMajor",
    "emulationMinor",
    "minCompatibilityMajor",
    "minCompatibilityMinor",
    "gitVersion",
    "gitCommit",
    "gitTreeState",
    "buildDate",
    "goVersion",
    "compiler",
    "platform",
];

/// What `version` says of client and server.
fn versions(client_alone: bool, as_json: bool) -> String {
    let program = json!({
        "major": "1", "minor": "36", "gitVersion": "v1.36.3", "gitCommit": "0", "gitTreeState": "clean",
        "buildDate": "2026-01-01T00:00:00Z", "goVersion": "go1.26.8", "compiler": "gc", "platform": "linux/amd64",
    });
    let mut all = json!({"clientVersion": program, "kustomizeVersion": "v5.8.1"});
    if !client_alone {
        let mut server = program;
        for (member, value) in [
            ("emulationMajor", "1"),
            ("emulationMinor", "36"),
            ("minCompatibilityMajor", "1"),
            ("minCompatibilityMinor", "35"),
        ] {
            set_at(&mut server, &[member], value.into());
        }
        set_at(&mut all, &["serverVersion"], server);
    }
    if as_json {
        gojson::indent_tree(&Tree::ordered(&all, &VERSION_ORDER), 2) + "\n"
    } else {
        yaml::emit(&all) + "\n"
    }
}

fn unexpected(verb: &str, call: &Invocation) -> String {
    errors::usage(verb, &format!("unexpected arguments: [{}]", call.args.positional.join(" ")))
}

/// Begins `api-resources`.
pub fn api_resources(call: &Invocation) -> Box<dyn Command> {
    let args = &call.args;
    if !args.positional.is_empty() {
        return failed(unexpected("api-resources", call), 1);
    }
    let mut types = foreign::all();
    types
        .retain(|t| args.values("verbs").iter().all(|verb| t.verbs().split(',').any(|known| known == *verb)));
    types.retain(|t| args.values("categories").iter().all(|category| t.category() == *category));
    if !matches!(args.value("sort-by"), None | Some("" | "name" | "kind")) {
        return failed(errors::line("--sort-by accepts only name or kind"), 1);
    }
    if let Some(other) =
        args.value("output").filter(|o| !matches!(*o, "" | "wide" | "name" | "json" | "yaml" | "kyaml"))
    {
        let text = format!(
            "unable to match a printer suitable for the output format \"{other}\", allowed formats are: json,kyaml,name,wide,yaml"
        );
        return failed(errors::line(&text), 1);
    }
    types.retain(|t| args.value("api-group").is_none_or(|group| t.group == group));
    types.retain(|t| args.value("namespaced").is_none_or(|wanted| (wanted == "true") == t.namespaced));
    if args.value("sort-by") == Some("name") {
        types.sort_by_key(|t| t.plural);
    } else if args.value("sort-by") == Some("kind") {
        types.sort_by_key(|t| t.kind);
    }
    if args.value("output") == Some("name") {
        return printed(types.iter().map(|t| format!("{}\n", t.qualified())).collect());
    }
    if let Ok(form @ (Form::Json | Form::Yaml | Form::Kyaml)) = Form::read(args.value("output"), false) {
        return match printed_types(&types, &form) {
            Ok(text) => printed(text),
            Err(message) => failed(message, 1),
        };
    }
    let columns = if args.value("output") == Some("wide") { 7 } else { 5 };
    let mut rows = Vec::new();
    if !args.is_on("no-headers") {
        let head = ["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND", "VERBS", "CATEGORIES"];
        rows.push(head.map(str::to_owned).to_vec());
    }
    rows.extend(types.iter().map(|t| {
        let (namespaced, version) = (t.namespaced.to_string(), t.api_version());
        [t.plural, t.short, &version, &namespaced, t.kind, t.verbs(), t.category()]
            .map(str::to_owned)
            .to_vec()
    }));
    for row in &mut rows {
        row.truncate(columns);
    }
    printed(table::render(&rows, &mut Vec::new()))
}

/// `-o json` and the like.
fn printed_types(types: &[foreign::Type], form: &Form) -> Result<String, String> {
    let words =
        |text: &str| -> Vec<Value> { text.split(',').filter(|w| !w.is_empty()).map(Value::from).collect() };
    let resources = types.iter().map(|t| {
        let mut resource = json!({
            "name": t.plural, "singularName": t.singular(), "namespaced": t.namespaced, "version": t.version,
            "kind": t.kind, "verbs": words(t.verbs()),
        });
        let more = [("shortNames", words(t.short)), ("categories", words(t.category()))];
        for (member, list) in more.into_iter().filter(|(_, list)| !list.is_empty()) {
            set_at(&mut resource, &[member], list.into());
        }
        if !t.group.is_empty() {
            set_at(&mut resource, &["group"], t.group.into());
        }
        resource
    });
    let list = json!({
        "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "", "resources": resources.collect::<Vec<_>>(),
    });
    let order = [
        "kind",
        "apiVersion",
        "groupVersion",
        "resources",
        "name",
        "singularName",
        "namespaced",
        "group",
        "version",
        "verbs",
        "shortNames",
        "categories",
    ];
    // An entry's kind stands after its version, that of the list first.
    let mut tree = Tree::ordered(&list, &order);
    if let Tree::Map(members) = &mut tree
        && let Some((_, Tree::List(items))) = members.last_mut()
    {
        for item in items {
            if let Tree::Map(members) = item {
                let kind = members.remove(0);
                let at = members.iter().position(|(name, _)| *name == "verbs").unwrap_or(0);
                members.insert(at, kind);
            }
        }
    }
    output::print_tree(form, &list, &tree)
}

/// Begins `api-versions`.
pub fn api_versions(call: &Invocation) -> Box<dyn Command> {
    if !call.args.positional.is_empty() {
        return failed(unexpected("api-versions", call), 1);
    }
    let mut versions: Vec<String> = foreign::all().iter().map(foreign::Type::api_version).collect();
    // Kinds of this cluster are in one version of their group only; the old autoscaling one has no type.
    versions.push("autoscaling/v1".to_owned());
    versions.sort();
    versions.dedup();
    printed(versions.iter().map(|version| format!("{version}\n")).collect())
}
