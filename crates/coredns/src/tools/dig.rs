//! `dig`: prints the whole message, in columns.
//!
//! Models: bind9 9.16 `bin/dig/dig.c`, `lib/dns/masterdump.c` for the columns.

use std::fmt::Write as _;

use super::Output;
use super::digargs::{DigOptions, Show, parse};
use crate::names::{absolute, inside};
use crate::record::{Answer, Question, Rcode, ResourceRecord};
use crate::stub::Stub;
use apimachinery::{Rng, Time};

const VERSION: &str = "9.16.49";
/// The size of answers that the client says it can take, in octets; the server repeats it.
const BUFFER_SIZE: u16 = 4_096;
/// How many octets the OPT record has, and the cookie in it.
const OPT_LENGTH: usize = 11;
const COOKIE_LENGTH: usize = 12;
/// Exit code if no server replies.
const NO_REPLY: i32 = 9;

/// `dig [@server] [name] [type] [+option…]`.
pub fn dig(args: &[String], stub: &Stub<'_>) -> Output {
    let options = match parse(args) {
        Ok(options) => options,
        Err(message) => return Output::failure(message, 1),
    };
    let server = options.server.as_deref().unwrap_or(stub.server());
    let Some(address) = stub.address_of(server).map(|a| a.to_string()) else {
        return Output::failure(format!("dig: couldn't get address for '{server}': not found\n"), 10);
    };
    let mut output = Output { stderr: options.warnings.clone(), ..Output::default() };
    let mut head = greeting(args, &options);
    for (name, kind) in &options.lookups {
        let names = if options.search { stub.resolv_conf.candidates(name) } else { vec![absolute(name)] };
        let mut answer = None;
        for name in names {
            answer = stub.ask(&address, &Question::new(&name, *kind));
            if answer.as_ref().is_none_or(|a| a.rcode == Rcode::NoError) {
                break;
            }
        }
        if options.show.command && !options.show.short {
            output.stdout += &head;
        }
        head.clear();
        if let Some(answer) = answer {
            print(&mut output.stdout, &answer, &options, &address, stub);
        } else {
            output.stdout += ";; connection timed out; no servers could be reached\n";
            output.exit = NO_REPLY;
        }
    }
    output
}

fn greeting(args: &[String], options: &DigOptions) -> String {
    let mut text = format!("\n; <<>> DiG {VERSION} <<>> {}\n", args.join(" "));
    if options.server.is_some() {
        text += "; (1 server found)\n";
    }
    text + ";; global options: +cmd\n"
}

fn print(out: &mut String, answer: &Answer, options: &DigOptions, address: &str, stub: &Stub<'_>) {
    let show = &options.show;
    if show.short {
        answer.answer.iter().for_each(|r| {
            let _ = writeln!(out, "{}", r.data);
        });
        return;
    }
    let purpose = format!("dig/{}/{}", answer.question.name, answer.question.kind);
    let mut rng = stub.rng(&purpose).unwrap_or_else(|| Rng::stream(0, &purpose));
    if show.comments {
        print_header(out, answer, options, &mut rng);
    }
    if show.question {
        print_question(out, &answer.question, show);
    }
    for (wanted, title, records) in [
        (show.answer, "ANSWER", &answer.answer),
        (show.authority, "AUTHORITY", &answer.authority),
        (show.additional, "ADDITIONAL", &answer.additional),
    ] {
        if wanted && !records.is_empty() {
            print_section(out, title, records, show);
        }
    }
    if show.statistics {
        let mut size = answer.wire_length();
        if options.edns {
            size += OPT_LENGTH + if options.cookie { COOKIE_LENGTH } else { 0 };
        }
        let _ = writeln!(out, ";; Query time: {} msec", rng.below(3));
        let _ = writeln!(out, ";; SERVER: {address}#53({address})");
        let _ = write!(out, ";; WHEN: {}\n;; MSG SIZE  rcvd: {size}\n\n", when(stub.now()));
    }
}

fn print_header(out: &mut String, answer: &Answer, options: &DigOptions, rng: &mut Rng) {
    out.push_str(";; Got answer:\n");
    if inside(&answer.question.name, "local.").is_some() {
        out.push_str(
            ";; WARNING: .local is reserved for Multicast DNS\n\
             ;; You are currently testing what happens when an mDNS query is leaked to DNS\n",
        );
    }
    let _ =
        writeln!(out, ";; ->>HEADER<<- opcode: QUERY, status: {}, id: {}", answer.rcode, rng.below(65_536));
    out.push_str(";; flags: qr");
    for (flag, on) in
        [(" aa", answer.authoritative), (" rd", options.recurse), (" ra", answer.recursion_available)]
    {
        if on {
            out.push_str(flag);
        }
    }
    let additional = answer.additional.len() + usize::from(options.edns);
    let (answers, authorities) = (answer.answer.len(), answer.authority.len());
    let _ =
        writeln!(out, "; QUERY: 1, ANSWER: {answers}, AUTHORITY: {authorities}, ADDITIONAL: {additional}");
    if options.recurse && !answer.recursion_available {
        out.push_str(";; WARNING: recursion requested but not available\n");
    }
    out.push('\n');
    if options.edns {
        let _ = write!(out, ";; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: {BUFFER_SIZE}\n");
        if options.cookie {
            let _ = writeln!(out, "; COOKIE: {:016x} (echoed)", rng.next_u64());
        }
    }
}

/// The columns at which time to live, class, type and data begin.
fn columns(show: &Show) -> [usize; 4] {
    match (show.ttl, show.class) {
        (true, true) => [24, 32, 40, 48],
        (false, false) => [24, 24, 24, 32],
        _ => [24, 24, 32, 40],
    }
}

/// Lays words out: each begins at its column if the one before leaves room, with tabs and then blanks before
/// it.
fn lay_out<'a>(first: &str, words: impl IntoIterator<Item = (usize, &'a str)>) -> String {
    let mut text = first.to_owned();
    let mut at = first.len();
    for (column, word) in words {
        let to = column.max(at + 1);
        let tabs = to / 8 - at / 8;
        text.extend(std::iter::repeat_n('\t', tabs));
        let from = if tabs > 0 { to / 8 * 8 } else { at };
        text.extend(std::iter::repeat_n(' ', to - from));
        text.push_str(word);
        at = to + word.len();
    }
    text
}

fn print_question(out: &mut String, question: &Question, show: &Show) {
    if show.comments {
        out.push_str(";; QUESTION SECTION:\n");
    }
    let [_, class, kind, _] = columns(show);
    let (name, of) = (&question.name, question.kind.to_string());
    let _ = writeln!(out, ";{}", lay_out(name, [(class, "IN"), (kind, of.as_str())]));
    if show.comments {
        out.push('\n');
    }
}

fn print_section(out: &mut String, title: &str, records: &[ResourceRecord], show: &Show) {
    if show.comments {
        let _ = writeln!(out, ";; {title} SECTION:");
    }
    for record in records {
        out.push_str(&line(record, show));
        out.push('\n');
    }
    if show.comments {
        out.push('\n');
    }
}

fn line(record: &ResourceRecord, show: &Show) -> String {
    let [ttl, class, kind, data] = columns(show);
    let texts = [
        (ttl, record.ttl.to_string(), show.ttl),
        (class, "IN".to_owned(), show.class),
        (kind, record.kind().to_string(), true),
        (data, record.data.to_string(), true),
    ];
    let shown = texts.iter().filter(|(_, _, on)| *on).map(|(column, text, _)| (*column, text.as_str()));
    lay_out(&record.name, shown)
}

/// `Sun Nov 22 02:11:46 UTC 2026`.
fn when(now: Time) -> String {
    let text = now.rfc1123z();
    let words: Vec<&str> = text.split(' ').collect();
    match words.as_slice() {
        [weekday, day, month, year, clock, ..] => {
            format!("{} {month} {day} {clock} UTC {year}", weekday.trim_end_matches(','))
        }
        _ => text,
    }
}

#[cfg(test)]
#[path = "dig_tests.rs"]
mod tests;
