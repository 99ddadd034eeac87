//! Transcripts: what a person types at the terminal and what it answers, as Markdown.
//!
//! `transcripts/README.md` describes the form. Each file is played natively, from a fresh session on.

use std::time::Duration;

use session::{EntryKind, Session, first_laboratory};
use tests::repository::{read, sources};

/// A command that does not end is given so long.
const PATIENCE: Duration = Duration::from_secs(150);

/// A fenced block: what stands behind its fence, and its lines.
struct Block {
    kind: String,
    text: String,
}

fn blocks(markdown: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    for line in markdown.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some(kind), None) => open = Some(Block { kind: kind.to_owned(), text: String::new() }),
            (None, Some(block)) => block.text += &format!("{line}\n"),
            (None, None) => {}
        }
    }
    found
}

/// Lets time pass until the command has ended, or waits for a person.
fn go_on(session: &mut Session) {
    let mut passed = Duration::ZERO;
    let waits = |s: &Session| s.terminal().prompt().is_some() || s.terminal().document().is_some();
    while session.terminal().is_running() && !waits(session) && passed < PATIENCE {
        session.play(Duration::from_millis(200));
        passed += Duration::from_millis(200);
    }
}

/// Types the lines of a block that are a person's; what the terminal has shown since the block before.
fn play(session: &mut Session, text: &str, seen: &mut usize) -> String {
    for line in text.lines() {
        let asked = session.terminal().prompt().map(str::to_owned);
        match asked {
            Some(prompt) if line.starts_with(&prompt) => session.command(&line[prompt.len()..]),
            Some(_) => continue,
            None if line == "^C" => session.interrupt(),
            None => match line.strip_prefix("$ ") {
                Some(command) => session.command(command),
                None => continue,
            },
        }
        // What stands before `^C` ran for a while.
        if text.contains("\n^C") && session.terminal().is_running() {
            session.play(Duration::from_secs(20));
        } else {
            go_on(session);
        }
    }
    let mut shown = String::new();
    for entry in session.terminal().screen().iter().skip(*seen) {
        match entry.kind {
            EntryKind::Typed => shown += &format!("$ {}\n", entry.text),
            EntryKind::Fed => shown += &format!("{}\n", entry.text),
            EntryKind::Stdout | EntryKind::Stderr => shown += &entry.text,
        }
        if !shown.ends_with('\n') {
            shown.push('\n');
        }
    }
    *seen = session.terminal().screen().len();
    shown
}

/// Changes the document that a command wants edited, and saves it: `-` lines become `+` lines.
fn edit(session: &mut Session, text: &str) {
    let lines = |sign: char| -> String {
        text.lines().filter_map(|l| l.strip_prefix(sign)).map(|l| format!("{l}\n")).collect()
    };
    let document = session.documents.current_mut().expect("a document is open");
    assert!(document.text.contains(&lines('-')), "not in the document:\n{}\n{}", lines('-'), document.text);
    document.text = document.text.replacen(&lines('-'), &lines('+'), 1);
    session.apply();
    go_on(session);
}

/// Whether a line is as expected: `<age>` and the like stand for anything, then also blanks count once.
fn alike(wanted: &str, line: &str) -> bool {
    let is_name = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
    let mut parts = wanted.split('<');
    let mut texts = vec![parts.next().unwrap_or("").to_owned()];
    for part in parts {
        match part.split_once('>') {
            Some((name, rest)) if is_name(name) && !matches!(name, "none" | "unset" | "unknown") => {
                texts.push(rest.to_owned());
            }
            _ => *texts.last_mut().expect("never empty") += &format!("<{part}"),
        }
    }
    if texts.len() == 1 {
        return wanted == line;
    }
    let squeeze = |text: &str| text.split(' ').filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
    let line = squeeze(line);
    let mut rest = line.as_str();
    for (at, text) in texts.iter().enumerate() {
        let text = squeeze(text);
        let Some(found) = rest.find(&text) else { return false };
        if at == 0 && found > 0 {
            return false;
        }
        rest = &rest[found + text.len()..];
    }
    texts.last().is_some_and(|last| squeeze(last).is_empty()) || rest.is_empty()
}

fn check(path: &str) -> Result<(), String> {
    let mut session = Session::new(first_laboratory(), None);
    session.play(Duration::from_secs(1));
    let mut seen = session.terminal().screen().len();
    for block in blocks(&read(path)) {
        match block.kind.split_once(' ') {
            Some(("yaml", name)) => {
                session.documents.all.retain(|document| document.name != name);
                session.documents.add(name, &block.text);
            }
            _ if block.kind == "edit" => edit(&mut session, &block.text),
            _ if block.kind == "console" => {
                let shown = play(&mut session, &block.text, &mut seen);
                let (wanted, got): (Vec<&str>, Vec<&str>) =
                    (block.text.lines().collect(), shown.lines().collect());
                let same = wanted.len() == got.len() && wanted.iter().zip(&got).all(|(w, g)| alike(w, g));
                if !same {
                    let first = wanted.iter().zip(&got).find(|(w, g)| !alike(w, g));
                    return Err(format!("{path}\nexpected\n{}\nshown\n{shown}\nfirst {first:?}", block.text));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

#[test]
fn transcripts_are_what_the_terminal_shows() {
    let paths = sources("tests/transcripts", &["md"]);
    assert!(paths.len() > 3, "no transcripts");
    let wrong: Vec<String> = paths.iter().filter_map(|path| check(path).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn placeholders_stand_for_anything() {
    assert!(alike("web-0   1/1   Running   0   <age>", "web-0   1/1     Running   0          12s"));
    assert!(!alike("web-0   1/1   Running   0   <age>", "web-0   0/1     Running   0          12s"));
    assert!(alike("a   <none>", "a   <none>") && !alike("a   <none>", "a   x"));
}
