//! Claims, volumes, and what is on them.

use api::{Key, Kind, Object};
use apimachinery::value::ValueExt;
use cluster::Cluster;

use crate::model::{ClaimState, ClaimTicket, Disk, DiskWrite};
use crate::revisions::Revisions;

/// Lines of a volume's log that the stage may show.
const WRITES_MAX: usize = 12;

/// A claim as the stage shows it, with its volume.
pub fn ticket(cluster: &Cluster, claim: &Object, revisions: &Revisions) -> ClaimTicket {
    let phase = claim.status().str_at(&["phase"]);
    let state = match phase {
        _ if claim.metadata.is_deleting() => ClaimState::Terminating,
        "Bound" => ClaimState::Bound,
        "Lost" => ClaimState::Lost,
        _ => ClaimState::Pending,
    };
    let volume = claim.spec().str_at(&["volumeName"]);
    let disk = cluster.store().get(&Key::new(Kind::PersistentVolume, "", volume));
    let user = || {
        let pods = cluster.store().list(Kind::Pod, &claim.metadata.namespace);
        let mut using = pods.filter(|pod| uses(pod, &claim.metadata.name));
        using.next().map(|pod| pod.metadata.name.clone())
    };
    ClaimTicket {
        key: claim.key(),
        state,
        size: claim.spec().str_at(&["resources", "requests", "storage"]).to_owned(),
        class: claim.spec().str_at(&["storageClassName"]).to_owned(),
        disk: disk.map(|volume| slab(cluster, volume, revisions)),
        kept_by: if state == ClaimState::Terminating { user() } else { None },
        held_on: None,
    }
}

fn uses(pod: &Object, claim: &str) -> bool {
    let volumes = pod.spec().list_at(&["volumes"]).iter();
    volumes.into_iter().any(|v| v.str_at(&["persistentVolumeClaim", "claimName"]) == claim)
}

/// Whether nobody has a volume: it was released, or nobody has asked for it.
pub fn is_loose(cluster: &Cluster, volume: &Object) -> bool {
    let claim = |name: &str| volume.spec().str_at(&["claimRef", name]);
    let key = Key::new(Kind::PersistentVolumeClaim, claim("namespace"), claim("name"));
    let holder = cluster.store().get(&key).filter(|holder| holder.metadata.uid == claim("uid"));
    // A fresh volume names its claim before the claim knows of it.
    holder.is_none()
}

/// A volume as the stage shows it.
pub fn slab(cluster: &Cluster, volume: &Object, revisions: &Revisions) -> Disk {
    let disks = cluster.disks();
    let name = volume.metadata.name.as_str();
    let namespace = volume.spec().str_at(&["claimRef", "namespace"]);
    let mut writes: Vec<DiskWrite> = Vec::new();
    for file in disks.files(name) {
        for line in disks.lines(name, file).iter().filter(|line| !line.text.is_empty()) {
            writes.push(DiskWrite {
                at_micros: line.at.micros_since(cluster.origin()),
                writer: line.writer.clone(),
                bytes: line.text.len(),
                pattern: revisions.pattern_by_name(namespace, &line.revision),
                text: format!("{file}: {}", line.text.trim_end()),
            });
        }
    }
    writes.sort_by_key(|write| write.at_micros);
    let surplus = writes.len().saturating_sub(WRITES_MAX);
    writes.drain(..surplus);
    Disk {
        key: volume.key(),
        phase: volume.status().str_at(&["phase"]).to_owned(),
        reclaim: volume.spec().str_at(&["persistentVolumeReclaimPolicy"]).to_owned(),
        writes,
    }
}
