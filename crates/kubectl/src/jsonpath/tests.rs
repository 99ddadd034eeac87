#![allow(clippy::unwrap_used)]

use serde_json::json;

use super::*;

fn print(template: &str) -> String {
    let root = json!({
        "kind": "List",
        "items": [
            {"metadata": {"name": "a", "labels": {"app.kubernetes.io/name": "x"}}, "n": 1, "ready": true},
            {"metadata": {"name": "b"}, "n": 2, "ready": false},
            {"metadata": {"name": "c"}, "n": 10},
        ],
    });
    Template::parse(template).and_then(|t| t.print(&root)).unwrap_or_else(|error| error)
}

// The documented examples of https://kubernetes.io/docs/reference/kubectl/jsonpath/, on smaller data.
#[test]
fn paths_find_what_they_name() {
    assert_eq!(print("{.kind}"), "List");
    assert_eq!(print("{.items[*].metadata.name}"), "a b c");
    assert_eq!(print("{.items[0:2].n}"), "1 2");
    assert_eq!(print("{.items[-1:].n}"), "10");
    assert_eq!(print("{.items[-1].n}"), "10");
    assert_eq!(print("{.items[::2].n}"), "1 10");
    assert_eq!(print("{.items[0,2].n}"), "1 10");
    assert_eq!(print("{..name}"), "a b c");
    assert_eq!(print("{.items[0]['metadata.name']}"), "a");
    assert_eq!(print("{.items[0].metadata.labels.app\\.kubernetes\\.io/name}"), "x");
    assert_eq!(print("{.items[0].metadata.labels}"), "{\"app.kubernetes.io/name\":\"x\"}");
    assert_eq!(print("{.items[1]['metadata.name', 'n']}"), "b 2");
}

#[test]
fn filters_compare() {
    assert_eq!(print("{.items[?(@.n>1)].metadata.name}"), "b c");
    assert_eq!(print("{.items[?(@.metadata.name==\"b\")].n}"), "2");
    assert_eq!(print("{.items[?(@.ready)].n}"), "1 2");
    assert_eq!(print("{.items[?(@.ready==true)].n}"), "1");
    assert_eq!(print("{.items[?(@.metadata.name!='b')].n}"), "1 10");
}

#[test]
fn range_repeats_text() {
    assert_eq!(print("{range .items[*]}{.metadata.name}={.n}{\"\\n\"}{end}."), "a=1\nb=2\nc=10\n.");
    assert_eq!(print("{range .items[?(@.n==7)]}{.n}{end}none"), "none");
}

#[test]
fn mistakes_have_the_library_s_words() {
    assert_eq!(print("{.items[0].nope}"), "");
    assert_eq!(print("{.items[*"), "unterminated array");
    assert_eq!(print("{.items"), "unclosed action");
    assert_eq!(print("{.items[x]}"), "invalid array index x");
    assert!(print("{.items[5]}").contains("array index out of bounds: index 5, length 3"));
    assert!(print("{.kind[0]}").contains("string is not array or slice"));
}

#[test]
fn relaxed_paths_need_no_braces() {
    let root = json!({"metadata": {"name": "a", "labels": {"b": "c", "a": "d"}}});
    for path in ["metadata.name", ".metadata.name", "{metadata.name}", "{.metadata.name}"] {
        assert_eq!(Template::relaxed(path).unwrap().print(&root).unwrap(), "a", "{path}");
    }
    assert!(Template::relaxed("{.a}{.b}").is_err());
    assert_eq!(go_text(&root), "map[metadata:map[labels:map[a:d b:c] name:a]]");
}

#[test]
fn no_template_is_too_much() {
    let ranges = "{range .items}".repeat(100_000);
    assert!(Template::parse(&ranges).is_err_and(|said| said.ends_with("16 ranges within each other")));
    assert_eq!(print(&format!("{}x", "{range .none}".repeat(15))), "x");
    assert!(Template::parse(&"[".repeat(100_000)).is_ok(), "a text");
    for opening in ["{[", "{[0,", "{[?(", "{[?(@.a==[", "{.a["] {
        assert!(Template::parse(&opening.repeat(20_000)).is_err(), "{opening}");
    }
    assert!(print(&format!("{{.items{}}}", "['','']".repeat(40))).contains("more than 4000000 steps"));
    let nested = |depth: usize| {
        let ranges = "{range ['','','']}";
        print(&format!("{}x{}", ranges.repeat(depth), "{end}".repeat(depth)))
    };
    assert_eq!(nested(2), "xxxxxxxxx");
    assert!(nested(14).contains("more than 4000000 steps"));
    let long = json!({"a": vec![json!("x".repeat(1000)); 100]});
    let many = Template::parse(&"{.a}".repeat(100)).unwrap();
    for printed in [many.print(&long), many.print_json(&long)] {
        let printed = printed.unwrap();
        assert!(printed.ends_with("# cut: longer than 4 MiB\n") && printed.len() < 4_300_000);
    }
}
