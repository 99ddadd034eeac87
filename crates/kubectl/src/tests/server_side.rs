//! Who owns which field, and what server-side apply makes of it.

use super::*;

fn apply(world: &mut ServerWorld, rest: &str, text: &str) -> (i32, String, String) {
    world.run(&format!("kubectl apply --server-side -f - {rest}"), Some(text))
}

fn done() -> (i32, String, String) {
    (0, "statefulset.apps/web serverside-applied\n".to_owned(), String::new())
}

fn managers(world: &mut ServerWorld) -> String {
    let path = "{range .metadata.managedFields[*]}{.manager} {.operation} {.subresource};{end}";
    world.run(&format!("kubectl get sts web -o jsonpath='{path}'"), None).1
}

// The documentation's example: "Using Server-Side Apply", "Field management".
#[test]
fn fields_have_managers() {
    let mut world = ServerWorld::default();
    let map = "apiVersion: v1
kind: ConfigMap
metadata:
  name: test-cm
  labels:
    test-label: test
data:
  key: some value
";
    assert_eq!(apply(&mut world, "", map).0, 0);
    let shown = world.run("kubectl get cm test-cm -o yaml --show-managed-fields", None).1;
    let first = "  managedFields:
  - apiVersion: v1
    fieldsType: FieldsV1
    fieldsV1:
      f:data:
        f:key: {}
      f:metadata:
        f:labels:
          f:test-label: {}
    manager: kubectl
    operation: Apply
    time: \"2026-11-22T02:11:40Z\"
";
    assert!(shown.contains(first), "{shown}");
    assert!(!world.run("kubectl get cm test-cm -o yaml", None).1.contains("managedFields"));
    let patch = "patch cm test-cm --type=merge -p '{\"data\":{\"key\":\"new value\"}}'";
    world.expect(
        &format!("{patch} --field-manager=kube-controller-manager"),
        0,
        "configmap/test-cm patched\n",
        "",
    );
    let shown = world.run("kubectl get cm test-cm -o yaml --show-managed-fields", None).1;
    let two = "    fieldsV1:
      f:metadata:
        f:labels:
          f:test-label: {}
    manager: kubectl
    operation: Apply
    time: \"2026-11-22T02:11:40Z\"
  - apiVersion: v1
    fieldsType: FieldsV1
    fieldsV1:
      f:data:
        f:key: {}
    manager: kube-controller-manager
    operation: Update
";
    assert!(shown.contains(two), "{shown}");
    let (code, _, error) = apply(&mut world, "", map);
    let conflict = "error: Apply failed with 1 conflict: conflict with \"kube-controller-manager\" using v1: .data.key\nPlease review the fields above--they currently have other managers. Here\n";
    assert!(code == 1 && error.starts_with(conflict), "{error}");
}

#[test]
fn what_is_no_longer_named_goes_unless_another_owns_it() {
    let mut world = ServerWorld::default();
    let labels =
        |text: &str| SET.replace("  name: web\nspec", &format!("  name: web\n  labels: {text}\nspec"));
    assert_eq!(apply(&mut world, "", &labels("{a: x, b: x}")), done());
    assert_eq!(apply(&mut world, "--field-manager=other", &labels("{b: x}")), done());
    assert_eq!(apply(&mut world, "", SET), done());
    world.expect("get sts web -o jsonpath={.metadata.labels}", 0, "{\"b\":\"x\"}", "");
    let named = SET.replace("          name: web\n", "");
    assert_eq!(apply(&mut world, "", &named), done());
    let name = "jsonpath='{.spec.template.spec.containers[0].ports[0].name}'";
    world.expect(&format!("get sts web -o {name}"), 0, "web", "");
    assert_eq!(apply(&mut world, "--field-manager=other", &named), done());
    world.expect(&format!("get sts web -o {name}"), 0, "", "");
}

#[test]
fn others_are_not_overruled_unless_forced() {
    let mut world = ServerWorld::default();
    assert_eq!(apply(&mut world, "", SET), done());
    world.expect("scale sts web --replicas=3", 0, "statefulset.apps/web scaled\n", "");
    assert_eq!(managers(&mut world), "kubectl Apply ;kubectl Update scale;");
    let (code, _, error) = apply(&mut world, "", SET);
    let conflict = "error: Apply failed with 1 conflict: conflict with \"kubectl\" with subresource \"scale\" using apps/v1: .spec.replicas\n";
    assert!(code == 1 && error.starts_with(conflict), "{error}");
    assert_eq!(apply(&mut world, "--force-conflicts", SET), done());
    assert_eq!(managers(&mut world), "kubectl Apply ;");
    let other = SET.replace("replicas: 1", "replicas: 2").replace("nginx:1.7.9", "nginx:1.9.1");
    let (_, _, error) = apply(&mut world, "--field-manager=other", &other);
    let conflict = "error: Apply failed with 2 conflicts: conflicts with \"kubectl\":\n- .spec.replicas\n- .spec.template.spec.containers[name=\"nginx\"].image\n";
    assert!(error.starts_with(conflict), "{error}");
    let wrong = "error: --force-conflicts only works with --server-side\n";
    world.expect("apply --force-conflicts -f -", 1, "", wrong);
}

// Recorded: L01 (what was applied without the flag is no conflict).
#[test]
fn client_side_apply_is_taken_over() {
    let mut world = ServerWorld::default();
    let labelled = SET.replace("  name: web\nspec", "  name: web\n  labels: {a: x}\nspec");
    world.run("kubectl apply -f -", Some(&labelled));
    assert_eq!(managers(&mut world), "kubectl-client-side-apply Update ;");
    assert_eq!(apply(&mut world, "", &SET.replace("replicas: 1", "replicas: 2")), done());
    assert_eq!(managers(&mut world), "kubectl-last-applied Apply ;kubectl Apply ;");
    world.expect("get sts web -o jsonpath='{.spec.replicas} {.metadata.labels}'", 0, "2 ", "");
    let last = world.run("kubectl apply view-last-applied sts web", None).1;
    assert!(last.contains("replicas: 2"), "{last}");
}
