//! `/etc/hosts` and the names of a Pod itself: it can resolve itself even without any Service.
//!
//! Models: `pkg/kubelet/kubelet_pods.go` (`managedHostsFileContent`, `GeneratePodHostNameAndDomain`),
//! `pkg/kubelet/util/util.go`.

use std::fmt::Write as _;
use std::net::IpAddr;

use api::Object;
use api::core::Pod;
use apimachinery::value::ValueExt;
use serde_json::Value;

use crate::corefile::Corefile;

/// How many bytes a host name has at most on Linux.
const HOSTNAME_MAX: usize = 63;
/// The lines above a Pod's own line.
const HEAD: &str = "# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n\
    ::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\n\
    fe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n";

/// A line of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostsLine {
    /// The address.
    pub address: IpAddr,
    /// The canonical name, then the others.
    pub names: Vec<String>,
}

/// What `hostname` prints.
pub fn hostname(pod: &Object) -> String {
    let own = pod.spec().str_at(&["hostname"]);
    let name = if own.is_empty() { pod.metadata.name.as_str() } else { own };
    let cut: String = name.chars().take(HOSTNAME_MAX).collect();
    if cut.len() < name.len() { cut.trim_end_matches(['-', '.']).to_owned() } else { cut }
}

/// What `hostname -f` prints: with the domain that the subdomain gives, if there is one.
pub fn full_hostname(pod: &Object, corefile: &Corefile) -> String {
    let subdomain = pod.spec().str_at(&["subdomain"]);
    if subdomain.is_empty() {
        return hostname(pod);
    }
    format!("{}.{subdomain}.{}.svc.{}", hostname(pod), pod.metadata.namespace, corefile.zone)
}

/// The file.
pub fn text(pod: &Object, corefile: &Corefile) -> String {
    let mut text = HEAD.to_owned();
    let (short, full) = (hostname(pod), full_hostname(pod, corefile));
    let ip = Pod(pod).ip();
    if !ip.is_empty() {
        let names = if short == full { short } else { format!("{full}\t{short}") };
        let _ = writeln!(text, "{ip}\t{names}");
    }
    let aliases = pod.spec().list_at(&["hostAliases"]);
    if !aliases.is_empty() {
        text += "\n# Entries added by HostAliases.\n";
        for alias in aliases {
            let names: Vec<&str> = alias.list_at(&["hostnames"]).iter().filter_map(Value::as_str).collect();
            let _ = writeln!(text, "{}\t{}", alias.str_at(&["ip"]), names.join("\t"));
        }
    }
    text
}

/// The lines of the file.
pub fn lines(pod: &Object, corefile: &Corefile) -> Vec<HostsLine> {
    let read = |line: &str| {
        let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
        let address = words.next()?.parse().ok()?;
        Some(HostsLine { address, names: words.map(str::to_owned).collect() })
    };
    text(pod, corefile).lines().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::pod;

    /// N23.
    #[test]
    fn the_file_is_as_recorded() {
        let corefile = Corefile::kubeadm();
        let web = pod("web-0", "10.244.1.5", "nginx:1.7.9", "nginx");
        assert_eq!(
            text(&web, &corefile),
            "# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n\
             ::1\tlocalhost ip6-localhost ip6-loopback\n\
             fe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\n\
             fe00::2\tip6-allrouters\n\
             10.244.1.5\tweb-0.nginx.default.svc.cluster.local\tweb-0\n"
        );
        assert_eq!(full_hostname(&web, &corefile), "web-0.nginx.default.svc.cluster.local");
        let test = pod("dns-test", "10.244.1.9", "busybox:1.28.4", "");
        assert_eq!(full_hostname(&test, &corefile), "dns-test");
        assert!(text(&test, &corefile).ends_with("10.244.1.9\tdns-test\n"));
        assert_eq!(lines(&web, &corefile).last().map(|l| l.names.len()), Some(2));
    }

    #[test]
    fn long_names_are_cut() {
        let name = format!("{}-0", "a".repeat(62));
        assert_eq!(hostname(&pod(&name, "", "x", "")), "a".repeat(62));
    }
}
