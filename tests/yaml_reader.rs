//! The YAML reader against the one of kubectl, whose answers are recorded, and against an independent one: where
//! `serde_yaml` reads the same, both are right; where it does not, the table says which rule of Kubernetes' YAML
//! is behind it. And whatever it is given, it is done soon.
//!
//! Kubernetes reads YAML with go-yaml v2 and so by YAML 1.1, as far as that goes: the words for booleans,
//! octal numbers, `_` in numbers and merge keys are those of 1.1, base-60 numbers are not. `serde_yaml` reads
//! YAML 1.2. The expected readings below come from `resolve.go` of `go.yaml.in/yaml/v2` and from
//! `sigs.k8s.io/yaml`, which makes JSON of what was read; none was copied from a run of our reader.

use std::time::{Duration, Instant};

use apimachinery::yaml::{self, Limits};
use serde::Deserialize;
use serde_json::{Value, json};
use tests::repository::{read, sources};

/// As `kubectl apply -f` reads it: the documents that are not empty, or what is wrong with the first bad one.
fn ours(text: &str) -> Result<Vec<Value>, String> {
    let documents = yaml::read(text, &Limits::default());
    let values =
        documents.iter().map(|document| document.to_value().map_err(|problem| problem.message.clone()));
    values.filter_map(Result::transpose).collect()
}

/// As `serde_yaml` reads it.
fn theirs(text: &str) -> Result<Vec<Value>, String> {
    let documents = serde_yaml::Deserializer::from_str(text);
    let values = documents.map(|document| Value::deserialize(document).map_err(|error| error.to_string()));
    values.filter(|value| *value != Ok(Value::Null)).collect()
}

/// Every YAML text of the repository: its files, and what was given to kubectl in the recordings.
fn texts() -> Vec<(String, String)> {
    let files = ["crates", "tests", "www"].iter().flat_map(|folder| sources(folder, &["yaml", "yml"]));
    let mut texts: Vec<(String, String)> = files.map(|path| (path.clone(), read(&path))).collect();
    for path in sources("tests/conformance/recordings", &["json"]) {
        let recording: Value = serde_json::from_str(&read(&path)).expect("a recording is JSON");
        let steps = recording.get("steps").and_then(Value::as_array).expect("a recording has steps");
        for (at, step) in steps.iter().enumerate() {
            let given =
                ["/do/apply", "/do/create", "/do/input"].iter().filter_map(|place| step.pointer(place));
            let given =
                given.filter_map(Value::as_str).map(|text| (format!("{path} step {at}"), text.to_owned()));
            texts.extend(given);
        }
    }
    texts
}

/// Texts that one of the two refuses, or reads otherwise, each with its reason.
const KNOWN: [(&str, &str); 41] = [
    ("tests/conformance/recordings/F05-claim-of-unscheduled-scheduled.json step 0", WORDS),
    ("tests/conformance/recordings/J03-negative-numbers.json step 13", WHOLE),
    ("tests/conformance/recordings/J04-selector.json step 0", WORDS),
    ("tests/conformance/recordings/J07-restart-policy.json step 17", WORDS),
    ("tests/conformance/recordings/J07-restart-policy.json step 18", WORDS),
    ("tests/conformance/recordings/J07-restart-policy.json step 20", WORDS),
    ("tests/conformance/recordings/J07-restart-policy.json step 21", WORDS),
    ("tests/conformance/recordings/J07-restart-policy.json step 23", WORDS),
    ("tests/conformance/recordings/J14-conflict.json step 12", WORDS),
    ("tests/conformance/recordings/J21-pods.json step 77", WORDS),
    ("tests/conformance/recordings/J22-other-kinds.json step 6", WORDS),
    ("tests/conformance/recordings/J23-update-more.json step 17", WORDS),
    ("tests/conformance/recordings/J24-strict.json step 32", BOM),
    ("tests/conformance/recordings/J30-probes.json step 38", QUESTION),
    ("tests/conformance/recordings/J32-environment.json step 5", WORDS),
    ("tests/conformance/recordings/J33-resources.json step 3", WHOLE),
    ("tests/conformance/recordings/J33-resources.json step 38", FLOAT64),
    ("tests/conformance/recordings/J35-volumes.json step 20", OCTAL),
    ("tests/conformance/recordings/J41-metadata.json step 35", WORDS),
    ("tests/conformance/recordings/J41-metadata.json step 36", WORDS),
    ("tests/conformance/recordings/J41-metadata.json step 37", WORDS),
    ("tests/conformance/recordings/J41-metadata.json step 38", WORDS),
    ("tests/conformance/recordings/J43-claims.json step 17", WHOLE),
    ("tests/conformance/recordings/J43-claims.json step 30", WORDS),
    ("tests/conformance/recordings/J43-claims.json step 31", WORDS),
    ("tests/conformance/recordings/J43-claims.json step 34", WORDS),
    ("tests/conformance/recordings/J43-claims.json step 35", WORDS),
    ("tests/conformance/recordings/J43-claims.json step 36", WORDS),
    ("tests/conformance/recordings/J43-claims.json step 37", WORDS),
    ("tests/conformance/recordings/J43-claims.json step 38", WORDS),
    ("tests/conformance/recordings/K34-create-forms.json step 54", WORDS),
    ("tests/conformance/recordings/K68-describe-rich.json step 0", WORDS),
    ("tests/conformance/recordings/K68-describe-rich.json step 4", WORDS),
    ("tests/conformance/recordings/K74-describe-storage.json step 0", WORDS),
    ("tests/conformance/recordings/K75-describe-policies.json step 0", WORDS),
    ("tests/conformance/recordings/K78-delete-again.json step 77", WORDS),
    ("tests/conformance/recordings/K84-kyaml.json step 28", WORDS),
    ("tests/conformance/recordings/L04-field-managers.json step 2", WORDS),
    ("tests/conformance/recordings/L04-field-managers.json step 4", WORDS),
    ("tests/conformance/recordings/L04-field-managers.json step 5", WORDS),
    ("tests/conformance/recordings/W14-watch-events.json step 13", WORDS),
];

#[test]
fn every_document_of_the_repository_is_read_alike() {
    let texts = texts();
    let count = |ending: &str| texts.iter().filter(|(name, _)| name.ends_with(ending)).count();
    assert!(count(".yaml") >= 4, "the examples are among the texts");
    let mut wrong = Vec::new();
    for (name, text) in &texts {
        let same = match (ours(text), theirs(text)) {
            (Ok(ours), Ok(theirs)) => ours == theirs,
            (Err(_), Err(_)) => true,
            (Ok(_), Err(_)) | (Err(_), Ok(_)) => false,
        };
        let known = KNOWN.iter().any(|(known, _)| known == name);
        if same == known {
            wrong.push(format!("{name}\n  ours   {:?}\n  theirs {:?}", ours(text), theirs(text)));
        }
    }
    assert!(wrong.is_empty(), "read differently, or no longer: see KNOWN\n{}", wrong.join("\n"));
}

/// A value as written, and how Kubernetes and `serde_yaml` read it.
struct Scalar {
    text: &'static str,
    kubernetes: Value,
    /// Where YAML 1.2 has it otherwise: its reading, and the rule.
    otherwise: Option<(Value, &'static str)>,
}

const fn same(text: &'static str, kubernetes: Value) -> Scalar {
    Scalar { text, kubernetes, otherwise: None }
}

const fn differs(text: &'static str, kubernetes: Value, theirs: Value, rule: &'static str) -> Scalar {
    Scalar { text, kubernetes, otherwise: Some((theirs, rule)) }
}

const WORDS: &str = "YAML 1.1 has more words for booleans";
const OCTAL: &str = "YAML 1.1: a leading zero means octal";
const GROUPS: &str = "YAML 1.1: `_` groups digits";
const WHOLE: &str = "Go's JSON writes a whole float without a point, so it comes back as an integer";
const BOM: &str = "to go-yaml a byte order mark before the text is no part of it";
const QUESTION: &str = "to go-yaml a question mark ends a plain text within brackets";
const FLOAT64: &str = "Kubernetes' JSON has 64-bit integers with a sign, and beyond them floats";

fn words() -> Vec<Scalar> {
    let mut words: Vec<Scalar> = ["true", "True", "TRUE"].map(|word| same(word, json!(true))).into();
    words.extend(["false", "False", "FALSE"].map(|word| same(word, json!(false))));
    words.extend(["~", "null", "Null", "NULL", ""].map(|word| same(word, Value::Null)));
    for word in ["y", "Y", "yes", "Yes", "YES", "on", "On", "ON"] {
        words.push(differs(word, json!(true), json!(word), WORDS));
    }
    for word in ["n", "N", "no", "No", "NO", "off", "Off", "OFF"] {
        words.push(differs(word, json!(false), json!(word), WORDS));
    }
    // Case counts, quotes and tags make text of anything.
    words.extend(["yEs", "oN", "tRUE", "nULL", "none", "t", "f"].map(|word| same(word, json!(word))));
    words.extend([
        same("'yes'", json!("yes")),
        same("\"no\"", json!("no")),
        same("'~'", json!("~")),
        same("!!str true", json!("true")),
        same("!!str 1", json!("1")),
        same("''", json!("")),
    ]);
    words
}

fn numbers() -> Vec<Scalar> {
    vec![
        same("0", json!(0)),
        same("-1", json!(-1)),
        same("+1", json!(1)),
        same("9223372036854775807", json!(i64::MAX)),
        same("-9223372036854775808", json!(i64::MIN)),
        same("0x1F", json!(31)),
        same("-0x1F", json!(-31)),
        same("0b11", json!(3)),
        same("0o14", json!(12)),
        same("0.5", json!(0.5)),
        same(".5", json!(0.5)),
        same("-1.25e-2", json!(-0.0125)),
        differs("014", json!(12), json!("014"), OCTAL),
        differs("0644", json!(420), json!("0644"), OCTAL),
        differs("-014", json!(-12), json!("-014"), OCTAL),
        differs("08", json!(8), json!("08"), "no octal number, but a decimal float for Go"),
        differs("1_000", json!(1000), json!("1_000"), GROUPS),
        differs("0x_1F", json!(31), json!("0x_1F"), GROUPS),
        differs("1_0.5", json!(10.5), json!("1_0.5"), GROUPS),
        differs("1e3", json!(1000), json!(1000.0), WHOLE),
        differs("1E3", json!(1000), json!(1000.0), WHOLE),
        differs("1.0", json!(1), json!(1.0), WHOLE),
        differs("1.", json!(1), json!(1.0), WHOLE),
        differs("9223372036854775808", json!(9_223_372_036_854_775_808.0), json!(1_u64 << 63), FLOAT64),
        // Out of range for Go's ParseFloat, so it stays text.
        same("1e999", json!("1e999")),
    ]
}

fn texts_that_look_otherwise() -> Vec<Scalar> {
    // go-yaml makes a date of a timestamp, but text again where no type is asked for. Base 60 it never reads.
    let plain = [
        "1.7.9",
        "nginx:1.7.9",
        "1Gi",
        "500m",
        "v1",
        "0x",
        "1:2",
        "12:30:45",
        "190:20:30",
        "2001-12-14",
        "2001-12-14T21:59:43Z",
        "2001-12-14 21:59:43.10",
        "1e",
        "e3",
        "1-2",
        "--x",
        "=",
        "1 2",
        "0o8",
    ];
    plain.iter().map(|text| same(text, json!(text))).collect()
}

#[test]
fn scalars_are_read_as_kubernetes_reads_them() {
    let mut wrong = Vec::new();
    for scalar in words().into_iter().chain(numbers()).chain(texts_that_look_otherwise()) {
        let text = format!("value: {}\n", scalar.text);
        let expect = |value: &Value| Ok(vec![json!({"value": value})]);
        if ours(&text) != expect(&scalar.kubernetes) {
            wrong.push(format!("{}: {:?}, not {}", scalar.text, ours(&text), scalar.kubernetes));
        }
        let (reading, rule) = scalar.otherwise.unwrap_or((scalar.kubernetes.clone(), "the same"));
        if theirs(&text) != expect(&reading) {
            wrong.push(format!("{}: serde_yaml {:?}, not {reading} ({rule})", scalar.text, theirs(&text)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Documents whose readings differ for more than a scalar.
#[test]
fn keys_merges_and_what_json_cannot_say() {
    let cases = [
        ("on: 1\n1: a\n", json!({"true": 1, "1": "a"}), WORDS),
        (
            "base: &base {a: 1, b: 2}\nset: {<<: *base, b: 3}\n",
            json!({"base": {"a": 1, "b": 2}, "set": {"a": 1, "b": 3}}),
            "`<<` merges in YAML 1.1 and is a key like any other in 1.2",
        ),
    ];
    for (text, kubernetes, rule) in cases {
        assert_eq!(ours(text), Ok(vec![kubernetes.clone()]), "{text}");
        assert_ne!(theirs(text), Ok(vec![kubernetes]), "no longer a difference: {rule}");
    }
    for text in ["value: .inf\n", "value: .nan\n"] {
        assert!(ours(text).is_err(), "JSON has no word for {text}");
        assert_eq!(theirs(text), Ok(vec![json!({"value": null})]));
    }
    // kubectl decodes one document and does not look at what follows.
    assert_eq!(ours("{a: 1}}\n"), Ok(vec![json!({"a": 1})]));
    assert!(theirs("{a: 1}}\n").is_err());
    for text in ["a: [1, 2\n", "a: b: c\n", "a: 'open\n", "a:\n\t- 1\n", "a: *nobody\n"] {
        assert!(
            ours(text).is_err() && theirs(text).is_err(),
            "{text:?}: {:?} {:?}",
            ours(text),
            theirs(text)
        );
    }
}

#[test]
fn every_recorded_text_is_read_as_kubectl_reads_it() {
    let recorded: Vec<Value> = serde_json::from_str(&read("tests/yaml/recorded.json")).expect("a recording");
    assert!(recorded.len() > 400, "the recording is whole");
    let mut wrong = Vec::new();
    for one in &recorded {
        let text = one["text"].as_str().expect("a text");
        let theirs = match one["error"].as_str() {
            Some(problem) => Err(problem.to_owned()),
            None => Ok(Vec::from_iter((!one["json"].is_null()).then(|| one["json"].clone()))),
        };
        let ours = ours(text);
        if ours != theirs {
            wrong.push(format!("{text:?}\n  ours   {ours:?}\n  theirs {theirs:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} are read differently:\n{}", wrong.len(), wrong.join("\n"));
}

/// What is easily read in time that grows with the square of its length: brackets and blocks that never end,
/// names in an order that is awkward to sort, a mistake in each of many documents.
fn awkward(bytes: usize) -> Vec<(&'static str, String)> {
    let again = |piece: &str| piece.repeat(bytes / piece.len());
    let counted = |line: &dyn Fn(usize) -> String| (0..bytes / line(0).len()).map(line).collect::<String>();
    let down = |n: usize| 9_999_999 - n;
    vec![
        ("lists that never end", again("[")),
        ("maps that never end", again("{a: ")),
        ("lists in lists", again("- ")),
        ("keys of keys", again("? ")),
        ("maps on one line", again("a: ")),
        ("a text that never ends", format!("'{}", again("word\n"))),
        ("escapes", format!("\"{}\"", again("\\u0041"))),
        ("a text of many lines", again("word\n")),
        ("a block of empty lines", format!("a: |\n{}", again("\n"))),
        ("blanks", again(" ")),
        ("comments", again("# c\n")),
        ("tags", again("!a ")),
        ("handles of tags", format!("{}---\n", counted(&|n| format!("%TAG !a{}! x\n", down(n))))),
        ("names", counted(&|n| format!("k{}: v\n", down(n)))),
        ("one name", again("a: 1\n")),
        ("anchors", counted(&|n| format!("- &a{} x\n", down(n)))),
        ("aliases", format!("- &a x\n{}", again("- *a\n"))),
        ("aliases of nothing", again("- *a\n")),
        ("broken documents", again("a: [\n---\n")),
        ("documents with a name twice", again("a: 1\na: 2\n---\n")),
        ("documents of nothing", again("---\n")),
        ("a list on one line", format!("[{}]", again("a, "))),
        ("JSON", format!("[{}1]", again("{\"a\":[1,2,{\"b\":\"c\"}]},"))),
    ]
}

/// A megabyte of the awkward takes some seconds in a debug build; with the square of the length it would be minutes.
#[test]
fn a_megabyte_of_anything_is_read_soon() {
    const SOON: Duration = Duration::from_secs(30);
    for (name, text) in awkward(1 << 20) {
        let begun = Instant::now();
        let documents = yaml::read(&text, &Limits::default());
        let values = documents.iter().filter(|document| document.to_value().is_ok()).count();
        let took = begun.elapsed();
        println!("{name:<28} {took:>10.1?} {} documents, {values} read", documents.len());
        assert!(took < SOON, "{name}: {took:?}");
    }
}
