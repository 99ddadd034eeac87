//! `nslookup` of busybox up to 1.28: a thin layer over the C library.
//!
//! Models: busybox `networking/nslookup.c` at 1.28.4.

use std::fmt::Write as _;
use std::net::IpAddr;

use super::Output;
use crate::stub::Stub;

const USAGE: &str = "BusyBox v1.28.4 (2018-05-22 17:00:17 UTC) multi-call binary.\n\n\
    Usage: nslookup [HOST] [SERVER]\n\nQuery the nameserver for the IP address of the given HOST\n\
    optionally using a specified DNS server\n";

/// `nslookup HOST [SERVER]`.
pub fn nslookup(args: &[String], stub: &Stub<'_>) -> Output {
    let (name, server) = match args {
        [name] if !name.starts_with('-') => (name, stub.server().to_owned()),
        [name, server] if !name.starts_with('-') => match stub.address_of(server) {
            Some(address) => (name, address.to_string()),
            None => return Output::failure(format!("nslookup: bad address '{server}'\n"), 1),
        },
        _ => return Output::failure(USAGE.to_owned(), 1),
    };
    let mut output = Output::default();
    let address = server.parse().into_iter().collect::<Vec<IpAddr>>();
    print_host(&mut output.stdout, "Server:", &server, &address, &server, stub);
    output.stdout.push('\n');
    let found = stub.resolve(&server, name);
    if found.addresses.is_empty() {
        output.stderr = format!("nslookup: can't resolve '{name}'\n");
        output.exit = 1;
    } else {
        print_host(&mut output.stdout, "Name:", name, &found.addresses, &server, stub);
    }
    output
}

fn print_host(out: &mut String, head: &str, name: &str, addresses: &[IpAddr], server: &str, stub: &Stub<'_>) {
    let _ = writeln!(out, "{head:<10} {name}");
    for (at, address) in addresses.iter().enumerate() {
        let _ = write!(out, "Address {}: {address}", at + 1);
        if let Some(reverse) = stub.names_of(server, *address).first() {
            let _ = write!(out, " {reverse}");
        }
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, headless, pod, slice};
    use apimachinery::Time;

    /// The note's own output, whose Service must have been called `headless-web`.
    #[test]
    fn prints_what_the_note_shows() {
        let pods = [
            ("web-0", "10.111.156.103", true),
            ("web-2", "10.111.156.104", true),
            ("web-1", "10.109.131.47", true),
        ];
        let fixture = Fixture::new(&[headless("headless-web", ""), slice("headless-web", "", &pods)]);
        let test = pod("dns-test", "10.244.1.9", "busybox:1.28.4", "");
        let stub = Stub::new(&fixture.seen(), &test, Time::default());
        let output = nslookup(&["headless-web".to_owned()], &stub);
        assert_eq!(
            output.stdout,
            "Server:    10.96.0.10\n\
             Address 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local\n\
             \n\
             Name:      headless-web\n\
             Address 1: 10.111.156.103 web-0.headless-web.default.svc.cluster.local\n\
             Address 2: 10.111.156.104 web-2.headless-web.default.svc.cluster.local\n\
             Address 3: 10.109.131.47 web-1.headless-web.default.svc.cluster.local\n"
        );
        let mut orders = apimachinery::sorted::SortedSet::new();
        for seed in 0..40 {
            orders.insert(nslookup(&["headless-web".to_owned()], &stub.clone().drawn(seed)).stdout);
        }
        assert_eq!(orders.len(), 6);
    }

    #[test]
    fn failures_go_to_standard_error() {
        let fixture = Fixture::new(&[]);
        let test = pod("dns-test", "10.244.1.9", "busybox:1.28.4", "");
        let stub = Stub::new(&fixture.seen(), &test, Time::default());
        let output = nslookup(&["web-0.nginx".to_owned()], &stub);
        assert_eq!(output.stderr, "nslookup: can't resolve 'web-0.nginx'\n");
        assert_eq!(output.exit, 1);
        assert!(output.stdout.ends_with("kube-dns.kube-system.svc.cluster.local\n\n"));
        // No PTR: the line ends after the address.
        let plain = nslookup(&["10.9.8.7".to_owned()], &stub);
        assert!(plain.stdout.ends_with("Name:      10.9.8.7\nAddress 1: 10.9.8.7\n"));
    }
}
