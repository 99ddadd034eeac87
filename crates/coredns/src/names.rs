//! Domain names as text: absolute ones end with a dot, and case does not count.

use std::net::IpAddr;

/// `name` with its final dot.
pub fn absolute(name: &str) -> String {
    if name.ends_with('.') { name.to_owned() } else { format!("{name}.") }
}

/// `name` without its final dot; the root stays.
pub fn bare(name: &str) -> &str {
    match name.strip_suffix('.') {
        Some("") | None => name,
        Some(rest) => rest,
    }
}

/// The absolute name of `labels` below `zone`.
pub fn below(labels: &str, zone: &str) -> String {
    format!("{labels}.{}", absolute(zone))
}

/// The labels of `name` left of `zone`: `""` for the zone itself, `None` if the name is not in the zone. Both
/// are absolute.
pub fn inside<'a>(name: &'a str, zone: &str) -> Option<&'a str> {
    let at = name.len().checked_sub(zone.len())?;
    if !name.get(at..)?.eq_ignore_ascii_case(zone) {
        return None;
    }
    match name.get(..at)? {
        "" => Some(""),
        labels => labels.strip_suffix('.'),
    }
}

/// How many octets a name takes in a message that is not compressed.
pub fn wire_length(name: &str) -> usize {
    match bare(name) {
        "." | "" => 1,
        text => text.len() + 2,
    }
}

/// The name under which the reverse zone lists `address`.
pub fn reverse_of(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, d] = v4.octets();
            format!("{d}.{c}.{b}.{a}.in-addr.arpa.")
        }
        IpAddr::V6(v6) => {
            let digits: Vec<char> =
                v6.octets().iter().flat_map(|o| format!("{o:02x}").chars().collect::<Vec<_>>()).collect();
            let labels: Vec<String> = digits.iter().rev().map(char::to_string).collect();
            format!("{}.ip6.arpa.", labels.join("."))
        }
    }
}

/// The address that a name of the reverse zone stands for.
pub fn address_of_reverse(name: &str) -> Option<IpAddr> {
    let lower = name.to_ascii_lowercase();
    if let Some(labels) = lower.strip_suffix(".in-addr.arpa.") {
        let parts: Vec<&str> = labels.split('.').rev().collect();
        return parts.join(".").parse().ok().map(IpAddr::V4);
    }
    let digits: Vec<&str> = lower.strip_suffix(".ip6.arpa.")?.split('.').rev().collect();
    if digits.len() != 32 {
        return None;
    }
    let groups: Vec<String> = digits.chunks(4).map(<[&str]>::concat).collect();
    groups.join(":").parse().ok().map(IpAddr::V6)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn names_end_with_a_dot_and_ignore_case() {
        assert_eq!(inside("Nginx.default.svc.Cluster.Local.", "cluster.local."), Some("Nginx.default.svc"));
        assert_eq!(inside("cluster.local.", "cluster.local."), Some(""));
        assert_eq!(inside("mycluster.local.", "cluster.local."), None);
        assert_eq!(bare("."), ".");
        assert_eq!(wire_length("cluster.local."), 15);
    }

    #[test]
    fn addresses_reverse() {
        let address: IpAddr = "10.244.1.5".parse().unwrap();
        assert_eq!(reverse_of(address), "5.1.244.10.in-addr.arpa.");
        assert_eq!(address_of_reverse("5.1.244.10.IN-ADDR.ARPA."), Some(address));
        assert_eq!(address_of_reverse("1.244.10.in-addr.arpa."), None);
        let six: IpAddr = "2001:db8::567:89ab".parse().unwrap();
        let name = "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.";
        assert_eq!(reverse_of(six), name);
        assert_eq!(address_of_reverse(name), Some(six));
    }
}
