//! `nslookup` of ISC BIND: it searches like the C library, and prints the last reply.
//!
//! Models: bind9 9.16 `bin/dig/nslookup.c`, `bin/dig/dighost.c`: the version in the Pod that
//! Kubernetes' page on debugging DNS uses. From 9.18 on a line `;; Got recursion not available
//! from …` stands before each reply of `CoreDNS`.

use std::fmt::Write as _;
use std::net::IpAddr;

use super::Output;
use crate::names::{bare, reverse_of};
use crate::record::{Answer, Data, Question, Rcode, RecordType, ResourceRecord, SOA_TIMERS};
use crate::stub::Stub;

const USAGE: &str = "Usage:\n   nslookup [-opt ...]             # interactive mode using default server\n   \
    nslookup [-opt ...] - server    # interactive mode using 'server'\n   \
    nslookup [-opt ...] host        # just look up 'host' using default server\n   \
    nslookup [-opt ...] host server # just look up 'host' using 'server'\n";

/// What is looked up, and how it is shown.
#[derive(Debug)]
struct Lookup<'a> {
    name: &'a str,
    /// Whether nobody has named a type: then addresses of both families are looked up, or the names of an
    /// address.
    by_default: bool,
    kind: RecordType,
    /// The server as it was typed, and its address.
    server: (String, String),
}

/// `nslookup [-type=TYPE] HOST [SERVER]`.
pub fn nslookup(args: &[String], stub: &Stub<'_>) -> Output {
    let mut output = Output::default();
    let (mut kind, mut words) = (None, Vec::new());
    for word in args {
        match word.strip_prefix('-') {
            Some(option) => set_option(option, &mut kind, &mut output.stdout),
            None => words.push(word.as_str()),
        }
    }
    let (name, server) = match words.as_slice() {
        [name] => (*name, stub.server()),
        [name, server] => (*name, *server),
        _ => return Output::failure(USAGE.to_owned(), 1),
    };
    let Some(address) = stub.address_of(server) else {
        return Output::failure(format!("nslookup: couldn't get address for '{server}': not found\n"), 10);
    };
    let lookup = Lookup {
        name,
        by_default: kind.is_none(),
        kind: kind.unwrap_or(RecordType::A),
        server: (server.to_owned(), address.to_string()),
    };
    look_up(&lookup, stub, &mut output);
    output.stdout.push('\n');
    output
}

fn set_option(option: &str, kind: &mut Option<RecordType>, out: &mut String) {
    let (name, value) = option.split_once('=').unwrap_or((option, ""));
    match name.to_ascii_lowercase().as_str() {
        "type" | "ty" | "querytype" | "query" | "qu" | "q" => match value.parse() {
            Ok(known) => *kind = Some(known),
            Err(()) => {
                let _ = writeln!(out, "unknown query type: {value}");
            }
        },
        "class" | "cl" | "timeout" | "t" | "retry" | "ret" | "port" | "po" | "ndots" | "debug"
        | "nodebug" | "recurse" | "norecurse" | "search" | "nosearch" | "vc" | "novc" | "fail" | "nofail" => {
        }
        _ => {
            let _ = writeln!(out, "*** Invalid option: {option}");
        }
    }
}

fn look_up(lookup: &Lookup<'_>, stub: &Stub<'_>, output: &mut Output) {
    let address = lookup.name.parse::<IpAddr>().ok();
    let (kind, names) = match address {
        Some(address) if lookup.by_default => (RecordType::Ptr, vec![reverse_of(address)]),
        _ => (lookup.kind, stub.resolv_conf.candidates(lookup.name)),
    };
    let Some(answer) = search(&lookup.server.1, &names, kind, stub) else {
        output.stdout += ";; connection timed out; no servers could be reached\n";
        output.exit = 1;
        return;
    };
    let is_address = kind == RecordType::A && lookup.by_default;
    if is_address || !lookup.by_default {
        let (typed, address) = &lookup.server;
        let _ = write!(output.stdout, "Server:\t\t{typed}\nAddress:\t{address}#53\n\n");
    }
    if answer.rcode != Rcode::NoError {
        let shown = bare(&answer.question.name);
        let _ = writeln!(output.stdout, "** server can't find {shown}: {}", answer.rcode);
        output.exit = 1;
        return;
    }
    if !answer.authoritative && (is_address || !lookup.by_default) {
        output.stdout += "Non-authoritative answer:\n";
    }
    print_records(&mut output.stdout, &answer.answer);
    if is_address {
        second_family(lookup, &answer, stub, output);
    } else if answer.answer.is_empty() {
        let _ = writeln!(output.stdout, "*** Can't find {}: No answer", lookup.name);
    }
}

/// The first reply that is not "no such name", or else the last; `None` if nobody replies.
fn search(server: &str, names: &[String], kind: RecordType, stub: &Stub<'_>) -> Option<Answer> {
    let mut last = None;
    for name in names {
        let answer = stub.ask(server, &Question::new(name, kind))?;
        let is_final = answer.rcode == Rcode::NoError;
        last = Some(answer);
        if is_final {
            break;
        }
    }
    last
}

/// The IPv6 addresses of what the first question led to.
fn second_family(lookup: &Lookup<'_>, first: &Answer, stub: &Stub<'_>, output: &mut Output) {
    let mut name = first.question.name.clone();
    for record in &first.answer {
        if let Data::Cname(target) = &record.data {
            name.clone_from(target);
        }
    }
    let second = stub.ask(&lookup.server.1, &Question::new(&name, RecordType::Aaaa));
    let records = second.map(|a| a.answer).unwrap_or_default();
    print_records(&mut output.stdout, &records);
    if records.is_empty() && first.answer.is_empty() {
        let _ = writeln!(output.stdout, "*** Can't find {}: No answer", bare(&name));
    }
}

fn print_records(out: &mut String, records: &[ResourceRecord]) {
    for record in records {
        let name = bare(&record.name);
        let data = &record.data;
        let _ = match data {
            Data::A(_) | Data::Aaaa(_) => writeln!(out, "Name:\t{name}\nAddress: {data}"),
            Data::Ns(_) => writeln!(out, "{name}\tnameserver = {data}"),
            Data::Cname(_) => writeln!(out, "{name}\tcanonical name = {data}"),
            Data::Ptr(_) => writeln!(out, "{name}\tname = {data}"),
            Data::Txt(_) => writeln!(out, "{name}\ttext = {data}"),
            Data::Srv { .. } => writeln!(out, "{name}\tservice = {data}"),
            Data::Soa(soa) => {
                let [refresh, retry, expire] = SOA_TIMERS;
                let (origin, mail) = (bare(&soa.origin), bare(&soa.mail));
                let _ = writeln!(out, "{name}\n\torigin = {origin}\n\tmail addr = {mail}");
                let _ = writeln!(out, "\tserial = {}\n\trefresh = {refresh}\n\tretry = {retry}", soa.serial);
                writeln!(out, "\texpire = {expire}\n\tminimum = {}", soa.minimum)
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{pod, recorded};
    use apimachinery::Time;

    fn output(line: &str) -> Output {
        let fixture = recorded();
        let test = pod("dnsutils", "10.244.1.9", "registry.k8s.io/e2e-test-images/agnhost:2.39", "");
        let stub = Stub::new(&fixture.seen(), &test, Time::default());
        let args: Vec<String> = line.split(' ').map(str::to_owned).collect();
        nslookup(&args, &stub)
    }

    const HEAD: &str = "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n\n";

    /// The layout of the specification's section on BIND's `nslookup`.
    #[test]
    fn searches_and_prints_one_reply() {
        let found = output("web-0.nginx");
        let expected = format!("{HEAD}Name:\tweb-0.nginx.default.svc.cluster.local\nAddress: 10.244.1.5\n\n");
        assert_eq!((found.stdout, found.exit), (expected, 0));
        let missing = output("web-9.nginx");
        let expected = format!("{HEAD}** server can't find web-9.nginx: NXDOMAIN\n\n");
        assert_eq!((missing.stdout, missing.exit), (expected, 1));
        let nothing = output("-type=aaaa nginx");
        assert_eq!(nothing.stdout, format!("{HEAD}*** Can't find nginx: No answer\n\n"));
    }

    #[test]
    fn other_types_keep_their_final_dots() {
        let pointer = output("10.244.1.5");
        let expected = "5.1.244.10.in-addr.arpa\tname = web-0.nginx.default.svc.cluster.local.\n\n";
        assert_eq!(pointer.stdout, expected);
        let services = output("-type=srv _web._tcp.nginx");
        let line = "_web._tcp.nginx.default.svc.cluster.local\tservice = 0 33 80 \
                    web-0.nginx.default.svc.cluster.local.\n";
        assert!(services.stdout.starts_with(&format!("{HEAD}{line}")), "{}", services.stdout);
        assert_eq!(output("a b c").exit, 1);
    }
}
