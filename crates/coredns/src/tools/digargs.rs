//! The command line of `dig`.
//!
//! Models: bind9 `bin/dig/dig.c` (`parse_args`, `plus_option`).
//! Differs: options hold for all lookups of the line; batch files, keys and zone transfers are left
//! out.

use std::net::IpAddr;

use crate::names::reverse_of;
use crate::record::RecordType;

/// Which parts are printed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // one flag per `+[no]…` of the command line
pub struct Show {
    pub command: bool,
    pub comments: bool,
    pub question: bool,
    pub answer: bool,
    pub authority: bool,
    pub additional: bool,
    pub statistics: bool,
    pub ttl: bool,
    pub class: bool,
    pub short: bool,
}

/// What the command line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // likewise
pub struct DigOptions {
    /// Names with types.
    pub lookups: Vec<(String, RecordType)>,
    /// `@server`, as typed.
    pub server: Option<String>,
    pub show: Show,
    /// `+search`.
    pub search: bool,
    /// `+recurse`: the flag `rd`.
    pub recurse: bool,
    /// `+edns`.
    pub edns: bool,
    /// `+cookie`.
    pub cookie: bool,
    /// What goes to standard error.
    pub warnings: String,
}

impl Default for DigOptions {
    fn default() -> Self {
        let show = Show {
            command: true,
            comments: true,
            question: true,
            answer: true,
            authority: true,
            additional: true,
            statistics: true,
            ttl: true,
            class: true,
            short: false,
        };
        Self {
            lookups: Vec::new(),
            server: None,
            show,
            search: false,
            recurse: true,
            edns: true,
            cookie: true,
            warnings: String::new(),
        }
    }
}

/// Options that change nothing here.
const WITHOUT_EFFECT: [&str; 24] = [
    "adflag",
    "cdflag",
    "aaflag",
    "aaonly",
    "dnssec",
    "tcp",
    "vc",
    "ignore",
    "fail",
    "besteffort",
    "idnin",
    "idnout",
    "keepopen",
    "multiline",
    "nssearch",
    "onesoa",
    "qr",
    "showsearch",
    "split",
    "trace",
    "nsid",
    "rrcomments",
    "crypto",
    "yaml",
];
const WITH_NUMBER: [&str; 8] = ["time", "timeout", "tries", "retry", "bufsize", "ndots", "padding", "domain"];

/// Reads the words after `dig`; an error is what goes to standard error.
pub fn parse(args: &[String]) -> Result<DigOptions, String> {
    let mut options = DigOptions::default();
    let mut kind: Option<RecordType> = None;
    let mut words = args.iter();
    while let Some(word) = words.next() {
        if let Some(option) = word.strip_prefix('+') {
            plus(option, &mut options)?;
        } else if let Some(server) = word.strip_prefix('@') {
            options.server = Some(server.to_owned());
        } else if let Some(option) = word.strip_prefix('-') {
            dash(option, &mut words, &mut options, &mut kind)?;
        } else if let Ok(known) = word.parse() {
            set_type(known, &mut options, &mut kind);
        } else if !word.eq_ignore_ascii_case("in") {
            options.lookups.push((word.clone(), kind.take().unwrap_or(RecordType::A)));
        }
    }
    if options.lookups.is_empty() {
        options.lookups.push((".".to_owned(), kind.unwrap_or(RecordType::Ns)));
    }
    Ok(options)
}

fn set_type(known: RecordType, options: &mut DigOptions, kind: &mut Option<RecordType>) {
    match options.lookups.last_mut() {
        Some(lookup) => lookup.1 = known,
        None => *kind = Some(known),
    }
}

fn dash<'a>(
    option: &'a str,
    words: &mut impl Iterator<Item = &'a String>,
    options: &mut DigOptions,
    kind: &mut Option<RecordType>,
) -> Result<(), String> {
    let mut letters = option.chars();
    let letter = letters.next().unwrap_or_default();
    if matches!(letter, '4' | '6' | 'u' | 'r' | 'm' | 'i') {
        return Ok(());
    }
    let value = match letters.as_str() {
        "" => words.next().map_or("", String::as_str),
        attached => attached,
    };
    match letter {
        't' => {
            if let Ok(known) = value.parse() {
                set_type(known, options, kind);
            } else {
                options.warnings.extend([";; Warning, ignoring invalid type ", value, "\n"]);
            }
        }
        'q' => options.lookups.push((value.to_owned(), kind.take().unwrap_or(RecordType::A))),
        'x' => {
            let address: IpAddr = value.parse().map_err(|_| format!("Invalid IP address {value}\n"))?;
            options.lookups.push((reverse_of(address), RecordType::Ptr));
        }
        'c' | 'p' | 'b' | 'k' | 'y' | 'f' => {}
        _ => return Err(format!("Invalid option: -{option}\n{USAGE}")),
    }
    Ok(())
}

fn plus(option: &str, options: &mut DigOptions) -> Result<(), String> {
    let (name, _) = option.split_once('=').unwrap_or((option, ""));
    let (name, on) = name.strip_prefix("no").filter(|n| !n.is_empty()).map_or((name, true), |n| (n, false));
    let show = &mut options.show;
    match name {
        "all" => {
            for flag in [
                &mut show.command,
                &mut show.comments,
                &mut show.question,
                &mut show.answer,
                &mut show.authority,
                &mut show.additional,
                &mut show.statistics,
            ] {
                *flag = on;
            }
        }
        "cmd" => show.command = on,
        "comments" => show.comments = on,
        "question" => show.question = on,
        "answer" => show.answer = on,
        "authority" => show.authority = on,
        "additional" => show.additional = on,
        "stats" => show.statistics = on,
        "ttlid" | "ttl" => show.ttl = on,
        "class" | "cl" => show.class = on,
        "short" => show.short = on,
        "search" | "defname" => options.search = on,
        "recurse" | "rec" | "rdflag" => options.recurse = on,
        "edns" => options.edns = on,
        "cookie" => options.cookie = on,
        _ if WITHOUT_EFFECT.contains(&name) || WITH_NUMBER.contains(&name) => {}
        _ => return Err(format!("Invalid option: +{option}\n{USAGE}")),
    }
    Ok(())
}

/// The short help.
pub const USAGE: &str = "Usage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}\n            \
    {global-d-opt} host [@local-server] {local-d-opt}\n            \
    [ host [@local-server] {local-d-opt} [...]]\n\nUse \"dig -h\" (or \"dig -h | more\") for complete list \
    of options\n";
