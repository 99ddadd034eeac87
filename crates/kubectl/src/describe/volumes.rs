//! The volumes of a Pod with their claims, and what a `PersistentVolume` is made of.
//!
//! Models: `describeVolumes` and the `print…VolumeSource` functions of `k8s.io/kubectl/pkg/describe`.
//! Differs: sources that belong to one cloud are `<unknown>`.

use apimachinery::Quantity;
use apimachinery::value::ValueExt;
use serde_json::Value;

use super::common::{self, flag_at, of_value, plain_at, shortened};
use super::writer::Writer;

/// Attributes of more bytes are cut.
const ATTRIBUTE_MAX: usize = 140;

/// The block `Volumes`, its title after `space`.
pub fn describe(w: &mut Writer, space: &str, spec: &Value) {
    let volumes = spec.list_at(&["volumes"]);
    if volumes.is_empty() {
        return w.field(0, &format!("{space}Volumes"), "<none>");
    }
    w.line(0, &format!("{space}Volumes:"));
    let indent = if space.is_empty() { "" } else { " " };
    for volume in volumes {
        w.line(1, &format!("{indent}{}:", volume.str_at(&["name"])));
        source(w, volume);
    }
}

fn fields(w: &mut Writer, fields: &[(&str, String)]) {
    for (name, value) in fields {
        w.field(2, name, value);
    }
}

/// The source of a Pod's volume or of a `PersistentVolume`.
pub fn source(w: &mut Writer, volume: &Value) {
    let text = |path: &[&str]| volume.str_at(path).to_owned();
    let kind = |words: &str| ("Type", words.to_owned());
    if let Some(v) = volume.at(&["hostPath"]) {
        let host = v.at(&["type"]).map_or("<none>", |t| t.as_str().unwrap_or(""));
        let path = v.str_at(&["path"]).to_owned();
        let words = kind("HostPath (bare host directory volume)");
        fields(w, &[words, ("Path", path), ("HostPathType", host.to_owned())]);
    } else if let Some(v) = volume.at(&["emptyDir"]) {
        let words = kind("EmptyDir (a temporary directory that shares a pod's lifetime)");
        fields(w, &[words, ("Medium", v.str_at(&["medium"]).to_owned()), ("SizeLimit", size_limit(v))]);
    } else if let Some(v) = volume.at(&["secret"]) {
        let words = kind("Secret (a volume populated by a Secret)");
        fields(
            w,
            &[
                words,
                ("SecretName", text(&["secret", "secretName"])),
                ("Optional", flag_at(v, &["optional"])),
            ],
        );
    } else if let Some(v) = volume.at(&["configMap"]) {
        let words = kind("ConfigMap (a volume populated by a ConfigMap)");
        fields(
            w,
            &[words, ("Name", v.str_at(&["name"]).to_owned()), ("Optional", flag_at(v, &["optional"]))],
        );
    } else if let Some(v) = volume.at(&["nfs"]) {
        let words = kind("NFS (an NFS mount that lasts the lifetime of a pod)");
        let (server, path) = (v.str_at(&["server"]).to_owned(), v.str_at(&["path"]).to_owned());
        fields(w, &[words, ("Server", server), ("Path", path), ("ReadOnly", flag_at(v, &["readOnly"]))]);
    } else if let Some(v) = volume.at(&["persistentVolumeClaim"]) {
        let words =
            kind("PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)");
        let name = v.str_at(&["claimName"]).to_owned();
        fields(w, &[words, ("ClaimName", name), ("ReadOnly", flag_at(v, &["readOnly"]))]);
    } else {
        more(w, volume);
    }
}

/// Writes the sources that [`source`] does not know.
fn more(w: &mut Writer, volume: &Value) {
    if let Some(v) = volume.at(&["ephemeral"]) {
        w.field(
            2,
            "Type",
            "EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)",
        );
        if let Some(template) = v.at(&["volumeClaimTemplate"]) {
            w.nested(2, |w| claim_template(w, template));
        }
    } else if let Some(v) = volume.at(&["downwardAPI"]) {
        w.field(2, "Type", "DownwardAPI (a volume populated by information about the pod)");
        w.line(2, "Items:");
        for item in v.list_at(&["items"]) {
            let path = item.str_at(&["path"]);
            for from in
                [item.str_at(&["fieldRef", "fieldPath"]), item.str_at(&["resourceFieldRef", "resource"])]
            {
                if !from.is_empty() {
                    w.line(3, &format!("{from} -> {path}"));
                }
            }
        }
    } else if let Some(v) = volume.at(&["projected"]) {
        w.field(2, "Type", "Projected (a volume that contains injected data from multiple sources)");
        for source in v.list_at(&["sources"]) {
            projected(w, source);
        }
    } else if let Some(v) = volume.at(&["csi"]) {
        csi(w, v);
    } else if let Some(v) = volume.at(&["local"]) {
        w.field(2, "Type", "LocalVolume (a persistent volume backed by local storage on a node)");
        w.field(2, "Path", v.str_at(&["path"]));
    } else if let Some(v) = volume.at(&["image"]) {
        w.field(2, "Type", "Image (a container image or OCI artifact)");
        w.field(2, "Reference", v.str_at(&["reference"]));
        w.field(2, "PullPolicy", v.str_at(&["pullPolicy"]));
    } else {
        w.line(1, "<unknown>");
    }
}

fn size_limit(v: &Value) -> String {
    let limit = v.at(&["sizeLimit"]).and_then(Quantity::from_value).filter(|limit| limit.sign() > 0);
    limit.map_or_else(|| "<unset>".to_owned(), |limit| limit.to_string())
}

fn projected(w: &mut Writer, source: &Value) {
    if let Some(secret) = source.at(&["secret"]) {
        w.field(2, "SecretName", secret.str_at(&["name"]));
        w.field(2, "Optional", flag_at(secret, &["optional"]));
    } else if source.at(&["downwardAPI"]).is_some() {
        w.field(2, "DownwardAPI", "true");
    } else if let Some(map) = source.at(&["configMap"]) {
        w.field(2, "ConfigMapName", map.str_at(&["name"]));
        w.field(2, "Optional", flag_at(map, &["optional"]));
    } else if let Some(token) = source.at(&["serviceAccountToken"]) {
        w.field(2, "TokenExpirationSeconds", plain_at(token, &["expirationSeconds"]));
    }
}

fn csi(w: &mut Writer, v: &Value) {
    w.field(2, "Type", "CSI (a Container Storage Interface (CSI) volume source)");
    w.field(2, "Driver", v.str_at(&["driver"]));
    w.field(2, "FSType", v.str_at(&["fsType"]));
    if v.at(&["volumeHandle"]).is_some() {
        w.field(2, "VolumeHandle", v.str_at(&["volumeHandle"]));
    }
    w.field(2, "ReadOnly", flag_at(v, &["readOnly"]));
    let attributes = of_value(v.at(&["volumeAttributes"]));
    w.write(2, "VolumeAttributes:\t");
    if attributes.is_empty() {
        return w.end("<none>");
    }
    for (at, (name, value)) in attributes.into_iter().enumerate() {
        // Upstream indents each piece of a further line, the empty ones too.
        if at > 0 {
            w.write(2, "");
            w.write(2, "\t");
        }
        w.write(2, "");
        w.end(&shortened(&format!("{name}={value}"), ATTRIBUTE_MAX));
    }
}

/// `Node Affinity` of a `PersistentVolume`.
pub fn node_affinity(w: &mut Writer, spec: &Value) {
    w.write(0, "Node Affinity:\t");
    let Some(required) = spec.at(&["nodeAffinity", "required"]) else { return w.end("<none>") };
    w.end("");
    w.write(1, "Required Terms:\t");
    let terms = required.list_at(&["nodeSelectorTerms"]);
    if terms.is_empty() {
        return w.end("<none>");
    }
    w.end("");
    for (at, term) in terms.iter().enumerate() {
        w.write(2, &format!("Term {at}:\t"));
        let expressions = term.list_at(&["matchExpressions"]);
        if expressions.is_empty() {
            w.end("<none>");
        }
        for (at, expression) in expressions.iter().enumerate() {
            if at > 0 {
                w.write(2, "\t");
            }
            let values: Vec<&str> =
                expression.list_at(&["values"]).iter().filter_map(Value::as_str).collect();
            let values = if values.is_empty() { String::new() } else { format!(" [{}]", values.join(", ")) };
            let operator = expression.str_at(&["operator"]).to_ascii_lowercase();
            w.end(&format!("{} {operator}{values}", expression.str_at(&["key"])));
        }
    }
}

/// The claim that an ephemeral volume asks for.
pub fn claim_template(w: &mut Writer, template: &Value) {
    let spec = template.at(&["spec"]).unwrap_or(&Value::Null);
    w.field(0, "StorageClass", spec.str_at(&["storageClassName"]));
    w.field(0, "Volume", spec.str_at(&["volumeName"]));
    common::labels(w, "Labels", &of_value(template.at(&["metadata", "labels"])));
    common::annotations(w, "Annotations", &of_value(template.at(&["metadata", "annotations"])));
    w.field(0, "Capacity", "");
    w.field(0, "Access Modes", "");
    mode_and_source(w, spec);
}

/// The mode of a claim's volume, and what it is filled from.
pub fn mode_and_source(w: &mut Writer, spec: &Value) {
    if spec.at(&["volumeMode"]).is_some() {
        w.field(0, "VolumeMode", spec.str_at(&["volumeMode"]));
    }
    if let Some(source) = spec.at(&["dataSource"]) {
        w.line(0, "DataSource:");
        if source.at(&["apiGroup"]).is_some() {
            w.field(1, "APIGroup", source.str_at(&["apiGroup"]));
        }
        w.field(1, "Kind", source.str_at(&["kind"]));
        w.field(1, "Name", source.str_at(&["name"]));
    }
}
