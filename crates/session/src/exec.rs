//! Answers `exec`, which the API server passes on to a kubelet.
//!
//! What the commands do is in [`crate::container_shell`].

use api::core::Pod;
use api::{Kind, Object};
use apimachinery::{Reason, Rng, Status};
use cluster::{Cluster, Fault, Input};
use coredns::stub::Stub;
use kubectl::{ExecAnswer, ExecRequest};

use crate::container_shell::{Runner, Write, on_volume};
use crate::lookup::{pod, unreachable, worker};
use crate::names::{self, Lookup};

/// What a command in a container comes to.
#[derive(Debug, Default)]
pub(crate) struct Executed {
    pub(crate) answer: ExecAnswer,
    /// What it does to the cluster.
    pub(crate) inputs: Vec<Input>,
    /// The last name that it did not find.
    pub(crate) unresolved: Option<Lookup>,
}

/// `POST pods/<name>/exec`.
#[inline(never)] // a gate: `www/editor/split/parts.mjs`
pub(crate) fn exec(cluster: &Cluster, request: &ExecRequest) -> Result<Executed, Status> {
    let pod = pod(cluster, &request.namespace, &request.pod)?;
    if Pod(pod).node_name().is_empty() {
        return Err(Status::bad_request(format!("pod {} does not have a host assigned", request.pod)));
    }
    if let Some(why) = unreachable(cluster, pod) {
        return Err(Status::new(Reason::Unknown, format!("error dialing backend: {why}")));
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
    if let Some(exit_code) = request.ends {
        let (namespace, pod, container) =
            (request.namespace.clone(), request.pod.clone(), request.container.clone());
        let crash = Fault::CrashContainer { namespace, pod, container, exit_code };
        return Ok(Executed { inputs: vec![Input::Fault(crash)], ..Executed::default() });
    }
    let spec = kubelet::container::container_spec(pod, container);
    let mounts =
        cluster.seen_by(&format!("kubelet/{}", Pod(pod).node_name())).map_or_else(Vec::new, |seen| {
            kubelet::volumes::claim_mounts(pod, spec, &seen)
                .into_iter()
                .map(|(volume, path)| (path, volume))
                .collect()
        });
    let mut runner = Runner::new(cluster, pod, container, mounts);
    runner.run(&request.command, request.stdin.as_deref());
    let Runner { writes, mut answer, mounts, missing, prompt, unresolved, .. } = runner;
    if let Some(program) = missing {
        return Err(no_such_program(&program, cluster));
    }
    answer.prompt = prompt;
    let input = |write| as_input(write, &mounts, pod, &request.container);
    Ok(Executed { answer, inputs: writes.into_iter().map(input).collect(), unresolved })
}

fn as_input(write: Write, mounts: &[(String, String)], pod: &Object, container: &str) -> Input {
    let (path, text, append) = match write {
        Write::Append { path, text } => (path, Some(text), true),
        Write::Replace { path, text } => (path, Some(text), false),
        Write::Remove { path } => (path, None, false),
    };
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

/// What containerd says of a program that is not there (recorded: N20).
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
#[inline(never)] // a gate: `www/editor/split/parts.mjs`
pub(crate) fn dns_tool(cluster: &Cluster, words: &[String]) -> Option<Executed> {
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
    let failed = names::is_failure(words, &output);
    let unresolved = failed.then(|| names::failed(words, &stub, None)).flatten();
    let answer = ExecAnswer {
        stdout: output.stdout,
        stderr: output.stderr,
        exit: output.exit,
        ..ExecAnswer::default()
    };
    Some(Executed { answer, inputs: Vec::new(), unresolved })
}
