//! Fixed texts.

use api::Kind;

use crate::printers::table;

/// `help`.
pub const HELP: &str = "kubectl get|describe|apply|create|delete|scale|rollout|patch|label|annotate|set|logs|exec|wait|cordon|drain|taint\nTry: kubectl get pods, kubectl describe sts web, kubectl scale sts web --replicas=5, kubectl delete pod web-1\n";

/// `kubectl version`.
pub const VERSION: &str = "Client Version: v1.36.3\nKustomize Version: v5.8.1\nServer Version: v1.36.3\n";

/// `kubectl cluster-info`.
pub const CLUSTER_INFO: &str = "Kubernetes control plane is running at https://10.96.0.1:443\nCoreDNS is running at https://10.96.0.1:443/api/v1/namespaces/kube-system/services/kube-dns:dns/proxy\n\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n";

/// A program that is not here.
pub fn not_here(program: &str) -> String {
    format!("{program} is not part of this terminal. It knows kubectl, nslookup and help.\n")
}

/// A verb that kubectl does not know.
pub fn unknown_command(verb: &str) -> String {
    format!("error: unknown command \"{verb}\" for \"kubectl\"\n")
}

/// `kubectl api-resources`.
pub fn api_resources() -> String {
    let mut rows = vec![["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"].map(str::to_owned).to_vec()];
    let mut kinds: Vec<Kind> = Kind::ALL.to_vec();
    kinds.sort_by_key(|k| (k.info().group, k.info().plural));
    for kind in kinds {
        let info = kind.info();
        rows.push(vec![
            info.plural.to_owned(),
            info.short.join(","),
            info.api_version(),
            info.namespaced.to_string(),
            info.name.to_owned(),
        ]);
    }
    table::render(&rows, &mut Vec::new())
}
