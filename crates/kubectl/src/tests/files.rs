//! Verbs that read manifests.

use super::{SERVICE, SET, world};
use crate::testing::ServerWorld;

fn apply(world: &mut ServerWorld, args: &str, text: &str) -> (i32, String, String) {
    world.run(&format!("kubectl apply {args}"), Some(text))
}

fn refused(error: &str) -> (i32, String, String) {
    (1, String::new(), error.to_owned())
}

fn done(said: &str) -> (i32, String, String) {
    (0, said.to_owned(), String::new())
}

// Recorded: J01, K06, L01.
#[test]
fn what_is_no_manifest() {
    let mut world = ServerWorld::default();
    let turn_off = "if you choose to ignore these errors, turn validation off with --validate=false";
    let validating = "error: error validating \"STDIN\": error validating data:";
    assert_eq!(apply(&mut world, "-f -", ""), refused("error: no objects passed to apply\n"));
    assert_eq!(
        apply(&mut world, "-f -", "kind: List\napiversion: v1\nitems: []\n"),
        refused(&format!("{validating} apiVersion not set; {turn_off}\n"))
    );
    let kindless = SET.replace("kind: StatefulSet\n", "");
    assert_eq!(
        apply(&mut world, "-f -", &kindless),
        refused(&format!("{validating} kind not set; {turn_off}\n"))
    );
    let misspelt = SET.replace("StatefulSet", "StatefullSet");
    assert_eq!(
        apply(&mut world, "-f -", &misspelt),
        refused(
            "error: resource mapping not found for name: \"web\" namespace: \"\" from \"STDIN\": no matches for kind \"StatefullSet\" in version \"apps/v1\"\nensure CRDs are installed first\n"
        )
    );
    let (code, _, error) = apply(&mut world, "-f -", &SET.replace("  replicas: 1", "\treplicas: 1"));
    assert_eq!(code, 1);
    assert!(error.starts_with("error: error parsing STDIN: error converting YAML to JSON: "), "{error}");
    world.expect("apply -f nofile.yaml", 1, "", "error: the path \"nofile.yaml\" does not exist\n");
    for verb in ["apply", "create"] {
        world.expect(verb, 1, "", "error: must specify one of -f and -k\n");
    }
}

#[test]
fn a_key_twice_is_no_error_and_good_documents_go_through() {
    let mut world = ServerWorld::default();
    let twice = SET.replace("  replicas: 1\n", "  replicas: 5\n  replicas: 1\n");
    assert_eq!(apply(&mut world, "-f -", &twice), done("statefulset.apps/web created\n"));
    world.expect("get sts web -o jsonpath={.spec.replicas}", 0, "1", "");
    let misspelt = SERVICE.replace("kind: Service", "kind: Servise");
    let (code, out, error) = apply(&mut world, "-f -", &format!("{misspelt}---\n{SET}"));
    assert_eq!((code, out.as_str()), (1, "statefulset.apps/web unchanged\n"));
    assert!(error.starts_with("error: resource mapping not found for name: \"nginx\""), "{error}");
}

#[test]
fn errors_name_the_file() {
    let mut world = world();
    world.files.push(("web.yaml".to_owned(), SET.to_owned()));
    world.files.push((
        "bad.yaml".to_owned(),
        SET.replace("  replicas: 1", "  foo: 1").replace("name: web\n", "name: w\n"),
    ));
    let exists = "Error from server (AlreadyExists): error when creating \"web.yaml\": statefulsets.apps \"web\" already exists\n";
    world.expect("create -f web.yaml", 1, "", exists);
    let strict = "Error from server (BadRequest): error when creating \"bad.yaml\": StatefulSet in version \"v1\" cannot be handled as a StatefulSet: strict decoding error: unknown field \"spec.foo\"\n";
    world.expect("create -f bad.yaml", 1, "", strict);
    world.expect(
        "delete -f web.yaml --wait=false",
        0,
        "statefulset.apps \"web\" deleted from default namespace\n",
        "",
    );
    let gone = "Error from server (NotFound): error when deleting \"web.yaml\": statefulsets.apps \"web\" not found\n";
    world.expect("delete -f web.yaml", 1, "", gone);
    world.expect("delete -f web.yaml --ignore-not-found", 0, "", "");
}

// Recorded: L01, L02.
#[test]
fn applies() {
    let mut world = world();
    assert_eq!(apply(&mut world, "-f -", SET), done("statefulset.apps/web unchanged\n"));
    assert_eq!(
        apply(&mut world, "--server-side -f -", SET),
        done("statefulset.apps/web serverside-applied\n")
    );
    let three = SET.replace("replicas: 1", "replicas: 3");
    let configured = |how: &str| done(&format!("statefulset.apps/web configured{how}\n"));
    assert_eq!(apply(&mut world, "--dry-run=server -f -", &three), configured(" (server dry run)"));
    assert_eq!(apply(&mut world, "--dry-run=client -f -", &three), configured(" (dry run)"));
    world.expect("get sts web -o jsonpath={.spec.replicas}", 0, "1", "");
    assert_eq!(apply(&mut world, "-f -", &three), configured(""));
    assert_eq!(apply(&mut world, "-f - -o name", &three), done("statefulset.apps/web\n"));
    assert_eq!(world.run("kubectl replace -f -", Some(SET)), done("statefulset.apps/web replaced\n"));
    let unannotated = world.run("kubectl apply -f -", Some(SET));
    assert!(unannotated.2.starts_with("Warning: resource statefulsets/web is missing the kubectl.kubernetes.io/last-applied-configuration annotation"), "{unannotated:?}");
    assert_eq!(
        world.run("kubectl delete -f -", Some(SERVICE)),
        done("service \"nginx\" deleted from default namespace\n")
    );
}

#[test]
fn the_namespace_must_agree() {
    let mut world = ServerWorld::default();
    let placed = SET.replace("  name: web\nspec", "  name: web\n  namespace: other\nspec");
    assert_eq!(
        apply(&mut world, "-n default -f -", &placed),
        refused(
            "error: the namespace from the provided object \"other\" does not match the namespace \"default\". You must pass '--namespace=other' to perform this operation.\n"
        )
    );
}

#[test]
fn diff_shows_what_apply_would_change() {
    let mut world = world();
    assert_eq!(world.run("kubectl diff -f -", Some(SET)), done(""));
    let (code, out, error) = world.run("kubectl diff -f -", Some(&SET.replace("replicas: 1", "replicas: 3")));
    assert_eq!((code, error.as_str()), (1, ""));
    let changed: Vec<&str> = out
        .lines()
        .filter(|l| l.starts_with(['+', '-']) && !l.starts_with("+++") && !l.starts_with("---"))
        .collect();
    assert_eq!(changed, ["-  generation: 1", "+  generation: 2", "-  replicas: 1", "+  replicas: 3"]);
    world.expect("get sts web -o jsonpath={.spec.replicas}", 0, "1", "");
}

// Recorded: K06, N13, T49; the rest as create_*.go writes it.
#[test]
fn generators() {
    let mut world = ServerWorld::default();
    world.expect("create configmap nope --from-literal=a=b", 0, "configmap/nope created\n", "");
    world.expect("create sa app", 0, "serviceaccount/app created\n", "");
    world.expect("create ns team", 0, "namespace/team created\n", "");
    world.expect("create secret generic s --from-literal=a=b", 0, "secret/s created\n", "");
    world.expect("get secret s -o jsonpath={.data.a}", 0, "Yg==", "");
    world.expect("create quota q --hard=pods=2", 0, "resourcequota/q created\n", "");
    world.expect(
        "create priorityclass high --value=1000",
        0,
        "priorityclass.scheduling.k8s.io/high created\n",
        "",
    );
    world.expect(
        "create pdb web --selector=app=nginx --min-available=1",
        0,
        "poddisruptionbudget.policy/web created\n",
        "",
    );
    world.expect("create pdb x --min-available=1", 1, "", "error: a selector must be specified\n");
    world.expect(
        "create configmap",
        1,
        "",
        "error: exactly one NAME is required, got 0\nSee 'kubectl create configmap -h' for help and examples\n",
    );
    let usage = "error: Unexpected args: [sts x]\nSee 'kubectl create -h' for help and examples\n";
    world.expect("create sts x", 1, "", usage);
    world.expect(
        "-n default create service clusterip x --clusterip=None --tcp=80:80 --dry-run=client -o yaml",
        0,
        "apiVersion: v1\nkind: Service\nmetadata:\n  labels:\n    app: x\n  name: x\n  namespace: default\nspec:\n  clusterIP: None\n  ports:\n  - name: 80-80\n    port: 80\n    protocol: TCP\n    targetPort: 80\n  selector:\n    app: x\n  type: ClusterIP\nstatus:\n  loadBalancer: {}\n",
        "",
    );
}

// Recorded: T57.
#[test]
fn an_eviction_can_be_made_raw() {
    let mut world = world();
    let body = "{\"apiVersion\":\"policy/v1\",\"kind\":\"Eviction\",\"metadata\":{\"name\":\"web-1\"}}\n";
    let line = "kubectl create --raw /api/v1/namespaces/default/pods/web-1/eviction -f -";
    let success =
        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Success\",\"code\":201}\n";
    assert_eq!(world.run(line, Some(body)), done(success));
}
