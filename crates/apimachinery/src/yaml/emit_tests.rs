//! Texts of kubectl and go-yaml's own tests.

use serde_json::json;

use super::*;

#[test]
fn lists_are_not_indented_and_members_are_sorted() {
    let value = json!({
        "kind": "StatefulSet", "apiVersion": "apps/v1",
        "metadata": {"name": "web", "annotations": {}},
        "spec": {"replicas": 1, "template": {"spec": {"containers": [
            {"name": "nginx", "image": "nginx:1.7.9", "ports": [{"containerPort": 80}], "args": ["-c", "x: y"]}
        ]}}},
        "status": {"empty": [], "flag": true, "none": null},
    });
    assert_eq!(
        emit(&value),
        "apiVersion: apps/v1
kind: StatefulSet
metadata:
  annotations: {}
  name: web
spec:
  replicas: 1
  template:
    spec:
      containers:
      - args:
        - -c
        - 'x: y'
        image: nginx:1.7.9
        name: nginx
        ports:
        - containerPort: 80
status:
  empty: []
  flag: true
  none: null
"
    );
}

#[test]
fn texts_that_mean_something_else_are_quoted() {
    for (text, shown) in [
        ("true", "\"true\""),
        ("yes", "\"yes\""),
        ("n", "\"n\""),
        ("0", "\"0\""),
        ("1.5", "\"1.5\""),
        ("", "\"\""),
        ("~", "\"~\""),
        ("<<", "<<"),
        ("2026-11-22T02:11:46Z", "\"2026-11-22T02:11:46Z\""),
        ("12:30", "\"12:30\""),
        ("1:61", "1:61"),
        ("1Gi", "1Gi"),
        ("100m", "100m"),
        ("<none>", "<none>"),
        ("*", "'*'"),
        ("it's: x", "'it''s: x'"),
        ("a\tb", "\"a\\tb\""),
        (" a", "' a'"),
    ] {
        assert_eq!(emit(&json!({ "a": text })), format!("a: {shown}\n"), "{text}");
    }
}

#[test]
fn several_lines_are_a_block() {
    assert_eq!(emit(&json!({"a": {"b": "x\ny\n"}})), "a:\n  b: |\n    x\n    y\n");
    assert_eq!(emit(&json!({"a": "x\n\ny"})), "a: |-\n  x\n\n  y\n");
    assert_eq!(emit(&json!({"a": "x\n\n", "b": 1})), "a: |+\n  x\n\nb: 1\n");
    assert_eq!(emit(&json!({"a": "  x\ny\n"})), "a: |2\n    x\n  y\n");
    assert_eq!(emit(&json!({"a": "x \ny"})), "a: \"x \\ny\"\n");
    assert_eq!(emit(&json!(["x\ny\n", 2])), "- |\n  x\n  y\n- 2\n");
}

#[test]
fn long_texts_fold_at_the_first_blank_past_column_80() {
    let long = "a".repeat(76) + " bbbb cc dd";
    assert_eq!(emit(&json!({ "k": long })), format!("k: {} bbbb\n  cc dd\n", "a".repeat(76)));
    let quoted = format!("{}: bbbb cc dd", "a".repeat(76));
    assert_eq!(emit(&json!({ "k": quoted })), format!("k: '{}:\n  bbbb cc dd'\n", "a".repeat(76)));
}

#[test]
fn keys_are_in_go_yamls_order() {
    // The texts of go-yaml's own test of its sorter.
    let order = [
        "", ".1", ".2", ".a", "1", "2", "a!10", "a/0001", "a/002", "a/3", "a/10", "a/11", "a/0012", "a/100",
        "a~10", "ab/1", "b/1", "b/01", "b/2", "b/02", "b/3", "b/03", "b1", "b01", "b3", "c2.10", "c10.2",
        "d1", "d7", "d7abc", "d12", "d12a",
    ];
    for pair in order.windows(2) {
        if let [low, high] = pair {
            assert_eq!(compare_keys(low, high), Ordering::Less, "{low} {high}");
        }
    }
}

#[test]
fn lists_in_lists_and_maps_in_them() {
    assert_eq!(emit(&json!([[1, 2], [{"a": 1, "b": [3]}]])), "- - 1\n  - 2\n- - a: 1\n    b:\n    - 3\n");
    assert_eq!(emit(&json!({})), "{}\n");
    assert_eq!(emit(&json!("x")), "x\n");
}
