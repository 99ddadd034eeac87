//! Hashes and encodings that appear in names.
//!
//! Models: Go's `hash/fnv`; `k8s.io/apimachinery/pkg/util/rand` (`SafeEncodeString`);
//! `pkg/controller/history` (`HashControllerRevision`).

/// The alphabet of generated names: no vowels, no digits that look like letters.
pub const SAFE_ALPHABET: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";

/// FNV-1 (not 1a), 32 bit.
pub fn fnv1_32(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash: u32, byte| hash.wrapping_mul(0x0100_0193) ^ u32::from(*byte))
}

/// FNV-1a, 32 bit.
pub fn fnv1a_32(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// Maps each byte into [`SAFE_ALPHABET`].
pub fn safe_encode(text: &str) -> String {
    text.bytes()
        .map(|b| char::from(SAFE_ALPHABET.get(usize::from(b) % SAFE_ALPHABET.len()).copied().unwrap_or(b'b')))
        .collect()
}

/// The hash in a `ControllerRevision`'s name. It is made of the data, and of how often the name was taken
/// already.
pub fn controller_revision_hash(data: &[u8], collision_count: Option<i32>) -> String {
    let mut bytes = data.to_vec();
    bytes.extend(collision_count.unwrap_or(0).to_string().bytes());
    safe_encode(&fnv1_32(&bytes).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_note_003_as_kubernetes_does() {
        let data = r#"{"spec":{"template":{"$patch":"replace","metadata":{"labels":{"app":"nginx"}},"spec":{"containers":[{"image":"nginx:1.7.9","imagePullPolicy":"IfNotPresent","name":"nginx","ports":[{"containerPort":80,"name":"web","protocol":"TCP"}],"resources":{},"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","volumeMounts":[{"mountPath":"/usr/share/nginx/html","name":"www"}]}],"dnsPolicy":"ClusterFirst","restartPolicy":"Always","schedulerName":"default-scheduler","securityContext":{},"terminationGracePeriodSeconds":10}}}}"#;
        assert_eq!(controller_revision_hash(data.as_bytes(), None), "774c55c994");
        assert_eq!(controller_revision_hash(data.as_bytes(), Some(1)), "774c55c995");
    }
}
