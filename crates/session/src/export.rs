//! What leaves a session as text: its documents, the cluster's objects, the terminal's screen.

use api::Kind;
use apimachinery::yaml;
use cluster::Cluster;
use serde_json::Value;

use crate::documents::Documents;
use crate::session::Session;
use crate::terminal::EntryKind;

/// Between two documents of YAML.
const BETWEEN: &str = "---\n";

/// All documents as one text of YAML, in the order of their tabs.
pub fn files(documents: &Documents) -> String {
    let mut whole = String::new();
    for document in documents.all.iter().filter(|document| !document.text.trim().is_empty()) {
        if !whole.is_empty() && !document.text.starts_with("---") {
            whole.push_str(BETWEEN);
        }
        whole.push_str(&document.text);
        if !whole.ends_with('\n') {
            whole.push('\n');
        }
    }
    whole
}

/// The objects of the moment on stage as YAML, as `kubectl get -o yaml` prints each; without those that every cluster
/// has, and without Events and Leases, which tell of objects and come by themselves.
pub fn objects(session: &Session) -> String {
    let every = Cluster::new(session.run().head().config().clone());
    let store = session.cluster().store();
    let mut documents = Vec::new();
    for kind in Kind::ALL.iter().filter(|kind| !matches!(kind, Kind::Event | Kind::Lease)) {
        for object in store.list(*kind, "").filter(|object| every.store().get(&object.key()).is_none()) {
            let mut value = object.to_value();
            if let Some(Value::Object(metadata)) = value.get_mut("metadata") {
                metadata.remove("managedFields");
            }
            documents.push(yaml::emit(&value));
        }
    }
    documents.join(BETWEEN)
}

/// What was typed at the terminal and what came of it, as it stands on the screen.
pub fn screen(session: &Session) -> String {
    let mut whole = String::new();
    for entry in session.terminal().screen().iter() {
        let prompt = match entry.kind {
            EntryKind::Typed => "$ ",
            EntryKind::Fed | EntryKind::Stdout | EntryKind::Stderr => "",
        };
        whole.push_str(prompt);
        whole.push_str(&entry.text);
        if !whole.ends_with('\n') {
            whole.push('\n');
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::examples::CANARY;
    use crate::session::laboratory;

    fn running() -> Session {
        let mut session = Session::new(laboratory(), Some(CANARY));
        assert_eq!(session.apply(), 0);
        session.play(Duration::from_secs(30));
        session
    }

    #[test]
    fn what_is_saved_of_the_documents_can_be_applied_elsewhere() {
        let first = running();
        let whole = files(&first.documents);
        let mut second = Session::new(laboratory(), None);
        second.apply_text("all.yaml", &whole);
        assert_eq!(second.terminal().last_exit(), 0, "{}", screen(&second));
        assert_eq!(whole.matches("kind: StatefulSet").count(), 2);
    }

    #[test]
    fn objects_are_those_that_somebody_made() {
        let session = running();
        let whole = objects(&session);
        for wanted in ["kind: StatefulSet", "name: web-2", "kind: ControllerRevision", "clusterIP: None"] {
            assert!(whole.contains(wanted), "{wanted}\n{whole}");
        }
        for other in ["name: kube-dns\n", "kind: Node\n", "kind: Lease\n", "kind: Event\n", "managedFields"] {
            assert!(!whole.contains(other), "{other}\n{whole}");
        }
        // Each is a whole document again.
        let count = whole.split(BETWEEN).count();
        assert_eq!(whole.matches("\nkind: ").count(), count);
    }

    #[test]
    fn the_screen_tells_what_was_typed() {
        let mut session = running();
        session.command("kubectl get sts");
        let whole = screen(&session);
        assert!(whole.contains("$ kubectl apply -f web.yaml\nservice/nginx created\n"), "{whole}");
        assert!(whole.contains("$ kubectl get sts\nNAME   READY   AGE\nweb    3/3     30s\n"), "{whole}");
    }
}
