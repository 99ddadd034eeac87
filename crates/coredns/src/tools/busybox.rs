//! `nslookup` of busybox from 1.29 on: it makes its own queries, and prints every reply as it comes.
//!
//! A name without a dot becomes one query per ending and type; a name with a dot is sent as it is.
//!
//! Models: busybox `networking/nslookup.c` at 1.36.

use std::fmt::Write as _;
use std::net::IpAddr;

use super::Output;
use crate::names::{bare, reverse_of};
use crate::record::{Answer, Data, Question, Rcode, RecordType, SOA_TIMERS};
use crate::stub::Stub;

const USAGE: &str = "BusyBox v1.36.1 (2023-05-18 22:34:17 UTC) multi-call binary.\n\n\
    Usage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]\n\nQuery DNS about HOST\n\n\
    QUERY_TYPE: soa,ns,a,aaaa,cname,mx,txt,ptr,srv,any\n";
/// Options, of which any beginning is understood. The first two take a type.
const OPTIONS: [&str; 7] = ["type", "querytype", "port", "retry", "debug", "t", "timeout"];
/// Types in the order in which they are asked.
const TYPES: [RecordType; 10] = [
    RecordType::Soa,
    RecordType::Ns,
    RecordType::A,
    RecordType::Aaaa,
    RecordType::Cname,
    RecordType::Mx,
    RecordType::Txt,
    RecordType::Srv,
    RecordType::Ptr,
    RecordType::Any,
];

/// What the command line asks for.
#[derive(Debug, Default)]
struct Options<'a> {
    types: Vec<RecordType>,
    debug: bool,
    name: &'a str,
    server: Option<&'a str>,
    port: u16,
}

/// `nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]`.
pub fn nslookup(args: &[String], stub: &Stub<'_>) -> Output {
    let options = match parse(args) {
        Ok(options) => options,
        Err(message) => return Output::failure(message, 1),
    };
    let server = match options.server {
        None => stub.server().to_owned(),
        Some(name) => match stub.address_of(name) {
            Some(address) => address.to_string(),
            None => return Output::failure(format!("nslookup: bad address '{name}'\n"), 1),
        },
    };
    let mut questions = questions(&options, stub);
    if let Some(mut rng) = stub.rng("nslookup/arrival") {
        rng.shuffle(&mut questions);
    }
    let mut output = Output::default();
    let mut is_first = true;
    for (at, (shown, question)) in questions.iter().enumerate() {
        let Some(answer) = stub.ask(&server, question) else { continue };
        if std::mem::take(&mut is_first) {
            let shown = options.server.unwrap_or(&server);
            let _ = write!(output.stdout, "Server:\t\t{shown}\nAddress:\t{server}:{}\n\n", options.port);
        }
        if options.debug {
            let _ = writeln!(output.stdout, "Query #{at} completed in 1ms:");
        }
        print_reply(&mut output, shown, &answer, options.debug);
    }
    if is_first {
        output.stdout += ";; connection timed out; no servers could be reached\n\n";
        output.exit = 1;
    }
    output
}

fn parse(args: &[String]) -> Result<Options<'_>, String> {
    let mut options = Options { port: 53, ..Options::default() };
    let mut words = args.iter();
    for word in words.by_ref() {
        let Some(option) = word.strip_prefix('-') else {
            options.name = word;
            break;
        };
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        match OPTIONS.iter().position(|o| o.starts_with(name)) {
            Some(0 | 1) => {
                let invalid = format!("nslookup: invalid query type \"{value}\"\n");
                options.types.push(value.parse().map_err(|()| invalid)?);
            }
            Some(2) => {
                options.port = value.parse().map_err(|_| format!("nslookup: invalid number '{value}'\n"))?;
            }
            Some(4) => options.debug = true,
            Some(_) => {}
            None => return Err(USAGE.to_owned()),
        }
    }
    options.server = words.next().map(String::as_str);
    if options.name.is_empty() || words.next().is_some() {
        return Err(USAGE.to_owned());
    }
    Ok(options)
}

/// The questions, each with its name as it is shown.
fn questions(options: &Options<'_>, stub: &Stub<'_>) -> Vec<(String, Question)> {
    let name = options.name;
    let mut list = Vec::new();
    let mut add = |kind: RecordType| {
        if kind == RecordType::Ptr || stub.resolv_conf.search.is_empty() || name.contains('.') {
            list.push((name.to_owned(), Question::new(name, kind)));
            return;
        }
        for ending in &stub.resolv_conf.search {
            let full = format!("{name}.{ending}");
            let question = Question::new(&full, kind);
            list.push((full, question));
        }
    };
    if !options.types.is_empty() {
        TYPES.into_iter().filter(|t| options.types.contains(t)).for_each(add);
    } else if let Ok(address) = name.parse::<IpAddr>() {
        let reverse = reverse_of(address);
        list.push((bare(&reverse).to_owned(), Question::new(&reverse, RecordType::Ptr)));
    } else {
        add(RecordType::A);
        add(RecordType::Aaaa);
    }
    list
}

fn print_reply(output: &mut Output, shown: &str, answer: &Answer, debug: bool) {
    let out = &mut output.stdout;
    if answer.rcode != Rcode::NoError {
        let _ = write!(out, "** server can't find {shown}: {}\n\n", answer.rcode);
        output.exit = 1;
        return;
    }
    if !answer.authoritative {
        out.push_str("Non-authoritative answer:\n");
    } else if debug {
        out.push_str("authoritative answer:\n");
    }
    for record in &answer.answer {
        print_record(out, bare(&record.name), &record.data);
    }
    out.push('\n');
}

fn print_record(out: &mut String, name: &str, data: &Data) {
    let _ = match data {
        Data::A(_) | Data::Aaaa(_) => writeln!(out, "Name:\t{name}\nAddress: {data}"),
        Data::Ns(target) => writeln!(out, "{name}\tnameserver = {}", bare(target)),
        Data::Cname(target) => writeln!(out, "{name}\tcanonical name = {}", bare(target)),
        Data::Ptr(target) => writeln!(out, "{name}\tname = {}", bare(target)),
        Data::Txt(text) => writeln!(out, "{name}\ttext = \"{text}\""),
        Data::Srv { priority, weight, port, target } => {
            writeln!(out, "{name}\tservice = {priority} {weight} {port} {}", bare(target))
        }
        Data::Soa(soa) => {
            let [refresh, retry, expire] = SOA_TIMERS;
            let (origin, mail) = (bare(&soa.origin), bare(&soa.mail));
            let _ = writeln!(out, "{name}\n\torigin = {origin}\n\tmail addr = {mail}");
            let _ = writeln!(out, "\tserial = {}\n\trefresh = {refresh}\n\tretry = {retry}", soa.serial);
            writeln!(out, "\texpire = {expire}\n\tminimum = {}", soa.minimum)
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{pod, recorded};
    use apimachinery::Time;

    fn output(line: &str) -> Output {
        let fixture = recorded();
        let test = pod("dns-test", "10.244.1.9", "busybox:1.36", "");
        let stub = Stub::new(&fixture.seen(), &test, Time::default());
        let args: Vec<String> = line.split(' ').map(str::to_owned).collect();
        nslookup(&args, &stub)
    }

    const HEAD: &str = "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n";

    /// N23, where replies came in another order.
    #[test]
    fn a_short_name_is_asked_with_every_ending() {
        let short = output("nginx");
        let expected = format!(
            "{HEAD}Name:\tnginx.default.svc.cluster.local\nAddress: 10.244.1.5\n\
             Name:\tnginx.default.svc.cluster.local\nAddress: 10.244.1.6\n\
             Name:\tnginx.default.svc.cluster.local\nAddress: 10.244.1.7\n\n\
             ** server can't find nginx.svc.cluster.local: NXDOMAIN\n\n\
             ** server can't find nginx.cluster.local: NXDOMAIN\n\n\n\
             ** server can't find nginx.svc.cluster.local: NXDOMAIN\n\n\
             ** server can't find nginx.cluster.local: NXDOMAIN\n\n"
        );
        assert_eq!((short.stdout, short.exit), (expected, 1));
        assert!(short.stderr.is_empty());
    }

    /// N23: `nslookup web-0.nginx` fails although `ping web-0.nginx` works.
    #[test]
    fn a_name_with_a_dot_is_not_expanded() {
        let line = "** server can't find web-0.nginx: NXDOMAIN\n\n";
        let dotted = output("web-0.nginx");
        assert_eq!((dotted.stdout, dotted.exit), (format!("{HEAD}{line}{line}"), 1));
        let full = output("web-1.nginx.default.svc.cluster.local");
        let found = "Name:\tweb-1.nginx.default.svc.cluster.local\nAddress: 10.244.1.6\n\n\n";
        assert_eq!((full.stdout, full.exit), (format!("{HEAD}{found}"), 0));
    }

    /// N23.
    #[test]
    fn types_can_be_named() {
        let name = "_web._tcp.nginx.default.svc.cluster.local";
        let line = |i| format!("{name}\tservice = 0 33 80 web-{i}.nginx.default.svc.cluster.local\n");
        let services = output(&format!("-type=srv {name}"));
        assert_eq!(services.stdout, format!("{HEAD}{}{}{}\n", line(0), line(1), line(2)));
        assert_eq!(services.exit, 0);
        let pointer = output("10.244.1.5");
        let expected = "5.1.244.10.in-addr.arpa\tname = web-0.nginx.default.svc.cluster.local\n\n";
        assert_eq!(pointer.stdout, format!("{HEAD}{expected}"));
        assert_eq!(output("-q=foo x").stderr, "nslookup: invalid query type \"foo\"\n");
        assert_eq!(output("-x y").exit, 1);
        let silent = output("nginx.default.svc.cluster.local 1.2.3.4");
        assert_eq!(silent.stdout, ";; connection timed out; no servers could be reached\n\n");
    }
}
