//! `kubectl cp`: sends files as archives through `tar` in the container.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/cp`.
//! Differs: this side has files and no folders.

use crate::Invocation;
use crate::command::{Command, Output, Plan, failed, once, planned};
use crate::errors;
use crate::exec;
use crate::logs::{choose_container, pod_of};
use crate::tar;
use crate::world::{ExecRequest, World};

/// A side of the copy.
#[derive(Clone)]
struct Spec {
    /// Namespace and Pod, if it is in one.
    pod: Option<(String, String)>,
    path: String,
}

impl Spec {
    fn read(word: &str, namespace: &str) -> Result<Self, String> {
        let Some((pod, path)) = word.split_once(':') else {
            return Ok(Self { pod: None, path: word.to_owned() });
        };
        let (namespace, pod) = pod.split_once('/').unwrap_or((namespace, pod));
        if pod.is_empty() || pod.contains('/') {
            return Err("filespec must match the canonical format: [[namespace/]pod:]file/path".to_owned());
        }
        Ok(Self { pod: Some((namespace.to_owned(), pod.to_owned())), path: path.to_owned() })
    }

    fn name(&self) -> &str {
        self.path.rsplit('/').find(|step| !step.is_empty()).unwrap_or("")
    }
}

/// Begins the verb.
pub fn start(call: Invocation) -> Box<dyn Command> {
    let [from, to] = call.args.positional.as_slice() else {
        return failed(errors::line("source and destination are required"), 1);
    };
    let specs =
        Spec::read(from, &call.namespace).and_then(|from| Ok((from, Spec::read(to, &call.namespace)?)));
    let (from, to) = match specs {
        Ok(specs) => specs,
        Err(problem) => return failed(errors::line(&problem), 1),
    };
    let wrong = match (&from.pod, &to.pod) {
        (Some(_), Some(_)) => "one of src or dest must be a local file specification",
        (None, None) => "one of src or dest must be a remote file specification",
        _ if from.path.is_empty() || to.path.is_empty() => "filepath can not be empty",
        _ => "",
    };
    if !wrong.is_empty() {
        return failed(errors::line(wrong), 1);
    }
    planned(move |world, out| plan(&call, &from, &to, world, out))
}

fn plan(call: &Invocation, from: &Spec, to: &Spec, world: &mut dyn World, out: &mut Output) -> Plan {
    let sent = match (&from.pod, world.file(&from.path)) {
        (None, None) => {
            return Err(errors::line(&format!("{} doesn't exist in local filesystem", from.path)));
        }
        (None, Some(text)) => Some(text),
        (Some(_), _) => None,
    };
    let (namespace, name) = from.pod.as_ref().or(to.pod.as_ref()).cloned().unwrap_or_default();
    let pod = pod_of(&namespace, &name, world)?;
    let container = choose_container(&pod, call.args.value("container").unwrap_or(""), out)?;
    let mut request = ExecRequest { namespace, pod: name, container, ..ExecRequest::default() };
    if let Some(text) = sent {
        // To a folder that is there, else under the path itself.
        request.command = ["test", "-d", &to.path].map(str::to_owned).to_vec();
        let is_folder = to.path.ends_with('/') || world.exec(&request).is_ok_and(|answer| answer.exit == 0);
        let folder = if is_folder {
            to.path.as_str()
        } else {
            to.path.rsplit_once('/').map_or("", |(folder, _)| folder)
        };
        let name = if is_folder { from.name() } else { to.name() };
        request.command = ["tar", "-xmf", "-"].map(str::to_owned).to_vec();
        if !folder.is_empty() {
            request.command.extend(["-C".to_owned(), folder.to_owned()]);
        }
        request.stdin = Some(tar::packed(&[(name.to_owned(), text)]));
        return Ok(once(move |world, out| exec::run(&request, world, out)));
    }
    request.command = ["tar", "cf", "-", &from.path].map(str::to_owned).to_vec();
    let (source, target) = (from.path.clone(), to.path.clone());
    Ok(once(move |world, out| {
        let mut printed = Output::default();
        let code = exec::run(&request, world, &mut printed);
        out.stderr.push_str(&printed.stderr);
        for (name, text) in tar::unpacked(&printed.stdout) {
            let below = name.strip_prefix(source.trim_matches('/')).unwrap_or(&name);
            let inside = matches!(target.as_str(), "." | "./") || target.ends_with('/');
            let file = if inside {
                name.rsplit('/').next().unwrap_or(&name).to_owned()
            } else {
                format!("{target}{below}")
            };
            out.files.push((file.trim_start_matches("./").to_owned(), text));
        }
        code
    }))
}
