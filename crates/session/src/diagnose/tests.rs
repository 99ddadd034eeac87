//! Mistakes in manifests, found and mended.

use apimachinery::Lang;

use super::*;
use crate::edits::edited;
use crate::examples::NOTE_003;
use crate::hints::{QuickFix, Remedy};

fn of(text: &str) -> Vec<(String, String)> {
    let cluster = Cluster::new(cluster::Config::default());
    let units: Vec<u16> = text.encode_utf16().collect();
    diagnose("web.yaml", text, &cluster, &Actor::user())
        .into_iter()
        .map(|d| (String::from_utf16(units.get(d.from..d.to).unwrap()).unwrap(), d.message))
        .collect()
}

#[test]
fn the_notes_are_clean() {
    for (_, text) in NOTE_003.files {
        assert_eq!(of(text), []);
    }
}

#[test]
fn a_wrong_type_is_underlined_where_it_stands() {
    let text = NOTE_003.files[0].1.replace("replicas: 3", "replicas: \"three\"");
    let found = of(&text);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, "\"three\"");
    assert!(
        found[0].1.contains(
            "cannot unmarshal string into Go struct field StatefulSetSpec.spec.replicas of type int32"
        ),
        "{found:?}"
    );
}

#[test]
fn an_unknown_field_is_underlined_at_its_name() {
    let text = NOTE_003.files[0].1.replace("  replicas: 3", "  replica: 3");
    assert_eq!(of(&text), [("replica".to_owned(), "unknown field \"spec.replica\"".to_owned())]);
}

#[test]
fn an_invalid_value_says_what_the_server_says() {
    let text = NOTE_003.files[0].1.replace("replicas: 3", "replicas: -1");
    let message = "spec.replicas: Invalid value: -1: must be greater than or equal to 0";
    assert_eq!(of(&text), [("-1".to_owned(), message.to_owned())]);
}

/// What others have filled in is not missing in the text; what may not change may not be changed by it either.
#[test]
fn what_was_applied_is_clean_and_a_forbidden_change_is_told() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: main\n    \
                image: nginx:1.27\n---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\n\
                spec:\n  storageClassName: fast\n  accessModes: [ReadWriteOnce]\n  resources: {requests: \
                {storage: 1Gi}}\n";
    let mut session = crate::Session::new(crate::laboratory(), None);
    session.documents = crate::Documents::of(vec![crate::Document::new("a.yaml", text)], 0);
    session.apply();
    session.settle(std::time::Duration::from_secs(60));
    let of = |text: &str| -> Vec<String> {
        session.diagnose(text).into_iter().map(|found| found.message).collect()
    };
    assert_eq!(of(text), [""; 0]);
    let found = of(&text.replace("name: main\n", "name: main\n    command: [sh]\n"));
    assert!(
        matches!(found.as_slice(), [one] if one.contains("pod updates may not change fields")),
        "{found:?}"
    );
    let found = of(&text.replace("[ReadWriteOnce]", "[ReadWriteMany]"));
    assert!(
        matches!(found.as_slice(), [one] if one.contains("spec is immutable after creation")),
        "{found:?}"
    );
}

#[test]
fn broken_text_is_bounded() {
    for text in ["[".repeat(20_000), "a: &a [*a]".to_owned(), "x: [".to_owned(), "\t- a: b".to_owned()] {
        assert!(!of(&text).is_empty());
    }
}

/// What is said of the only mistake in a text, and the text after each of its quick fixes.
fn mended(session: &crate::Session, text: &str) -> (String, Vec<(String, String)>) {
    let found = session.diagnose(text);
    let [one] = found.as_slice() else { panic!("{found:?}") };
    let said = one.hint.as_ref().map(|hint| hint.sentence(Lang::En)).unwrap_or_default();
    let after = |fix: &QuickFix| match &fix.remedy {
        Remedy::Edits(edits) => edited(text, edits),
        Remedy::Type(line) => line.clone(),
    };
    (said, one.fixes.iter().map(|fix| (fix.label.text(Lang::En), after(fix))).collect())
}

fn fresh() -> crate::Session {
    crate::Session::new(crate::laboratory(), None)
}

/// A set in lines, as one writes it.
const SET: &str = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: web\nspec:\n  serviceName: web\n  replicas: 1\n  \
    updateStrategy:\n    type: OnDelete\n  selector:\n    matchLabels:\n      app: web\n  template:\n    metadata:\n      labels:\n        \
    app: web\n    spec:\n      containers:\n      - name: nginx\n        image: nginx\n";

/// Each mistake leads back to the set, by its first quick fix.
#[test]
fn the_first_quick_fix_is_what_was_meant() {
    let cases = [
        ("type: OnDelete", "type: OnDelte", "Did you mean OnDelete?"),
        ("replicas: 1", "replica: 1", "Did you mean replicas?"),
        ("serviceName: web", "servicename: web", "Did you mean serviceName?"),
        ("        image: nginx", "        imgae: nginx", "Did you mean image?"),
        ("kind: StatefulSet", "kind: Statefulset", "Did you mean StatefulSet?"),
        ("apiVersion: apps/v1", "apiVersion: v1", "Did you mean apps/v1?"),
        ("replicas: 1", "replicas: \"1\"", "This is a text; without quotes it is what is wanted."),
        (
            "        app: web\n    spec",
            "        app: we\n    spec",
            "The selector does not select the Pods of its template.",
        ),
        ("  replicas: 1", "\treplicas: 1", "YAML is indented with blanks, not with tabs."),
    ];
    for (right, wrong, sentence) in cases {
        let text = SET.replacen(right, wrong, 1);
        assert_ne!(text, SET, "{right}");
        let (said, fixes) = mended(&fresh(), &text);
        let first = fixes.first().map(|(_, text)| text.as_str());
        assert_eq!((said.as_str(), first), (sentence, Some(SET)), "{wrong}: {:?}", fresh().diagnose(&text));
    }
}

#[test]
fn of_several_values_all_are_offered_and_what_lacks_is_written() {
    let (_, fixes) = mended(&fresh(), &SET.replace("OnDelete", "OnDelte"));
    let labels: Vec<&str> = fixes.iter().map(|(label, _)| label.as_str()).collect();
    assert_eq!(labels, ["Change to OnDelete", "Change to RollingUpdate"]);
    let policy = SET.replace("      containers", "      restartPolicy: Alway\n      containers");
    let found = fresh().diagnose(&policy);
    assert_eq!(found[0].hint, Some(Hint::DidYouMean("Always".to_owned())), "{found:?}");

    let without = SET.replace("        image: nginx\n", "");
    let (said, fixes) = mended(&fresh(), &without);
    assert_eq!((said.as_str(), &fixes[0].1), ("image is required here.", &SET.to_owned()));
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  clusterIP: None\n  ports:\n  - name: web\n";
    let found = fresh().diagnose(service);
    let Remedy::Edits(edits) = &found[0].fixes[0].remedy else { panic!("{found:?}") };
    assert_eq!(edited(service, edits), format!("{service}    port: 80\n"));
}

/// Only replicas, ordinals, template, `updateStrategy` and a few others of a set may be changed:
/// <https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/>
#[test]
fn what_may_not_change_is_taken_back_or_the_set_is_made_anew() {
    let mut session = fresh();
    let claims = "  volumeClaimTemplates:\n  - metadata:\n      name: data\n    spec:\n      accessModes:\n      - ReadWriteOnce\n      \
        resources:\n        requests:\n          storage: 1Gi\n";
    let text = format!("{SET}{claims}");
    session.documents = crate::Documents::of(vec![crate::Document::new("web.yaml", &text)], 0);
    assert_eq!(session.apply(), 0);
    let changed = text
        .replace("serviceName: web", "serviceName: other")
        .replace("1Gi", "2Gi")
        .replace("replicas: 1", "replicas: 2");
    let (said, fixes) = mended(&session, &changed);
    assert_eq!(said, "serviceName, volumeClaimTemplates cannot change in an object that exists.");
    let kept = text.replace("replicas: 1", "replicas: 2");
    assert_eq!(fixes[0], ("Take it back to what the cluster has".to_owned(), kept));
    let line = "kubectl delete sts web --cascade=orphan && kubectl apply -f web.yaml";
    assert_eq!(fixes[1].1, line);
    session.documents.all[0].text = changed;
    session.command(line);
    session.play(std::time::Duration::from_secs(5));
    assert!(!session.terminal().is_running());
    assert_eq!(session.terminal().last_exit(), 0, "{:?}", session.terminal().screen().last());
    // Without them the claims are taken out, or put in, too.
    let (_, fixes) =
        mended(&session, &session.documents.all[0].text.replace(&claims.replace("1Gi", "2Gi"), ""));
    assert_eq!(fixes[0].1, session.documents.all[0].text);

    let pvc = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: data\nspec:\n  storageClassName: standard\n  \
        accessModes: [ReadWriteOnce]\n  resources: {requests: {storage: 1Gi}}\n";
    session.apply_text("data.yaml", pvc);
    let (said, fixes) = mended(&session, &pvc.replace("standard", "fast"));
    assert_eq!(
        (said.as_str(), fixes[0].1.as_str()),
        ("storageClassName cannot change in an object that exists.", pvc)
    );
}

/// kubectl counts lines from the `---` before, and so does the message; the diagnostic counts in the file.
#[test]
fn a_line_that_kubectl_counts_otherwise_is_told_as_well() {
    let found = fresh().diagnose(&format!("{SET}---\n{}", SET.replace("  replicas", "\treplicas")));
    let [one] = found.as_slice() else { panic!("{found:?}") };
    let lines = SET.lines().count();
    assert_eq!(one.line, lines + 1 + 7, "{one:?}");
    assert!(one.told_line.is_some_and(|told| told <= 8), "{one:?}");
    assert!(one.message.contains(&format!("line {}", one.told_line.unwrap())));
}
