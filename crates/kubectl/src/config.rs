//! Verbs about kubectl and the cluster itself: `config`, `auth`, `version`, `api-resources`, `top`.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/config`, `cmd/auth`, `cmd/version`, `cmd/apiresources`.
//! Differs: there is no kubeconfig to change, everybody may do everything, and nothing is measured.

use api::Kind;

use crate::Invocation;
use crate::command::{Command, failed, once, printed};
use crate::errors;
use crate::foreign;
use crate::help;
use crate::printers::table;

const VIEW: &str = "apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: DATA+OMITTED
    server: https://10.96.0.1:443
  name: kubernetes
contexts:
- context:
    cluster: kubernetes
    user: admin
  name: admin@kubernetes
current-context: admin@kubernetes
kind: Config
users:
- name: admin
  user:
    client-certificate-data: DATA+OMITTED
    client-key-data: DATA+OMITTED
";

/// The one context.
pub const CONTEXT: &str = "admin@kubernetes";

/// What `kubectl cluster-info` prints.
pub const CLUSTER_INFO: &str = "Kubernetes control plane is running at https://10.96.0.1:443\nCoreDNS is running at https://10.96.0.1:443/api/v1/namespaces/kube-system/services/kube-dns:dns/proxy\n\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n";

fn rendered<const N: usize>(rows: &[[&str; N]]) -> String {
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|c| (*c).to_owned()).collect()).collect();
    table::render(&rows, &mut Vec::new())
}

/// Begins `config`.
pub fn config(call: &Invocation) -> Box<dyn Command> {
    let Some(word) = call.args.positional.first() else { return failed(help::of("config"), 1) };
    match word.as_str() {
        "view" => printed(VIEW.to_owned()),
        "current-context" => printed("admin@kubernetes\n".to_owned()),
        "get-contexts" if call.args.value("output") == Some("name") => {
            printed("admin@kubernetes\n".to_owned())
        }
        "get-contexts" => {
            let head = ["CURRENT", "NAME", "CLUSTER", "AUTHINFO", "NAMESPACE"];
            let row = ["*", "admin@kubernetes", "kubernetes", "admin", ""];
            printed(if call.args.is_on("no-headers") { rendered(&[row]) } else { rendered(&[head, row]) })
        }
        "get-clusters" => printed("NAME\nkubernetes\n".to_owned()),
        "get-users" => printed("NAME\nadmin\n".to_owned()),
        "use-context" | "use" => match call.args.positional.get(1).map(String::as_str) {
            Some("admin@kubernetes") => printed("Switched to context \"admin@kubernetes\".\n".to_owned()),
            Some(other) => failed(errors::line(&format!("no context exists with the name: \"{other}\"")), 1),
            None => failed(errors::usage("config use-context", "accepts 1 arg(s), received 0"), 1),
        },
        "set" | "set-context" | "set-cluster" | "set-credentials" | "unset" | "rename-context"
        | "delete-context" | "delete-cluster" | "delete-user" => failed(
            errors::line("this terminal has one context that cannot be changed; name a namespace with -n"),
            1,
        ),
        _ => failed(errors::usage("config", &format!("unknown command \"{word}\"")), 1),
    }
}

/// Begins `auth`.
pub fn auth(call: Invocation) -> Box<dyn Command> {
    let words: Vec<&str> = call.args.positional.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["whoami"] => printed(rendered(&[
            ["ATTRIBUTE", "VALUE"],
            ["Username", "admin"],
            ["UID", "admin"],
            ["Groups", "[system:masters system:authenticated]"],
        ])),
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

/// The verbs that `can-i` knows.
const VERBS: &str = " get list watch create update patch delete deletecollection use bind impersonate escalate approve sign * ";

/// What `can-i` finds odd about a question.
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
            text.push(format!("Warning: the server doesn't have a resource type '{word}'\n\n"));
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
        Some("json" | "yaml") => return failed(errors::line("the version is printed as text here"), 1),
        Some(_) => return failed(errors::line("--output must be 'yaml' or 'json'"), 1),
    }
    let client = "Client Version: v1.36.3\nKustomize Version: v5.8.1\n";
    let server = if call.args.is_on("client") { "" } else { "Server Version: v1.36.3\n" };
    printed(format!("{client}{server}"))
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
        args.value("output").filter(|o| !matches!(*o, "" | "wide" | "name" | "json" | "yaml"))
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
