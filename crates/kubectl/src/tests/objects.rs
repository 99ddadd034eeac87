//! Verbs that change objects.

use super::world;

// Recorded: K04, K06.
#[test]
fn label_and_annotate() {
    let mut world = world();
    world.expect("label pod web-0 a=b", 0, "pod/web-0 labeled\n", "");
    world.expect(
        "label pod web-0 a=c",
        1,
        "",
        "error: 'a' already has a value (b), and --overwrite is false\n",
    );
    world.expect("label pod web-0 a=c --overwrite", 0, "pod/web-0 labeled\n", "");
    world.expect("label pod web-0 a-", 0, "pod/web-0 unlabeled\n", "");
    world.expect("label pod web-0 a-", 0, "label \"a\" not found.\npod/web-0 not labeled\n", "");
    world.expect("label pods -l app=nginx x=y", 0, "pod/web-0 labeled\npod/web-1 labeled\n", "");
    world.expect("label pod web-0 x- z=1", 0, "pod/web-0 modified\n", "");
    world.expect("label pod web-0 --list", 0, "app=nginx\nz=1\n", "");
    world.expect("annotate pods --all a=b", 0, "pod/web-0 annotated\npod/web-1 annotated\n", "");
    world.expect(
        "annotate pods web-0 a=c",
        1,
        "",
        "error: --overwrite is false but found the following declared annotation(s): 'a' already has a value (b)\n",
    );
    world.expect("annotate sts web kubernetes.io/change-cause=x", 0, "statefulset.apps/web annotated\n", "");
    world.expect("annotate sts web kubernetes.io/change-cause=y", 0, "statefulset.apps/web annotated\n", "");
    world.expect("label pod web-0", 1, "", "error: at least one label update is required\n");
    world.expect(
        "label a=b",
        1,
        "",
        "error: one or more resources must be specified as <resource> <name> or <resource>/<name>\n",
    );
    world.expect(
        "label sts web q=1 --dry-run=server",
        0,
        "statefulset.apps/web labeled (server dry run)\n",
        "",
    );
    world.expect("label sts web q=1 -o jsonpath={.metadata.labels.q}", 0, "1", "");
}

// Recorded: K04, K06, L03.
#[test]
fn patch() {
    let mut world = world();
    world.expect(
        "patch sts web -p '{\"spec\":{\"replicas\":1}}'",
        0,
        "statefulset.apps/web patched (no change)\n",
        "",
    );
    let image = "'{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"nginx\",\"image\":\"nginx:p\"}]}}}}'";
    world.expect(&format!("patch sts web -p {image}"), 0, "statefulset.apps/web patched\n", "");
    let operation =
        "'[{\"op\":\"replace\",\"path\":\"/spec/template/spec/containers/0/image\",\"value\":\"nginx:q\"}]'";
    world.expect(
        &format!("patch sts web --type=json -p {operation}"),
        0,
        "statefulset.apps/web patched\n",
        "",
    );
    world.expect(
        "patch sts web -p 'nope'",
        1,
        "",
        "Error from server (BadRequest): json: cannot unmarshal string into Go value of type map[string]interface {}\n",
    );
    world.expect(
        "patch sts web --type=json -p '[{\"op\":\"remove\",\"path\":\"/spec/nope\"}]'",
        1,
        "",
        "The request is invalid: the server rejected our request due to an error in our request\n",
    );
    world.expect(
        "patch sts web --subresource=status --type=merge -p '{\"status\":{\"replicas\":9}}'",
        0,
        "statefulset.apps/web patched\n",
        "",
    );
    world.expect(
        "patch sts web",
        1,
        "",
        "error: must specify --patch or --patch-file containing the contents of the patch\n",
    );
    world.expect(
        "patch sts web --type=x -p '{}'",
        1,
        "",
        "error: --type must be one of [json merge strategic], not \"x\"\n",
    );
}

// Recorded: C12, K06.
#[test]
fn scale() {
    let mut world = world();
    world.expect(
        "scale sts web --replicas=3 --current-replicas=2",
        1,
        "",
        "error: Expected replicas to be 2, was 1\n",
    );
    world.expect(
        "scale sts web --replicas=-1",
        1,
        "",
        "error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0\n",
    );
    world.expect("scale sts web", 1, "", "error: required flag(s) \"replicas\" not set\n");
    world.expect("scale", 1, "", "error: required flag(s) \"replicas\" not set\n");
    world.expect(
        "scale --replicas=3 sts/web --dry-run=client",
        0,
        "statefulset.apps/web scaled (dry run)\n",
        "",
    );
    world.expect("get sts web -o jsonpath={.spec.replicas}", 0, "1", "");
    world.expect("scale sts web --replicas=2 --current-replicas=1", 0, "statefulset.apps/web scaled\n", "");
    world.expect("scale sts web --replicas=4 -o name", 0, "statefulset.apps/web\n", "");
    world.expect("get sts web -o jsonpath={.spec.replicas}", 0, "4", "");
    world.expect(
        "scale deploy/web --replicas=1",
        1,
        "",
        "Error from server (NotFound): deployments.apps \"web\" not found\n",
    );
}

// Recorded: K04, K06.
#[test]
fn set() {
    let mut world = world();
    world.expect("set image sts/web nginx=nginx:r", 0, "statefulset.apps/web image updated\n", "");
    world.expect("set image sts/web nginx=nginx:r", 0, "", "");
    world.expect("set image sts/web nope=nginx:r", 1, "", "error: unable to find container named \"nope\"\n");
    world.expect(
        "set image sts/web nginx=nginx:1.9.1 --dry-run=client",
        0,
        "statefulset.apps/web image updated (dry run)\n",
        "",
    );
    world.expect(
        "set image sts/web nginx=nginx:1.9.1 --dry-run=server -o name",
        0,
        "statefulset.apps/web\n",
        "",
    );
    world.expect(
        "set env sts/web A=b --dry-run=client -o jsonpath={.spec.template.spec.containers[0].env}",
        0,
        "[{\"name\":\"A\",\"value\":\"b\"}]",
        "",
    );
    world.expect(
        "set resources sts/web --limits=cpu=100m --dry-run=client -o jsonpath={.spec.template.spec.containers[0].resources}",
        0,
        "{\"limits\":{\"cpu\":\"100m\"}}",
        "",
    );
    world.expect("set env sts/web A=b C=d", 0, "statefulset.apps/web env updated\n", "");
    world.expect("set env sts/web A- C=e", 0, "statefulset.apps/web env updated\n", "");
    world.expect("set env sts/web --list", 0, "# StatefulSet web, container nginx\nC=e\n", "");
    world.expect(
        "set resources sts web --requests=cpu=1",
        0,
        "statefulset.apps/web resource requirements updated\n",
        "",
    );
    world.expect("set sa sts/web app", 0, "statefulset.apps/web serviceaccount updated\n", "");
    world.expect("get sts web -o jsonpath={.spec.template.spec.serviceAccountName}", 0, "app", "");
}

// Recorded: K06, E07; forced deletions as delete.go writes them.
#[test]
fn delete() {
    let mut world = world();
    world.expect("delete sts", 1, "", "error: resource(s) were provided, but no name was specified\n");
    world.expect("delete", 1, "", crate::resources::NOTHING_NAMED);
    world.expect(
        "delete sts web --cascade=foo",
        1,
        "",
        "error: invalid cascade value (foo). Must be \"background\", \"foreground\", or \"orphan\"\n",
    );
    world.expect(
        "delete pod web-0 --dry-run=client",
        0,
        "pod \"web-0\" deleted from default namespace (dry run)\n",
        "",
    );
    world.expect(
        "delete pod web-0 --dry-run=server",
        0,
        "pod \"web-0\" deleted from default namespace (server dry run)\n",
        "",
    );
    world.expect(
        "delete pod web-0 --grace-period=0 --force",
        0,
        "pod \"web-0\" force deleted from default namespace\n",
        "Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n",
    );
    world.expect("delete pods --all -o name", 0, "pod/web-1\n", "");
    world.expect("delete pods -l a=b", 0, "No resources found\n", "");
    world.expect("delete pod web-9", 1, "", "Error from server (NotFound): pods \"web-9\" not found\n");
    world.expect("delete pod web-9 --ignore-not-found", 0, "", "");
    world.expect(
        "delete pod web-9 --force --grace-period=3",
        1,
        "",
        "error: --force and --grace-period greater than 0 cannot be specified together\n",
    );
}

#[test]
fn a_deletion_waits_for_the_end() {
    let mut world = world();
    world.expect(
        "patch pod web-1 --type=merge -p '{\"metadata\":{\"finalizers\":[\"example.com/backup\"]}}'",
        0,
        "pod/web-1 patched\n",
        "",
    );
    let mut command = crate::start("kubectl delete pod web-1 --force --timeout=5s", None);
    let (code, out, _) = world.poll(&mut *command);
    assert_eq!((code, out.as_str()), (-1, "pod \"web-1\" force deleted from default namespace\n"));
    world.now = world.now + std::time::Duration::from_secs(5);
    let late = "error: timed out waiting for the condition on pods/web-1\n".to_owned();
    assert_eq!(world.poll(&mut *command), (1, String::new(), late));
    let mut command = crate::start("kubectl delete pod web-1", None);
    assert_eq!(world.poll(&mut *command).0, -1);
    world.expect(
        "patch pod web-1 --type=merge -p '{\"metadata\":{\"finalizers\":null}}'",
        0,
        "pod/web-1 patched\n",
        "",
    );
    assert_eq!(world.poll(&mut *command), (0, String::new(), String::new()));
}

// Recorded: K04, K06.
#[test]
fn expose() {
    let mut world = world();
    world.expect("expose sts web", 1, "", "error: cannot expose a StatefulSet.apps\n");
    world.expect(
        "expose sts web --port=80 --dry-run=client",
        1,
        "",
        "error: cannot expose a StatefulSet.apps\n",
    );
    world.expect("expose svc nginx --name=other", 0, "service/other exposed\n", "");
    world.expect("expose pod web-0 --port=80 --name=one --target-port=web", 0, "service/one exposed\n", "");
    world.expect(
        "get svc one -o jsonpath='{.spec.selector} {.spec.ports[0].targetPort}'",
        0,
        "{\"app\":\"nginx\"} web",
        "",
    );
    world.expect("expose pod web-0", 1, "", "error: couldn't find port via --port flag or introspection\n");
}

// Recorded: K06, N24; taints as taint.go writes them.
#[test]
fn nodes() {
    let mut world = world();
    world.expect("cordon node-9", 1, "", "Error from server (NotFound): nodes \"node-9\" not found\n");
    let node = "apiVersion: v1\nkind: Node\nmetadata: {name: node-1}\n";
    assert_eq!(world.run("kubectl create -f -", Some(node)).1, "node/node-1 created\n");
    world.expect("cordon node-1", 0, "node/node-1 cordoned\n", "");
    world.expect("cordon node-1", 0, "node/node-1 already cordoned\n", "");
    world.expect(
        "drain node-1 --ignore-daemonsets",
        0,
        "node/node-1 already cordoned\nnode/node-1 drained\n",
        "",
    );
    world.expect("uncordon node-1", 0, "node/node-1 uncordoned\n", "");
    world.expect("taint nodes node-1 a=b:NoSchedule", 0, "node/node-1 tainted\n", "");
    world.expect(
        "taint nodes node-1 a=c:NoSchedule",
        1,
        "",
        "error: node node-1 already has a taint(s) with same effect(s) and --overwrite is false\n",
    );
    world.expect("taint nodes node-1 a=c:NoSchedule --overwrite", 0, "node/node-1 modified\n", "");
    world.expect("taint nodes node-1 a-", 0, "node/node-1 untainted\n", "");
    world.expect("taint nodes node-1 a:NoSchedule-", 1, "", "error: taint \"a:NoSchedule\" not found\n");
}
