//! The server's configuration, as far as it shows in answers.
//!
//! Models: `cmd/kubeadm/app/phases/addons/dns/manifests.go` (the Corefile), `plugin/kubernetes/setup.go`.

/// The plugin `cache`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CachePlugin {
    /// The longest time that an answer is kept, and the highest TTL that it says, in seconds: the plugin's
    /// argument.
    pub ttl: u32,
    /// Zones whose answers are not kept: `disable success`.
    pub success_disabled: Vec<String>,
    /// Zones whose denials are not kept: `disable denial`.
    pub denial_disabled: Vec<String>,
}

/// The configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corefile {
    /// The cluster's domain, without a final dot.
    pub zone: String,
    /// How long a record may be kept, in seconds: the option `ttl` of the plugin `kubernetes`.
    pub ttl: u32,
    /// The plugin `cache`, if it is there.
    pub cache: Option<CachePlugin>,
}

impl Default for Corefile {
    /// The plugin `kubernetes` without options, and nothing else.
    fn default() -> Self {
        Self { zone: "cluster.local".to_owned(), ttl: 5, cache: None }
    }
}

impl Corefile {
    /// What kubeadm v1.36 installs: a TTL of 30 seconds, and a cache that does not keep the cluster's zone.
    pub fn kubeadm() -> Self {
        let zone = "cluster.local".to_owned();
        let cache = CachePlugin {
            ttl: 30,
            success_disabled: vec![zone.clone()],
            denial_disabled: vec![zone.clone()],
        };
        Self { zone, ttl: 30, cache: Some(cache) }
    }

    /// What older clusters run: kubeadm's with a plain `cache 30`, which also keeps denials. A name that is
    /// looked up just before its Pod is ready then stays unknown for up to half a minute.
    pub fn with_plain_cache() -> Self {
        let cache = CachePlugin { ttl: 30, success_disabled: Vec::new(), denial_disabled: Vec::new() };
        Self { cache: Some(cache), ..Self::kubeadm() }
    }
}
