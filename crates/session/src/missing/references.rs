//! What a Pod's spec names: ConfigMaps, Secrets, images.

use apimachinery::value::ValueExt;
use serde_json::Value;

use super::Lack;

/// A ConfigMap or a Secret that a Pod insists on.
pub(super) struct Named<'v> {
    pub lack: Lack,
    pub stage: u8,
    pub name: &'v str,
    keys: Vec<&'v str>,
}

impl Named<'_> {
    /// The keys that are asked for, each with an empty value.
    pub fn data(&self) -> String {
        let member = if self.lack == Lack::Secret { "stringData" } else { "data" };
        let lines: String = self.keys.iter().map(|key| format!("  {key}: \"\"\n")).collect();
        if lines.is_empty() { lines } else { format!("{member}:\n{lines}") }
    }
}

fn containers(pod: &Value) -> impl Iterator<Item = &Value> {
    pod.list_at(&["initContainers"]).iter().chain(pod.list_at(&["containers"]))
}

/// The ConfigMaps and Secrets that a Pod insists on, each once, at its earliest stage.
pub(super) fn references(pod: &Value) -> Vec<Named<'_>> {
    let mut all: Vec<(u8, Lack, &Value, Vec<&str>)> = Vec::new();
    for volume in pod.list_at(&["volumes"]) {
        let sources = std::iter::once(volume).chain(volume.list_at(&["projected", "sources"]));
        for (member, lack) in [("configMap", Lack::ConfigMap), ("secret", Lack::Secret)] {
            for source in sources.clone().filter_map(|source| source.at(&[member])) {
                let keys = source.list_at(&["items"]).iter().map(|item| item.str_at(&["key"])).collect();
                all.push((2, lack, source, keys));
            }
        }
    }
    for container in containers(pod) {
        for (from, member, lack) in [
            ("configMapRef", "configMapKeyRef", Lack::ConfigMap),
            ("secretRef", "secretKeyRef", Lack::Secret),
        ] {
            let whole = container.list_at(&["envFrom"]).iter().filter_map(|source| source.at(&[from]));
            all.extend(whole.map(|source| (4, lack, source, Vec::new())));
            let values = container.list_at(&["env"]).iter().filter_map(|v| v.at(&["valueFrom", member]));
            all.extend(values.map(|source| (4, lack, source, vec![source.str_at(&["key"])])));
        }
    }
    let mut found: Vec<Named<'_>> = Vec::new();
    for (stage, lack, source, keys) in all {
        let name = match source.str_at(&["name"]) {
            "" => source.str_at(&["secretName"]),
            name => name,
        };
        // The cluster puts this one into each namespace itself.
        if name.is_empty() || name == "kube-root-ca.crt" || source.bool_at(&["optional"]) == Some(true) {
            continue;
        }
        match found.iter_mut().find(|known| known.lack == lack && known.name == name) {
            Some(known) => {
                known.keys.extend(keys);
                known.keys.sort_unstable();
                known.keys.dedup();
            }
            None => found.push(Named { lack, stage, name, keys }),
        }
    }
    found
}

/// The images of a Pod, each once.
pub(super) fn images(pod: &Value) -> Vec<&str> {
    let mut all: Vec<&str> = containers(pod).map(|container| container.str_at(&["image"])).collect();
    all.sort_unstable();
    all.dedup();
    all
}
