//! The recorder's test program, in the words of a shell.
//!
//! `app` prints `started` and runs until SIGTERM; `app crash S C` prints `started`, sleeps S seconds, prints
//! `exiting C` and ends with C. No image here has it, so manifests get a script that does the same, and what
//! is printed of a manifest gets the program's name back.

/// Until SIGTERM.
const SERVES: &str = "trap exit TERM; echo started; tail -f /dev/null";

/// The recorder's machine took about a second to run a program, so that none ended as it began.
fn crashes(seconds: &str, code: &str) -> String {
    format!("trap exit TERM; echo started; sleep {seconds}; sleep 1; echo exiting {code}; exit {code}")
}

/// A manifest with scripts in place of the program.
pub fn taught(manifest: &str) -> String {
    let mut text = manifest.replace("exec app", SERVES).replace("[app]", &format!("[sh, -c, '{SERVES}']"));
    while let Some(start) = text.find("[app, crash, ") {
        let Some(end) = text[start..].find(']').map(|length| start + length) else { break };
        let mut words = text[start + 1..end].split(", ").map(|word| word.trim_matches('\'')).skip(2);
        let (seconds, code) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let script = format!("[sh, -c, '{}']", crashes(seconds, code));
        text.replace_range(start..=end, &script);
    }
    text
}

#[allow(clippy::indexing_slicing)] // all places are below the length
/// What was printed, with the program in place of its script. A list of words stands one word a line.
pub fn untaught(printed: &str) -> String {
    let mut lines: Vec<String> = printed.split('\n').map(str::to_owned).collect();
    let mut at = 0;
    while at + 2 < lines.len() {
        let word = |ahead: usize| lines[at + ahead].trim_start().trim_start_matches("- ").to_owned();
        if word(0) == "sh" && word(1) == "-c" && word(2).starts_with("trap exit TERM") {
            let indent = lines[at][..lines[at].len() - word(0).len()].to_owned();
            let script = word(2);
            let mut words = vec!["app".to_owned()];
            let after = |word: &str| {
                let (_, rest) = script.split_once(word)?;
                rest.split(';').next().map(str::to_owned)
            };
            if let (Some(seconds), Some(code)) = (after("sleep "), after("exiting ")) {
                words.extend(["crash".to_owned(), seconds, code]);
            }
            lines.splice(at..at + 3, words.iter().map(|word| format!("{indent}{word}")));
        }
        at += 1;
    }
    lines
        .iter_mut()
        .filter(|line| line.ends_with(": ready to serve"))
        .for_each(|line| *line = "started".into());
    lines.join("\n").replace(SERVES, "exec app")
}

/// Another template, another hash: `web-5688977b56` and any other name of that form are the same.
pub fn unhashed(text: &str) -> String {
    crate::text::replaced(text, |before, rest| {
        let hash = rest.strip_prefix("web-")?;
        let length = hash.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let ends = !before.ends_with(|c: char| c.is_alphanumeric() || c == '-');
        (ends && (8..=10).contains(&length)).then(|| (4 + length, "web-<hash>".to_owned()))
    })
}

#[test]
fn a_script_stands_for_the_program_and_back() {
    let taught = taught("command: [app, crash, '4', '1']");
    assert_eq!(
        taught,
        "command: [sh, -c, 'trap exit TERM; echo started; sleep 4; sleep 1; echo exiting 1; exit 1']"
    );
    let printed = "    Command:\n      sh\n      -c\n      trap exit TERM; echo started; sleep 4; sleep 1; echo exiting 1; exit 1\n    State:";
    assert_eq!(untaught(printed), "    Command:\n      app\n      crash\n      4\n      1\n    State:");
}
