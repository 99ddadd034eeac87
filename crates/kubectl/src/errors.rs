//! How kubectl shows refusals and its own errors.
//!
//! One error is shown in full; several are shown a line each, in a plainer form.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/util/helpers.go` (`checkErr`, `StandardErrorMessage`, `MultipleErrors`).

use apimachinery::{Reason, Status};

use crate::command::Output;

/// Something that went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The API server refused, while something was being done: `error when creating "STDIN": `.
    Refused(Status, String),
    /// kubectl's own sentence, without `error: `.
    Plain(String),
    /// Lines that are shown as they are, with their line ends.
    Text(String),
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        Self::Refused(status, String::new())
    }
}

impl From<String> for Failure {
    fn from(text: String) -> Self {
        Self::Plain(text)
    }
}

impl Failure {
    /// The lines if it is the only one.
    pub fn alone(&self) -> String {
        match self {
            Self::Refused(status, context) => with_context(status, context),
            Self::Plain(text) if text.starts_with("error: ") => ended(text.clone()),
            Self::Plain(text) => ended(format!("error: {text}")),
            Self::Text(text) => text.clone(),
        }
    }

    /// The lines if it is one of several.
    pub fn among(&self) -> String {
        match self {
            Self::Refused(status, context) => server_said(status, context),
            Self::Plain(text) => ended(text.clone()),
            Self::Text(text) => text.clone(),
        }
    }
}

/// Adds a line end if there is none.
fn ended(mut text: String) -> String {
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// Says what went wrong; returns the exit code.
pub fn say(failures: &[Failure], out: &mut Output) -> i32 {
    match failures {
        [] => return 0,
        [one] => out.stderr.push_str(&one.alone()),
        many => many.iter().for_each(|failure| out.stderr.push_str(&failure.among())),
    }
    1
}

/// What the server says to a path that it does not know.
pub(crate) const NO_PATH: &str =
    "Error from server (NotFound): the server could not find the requested resource\n";

/// `error: <text>`, as a whole line.
pub fn line(text: &str) -> String {
    format!("error: {text}\n")
}

/// An error about the use of a verb.
pub fn usage(verb: &str, text: &str) -> String {
    format!("error: {text}\nSee 'kubectl {verb} -h' for help and examples\n")
}

/// The text for a refusal that stands alone, with its final newline.
pub fn text(status: &Status) -> String {
    with_context(status, "")
}

/// The text for a refusal, after what was being done: `error when creating "STDIN": `.
pub fn with_context(status: &Status, context: &str) -> String {
    if status.reason == Reason::Invalid { invalid(status) } else { server_said(status, context) }
}

fn server_said(status: &Status, context: &str) -> String {
    let reason = match status.reason.as_str() {
        "" => String::new(),
        reason => format!(" ({reason})"),
    };
    format!("Error from server{reason}: {context}{}\n", status.message)
}

fn invalid(status: &Status) -> String {
    let details = &status.details;
    if details.kind.is_empty() {
        return format!("The request is invalid: {}\n", status.message);
    }
    let head = format!("The {} \"{}\" is invalid: ", details.kind, details.name);
    let mut lines: Vec<String> = Vec::new();
    for cause in &details.causes {
        let line = if cause.field.is_empty() {
            cause.message.clone()
        } else {
            format!("{}: {}", cause.field, cause.message)
        };
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    match lines.as_slice() {
        [] => format!("{head}{}\n", status.message),
        [one] => format!("{head}{one}\n"),
        many => {
            let list: String = many.iter().map(|l| format!("* {l}\n")).collect();
            format!("{head}\n{list}")
        }
    }
}

#[cfg(test)]
mod tests {
    use apimachinery::{ErrorList, Path};

    use super::*;

    #[test]
    fn one_cause_stands_in_the_line_several_below_it() {
        let mut errors = ErrorList::new();
        errors.required(&Path::new("spec.selector"), "");
        let status = Status::invalid("StatefulSet", "apps", "web", &errors);
        assert_eq!(text(&status), "The StatefulSet \"web\" is invalid: spec.selector: Required value\n");
        errors.required(&Path::new("spec.x"), "y");
        let status = Status::invalid("StatefulSet", "apps", "web", &errors);
        assert_eq!(
            text(&status),
            "The StatefulSet \"web\" is invalid: \n* spec.selector: Required value\n* spec.x: Required value: y\n"
        );
    }

    #[test]
    fn several_errors_are_plainer_than_one() {
        let (mut one, mut two) = (Output::default(), Output::default());
        let failure = Failure::Plain("unable to find container named \"x\"".to_owned());
        say(std::slice::from_ref(&failure), &mut one);
        say(&[failure.clone(), failure], &mut two);
        assert_eq!(one.stderr, "error: unable to find container named \"x\"\n");
        let line = "unable to find container named \"x\"\n";
        assert_eq!(two.stderr, format!("{line}{line}"));
    }
}
