//! What goes through the API server to a kubelet: `exec`.
//!
//! What the commands do is in [`crate::container_shell`].

use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::{Reason, Rng, Status};
use cluster::{Cluster, Fault, Input};
use coredns::stub::Stub;
use kubectl::{ExecAnswer, ExecRequest};
use kubelet::worker::Worker;

use crate::container_shell::{Runner, Write};
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

/// `POST pods/<name>/exec`.
#[inline(never)] // a gate: `www/editor/split/parts.mjs`
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
    if let Some(exit_code) = request.ends {
        let (namespace, pod, container) =
            (request.namespace.clone(), request.pod.clone(), request.container.clone());
        timeline.submit(Input::Fault(Fault::CrashContainer { namespace, pod, container, exit_code }));
        return Ok(ExecAnswer::default());
    }
    let spec = kubelet::status::container_spec(pod, container);
    let mounts =
        cluster.seen_by(&format!("kubelet/{}", Pod(pod).node_name())).map_or_else(Vec::new, |seen| {
            kubelet::volumes::claim_mounts(pod, spec, &seen)
                .into_iter()
                .map(|(volume, path)| (path, volume))
                .collect()
        });
    let mut runner = Runner::new(cluster, pod, container, mounts);
    runner.run(&request.command, request.stdin.as_deref());
    let Runner { writes, mut answer, mounts, missing, prompt, .. } = runner;
    if let Some(program) = missing {
        return Err(no_such_program(&program, cluster));
    }
    answer.prompt = prompt;
    let input = |write| as_input(write, &mounts, pod, &request.container);
    let inputs: Vec<Input> = writes.into_iter().map(input).collect();
    for input in inputs {
        timeline.submit(input);
    }
    Ok(answer)
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

/// The volume and the file below its root that a path means, if it is on one.
pub(crate) fn on_volume(mounts: &[(String, String)], path: &str) -> Option<(String, String)> {
    mounts.iter().find_map(|(mount, volume)| {
        let file = path.strip_prefix(mount.trim_end_matches('/'))?.strip_prefix('/')?;
        (!file.is_empty()).then(|| (volume.clone(), file.to_owned()))
    })
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
#[inline(never)] // a gate: `www/editor/split/parts.mjs`
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
    Some(ExecAnswer {
        stdout: output.stdout,
        stderr: output.stderr,
        exit: output.exit,
        ..ExecAnswer::default()
    })
}
