//! Answers as recorded (H01, H03, H04, H07, H11, A08, A09, B02) and as `CoreDNS`' source decides.
#![allow(clippy::indexing_slicing)]

use serde_json::json;

use super::*;
use crate::fixture::{Fixture, THREE, headless, recorded, service, slice};
use crate::record::Outcome;
use apimachinery::Rng;

fn lines(fixture: &Fixture, name: &str, kind: RecordType) -> (String, Vec<String>) {
    let found = answer(&fixture.seen(), &Question::new(name, kind));
    let records = found.answer.iter().chain(&found.additional);
    (found.rcode.to_string(), records.map(ToString::to_string).collect())
}

fn outcome(fixture: &Fixture, name: &str, kind: RecordType) -> Outcome {
    answer(&fixture.seen(), &Question::new(name, kind)).outcome()
}

#[test]
fn a_headless_service_gives_its_ready_pods() {
    let fixture = recorded();
    let (code, records) = lines(&fixture, "nginx.default.svc.cluster.local", RecordType::A);
    assert_eq!(code, "NOERROR");
    assert_eq!(
        records,
        [
            "nginx.default.svc.cluster.local. 30 IN A 10.244.1.5",
            "nginx.default.svc.cluster.local. 30 IN A 10.244.1.6",
            "nginx.default.svc.cluster.local. 30 IN A 10.244.1.7",
        ]
    );
    let (_, one) = lines(&fixture, "web-1.nginx.default.svc.cluster.local", RecordType::A);
    assert_eq!(one, ["web-1.nginx.default.svc.cluster.local. 30 IN A 10.244.1.6"]);
}

#[test]
fn services_name_targets_with_their_addresses() {
    let fixture = recorded();
    for name in ["_web._tcp.nginx.default.svc.cluster.local", "nginx.default.svc.cluster.local"] {
        let (_, records) = lines(&fixture, name, RecordType::Srv);
        let expected: Vec<String> = (0..3)
            .map(|i| format!("{name}. 30 IN SRV 0 33 80 web-{i}.nginx.default.svc.cluster.local."))
            .chain(
                (0..3)
                    .map(|i| format!("web-{i}.nginx.default.svc.cluster.local. 30 IN A 10.244.1.{}", i + 5)),
            )
            .collect();
        assert_eq!(records, expected);
    }
    // Two: `0 50 80`; the specification's weights.
    let two = Fixture::new(&[headless("nginx", "web"), slice("nginx", "web", &THREE[..2])]);
    let (_, records) = lines(&two, "_web._TCP.nginx.default.svc.cluster.local", RecordType::Srv);
    assert!(records[0].contains(" 0 50 80 "), "{records:?}");
}

#[test]
fn denials_tell_no_name_from_no_data() {
    let fixture = recorded();
    for (name, kind, expected) in [
        ("nginx.default.svc.cluster.local", RecordType::Aaaa, Outcome::NoData),
        ("web-7.nginx.default.svc.cluster.local", RecordType::A, Outcome::NxDomain),
        ("nothere.default.svc.cluster.local", RecordType::A, Outcome::NxDomain),
        ("default.svc.cluster.local", RecordType::A, Outcome::NoData),
        ("cluster.local", RecordType::A, Outcome::NoData),
        ("svc.cluster.local", RecordType::A, Outcome::NoData),
        ("nowhere.svc.cluster.local", RecordType::A, Outcome::NxDomain),
        ("a.b.c.nginx.default.svc.cluster.local", RecordType::A, Outcome::NxDomain),
        ("_db._tcp.nginx.default.svc.cluster.local", RecordType::Srv, Outcome::NxDomain),
        ("nginx.default.svc.cluster.local", RecordType::Mx, Outcome::NoData),
        ("nginx.default.svc.cluster.local", RecordType::Any, Outcome::NoData),
        ("nginx.default.svc.cluster.local", RecordType::Txt, Outcome::NoData),
        ("default.svc.cluster.local", RecordType::Txt, Outcome::NxDomain),
        ("web-0.nginx", RecordType::A, Outcome::NxDomain),
    ] {
        assert_eq!(outcome(&fixture, name, kind), expected, "{kind} {name}");
    }
    let denial = answer(&fixture.seen(), &Question::new("no.default.svc.cluster.local", RecordType::A));
    assert!(denial.authoritative && !denial.recursion_available);
    assert_eq!(
        denial.authority[0].to_string(),
        "cluster.local. 30 IN SOA ns.dns.cluster.local. hostmaster.cluster.local. \
         1795312800 7200 1800 86400 30"
    );
    assert!(!answer(&fixture.seen(), &Question::new("example.com", RecordType::A)).authoritative);
}

#[test]
fn without_ready_endpoints_a_headless_name_does_not_exist() {
    let pods = [("web-0", "10.244.1.5", false)];
    let fixture = Fixture::new(&[headless("nginx", "web"), slice("nginx", "web", &pods)]);
    for name in ["nginx.default.svc.cluster.local", "web-0.nginx.default.svc.cluster.local"] {
        assert_eq!(outcome(&fixture, name, RecordType::A), Outcome::NxDomain);
    }
    assert_eq!(outcome(&fixture, "5.1.244.10.in-addr.arpa", RecordType::Ptr), Outcome::NxDomain);
}

/// H07: the set names another Service, so its Pods have no host name here.
#[test]
fn pods_of_another_service_have_dashed_names() {
    let pods = [("-web-0", "10.244.1.5", true), ("-web-1", "10.244.1.6", true)];
    let fixture = Fixture::new(&[headless("headless-web", "web"), slice("headless-web", "web", &pods)]);
    let zone = "headless-web.default.svc.cluster.local";
    assert_eq!(outcome(&fixture, &format!("web-0.{zone}"), RecordType::A), Outcome::NxDomain);
    let (_, dashed) = lines(&fixture, &format!("10-244-1-5.{zone}"), RecordType::A);
    assert_eq!(dashed, [format!("10-244-1-5.{zone}. 30 IN A 10.244.1.5")]);
    let (_, services) = lines(&fixture, zone, RecordType::Srv);
    assert_eq!(services[0], format!("{zone}. 30 IN SRV 0 50 80 10-244-1-5.{zone}."));
}

/// H11.
#[test]
fn a_cluster_ip_service_has_one_address_and_still_knows_its_endpoints() {
    let fixture = Fixture::new(&[service("nginx", "10.96.1.7", "web"), slice("nginx", "web", &THREE)]);
    let zone = "nginx.default.svc.cluster.local";
    assert_eq!(lines(&fixture, zone, RecordType::A).1, [format!("{zone}. 30 IN A 10.96.1.7")]);
    assert_eq!(
        lines(&fixture, &format!("web-0.{zone}"), RecordType::A).1,
        [format!("web-0.{zone}. 30 IN A 10.244.1.5")]
    );
    assert_eq!(
        lines(&fixture, &format!("_web._tcp.{zone}"), RecordType::Srv).1,
        [format!("_web._tcp.{zone}. 30 IN SRV 0 100 80 {zone}."), format!("{zone}. 30 IN A 10.96.1.7")]
    );
    let (_, pointers) = lines(&fixture, "7.1.96.10.in-addr.arpa", RecordType::Ptr);
    assert_eq!(pointers, [format!("7.1.96.10.in-addr.arpa. 30 IN PTR {zone}.")]);
}

#[test]
fn aliases_are_followed_inside_the_zone() {
    let alias = |name: &str, target: &str| {
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name},
            "spec": {"type": "ExternalName", "externalName": target}})
    };
    let fixture = Fixture::new(&[
        service("nginx", "10.96.1.7", "web"),
        alias("near", "nginx.default.svc.cluster.local"),
        alias("far", "example.com"),
        alias("broken", "no.default.svc.cluster.local"),
        alias("self", "self.default.svc.cluster.local"),
    ]);
    let (_, near) = lines(&fixture, "near.default.svc.cluster.local", RecordType::A);
    assert_eq!(
        near,
        [
            "near.default.svc.cluster.local. 30 IN CNAME nginx.default.svc.cluster.local.",
            "nginx.default.svc.cluster.local. 30 IN A 10.96.1.7"
        ]
    );
    let (_, far) = lines(&fixture, "far.default.svc.cluster.local", RecordType::A);
    assert_eq!(far, ["far.default.svc.cluster.local. 30 IN CNAME example.com."]);
    for name in ["broken", "self"] {
        let name = format!("{name}.default.svc.cluster.local");
        assert_eq!(outcome(&fixture, &name, RecordType::A), Outcome::NoData);
        assert_eq!(outcome(&fixture, &name, RecordType::Cname), Outcome::Found);
    }
    assert_eq!(outcome(&fixture, "far.default.svc.cluster.local", RecordType::Srv), Outcome::NoData);
}

#[test]
fn names_of_the_schema() {
    let fixture = recorded();
    let plugin = Corefile::default()
        .answer(&fixture.seen(), &Question::new("dns-version.cluster.local", RecordType::Txt));
    assert_eq!(plugin.answer[0].to_string(), "dns-version.cluster.local. 28800 IN TXT \"1.1.0\"");
    let (_, pod) = lines(&fixture, "10-9-8-7.default.pod.cluster.local", RecordType::A);
    assert_eq!(pod, ["10-9-8-7.default.pod.cluster.local. 30 IN A 10.9.8.7"]);
    assert_eq!(outcome(&fixture, "web-0.default.pod.cluster.local", RecordType::A), Outcome::NxDomain);
    assert_eq!(outcome(&fixture, "default.pod.cluster.local", RecordType::A), Outcome::NoData);
    let (_, server) = lines(&fixture, "10.0.96.10.in-addr.arpa", RecordType::Ptr);
    assert_eq!(server, ["10.0.96.10.in-addr.arpa. 30 IN PTR kube-dns.kube-system.svc.cluster.local."]);
    let (_, api) = lines(&fixture, "KUBERNETES.default.svc.cluster.local", RecordType::A);
    assert_eq!(api, ["KUBERNETES.default.svc.cluster.local. 30 IN A 10.96.0.1"]);
}

/// `CoreDNS`' own log of a denial: 146 octets for this name.
#[test]
fn sizes_are_those_of_messages_without_compression() {
    let fixture = Fixture::new(&[]);
    let name = "mrkaran.dev.hello.svc.cluster.local";
    let denial = answer(&fixture.seen(), &Question::new(name, RecordType::A));
    assert_eq!((denial.outcome(), denial.wire_length()), (Outcome::NxDomain, 146));
}

#[test]
fn shuffling_moves_addresses_only() {
    let fixture = recorded();
    let question = Question::new("nginx.default.svc.cluster.local", RecordType::Srv);
    let plain = answer(&fixture.seen(), &question);
    let mut seen = SortedSet::new();
    for seed in 0..50 {
        let shuffled = plain.clone().shuffled(&mut Rng::stream(seed, "loadbalance"));
        assert_eq!(shuffled.answer, plain.answer);
        seen.insert(shuffled.additional);
    }
    assert_eq!(seen.len(), 6);
}
