//! `kubectl config`.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/config`.
//! Differs: there is one context, and no kubeconfig to change.

use apimachinery::yaml;

use crate::Invocation;
use crate::args::Args;
use crate::command::{Command, failed, once, printed};
use crate::config::rendered;
use crate::output::{self, Form};
use crate::{errors, help};

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

/// Begins `config`.
pub fn config(call: &Invocation) -> Box<dyn Command> {
    let Some(word) = call.args.positional.first() else { return failed(help::of("config"), 1) };
    match word.as_str() {
        "view" => match view(call) {
            Ok(text) => printed(text),
            Err(message) => failed(message, 1),
        },
        "current-context" => printed(format!("{CONTEXT}\n")),
        "get-contexts" if !matches!(call.args.value("output"), None | Some("" | "name")) => {
            let form = call.args.value("output").unwrap_or("");
            let text = "is not available in kubectl config get-contexts; resetting to default output format";
            failed(errors::line(&format!("--output {form} {text}")), 1)
        }
        "get-contexts" if call.args.value("output") == Some("name") => printed(format!("{CONTEXT}\n")),
        "get-contexts" => {
            let head = ["CURRENT", "NAME", "CLUSTER", "AUTHINFO", "NAMESPACE"];
            let row = ["*", CONTEXT, "kubernetes", "admin", ""];
            if let Some(name) = call.args.positional.get(1).filter(|name| *name != CONTEXT) {
                let (head, name) = (rendered(&[head]), name.clone());
                return once(move |_, out| {
                    out.stdout.push_str(&head);
                    out.complain(&format!("error: context {name} not found"));
                    1
                });
            }
            printed(if call.args.is_on("no-headers") { rendered(&[row]) } else { rendered(&[head, row]) })
        }
        "get-clusters" => printed("NAME\nkubernetes\n".to_owned()),
        "get-users" => printed("NAME\nadmin\n".to_owned()),
        word if refusal(word, &call.args).is_some() => {
            failed(refusal(word, &call.args).unwrap_or_default(), 1)
        }
        "use-context" | "use" => printed(format!("Switched to context \"{CONTEXT}\".\n")),
        "delete-context" if call.args.positional.len() == 1 => printed(String::new()),
        "set" | "set-context" | "set-cluster" | "set-credentials" | "unset" | "rename-context"
        | "delete-context" | "delete-cluster" | "delete-user" => failed(
            errors::line("this terminal has one context that cannot be changed; name a namespace with -n"),
            1,
        ),
        _ => failed(errors::usage("config", &format!("unknown command \"{word}\"")), 1),
    }
}

/// The configuration in the form of `-o`.
fn view(call: &Invocation) -> Result<String, String> {
    if call.args.positional.len() > 1 {
        let words = call.args.positional.get(1..).unwrap_or_default().join(" ");
        return Err(errors::usage("config view", &format!("unexpected arguments: [{words}]")));
    }
    match Form::read(call.args.value("output"), false)? {
        Form::Table => Ok(VIEW.to_owned()),
        form => {
            let documents = yaml::read(VIEW, &yaml::Limits::default());
            let value = documents.first().and_then(|d| d.to_value().ok().flatten()).unwrap_or_default();
            output::print_value(&form, &value)
        }
    }
}

/// Where a real kubectl looks.
const PATH: &str = "/root/.kube/config";

/// What is wrong with the arguments of a command that changes something.
fn refusal(word: &str, args: &Args) -> Option<String> {
    let words = args.positional.get(1..).unwrap_or_default();
    let unexpected = |text: &str| format!("{text}: [{}]", words.join(" "));
    let known = |name: &str| matches!(name, CONTEXT | "kubernetes" | "admin");
    let text = match (word, words) {
        ("use-context" | "use", [name]) if name == CONTEXT => return None,
        ("use-context" | "use", [name]) => format!("no context exists with the name: \"{name}\""),
        ("set-context", []) if args.is_on("current") => return None,
        ("set-context", []) => "you must specify a non-empty context name or --current".to_owned(),
        ("set-context" | "set-cluster" | "set-credentials" | "unset", [_])
        | ("set" | "rename-context", [_, _]) => {
            return match (word, words) {
                ("unset", [path]) if !path.contains('.') => {
                    Some(errors::line(&format!("unable to parse {path} after [] at api.Config")))
                }
                ("rename-context", [name, _]) if name != CONTEXT => {
                    Some(errors::line(&format!("cannot rename the context \"{name}\", it's not in {PATH}")))
                }
                _ => None,
            };
        }
        ("set-credentials", _) => unexpected("unexpected args"),
        ("use-context" | "use" | "set" | "unset" | "set-context" | "set-cluster" | "rename-context", _) => {
            unexpected("Unexpected args")
        }
        ("delete-context" | "delete-cluster" | "delete-user", [name]) if !known(name) => {
            let what = word.trim_start_matches("delete-");
            format!("cannot delete {what} {name}, not in {PATH}")
        }
        _ => return None,
    };
    Some(errors::line(&text))
}
