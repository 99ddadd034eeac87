//! Writes placeholders for what differs between two runs of kubectl without meaning anything, by the same
//! rules as in the recordings.

use serde_json::Value;

/// Writes placeholders into what `command` printed.
pub fn printed(text: &str, command: &str) -> String {
    let text = replaced(text, age);
    let text = replaced(&text, long_time);
    let text = replaced(&text, resource_version);
    let text = replaced(&text, token_volume);
    let text = if names_nodes(command) { text } else { nodes(&text) };
    // A placeholder has another width than what it stands for, so columns may have moved.
    if has_placeholder(&text) { narrow(&text) } else { text }
}

/// Writes a placeholder for what the container runtime draws at random: its identifiers.
pub fn runtime(text: &str) -> String {
    let id = |rest: &str| {
        let label = ["containerd://", "sha256:", "start exec \""]
            .into_iter()
            .find(|label| rest.starts_with(label))?;
        let hex = rest[label.len()..].bytes().take_while(u8::is_ascii_hexdigit).count();
        (hex > 0).then(|| (label.len() + hex, format!("{label}<id>")))
    };
    replaced(text, |_, rest| id(rest))
}

/// Writes a placeholder for names of nodes: they are equal, so which one the scheduler takes is chance.
pub fn nodes(text: &str) -> String {
    replaced(text, |before, rest| {
        let digit = rest.strip_prefix("node-").and_then(|tail| tail.chars().next())?;
        let ends = !rest.get(6..)?.starts_with(is_word);
        (('1'..='3').contains(&digit) && !before.ends_with(is_word) && ends).then(|| (6, "node-N".to_owned()))
    })
}

/// Writes a placeholder for times as the API writes them.
pub fn times(text: &str) -> String {
    replaced(text, |_, rest| {
        let mut length = matches(rest, "dddd-dd-ddTdd:dd:dd")?;
        if let Some(fraction) = rest.get(length..)?.strip_prefix('.') {
            let digits = digits(fraction);
            length += if digits > 0 { 1 + digits } else { 0 };
        }
        rest.get(length..)?.starts_with('Z').then(|| (length + 1, "<time>".to_owned()))
    })
}

/// Replaces what `rule` finds, from left to right. It is given the text before a place and the text from
/// there on, and says how many bytes it takes and what to write instead.
pub fn replaced(text: &str, rule: impl Fn(&str, &str) -> Option<(usize, String)>) -> String {
    let mut written = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        match rule(&text[..at], &text[at..]) {
            Some((length, new)) if length > 0 => {
                written.push_str(&new);
                at += length;
            }
            _ => {
                written.push(first);
                at += first.len_utf8();
            }
        }
    }
    written
}

/// How many digits `text` begins with.
pub fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// The length of `pattern` if `text` begins so: `d` is a digit, `w` a letter, anything else itself.
fn matches(text: &str, pattern: &str) -> Option<usize> {
    let mut bytes = text.bytes();
    for wanted in pattern.bytes() {
        let byte = bytes.next()?;
        let fits = match wanted {
            b'd' => byte.is_ascii_digit(),
            b'w' => byte.is_ascii_alphanumeric(),
            other => byte == other,
        };
        if !fits {
            return None;
        }
    }
    Some(pattern.len())
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// An age: `7s`, `2m`, `2m3s`, `3h`, standing alone or before a bracket that closes.
fn age(before: &str, rest: &str) -> Option<(usize, String)> {
    if before.ends_with(|c| is_word(c) || ".:-".contains(c)) {
        return None;
    }
    let number = digits(rest);
    let unit = rest.get(number..)?.chars().next()?;
    let mut length = match unit {
        's' if (1..=3).contains(&number) => number + 1,
        'm' | 'h' if number > 0 => number + 1,
        _ => return None,
    };
    let seconds = digits(&rest[length..]);
    if unit == 'm' && seconds > 0 && rest[length + seconds..].starts_with('s') {
        length += seconds + 1;
    }
    let ends = rest[length..].chars().next().is_none_or(|c| c.is_whitespace() || c == ')');
    ends.then(|| (length, "<age>".to_owned()))
}

/// A time as `describe` writes it: `Sun, 22 Nov 2026 02:11:46 +0000`.
fn long_time(_: &str, rest: &str) -> Option<(usize, String)> {
    let length = matches(rest, "www, dd www dddd dd:dd:dd +dddd")?;
    Some((length, "<time>".to_owned()))
}

fn resource_version(_: &str, rest: &str) -> Option<(usize, String)> {
    let labels = ["resourceVersion\": \"", "resourceVersion: \"", "Resource Version: "];
    let label = labels.iter().find(|label| rest.starts_with(**label))?;
    let tail = &rest[label.len()..];
    let blanks = if label.ends_with(' ') { tail.len() - tail.trim_start_matches(' ').len() } else { 0 };
    let number = digits(&tail[blanks..]);
    let kept = label.len() + blanks;
    (number > 0).then(|| (kept + number, format!("{}<rv>", &rest[..kept])))
}

fn token_volume(_: &str, rest: &str) -> Option<(usize, String)> {
    let length = matches(rest, "kube-api-access-wwwww")?;
    let ends = !rest[length..].starts_with(is_word);
    ends.then(|| (length, "kube-api-access-xxxxx".to_owned()))
}

/// Whether a command asks for nodes, so that their names are what it is about.
fn names_nodes(command: &str) -> bool {
    command.split(|c| !is_word(c)).any(|word| matches!(word, "no" | "node" | "nodes"))
}

fn has_placeholder(text: &str) -> bool {
    let anywhere = ["ip(", "pv(", "uid(", "-xxxxx", "<rv>", "node-N", "<time> "];
    let age_before_text = |line: &str| {
        line.match_indices("<age> ")
            .any(|(at, age)| !line[at + age.len()..].trim_start_matches(' ').is_empty())
    };
    anywhere.iter().any(|token| text.contains(token)) || text.lines().any(age_before_text)
}

/// Shortens each run of blanks inside a line to two.
fn narrow(text: &str) -> String {
    replaced(text, |before, rest| {
        let run = rest.len() - rest.trim_start_matches(' ').len();
        let inside = before.chars().next_back().is_some_and(|c| !c.is_whitespace());
        (inside && run >= 2).then(|| (run, "  ".to_owned()))
    })
}

#[test]
fn ages_and_times_lose_their_values() {
    let rows = "NAME    READY   STATUS    RESTARTS   AGE\nweb-0   0/1     Pending   0          7s\n";
    assert_eq!(printed(rows, "get pods"), rows.replace("7s", "<age>"));
    assert_eq!(printed("web   0/1   2m3s   nginx", ""), "web  0/1  <age>  nginx");
    assert_eq!(printed("x-5s web.7s 5sx 1234s (12s ago)", ""), "x-5s web.7s 5sx 1234s (<age> ago)");
    assert_eq!(printed("Start Time:  Sun, 22 Nov 2026 02:11:46 +0000", ""), "Start Time:  <time>");
    assert_eq!(times("at 2026-11-22T02:11:46Z, 2026-11-22T02:11:46.25Z"), "at <time>, <time>");
}

#[test]
fn placeholders_narrow_the_columns() {
    assert_eq!(printed("web-0   1/1   node-2\n    a   b", "get pods"), "web-0  1/1  node-N\n    a  b");
    assert_eq!(printed("node-1   Ready", "get no"), "node-1   Ready");
    assert_eq!(printed("  resourceVersion: \"123\"", ""), "  resourceVersion: \"<rv>\"");
    assert_eq!(printed("Mounts:   kube-api-access-ab2cd (ro)", ""), "Mounts:  kube-api-access-xxxxx (ro)");
}

/// A member that is null says the same as one that is absent: the recorder writes both.
pub(crate) fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(_, value)| !value.is_null());
            kept.map(|(name, value)| (name.clone(), without_nulls(value))).collect()
        }
        Value::Array(list) => list.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}
