//! Verbs that only look.

use serde_json::json;

use super::world;
use crate::testing::ServerWorld;

// Recorded: K01, K06, T16, T57.
#[test]
fn get() {
    let mut world = world();
    world.expect("get pods -o name", 0, "pod/web-0\npod/web-1\n", "");
    world.expect("get foo", 1, "", "error: the server doesn't have a resource type \"foo\"\n");
    world.expect("get svc nope", 1, "", "Error from server (NotFound): services \"nope\" not found\n");
    world.expect("get sts -o jsonpath={.items[0].nope}", 0, "", "");
    world.expect(
        "get sts -o jsonpath={.items[*",
        1,
        "",
        "error: error parsing jsonpath {.items[*, unterminated array\n",
    );
    world.expect(
        "get sts -o foo",
        1,
        "",
        "error: unable to match a printer suitable for the output format \"foo\", allowed formats are: custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,wide,yaml\n",
    );
    world.expect(
        "get sts web --show-kind",
        0,
        "NAME                   READY   AGE\nstatefulset.apps/web   0/1     0s\n",
        "",
    );
    world.expect("get pods --sort-by=.metadata.nope", 0, "", "No resources found in default namespace.\n");
    world.expect(
        "get pods --sort-by=.metadata.name -o custom-columns=N:.metadata.name,L:.metadata.labels",
        0,
        "N       L\nweb-0   map[app:nginx]\nweb-1   map[app:nginx]\n",
        "",
    );
    world.expect("get pods -l a=b -o custom-columns=N:.metadata.name", 0, "N\n", "");
    world.expect(
        "get pods -l a=b web-0",
        1,
        "",
        "error: name cannot be provided when a selector is specified\n",
    );
    world.expect(
        "get pods -w --timeout=1s",
        1,
        "",
        "error: unknown flag: --timeout\nSee 'kubectl get --help' for usage.\n",
    );
    world.expect("get deploy", 0, "", "No resources found in default namespace.\n");
    world.expect(
        "get deploy web",
        1,
        "",
        "Error from server (NotFound): deployments.apps \"web\" not found\n",
    );
    world.expect(
        "get sts web --subresource=scale",
        0,
        "NAME   DESIRED   AVAILABLE   AGE\nweb    1         0           0s\n",
        "",
    );
    world.expect("-v=6 get pods -o name --request-timeout 5s", 0, "pod/web-0\npod/web-1\n", "");
}

#[test]
fn a_template_may_be_in_a_file() {
    let mut world = world();
    world.files.push(("t".to_owned(), "{range .items[*]}{.metadata.name}{\"\\n\"}{end}".to_owned()));
    world.expect("get pods -o jsonpath-file=t", 0, "web-0\nweb-1\n", "");
    world.expect("get pods web-0 -o jsonpath-as-json={.metadata.name}", 0, "[\n    \"web-0\"\n]\n", "");
}

#[test]
fn a_watch_says_gone_of_what_leaves_the_selector() {
    let mut world = world();
    let mut command = crate::start("kubectl get pods -w -l app=nginx --output-watch-events", None);
    let (_, out, _) = world.poll(&mut *command);
    assert_eq!(out.lines().next(), Some("EVENT      NAME    READY   STATUS    RESTARTS   AGE"));
    world.expect("label pod web-0 app-", 0, "pod/web-0 unlabeled\n", "");
    world.expect("label pod web-1 x=y", 0, "pod/web-1 labeled\n", "");
    let (code, out, _) = world.poll(&mut *command);
    let words: Vec<&str> = out.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!((code, words), (-1, vec!["DELETED", "MODIFIED"]));
}

// Recorded: K04, K06.
#[test]
fn wait() {
    let mut world = world();
    let set = json!({"readyReplicas": 2, "replicas": 2});
    world.set_status(api::Kind::StatefulSet, "web", set);
    world.expect("wait --for=condition=Ready pod/web-0 --timeout=1s", 0, "pod/web-0 condition met\n", "");
    world.expect("wait --for=delete pod/nope --timeout=1s", 0, "", "");
    world.expect(
        "wait --for=jsonpath={.status.readyReplicas}=2 sts/web --timeout=2s",
        0,
        "statefulset.apps/web condition met\n",
        "",
    );
    world.expect("wait --for=create pod/web-1", 0, "pod/web-1 condition met\n", "");
    world.expect("wait --for=x pod/web-1", 1, "", "error: unrecognized condition: \"x\"\n");
    world.expect(
        "wait --for=condition=Gone pod/web-0 --timeout=0",
        1,
        "",
        "error: condition not met for pods/web-0\n",
    );
    world.expect("wait --for=condition=Ready pod -l a=b", 1, "", "error: no matching resources found\n");
    let mut command = crate::start("kubectl wait --for=condition=Gone pod --all --timeout=2s", None);
    assert_eq!(world.poll(&mut *command), (-1, String::new(), String::new()));
    world.now = world.now + std::time::Duration::from_secs(2);
    let late = "timed out waiting for the condition on pods/web-0\ntimed out waiting for the condition on pods/web-1\n";
    assert_eq!(world.poll(&mut *command), (1, String::new(), late.to_owned()));
}

#[test]
fn wait_for_what_is_not_there_yet() {
    let mut world = ServerWorld::default();
    let mut command = crate::start("kubectl wait --for=create cm/x --timeout=5s", None);
    assert_eq!(world.poll(&mut *command).0, -1);
    world.expect("create cm x", 0, "configmap/x created\n", "");
    assert_eq!(world.poll(&mut *command), (0, "configmap/x condition met\n".to_owned(), String::new()));
    let mut command = crate::start("kubectl wait --for=create cm/y --timeout=5s", None);
    assert_eq!(world.poll(&mut *command).0, -1);
    world.now = world.now + std::time::Duration::from_secs(5);
    let late = "error: timed out waiting for the condition\n".to_owned();
    assert_eq!(world.poll(&mut *command), (1, String::new(), late));
}

// Recorded: K01, K04, K06, N20.
#[test]
fn about_the_cluster() {
    let mut world = world();
    world.expect("auth can-i get pods", 0, "yes\n", "");
    world.expect("top pod a", 1, "", "error: Metrics API not available\n");
    world.expect(
        "version --client=false",
        0,
        "Client Version: v1.36.3\nKustomize Version: v5.8.1\nServer Version: v1.36.3\n",
        "",
    );
    world.expect(
        "api-resources --api-group=apps",
        0,
        "NAME                  SHORTNAMES   APIVERSION   NAMESPACED   KIND\ncontrollerrevisions                apps/v1      true         ControllerRevision\ndaemonsets            ds           apps/v1      true         DaemonSet\ndeployments           deploy       apps/v1      true         Deployment\nreplicasets           rs           apps/v1      true         ReplicaSet\nstatefulsets          sts          apps/v1      true         StatefulSet\n",
        "",
    );
    world.expect(
        "api-resources --api-group=storage.k8s.io",
        0,
        "NAME                      SHORTNAMES   APIVERSION          NAMESPACED   KIND\ncsidrivers                             storage.k8s.io/v1   false        CSIDriver\ncsinodes                               storage.k8s.io/v1   false        CSINode\ncsistoragecapacities                   storage.k8s.io/v1   true         CSIStorageCapacity\nstorageclasses            sc           storage.k8s.io/v1   false        StorageClass\nvolumeattachments                      storage.k8s.io/v1   false        VolumeAttachment\nvolumeattributesclasses   vac          storage.k8s.io/v1   false        VolumeAttributesClass\n",
        "",
    );
    world.expect(
        "api-versions",
        0,
        "admissionregistration.k8s.io/v1\napiextensions.k8s.io/v1\napiregistration.k8s.io/v1\napps/v1\nauthentication.k8s.io/v1\nauthorization.k8s.io/v1\nautoscaling/v1\nautoscaling/v2\nbatch/v1\ncertificates.k8s.io/v1\ncoordination.k8s.io/v1\ndiscovery.k8s.io/v1\nevents.k8s.io/v1\nflowcontrol.apiserver.k8s.io/v1\nnetworking.k8s.io/v1\nnode.k8s.io/v1\npolicy/v1\nrbac.authorization.k8s.io/v1\nresource.k8s.io/v1\nscheduling.k8s.io/v1\nstorage.k8s.io/v1\nv1\n",
        "",
    );
}

#[test]
fn every_command_has_its_page() {
    let mut world = ServerWorld::default();
    let pages = crate::help::pages();
    assert!(pages.len() > 100, "{}", pages.len());
    for page in pages {
        let (code, out, error) = world.run(&format!("kubectl {} --help", page.command), None);
        assert!((code, error.as_str()) == (0, ""), "{}: {error}", page.command);
        let usage = if page.command.is_empty() {
            "kubectl [flags]".to_owned()
        } else {
            format!("kubectl {}", page.command)
        };
        assert!(out.contains(&format!("\nUsage:\n  {usage}")), "{out}");
    }
}

// Printed by kubectl v1.36.3.
#[test]
fn pages_are_kubectls_own() {
    let mut world = ServerWorld::default();
    let page = "Mark node as unschedulable.\n\nExamples:\n  # Mark node \"foo\" as unschedulable\n  kubectl cordon foo\n\nOptions:\n    --dry-run='none':\n\tMust be \"none\", \"server\", or \"client\". If client strategy, only print the object that would be sent, without sending it. If server strategy, submit server-side request without persisting the resource.\n\n    -l, --selector='':\n\tSelector (label query) to filter on, supports '=', '==', '!=', 'in', 'notin'.(e.g. -l key1=value1,key2=value2,key3 in (value3)). Matching objects must satisfy all of the specified label constraints.\n\nUsage:\n  kubectl cordon NODE [options]\n\nUse \"kubectl options\" for a list of global command-line options (applies to all commands).\n";
    world.expect("cordon --help", 0, page, "");
    world.expect("help cordon", 0, page, "");
    world.expect(
        "set foo",
        1,
        "",
        "error: unknown command \"foo\"\nSee 'kubectl set -h' for help and examples\n",
    );
    world.expect(
        "-x get",
        1,
        "",
        "error: unknown shorthand flag: 'x' in -x\nSee 'kubectl --help' for usage.\n",
    );
    let (code, out, error) = world.run("kubectl help foo", None);
    assert_eq!((code, out.as_str()), (0, ""));
    assert!(
        error.starts_with("Unknown help topic [`foo`]\n\n\nBasic Commands (Beginner):\n  create "),
        "{error}"
    );
}

#[test]
fn events_are_sorted_by_time() {
    let mut world = ServerWorld::default();
    world.expect("events", 0, "", "No events found in default namespace.\n");
    for (name, at, count) in [("a", "02:11:30", 1), ("b", "02:11:20", 3)] {
        let text = format!(
            "apiVersion: v1\nkind: Event\nmetadata: {{name: {name}, namespace: default}}\ninvolvedObject: {{kind: Pod, apiVersion: v1, namespace: default, name: web-0}}\nreason: Pulled\ntype: Normal\nmessage: m{name}\ncount: {count}\nfirstTimestamp: '2026-11-22T02:11:10Z'\nlastTimestamp: '2026-11-22T{at}Z'\n"
        );
        let made = world.run("kubectl create -f -", Some(&text));
        assert_eq!(made.0, 0, "{made:?}");
    }
    let head = "LAST SEEN            TYPE     REASON   OBJECT      MESSAGE\n";
    let rows = "20s (x3 over 30s)    Normal   Pulled   Pod/web-0   mb\n30s                  Normal   Pulled   Pod/web-0   ma\n";
    world.expect(
        "events --for pod/web-0",
        0,
        &format!("{head}{rows}")
            .replace("    Normal", "   Normal")
            .replace("SEEN            TYPE", "SEEN           TYPE"),
        "",
    );
}
