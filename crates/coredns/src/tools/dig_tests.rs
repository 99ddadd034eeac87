//! The layout is that of dig 9.16 and 9.11 against `CoreDNS` as published in many a bug report:
//! long names push the columns, and 117 octets are what `kubernetes.default` takes without a cookie.
#![allow(clippy::indexing_slicing)]

use super::*;
use crate::fixture::{pod, recorded};

fn output(line: &str) -> Output {
    let fixture = recorded();
    let test = pod("dnsutils", "10.244.1.9", "tutum/dnsutils", "");
    let stub = Stub::new(&fixture.seen(), &test, Time::from_unix_seconds(1_795_313_506));
    let args: Vec<String> = line.split(' ').map(str::to_owned).collect();
    dig(&args, &stub)
}

#[test]
fn columns_are_those_of_a_zone_file() {
    let lines = output("kubernetes.default.svc.cluster.local +nocookie").stdout;
    assert!(lines.contains("\nkubernetes.default.svc.cluster.local. 30 IN A\t10.96.0.1\n"), "{lines}");
    assert!(lines.contains("\n;kubernetes.default.svc.cluster.local. IN A\n"), "{lines}");
    assert!(lines.contains(";; MSG SIZE  rcvd: 117\n"), "{lines}");
    assert_eq!(
        lay_out("example.com.", [(24, "86400"), (32, "IN"), (40, "A"), (48, "93.184.216.34")]),
        "example.com.\t\t86400\tIN\tA\t93.184.216.34"
    );
    assert_eq!(
        lay_out(
            "kubernetes.default.svc.cluster.local.",
            [(24, "5"), (32, "IN"), (40, "A"), (48, "10.96.0.1")]
        ),
        "kubernetes.default.svc.cluster.local. 5\tIN A\t10.96.0.1"
    );
}

#[test]
fn the_whole_message() {
    let text = output("web-0.nginx.default.svc.cluster.local").stdout;
    let lines: Vec<&str> =
        text.lines().filter(|l| !l.starts_with("; COOKIE") && !l.contains("Query time")).collect();
    assert_eq!(
        lines,
        [
            "",
            "; <<>> DiG 9.16.49 <<>> web-0.nginx.default.svc.cluster.local",
            ";; global options: +cmd",
            ";; Got answer:",
            ";; WARNING: .local is reserved for Multicast DNS",
            ";; You are currently testing what happens when an mDNS query is leaked to DNS",
            lines[6],
            ";; flags: qr aa rd; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 1",
            ";; WARNING: recursion requested but not available",
            "",
            ";; OPT PSEUDOSECTION:",
            "; EDNS: version: 0, flags:; udp: 4096",
            ";; QUESTION SECTION:",
            ";web-0.nginx.default.svc.cluster.local. IN A",
            "",
            ";; ANSWER SECTION:",
            "web-0.nginx.default.svc.cluster.local. 30 IN A\t10.244.1.5",
            "",
            ";; SERVER: 10.96.0.10#53(10.96.0.10)",
            ";; WHEN: Sun Nov 22 02:11:46 UTC 2026",
            ";; MSG SIZE  rcvd: 131",
            "",
        ]
    );
    assert!(lines[6].starts_with(";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: "));
}

#[test]
fn short_forms_and_searches() {
    assert_eq!(
        output("+short nginx.default.svc.cluster.local").stdout,
        "10.244.1.5\n10.244.1.6\n10.244.1.7\n"
    );
    assert_eq!(
        output("+short SRV _web._tcp.nginx +search").stdout.lines().next(),
        Some("0 33 80 web-0.nginx.default.svc.cluster.local.")
    );
    assert_eq!(output("-x 10.244.1.6 +short").stdout, "web-1.nginx.default.svc.cluster.local.\n");
    assert_eq!(output("nginx +short").stdout, "");
    let denied = output("nginx");
    assert!(denied.stdout.contains("status: NXDOMAIN"));
    assert_eq!(denied.exit, 0);
    assert_eq!(
        output("+noall +answer web-0.nginx.default.svc.cluster.local").stdout,
        "web-0.nginx.default.svc.cluster.local. 30 IN A\t10.244.1.5\n"
    );
    assert_eq!(output("nginx @1.2.3.4").exit, 9);
    assert!(output("+foo nginx").stderr.starts_with("Invalid option: +foo\n"));
}
