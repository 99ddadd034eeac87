//! The cluster of the page, and those that earlier releases of it had.
//!
//! What a person did is kept as a script, which says of its cluster only what is unusual. So what is usual is never
//! changed: it gets a successor, and each version of the format keeps the laboratory that it was written for.
//!
//! Differs: a real cluster of this kind (kind, minikube, k3s) makes the directory of a local volume in a helper Pod.
//! Nothing that a set does depends on it.

use cluster::Config;
use serde_json::json;

/// A driver whose volumes any node can reach: those follow a Pod.
pub const NETWORK_DRIVER: &str = "nfs.csi.k8s.io";

/// The cluster of the page: three nodes, the Services that every cluster has, and as in the test clusters that
/// people know the class `standard`, which is the default. Its volumes are directories of a node, made once a Pod
/// has one, and they stay there.
pub fn laboratory() -> Config {
    let first = first_laboratory();
    let standard = json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass",
        "metadata": {"name": "standard",
            "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
        "provisioner": "rancher.io/local-path",
        "reclaimPolicy": "Delete", "volumeBindingMode": "WaitForFirstConsumer"});
    let objects = first.objects.into_iter().chain([standard]).collect();
    let provisioners = first.provisioners.into_iter().chain([NETWORK_DRIVER.to_owned()]).collect();
    Config { objects, provisioners, ..first }
}

/// The laboratory of scripts of version 1: without a class, and without [`NETWORK_DRIVER`].
pub fn first_laboratory() -> Config {
    let objects = vec![
        json!({"apiVersion": "v1", "kind": "Service",
            "metadata": {"name": "kubernetes", "namespace": "default",
                "labels": {"component": "apiserver", "provider": "kubernetes"}},
            "spec": {"clusterIP": "10.96.0.1", "ports": [{"name": "https", "port": 443, "targetPort": 6443}]}}),
        json!({"apiVersion": "v1", "kind": "Service",
            "metadata": {"name": "kube-dns", "namespace": "kube-system",
                "labels": {"k8s-app": "kube-dns", "kubernetes.io/name": "CoreDNS"}},
            "spec": {"clusterIP": "10.96.0.10", "ports": [
                {"name": "dns", "port": 53, "protocol": "UDP"}, {"name": "dns-tcp", "port": 53}]}}),
    ];
    Config { objects, ..Config::default() }
}

/// The laboratory of a version of the script's format.
pub(crate) fn of_version(version: u64) -> Config {
    if version < 2 { first_laboratory() } else { laboratory() }
}

/// The version in whose laboratory this cluster begins; the newest one if it is in none.
pub(crate) fn version_of(config: &Config) -> u64 {
    let is_of = |usual: &Config| config.objects == usual.objects && config.provisioners == usual.provisioners;
    if is_of(&first_laboratory()) { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use api::core::Pod;
    use api::{Key, Kind, Object};
    use apimachinery::value::ValueExt;

    use super::*;
    use crate::Session;
    use crate::examples::NOTE_003;

    fn without_class() -> String {
        let text = NOTE_003.files[0].1;
        let named = |line: &&str| !line.contains("storageClassName");
        text.lines().filter(named).map(|line| format!("{line}\n")).collect()
    }

    fn get(session: &Session, kind: Kind, name: &str) -> Object {
        let namespace = if kind.info().namespaced { "default" } else { "" };
        let found = session.cluster().store().get(&Key::new(kind, namespace, name));
        found.map(|object| Object::clone(object)).expect("it is there")
    }

    fn ready(session: &Session) -> usize {
        let pods = session.cluster().store().list(Kind::Pod, "default");
        pods.filter(|pod| Pod(pod).is_running_and_ready()).count()
    }

    /// <https://kubernetes.io/docs/concepts/storage/storage-classes/#default-storageclass> and, of local volumes,
    /// <https://kubernetes.io/docs/concepts/storage/volumes/#local>: the scheduler sees to it that a Pod goes where
    /// its volume is.
    #[test]
    fn a_set_that_names_no_class_gets_local_volumes_and_its_pods_stay_with_them() {
        let mut session = Session::new(laboratory(), None);
        session.apply_text("web.yaml", &without_class());
        session.play(Duration::from_secs(60));
        assert_eq!(ready(&session), 3);
        let claim = get(&session, Kind::PersistentVolumeClaim, "www-web-0");
        assert_eq!(claim.spec().str_at(&["storageClassName"]), "standard");
        let node = Pod(&get(&session, Kind::Pod, "web-0")).node_name().to_owned();
        let volume = get(&session, Kind::PersistentVolume, claim.spec().str_at(&["volumeName"]));
        let terms = volume.spec().list_at(&["nodeAffinity", "required", "nodeSelectorTerms"]);
        let values = terms[0].list_at(&["matchExpressions"])[0].list_at(&["values"]);
        assert_eq!(values, [node.as_str()]);

        session.command(&format!("kubectl cordon {node}"));
        session.command("kubectl delete pod web-0");
        session.play(Duration::from_secs(30));
        let pod = get(&session, Kind::Pod, "web-0");
        assert_eq!((Pod(&pod).node_name(), pod.status().str_at(&["phase"])), ("", "Pending"));
        session.command(&format!("kubectl uncordon {node}"));
        session.play(Duration::from_secs(30));
        assert_eq!(
            (Pod(&get(&session, Kind::Pod, "web-0")).node_name(), ready(&session)),
            (node.as_str(), 3)
        );
    }

    #[test]
    fn the_first_laboratory_has_no_class() {
        let mut session = Session::new(first_laboratory(), None);
        session.apply_text("web.yaml", &without_class());
        session.play(Duration::from_secs(60));
        assert_eq!(ready(&session), 0);
        assert_eq!((version_of(&first_laboratory()), version_of(&laboratory())), (1, 2));
    }
}
