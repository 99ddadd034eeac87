//! Verbs that run something in a container.

use serde_json::json;

use super::world;
use crate::testing::ServerWorld;
use crate::world::ExecAnswer;

const GREETING: &str = "All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.\n";

fn running() -> serde_json::Value {
    json!({"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}], "containerStatuses": [{"name": "dns-test", "ready": true, "restartCount": 0,
        "image": "", "imageID": "", "state": {"running": {}}}]})
}

// Recorded: K04, K06.
#[test]
fn run_makes_a_pod() {
    let mut world = world();
    world.expect("run dns-test --image=busybox:1.28.4", 0, "pod/dns-test created\n", "");
    world.expect(
        "-n default run x --image=busybox --dry-run=client -o yaml",
        0,
        "apiVersion: v1\nkind: Pod\nmetadata:\n  labels:\n    run: x\n  name: x\n  namespace: default\nspec:\n  containers:\n  - image: busybox\n    name: x\n    resources: {}\n  dnsPolicy: ClusterFirst\n  restartPolicy: Always\nstatus: {}\n",
        "",
    );
    world.expect("run x", 1, "", "error: required flag(s) \"image\" not set\n");
    let see = "See 'kubectl run -h' for help and examples\n";
    let mut refused = |line: &str, text: &str| world.expect(line, 1, "", &format!("error: {text}\n{see}"));
    refused("run --image=busybox", "NAME is required for run");
    refused("run x --image=busybox --rm", "--rm should only be used for attached containers");
    refused("run x --image=busybox -t", "-i/--stdin is required for containers with -t/--tty=true");
}

fn ended(code: i32) -> serde_json::Value {
    let phase = if code == 0 { "Succeeded" } else { "Failed" };
    let reason = if code == 0 { "Completed" } else { "Error" };
    json!({"phase": phase, "containerStatuses": [{"name": "dns-test", "ready": false, "restartCount": 0,
        "image": "", "imageID": "", "state": {"terminated": {"exitCode": code, "reason": reason}}}]})
}

// `handleAttachPod`: the log, then the stream; the exit code is the container's.
#[test]
fn run_feeds_a_shell_waits_and_removes() {
    let mut world = ServerWorld::default();
    world.answer = ExecAnswer { stdout: "10.0.0.1\n".to_owned(), exit: 1, ..ExecAnswer::default() };
    let line = "kubectl run -i --rm --restart=Never --image=busybox:1.28 dns-test -- sh";
    let mut command = crate::start(line, Some("nslookup nginx\n"));
    assert_eq!(world.poll(&mut *command), (-1, String::new(), String::new()));
    world.expect("get pod dns-test -o jsonpath={.spec.containers[0].args}", 0, "[\"sh\"]", "");
    world.set_status(api::Kind::Pod, "dns-test", running());
    let (code, out, error) = world.poll(&mut *command);
    assert_eq!((code, out.as_str(), error.as_str()), (-1, "10.0.0.1\n", GREETING));
    // The shell, and then the end of its input.
    assert_eq!(world.ran, [vec!["sh".to_owned()], Vec::new()]);
    world.set_status(api::Kind::Pod, "dns-test", ended(1));
    let (code, out, error) = world.poll(&mut *command);
    assert_eq!((code, error.as_str()), (1, "pod default/dns-test terminated (Error)\n"));
    assert_eq!(out, "pod \"dns-test\" deleted from default namespace\n");
}

#[test]
fn a_text_is_no_terminal() {
    let mut world = ServerWorld::default();
    let no_tty = "Unable to use a TTY - input is not a terminal or the right kind of file\n";
    let mut command = crate::start("kubectl run -it --image=busybox:1.28 dns-test -- sh", Some("ls\n"));
    assert_eq!(world.poll(&mut *command).0, -1);
    world.set_status(api::Kind::Pod, "dns-test", running());
    assert_eq!(world.poll(&mut *command), (0, String::new(), format!("{no_tty}{GREETING}")));
}

#[test]
fn a_session_can_be_resumed() {
    let mut world = ServerWorld::default();
    let mut command = crate::start("kubectl run -it --rm --image=busybox:1.28 dns-test -- sh", None);
    assert_eq!(world.poll(&mut *command).0, -1);
    world.set_status(api::Kind::Pod, "dns-test", running());
    assert_eq!(world.poll(&mut *command), (-1, String::new(), GREETING.to_owned()));
    command.feed("exit 4");
    let resume =
        "Session ended, resume using 'kubectl attach dns-test -c dns-test -n default -i -t' command\n";
    let removed = "pod \"dns-test\" deleted from default namespace\n";
    // With restartPolicy Always nobody asks for the code.
    assert_eq!(world.poll(&mut *command), (0, format!("{resume}{removed}"), String::new()));
}

#[test]
fn run_reads_the_log_of_what_has_ended() {
    let mut world = ServerWorld::default();
    let mut command =
        crate::start("kubectl run -i --rm --restart=Never --image=busybox dns-test -- true", None);
    assert_eq!(world.poll(&mut *command).0, -1);
    world.set_status(api::Kind::Pod, "dns-test", ended(3));
    let (code, out, error) = world.poll(&mut *command);
    assert_eq!((code, out.as_str()), (3, "started\npod \"dns-test\" deleted from default namespace\n"));
    assert_eq!(error, "pod default/dns-test terminated (Error)\n");
}

#[test]
fn a_shell_reads_lines() {
    let mut world = world();
    world.answer.prompt = "/ # ".to_owned();
    let mut command = crate::start("kubectl exec -it web-0 -- sh", None);
    assert_eq!(world.poll(&mut *command).0, -1);
    assert_eq!(command.prompt(), Some("/ # "));
    world.answer.stdout = "web-0\n".to_owned();
    command.feed("hostname");
    assert_eq!(world.poll(&mut *command), (-1, "web-0\n".to_owned(), String::new()));
    let ran = [&["sh"][..], &["sh", "-c", "hostname"]];
    assert_eq!(world.ran, ran);
    command.feed("exit");
    assert_eq!(world.poll(&mut *command), (0, String::new(), String::new()));
}

// Recorded: K06, N20.
#[test]
fn exec_and_logs_say_what_is_wrong() {
    let mut world = world();
    world.expect("exec c -- ls", 1, "", "Error from server (NotFound): pods \"c\" not found\n");
    world.expect(
        "exec web-0 -c nope -- ls",
        1,
        "",
        "error: container nope is not valid for pod web-0 out of: nginx\n",
    );
    world.expect("exec web-0", 1, "", "error: you must specify at least one command for the container\n");
    world.expect("logs web-0", 0, "started\n", "");
    world.expect(
        "logs web-9",
        1,
        "",
        "error: error from server (NotFound): pods \"web-9\" not found in namespace \"default\"\n",
    );
    world.expect(
        "logs web-0 -c nope",
        1,
        "",
        "error: container nope is not valid for pod web-0 out of: nginx\n",
    );
    world.expect(
        "logs -l app=nginx --prefix",
        0,
        "[pod/web-0/nginx] started\n[pod/web-1/nginx] started\n",
        "",
    );
    world.expect("logs sts/web", 0, "started\n", "Found 2 pods, using pod/web-0\n");
    world.answer.exit = 3;
    world.expect("exec web-0 -- sh -c 'exit 3'", 3, "", "command terminated with exit code 3\n");
}

#[test]
fn dns_tools_ask_the_world() {
    let mut world = ServerWorld::default();
    world.answer.stdout = "answer\n".to_owned();
    assert_eq!(world.run("nslookup -type=srv nginx", None), (0, "answer\n".to_owned(), String::new()));
    assert_eq!(world.ran, [["nslookup", "-type=srv", "nginx"].map(str::to_owned).to_vec()]);
}
