//! Ready-made documents: the manifests of the two study notes, to the letter, and situations worth seeing.
//!
//! What an example shows is said by the page (`words.rs`); that it truly comes to this is tested in `tests`.

#[cfg(test)]
mod tests;

/// A ready-made set of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// In links, and in what a browser keeps: `note-003`.
    pub slug: &'static str,
    /// File names and texts, in the order of the tabs, which is the order in which they are applied.
    pub files: &'static [(&'static str, &'static str)],
}

/// Note 003: the Service `nginx`, the set `web`, and a class that one has to make oneself.
pub const NOTE_003: Example =
    Example { slug: "note-003", files: &[("web.yaml", include_str!("examples/note-003.yaml"))] };

/// Note 000: the set without volumes, its Service, and the set with volumes.
pub const NOTE_000: Example = Example {
    slug: "note-000",
    files: &[
        ("statefulset.yaml", include_str!("examples/note-000-statefulset.yaml")),
        ("service.yaml", include_str!("examples/note-000-service.yaml")),
        ("storage.yaml", include_str!("examples/note-000-storage.yaml")),
    ],
};

/// Three Pods without disks: what several examples begin with.
const WEB: (&str, &str) = ("web.yaml", include_str!("examples/web.yaml"));

/// A new image for the last Pod only.
pub const CANARY: Example =
    Example { slug: "canary", files: &[WEB, ("canary.yaml", include_str!("examples/canary.yaml"))] };

/// An image that cannot be pulled; applying the first document again does not heal it.
pub const BAD_IMAGE: Example =
    Example { slug: "bad-image", files: &[WEB, ("bad-image.yaml", include_str!("examples/bad-image.yaml"))] };

/// A claim that names no class, where none is the default.
pub const NO_CLASS: Example =
    Example { slug: "no-class", files: &[("web.yaml", include_str!("examples/no-class.yaml"))] };

/// Three Pods, one of whose nodes is to lose its power.
pub const SILENT_NODE: Example = Example { slug: "silent-node", files: &[WEB] };

/// Twelve Pods that do not wait for each other.
pub const PARALLEL: Example =
    Example { slug: "parallel", files: &[("web.yaml", include_str!("examples/parallel.yaml"))] };

/// All examples, the first being what a newcomer sees.
pub const EXAMPLES: &[Example] = &[NOTE_003, CANARY, BAD_IMAGE, NO_CLASS, SILENT_NODE, PARALLEL, NOTE_000];

/// A StorageClass of this name whose volumes are made by a provisioner that runs here.
pub fn storage_class(name: &str) -> String {
    format!(
        "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata:\n  name: {name}\n\
         provisioner: hostpath.csi.k8s.io\nreclaimPolicy: Delete\nvolumeBindingMode: Immediate\n"
    )
}

/// A headless Service of this name for Pods with these labels.
pub fn headless_service(name: &str, selector: &[(String, String)]) -> String {
    let labels: String = selector.iter().map(|(k, v)| format!("    {k}: {v}\n")).collect();
    format!(
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\nspec:\n  clusterIP: None\n  \
         selector:\n{labels}  ports:\n  - port: 80\n    name: web\n"
    )
}
