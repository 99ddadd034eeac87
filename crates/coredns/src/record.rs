//! Questions, records and answers.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use api::Key;
use apimachinery::Rng;

use crate::names::{absolute, wire_length};

/// What a question asks for, and what a record holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum RecordType {
    A,
    Aaaa,
    Srv,
    Ptr,
    Cname,
    Txt,
    Soa,
    Ns,
    Mx,
    Any,
}

const TYPES: [(RecordType, &str); 10] = [
    (RecordType::A, "A"),
    (RecordType::Aaaa, "AAAA"),
    (RecordType::Srv, "SRV"),
    (RecordType::Ptr, "PTR"),
    (RecordType::Cname, "CNAME"),
    (RecordType::Txt, "TXT"),
    (RecordType::Soa, "SOA"),
    (RecordType::Ns, "NS"),
    (RecordType::Mx, "MX"),
    (RecordType::Any, "ANY"),
];

impl fmt::Display for RecordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(TYPES.iter().find(|(t, _)| t == self).map_or("", |(_, name)| name))
    }
}

impl FromStr for RecordType {
    type Err = ();

    /// Reads a type in upper or lower case.
    fn from_str(text: &str) -> Result<Self, ()> {
        TYPES.iter().find(|(_, name)| name.eq_ignore_ascii_case(text)).map(|(t, _)| *t).ok_or(())
    }
}

/// A question; the class is always IN.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Question {
    /// The absolute name, as it was typed.
    pub name: String,
    /// The type that is asked for.
    pub kind: RecordType,
}

impl Question {
    /// A question about the absolute name `name`; a missing final dot is added.
    pub fn new(name: &str, kind: RecordType) -> Self {
        Self { name: absolute(name), kind }
    }
}

/// Start of authority.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Soa {
    /// The primary server: `ns.dns.<zone>`.
    pub origin: String,
    /// The mail address of who is responsible: `hostmaster.<zone>`.
    pub mail: String,
    /// When the zone last changed, in Unix seconds.
    pub serial: u32,
    /// How long a denial may be kept, in seconds.
    pub minimum: u32,
}

/// Seconds until a secondary looks again, tries again, and gives up; the server's constants.
pub const SOA_TIMERS: [u32; 3] = [7_200, 1_800, 86_400];

/// What a record says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Data {
    A(Ipv4Addr),
    Aaaa(Ipv6Addr),
    Srv { priority: u16, weight: u16, port: u16, target: String },
    Ptr(String),
    Cname(String),
    Ns(String),
    Txt(String),
    Soa(Soa),
}

impl Data {
    /// The address record for `address`.
    pub const fn address(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(v4) => Self::A(v4),
            IpAddr::V6(v6) => Self::Aaaa(v6),
        }
    }

    /// The type that it belongs to.
    pub const fn kind(&self) -> RecordType {
        match self {
            Self::A(_) => RecordType::A,
            Self::Aaaa(_) => RecordType::Aaaa,
            Self::Srv { .. } => RecordType::Srv,
            Self::Ptr(_) => RecordType::Ptr,
            Self::Cname(_) => RecordType::Cname,
            Self::Ns(_) => RecordType::Ns,
            Self::Txt(_) => RecordType::Txt,
            Self::Soa(_) => RecordType::Soa,
        }
    }

    fn wire_length(&self) -> usize {
        match self {
            Self::A(_) => 4,
            Self::Aaaa(_) => 16,
            Self::Srv { target, .. } => 6 + wire_length(target),
            Self::Ptr(name) | Self::Cname(name) | Self::Ns(name) => wire_length(name),
            Self::Txt(text) => 1 + text.len(),
            Self::Soa(soa) => wire_length(&soa.origin) + wire_length(&soa.mail) + 20,
        }
    }
}

impl fmt::Display for Data {
    /// Prints it as in a zone file: `0 33 80 web-0.nginx.default.svc.cluster.local.`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::A(address) => write!(f, "{address}"),
            Self::Aaaa(address) => write!(f, "{address}"),
            Self::Srv { priority, weight, port, target } => write!(f, "{priority} {weight} {port} {target}"),
            Self::Ptr(name) | Self::Cname(name) | Self::Ns(name) => f.write_str(name),
            Self::Txt(text) => write!(f, "\"{text}\""),
            Self::Soa(soa) => {
                let [refresh, retry, expire] = SOA_TIMERS;
                let Soa { origin, mail, serial, minimum } = soa;
                write!(f, "{origin} {mail} {serial} {refresh} {retry} {expire} {minimum}")
            }
        }
    }
}

/// A resource record of class IN.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResourceRecord {
    /// The owner, absolute.
    pub name: String,
    /// What it says, and so its type.
    pub data: Data,
    /// How long it may be kept, in seconds.
    pub ttl: u32,
    /// The Pod behind the address, target or reverse name, if there is one.
    pub pod: Option<Key>,
    /// The Service that it comes from, if there is one.
    pub service: Option<Key>,
}

impl ResourceRecord {
    /// A record that belongs to no object.
    pub fn plain(name: &str, data: Data, ttl: u32) -> Self {
        Self { name: absolute(name), data, ttl, pod: None, service: None }
    }

    /// Its type.
    pub const fn kind(&self) -> RecordType {
        self.data.kind()
    }

    /// The address, if it holds one.
    pub const fn address(&self) -> Option<IpAddr> {
        match self.data {
            Data::A(v4) => Some(IpAddr::V4(v4)),
            Data::Aaaa(v6) => Some(IpAddr::V6(v6)),
            _ => None,
        }
    }

    fn wire_length(&self) -> usize {
        wire_length(&self.name) + 10 + self.data.wire_length()
    }
}

impl fmt::Display for ResourceRecord {
    /// `nginx.default.svc.cluster.local. 30 IN A 10.244.1.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} IN {} {}", self.name, self.ttl, self.kind(), self.data)
    }
}

/// A response's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rcode {
    /// The name exists.
    NoError,
    /// It does not.
    NxDomain,
}

impl fmt::Display for Rcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoError => "NOERROR",
            Self::NxDomain => "NXDOMAIN",
        })
    }
}

/// What an answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// There are records.
    Found,
    /// The name exists, but nothing of this type: NOERROR with nothing in it.
    NoData,
    /// There is no such name.
    NxDomain,
}

/// A response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The question.
    pub question: Question,
    /// Its code.
    pub rcode: Rcode,
    /// Whether the server speaks for the zone (flag `aa`).
    pub authoritative: bool,
    /// Whether it would ask others (flag `ra`); `CoreDNS` does not say so of the cluster's zone.
    pub recursion_available: bool,
    /// The records that were asked for.
    pub answer: Vec<ResourceRecord>,
    /// The zone's SOA, in a denial.
    pub authority: Vec<ResourceRecord>,
    /// Addresses of names in the answer.
    pub additional: Vec<ResourceRecord>,
}

impl Answer {
    /// What it means.
    pub const fn outcome(&self) -> Outcome {
        match self.rcode {
            Rcode::NxDomain => Outcome::NxDomain,
            Rcode::NoError if self.answer.is_empty() => Outcome::NoData,
            Rcode::NoError => Outcome::Found,
        }
    }

    /// The records of all sections.
    pub fn records_mut(&mut self) -> impl Iterator<Item = &mut ResourceRecord> {
        self.answer.iter_mut().chain(&mut self.authority).chain(&mut self.additional)
    }

    /// The answer with its addresses in a random order, after all other records: so the plugin `loadbalance`
    /// leaves them.
    #[must_use]
    pub fn shuffled(mut self, rng: &mut Rng) -> Self {
        if self.rcode == Rcode::NoError {
            for section in [&mut self.answer, &mut self.additional] {
                let (mut addresses, mut rest): (Vec<_>, Vec<_>) =
                    section.drain(..).partition(|r| r.address().is_some());
                rest.sort_by_key(|r| r.kind() != RecordType::Cname);
                rng.shuffle(&mut addresses);
                rest.append(&mut addresses);
                *section = rest;
            }
        }
        self
    }

    /// How many octets the message has on the wire, without EDNS; the server does not compress.
    pub fn wire_length(&self) -> usize {
        let sections = [&self.answer, &self.authority, &self.additional];
        let records: usize = sections.into_iter().flatten().map(ResourceRecord::wire_length).sum();
        12 + wire_length(&self.question.name) + 4 + records
    }
}
