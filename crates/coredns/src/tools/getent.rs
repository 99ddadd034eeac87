//! `getent hosts` and `getent ahosts`: what the C library itself finds.
//!
//! Models: glibc `nss/getent.c`.

use std::fmt::Write as _;
use std::net::IpAddr;

use apimachinery::sorted::SortedSet;

use super::Output;
use crate::stub::{Resolution, Stub};

const HELP: &str = "Try `getent --help' or `getent --usage' for more information.\n";

/// `getent hosts|ahosts|ahostsv4|ahostsv6 KEY…`.
pub fn getent(args: &[String], stub: &Stub<'_>) -> Output {
    let Some((database, keys)) = args.split_first() else {
        return Output::failure(format!("getent: wrong number of arguments\n{HELP}"), 1);
    };
    let mut output = Output::default();
    for key in keys {
        let text = match database.as_str() {
            "hosts" => hosts(key, stub),
            "ahosts" => addresses(key, stub, |_| true),
            "ahostsv4" => addresses(key, stub, IpAddr::is_ipv4),
            "ahostsv6" => addresses(key, stub, IpAddr::is_ipv6),
            _ => return Output::failure(format!("Unknown database: {database}\n{HELP}"), 1),
        };
        if text.is_empty() {
            output.exit = 2;
        }
        output.stdout += &text;
    }
    output
}

/// The lines of `getent hosts`: the IPv6 addresses of a name, or if there are none the others; of an address
/// its names.
fn hosts(key: &str, stub: &Stub<'_>) -> String {
    let server = stub.server();
    let found = match key.parse::<IpAddr>() {
        Ok(address) => {
            let names = stub.names_of(server, address);
            let Some((canonical, aliases)) = names.split_first() else { return String::new() };
            let (canonical, aliases) = (canonical.clone(), aliases.to_vec());
            Resolution { canonical, aliases, addresses: vec![address], tried: Vec::new() }
        }
        Err(_) => stub.resolve(server, key),
    };
    let six = found.addresses.iter().any(IpAddr::is_ipv6);
    let mut text = String::new();
    for address in found.addresses.iter().filter(|a| a.is_ipv6() == six) {
        let _ = write!(text, "{:<15} {}", address.to_string(), found.canonical);
        for alias in &found.aliases {
            let _ = write!(text, " {alias}");
        }
        text.push('\n');
    }
    text
}

/// The lines of `getent ahosts`: each address once for each kind of socket. The name stands in the first line
/// only.
fn addresses(key: &str, stub: &Stub<'_>, wanted: impl Fn(&IpAddr) -> bool) -> String {
    let found = stub.resolve(stub.server(), key);
    let mut text = String::new();
    let mut told = SortedSet::new();
    for address in found.addresses.iter().filter(|a| wanted(a)) {
        if !told.insert(*address) {
            continue;
        }
        let name = if told.len() == 1 { found.canonical.as_str() } else { "" };
        for (socket, name) in [("STREAM", name), ("DGRAM", ""), ("RAW", "")] {
            let _ = writeln!(text, "{:<15} {socket:<6} {name}", address.to_string());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{pod, recorded};
    use apimachinery::Time;

    fn output(line: &str) -> Output {
        let fixture = recorded();
        let web = pod("web-0", "10.244.1.5", "nginx:1.27", "nginx");
        let stub = Stub::new(&fixture.seen(), &web, Time::default());
        let args: Vec<String> = line.split(' ').map(str::to_owned).collect();
        getent(&args, &stub)
    }

    /// The layout of glibc 2.36's own: `%-15s`, a space, names.
    #[test]
    fn prints_addresses_and_names() {
        assert_eq!(
            output("hosts nginx").stdout,
            "10.244.1.5      nginx.default.svc.cluster.local\n\
             10.244.1.6      nginx.default.svc.cluster.local\n\
             10.244.1.7      nginx.default.svc.cluster.local\n"
        );
        assert_eq!(
            output("hosts web-0").stdout,
            "10.244.1.5      web-0.nginx.default.svc.cluster.local web-0\n"
        );
        assert_eq!(
            output("hosts 10.244.1.6").stdout,
            "10.244.1.6      web-1.nginx.default.svc.cluster.local\n"
        );
        assert_eq!(
            output("hosts localhost").stdout,
            "::1             localhost ip6-localhost ip6-loopback\n"
        );
        assert_eq!(
            output("ahosts web-1.nginx").stdout,
            "10.244.1.6      STREAM web-1.nginx.default.svc.cluster.local\n\
             10.244.1.6      DGRAM  \n10.244.1.6      RAW    \n"
        );
        assert_eq!(output("hosts web-9.nginx"), Output { exit: 2, ..Output::default() });
        assert_eq!(output("foo bar").stderr.lines().next(), Some("Unknown database: foo"));
    }
}
