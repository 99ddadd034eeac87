//! Whole texts as the reader sees them: places, mistakes, what is left of broken documents, limits.

use super::{Document, Limits, Node, NodeKind, ProblemKind, read};

fn documents(text: &str) -> Vec<Document> {
    read(text, &Limits::default())
}

/// What is wrong with a text: each kind, line and what is underlined.
fn problems(text: &str) -> Vec<(ProblemKind, usize, &str)> {
    let found = |document: Document| document.problems;
    let problems = documents(text).into_iter().flat_map(found);
    problems.map(|problem| (problem.kind, problem.line, problem.span.slice(text).unwrap())).collect()
}

fn at<'n>(root: &'n Node, path: &[&str]) -> &'n Node {
    path.iter().fold(root, |node, name| match &node.kind {
        NodeKind::Seq(items) => &items[name.parse::<usize>().unwrap()],
        _ => &node.as_map().unwrap().iter().find(|entry| &*entry.name == *name).unwrap().value,
    })
}

#[test]
fn values_know_where_they_stand() {
    let text = "a: !!str 'x'   # c\nb: [1, {c: d}]\ne: &e\n  f: |\n    g\n\n# c\nh:\n- i\n- *e\nj: 1\n  2\nk:\nl: {m}\n";
    let [document] = documents(text).try_into().unwrap();
    let root = document.root.unwrap();
    for (path, written) in [
        (["a"].as_slice(), "'x'"),
        (&["b"], "[1, {c: d}]"),
        (&["b", "1", "c"], "d"),
        (&["e"], "f: |\n    g"),
        (&["e", "f"], "|\n    g"),
        (&["h"], "- i\n- *e"),
        (&["h", "1"], "*e"),
        (&["j"], "1\n  2"),
        (&["k"], ""),
        (&["l"], "{m}"),
        (&["l", "m"], ""),
    ] {
        assert_eq!(at(&root, path).span.slice(text), Some(written), "{path:?}");
    }
    assert!(at(&root, &["h", "1"]).alias && !at(&root, &["e"]).alias);
}

/// A byte order mark is no part of the text, but places count it.
#[test]
fn places_count_the_byte_order_mark() {
    let text = "\u{feff}a: é\nb: [\n";
    let [document] = documents("\u{feff}a: é\n").try_into().unwrap();
    assert_eq!(at(&document.root.unwrap(), &["a"]).span.slice(text), Some("é"));
    assert_eq!(problems(text), [(ProblemKind::Content, 2, "[")]);
}

#[test]
fn a_broken_document_leaves_the_others() {
    let text = "a: 1\n---\nb: {c: 1\nd: 2\n---\ne: f: g\n---\nh: 2\n";
    let documents = documents(text);
    let read: Vec<bool> = documents.iter().map(|document| document.to_value().is_ok()).collect();
    assert_eq!(read, [true, false, false, true]);
    assert_eq!(problems(text), [(ProblemKind::Flow, 4, ":"), (ProblemKind::MappingValue, 6, ":")]);
}

#[test]
fn aliases_are_what_their_names_last_meant() {
    let text = "a: &x 1\nb: *x\nc: &x 2\nd: [&x 3, *x]\ne: *x\n";
    let [document] = documents(text).try_into().unwrap();
    let value = document.to_value().unwrap().unwrap();
    assert_eq!(value, serde_json::json!({"a": 1, "b": 1, "c": 2, "d": [3, 3], "e": 3}));
    // An anchor within the one of the same name: go-yaml goes by which began last.
    let [document] = documents("a: &x [&x 1, *x]\nb: *x\n").try_into().unwrap();
    let value = document.to_value().unwrap().unwrap();
    assert_eq!(value, serde_json::json!({"a": [1, 1], "b": 1}));
}

/// kubectl stops at the first alias without an anchor; an editor shows all of them.
#[test]
fn every_alias_without_an_anchor_is_told() {
    let text = "a: *x\nb: *y\nc: [\n";
    let stops = "yaml: unknown anchor 'x' referenced";
    assert_eq!(documents(text)[0].fatal().map(|problem| problem.message.as_str()), Some(stops));
    let unknown = ProblemKind::UnknownAnchor;
    assert_eq!(problems(text), [(unknown, 1, "*x"), (unknown, 2, "*y"), (ProblemKind::Content, 3, "[")]);
    assert_eq!(problems("a: &x [*x]\n"), [(ProblemKind::RecursiveAnchor, 1, "*x")]);
}

/// kubectl decodes one document of what stands between two separators.
#[test]
fn text_after_the_first_value_is_not_looked_at() {
    for (text, ignored) in [
        ("a: 1\n...\n", None),
        ("a: 1\n...\nb: [\n", Some("b: [\n")),
        ("'a' b\n", Some("b\n")),
        ("[]: a\n", Some(": a\n")),
    ] {
        let wanted = ignored.map(|rest| (ProblemKind::Ignored, rest));
        let found: Vec<_> = problems(text).into_iter().map(|(kind, _, rest)| (kind, rest)).collect();
        assert_eq!(found, Vec::from_iter(wanted), "{text}");
        assert!(documents(text)[0].to_value().is_ok(), "{text}");
    }
}

/// Two ways to say one name count once, the second time.
#[test]
fn a_name_twice_is_told_where_it_stands_again() {
    let text = "yes: 1\nb: {c: 1, 'c': 2}\n'true': 2\n<<: {b: 1}\n";
    let twice = ProblemKind::DuplicateKey;
    assert_eq!(problems(text), [(twice, 2, "'c'"), (twice, 3, "'true'")]);
}

fn said(text: &str) -> String {
    let documents = documents(text);
    documents.iter().find_map(Document::fatal).map(|problem| problem.message.clone()).unwrap_or_default()
}

/// What is deeper than the limit is read to its end before it is refused: kubectl might stop earlier.
#[test]
fn depth_has_a_limit() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(said(&nested(100)), "");
    assert_eq!(said(&nested(101)), "yaml: exceeded max depth of 100");
    assert_eq!(said(&nested(9_999)), "yaml: exceeded max depth of 100");
    assert_eq!(said(&"[".repeat(9_999)), "yaml: line 1: did not find expected node content");
    let stairs: String = (0..101).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert_eq!(said(&stairs), "yaml: exceeded max depth of 100");
    // go-yaml's own limit.
    for opening in ["[", "{a: ", "- ", "? ", "x:\n [", "!!seq &a ["] {
        assert!(said(&opening.repeat(20_000)).ends_with("exceeded max depth of 10000"), "{opening}");
    }
    // Aliases add their depth.
    let deep = format!("a: &a {}\nb: [*a]\nc: [[*a]]\n", nested(98));
    assert_eq!(problems(&deep), [(ProblemKind::TooDeep, 3, "*a")]);
}

#[test]
fn nodes_and_aliases_have_limits() {
    let bomb: String = (1..30).map(|n| format!("a{n}: &a{n} [*a{0}, *a{0}]\n", n - 1)).collect();
    assert_eq!(said(&format!("a0: &a0 x\n{bomb}")), "yaml: document contains excessive aliasing");
    let many = format!("- &a [{}]\n{}", "1, ".repeat(100), "- *a\n".repeat(600));
    assert_eq!(said(&many), "yaml: document contains excessive aliasing");
    let limits = Limits { max_nodes: 10, ..Limits::default() };
    let documents = read("- 1\n- 2\n---\n[1, 2, 3, 4, 5, 6, 7]\n---\nx\n", &limits);
    let counts: Vec<_> = documents.iter().map(|d| d.fatal().map(|problem| problem.kind)).collect();
    assert_eq!(counts, [None, Some(ProblemKind::TooManyNodes), Some(ProblemKind::TooManyNodes)]);
}
