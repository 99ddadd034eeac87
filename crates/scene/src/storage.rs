//! Claims, volumes, and what is on them.

use api::{Key, Kind, Object};
use apimachinery::value::ValueExt;
use cluster::Cluster;

use crate::model::{ClaimState, ClaimTicket, Disk, DiskWrite, RevisionBadge};

/// Lines of a volume's log that the stage may show.
const WRITES_MAX: usize = 12;

/// A claim as the stage shows it, with its volume.
pub fn ticket(cluster: &Cluster, claim: &Object, revisions: &[RevisionBadge]) -> ClaimTicket {
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
    }
}

fn uses(pod: &Object, claim: &str) -> bool {
    let volumes = pod.spec().list_at(&["volumes"]).iter();
    volumes.into_iter().any(|v| v.str_at(&["persistentVolumeClaim", "claimName"]) == claim)
}

/// A volume as the stage shows it.
pub fn slab(cluster: &Cluster, volume: &Object, revisions: &[RevisionBadge]) -> Disk {
    let disks = cluster.disks();
    let name = volume.metadata.name.as_str();
    let mut writes: Vec<DiskWrite> = Vec::new();
    for file in disks.files(name) {
        for line in disks.lines(name, file).iter().filter(|line| !line.text.is_empty()) {
            writes.push(DiskWrite {
                at_micros: line.at.micros_since(cluster.origin()),
                writer: line.writer.clone(),
                bytes: line.text.len(),
                revision: revisions.iter().position(|r| r.name == line.revision),
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
